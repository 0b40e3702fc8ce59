"""The guard: nothing private is connected to, whatever it is called (S1–S6, S11–S13, S17, S20)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler.errors import ConfigError, GuardError
from crawler.fetch.errors import (
    BinaryFileError,
    PortRefusedError,
    RefusedError,
    SchemeBlockedError,
)
from crawler.fetch.ip_policy import Policy, is_public
from crawler.fetch.middlewares.url_policy import UrlPolicy, allowed_ports
from crawler.fetch.ssrf_guard import GuardedResolver, _address, _Lookup, check_settings
from crawler.model import Feed
from tests.builders import a_source

POLICY = UrlPolicy(
    SimpleNamespace(
        services=SimpleNamespace(
            sources={"news": a_source(feeds=(Feed(url="http://news.test:8080/feed"),))}
        )
    )
)
PRIVATE = [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "168.63.129.16", "192.88.99.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::127.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fec0::1", "ff02::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2002:5db8:d70e::1",
    "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "2606:2800::5efe:7f00:1", "100::1", "5f00::1", "3fff::1",
    "2001:db8::1", "2606:2800:21f:cb07::1%eth0", "not an address", "", "127.1", "0x7f000001",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_in_every_wrapping(address: str) -> None:
    """Embedded forms are unwrapped; ``ipaddress.is_global`` alone would let eight of these
    through (M6).
    """
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:93.184.215.14",
        "64:ff9b::5db8:d70e",
    ],
)
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
        self.lookups = 0

    def resolveHostName(self, receiver: Any, name: str, port: int, *rest: Any) -> Any:
        self.lookups += 1
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(_address(address, port))
        receiver.resolutionComplete()
        return self


class _Receiver:
    def __init__(self) -> None:
        self.got: list[str] = []
        self.completed = 0

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: Any) -> None:
        self.got.append(address.host)

    def resolutionComplete(self) -> None:
        self.completed += 1


def asked(guard: GuardedResolver, name: str = "x.test", port: int = 80) -> list[str]:
    """The addresses a guard gives on."""
    receiver = _Receiver()
    guard.resolveHostName(receiver, name, port)
    return receiver.got


def resolved(
    policy: Policy, addresses: list[str], name: str = "x.test", port: int = 80
) -> list[str]:
    """The addresses the guard gives on."""
    return asked(GuardedResolver(policy, _Reactor(addresses)), name, port)


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
        (
            "http://news.test/",
            {"https_only": True, "redirect_urls": ["http://news.test/x"]},
            "tls_downgrade",
        ),
        ("http://news.test/", {"redirect_urls": ["https://news.test/x"]}, "tls_downgrade"),
        ("http://news.test:6379/", {"allowed_hosts": ("news.test",)}, "port_refused"),
        ("http://2130706433/", {}, "url_malformed"),
    ],
)
def test_requests_that_may_not_be_made(url: str, meta: dict[str, Any], reason: str) -> None:
    """S11, S17, S20: refused with a reason that a ledger can keep."""
    with pytest.raises(RefusedError) as refused:
        POLICY.process_request(Request(url, meta=meta))
    assert refused.value.reason == reason
    plain = Request("http://news.test/a", meta={"allowed_hosts": ("news.test",)})
    assert POLICY.process_request(plain) is None


def test_a_port_that_a_source_names_is_open_for_that_source() -> None:
    """S13: 8080 is listed by the source's own feed, 8081 by none, and neither for another
    source.
    """
    allowed = Request("http://news.test:8080/a", meta={"source": "news"})
    assert POLICY.process_request(allowed) is None
    for url, slug in (("http://news.test:8081/a", "news"), ("http://news.test:8080/a", "other")):
        with pytest.raises(PortRefusedError):
            POLICY.process_request(Request(url, meta={"source": slug}))


def test_articles_are_no_files_to_download() -> None:
    """R24: a film that a feed names is not fetched as an article; a packed sitemap may be."""
    film = Request("http://news.test/film.MP4?x=1", cb_kwargs={"sighting": 1})
    with pytest.raises(BinaryFileError):
        POLICY.process_request(film)
    assert POLICY.process_request(Request("http://news.test/sitemap.xml.gz")) is None


@pytest.mark.parametrize("scheme", ["file", "data", "ftp", "s3", "gopher"])
def test_redirects_off_the_web_are_named(scheme: str) -> None:
    """S8: not followed, and the ledger says why."""
    answer = Response(
        "http://news.test/a", status=302, headers={"Location": f"{scheme}:///etc/passwd"}
    )
    with pytest.raises(SchemeBlockedError, match=f"redirected to {scheme}"):
        POLICY.process_response(Request("http://news.test/a"), answer)


def test_ports_are_listed_by_the_addresses_a_source_has() -> None:
    """S13: a source that lives on 8443 may be reached there; no other source may."""
    source = a_source(home="https://news.test:8443/", hosts=("cdn.test:8080", "www.news.test"))
    assert allowed_ports((source,)) == {8443, 8080}
    policy = Policy(ports=allowed_ports((source,)))
    assert policy.permits("93.184.215.14", 8443)
    assert not policy.permits("10.0.0.1", 8443)


def test_a_rebinding_name_is_looked_up_once_and_judged_each_time() -> None:
    """S5: a public answer first, a private one after its time: the second connection has no
    address.
    """
    reactor = _Reactor(["93.184.215.14"])
    guard = GuardedResolver(Policy(), reactor)
    assert asked(guard) == ["93.184.215.14"]
    reactor.addresses = ["127.0.0.1"]
    assert asked(guard) == ["93.184.215.14"]  # the checked one, while it is fresh
    guard._cache["x.test"] = (-1e9, guard._cache["x.test"][1])
    assert asked(guard) == []
    assert guard.refused["x.test"] == "'x.test' leads to 127.0.0.1 port 80"
    assert reactor.lookups == 2


def test_both_address_families_are_looked_at() -> None:
    """M12, S6: a name is refused for its IPv6 address even where only IPv4 was asked for."""
    assert resolved(Policy(), ["93.184.215.14", "::1"]) == []
    assert resolved(Policy(), ["2606:2800:21f:cb07::1"]) == ["2606:2800:21f:cb07::1"]


def test_a_slow_name_server_is_given_up() -> None:
    """A look-up that is cancelled answers with nothing, once, and what comes later is dropped."""
    receiver = _Receiver()
    lookup = _Lookup(GuardedResolver(Policy(), _Reactor([])), receiver, "x.test", 80)
    lookup.cancel()
    lookup.addressResolved(_address("93.184.215.14", 80))
    lookup.resolutionComplete()
    assert (receiver.got, receiver.completed) == ([], 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (
            "DOWNLOAD_HANDLERS",
            {"http": "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"},
        ),
        (
            "DOWNLOAD_HANDLERS",
            {"https": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"},
        ),
        ("DOWNLOAD_HANDLERS", {"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"}),
        ("HTTPPROXY_ENABLED", True),
        ("DOWNLOAD_VERIFY_CERTIFICATES", False),
    ],
)
def test_settings_that_lead_round_the_guard_start_nothing(name: str, value: Any) -> None:
    """S15, S16: another handler or a proxy is refused with the setting's name, before any fetch."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    check_settings(settings)
    if isinstance(value, dict):
        value = {**settings.getwithbase("DOWNLOAD_HANDLERS"), **value}
    settings.set(name, value, priority="cmdline")
    with pytest.raises(GuardError, match=name):
        check_settings(settings)
