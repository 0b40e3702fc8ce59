"""Hostile and broken pages: what each of them may cost, and what becomes of its story."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import charset, matching, reading, spiders
from crawler.extraction.article import MAX_BODY_CHARACTERS, extract
from crawler.feeds import syndication
from crawler.matching import explanation, rejudge
from crawler.matching.topics import Topic
from crawler.model import Article, FeedWindow, Page, PreparedArticle, Reading, Rejection
from crawler.monitoring.check import HealthCheck
from crawler.views import explanation as views_explanation
from crawler.views import explanation_html
from crawler.workers.pool import ReaderPool
from storage.archive import SqlArchive
from storage.article_scan import SqlScan
from storage.coverage import SqlCoverage
from storage.source_history import SqlSourceHistory
from storage.watchlist import SqlWatchList
from tests.builders import NOW, a_page, a_reading, a_source, an_entry, save_article
from tests.integration.test_archive import sight

TITLE = "المغرب والعراق يوقعان اتفاقية تعاون أمني"
TEXT = (
    "وقع الوزيران اليوم في العاصمة اتفاقية جديدة تخص النقل البري بين المدينتين على مدى خمس سنوات."
)
TIMEOUT = 3.0  # seconds of CPU a page in these tests; 10 outside
STARTING = 7.0  # seconds of CPU that a new worker's imports may take where the old one died
GOOD = (
    f"<html><body><article><h1>{TITLE}</h1>"
    + f"<p>{TEXT}</p><p>وقال المتحدث إن الأشغال تبدأ قريبا في الموقع.</p>" * 3
    + "</article></body></html>"
)


def read(body: str | bytes, **changes: object) -> Article:
    """The article in a page, read in this process."""
    found = extract(a_page(body, **changes), a_source())
    assert isinstance(found, Article)
    return found


def a_story(text: str = TEXT, head: str = "", title: str = TITLE) -> str:
    """A plain page with this text in it three times over."""
    return (
        f"<html><head>{head}<title>{title}</title></head><body><article><h1>{title}</h1>"
        + f"<p>{text}</p>" * 3
        + "</article></body></html>"
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    """One warm worker that gives a page TIMEOUT seconds, with a topic that flags TITLE."""
    from crawler.seeds import folder

    made = ReaderPool(
        tuple(folder.load_seeds(None, spiders.kinds()).topics.values()),
        workers=1,
        timeout_seconds=TIMEOUT,
    )
    made.start()
    asyncio.run(made.read(a_page(GOOD), a_source()))
    yield made
    made.stop()


def labels_of(found: Reading) -> set[str]:
    """The labels that hold."""
    return {label for match in found.matches for label in match.labels}


def through(pool: ReaderPool, page: Page) -> Reading:
    """The page read in the pool."""
    found = asyncio.run(pool.read(page, a_source()))
    assert isinstance(found, PreparedArticle)
    return found.reading


def spent(pool: ReaderPool) -> float:
    """Seconds of CPU that the pool's workers took, dead ones too; a busy machine adds none."""
    dead = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for pid in pool.pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return dead.ru_utime + dead.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


