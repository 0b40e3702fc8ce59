"""Hostile and broken pages: what each of them may cost, and what becomes of its story."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from crawler import charset, extraction, feeds, matching, posts
from crawler.model import Article, Page, Reading, Rejection
from crawler.pool import ReaderPool
from crawler.seeds import Topic
from tests.builders import NOW, a_page, a_source, an_entry

TITLE = "المغرب والعراق يوقعان اتفاقية تعاون أمني"
TEXT = "وقع الوزيران اليوم في العاصمة اتفاقية جديدة تخص النقل البري بين المدينتين على مدى خمس سنوات."
TIMEOUT = 3.0  # seconds a page in these tests; 10 outside
GOOD = f"<html><body><article><h1>{TITLE}</h1>" + f"<p>{TEXT}</p><p>وقال المتحدث إن الأشغال تبدأ قريبا في الموقع.</p>" * 3 + "</article></body></html>"


def read(body: str | bytes, **changes: object) -> Article:
    """The article in a page, read in this process."""
    found = extraction.extract(a_page(body, **changes), a_source())
    assert isinstance(found, Article)
    return found


def a_story(text: str = TEXT, head: str = "", title: str = TITLE) -> str:
    """A plain page with this text in it three times over."""
    return f"<html><head>{head}<title>{title}</title></head><body><article><h1>{title}</h1>" + f"<p>{text}</p>" * 3 + "</article></body></html>"


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    """One warm worker that gives a page TIMEOUT seconds, with a topic that flags TITLE."""
    from crawler import app as apps

    made = ReaderPool(tuple(apps.load_seeds(None).topics.values()), workers=1, timeout_seconds=TIMEOUT)
    made.start()
    asyncio.run(made.read(a_page(GOOD), a_source()))
    yield made
    made.stop()


def through(pool: ReaderPool, page: Page) -> Reading:
    """The page read in the pool."""
    found = asyncio.run(pool.read(page, a_source()))
    assert isinstance(found, Reading)
    return found


BOMBS = {
    "attributes": "<html><body><p " + " ".join(f"a{n}=1" for n in range(50_000)) + f">{TEXT}</p></body></html>",
    "breaks": "<html><body><div>" + "x<br>" * 200_000 + "</div></body></html>",
    "links": "<html><body>" + "<a href='/a'>a link to it</a> " * 30_000 + "</body></html>",
    "dates": "<html><body><h1>x</h1>" + "<p>2019-01-01 12 آب 2020</p>" * 15_000 + "</body></html>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_r18_a_bomb_costs_its_own_time_and_no_other_page(pool: ReaderPool, bomb: str) -> None:
    """At most its limit; title and summary from the feed are matched all the same; the next page is read."""
    started = time.monotonic()
    found = through(pool, a_page(BOMBS[bomb], entry=an_entry(title=TITLE)))
    assert time.monotonic() - started < TIMEOUT + 2
    labels = {label for match in found.matches for label in match.labels}
    assert found.article.extraction in ("full", "empty") or "security" in labels
    assert through(pool, a_page(GOOD)).article.extraction == "full"


@pytest.mark.parametrize("depth", [255, 300, 5_000, 100_000])
def test_r19_deep_nesting_hides_nothing(pool: ReaderPool, depth: int) -> None:
    """M16: beyond libxml2's depth a page is still a Reading whose title is matched; never nothing."""
    page = "<html><body>" + "<div>" * depth + f"<p>{TEXT}</p>" * 4 + "</div>" * depth + "</body></html>"
    found = through(pool, a_page(page, entry=an_entry(title=TITLE)))
    assert found.matches or TEXT in found.article.body


@pytest.mark.parametrize("body", ["ا" * 6_000_000, f"<p>{TEXT}</p>" * 100_000], ids=["one token", "20 MB"])
def test_r20_the_text_of_a_huge_page_is_capped(pool: ReaderPool, body: str) -> None:
    """What is kept is at most a million characters, however much was sent."""
    found = through(pool, a_page(f"<html><body><article>{body}</article></body></html>", entry=an_entry(title=TITLE)))
    assert len(found.article.body) <= extraction.LONGEST_BODY
    assert found.article.headline


def test_r20_both_ends_of_a_huge_text_are_matched(topic: Topic) -> None:
    """What stands behind a million characters is kept and matched as well, and the cut is said."""
    filler = "".join(f"<p>{n} {'كلام كثير لا يقول شيئا. ' * 100}</p>" for n in range(500))
    said = "وقع المغرب والعراق اتفاقية للتعاون الأمني."
    article = read(f"<html><body><article><h1>خبر</h1><p>البداية هنا.</p>{filler}<p>{said}</p></article></body></html>", entry=None)
    assert article.extraction == "truncated" and len(article.body) <= extraction.LONGEST_BODY
    assert article.body.startswith("البداية") and article.body.endswith(said)
    assert matching.match(article, (topic,))


@pytest.mark.parametrize("bomb", [b"[" * 100_000, b'{"version": ' + b"9" * 100_000 + b"}", b'{"a":' * 50_000], ids=["deep", "digits", "objects"])
def test_r21_a_json_bomb_is_no_feed_and_no_facts(bomb: bytes) -> None:
    """RecursionError and ValueError are answers: no feed, and a page whose JSON-LD says nothing."""
    assert feeds.parse(b"{" + bomb, "http://news.test/", "application/json").kind == ""
    assert posts.parse(bomb, "http://news.test/wp-json/wp/v2/posts", "application/json").kind == ""
    article = read(a_story(head=f"<script type='application/ld+json'>{bomb.decode()}</script>"))
    assert article.headline == TITLE


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "utf-7"])
def test_p1_a_charset_that_lies_is_found_out(encoding: str) -> None:
    """windows-1256, UTF-16 and UTF-7 under a header of utf-8: readable, and the lie is noted."""
    body = a_story(TEXT).encode(encoding, "xmlcharrefreplace")
    article = read(body)
    assert TEXT in article.body and "\ufffd" not in article.body
    assert charset.decode(body, "text/html; charset=utf-8")[2]


