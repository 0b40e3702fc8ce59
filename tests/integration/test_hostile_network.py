"""One real round of hostile papers that lead inside (S rows): no connection is made.

The forbidden listener stands on 127.0.0.1 and ::1, the papers on 127.0.0.2. Every paper lists what
it leads to among its own hosts, so that the host policy lets it through and the guard stands alone.
Addresses that are not loopback are tried on a reactor that connects to nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from twisted.internet._resolver import GAIResolver
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.testing import MemoryReactorClock

from crawler import urls
from crawler.fetch.ip_policy import Policy
from crawler.fetch.ssrf_guard import GuardedResolver
from tests import engine
from tests.poller import Poller
from tests.site import desk
from tests.site.certificates import Authority, by_name
from tests.site.hostile import Listener, explained, install, leads, rows, says
from tests.site.server import send
from tests.site.wire import Wire, seed

FEED = '{url: "BASE/feed"}'
INSIDE = "127.0.0.1:{inside}"
GUARD, FORM, SCHEME = (
    "failed ssrf_blocked",
    "failed url_malformed",
    "failed scheme_blocked",
)
PAGES: dict[str, list[tuple[str | bytes, str]]] = {
    "s1": [("http://127.0.0.1:{inside}/", GUARD), ("//127.0.0.1:{inside}/x", GUARD)],
    "s3": [(f"http://{form}:{{inside}}/", FORM) for form in ("2130706433", "0177.0.0.1", "0x7f000001", "127.1", "017700000001")],
    "s4": [("http://[::1]:{inside}/", "failed offsite_redirect")],
    "s7": [("http://localhost:{inside}/", GUARD), ("http://alias.test:{inside}/", GUARD)],
    "s8": [("file:///etc/passwd", SCHEME), ("data:text/html,x", SCHEME), ("ftp://127.0.0.1:{inside}/x", SCHEME),
           ("s3://127.0.0.1/x", SCHEME), ("gopher://127.0.0.1:{inside}/x", SCHEME)],
    "s11": [("http://ok@127.0.0.1:{inside}/", FORM), ("http://127.0.0.1:{inside}\\@s11.test/", GUARD),
            ("http:\\\\127.0.0.1:{inside}/", GUARD), ("http://127.0.0.1:{inside}/\tx", GUARD)],
    "s12": [("http://①②⑦.⓪.⓪.①:{inside}/", GUARD), ("http://127。0。0。1:{inside}/", GUARD), ("http://１２７.0.0.1:{inside}/", GUARD)],
    "s13": [("http://s13.test:{closed}/", "failed port_refused")],
    "s17": [("http://elsewhere.test:{wire}/", "failed offsite_redirect")],
}  # fmt: skip
"""What the pages of a paper redirect to, and the fate that each has."""

FEEDS = {
    "s1-home": "failed ssrf_blocked",  # the source itself is configured with such an address
    "s4-home": "failed ssrf_blocked",
    "s5": "failed ssrf_blocked",
    "s6": "failed ssrf_blocked",
    "s14-robots": "failed ssrf_blocked",
    "s8-feed": "failed scheme_blocked: redirected to file:",
    "s17-feed": "failed offsite_redirect",
    "s20": "failed tls_downgrade",
    "s21-self": "failed tls_error: robots.txt: ",
    "s21-name": "failed tls_error: robots.txt: ",
    "s21-late": "failed tls_error: robots.txt: ",
}
NAMES = {
    "alias.test": [["127.0.0.1"]],
    "s5.test": [["127.0.0.2"], ["127.0.0.1"]],
    "s6.test": [["127.0.0.2", "127.0.0.1"]],
    "s18.test": [["127.0.0.2"], ["127.0.0.1"]],
}
GOOD = ("good", "s18", "tls", "s14-image", "s14-next", "s14-links")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Done:
    """The round that was run: what was kept, what was asked, who was connected to."""

    config: Path
    wire: Wire
    inside: Listener
    closed: Listener

    def poll(self, slug: str) -> str:
        """Outcome and detail of a source's poll."""
        (row,) = rows(
            self.config, f"SELECT outcome, reason, detail, notes FROM polls WHERE source = '{slug}'"
        )
        return f"{row['outcome']} {explained(row)}"

    def fates(self, slug: str) -> dict[str, str]:
        """The fate of each of a source's addresses, with its reason."""
        found = rows(
            self.config, f"SELECT url, fate, reason, detail FROM sightings WHERE source = '{slug}'"
        )
        return {row["url"]: f"{row['fate']} {explained(row)}" for row in found}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """One round over all the papers, by a process whose environment names a proxy (S15)."""
    folder = tmp_path_factory.mktemp("network")
    slugs = [*PAGES, *FEEDS, *GOOD, "s9", "s10"]
    wire = Wire([f"{slug}.test" for slug in slugs])
    authority = Authority(folder)
    wire.speak_tls(
        by_name(
            {
                "tls.test": authority.context("tls.test"),
                "s20.test": authority.context("s20.test"),
                "s21-self.test": authority.context("s21-self.test", self_signed=True),
                "s21-name.test": authority.context("another.test"),
                "s21-late.test": authority.context("s21-late.test", days=-1),
            }
        ),
        ["tls.test", "s20.test", "s21-self.test", "s21-name.test", "s21-late.test"],
    )
    with wire, Listener("127.0.0.1", "::1") as inside, Listener("127.0.0.2") as closed:
        places = {"inside": inside.port, "closed": closed.port, "wire": wire.port}
        proxy = f"http://127.0.0.1:{inside.port}"
        config = _prepare(folder, wire, places)
        proxies = dict.fromkeys(
            ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), proxy
        )
        with Poller(NAMES, SSL_CERT_FILE=str(authority.file), **proxies) as poller:
            poller.poll(config)
        yield Done(config, wire, inside, closed)


