"""The whole text of which a page shows a stub or nothing: framework data, JSON-LD."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from crawler import reading
from crawler.extraction.article import extract
from crawler.extraction.embedded import paragraphs, scripts, stubs
from crawler.model import Article, Reading
from tests.builders import a_page, a_source, an_entry
from tests.unit.matching.test_matcher import water

TITLE = {
    "en": "The ferry is back on the lower river",
    "fr": "Le bac est de retour sur le bas fleuve",
    "ar": "العبارة تعود إلى النهر الأسفل بعد الشتاء",
}
TEXT = {
    "en": (
        "The ferry crossed the lower river on Monday for the first time since the great flood.",
        "Some two hundred people stood on the quay, and the band of the school played for them.",
        "The crossing takes nine minutes; by road, it is an hour and a half over the old bridge.",
        "A second boat has been ordered and is to sail before the end of the coming summer.",
    ),
    "fr": (
        "Le bac a traversé le bas fleuve lundi pour la première fois depuis la grande crue.",
        "Près de deux cents personnes étaient sur le quai, et la fanfare de l'école a joué.",
        "La traversée dure neuf minutes ; par la route, il faut une heure et demie de trajet.",
        "Un second bateau a été commandé et doit naviguer avant la fin de l'été prochain.",
    ),
    "ar": (
        "عبرت العبارة النهر الأسفل يوم الاثنين للمرة الأولى منذ الفيضان الكبير الذي وقع في الشتاء.",
        "ووقف نحو مئتي شخص على الرصيف، وعزفت فرقة المدرسة من أجلهم طيلة الصباح.",
        "ويستغرق العبور تسع دقائق، أما الطريق البرية فتستغرق ساعة ونصفا فوق الجسر القديم.",
        "وقد طلبت عبارة ثانية وينتظر أن تبحر قبل نهاية فصل الصيف المقبل.",
    ),
}
OTHER = (
    "Another story tells of a bakery on the hill, which closed its doors after sixty long years."
)


def markup(lines: tuple[str, ...]) -> str:
    """The lines as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


def next_data(title: str, body: object) -> str:
    """As Next's pages have it, with other stories beside."""
    others = [{"title": f"A bakery closes {n}", "slug": "b", "body": OTHER * 9} for n in range(3)]
    data = {"props": {"pageProps": {"related": others, "article": {"title": title, "body": body}}}}
    return f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps(data)}</script>"


def nuxt_function(title: str, lines: tuple[str, ...]) -> str:
    """As Nuxt 2 has it: a script that is no JSON."""
    said = json.dumps(markup(lines))
    return (
        "<script>window.__NUXT__=(function(a,b){return {data:[{post:{title:a,views:b,body:"
        f"{said}}}}}]}}}}({json.dumps(title)},12));</script>"
    )


def pushed(title: str, lines: tuple[str, ...]) -> str:
    """As Next's app router streams it, an element a paragraph."""
    rows = [["$", "p", None, {"children": line}] for line in lines]
    row = "5:" + json.dumps(["$", "div", None, {"className": "words", "children": rows}]) + "\n"
    half = len(row) // 2
    return "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>"
        for part in (row[:half], row[half:])
    )


SHAPES: dict[str, Callable[[str, tuple[str, ...]], str]] = {
    "markup": lambda title, lines: next_data(title, markup(lines)),
    "blocks": lambda title, lines: next_data(
        title, {"blocks": [{"type": "paragraph", "data": {"text": line}} for line in lines]}
    ),
    "rich text": lambda title, lines: next_data(
        title,
        {
            "nodeType": "document",
            "content": [
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": line}]}
                for line in lines
            ],
        },
    ),
    "portable text": lambda title, lines: next_data(
        title,
        [
            {"_type": "block", "children": [{"text": line[:20]}, {"text": line[20:]}]}
            for line in lines
        ],
    ),
    "plain": lambda title, lines: next_data(title, "\n\n".join(lines)),
    "nuxt 2": nuxt_function,
    "nuxt 3": lambda title, lines: (
        "<script type='application/json' id=__NUXT_DATA__>"
        f"{json.dumps([['Reactive', 1], {'post': 2}, {'title': 3, 'body': 4}, title, markup(lines)])}"
        "</script>"
    ),
    "state": lambda title, lines: (
        "<script>window.__STATE__ = "
        f"{json.dumps({'post': {'headline': title, 'html': markup(lines)}})};</script>"
    ),
    "parsed state": lambda title, lines: (
        "<script>window.__INITIAL_STATE__=JSON.parse("
        f"{json.dumps(json.dumps({'post': {'headline': title, 'html': markup(lines)}}))})</script>"
    ),
    "next stream": pushed,
}


def read(body: str, title: str, *, summary: str = "") -> Article:
    """The article of a page with this title and body."""
    entry = an_entry(title=title, summary=summary)
    markup = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    found = extract(a_page(markup, entry=entry), a_source())
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("language", TEXT)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_page_that_is_not_drawn_is_read_from_its_data(
    shape: Callable[[str, tuple[str, ...]], str], language: str
) -> None:
    """Paragraph by paragraph, in order; never another story's."""
    title, lines = TITLE[language], TEXT[language]
    article = read(f"<div id=app></div>{shape(title, lines)}", title)
    assert article.body.split("\n\n") == list(lines)
    assert (article.reader, article.oddities) == ("framework", ("half_rendered",))


def test_a_page_that_is_drawn_in_part_is_completed() -> None:
    """Its oddity says so."""
    title, lines = TITLE["fr"], TEXT["fr"]
    shown = (
        f"<main><article><h1>{title}</h1><p>{lines[0]}</p><div class=bones></div></article></main>"
    )
    article = read(shown + SHAPES["blocks"](title, lines), title)
    assert article.body.split("\n\n") == list(lines)
    assert article.oddities == ("half_rendered",)


