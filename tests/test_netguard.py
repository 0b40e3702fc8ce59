"""The guard: nothing private is connected to, whatever it is called (S1–S6, S11–S13, S17, S20)."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.http import Request

from crawler.errors import ConfigError
from crawler.netguard import GuardedResolver, HostPolicy, Policy, Refused, is_public

PRIVATE = [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "168.63.129.16", "192.88.99.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::127.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fec0::1", "ff02::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_in_every_wrapping(address: str) -> None:
    """Embedded forms are unwrapped; ``ipaddress.is_global`` alone would let eight of these through (M6)."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_pass_on_the_web_ports_only(address: str) -> None:
    """S13: another port is another protocol."""
    assert is_public(address)
    assert Policy().permits(address, 443)
    assert not Policy().permits(address, 6379)


def test_a_single_private_place_can_be_allowed() -> None:
    """Exactly that address and port, and no other."""
    policy = Policy(allow=("127.0.0.2/32:8081", "[::1/128]:81"))
    assert policy.permits("127.0.0.2", 8081)
    assert policy.permits("::1", 81)
    assert not policy.permits("127.0.0.2", 80)
    assert not policy.permits("127.0.0.1", 8081)


@pytest.mark.parametrize("text", ["localhost:80", "127.0.0.2", "127.0.0.2/99:80", "10.0.0.0/8:x"])
def test_a_malformed_allowance_is_explained(text: str) -> None:
    """The message says how to write it."""
    with pytest.raises(ConfigError, match=r"127\.0\.0\.2/32:8081"):
        Policy(allow=(text,))


class _Reactor:
    """A reactor whose names resolve to what the test says; nothing is sent anywhere."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses, self.nameResolver = addresses, self

    def resolveHostName(self, receiver: Any, name: str, port: int, *rest: Any) -> Any:
        from crawler.netguard import _address

        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(_address(address, port))
        receiver.resolutionComplete()
        return self


class _Receiver:
    def __init__(self) -> None:
        self.got: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: Any) -> None:
        self.got.append(address.host)

    def resolutionComplete(self) -> None: ...


def resolved(policy: Policy, addresses: list[str], name: str = "x.test", port: int = 80) -> list[str]:
    """The addresses the guard gives on."""
    receiver = _Receiver()
    GuardedResolver(policy, _Reactor(addresses)).resolveHostName(receiver, name, port)
    return receiver.got


def test_a_name_with_one_forbidden_address_gives_none() -> None:
    """S6: pointing both ways is an attack or a mistake."""
    assert resolved(Policy(), ["93.184.215.14"]) == ["93.184.215.14"]
    assert resolved(Policy(), ["93.184.215.14", "127.0.0.1"]) == []


def test_a_cached_name_is_checked_again_at_each_use() -> None:
    """An answer kept for port 80 does not open port 25."""
    guard = GuardedResolver(Policy(), _Reactor(["93.184.215.14"]))
    first, second = _Receiver(), _Receiver()
    guard.resolveHostName(first, "x.test", 80)
    guard.resolveHostName(second, "x.test", 25)
    assert (first.got, second.got) == (["93.184.215.14"], [])


def test_named_local_newspapers_still_need_to_be_allowed() -> None:
    """network.hosts names, network.allow opens: one without the other does nothing."""
    hosts = {"paper.test": "127.0.0.2"}
    assert resolved(Policy(hosts=hosts), [], "paper.test", 8081) == []
    open_ = Policy(hosts=hosts, allow=("127.0.0.2/32:8081",))
    assert resolved(open_, [], "paper.test", 8081) == ["127.0.0.2"]


@pytest.mark.parametrize(
    ("url", "meta", "reason"),
    [
        ("http://ok@news.test/", {}, "url_malformed"),
        ("http://evil.example/", {"allowed_hosts": ("news.test",)}, "offsite_redirect"),
        ("http://news.test/", {"https_only": True, "redirect_times": 1}, "tls_downgrade"),
    ],
)
def test_requests_that_may_not_be_made(url: str, meta: dict[str, Any], reason: str) -> None:
    """S11, S17, S20: refused with a reason that a ledger can keep."""
    with pytest.raises(Refused, match=reason):
        HostPolicy().process_request(Request(url, meta=meta))
    assert HostPolicy().process_request(Request("http://news.test/a", meta={"allowed_hosts": ("news.test",)})) is None
