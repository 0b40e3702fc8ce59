"""What is connected to: the public internet on its web ports, and what you allowed by name.

One enforcement point, at connection time: the reactor's name resolver. Host names, IP literals in
every notation and redirect hops all pass it, and the address that was checked is the address that
is connected to, so a name that changes its mind between two look-ups gains nothing (M5).
What a URL alone can tell stands in ``hostpolicy``; which addresses are public in ``addresses``.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing
from time import monotonic
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

from crawler.errors import GuardError
from crawler.fetch.errors import UrlRefusedError
from crawler.fetch.ip_policy import Policy, is_public

__all__ = [
    "GuardedResolver",
    "Policy",
    "check_settings",
    "install",
    "is_installed",
    "is_public",
    "self_test",
]

CACHE_SECONDS = 60.0  # short: an address that has moved must be found again the same minute
LOOKUP_SECONDS = 15.0  # for one name; a slow name server costs its own source, nobody else's
MOST_NAMES = 10_000  # kept in the cache; a feed of a million hosts must not become memory
OUR_HANDLER = "crawler.fetch.http_handler.HttpHandler"


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that gives no address the policy does not permit, IPv4 and IPv6 alike (M12).

    A name with one forbidden address among its addresses gives none (S6): a name that points both
    ways is an attack or a mistake, and either is answered with silence. ``refused`` keeps what was
    refused last for each name, so that a failed request can say why.
    """

    def __init__(self, policy: Policy, reactor: Any) -> None:
        self.policy = policy
        self.refused: dict[str, str] = {}
        self._reactor = reactor
        self._original = reactor.nameResolver
        self._cache: dict[str, tuple[float, list[Any]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """As Scrapy's ``TWISTED_DNS_RESOLVER`` wants it."""
        return cls(policy_of(crawler.settings), reactor)

    def install_on_reactor(self) -> None:
        """From now on every name on this reactor is resolved here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """See ``IHostnameResolver``."""
        name = canonical(hostName)
        lookup = _Lookup(self, resolutionReceiver, name, portNumber)
        known = self._known(name, portNumber)
        if known is not None:
            lookup.resolutionBegan(None)
            lookup.answer(known)
        else:
            lookup.give_up_after(self._reactor, LOOKUP_SECONDS)
            # Always both families: what one of them hides must be seen (S6).
            self._original.resolveHostName(lookup, hostName, portNumber, None, transportSemantics)
        return lookup  # type: ignore[return-value]  # zope's interface, not a class

    def _known(self, name: str, port: int) -> list[Any] | None:
        if name in self.policy.hosts:
            return [_address(self.policy.hosts[name], port)]
        at, addresses = self._cache.get(name, (0.0, []))
        if not addresses or monotonic() - at >= CACHE_SECONDS:
            return None
        return [_address(address.host, port) for address in addresses]

    def remember(self, name: str, addresses: list[Any]) -> None:
        """Keep a name's addresses for CACHE_SECONDS; they are checked again at each use."""
        if len(self._cache) > MOST_NAMES:
            self._cache.clear()
        self._cache[name] = (monotonic(), addresses)

    def judge(self, name: str, addresses: list[Any], port: int) -> list[Any]:
        """All of a name's addresses, or none."""
        forbidden = [a.host for a in addresses if not self.policy.permits(a.host, port)]
        if not forbidden:
            self.refused.pop(name, None)
            return addresses
        if len(self.refused) > MOST_NAMES:
            self.refused.clear()
        self.refused[name] = f"{name!r} leads to {forbidden[0]} port {port}"
        return []


class _Lookup:
    """One look-up: collects a name's addresses, has them judged, gives them on once."""

    def __init__(self, guard: GuardedResolver, receiver: Any, name: str, port: int) -> None:
        self._guard, self._receiver = guard, receiver
        self.name, self._port = name, port
        self._found: list[Any] = []
        self._over = False
        self._timer: Any = None

    def give_up_after(self, reactor: Any, seconds: float) -> None:
        """Answer with nothing when the name server takes too long."""
        if not self._over and hasattr(reactor, "callLater"):
            self._timer = reactor.callLater(seconds, self.cancel)

    def cancel(self) -> None:
        """See ``IHostResolution``: what comes later is not given on."""
        self._timer = None
        self.answer([])

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(self)

    def addressResolved(self, address: Any) -> None:
        self._found.append(address)

    def resolutionComplete(self) -> None:
        if self._found:
            self._guard.remember(self.name, self._found)
        self.answer(self._found)

    def answer(self, addresses: list[Any]) -> None:
        if self._over:
            return
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        for address in self._guard.judge(self.name, addresses, self._port):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


def canonical(name: str) -> str:
    """A host name as the guard keeps it: lower case, no trailing dot."""
    return name.lower().rstrip(".")


def _address(host: str, port: int) -> Any:
    kind = IPv6Address if ":" in host else IPv4Address
    return kind("TCP", host, port)


def policy_of(settings: BaseSettings) -> Policy:
    """The policy in a crawler's settings."""
    return Policy(
        allow=tuple(settings.getlist("RASD_NETWORK_ALLOW")),
        hosts=settings.getdict("RASD_NETWORK_HOSTS"),
        ports=frozenset(map(int, settings.getlist("RASD_NETWORK_PORTS"))),
    )


def install(policy: Policy, reactor: Any) -> None:
    """Put the guard to work on this reactor; where it is, give it this policy."""
    current = reactor.nameResolver
    if isinstance(current, GuardedResolver):
        current.policy = policy
    else:
        GuardedResolver(policy, reactor).install_on_reactor()


def is_installed(reactor: Any) -> bool:
    """Whether the guard resolves this reactor's names."""
    return isinstance(reactor.nameResolver, GuardedResolver)


def check_settings(settings: BaseSettings) -> None:
    """GuardError where settings would lead a request round the guard (M7, S15, S16)."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    for scheme in ("http", "https"):
        if handlers.get(scheme) != OUR_HANDLER:
            raise GuardError(
                f"DOWNLOAD_HANDLERS[{scheme!r}] is {handlers.get(scheme)!r}, not {OUR_HANDLER}"
            )
    for scheme in ("file", "data", "ftp", "s3"):
        if handlers.get(scheme) is not None:
            raise GuardError(f"DOWNLOAD_HANDLERS[{scheme!r}] must be None: a feed could ask for it")
    if settings.getbool("HTTPPROXY_ENABLED"):
        raise GuardError("HTTPPROXY_ENABLED must be False: a proxy connects for us, unguarded")
    if not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
        raise GuardError("DOWNLOAD_VERIFY_CERTIFICATES must be True")


async def self_test(crawler: Crawler) -> None:
    """Try a fetch that must be refused, with the very handler a crawl uses; GuardError if it isn't.

    The target is a port of this machine that is bound and not listening: if the guard were not at
    work, the connection would be refused by the machine, which is another answer than ours.
    """
    policy = policy_of(crawler.settings)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        if policy.permits("127.0.0.1", port):
            raise GuardError("network.allow opens all of 127.0.0.1; open single ports only")
        handler = build_from_crawler(
            load_object(crawler.settings.getwithbase("DOWNLOAD_HANDLERS")["http"]), crawler
        )
        for url in (f"http://127.0.0.1:{port}/", f"http://2130706433:{port}/"):
            try:
                await handler.download_request(Request(url))
            except UrlRefusedError:
                continue
            except Exception as error:
                raise GuardError(f"asked for {url}, got {type(error).__name__}: {error}") from error
            raise GuardError(f"asked for {url} and was answered")