@pytest.mark.parametrize("key", ["chapo", "standfirst", "summary"])
def test_a_page_that_draws_only_its_standfirst_is_completed(key: str) -> None:
    """It stands beside the text in the data, under the same title, and comes first; what another
    story's data have does not count.
    """
    title, lines = TITLE["fr"], TEXT["fr"]
    standfirst = (
        "Après huit mois d'arrêt, le fleuve se passe de nouveau en neuf minutes, et le "
        "village d'en face retrouve son école, son marché et ses cousins."
    )
    story = {"title": title, key: standfirst, "lines": list(lines)}
    others = [{"title": f"A bakery closes {n}", key: OTHER, "lines": [OTHER * 3]} for n in range(3)]
    data = f"<script>window.__STATE__={json.dumps({'others': others, 'post': story})}</script>"
    article = read(f"<div><h1>{title}</h1><p>{standfirst}</p></div>{data}", title)
    assert article.body.split("\n\n") == [standfirst, *lines]
    assert (article.lead, article.oddities) == (standfirst, ("half_rendered",))
    article = read(f"<div><h1>{title}</h1><p>{OTHER}</p><p>{OTHER} Twice.</p></div>{data}", title)
    assert lines[0] not in article.body


def test_a_page_that_shows_its_text_is_not_odd() -> None:
    """The same data beside the text change nothing."""
    title, lines = TITLE["en"], TEXT["en"]
    shown = f"<main><article><h1>{title}</h1>{markup(lines)}</article></main>"
    article = read(shown + SHAPES["markup"](title, lines), title)
    assert article.body.split("\n\n") == list(lines)
    assert article.reader != "framework" and article.oddities == ()


def test_data_of_another_story_are_not_read() -> None:
    """A page that shows nothing and brings only others' texts stays empty."""
    assert read(f"<div id=app></div>{next_data('', '')}", TITLE["en"]).body == ""


@pytest.mark.parametrize(
    ("glued", "pieces"),
    [
        ("The vote was close.Two members left.", ["The vote was close.", "Two members left."]),
        ("انتهى اللقاء.وقال الوزير إنه سعيد.", ["انتهى اللقاء.", "وقال الوزير إنه سعيد."]),
        ("« C'est bien. »Il est parti.", ["« C'est bien. »", "Il est parti."]),
        ("See www.harbour.example for the U.S. list of 3.5 tons.", None),
        ("قال د.كريم إن النتيجة جيدة.", None),
    ],
)
def test_paragraphs_that_lost_their_space_are_parted(glued: str, pieces: list[str] | None) -> None:
    """Addresses, abbreviations and numbers stay whole."""
    assert paragraphs.split_glued(glued) == (pieces or [glued])


def in_json_ld(body: str) -> str:
    """A script with an article's body."""
    said = {"@type": "NewsArticle", "headline": "A dry spring", "articleBody": body}
    return f"<script type='application/ld+json'>{json.dumps(said)}</script>"


DAM = "The river Tigris fell below its dam, an engineer of the valley reported on Monday. " * 4


def judged(body: str, *, summary: str = "") -> Reading:
    """What the topic of waters sees in a page with this body."""
    page = a_page(
        f"<html><head><title>A dry spring</title></head><body>{body}</body></html>",
        entry=an_entry(title="A dry spring", summary=summary),
    )
    found = reading.read(page, a_source(), [water()])
    assert isinstance(found, Reading)
    return found


def test_labels_that_only_machines_would_see_are_doubtful() -> None:
    """The text is kept and can be searched; the page is suspicious, the story is on the watch
    list, and a replay gives the same.
    """
    found = judged(in_json_ld(DAM))
    (match,) = found.matches
    assert (match.labels, match.doubtful) == ((), ("dams",))
    assert found.article.oddities == ("suspicious", "unshown_body")
    assert match.mentions and "Tigris" in found.article.body


def test_a_stub_that_json_ld_completes_is_not_suspicious() -> None:
    """The page shows the beginning of its text."""
    shown = f"<main><article><h1>A dry spring</h1><p>{DAM[:82]}</p></article></main>"
    found = judged(shown + in_json_ld(DAM))
    assert [match.labels for match in found.matches] == [("dams",)]
    assert found.article.oddities == ()


def test_what_the_feed_says_counts_though_the_page_shows_nothing() -> None:
    """Its summary is read by people, and labels the story as ever."""
    found = judged(in_json_ld(DAM), summary=DAM[:83])
    assert [match.labels for match in found.matches] == [("dams",)]
    assert found.article.oddities == ("unshown_body",)


def test_an_unshown_body_that_no_topic_wants_is_not_suspicious() -> None:
    """It is only odd."""
    found = judged(in_json_ld(" ".join(TEXT["en"])))
    assert (found.matches, found.article.oddities) == ((), ("unshown_body",))


@pytest.mark.parametrize(
    "piece", ["<script>", '<script>__STATE__="', "_", '\\"', "<script>window.a=[", "[", "'"]
)
def test_hostile_scripts_cost_linear_time(piece: str) -> None:
    """Eight times the text takes far less than the square of eight times the time."""

    def seconds(size: int) -> float:
        written = (
            "<script>window.__STATE__=" + piece * (size // len(piece)) + "</script>"
        ).encode()
        times = []
        for _ in range(3):
            began = time.process_time()
            stubs.find_framework_text([], written, ["A title of some words"])
            times.append(time.process_time() - began)
        return min(times)

    assert seconds(80_000) < 30 * seconds(10_000) + 0.05
    assert list(scripts.find_values(b"<script>")) == []
