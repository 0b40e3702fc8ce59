"""Real rounds of good papers among hostile ones (R and P rows): no other paper's rows change.

The good papers are polled alone first, into an archive of their own; then together with one hostile
paper a row, twice, into another. What the two archives hold of the good ones must be equal, memory
bounded, and each hostile paper's own ledger must say what it was.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler import app
from crawler.config import load
from storage import tables
from tests.poller import Poller
from tests.site.hostile import Memory, dump, explained, flows, forever, install, leads, rows, says
from tests.site.server import send
from tests.site.wire import Answer, Wire, seed

MB = 1024 * 1024
FEED, SITEMAP = '{url: "BASE/feed"}', '{url: "BASE/sitemap.xml", kind: sitemap}'
SECTION = '{url: "BASE/latest", kind: section, links: a.story, next: "a[rel=next]", pages: 5}'
WORDPRESS = '{url: "BASE/wp-json/wp/v2/posts", kind: wordpress}'
GOOD = {
    "good-feed": FEED,
    "good-sitemap": SITEMAP,
    "good-section": SECTION,
    "good-rest": WORDPRESS,
    "good-too": FEED,
}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNK = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
# A round among hostile papers may take this long and this often the time of the good ones' own
# round just before it, which a busy machine prolongs too; on a quiet one it takes 14 s and 10 times.
BUDGET_SECONDS, BUDGET_FACTOR = 60, 30
REQUESTS = 25  # pages of a source in a crawl
LIMITS = (
    f"timeout_seconds = {{}}\nbudget_requests = {REQUESTS}\nbudget_bytes = {20 * MB}\n"
    "[reading]\nworkers = 2\ntimeout_seconds = 60\n"  # memory is measured: each worker counts
    "templates = false\n"  # the poller's workers would have learned from the other archive
)
BOMBS, PITS = (
    LIMITS.format(60),
    LIMITS.format(8),
)  # a bomb ends by what it is, on a slow machine too


@dataclass(frozen=True, kw_only=True)
class Row:
    """One hostile paper: its way of finding, what its server answers by path, what its ledger says."""

    answers: dict[str, Answer] = field(default_factory=dict)
    way: str = FEED
    poll: str = "new"  # outcome and detail of its first poll, from the start
    again: str | None = None  # of its second, if it is polled twice
    fates: dict[str, str] = field(default_factory=dict)  # of its addresses, by path
    count: int | None = None  # of its sightings
    later: bool = False  # asked in the second round only, whose time-out is short and whose reactor is watched


def base(request: BaseHTTPRequestHandler) -> str:
    """The address of the paper that was asked."""
    return f"http://{request.headers['Host']}"


def feed(*links: str, item: str = "", etag: str = "") -> Answer:
    """A feed of these links; a path stands on the paper's own address."""
    items = "".join(
        f"<item><title>T{n}</title><link>{link}</link>{item}</item>" for n, link in enumerate(links)
    )
    body = f"<rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>".encode()

    def answer(request: BaseHTTPRequestHandler) -> int:
        if etag and request.headers.get("If-None-Match") == etag:
            return send(request, 304, "text/xml", b"", ETag=etag)
        return send(request, 200, "text/xml", body, **({"ETag": etag} if etag else {}))

    return answer


def pages(*answers: Answer) -> dict[str, Answer]:
    """A feed that names as many pages, and the pages."""
    paths = [f"/a/{n}" for n in range(len(answers))]
    return {"/feed": feed(*paths), **dict(zip(paths, answers, strict=True))}


def packed(body: bytes, *codings: str) -> Answer:
    """A page packed again and again."""
    for coding in codings:
        body = PACK[coding](body)
    return says(body, Content_Encoding=", ".join(codings))


def million() -> bytes:
    """R14: a sitemap of a million addresses, 42 MB that travel as 3."""
    rows_ = b"".join(b"<url><loc>/x/%07d</loc></url>" % n for n in range(1_000_000))
    return gzip.compress(
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" + rows_ + b"</urlset>", 1
    )


