"""What may be connected to: the public internet on its two web ports, and what you allowed by name.

One enforcement point, at connection time: the reactor's name resolver. Host names, IP literals in
every notation and redirect hops all pass it, and the address that was checked is the address that
is connected to, so a name that changes its mind between two look-ups gains nothing (M5).
``HostPolicy`` adds what only a URL can tell: its form, its site, a downgrade to plain http.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

from crawler import urls
from crawler.errors import ConfigError

WEB_PORTS = frozenset({80, 443})  # S13: anything else is another protocol
CACHE_SECONDS = 60.0  # short: an address that has moved must be found again the same minute

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

# Not reachable globally, whatever ``ipaddress.is_global`` says of them (M6). Sorted by family.
_DENIED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, whatever it is wrapped in."""
    try:
        ip: Ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(v4 is not None and not is_public(str(v4)) for v4 in inner):
            return False
        if ip.ipv4_mapped is not None:
            return True  # the address inside was looked at
    return ip.is_global and not any(ip in net for net in _DENIED if net.version == ip.version)


@dataclass(frozen=True, slots=True)
class _Allowed:
    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    port: int | None


@dataclass(frozen=True)
class Policy:
    """What is allowed beyond the public internet.

    ``allow``: ``CIDR[:port]`` (``127.0.0.2/32:8081``, ``[::1/128]:8081``); ``hosts``: name → address.
    ConfigError names a string that is neither.
    """

    allow: tuple[str, ...] = ()
    hosts: dict[str, str] = field(default_factory=dict)
    _allowed: tuple[_Allowed, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_allowed", tuple(_allowed(text) for text in self.allow))
        for name, address in self.hosts.items():
            try:
                ipaddress.ip_address(address)
            except ValueError as error:
                raise ConfigError(f"network.hosts: {name} = {address!r} is no IP address") from error

    def permits(self, address: str, port: int) -> bool:
        """Whether a connection to this address and port may be opened."""
        if port in WEB_PORTS and is_public(address):
            return True
        ip = ipaddress.ip_address(address.partition("%")[0])
        return any(
            ip.version == a.network.version and ip in a.network and a.port in (None, port)
            for a in self._allowed
        )


def _allowed(text: str) -> _Allowed:
    match = re.fullmatch(r"\[?(?P<net>[0-9a-fA-F.:]+/\d+)\]?(?::(?P<port>\d{1,5}))?", text)
    if match is None:
        match = re.fullmatch(r"(?P<net>[0-9.]+/\d+):(?P<port>\d{1,5})", text)
    try:
        if match is None:
            raise ValueError("no CIDR[:port]")
        port = int(match["port"]) if match["port"] else None
        return _Allowed(ipaddress.ip_network(match["net"]), port)
    except ValueError as error:
        raise ConfigError(
            f'network.allow: {text!r}: {error}; write it as "127.0.0.2/32:8081"'
        ) from error


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that gives no address the policy does not permit.

    A name with one forbidden address among its addresses gives none (S6): a name that points both
    ways is an attack or a mistake, and either is answered with silence.
    """

    def __init__(self, policy: Policy, reactor: Any) -> None:
        self.policy = policy
        self._reactor = reactor
        self._original = reactor.nameResolver
        self._cache: dict[str, tuple[float, list[str]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """As Scrapy's ``TWISTED_DNS_RESOLVER`` wants it."""
        policy = Policy(
            allow=tuple(crawler.settings.getlist("RASD_NETWORK_ALLOW")),
            hosts=crawler.settings.getdict("RASD_NETWORK_HOSTS"),
        )
        return cls(policy, reactor)

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
        known = self._known(hostName)
        filtered = _Filtered(self, resolutionReceiver, hostName, portNumber)
        if known is not None:
            filtered.resolutionBegan(_Done(hostName))
            for address in known:
                filtered.addressResolved(_address(address, portNumber))
            filtered.resolutionComplete()
            return _Done(hostName)  # type: ignore[return-value]  # zope's interface, not a class
        answer: IHostResolution = self._original.resolveHostName(
            filtered, hostName, portNumber, addressTypes, transportSemantics
        )
        return answer

    def _known(self, name: str) -> list[str] | None:
        if name in self.policy.hosts:
            return [self.policy.hosts[name]]
        at, addresses = self._cache.get(name, (0.0, []))
        return addresses if addresses and monotonic() - at < CACHE_SECONDS else None

    def remember(self, name: str, addresses: list[str]) -> None:
        """Keep a name's addresses for CACHE_SECONDS; they are checked again at each use."""
        if len(self._cache) > 10_000:
            self._cache.clear()
        self._cache[name] = (monotonic(), addresses)


class _Done:
    """A resolution that is over."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is left to cancel."""


class _Filtered:
    """Collects a name's addresses, then gives all of them on, or none."""

    def __init__(
        self, guard: GuardedResolver, receiver: Any, name: str, port: int
    ) -> None:
        self._guard, self._receiver, self._name, self._port = guard, receiver, name, port
        self._found: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        self._found.append(address)

    def resolutionComplete(self) -> None:
        hosts = [address.host for address in self._found]
        if hosts:
            self._guard.remember(self._name, hosts)
        if all(self._guard.policy.permits(host, self._port) for host in hosts):
            for address in self._found:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


def _address(host: str, port: int) -> Any:
    kind = IPv6Address if ":" in host else IPv4Address
    return kind("TCP", host, port)


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


class Refused(IgnoreRequest):
    """A request that may not be made; its text is the reason."""


class HostPolicy:
    """Downloader middleware: refuses malformed addresses, other sites and downgrades.

    Redirect hops come through here like any request, with the meta of the first.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_request(self, request: Request) -> None:
        """Refused, or let through."""
        if request.url.startswith("canary:"):
            return  # answered in this process; no site can name such an address
        if urls.clean(request.url) is None:
            raise Refused("url_malformed: the address is not one that may be asked")
        allowed = request.meta.get("allowed_hosts")
        if allowed is not None and urls.registrable(request.url) not in allowed:
            host = urls.registrable(request.url)
            raise Refused(f"offsite_redirect: {host} is no host of the source")
        if request.meta.get("https_only") and request.url.startswith("http:") and (
            "redirect_times" in request.meta
        ):
            raise Refused("tls_downgrade: redirected from https to http")
