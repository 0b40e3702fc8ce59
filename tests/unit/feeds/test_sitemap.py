"""Sitemaps: streamed, bounded, the newest first; whatever bytes come."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import sitemap
from crawler.model import Cause, page
from tests.builders import NOW
from tests.examples import examples

HEAD = (
    "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
)
URL = "http://news.test/sitemap.xml"
TOO_BIG = Cause(reason="too_big", detail="over 52428800 bytes unpacked")


def window(
    rows: str, since: datetime | None = None, head: str = HEAD, tail: str = "</urlset>"
) -> page.FeedWindow:
    """The window of these rows."""
    return sitemap.parse((head + rows + tail).encode(), URL, "application/xml", since)


def test_news_titles_and_dates_come_along() -> None:
    """The Google-News namespace, entities resolved, the publication date before lastmod."""
    (entry,) = window(
        "<url><loc> http://news.test/1 </loc><lastmod>2026-11-23T09:00:00Z</lastmod>"
        "<news:news><news:publication>"
        "<news:name>News</news:name></news:publication><news:publication_date>2026-11-22"
        "</news:publication_date>"
        "<news:title>وقّع &amp; صادق</news:title></news:news></url>"
    ).entries
    assert (entry.url, entry.title, entry.published) == (
        "http://news.test/1",
        "وقّع & صادق",
        "2026-11-22",
    )
    assert entry.updated == "2026-11-23T09:00:00Z"


def test_the_window_of_lastmod_counts_what_is_older() -> None:
    """Newest first, the undated last; a mere day counts to its end."""
    rows = "".join(
        f"<url><loc>http://news.test/{n}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for n, day in enumerate(
            ["2026-11-20", "2026-11-22", "", "2026-11-23T08:00:00+01:00", "2026-11-21"]
        )
    )
    found = window(rows, since=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert [e.url[-1] for e in found.entries] == ["3", "1", "4", "2"]
    assert found.older == 1


def test_too_many_are_counted_and_the_newest_taken() -> None:
    """R14, small: nothing is dropped in silence."""
    rows = "".join(
        (
            f"<url><loc>http://news.test/{n}</loc>"
            f"<lastmod>{(NOW - timedelta(minutes=5000 - n)).isoformat()}</lastmod></url>"
        )
        for n in range(5000)
    )
    found = window(rows)
    assert (len(found.entries), found.left_out) == (sitemap.MAX_SITEMAP_ENTRIES, 3000)
    assert found.entries[0].url.endswith("/4999")


def test_what_is_left_out_is_named_where_its_publication_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Proof of what is missing: an article's own date and hour, never the day it was mended."""
    monkeypatch.setattr(sitemap, "MAX_SITEMAP_ENTRIES", 2)
    dates = ["2026-11-23T09:00:00Z", "2026-11-23T08:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23"]
    rows = (
        "".join(
            (
                f"<url><loc>http://www.news.test/{n}</loc><news:news>"
                f"<news:publication_date>{at}</news:publication_date></news:news></url>"
            )
            for n, at in enumerate(dates)
        )
        + "<url><loc>http://news.test/9</loc><lastmod>2026-11-23T06:00:00Z</lastmod></url>"
    )
    found = window(rows, since=NOW - timedelta(days=3))
    assert found.left_out == 3
    assert sorted((key, at.hour) for key, at in found.beyond) == [
        ("news.test/1", 8),
        ("news.test/2", 7),
    ]


def test_an_index_names_its_files() -> None:
    """Those changed since, and one that was not; at most so many (R15)."""
    rows = "<sitemap><loc>/a.xml</loc><lastmod>2020-01-01</lastmod></sitemap>" + "".join(
        f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(300)
    )
    found = window(
        rows,
        NOW,
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        "</sitemapindex>",
    )
    assert (found.kind, len(found.more), found.older, found.left_out) == (
        "sitemapindex",
        sitemap.MAX_INDEX_FILES,
        1,
        101,
    )
    assert found.more[0] == "http://news.test/0.xml"
    assert found.doubted == found.more[-1:] == ("http://news.test/a.xml",)


