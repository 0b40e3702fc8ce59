"""Places of a private network, as the configuration writes them. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_PORT = 65_535
EXAMPLE = '"127.0.0.2/32:8081"'


@dataclass(frozen=True, slots=True)
class Place:
    """A network, and the one port of it that is meant; None: all of them."""

    network: Network
    port: int | None


def parse_place(text: str) -> Place:
    """The place of ``CIDR[:port]``: ``127.0.0.2/32:8081``, ``[::1/128]:8081``.

    Raises ValueError, which says how to write it.
    """
    match = re.fullmatch(r"\[?(?P<net>[0-9a-fA-F.:]+/\d+)\]?(?::(?P<port>\d{1,5}))?", text)
    if match is None:
        match = re.fullmatch(r"(?P<net>[0-9.]+/\d+):(?P<port>\d{1,5})", text)
    try:
        if match is None:
            raise ValueError("no CIDR[:port]")
        port = int(match["port"]) if match["port"] else None
        if port is not None and not 1 <= port <= MAX_PORT:
            raise ValueError(f"no port {port}")
        return Place(ipaddress.ip_network(match["net"]), port)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}; write it as {EXAMPLE}") from error


def check_host(name: str, address: str) -> None:
    """Raise ValueError unless this is the name of a host and an IP address."""
    if not re.fullmatch(r"[^\s/:@\[\]]+", name):
        raise ValueError(f"{name!r} is no host name; write it without scheme and port")
    try:
        ipaddress.ip_address(address)
    except ValueError as error:
        raise ValueError(f"{name} = {address!r} is no IP address") from error