def index(request: BaseHTTPRequestHandler) -> int:
    """R15: an index that names itself, and two further ones that do the same, without end."""
    here = base(request) + request.path
    return _index(request, [here, base(request) + "/sitemap.xml", here + "/1", here + "/2"])


def wide(request: BaseHTTPRequestHandler) -> int:
    """R15: an index of very many files without anything in them."""
    if request.path == "/sitemap.xml":
        return _index(request, [f"{base(request)}/{n}.xml" for n in range(300)])
    return send(request, 200, "text/xml", b"<urlset></urlset>")


def _index(request: BaseHTTPRequestHandler, names: list[str]) -> int:
    body = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    return send(request, 200, "text/xml", f"<sitemapindex>{body}</sitemapindex>".encode())


def calendar(request: BaseHTTPRequestHandler) -> int:
    """R16: each page has new stories, whenever it is asked, and a next page."""
    page = int(request.path.partition("page=")[2] or 1)
    looks = seen["r16"] = seen.get("r16", 0) + 1
    links = "".join(
        f"<a class=story href='/day/{looks}-{n}'>The news of a day</a>" for n in range(3)
    )
    return send(
        request,
        200,
        "text/html",
        f"<html><body>{links}<a rel=next href='/latest?page={page + 1}'>x</a></body></html>".encode(),
    )


def posts(request: BaseHTTPRequestHandler) -> int:
    """R16: a full page of new posts, whichever is asked, of a number without end."""
    looks = seen["r16-rest"] = seen.get("r16-rest", 0) + 1
    return _posts(request, range(looks * 50, looks * 50 + 50))


def again_and_again(request: BaseHTTPRequestHandler) -> int:
    """R16: the same full page of posts, whichever is asked, of a number without end."""
    return _posts(request, range(50))


def _posts(request: BaseHTTPRequestHandler, numbers: range) -> int:
    listed = [
        {"link": f"{base(request)}/p/{n}", "title": {"rendered": f"Post {n}"}} for n in numbers
    ]
    return send(
        request,
        200,
        "application/json",
        json.dumps(listed).encode(),
        **{"X-WP-Total": "99999999", "X-WP-TotalPages": "999999"},
    )


def reused(request: BaseHTTPRequestHandler) -> int:
    """P14: one guid for all items, another one at each look, and at the second look one item more."""
    looks = seen["p14"] = seen.get("p14", 0) + 1
    paths = [f"/a/{n}" for n in range(2 + looks)]
    return feed(*paths, item=f"<guid isPermaLink='false'>guid-{looks}</guid>")(request)


def cut_short(request: BaseHTTPRequestHandler) -> int:
    """P20: ten whole items of fifty; a second, conditional request gets a 304."""
    if request.headers.get("If-None-Match"):
        return send(request, 304, "text/xml", b"")
    items = "".join(f"<item><title>T{n}</title><link>/x/{n}</link></item>" for n in range(50))
    whole = f"<rss version='2.0'><channel>{items}".encode()
    return send(request, 200, "text/xml", whole[: whole.index(b"/x/10</link>") + 4], ETag='"cut"')


def story(n: object = 0) -> Answer:
    """A page that is an article."""
    return says(
        f"<html><head><title>Story {n}</title></head><body><article><h1>Story {n}</h1>{PARAGRAPHS}</article></body></html>".encode()
    )