BOMBS = {
    "attributes": "<html><body><p "
    + " ".join(f"a{n}=1" for n in range(50_000))
    + f">{TEXT}</p></body></html>",
    "breaks": "<html><body><div>" + "x<br>" * 200_000 + "</div></body></html>",
    "links": "<html><body>" + "<a href='/a'>a link to it</a> " * 30_000 + "</body></html>",
    "dates": "<html><body>" + "<p>2019-01-01 12 آب 2020</p>" * 15_000 + "</body></html>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_r18_a_bomb_costs_its_own_time_and_no_other_page(pool: ReaderPool, bomb: str) -> None:
    """At most its limit; title and summary from the feed are matched all the same; the next page
    is read.
    """
    before = spent(pool)
    found = through(pool, a_page(BOMBS[bomb], entry=an_entry(title=TITLE)))
    assert spent(pool) - before < TIMEOUT + STARTING
    assert "security" in labels_of(found)
    assert through(pool, a_page(GOOD)).article.extraction == "full"


def test_r18_what_broke_its_reader_is_kept_and_waits_for_somebody(
    archive: SqlArchive, topic: Topic
) -> None:
    """The bytes are kept to the last, the story is matched by title, and a finding names the
    article.
    """
    page = a_page(BOMBS["attributes"], entry=an_entry(title=TITLE))
    (sighting,) = sight(archive, "/a")
    kept = save_article(
        archive, sighting, page, reading.unreadable(page, a_source(), (topic,), "timeout"), NOW
    )
    stored = archive.unread_page(sighting)
    assert stored is not None and stored.body == page.body
    assert archive.article(kept).matches[0].labels == ("bilateral", "security")
    found = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    ).run([a_source()], NOW)
    assert [(f.kind, f.proof) for f in found] == [
        (
            "stuck",
            (
                "1 of the last 1 articles broke their reader: judged by title, summary and"
                f" address alone: {kept}"
            ),
        )
    ]


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "left open"])
@pytest.mark.parametrize("depth", [255, 300, 5_000, 100_000])
def test_r19_deep_nesting_hides_nothing(depth: int, closed: bool) -> None:
    """M16: beyond libxml2's depth, and beyond what lexbor can close in time, the text is read all
    the same.
    """
    page = (
        "<html><body>"
        + "<div>" * depth
        + f"<p>{TEXT}</p>" * 4
        + "</div>" * depth * closed
        + "</body></html>"
    )
    article = read(page)
    assert article.extraction == "full"
    assert article.body == "\n\n".join([TEXT] * 4)


@pytest.mark.parametrize(
    "body", ["ا" * 6_000_000, f"<p>{TEXT}</p>" * 100_000], ids=["one token", "20 MB"]
)
def test_r20_the_text_of_a_huge_page_is_capped(pool: ReaderPool, body: str) -> None:
    """What is kept is at most a million characters, however much was sent."""
    found = through(
        pool,
        a_page(f"<html><body><article>{body}</article></body></html>", entry=an_entry(title=TITLE)),
    )
    assert len(found.article.body) <= MAX_BODY_CHARACTERS
    assert found.article.headline == TITLE and "security" in labels_of(found)


def test_r20_a_text_too_long_keeps_its_head_and_its_tail(topic: Topic) -> None:
    """The flag says so, and a story told at the very end is matched."""
    filler = (
        "وتواصلت الأشغال في الموقع طوال اليوم بحضور عدد من المهندسين والعمال كما كان مقررا "
        "منذ أشهر."
    )
    body = (
        f"<p>{TEXT}</p>"
        + f"<p>{filler}</p>" * 12_000
        + f"<p>{TITLE} في ختام اجتماع الوزيرين بالعاصمة.</p>"
    )
    page = a_page(
        f"<html><body><article><h1>نشرة اليوم</h1>{body}</article></body></html>", entry=None
    )
    found = reading.read(page, a_source(), (topic,))
    assert isinstance(found, Reading)
    article = found.article
    assert article.oddities == ("truncated",)
    assert len(article.body) == MAX_BODY_CHARACTERS
    assert article.body.startswith(TEXT) and TITLE in article.body[-200:]
    assert "security" in labels_of(found)
    assert all(
        article.body[m.start : m.end] == m.text
        for m in found.matches[0].mentions
        if m.field == "body"
    )


DIGITS = b'[{"id": ' + b"9" * 1_000_000 + b"}]"
JSON_BOMBS = {"deep": b"[" * 100_000, "deep objects": b'{"a":' * 100_000, "digits": DIGITS}


