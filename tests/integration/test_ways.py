"""The four ways of finding, against small papers on loopback: what is asked, found and missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler import app
from crawler.config import load
from crawler.model import Gap
from storage.hosts import SqlHosts
from tests.acceptance.test_river import rasd
from tests.engine import poll
from tests.site.server import send
from tests.site.wire import Wire, seed

FEED = '{url: "BASE/feed"}'
SITEMAP = '{url: "BASE/sitemap.xml", kind: sitemap}'
SECTION = '{url: "BASE/latest", kind: section, links: a.story, next: "a[rel=next]", pages: 8}'
WORDPRESS = '{url: "BASE/wp-json/wp/v2/posts", kind: wordpress}'
MINUTES = timedelta(minutes=10)


@pytest.fixture
def wire() -> Iterator[Wire]:
    """One paper with thirty items, the newest ten minutes old."""
    with Wire(["wire.test"]) as papers:
        first = datetime.now(UTC) - 30 * MINUTES
        papers.papers["wire.test"].publish(30, first, MINUTES)
        yield papers


def desk(folder: Path, wire: Wire, *feeds: str, more: str = "") -> Path:
    """Seeds and configuration for every paper of the wire; no topic, for nothing is judged here."""
    for host in wire.papers:
        path = folder / "seeds" / "sources" / "zz" / f"{host.partition('.')[0]}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(seed(wire, host, *feeds), encoding="utf-8")
    hosts = "\n".join(f'"{name}" = "{address}"' for name, address in wire.hosts.items())
    allowed = ", ".join(f'"{a}/32:{wire.port}"' for a in sorted(set(wire.hosts.values())))
    config = folder / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{folder}/var/rasd.sqlite"\nseeds = "{folder}/seeds"\n'
        f"[network]\nallow = [{allowed}]\n[network.hosts]\n{hosts}\n"
        f"[crawl]\ndelay_seconds = 0.001\n{more}",
        encoding="utf-8",
    )
    return config


def held(config: Path) -> tuple[int, list[Gap]]:
    """(articles kept, gaps)."""
    with app.open_app(load(config)) as opened:
        return opened.archive.counts()["articles"], list(opened.coverage.gaps(everything=True))


@pytest.mark.parametrize(
    ("way", "first"), [(FEED, 10), (SITEMAP, 30), (SECTION, 30), (WORDPRESS, 30)]
)
def test_each_way_finds_what_it_shows_and_then_only_what_is_new(
    way: str, first: int, wire: Wire, tmp_path: Path
) -> None:
    """A second poll fetches no page; one new item costs one page, or none where REST brings it."""
    config = desk(tmp_path, wire, way)
    poll(config)
    assert held(config)[0] == first
    wire.log.clear()
    poll(config)
    assert wire.pages() == []
    wire.papers["wire.test"].publish(1, datetime.now(UTC), MINUTES)
    poll(config)
    assert held(config)[0] == first + 1
    assert len(wire.pages()) == (0 if way == WORDPRESS else 1)


def test_a_listing_that_goes_on_for_ever_ends_at_its_cap(wire: Wire, tmp_path: Path) -> None:
    """R16: pages stop at the first without anything new, and at the seed's number in any case."""
    wire.papers["wire.test"].publish(400, datetime.now(UTC), timedelta(seconds=1))
    config = desk(tmp_path, wire, SECTION)
    poll(config)
    assert sum(path.startswith("/latest") for _, path, _ in wire.log) == 8
    wire.log.clear()
    poll(config)
    assert sum(path.startswith("/latest") for _, path, _ in wire.log) == 1


def test_an_index_that_names_itself_is_asked_once(wire: Wire, tmp_path: Path) -> None:
    """R15: a place is asked once a poll."""
    config = desk(tmp_path, wire, SITEMAP)
    poll(config)
    assert [path for _, path, _ in wire.log if "xml" in path] == ["/sitemap.xml", "/news.xml.gz"]