def _prepare(folder: Path, wire: Wire, places: dict[str, int]) -> Path:
    base, inside = wire.base, f"http://{INSIDE}/".format(**places)
    for slug in ("s5", "s6", "s18"):
        del wire.hosts[f"{slug}.test"]  # these the name server knows
    for host, paper in wire.papers.items():
        paper.publish(
            len(PAGES.get(host[:-5], "..")), datetime(2026, 11, 20, 8, tzinfo=UTC), MINUTE
        )
    for slug, forms in PAGES.items():
        for n, (form, _) in enumerate(forms):
            wire.answers[f"{slug}.test/a/{n}"] = leads(_filled(form, places))
    seeds = {
        slug: seed(wire, f"{slug}.test", FEED) for slug in (*PAGES, *FEEDS, *GOOD, "s9", "s10")
    }
    for slug, address in (("s1-home", "127.0.0.1"), ("s4-home", "[::1]")):
        seeds[slug] = seeds[slug].replace(
            base(f"{slug}.test"), f"http://{address}:{places['inside']}"
        )
    seeds["s14-next"] = seed(
        wire,
        "s14-next.test",
        '{url: "BASE/latest", kind: section, links: a.story, next: "a[rel=next]"}',
    )
    seeds["s14-links"] = seed(
        wire, "s14-links.test", '{url: "BASE/wp-json/wp/v2/posts", kind: wordpress}'
    )
    hosts = f"hosts: ['127.0.0.1', 'localhost', 'alias.test', 'alias.test:{places['inside']}']\n"
    for slug in seeds:
        if slug not in ("s17", "s17-feed", "s20"):
            seeds[slug] += hosts
    seeds["s20"] += (
        f"hosts: ['s20.test:{places['wire']}']\n"  # its port is listed: TLS is what it lacks
    )
    away = leads(f"http://elsewhere.test:{places['wire']}/feed")
    listing = (
        f"<a class=story href='/a/0'>One story</a><a rel=next href='{inside}'>next</a>".encode()
    )
    posts = [
        {
            "link": base("s14-links.test") + "/a/0",
            "title": {"rendered": "One story"},
            "date_gmt": "2026-11-20T08:00:00",
            "_links": {"self": [{"href": inside}], "wp:featuredmedia": [{"href": inside}]},
        }
    ]
    wire.answers |= {
        "s14-robots.test/robots.txt": leads(f"{inside}robots.txt"),
        "s14-robots.test/feed": leads(f"{inside}feed"),
        "s14-next.test/latest": says(listing),
        "s14-links.test/wp-json/wp/v2/posts": says(json.dumps(posts).encode(), "application/json"),
        "s14-image.test/feed": says(
            _feed(f"<image><url>{inside}</url></image>", [base("s14-image.test") + "/a/0"]),
            "text/xml",
        ),
        "s9.test/feed": says(
            _feed(
                "",
                [
                    "file:///etc/passwd",
                    "data:text/html,x",
                    "javascript:x",
                    "ftp://127.0.0.1/x",
                    "http://2130706433/x",
                    "http://ok@127.0.0.1/x",
                    inside,
                ],
            ),
            "text/xml",
        ),
        "s10.test/a/0": says(
            f"<html><head><meta http-equiv=refresh content='0;url={inside}'></head></html>".encode()
        ),
        "s10.test/a/1": says(
            b"<html><head><meta http-equiv=refresh "
            b"content='0;url=file:///etc/passwd'></head></html>"
        ),
        "s8-feed.test/feed": leads("file:///etc/passwd"),
        "s17-feed.test/feed": away,
        "s20.test/feed": leads(f"http://s20.test:{places['wire']}/feed"),
        "s5.test": _hangs_up,
    }
    return install(folder, wire, seeds, more="timeout_seconds = 8\n")


