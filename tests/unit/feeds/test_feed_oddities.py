"""What stands round a feed, the encoding it is in, and how often its titles are escaped."""

from __future__ import annotations

import json

import pytest

from crawler.feeds import syndication
from crawler.feeds.raw_feed import plain_text

URL = "http://dam.test/feed"
TITLES = {
    "ar": "وزير الري يفتتح السد الجديد في الجنوب من دون العراق",
    "short": "بغداد تستضيف قمة مياه",
    "fr": "L'Algérie inaugure un barrage près de Béjaïa à l'été",
}
SLUGS = {"ar": "وزير-الري-في-الجنوب", "short": "بغداد-قمة", "fr": "algérie-été"}
NAMES = {"ar": "windows-1256", "short": "windows-1256", "fr": "windows-1252"}


def a_feed(kind: str, declared: str = "") -> str:
    """A feed with one story, whose address has letters that are not ASCII."""
    said = f" encoding='{declared}'" if declared else ""
    return (
        f"<?xml version='1.0'{said}?><rss version='2.0'><channel><title>J</title><item>"
        f"<title>{TITLES[kind]}</title><link>http://dam.test/{SLUGS[kind]}</link>"
        f"</item></channel></rss>"
    )


def read(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """Title and address of each entry."""
    found = syndication.parse(body, URL, content_type).entries
    return [(entry.title, entry.url) for entry in found]


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("is_utf8", [True, False])
@pytest.mark.parametrize("header", ["", "utf-8", "iso-8859-1", "own"])
@pytest.mark.parametrize("declared", ["", "utf-8", "own"])
def test_the_bytes_of_a_feed_decide_its_encoding(
    kind: str, is_utf8: bool, header: str, declared: str
) -> None:
    """Header and declaration may be wrong, both of them; words and addresses are right."""
    if kind == "short" and not is_utf8 and "own" not in (header, declared):
        header = "own"  # three words without a common one: something must name their encoding
    header, declared = (NAMES[kind] if said == "own" else said for said in (header, declared))
    body = a_feed(kind, declared).encode("utf-8" if is_utf8 else NAMES[kind])
    right = read(a_feed(kind).encode(), "application/xml; charset=utf-8")
    assert read(body, f"text/xml; charset={header}" if header else "text/xml") == right
    assert right[0][0] == TITLES[kind]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_feeds_are_read_whatever_they_declare(encoding: str) -> None:
    """UTF-16 that calls itself UTF-8, with a mark or without."""
    assert read(a_feed("ar", "utf-8").encode(encoding), "text/xml")[0][0] == TITLES["ar"]


NOTICE = "<br />\n<b>Notice</b>:  Undefined index: lang in <b>/home/rss.php</b> on line <b>14</b>\n"


@pytest.mark.parametrize("before", [NOTICE, "\n\n\n  ", "<script>count()</script>\n", "\ufeff\n"])
@pytest.mark.parametrize("after", ["", "<!-- 0.3 s -->", "<script>count()</script>", "\n\n"])
def test_what_stands_round_a_feed_is_no_part_of_it(before: str, after: str) -> None:
    """Notices of PHP, blank lines, scripts, comments."""
    found = syndication.parse((before + a_feed("fr") + after).encode(), URL, "text/html")
    assert [entry.title for entry in found.entries] == [TITLES["fr"]]
    assert (found.kind, found.partial) == ("rss20", False)


def test_a_json_feed_behind_a_notice_is_read() -> None:
    """Its content type says what to look for."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": "http://dam.test/1", "title": "Barrage &amp;amp; eau"}],
    }
    body = NOTICE.encode() + json.dumps(feed).encode()
    found = syndication.parse(body, URL, "application/feed+json")
    assert [entry.title for entry in found.entries] == ["Barrage & eau"]


def test_controls_and_bare_ampersands_break_nothing() -> None:
    """No XML may have them, and feeds do."""
    text = a_feed("fr").replace("barrage", "\x08\x0bbarrage & port <b>neuf</b> &laquo;x&raquo;")
    assert read(text.encode(), "text/xml")[0][0].startswith(
        "L'Algérie inaugure un barrage & port neuf «x» près"
    )


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Rabat &amp;amp; Bagdad", "Rabat & Bagdad"),
        ("L&amp;#8217;eau", "L’eau"),
        ("L&amp;amp;#039;eau", "L'eau"),
        ("&amp;quot;Paix&amp;quot;&amp;nbsp;!", '"Paix" !'),
        ("&amp;lt;b&amp;gt;Urgent&amp;lt;/b&amp;gt; : crue", "Urgent : crue"),
        ("&lt;i&gt;Al&lt;/i&gt;-Massar", "Al-Massar"),
        ("<b>M</b>aroc<br/>Irak", "Maroc Irak"),
        ("اتفاق &amp;laquo;تاريخي&amp;raquo;", "اتفاق «تاريخي»"),
        ("2 < 3 et 5 > 4", "2 < 3 et 5 > 4"),
        ("R&D, AT&T; Q&A", "R&D, AT&T; Q&A"),
        ("prix <span>en hausse</span>", "prix en hausse"),
    ],
)
def test_a_title_is_plain_however_often_it_was_escaped(written: str, plain: str) -> None:
    """Three programs in a row may each escape it; what is no entity stays."""
    assert plain_text(written) == plain