def test_an_index_that_is_never_dated_anew_hides_nothing(wire: Wire, tmp_path: Path) -> None:
    """Its only file is dated six years ago and has the news of today; of its undated addresses,
    which are old in all likelihood, a few are taken."""
    base, paper = wire.base("wire.test"), wire.papers["wire.test"]
    index = f"<sitemapindex><sitemap><loc>{base}/posts.xml</loc><lastmod>2020-01-01</lastmod>"
    old = "".join(f"<url><loc>{base}/old/{n}</loc></url>" for n in range(300))
    new = "".join(
        f"<url><loc>{base}{path}</loc><lastmod>{at.isoformat()}</lastmod></url>"
        for path, at in paper.items
    )
    wire.answers["/sitemap.xml"] = lambda r: send(
        r, 200, "text/xml", f"{index}</sitemap></sitemapindex>".encode()
    )
    wire.answers["/posts.xml"] = lambda r: send(
        r, 200, "text/xml", f"<urlset>{old}{new}</urlset>".encode()
    )
    config = desk(tmp_path, wire, SITEMAP)
    for _ in range(2):
        poll(config)
    assert held(config)[0] == 30
    assert len({path for _, path, _ in wire.log if path.startswith("/old/")}) == 40


def test_posts_are_found_however_a_server_pages_them(wire: Wire, tmp_path: Path) -> None:
    """More than twenty a page are refused, ten come whatever is asked, nothing is counted, and
    behind the last page is an error: thirty posts, and nothing failed."""
    posts = "/wp-json/wp/v2/posts"
    own = wire._paper

    def rest(request: BaseHTTPRequestHandler) -> int:
        asked = parse_qs(urlsplit(request.path).query)
        if int(asked["per_page"][0]) > 20:
            code = b'{"code":"rest_invalid_param","data":{"params":{"per_page":"1 to 20"}}}'
            return send(request, 400, "application/json", code)
        if int(asked.get("page", ["1"])[0]) > 3:
            code = b'{"code":"rest_post_invalid_page_number"}'
            return send(request, 400, "application/json", code)
        request.path = request.path.replace("per_page=20", "per_page=10")
        return own(request, wire.papers["wire.test"], posts)

    wire.answers[posts] = rest
    config = desk(tmp_path, wire, WORDPRESS)
    poll(config)
    with app.open_app(load(config)) as opened:
        (done,) = opened.archive.health(["wire"])
    assert (held(config)[0], done.last_outcome, done.detail) == (30, "new", "")


@pytest.mark.parametrize(("second", "count"), [(SITEMAP, 500), (WORDPRESS, 500)])
def test_what_was_published_while_we_were_stopped_is_recovered(
    second: str, count: int, wire: Wire, tmp_path: Path
) -> None:
    """A window of 10, hundreds published meanwhile: another way of finding recovers all, the gap
    closes with 0.
    """
    config = desk(tmp_path, wire, FEED, second, more="budget_requests = 900\n")
    poll(config)
    wire.papers["wire.test"].publish(count, datetime.now(UTC), timedelta(seconds=0.001))
    poll(config)
    articles, gaps = held(config)
    assert articles == 30 + count
    assert [(g.missing_at_least, g.missing_estimate) for g in gaps if g.feed.endswith("/feed")] == [
        (0, 0)
    ]
    assert all(g.closed_at is not None for g in gaps)


def test_a_page_of_known_posts_does_not_end_the_search_for_a_gap(tmp_path: Path) -> None:
    """The feed has just shown what REST's first page shows; what lies behind it is still missing."""
    with Wire(["wire.test"], window=60) as wire:
        paper = wire.papers["wire.test"]
        paper.publish(60, datetime.now(UTC) - timedelta(hours=1), timedelta(seconds=1))
        config = desk(tmp_path, wire, FEED, WORDPRESS)
        poll(config)
        paper.publish(140, datetime.now(UTC), timedelta(seconds=0.001))
        poll(config)
        articles, gaps = held(config)
        assert articles == 200
        assert {g.feed.rpartition("/")[2] for g in gaps} >= {"feed"}
        assert all(g.closed_at is not None for g in gaps)