def _filled(form: str | bytes, places: dict[str, int]) -> str | bytes:
    return form if isinstance(form, bytes) else form.format(**places)


def _feed(more: str, links: list[str]) -> bytes:
    items = "".join(f"<item><title>One story</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>T</title>{more}{items}</channel></rss>".encode()


def _hangs_up(request: BaseHTTPRequestHandler) -> int:
    """One answer a connection: for the next one the name is looked up again."""
    request.close_connection = True
    return send(request, 404, "text/plain", b"", Connection="close")


def test_s1_to_s21_nobody_inside_is_connected_to(done: Done) -> None:
    """S1–S18, S20, S21: after a round of all of them not one connection was accepted."""
    assert done.inside.accepted == []
    assert done.closed.accepted == []


def test_good_papers_of_the_same_round_are_read(done: Done) -> None:
    """The guard is no wall: papers are read, over TLS too, and where something beside the articles
    points inside (S14); a connection that is kept stays with the address that was checked (S18)."""
    for slug in GOOD:
        assert done.poll(slug).startswith("new"), slug
        assert set(done.fates(slug).values()) == {"kept "}, slug


def test_pages_that_lead_inside_say_why_they_were_not_fetched(done: Done) -> None:
    """S1, S3, S4, S7, S8, S11, S12, S13, S17: a fate and a reason for each form."""
    for slug, forms in PAGES.items():
        found = done.fates(slug)
        for n, (form, wanted) in enumerate(forms):
            assert found[f"http://{slug}.test:{done.wire.port}/a/{n}"].startswith(wanted), form


def test_feeds_that_lead_inside_fail_and_say_why(done: Done) -> None:
    """S1, S4, S5, S6, S8, S14, S17, S20, S21: the poll fails, nothing is sighted."""
    for slug, wanted in FEEDS.items():
        assert done.poll(slug).startswith(wanted), slug
        assert done.fates(slug) == {}


def test_s9_addresses_off_the_web_are_rejected_unasked(done: Done) -> None:
    """S9: of a feed's links only those that could be asked for are, and they lead inside; the
    others are recorded and rejected."""
    fates = done.fates("s9")
    assert len(fates) == 7
    on_the_web = [url for url, fate in fates.items() if fate != "rejected no_link"]
    assert sorted(urlsplit(url).hostname or "" for url in on_the_web) == ["127.0.0.1"] * 2
    assert any(fates[url].startswith(GUARD) for url in on_the_web)


def test_s10_a_page_s_refresh_passes_the_same_guard(done: Done) -> None:
    """S10: meta refresh to an inside address or a file: nothing is connected to, nothing is read."""
    port = done.wire.port
    wanted = {f"http://s10.test:{port}/a/0": GUARD, f"http://s10.test:{port}/a/1": "failed stub"}
    assert all(done.fates("s10")[url].startswith(fate) for url, fate in wanted.items())


def test_s17_s20_the_targets_were_never_asked(done: Done) -> None:
    """S17: another site; S20: the same one without TLS; S21: no request goes to a server that cannot prove its name."""
    assert "elsewhere.test" not in {host for host, _, _ in done.wire.log}
    assert [path for host, path, _ in done.wire.log if host == "s20.test"] == [
        "/robots.txt",
        "/feed",
    ]
    assert not [entry for entry in done.wire.log if entry[0].startswith("s21")]


def test_s6_a_name_that_points_both_ways_is_not_asked_at_all(done: Done) -> None:
    """S6: not even at its public address."""
    assert "s6.test" not in {host for host, _, _ in done.wire.log}


def test_s5_a_name_that_moves_inside_is_not_followed(done: Done) -> None:
    """S5: its first connection went to the address that was checked, the next one nowhere."""
    assert [path for host, path, _ in done.wire.log if host == "s5.test"] == ["/robots.txt"]


def test_s16_with_another_handler_nothing_starts(done: Done) -> None:
    """S16: a handler the guard does not hold for ends the crawl before its first request."""
    handlers = {"http": "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"}
    crawl = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "feed", "-a", "source=s1-home", "-s", f"DOWNLOAD_HANDLERS={json.dumps(handlers)}"],
        cwd=desk.PROJECT, capture_output=True, text=True, timeout=300, env=os.environ | {"RASD_CONFIG": str(done.config)},
    )  # fmt: skip
    assert crawl.returncode == 78
    assert "DOWNLOAD_HANDLERS is refused: the network guard" in crawl.stderr
    assert done.inside.accepted == []