@pytest.mark.parametrize("bomb", JSON_BOMBS)
@pytest.mark.parametrize("kind", ["wordpress", "feed"])
def test_r21_a_json_bomb_is_no_feed(pool: ReaderPool, bomb: str, kind: str) -> None:
    """RecursionError and ValueError are answers: what cannot be parsed is no feed, and costs no
    worker.
    """
    before = pool.pids
    window = asyncio.run(
        pool.window(
            JSON_BOMBS[bomb], "http://news.test/wp-json/wp/v2/posts", "application/json", kind
        )
    )
    assert isinstance(window, FeedWindow)
    assert (window.kind, window.entries) == ("", ())
    assert pool.pids == before


@pytest.mark.parametrize("bomb", JSON_BOMBS)
def test_r21_a_json_bomb_in_a_page_says_nothing_of_it(bomb: str) -> None:
    """JSON-LD that cannot be parsed is passed over; the page is read by what it shows."""
    article = read(
        a_story(head=f"<script type='application/ld+json'>{JSON_BOMBS[bomb].decode()}</script>")
    )
    assert article.headline == TITLE and TEXT in article.body


@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "utf-16", ""])
@pytest.mark.parametrize(
    "encoding", ["cp1256", "iso-8859-6", "utf-8", "utf-16", "utf-16-le", "utf-7"]
)
def test_p1_a_charset_that_lies_is_found_out(encoding: str, declared: str) -> None:
    """Whatever bytes under whatever header: readable Arabic, and the lie is noted with the
    article.
    """
    header = ("content-type", f"text/html; charset={declared}" if declared else "text/html")
    article = read(a_story(TEXT).encode(encoding, "xmlcharrefreplace"), headers=(header,))
    assert (article.headline, article.body) == (TITLE, "\n\n".join([TEXT] * 3))
    lie = bool(declared) and not encoding.startswith(declared)
    assert ("charset_conflict" in article.oddities) is lie


def test_p1_what_cannot_be_decoded_is_an_alarm(archive: SqlArchive) -> None:
    """More than one letter in a hundred lost: the article is kept, marked, and a finding names
    it.
    """
    garbled = read(a_story(TEXT.replace("ا", "\ufffd")))
    whole = read(a_story(TEXT + " \ufffd"))
    assert (garbled.oddities, whole.oddities) == (("garbled",), ())
    (sighting,) = sight(archive, "/a")
    kept = save_article(
        archive, sighting, a_page("x"), Reading(article=garbled, fingerprint=b""), NOW
    )
    assert archive.article(kept).article == garbled
    found = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    ).run([a_source()], NOW)
    assert [f.kind for f in found] == ["garbled"]


def test_p2_what_databases_refuse_never_arrives(archive: SqlArchive) -> None:
    """NUL, C0, C1, surrogates and non-characters, raw or as entities: both databases take every
    field, unchanged.
    """
    dirty = "\x00\x07\x9d\ufdd0&#0;&#1;&#xD800;"
    head = (
        f"<meta name=author content='A{dirty}B'><meta property='article:section' "
        f"content='S{dirty}'><meta property='og:image' "
        f"content='http://news.test/{dirty}.jpg'>"
    )
    page = a_story(TEXT[:40] + dirty + TEXT[40:], head=head, title=TITLE + dirty).encode(
        "utf-8", "replace"
    )
    article = read(
        page,
        entry=an_entry(
            title=TITLE + "\x00", summary="\x00\ud800", published="2026-11-22T08:00Z\x00"
        ),
    )
    assert article.published is not None and article.authors and article.section and article.image
    for text in (
        article.headline,
        article.body,
        article.lead,
        *article.authors,
        article.section,
        article.image,
        article.published.printed,
    ):
        assert text == charset.clean_text(text)
        text.encode()
    (sighting,) = sight(archive, "/a")
    kept = save_article(
        archive, sighting, a_page(page), Reading(article=article, fingerprint=b""), NOW
    )
    assert archive.article(kept).article == article