def test_a_burst_is_written_down_whole_and_fetched_in_parts(wire: Wire, tmp_path: Path) -> None:
    """R17: of 2,100 new entries each has its fate; the budget's three are fetched, the rest is
    carried over.
    """
    from tests.site.wire import _rss

    rows = [(f"/story/{n}", datetime.now(UTC)) for n in range(2_100)]
    body = _rss(wire.base("wire.test"), rows)
    wire.answers["/feed"] = lambda r: send(r, 200, "application/rss+xml", body)
    config = desk(tmp_path, wire, FEED, more="budget_requests = 3\n")
    for fetched in (3, 6):
        poll(config)
        assert sum(path.startswith("/story/") for _, path, _ in wire.log) == fetched
        with app.open_app(load(config)) as opened:
            counts = opened.archive.counts()
        assert (counts["sightings"], counts["queued"]) == (2_100, 2_100 - fetched)


def test_without_another_way_the_gap_stays_and_is_exact(wire: Wire, tmp_path: Path) -> None:
    """Its interval is that between the two looks; what is provable is never more than the truth."""
    config = desk(tmp_path, wire, FEED)
    poll(config)
    with app.open_app(load(config)) as opened:
        before = opened.archive.feed_states()[0].last_success_at
    wire.papers["wire.test"].publish(
        500, datetime.now(UTC) - timedelta(seconds=6), timedelta(seconds=0.01)
    )
    poll(config)
    (gap,) = held(config)[1]
    with app.open_app(load(config)) as opened:
        after = opened.archive.feed_states()[0].last_poll_at
    assert gap.from_at == before
    assert after is not None
    assert gap.from_at < gap.to_at < after
    assert gap.closed_at is None
    assert 290 <= gap.missing_at_least <= 490  # the paper numbers its items one by one
    said = json.loads(rasd(config, "gaps", "--json"))
    assert [(g["source"], g["missing_at_least"]) for g in said] == [("wire", gap.missing_at_least)]
    poll(config)
    assert [status for _, path, status in wire.log if path == "/feed"] == [200, 200, 304]


def test_a_gap_that_was_covered_closes_with_what_is_still_missing(
    wire: Wire, tmp_path: Path
) -> None:
    """Another feed reaches beyond the gap's start, but the outlet's own numbers prove that there
    was more: the gap is closed with that, less what comes to light later."""
    from tests.site.wire import _rss

    paper = wire.papers["wire.test"]
    config = desk(tmp_path, wire, FEED, '{url: "BASE/more"}', more="budget_requests = 3\n")
    paper.publish(50, datetime.now(UTC), timedelta(seconds=0.01))
    paper.window, shown = 80, paper.items[::-1]
    wire.answers["/more"] = lambda r: send(
        r, 200, "application/rss+xml", _rss(wire.base("wire.test"), shown)
    )
    poll(config)
    paper.publish(400, datetime.now(UTC), timedelta(seconds=0.01))
    poll(config)
    (gap,) = held(config)[1]
    at_least = gap.missing_at_least
    assert gap.closed_at is not None and 200 < at_least <= 320
    shown = [*paper.items[:-81:-1], *paper.items[160:200], *paper.items[79:60:-1]]
    poll(config)
    (gap,) = held(config)[1]
    assert gap.closed_at is not None
    assert gap.missing_at_least == at_least - 40
    assert (gap.missing_estimate, gap.estimate_low, gap.estimate_high) == (
        gap.missing_at_least,
    ) * 3