def test_a_broken_end_gives_what_stood_before() -> None:
    """P20: cut off in the middle, packed or not."""
    rows = "".join(f"<url><loc>http://news.test/{n}</loc></url>" for n in range(50))
    assert len(window(rows + "<url><loc>http://ne", tail="").entries) >= 50
    assert window(rows, tail="").partial
    assert not window(rows).partial
    assert window(rows + "<url><loc>http://ne", tail="").partial
    packed = gzip.compress((HEAD + rows * 40 + "</urlset>").encode())
    assert sitemap.parse(packed[: len(packed) // 2], URL, "", None).partial
    assert not sitemap.parse(packed, URL, "", None).partial


def test_tags_that_are_never_closed_end_it() -> None:
    """8 MB of them took libxml2 minutes to mend; what stood in front is taken."""
    found = sitemap.parse(
        f"{HEAD}<url><loc>http://news.test/a</loc></url>".encode()
        + b" " * 70_000
        + b"<a b='" * 1_000_000,
        URL,
        "",
        None,
    )
    assert len(found.entries) == 1
    assert found.refused is not None and found.refused.reason == "parse_bomb"


def test_an_image_s_title_is_not_the_story_s() -> None:
    """Only the news namespace names one; of two addresses the first is the page's."""
    (entry,) = window(
        "<url><loc>http://news.test/1</loc><i:image xmlns:i='urn:image'><i:title>Photo"
        "</i:title><i:loc>/1.png</i:loc></i:image></url>"
    ).entries
    assert (entry.url, entry.title) == ("http://news.test/1", "")


def test_what_is_no_sitemap_says_so() -> None:
    """A page instead of a sitemap is not an empty one."""
    assert sitemap.parse(b"<html><body>parked</body></html>", URL, "", None).kind == ""
    assert sitemap.parse(b"", URL, "", None).kind == ""
    assert window("").kind == "sitemap"


@settings(max_examples=examples(60))
@given(st.binary(max_size=300))
def test_no_bytes_can_break_it(body: bytes) -> None:
    """Any bytes, packed or bare, give a window."""
    for each in (body, HEAD.encode() + body, gzip.compress(body), b"\x1f\x8b" + body):
        assert sitemap.parse(each, URL, "", NOW).kind in ("", "sitemap", "sitemapindex")


SINCE = NOW - timedelta(days=3)  # the morning of 20 November 2026


@pytest.mark.parametrize(
    "name",
    [
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9/'",
        "xmlns:news='https://www.google.com/schemas/sitemap-news/0.9'",
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.84'",
        "xmlns:n='HTTP://WWW.GOOGLE.COM/schemas/sitemap-News/0.9'",
        "",
    ],
)
def test_news_is_known_by_its_local_name(name: str) -> None:
    """However its namespace is written, or if it was never declared."""
    prefix = "n" if ":n=" in name else "news"
    rows = "".join(
        f"<url><loc>/{n}</loc><{prefix}:news><{prefix}:publication_date>{at}"
        f"</{prefix}:publication_date><{prefix}:title>Barrage {n}</{prefix}:title>"
        f"</{prefix}:news></url>"
        for n, at in enumerate(["2019-05-02", "2026-11-24T07:00:00+01:00"])
    )
    found = window(
        rows, SINCE, f"<urlset xmlns='http://www.google.com/schemas/sitemap/0.84' {name}>"
    )
    assert [(e.title, e.published) for e in found.entries] == [
        ("Barrage 1", "2026-11-24T07:00:00+01:00")
    ]
    assert found.older == 1


@pytest.mark.parametrize(
    ("fresh", "stale"),
    [
        ("Tue, 24 Nov 2026 08:00:00 GMT", "Sat, 02 Mar 2019 08:00:00 GMT"),
        ("24/11/2026", "29/03/2019"),
        ("24.11.2026 08:15", "02.03.2019 08:15"),
        ("11/12/2026", "03/02/2019"),  # either day is fresh, or stale
        ("2026-11-24T8:00:00+01:00", "2019-03-02T8:00:00+01:00"),
        ("2026-11-24T8:00+0100", "2019-03-02T8:00+0100"),
        ("2026-11-24 08:00:00 +01:00", "2019-03-02 08:00:00 +01:00"),
        ("2026-11-24T08:00:00.1234567Z", "2019-03-02T08:00:00.1234567Z"),
        ("2026-11-24T08:00:00 UTC", "2019-03-02T08:00:00 UTC"),
        ("2026-11-24T24:00:00Z", "2019-03-02T24:00:00Z"),
        ("2026-11", "2019-03"),
        ("2026", "2019"),
        ("24 novembre 2026", "2 mars 2019"),
        ("24 نونبر 2026", "2 مارس 2019"),
        ("1795507200", "1551520000"),
    ],
)
def test_dates_of_other_forms_are_understood(fresh: str, stale: str) -> None:
    """What may be new is listed, what is surely old is counted."""
    rows = "".join(
        f"<url><loc>/{n}</loc><lastmod>{at}</lastmod></url>" for n, at in enumerate([stale, fresh])
    )
    found = window(rows, SINCE)
    assert ([e.url[-1] for e in found.entries], found.older) == (["1"], 1)


@pytest.mark.parametrize(
    "senseless", ["1970-01-01T00:00:00+00:00", "-0001-11-30", "0000-00-00 00:00:00", "%lastmod%"]
)
def test_a_senseless_date_is_no_date(senseless: str) -> None:
    """1970 and the year 0 are clocks that failed: the address may be new."""
    found = window(f"<url><loc>/1</loc><lastmod>{senseless}</lastmod></url>", SINCE)
    assert (len(found.entries), found.older) == (1, 0)


@pytest.mark.parametrize("date", ["", "<lastmod>2026-11-24</lastmod>"])
def test_a_list_with_one_date_or_none_is_read_from_both_ends(
    date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some outlets begin with the oldest, and write one date everywhere, or none."""
    monkeypatch.setattr(sitemap, "MAX_SITEMAP_ENTRIES", 4)
    found = window("".join(f"<url><loc>/{n}</loc>{date}</url>" for n in range(10)), SINCE)
    assert [e.url[-1] for e in found.entries] == ["0", "9", "1", "8"]
    assert found.left_out == 6


def index(*dates: str, since: datetime = SINCE, turn: int = 0) -> page.FeedWindow:
    """The window of an index whose files have these dates."""
    rows = "".join(
        f"<sitemap><loc>/{n}.xml</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
        for n, at in enumerate(dates)
    )
    body = f"<sitemapindex>{rows}</sitemapindex>".encode()
    return sitemap.parse(body, URL, "", since, turn)


@pytest.mark.parametrize(("stale", "looked_at"), [(2, 2), (9, 3), (40, 1)])
def test_every_stale_file_of_an_index_has_its_turn(stale: int, looked_at: int) -> None:
    """An index may never be dated anew, while its files are; a long one is an outlet's past."""
    dates = ["2020-01-01"] * stale + ["2026-11-24"]
    looked = [index(*dates, turn=turn) for turn in range(100)]
    assert all(found.more[0] == f"http://news.test/{stale}.xml" for found in looked)
    assert all(len(found.more) == 1 + looked_at for found in looked)
    assert all(found.doubted == found.more[1:] for found in looked)
    assert {url for found in looked for url in found.doubted} == {
        f"http://news.test/{n}.xml" for n in range(stale)
    }


def test_of_an_index_without_a_fresh_file_the_likely_ones_are_read() -> None:
    """The newest, the last and the first: one of them is the outlet's present."""
    found = index("2020-01-01", "2021-05-01", *["2019-01-01"] * 6)
    assert {"http://news.test/0.xml", "http://news.test/1.xml", "http://news.test/7.xml"} <= set(
        found.more
    )
    assert len(found.more) <= 6


def test_a_doubted_file_gives_few_undated_entries() -> None:
    """Nearly all are old: an outlet's past is not requested for one new story."""
    dated = "<url><loc>/new</loc><lastmod>2026-11-24</lastmod></url>"
    body = HEAD + "".join(f"<url><loc>/{n}</loc></url>" for n in range(3000)) + dated + "</urlset>"
    found = sitemap.parse(body.encode(), URL, "", SINCE, 0, True)
    assert found.entries[0].url.endswith("/new")
    assert len(found.entries) == 1 + sitemap.MAX_DOUBTED_ENTRIES
    assert found.entries[2].url.endswith("/2999")
    assert (found.older, found.left_out) == (3000 - sitemap.MAX_DOUBTED_ENTRIES, 0)


ROW = "<url><loc>http://news.test/السد</loc></url>"
PLAIN = f"<?xml version='1.0' encoding='utf-8'?><urlset>{ROW}</urlset>"
ARABIC = "".join(f"<url><loc>/في-السد-من-العراق-إلى-المغرب-{n}</loc></url>" for n in range(9))


def pack(body: bytes) -> bytes:
    """The same at every run."""
    return gzip.compress(body, mtime=0)


NOTICE = "<br />\n<b>Warning</b>: Undefined $x in <b>/home/w/map.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    "body",
    [
        pack(PLAIN.encode()),
        pack(pack(PLAIN.encode())),
        pack(PLAIN[:60].encode()) + pack(PLAIN[60:].encode()),
        pack(PLAIN.encode()) + b"\0" * 100,
        f"\n\n  {PLAIN}".encode(),
        f"\ufeff\n{PLAIN}".encode(),
        (NOTICE + PLAIN).encode(),
        pack((NOTICE + PLAIN).encode()),
        PLAIN.encode("utf-16"),
        PLAIN.replace("utf-8", "windows-1256").encode(),
        PLAIN.replace("<url>", "<url>\x0c\x01").encode(),
        f"<URLSET>{ROW.replace('loc', 'Loc')}</URLSET>".encode(),
        f"<s:urlset xmlns:s='x'>{ROW.replace('<', '<s:').replace('<s:/', '</s:')}</s:urlset>".encode(),
        b"http://news.test/%D8%A7%D9%84%D8%B3%D8%AF\n",
        b"\xef\xbb\xbf\r\nhttp://news.test/%D8%A7%D9%84%D8%B3%D8%AF\r\n\r\n",
        pack("http://news.test/السد".encode()),
    ],
)
def test_whatever_a_sitemap_is_wrapped_in_it_is_read(body: bytes) -> None:
    """Packings, encodings, blanks and notices before the XML, text."""
    found = sitemap.parse(body, URL, "application/xml", SINCE)
    assert [e.url for e in found.entries] == ["http://news.test/%D8%A7%D9%84%D8%B3%D8%AF"]
    assert (found.kind, found.partial) == ("sitemap", False)


def test_a_sitemap_s_encoding_is_decided_by_its_bytes() -> None:
    """What is declared UTF-8 and is windows-1256 gives the right addresses, not question marks."""
    text = f"<?xml version='1.0' encoding='UTF-8'?><urlset>{ARABIC}</urlset>"
    right = sitemap.parse(text.encode(), URL, "", SINCE).entries
    wrong = sitemap.parse(text.encode("cp1256"), URL, "text/xml; charset=utf-8", SINCE).entries
    assert [e.url for e in wrong] == [e.url for e in right]
    assert len(right) == 9


def test_a_feed_in_a_sitemap_s_place_is_read_as_one() -> None:
    """sitemaps.org allows RSS and Atom; what is dated before is counted."""
    items = "".join(
        f"<item><title>L&amp;#8217;eau {n}</title><link>http://news.test/{n}</link>"
        f"<pubDate>{at}</pubDate></item>"
        for n, at in enumerate(["Tue, 24 Nov 2026 08:00:00 GMT", "Sat, 02 Mar 2019 08:00:00 GMT"])
    )
    body = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"
    found = sitemap.parse(pack(body.encode()), URL, "", SINCE)
    assert [(e.url, e.title) for e in found.entries] == [("http://news.test/0", "L’eau 0")]
    assert (found.kind, found.older) == ("rss20", 1)


@pytest.mark.parametrize("body", [b"User-agent: *\nhttp://a.example/", b"hello http://a/", b"404"])
def test_other_texts_are_no_sitemap(body: bytes) -> None:
    """Only a list of addresses, one a line, is one."""
    assert sitemap.parse(body, URL, "text/plain", SINCE).kind == ""


def test_a_row_that_is_not_closed_is_no_other_s_part() -> None:
    """Each keeps its own address and date."""
    rows = "<url><loc>/1</loc><lastmod>2026-11-24</lastmod><url><loc>/2</loc></url>"
    found = window(rows, SINCE)
    assert [(e.url[-1], e.updated) for e in found.entries] == [("1", "2026-11-24"), ("2", None)]


def test_a_picture_before_the_address_is_not_the_address() -> None:
    """The children of a row are its own, not what stands deeper."""
    (entry,) = window("<url><image><loc>/1.png</loc></image><loc>/1</loc></url>", SINCE).entries
    assert entry.url == "http://news.test/1"


def test_of_many_with_one_date_what_is_left_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in the middle, and each once."""
    monkeypatch.setattr(sitemap, "MAX_SITEMAP_ENTRIES", 4)
    news = "<news:news><news:publication_date>2026-11-24T07:00Z</news:publication_date></news:news>"
    for count in (6, 11):
        found = window("".join(f"<url><loc>/{n}</loc>{news}</url>" for n in range(count)), SINCE)
        left_out = {f"news.test/{n}" for n in range(2, count - 2)}
        assert (dict(found.beyond).keys(), found.left_out) == (left_out, count - 4)


def test_a_list_of_addresses_may_have_comments_and_dates() -> None:
    """A comma belongs to its address; what is no address is counted and named."""
    lines = (
        "\ufeff# the harbour's pages\nhttp://news.test/a,1.html\t2026-11-22\n\n"
        "http://news.test/b 2026-11-22T08:00\r\nhttp://news.test/c d\n# end\nhttp://\n"
    )
    found = sitemap.parse(lines.encode(), URL, "text/plain", None)
    assert [(e.url, e.updated) for e in found.entries] == [
        ("http://news.test/a,1.html", "2026-11-22"), ("http://news.test/b", "2026-11-22T08:00"),
        ("http://news.test/c%20d", None),
    ]  # fmt: skip
    assert found.unusable == 1