DISGUISES = {
    "tatweel": "المغـــرب والعــراق",
    "harakat": "المَغْرِب والعِرَاق",
    "zero width": "المغ\u200cرب والع\u200dراق",
    "presentation forms": "ﺍﻟﻤﻐﺮﺏ ﻭﺍﻟﻌﺮﺍﻕ",
    "soft hyphen": "المغ\u00adرب والعراق",
    "right-to-left override": "المغرب \u202eوالعراق\u202c",
    "word joiner": "المغ\u2060رب و\ufeffالعراق",
    "Persian letters": "المغرب والعراق یوقعان",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_p4_disguised_words_are_matched(topic: Topic, disguise: str) -> None:
    """M32: tatweel, harakat, zero-width, presentation forms and soft hyphens hide nothing."""
    article = read(a_story(title=f"{DISGUISES[disguise]} يوقعان اتفاقية تعاون أمني"))
    assert "security" in {
        label for match in matching.match(article, (topic,)) for label in match.labels
    }


@pytest.mark.parametrize(
    "title",
    [
        "Le Mаroc et l'Irаk signent un accord de coopération sécuritaire",
        "Le Ma\u200broc et l'I\u00adrak signent un accord de coopération sécuritaire",
    ],
)
def test_p4_letters_of_another_alphabet_hide_nothing(topic: Topic, title: str) -> None:
    """A Cyrillic а in Maroc and Irak, zero-width marks in Latin words."""
    text = (
        "Les deux ministres ont signé mardi dans la capitale un accord qui porte sur la "
        "formation des cadres."
    )
    article = read(a_story(text, title=title))
    assert "security" in {
        label for match in matching.match(article, (topic,)) for label in match.labels
    }


def test_p5_a_word_split_by_tags_is_one_word(topic: Topic) -> None:
    """<b>الع</b>راق is العراق, and an entity is its letter: both are matched where they stand."""
    split = (
        "وقع المغرب و<b>الع</b>راق اتفاقية تعاون أمني في ال&#x639;اصمة، كما أ<i>عل</i>ن "
        "الوزيران بعد الاجتماع."
    )
    article = read(a_story(split, title="خبر من العاصمة"))
    assert article.body.startswith(
        "وقع المغرب والعراق اتفاقية تعاون أمني في العاصمة، كما أعلن الوزيران"
    )
    (match,) = matching.match(article, (topic,))
    assert "security" in match.labels
    assert any(m.text == "العراق" or m.text == "والعراق" for m in match.mentions)


def test_p5_a_page_that_is_a_picture_is_for_somebody_to_look_at(archive: SqlArchive) -> None:
    """Next to no text beside a picture: marked; three of them among a source's newest are a
    finding.
    """
    picture = (
        "<html><body><article><h1>بلاغ</h1><img src='/communique.jpg'><p>بلاغ "
        "مشترك</p></article></body></html>"
    )
    assert read(picture).oddities == ("low_text",)
    assert read(picture.replace("<img src='/communique.jpg'>", "")).oddities == ()
    assert read(a_story().replace("<p>", "<img src='/a.jpg'><p>")).oddities == ()
    ids = []
    for path in ("/a", "/b", "/c"):
        (sighting,) = sight(archive, path)
        article = read(picture, url=sighting.url, requested_url=sighting.url)
        ids.append(
            save_article(
                archive, sighting, a_page(picture), Reading(article=article, fingerprint=b""), NOW
            )
        )
    (found,) = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    ).run([a_source()], NOW)
    assert found.kind == "low_text" and all(str(n) in found.proof for n in ids)


STYLES = {
    "display": "style='display: none'",
    "visibility": "style='x:y;visibility:hidden'",
    "size": "style='font-size:0px'",
    "opacity": "style='opacity:0'",
    "indent": "style='text-indent:-9999px'",
    "aside": "style='position:absolute;left:-10000px'",
    "white on white": "style='color:#FFF;background-color:white'",
    "attribute": "hidden",
}
STUFFING = (
    "وقع المغرب والعراق اليوم في بغداد اتفاقية للتعاون الأمني ومكافحة الإرهاب بين وزارتي "
    "الداخلية في البلدين."
)
PLAIN = (
    "افتتح الوزير صباح اليوم المعرض السنوي للكتاب بحضور عدد كبير من الناشرين والقراء وأعلن "
    "برنامج الدورة."
)