def zipped() -> bytes:
    """A small archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("feed.xml", "<rss/>")
    return held.getvalue()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=1), "br": partial(brotli.compress, quality=1),
    "deflate": partial(zlib.compress, level=1), "zstd": zstd.compress,
}  # fmt: skip
PARAGRAPHS = "<p>The council met on the matter of the harbour and the road to the north.</p>" * 9
ZEROS = bytes(16 * MB)  # twice what a body may have
DRIP = partial(flows, pause=0.25)
HOSTS = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": str(n), "url": f"http://h{n}.example/x"} for n in range(10_000)],
}
ENDLESS = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CUT_LENGTH = OK + b"Content-Length: 100000\r\n\r\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
)
seen: dict[str, int] = {}


def hostile() -> dict[str, Row]:
    """All of them by their ids, heavy as some are. R1: 6 MB hold 6 GB."""
    return {
        "r1": Row(
            answers=pages(says(gzip.compress(bytes(64 * MB), 9) * 100, Content_Encoding="gzip"), packed(ZEROS, "br"), packed(ZEROS, "zstd"), packed(ZEROS, "deflate")),
            fates=dict.fromkeys(("/a/0", "/a/1", "/a/2", "/a/3"), "failed too_big"),
        ),
        "r1-feed": Row(answers={"/feed": packed(ZEROS, "gzip")}, poll="failed too_big"),
        "r2": Row(
            answers=pages(packed(b"x", *["gzip"] * 19, "br"), packed(ZEROS, "gzip", "gzip"), packed(PARAGRAPHS.encode() * 3, "gzip", "br")),
            fates={"/a/0": "failed too_big: packed 20 times over", "/a/1": "failed too_big", "/a/2": "kept"},
        ),
        "r3": Row(
            way=SITEMAP, poll="failed too_big",
            answers={"/sitemap.xml": says(gzip.compress(b"<urlset>" + b" " * 128 * MB, 1), "application/gzip")},
        ),
        "r4": Row(answers={"/feed": flows(forever(CHUNK, ENDLESS))}, poll="failed too_big"),
        "r4-page": Row(
            answers=pages(flows(forever(CHUNK, ENDLESS)), flows(forever(b"x" * 65536, OK + b"\r\n"))),
            fates={"/a/0": "failed too_big", "/a/1": "failed too_big"},
        ),
        "r5": Row(later=True, answers={"/feed": DRIP(forever(b"x", CUT_LENGTH))}, poll="failed timeout"),
        "r5-page": Row(later=True, answers=pages(DRIP(forever(b"x", CUT_LENGTH))), fates={"/a/0": "failed timeout"}),
        "r6": Row(later=True, answers={"/feed": DRIP(forever(b"X-Pad: a\r\n", OK))}, poll="failed timeout"),
        "r7": Row(answers={"/feed": flows([OK, *[b"X-Pad: " + b"a" * 8_000 + b"\r\n"] * 52_000])}, poll="failed headers_too_big"),
        "r7-lines": Row(answers={"/feed": flows([OK, *[b"X: y\r\n" * 100] * 500])}, poll="failed headers_too_big"),
        "r7-line": Row(answers={"/feed": flows(forever(b"a" * 65536, OK + b"X-Pad: "))}, poll="failed headers_too_big"),
        "r7-1xx": Row(answers={"/feed": flows(forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))}, poll="failed headers_too_big"),
        "r7-trailers": Row(
            answers={"/feed": flows(forever(b"X-Pad: a\r\n" * 1000, OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"))},
            poll="failed headers_too_big",
        ),
        "r8": Row(answers={"/feed": feed(*(f"/d/{n}" for n in range(1_000)))}, poll="new budget: no requests left", count=1_000),
        "r8-bytes": Row(
            answers={"/feed": feed(*(f"/d/{n}" for n in range(20))), "": flows(forever(CHUNK, ENDLESS)),
                     "/robots.txt": says(b"", status=404)},
            poll="new budget: no bytes left", count=20,
        ),
        "r9": Row(answers={"/feed": leads("/round"), "/round": leads("/feed")}, poll="failed redirect_limit"),
        "r9-page": Row(answers={"/feed": feed("/a/0"), "": lambda r: leads(r.path + "/on")(r)}, fates={"/a/0": "failed redirect_limit"}),
        "r14": Row(later=True, way=SITEMAP, answers={"/sitemap.xml": says(million(), "application/gzip")}, poll="new sitemap_overflow: 998000", count=2_000),
        "r15": Row(way=SITEMAP, answers={"": index}, poll="nothing_new place_limit"),
        "r15-wide": Row(way=SITEMAP, answers={"": wide}, poll="nothing_new budget"),
        "r16": Row(way=SECTION, answers={"/latest": calendar}, poll="new place_limit: 5", again="new place_limit: 5", count=30),
        "r16-rest": Row(way=WORDPRESS, answers={"/wp-json/wp/v2/posts": posts}, poll="new budget: no requests left in this crawl; place_limit: 20", count=1_000),
        "r16-same": Row(way=WORDPRESS, answers={"/wp-json/wp/v2/posts": again_and_again}, count=50),
        "r17": Row(answers={"/feed": feed(*(f"/x/{n}" for n in range(50_000)))}, poll="new burst: 50000", again="nothing_new", count=50_000),
        "r22": Row(answers={"/robots.txt": says(b"User-agent: *\n" + b"".join(b"Disallow: /%09d\n" % n for n in range(300_000)), "text/plain"), **pages(story())}, fates={"/a/0": "kept"}),
        "r22-endless": Row(answers={"/robots.txt": flows(forever(CHUNK, ENDLESS)), **pages(story())}, fates={"/a/0": "kept"}),
        "r23-500": Row(answers={"/robots.txt": says(b"", status=500), **pages(story())}, poll="failed robots_unreachable"),
        "r23-slow": Row(later=True, answers={"/robots.txt": DRIP(forever(b"x", OK + b"\r\n")), **pages(story())}, poll="failed robots_unreachable"),
        "r23-html": Row(answers={"/robots.txt": says(b"<html><p>Disallow: /</p></html>"), **pages(story())}, fates={"/a/0": "kept"}),
        "r24": Row(answers={"/feed": says(PNG, "image/png")}, poll="failed bad_content_type"),
        "r24-lying": Row(answers={"/feed": says(PNG, "text/xml")}, poll="not_a_feed bad_content_type"),
        "r24-zip": Row(answers={"/feed": says(zipped(), "text/xml")}, poll="not_a_feed bad_content_type"),
        "r24-gzip": Row(answers={"/feed": says(gzip.compress(gzip.compress(b"x" * 999)), "text/xml")}, poll="not_a_feed text/xml"),
        "r24-page": Row(
            answers=pages(says(b"%PDF-1.7", "application/pdf"), says(b"%PDF-1.7 " + bytes(3_000)), says(zipped())),
            fates={"/a/0": "failed bad_content_type", "/a/1": "failed bad_content_type", "/a/2": "failed bad_content_type"},
        ),
        "r25": Row(answers={"/feed": says(json.dumps(HOSTS).encode(), "application/json")}, poll="new ", count=10_000),
        "r26": Row(answers=pages(says(b"", status=429, Retry_After="99999999")), fates={"/a/0": "failed"}),
        "r26-past": Row(answers=pages(says(b"", status=503, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT")), fates={"/a/0": "failed"}),
        "p10": Row(answers={"/feed": feed("/a/0", item="<pubDate>Sun, 24 Nov 2024 08:00:00 GMT</pubDate>"), "/a/0": story()}, fates={"/a/0": "kept"}),
        "p14": Row(answers={"/feed": reused, **{f"/a/{n}": story(n) for n in range(4)}}, again="new", count=4),
        "p16": Row(answers={"/feed": feed("/a/0", etag='"ever"'), "/a/0": story()}, again="not_modified", count=1),
        "p18": Row(
            answers=pages(says(CHALLENGE), says(b"<html><body id=\"consent-page\">x</body>"), says(b"<title>404 - Page not found</title>"), leads("/")) | {"/": story()},
            fates={"/a/0": "failed challenge", "/a/1": "failed consent", "/a/2": "failed soft404", "/a/3": "failed soft404"},
        ),
        "p18-feed": Row(answers={"/feed": says(CHALLENGE)}, poll="blocked challenge"),
        "p19": Row(answers={"/feed": says(b"<html><body>This domain is for sale</body></html>")}, poll="not_a_feed"),
        "p19-empty": Row(answers={"/feed": feed()}, poll="empty empty_feed"),
        "p20": Row(answers={"/feed": cut_short}, poll="new partial: it breaks off", again="nothing_new partial", count=10),
        "p22": Row(answers={"/feed": feed("http://n\u0435ws.example/a")}, fates={"/a": "rejected offsite: xn--nws-rdd.example"}, count=1),
        "m14": Row(answers={"/feed": says(b"<rss>" + b"<" * (8 * MB - 99), "text/xml")}, poll="not_a_feed parse_bomb"),
        "m14-title": Row(answers={"/feed": feed("/a/0"), "/a/0": says(b"<title" * 9_000)}, fates={"/a/0": ""}),
    }  # fmt: skip


@dataclass(frozen=True)
class Done:
    """The rounds that were run: without the hostile ones, and with them."""

    alone: Path
    among: Path
    rows: dict[str, Row]
    wire: Wire
    poller: Poller
    memory: Memory
    budgets: list[float]  # seconds, of each round among hostile papers
    seconds: list[float]  # that it took
    held_up_alone: list[float]
    held_up: list[float]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """Two rounds of the good papers alone and two among hostile ones, with news between them."""
    folder = tmp_path_factory.mktemp("servers")
    first, table = datetime.now(UTC) - timedelta(hours=2), hostile()
    with Wire([f"{slug}.test" for slug in (*GOOD, *table)]) as wire, Poller({}) as poller:
        for slug, row in table.items():
            wire.answers |= {f"{slug}.test{path}": answer for path, answer in row.answers.items()}
        good = {slug: seed(wire, f"{slug}.test", way) for slug, way in GOOD.items()}
        bad = {slug: seed(wire, f"{slug}.test", row.way) for slug, row in table.items()}
        bombs = {slug: text for slug, text in bad.items() if not table[slug].later}
        pits = {
            slug: text
            for slug, text in bad.items()
            if table[slug].later or table[slug].again is not None
        }
        budgets, seconds, held_up_alone, held_up = [], [], [], []
        with Memory(poller.pid) as memory:
            for rounds, (limits, others) in enumerate(((BOMBS, bombs), (PITS, pits))):
                for slug in GOOD:
                    wire.papers[f"{slug}.test"].publish(
                        6, first + rounds * timedelta(hours=1), timedelta(minutes=5)
                    )
                shutil.rmtree(folder / "among" / "seeds", ignore_errors=True)
                alone = install(folder / "alone", wire, good, limits)
                among = install(folder / "among", wire, good | others, limits)
                began = time.monotonic()
                held_up_alone.append(poller.poll(alone))
                budgets.append(BUDGET_SECONDS + BUDGET_FACTOR * (time.monotonic() - began))
                began = time.monotonic()
                held_up.append(poller.poll(among))
                seconds.append(time.monotonic() - began)
        yield Done(
            alone, among, table, wire, poller, memory, budgets, seconds, held_up_alone, held_up
        )


def test_hostile_papers_change_nobody_else_s_rows(done: Done) -> None:
    """R1–R9, R14–R17, R22–R26, P10, P14, P16, P18–P20, P22: what is held of the good papers is the
    same, byte for byte, as without the hostile ones."""
    wanted = dump(done.alone, list(GOOD))
    assert dump(done.among, list(GOOD)) == wanted
    assert sum(line.startswith("snapshots") for line in wanted) == 12 * len(GOOD)


def test_each_hostile_paper_s_own_ledger_says_what_it_was(done: Done) -> None:
    """Every row: the outcome of its polls, how many addresses were sighted, their fates and reasons."""
    assert (
        "\n".join(
            found for slug, row in done.rows.items() if (found := _otherwise(done, slug, row))
        )
        == ""
    )


def _otherwise(done: Done, slug: str, row: Row) -> str:
    """What of a row is not as it says, "" if all is."""
    polls = [
        f"{p['outcome']} {explained(p)}"
        for p in rows(
            done.among,
            f"SELECT outcome, reason, detail, notes FROM polls WHERE source = '{slug}' ORDER BY id",
        )
    ]
    found = rows(
        done.among, f"SELECT url, fate, reason, detail FROM sightings WHERE source = '{slug}'"
    )
    fates = {"/" + s["url"].split("/", 3)[3]: f"{s['fate']} {explained(s)}" for s in found}
    as_said = (
        polls[0].startswith(row.poll)
        and (row.again is None or polls[1].startswith(row.again))
        and (row.count is None or row.count == len(found))
        and all(fates[path].startswith(wanted) for path, wanted in row.fates.items())
    )
    return "" if as_said else f"{slug}: {polls} {len(found)} {list(fates.items())[:5]}"


def test_hostile_papers_cost_no_more_than_they_may(done: Done) -> None:
    """B3, R1–R9, R14–R17: the round ends in its budget, the process and its workers together take under
    350 MB of memory, what they share counted once; a tar pit is asked once (R5, R6); bytes that came to
    nothing are counted (R8); an index is followed three deep (R15), a calendar as far as the seed says and
    posts to the first page without new ones or the twentieth (R16); Retry-After is clamped (R26)."""
    asked = Counter(done.wire.asked)
    for took, budget in zip(done.seconds, done.budgets, strict=True):
        assert took < budget
    assert done.memory.most < 350 * MB
    assert asked["r5.test/feed"] == asked["r6.test/feed"] == 1
    assert sum(place.startswith("r8.test/d/") for place in asked) == REQUESTS
    assert 3 <= sum(place.startswith("r8-bytes.test/d/") for place in asked) <= 4
    assert sum(place.startswith("r15.test/sitemap") for place in asked) == 1 + 2 + 4
    assert (
        sum(place.startswith("r15-wide.test/") and place.endswith("xml") for place in asked)
        == 1 + REQUESTS
    )
    assert sum(place.startswith("r16.test/latest") for place in asked) == 5
    pages_of = Counter(place.partition("/")[0] for place in done.wire.asked if "/wp-json/" in place)
    assert (pages_of["r16-rest.test"], pages_of["r16-same.test"]) == (20, 2)
    now = datetime.now(UTC).replace(tzinfo=None)
    held = {
        row["host"].partition(":")[0]: datetime.fromisoformat(row["not_before_at"]) - now
        for row in rows(done.among, "SELECT * FROM hosts")
    }
    assert timedelta(hours=23) < held["r26.test"] <= timedelta(hours=24)
    assert held["r26-past.test"] <= timedelta(minutes=1)


def test_r8_slow_places_and_pages_end_with_their_source_s_seconds(
    done: Done, tmp_path: Path
) -> None:
    """R8: a page or a sitemap's file that takes just under the time-out is asked for as long as the
    source has seconds left; the rest stays queued."""
    drip = flows([OK, b"Content-Length: 5\r\n\r\n", b"wait."], pause=0.3)
    done.wire.answers |= {
        "slow-pages.test/feed": feed(*(f"/d/{n}" for n in range(40))),
        "slow-files.test/sitemap.xml": lambda r: _index(r, [f"{base(r)}/d/{n}" for n in range(40)]),
        "slow-pages.test/robots.txt": says(b"", status=404), "slow-files.test/robots.txt": says(b"", status=404),
        "slow-pages.test": drip, "slow-files.test": drip,
    }  # fmt: skip
    done.wire.hosts |= {"slow-pages.test": "127.0.0.2", "slow-files.test": "127.0.0.2"}
    seeds = {
        "slow-pages": seed(done.wire, "slow-pages.test", FEED),
        "slow-files": seed(done.wire, "slow-files.test", SITEMAP),
    }
    config = install(tmp_path, done.wire, seeds, "budget_seconds = 2\n")
    done.poller.poll(config)
    asked = {s: sum(place.startswith(f"{s}.test/d/") for place in done.wire.asked) for s in seeds}
    assert max(asked.values()) <= 4
    (poll,) = rows(config, "SELECT * FROM polls WHERE source = 'slow-pages'")
    assert (poll["new"], poll["queued"]) == (40, 40 - asked["slow-pages"])
    (poll,) = rows(config, "SELECT * FROM polls WHERE source = 'slow-files'")
    assert (poll["reason"], poll["detail"]) == ("budget", "no seconds left in this crawl")


def test_r14_a_million_addresses_hold_nobody_up(done: Done) -> None:
    """R14: while one is read, the newest taken and the rest counted, the reactor is never held up for a
    quarter of a second more than in the good papers' own round."""
    assert done.held_up[1] < 0.25 + done.held_up_alone[1]