class _Reactor(MemoryReactorClock):
    """Connects to nothing, and is its own pool of threads, which runs what it is given at once."""

    def callInThreadWithCallback(self, told: Any, work: Callable[..., Any], *rest: Any) -> None:
        try:
            answer = True, work(*rest)
        except Exception as error:
            answer = False, error
        told(*answer)

    def callFromThread(self, work: Callable[..., Any], *rest: Any) -> None:
        work(*rest)


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "168.63.129.16", "192.88.99.1",
     "0", "0.0.0.0", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "10.1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fc00::1", "fe80::1", "fec0::1", "::127.0.0.1"],
)  # fmt: skip
def test_s2_s3_s4_other_private_addresses_end_at_the_resolver(host: str) -> None:
    """S2–S4: the connector asks our resolver for literals too, and opens nothing; nothing is sent
    here.
    """
    engine.loop()  # the connector asks for a reactor; Twisted's own would be in the way later
    reactor = _Reactor()
    guard = GuardedResolver(Policy(), reactor)
    guard._original = GAIResolver(reactor, lambda: reactor)
    reactor.installNameResolver(guard)
    failed: list[object] = []
    HostnameEndpoint(reactor, host, 80).connect(None).addErrback(failed.append)
    reactor.advance(40)
    assert len(failed) == 1
    assert reactor.tcpClients == []
    guard.policy = Policy(
        allow=("0.0.0.0/0", "::/0")
    )  # the other answer, to know that this one was ours
    HostnameEndpoint(reactor, host, 80).connect(None).addErrback(failed.append)
    assert len(reactor.tcpClients) == 1


@pytest.mark.parametrize("form", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0"])
def test_s3_hosts_that_only_some_parsers_read_are_not_asked_as_written(form: str) -> None:
    """S3: a link is normalised to the address that it means, which the guard judges; a redirect to
    such a host is refused before anybody looks it up."""
    meant = urls.clean(f"http://{form}/")
    assert meant in ("http://127.0.0.1/", "http://0.0.0.0/")
    assert not urls.is_read_alike(f"http://{form}/")