def stuffed(style: str) -> str:
    """A page about a book fair with another story hidden in it."""
    return a_story(PLAIN, title="افتتاح معرض الكتاب").replace(
        "<article>", f"<article><div {style}>{STUFFING}</div>"
    )


@pytest.mark.parametrize("style", STYLES)
def test_p6_hidden_text_is_suspicious_and_flags_nothing(topic: Topic, style: str) -> None:
    """It is in no text; what it would have flagged is on the watch list, under the line, and said
    to be suspicious.
    """
    found = reading.read(a_page(stuffed(STYLES[style]), entry=None), a_source(), (topic,))
    assert isinstance(found, Reading)
    assert found.article.body == "\n\n".join([PLAIN] * 3)
    assert found.article.oddities == ("suspicious",)
    (match,) = found.matches
    assert (match.labels, match.mentions) == ((), ())
    assert "security" in match.doubtful and max(match.score.values()) < 0.5


def test_p6_a_story_that_is_visible_is_counted_whatever_is_hidden_beside_it(topic: Topic) -> None:
    """Where the visible text agrees, nothing is suspicious; and small or white-on-dark letters
    are not hidden.
    """
    page = a_story(STUFFING, title=TITLE).replace(
        "<article>", f"<article><div hidden>{STUFFING}</div>"
    )
    found = reading.read(a_page(page, entry=None), a_source(), (topic,))
    assert isinstance(found, Reading)
    assert found.article.oddities == () and "security" in labels_of(found)
    for style in (
        "font-size:0.9em",
        "opacity:0.8",
        "color:#fff",
        "color:#fff;background:#003",
        "left:-1px",
    ):
        shown = a_story(PLAIN).replace("<p>", f"<p style='{style}'>")
        assert read(shown, entry=None).body == "\n\n".join([PLAIN] * 3), style


def test_p6_the_watch_list_keeps_what_is_suspicious(archive: SqlArchive, topic: Topic) -> None:
    """It is delivered, ranked low, explained, and not taken away by a rematch, which has no page
    to look at.
    """
    found = reading.read(a_page(stuffed("hidden"), entry=None), a_source(), (topic,))
    assert isinstance(found, Reading)
    (sighting,) = sight(archive, "/a")
    number = save_article(archive, sighting, a_page(stuffed("hidden")), found, NOW)
    kept = archive.article(number)
    (one,) = explanation.explain(kept, {topic.slug: topic})
    assert one.state == "unseen"
    assert "no reader sees" in explanation_html.page(
        replace(kept, article=replace(kept.article, language="en")), [one], {topic.slug: topic}
    )
    (listed,) = SqlWatchList(archive.engine).doubtful(
        [topic.slug], NOW - timedelta(days=1), NOW + timedelta(days=1)
    )
    assert listed.id == number
    assert (
        views_explanation.doubtful_rows([listed], {topic.slug: topic})[0]["score"]
        == found.matches[0].score
    )
    asked = rejudge.RejudgeJob(open_scan=lambda: SqlScan(archive.engine), after=[topic])
    assert [part.changes for part in rejudge.rejudge(asked, 1)] == [()]
    findings = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    ).run([a_source()], NOW)
    assert [f.kind for f in findings] == ["suspicious"]


