"""Which IP addresses are public, and which private ones the configuration allows. Pure.

``ipaddress.is_global`` alone would let NAT64, 6to4 and a cloud's wire server through (M6), so the
rule is our own: an IPv6 address must lie in 2000::/3, an embedded IPv4 address is judged as well,
and our own list of denied networks is applied last.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from crawler.config.network import Network, Place, check_host, parse_place
from crawler.errors import ConfigError

WEB_PORTS = frozenset({80, 443})  # S13: anything else is another protocol

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

# Not reachable globally or not a web server's, whatever ``ipaddress.is_global`` says. Sorted.
_DENIED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server: a public number, an internal service
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # IETF protocols: Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise, and out of use (RFC 7526)
        "3fff::/20",  # documentation (RFC 9637)
    )
)  # fmt: skip
_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA has given out as global unicast
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # what DNS64 answers on an IPv6-only network
_ISATAP = (0x00005EFE, 0x02005EFE)  # the third 32 bits of an address that embeds an IPv4 one


def is_public(address: str) -> bool:
    """Whether an address is public, also if another one is embedded in it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not _denied(ip)
    if ip.scope_id is not None:
        return False  # fe80::1%eth0: a zone is a place on this machine
    if ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    inner = str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    if ip in _NAT64:
        return is_public(inner)
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(inner):
        return False
    return ip in _UNICAST and ip.is_global and not _denied(ip)


def _denied(ip: Ip) -> bool:
    return any(ip in net for net in _DENIED if net.version == ip.version)


@dataclass(frozen=True)
class Policy:
    """What is allowed beyond the web ports of the public internet.

    ``allow``: ``CIDR[:port]`` (``127.0.0.2/32:8081``, ``[::1/128]:8081``); ``hosts``: name →
    address; ``ports``: further ports of public addresses, those that sources name in their own
    addresses. ConfigError names a string that is none of these.
    """

    allow: tuple[str, ...] = ()
    hosts: dict[str, str] = field(default_factory=dict)
    ports: frozenset[int] = frozenset()
    _allowed: tuple[Place, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_allowed", tuple(_place(text) for text in self.allow))
        for name, address in self.hosts.items():
            try:
                check_host(name, address)
            except ValueError as error:
                raise ConfigError(f"network.hosts: {error}") from error

    def permits(self, address: str, port: int) -> bool:
        """Whether a connection to this address and port is allowed."""
        if (port in WEB_PORTS or port in self.ports) and is_public(address):
            return True
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(
            ip.version == a.network.version and ip in a.network and a.port in (None, port)
            for a in self._allowed
        )


def _place(text: str) -> Place:
    try:
        return parse_place(text)
    except ValueError as error:
        raise ConfigError(f"network.allow: {error}") from error