def test_p2_what_databases_refuse_never_arrives() -> None:
    """NUL, C0, C1, surrogates and non-characters, raw or as entities, are in no field."""
    dirty = "\x00\x07\x9d\ufdd0&#0;&#1;&#xD800;"
    article = read(a_story(TEXT[:40] + dirty + TEXT[40:], title=TITLE + dirty).encode("utf-8", "replace"))
    for text in (article.headline, article.body, article.lead):
        assert text == charset.readable(text)
        text.encode()


@pytest.mark.parametrize("disguise", ["المغـــرب والعــراق", "المَغْرِب والعِرَاق", "المغ\u200cرب والع\u200dراق", "ﺍﻟﻤﻐﺮﺏ ﻭﺍﻟﻌﺮﺍﻕ", "المغ\u00adرب والعراق"])
def test_p4_disguised_words_are_matched(topic: Topic, disguise: str) -> None:
    """M32: tatweel, harakat, zero-width, presentation forms and soft hyphens hide nothing."""
    article = read(a_story(title=f"{disguise} يوقعان اتفاقية تعاون أمني"))
    assert matching.match(article, (topic,))


def test_p5_a_word_split_by_tags_is_one_word(topic: Topic) -> None:
    """<b>الع</b>راق is العراق, and an entity is its letter."""
    split = "وقع المغرب و<b>الع</b>راق اتفاقية تعاون أمني في ال&#x639;اصمة، كما أعلن الوزيران بعد الاجتماع."
    article = read(a_story(split, title="خبر من العاصمة"))
    assert "والعراق اتفاقية" in article.body and "العاصمة" in article.body


def test_p6_hidden_text_does_not_replace_the_visible() -> None:
    """Stuffing beside a text leaves the text and the headline what readers see."""
    hidden = "<div style='display:none'>كلمات مخفية كثيرة</div>"
    article = read(a_story().replace("<article>", f"<article>{hidden}"))
    assert article.headline == TITLE and TEXT in article.body


@pytest.mark.parametrize("said", ["en", "fr", "zz", ""])
def test_p7_the_language_tag_gates_nothing(topic: Topic, said: str) -> None:
    """An Arabic article that says it is English is Arabic, and is matched."""
    page = a_story().replace("<html>", f"<html lang='{said}'>")
    found = extraction.extract(a_page(page), a_source(languages=("en",)))
    assert isinstance(found, Article)
    assert found.language == "ar"
    assert matching.match(found, (topic,))


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1970-01-01T00:00:00Z", None), ("2099-01-01", None), ("2026-13-45", None), ("13 جمادى الأولى 1447", None), ("", None),
        ("22 نونبر 2026", "2026-11-22"), ("22 تشرين الثاني 2026", "2026-11-22"), ("2026-11-24T08:00:00Z", "2026-11-24"), ("2026-11-26", None),
    ],
)  # fmt: skip
def test_p8_a_date_is_right_or_none(printed: str, day: str | None) -> None:
    """Impossible, Hijri alone, too late: none, and the article is kept by when it was first seen."""
    article = read(a_story(head=f"<meta property='article:published_time' content='{printed}'>"), entry=None)
    assert (article.published and article.published.at.date().isoformat()) == day
    assert article.first_seen_at == NOW


def test_p9_years_in_the_text_are_no_dates() -> None:
    """M18: "Paragraph 1995", a literal 1995-01-01 and a far <time> do not outweigh the feed."""
    text = TEXT + " Paragraph 1995, 1995-01-01 و 12 آب 1995 كما ورد في النص القديم."
    article = read(a_story(text) + "<time>1995-01-01</time>", entry=an_entry(published="2026-11-22T08:00Z"))
    assert article.published is not None and article.published.at.year == 2026
    assert read(a_story(text), entry=None).published is None


@pytest.mark.parametrize("tag", ["<link rel=canonical href='{}'>", "<meta property='og:url' content='{}'>"])
def test_p11_no_page_takes_another_outlet_s_address(tag: str) -> None:
    """A canonical address of another site is not honoured: identity stays where it was fetched."""
    article = read(a_story(head=tag.format("https://other.example/b")))
    assert (article.canonical_url, article.url_key) == ("http://news.test/a", "news.test/a")


def test_p21_a_title_is_one_line_of_bounded_length() -> None:
    """Two titles: the first; a megabyte of title is cut."""
    two = "<html><head><title>الأول</title><title>الثاني</title></head><body><p>x</p></body></html>"
    assert read(two, entry=None).headline == "الأول"
    long = f"<html><head><title>{'كلمة ' * 200_000}</title></head><body><p>x</p></body></html>"
    assert 0 < len(read(long, entry=None).headline) <= 500


@pytest.mark.parametrize("body", [b"\x00" * 5_000, bytes(range(256)) * 40, b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_text_is_rejected(body: bytes) -> None:
    """Binary bytes are no article, whatever type is declared."""
    assert isinstance(extraction.extract(a_page(body), a_source()), Rejection)
