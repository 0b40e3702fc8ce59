"""The SSRF guard: connections go to public addresses on web ports and to what the configuration
allows.

One enforcement point, at connection time: the reactor's name resolver. Host names, IP literals in
every notation and redirect hops all pass it, and the address that was checked is the address that
is connected to, so a name that resolves differently the second time gains nothing (M5). See
``middlewares.url_policy`` for what a URL alone can tell, ``ip_policy`` for which addresses are
public.
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

CACHE_SECONDS = 60.0  # short: a host that moved must be found again within a minute
MAX_LOOKUP_SECONDS = 15.0  # for one name; a slow name server must cost its own source only
MAX_CACHED_NAMES = 10_000  # a feed that names a million hosts must not fill the memory
HTTP_HANDLER = "crawler.fetch.http_handler.HttpHandler"


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that returns only addresses that the policy permits, IPv4 and IPv6 alike (M12).

    A name with one forbidden address among its addresses gets none (S6): a name that leads both
    ways is an attack or a mistake. ``refused`` keeps the last reason for each name, so that a
    failed request can say why.
    """

    def __init__(self, policy: Policy, reactor: Any) -> None:
        self.policy = policy
        self.refused: dict[str, str] = {}
        self._reactor = reactor
        self._original = reactor.nameResolver
        self._cache: dict[str, tuple[float, list[Any]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """The constructor for Scrapy's ``TWISTED_DNS_RESOLVER``. A guard that is in place, as under
        ``scrapy shell``, stays with its policy: another around it could name no reasons."""
        current = reactor.nameResolver
        return current if isinstance(current, cls) else cls(policy_of(crawler.settings), reactor)

    def install_on_reactor(self) -> None:
        """Resolve every name on this reactor from now on."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """``IHostnameResolver``: look the name up and pass on what the policy permits."""
        name = canonical(hostName)
        lookup = _Lookup(self, resolutionReceiver, name, portNumber)
        known = self._known(name, portNumber)
        if known is not None:
            lookup.resolutionBegan(None)
            lookup.answer(known)
        else:
            lookup.give_up_after(self._reactor, MAX_LOOKUP_SECONDS)
            # Always both families: one of them may hide a forbidden address (S6).
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
        """Cache a name's addresses for CACHE_SECONDS; they are checked again at each use."""
        if len(self._cache) > MAX_CACHED_NAMES:
            self._cache.clear()
        self._cache[name] = (monotonic(), addresses)

    def permitted(self, name: str, addresses: list[Any], port: int) -> list[Any]:
        """All of these addresses if the policy permits each of them; otherwise none."""
        forbidden = [a.host for a in addresses if not self.policy.permits(a.host, port)]
        if not forbidden:
            self.refused.pop(name, None)
            return addresses
        if len(self.refused) > MAX_CACHED_NAMES:
            self.refused.clear()
        self.refused[name] = f"{name!r} leads to {forbidden[0]} port {port}"
        return []


class _Lookup:
    """One look-up: collects a name's addresses, has them checked, passes them on once."""

    def __init__(self, guard: GuardedResolver, receiver: Any, name: str, port: int) -> None:
        self._guard, self._receiver = guard, receiver
        self.name, self._port = name, port
        self._found: list[Any] = []
        self._over = False
        self._timer: Any = None

    def give_up_after(self, reactor: Any, seconds: float) -> None:
        """Answer with no address if the name server takes longer than this."""
        if not self._over and hasattr(reactor, "callLater"):
            self._timer = reactor.callLater(seconds, self.cancel)

    def cancel(self) -> None:
        """``IHostResolution``: answer with no address; ignore what comes later."""
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
        for address in self._guard.permitted(self.name, addresses, self._port):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


def canonical(name: str) -> str:
    """A host name in the guard's form: lower case, no trailing dot."""
    return name.lower().rstrip(".")


def _address(host: str, port: int) -> Any:
    kind = IPv6Address if ":" in host else IPv4Address
    return kind("TCP", host, port)


def policy_of(settings: BaseSettings) -> Policy:
    """The policy that a crawler's settings describe."""
    return Policy(
        allow=tuple(settings.getlist("RASD_NETWORK_ALLOW")),
        hosts=settings.getdict("RASD_NETWORK_HOSTS"),
        ports=frozenset(map(int, settings.getlist("RASD_NETWORK_PORTS"))),
    )


def install(policy: Policy, reactor: Any) -> None:
    """Install the guard on this reactor; if it is installed already, give it this policy."""
    current = reactor.nameResolver
    if isinstance(current, GuardedResolver):
        current.policy = policy
    else:
        GuardedResolver(policy, reactor).install_on_reactor()


def is_installed(reactor: Any) -> bool:
    """Whether the guard resolves this reactor's names."""
    return isinstance(reactor.nameResolver, GuardedResolver)


def check_settings(settings: BaseSettings) -> None:
    """GuardError if the settings would let a request bypass the guard (M7, S15, S16)."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    for scheme in ("http", "https"):
        if handlers.get(scheme) != HTTP_HANDLER:
            raise GuardError(
                f"DOWNLOAD_HANDLERS[{scheme!r}] is {handlers.get(scheme)!r}, not {HTTP_HANDLER}"
            )
    for scheme in ("file", "data", "ftp", "s3"):
        if handlers.get(scheme) is not None:
            raise GuardError(f"DOWNLOAD_HANDLERS[{scheme!r}] must be None: a feed could ask for it")
    if settings.getbool("HTTPPROXY_ENABLED"):
        raise GuardError("HTTPPROXY_ENABLED must be False: a proxy connects for us, unguarded")
    if not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
        raise GuardError("DOWNLOAD_VERIFY_CERTIFICATES must be True")


async def self_test(crawler: Crawler) -> None:
    """Try a request that must be refused, with the handler that a crawl uses; GuardError if it
    isn't.

    The target is a port of this machine that is bound but not listening: without the guard the
    machine would refuse the connection, which is another error than ours.
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