def test_the_sites_own_count_proves_what_is_missing(wire: Wire, tmp_path: Path) -> None:
    """REST counts the interval in X-WP-Total; where its pages end too early, the difference is
    provable.
    """
    posts = "/wp-json/wp/v2/posts"
    own = wire._paper

    def rest(request: BaseHTTPRequestHandler) -> int:
        asked = parse_qs(urlsplit(request.path).query)
        paper = wire.papers["wire.test"]
        if "before" in asked:
            first, last = (datetime.fromisoformat(asked[name][0]) for name in ("after", "before"))
            count = sum(first < at < last for _, at in paper.items)
            return send(request, 200, "application/json", b"[]", **{"X-WP-Total": str(count)})
        if "page" in asked:
            return send(request, 500, "text/plain", b"too much for me")
        return own(request, paper, posts)

    wire.answers[posts] = rest
    config = desk(tmp_path, wire, FEED, WORDPRESS)
    poll(config)
    with app.open_app(load(config)) as opened:
        _set(opened, last_success_at=datetime.now(UTC) - timedelta(minutes=10))
    wire.papers["wire.test"].publish(
        400, datetime.now(UTC) - timedelta(minutes=9), timedelta(seconds=1)
    )
    poll(config)
    (gap,) = [g for g in held(config)[1] if g.feed.endswith("/feed")]
    missing = 400 - held(config)[0] + 30  # ten by the feed, fifty by REST, all of the thirty before
    assert missing - 100 <= gap.missing_at_least <= missing
    assert gap.missing_at_least > 200


def test_a_list_too_long_for_one_look_proves_what_is_missing(wire: Wire, tmp_path: Path) -> None:
    """A sitemap of 2,100 articles of the interval, of which a look takes 2,000: the rest is known
    by name.
    """
    config = desk(tmp_path, wire, FEED, SITEMAP, more="budget_requests = 3\n")
    wire.answers["/sitemap.xml"] = lambda r: send(r, 200, "application/xml", news([]))
    poll(config)
    wire.papers["wire.test"].publish(10, datetime.now(UTC), timedelta(seconds=0.001))
    at = datetime.now(UTC).isoformat()
    listed = [(f"{wire.base('wire.test')}/story/{n * 7}", at) for n in range(2_100)]
    wire.answers["/sitemap.xml"] = lambda r: send(r, 200, "application/xml", news(listed))
    poll(config)
    (gap,) = held(config)[1]
    assert (gap.closed_at, gap.missing_at_least) == (None, 100)


def news(rows: list[tuple[str, str]]) -> bytes:
    """A Google-News sitemap of (address, when published)."""
    listed = "".join(
        f"<url><loc>{url}</loc><n:news><n:publication_date>{at}</n:publication_date></n:news></url>"
        for url, at in rows
    )
    head = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
    return f"{head}{listed}</urlset>".encode()