def test_r17_what_came_at_once_is_read_in_parts_and_none_of_it_lost(done: Done) -> None:
    """R17: of 50,000 entries each is written down, as many asked for a poll as its budget covers, the rest
    waits; R17, R16: that it came and that a list has no end is found."""
    fates = {
        row["fate"]: row["n"]
        for row in rows(
            done.among,
            "SELECT fate, count(*) AS n FROM sightings WHERE source = 'r17' GROUP BY fate",
        )
    }
    assert fates == {"queued": 50_000 - 2 * REQUESTS, "failed": 2 * REQUESTS}
    found = {
        (row["source"], row["kind"])
        for row in rows(done.among, "SELECT source, kind FROM findings")
    }
    assert found >= {("r17", "burst"), ("r25", "burst"), ("r16", "endless")}
    assert ("r16-rest", "endless") not in found  # of a first look everything is new


def test_r23_the_last_good_robots_txt_holds(done: Done, tmp_path: Path) -> None:
    """R23: while robots.txt cannot be had, or is a web page, the rules of its last good copy hold, from one
    start to the next; R22: of one without an end, those in front do; without a copy nothing is asked."""
    wire, host = done.wire, "rules.test"
    rules = b"User-agent: *\nDisallow: /b\n"
    wire.hosts |= dict.fromkeys((host, "none.test", "endless.test"), "127.0.0.2")
    wire.answers |= {
        f"{host}/robots.txt": says(rules, "text/plain"), f"{host}": story(), "none.test": story(),
        "none.test/robots.txt": says(b"", status=503), "none.test/feed": feed("/a/0"),
        "endless.test/robots.txt": flows(forever(b"# and so on\n" * 1000, OK + b"\r\n" + rules)),
        "endless.test/feed": feed("/a/0", "/b/0"), "endless.test": story(),
    }  # fmt: skip
    seeds = {name: seed(wire, f"{name}.test", FEED) for name in ("rules", "none", "endless")}
    config = install(tmp_path, wire, seeds, "timeout_seconds = 5\n")
    hangs_up = flows([b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nUser-agent: *\n"])
    answers = (
        None,
        says(b"", status=503),
        hangs_up,
        says(b"<!doctype html><p>We are back soon</p>"),
        says(b"", status=500),
    )
    for n, answer in enumerate(answers):
        if answer is not None:
            wire.answers[f"{host}/robots.txt"] = answer
        wire.answers[f"{host}/feed"] = feed(
            *(f"/{letter}/{n}" for n in range(n + 1) for letter in "ab")
        )
        done.poller.poll(config)
        _age_robots(config)
    fates = {
        row["url"].rpartition(".test")[2].partition("/")[2]: f"{row['fate']} {explained(row)}"
        for row in rows(config, "SELECT * FROM sightings WHERE source = 'rules'")
    }
    assert fates == {f"a/{n}": "kept " for n in range(5)} | {
        f"b/{n}": "failed robots: forbidden by robots.txt" for n in range(5)
    }
    asked = Counter(place for place in wire.asked if place.startswith(("rules", "none", "endless")))
    assert asked["rules.test/robots.txt"] >= 5 and not [place for place in asked if "/b/" in place]
    assert set(asked) >= {"endless.test/a/0"} and {
        place for place in asked if place.startswith("none")
    } == {"none.test/robots.txt"}


def _age_robots(config: Path) -> None:
    """Two days pass for every copy that is kept."""
    with app.open_app(load(config)) as opened, opened.archive.engine.begin() as c:
        c.execute(tables.robots.update().values(fetched_at=datetime.now(UTC) - timedelta(days=2)))