@pytest.mark.parametrize("said", ["en", "fr", "zz", ""])
def test_p7_the_language_tag_gates_nothing(topic: Topic, said: str) -> None:
    """An Arabic article that says it is English is Arabic, and is matched."""
    page = a_story().replace("<html>", f"<html lang='{said}'>")
    found = extract(a_page(page), a_source(languages=("en",)))
    assert isinstance(found, Article)
    assert found.language == "ar"
    assert matching.match(found, (topic,))


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        (
            "Le Maroc et l'Irak signent un accord de coopération sécuritaire",
            (
                "Les deux ministres de l'Intérieur ont signé mardi à Bagdad un accord de "
                "coopération sécuritaire."
            ),
            "fr",
        ),
        (
            "المغرب والعراق وقعو اتفاقية ديال التعاون الأمني",
            (
                "وزير الداخلية ديال المغرب والعراق دارو اليوم اتفاقية ديال تعاون أمني باش "
                "يحاربو الإرهاب."
            ),
            "ar",
        ),
    ],
    ids=["French in an Arabic feed", "Darija"],
)
def test_p7_every_language_s_rules_are_asked_of_every_text(
    topic: Topic, title: str, text: str, language: str
) -> None:
    """Whatever the source, its feed and the text's own language say."""
    for languages in (("ar",), ("en",), ("ckb",)):
        found = reading.read(
            a_page(a_story(text, title=title)), a_source(languages=languages), (topic,)
        )
        assert isinstance(found, Reading)
        assert found.article.language == language
        assert "security" in labels_of(found)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1970-01-01T00:00:00Z", None), ("2099-01-01", None), ("2026-13-45", None), ("13 جمادى الأولى 1447", None), ("", None),
        ("22 نونبر 2026", "2026-11-22"), ("22 تشرين الثاني 2026", "2026-11-22"), ("2026-11-24T08:00:00Z", "2026-11-24"), ("2026-11-26", None),
    ],
)  # fmt: skip
def test_p8_a_date_is_right_or_none(printed: str, day: str | None) -> None:
    """Impossible, Hijri alone, too late: none, and the article is kept by when it was first seen."""
    article = read(
        a_story(head=f"<meta property='article:published_time' content='{printed}'>"), entry=None
    )
    assert (article.published and article.published.at.date().isoformat()) == day
    assert article.first_seen_at == NOW


def test_p8_what_was_printed_is_kept_and_the_story_is_delivered(
    archive: SqlArchive, topic: Topic
) -> None:
    """No date is made up: the feed's words stay with the sighting, and a digest goes by when it
    was first seen.
    """
    entries, ids = [], []
    for n, printed in enumerate(
        ("2099-01-01T00:00:00Z", "2026-13-45", "13 جمادى الأولى 1447", "1970-01-01T00:00:00Z")
    ):
        entry = an_entry(f"/{n}", title=TITLE, published=printed)
        page = a_page(a_story(), url=entry.url, requested_url=entry.url, entry=entry)
        (sighting,) = archive.record_entries(
            "news", "http://news.test/feed", [(f"news.test/{n}", entry)], NOW
        )
        found = reading.read(page, a_source(), (topic,))
        assert isinstance(found, Reading) and found.article.published is None, printed
        ids.append(save_article(archive, sighting, page, found, NOW))
        entries.append(entry)
    assert [one.id for one in archive.flagged([topic.slug], NOW, NOW + timedelta(hours=1))] == ids
    assert [page.entry for page in _pages(archive)] == entries


def _pages(archive: SqlArchive) -> list[Page]:
    """The kept pages, each with the entry it came by."""
    from storage.reprocessing import SqlReprocessing

    return [page for _, page in SqlReprocessing(archive.engine, lambda name: None).pages()]


def test_p8_an_old_date_is_kept_with_low_confidence() -> None:
    """What is old for a feed is doubted, not dropped."""
    article = read(a_story(), entry=an_entry(published="2019-03-01T08:00Z"))
    assert article.published is not None
    assert article.published.at.year == 2019 and article.published.confidence < 0.5


def test_p9_years_in_the_text_are_no_dates() -> None:
    """M18: "Paragraph 1995", a literal 1995-01-01 and a far <time> do not outweigh the feed."""
    text = TEXT + " Paragraph 1995, 1995-01-01 و 12 آب 1995 كما ورد في النص القديم."
    article = read(
        a_story(text) + "<time>1995-01-01</time>", entry=an_entry(published="2026-11-22T08:00Z")
    )
    assert article.published is not None and article.published.at.year == 2026
    assert read(a_story(text), entry=None).published is None