def test_a_feed_that_broke_off_is_asked_again_without_conditions(
    wire: Wire, tmp_path: Path
) -> None:
    """P20: its whole entries are taken; a 304 must not keep the others from us."""
    from tests.site.wire import _rss

    def cut(request: BaseHTTPRequestHandler) -> int:
        asked.append(request.headers.get("If-None-Match"))
        body = _rss(wire.base("wire.test"), wire.papers["wire.test"].items[:-11:-1])
        return send(
            request,
            200,
            "application/rss+xml",
            body[: len(body) // 2] if len(asked) == 1 else body,
            ETag='"1"',
        )

    asked: list[str | None] = []
    wire.answers["/feed"] = cut
    config = desk(tmp_path, wire, FEED)
    poll(config)
    few = held(config)[0]
    with app.open_app(load(config)) as opened:
        assert opened.archive.health(["wire"])[0].detail == "partial: it breaks off"
    poll(config)
    poll(config)
    assert 0 < few < 10 == held(config)[0]
    assert asked == [None, None, '"1"']


def test_a_feed_of_a_host_that_asked_for_time_has_not_failed(wire: Wire, tmp_path: Path) -> None:
    """It keeps its validators and its good name, and is asked when the time has come."""
    config = desk(tmp_path, wire, FEED)
    poll(config)
    until = datetime.now(UTC) + timedelta(hours=2)
    with app.open_app(load(config)) as opened:
        (before,) = opened.archive.feed_states()
        SqlHosts(opened.archive.engine).hold(f"wire.test:{wire.port}", until, "asked for time")
    wire.log.clear()
    poll(config)
    with app.open_app(load(config)) as opened:
        (after,) = opened.archive.feed_states()
        _set(opened, next_poll_at=before.next_poll_at)
        assert [after.next_poll_at, wire.log] == [until, []]
        assert opened.archive.feed_states() == [before]


def test_a_lying_304_is_found_within_a_day(wire: Wire, tmp_path: Path) -> None:
    """P16: once a day a feed is asked without conditions; what it hid is found, and the lie is
    known.
    """
    config = desk(tmp_path, wire, FEED)
    poll(config)
    etag = '"for ever"'

    def liar(request: object) -> int:
        from tests.site.wire import _rss

        if request.headers.get("If-None-Match"):  # type: ignore[attr-defined]
            return send(request, 304, "application/rss+xml", b"", ETag=etag)  # type: ignore[arg-type]
        body = _rss(wire.base("wire.test"), wire.papers["wire.test"].items[:-11:-1])
        return send(request, 200, "application/rss+xml", body, ETag=etag)  # type: ignore[arg-type]

    wire.answers["/feed"] = liar
    with app.open_app(load(config)) as opened:
        _set(opened, full_at=None, etag=None)
    poll(config)
    wire.papers["wire.test"].publish(1, datetime.now(UTC), MINUTES)
    poll(config)
    assert held(config)[0] == 10
    with app.open_app(load(config)) as opened:
        _set(opened, full_at=datetime.now(UTC) - timedelta(hours=25))
    poll(config)
    assert held(config)[0] == 11
    with app.open_app(load(config)) as opened:
        (state,) = opened.archive.feed_states()
        assert state.lied_at is not None and state.etag is None


def _set(opened: app.App, **values: object) -> None:
    from storage import tables

    with opened.archive.engine.begin() as c:
        c.execute(tables.feeds.update().values(**values))


def test_no_network_is_one_line_whatever_the_feeds(tmp_path: Path) -> None:
    """The feeds of a host are asked one after the other; when nothing answers, one line says so."""
    with Wire(["one.test", "two.test"]) as wire:
        config = desk(tmp_path, wire, FEED, SITEMAP)
        config.write_text(re.sub("allow = .*", "allow = []", config.read_text()))
        said = rasd(config, "poll", "--all", code=1)
        assert said.count("no network") == 1
        assert "polled" not in said
        assert wire.log == []


def test_a_budget_leaves_the_rest_queued(wire: Wire, tmp_path: Path) -> None:
    """R8: what one source may cost a crawl is bounded, and the next crawl goes on where it ended."""
    config = desk(tmp_path, wire, SITEMAP, more="budget_requests = 12\n")
    counts = []
    for _ in range(3):
        poll(config)
        counts.append(held(config)[0])
    assert counts == [12, 24, 30]


def test_a_wall_is_no_article(wire: Wire, tmp_path: Path) -> None:
    """P18: a challenge with status 200 is not kept as somebody's words; it is asked again later."""
    config = desk(tmp_path, wire, FEED)
    page = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    wire.answers["/a/29"] = lambda r: send(r, 200, "text/html", page)
    poll(config)
    with app.open_app(load(config)) as opened:
        assert opened.archive.counts()["articles"] == 9
        assert opened.archive.counts()["failed"] == 1


def test_many_papers_twice_and_the_second_time_no_page(tmp_path: Path) -> None:
    """Must show 1, small: 40 papers on 4 hosts' addresses; a second round asks feeds only."""
    with Wire([f"p{n}.test" for n in range(40)], addresses=4) as wire:
        for paper in wire.papers.values():
            paper.publish(4, datetime.now(UTC) - 4 * MINUTES, MINUTES)
        config = desk(tmp_path, wire, FEED)
        poll(config)
        assert len(set(wire.pages())) == len(wire.pages()) == 160
        wire.log.clear()
        poll(config)
        assert wire.pages() == []
        assert {status for _, path, status in wire.log if path == "/feed"} == {304}