def test_p9_a_shown_time_tells_the_hour_of_the_feed_s_day_and_of_no_other() -> None:
    """A feed that prints a mere day takes the hour from what is shown of that day; a far date
    adds nothing.
    """
    for shown, hour in (("2026-11-22T08:15:00Z", 8), ("1995-11-22T08:15:00Z", 11)):
        page = a_story().replace("<article>", f"<article><time datetime='{shown}'></time>")
        article = read(page, entry=an_entry(published="2026-11-22"))
        assert article.published is not None
        assert (article.published.at.year, article.published.at.hour) == (2026, hour)


CLAIMS = ("<link rel=canonical href='{}'>", "<meta property='og:url' content='{}'>")


def test_p11_no_page_takes_another_outlet_s_address(archive: SqlArchive) -> None:
    """Identity stays where it was fetched, the claim is noted, and the other's record is what it
    was.
    """
    (theirs,) = sight(archive, "/b")
    theirs_id = save_article(
        archive, theirs, a_page("x"), a_reading("Their words.", url="https://other.example/b"), NOW
    )
    before = archive.article(theirs_id)
    for n, tag in enumerate(CLAIMS):
        (ours,) = sight(archive, f"/{n}")
        article = read(
            a_story(head=tag.format("https://other.example/b")),
            url=ours.url,
            requested_url=ours.url,
        )
        assert article.canonical_url == ours.url
        assert article.oddities == ("canonical_foreign",)
        ours_id = save_article(
            archive, ours, a_page("x"), Reading(article=article, fingerprint=b""), NOW
        )
        assert ours_id != theirs_id
        assert archive.article(ours_id).article == article
    assert archive.article(theirs_id) == before


@pytest.mark.parametrize("tag", CLAIMS)
def test_p11_an_address_on_one_s_own_site_is_no_claim(tag: str) -> None:
    """The mobile host's page names the desktop's."""
    page = a_story(head=tag.format("http://www.example.org/a?utm_source=x"))
    assert read(page, url="http://m.example.org/a").oddities == ()


def test_p21_a_title_is_one_line_of_bounded_length() -> None:
    """Two titles: the first; CDATA and tags in it are no text; a megabyte of title is cut."""
    two = "<html><head><title>الأول</title><title>الثاني</title></head><body><p>x</p></body></html>"
    assert read(two, entry=None).headline == "الأول"
    long = f"<html><head><title>{'كلمة ' * 200_000}</title></head><body><p>x</p></body></html>"
    assert (
        read(long, entry=None).headline
        == ("كلمة " * 200)[: len(read(long, entry=None).headline)].strip()
    )
    assert 400 < len(read(long, entry=None).headline) <= 500
    for written in (
        "<![CDATA[<b>Accord</b> signé]]>",
        "&lt;b&gt;Accord&lt;/b&gt; signé",
        "  Accord\n\t signé ",
    ):
        assert (
            read(
                f"<html><head><title>{written}</title></head><body><p>x</p></body></html>",
                entry=None,
            ).headline
            == "Accord signé"
        )


def test_p21_a_feed_s_title_is_as_bounded() -> None:
    """CDATA with HTML in it, and a megabyte, in RSS."""
    items = (
        "<item><title><![CDATA[<b>Accord</b> "
        f"signé]]></title><link>http://news.test/a</link></item><item><title>{'mot ' * 250_000}</title><link>http://news.test/b</link></item>"
    )
    window = syndication.parse(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
        "http://news.test/feed",
        "text/xml",
    )
    assert window.entries[0].title == "Accord signé"
    page = a_page("<html><body></body></html>", entry=window.entries[1])
    found = extract(page, a_source())
    assert isinstance(found, Article)
    assert 0 < len(found.headline) <= 500


@pytest.mark.parametrize(
    "body", [b"\x00" * 5_000, bytes(range(256)) * 40, b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_text_is_rejected(body: bytes) -> None:
    """Binary bytes are no article, whatever type is declared."""
    assert isinstance(extract(a_page(body), a_source()), Rejection)
