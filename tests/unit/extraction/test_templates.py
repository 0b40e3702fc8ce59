"""Learned templates: later pages are read by place, as well as slowly, and a drift is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import reading
from crawler.extraction.article import Extracted, extract, extract_with_evidence
from crawler.extraction.html import parse_html
from crawler.extraction.templates import (
    SAMPLES_NEEDED,
    VERIFY_EVERY,
    RetiredTemplate,
    TemplateLearner,
    checksum,
    needs_verification,
    remove_furniture,
    unique_selectors,
)
from crawler.model import Page, Reading, Sample, Source, Template
from tests.builders import a_page, a_source

SENTENCES = (
    "The council met on the first floor and voted for a longer quay along the northern basin.",
    "Two of its members asked how the work would be paid for before the winter storms arrive.",
    (
        "An engineer answered that the stones had been bought already and lay in the yard "
        "behind the mill."
    ),
    "Nobody in the room remembered a quieter vote, and the clerk closed the book before noon.",
)


def a_print(number: int, *, body: str = "story-text", paragraphs: int = 5) -> Page:
    """The nth article of a site that prints all of them into one mould."""
    text = "".join(
        f"<p>{number}.{n} {SENTENCES[n % 4]} {SENTENCES[(n + number) % 4]}</p>"
        for n in range(paragraphs)
    )
    markup = (
        (
            f"<html><head><title>Vote number {number} | The News</title></head><body>"
            f"<div class='top'><ul>"
        )
        + "".join(f"<li><a href='/{n}'>Another story, number {n}</a></li>" for n in range(12))
        + f"</ul></div><div class='page'><h1 class='head'>Vote number {number} on the quay</h1>"
        f"<div class='{body}'>{text}<div class='related'><a href='/x'>Read also: the mill"
        f"</a></div></div></div>"
        "<div class='foot'>All rights reserved</div></body></html>"
    )
    return a_page(
        markup,
        url=f"http://news.test/{number}",
        requested_url=f"http://news.test/{number}",
        entry=None,
    )


def read(
    page: Page, source: Source, template_learner: TemplateLearner
) -> tuple[Reading, Template | RetiredTemplate | None]:
    """The page as the pool reads it."""
    template = template_learner.current(source.slug)
    found = reading.read(page, source, (), template=template)
    assert isinstance(found, Reading)
    change = template_learner.observe(
        source.slug, read_by=template, sample=found.sample, doubt=found.doubt
    )
    return found, change


def test_five_pages_teach_where_the_next_is_read() -> None:
    """What a template reads is what the slow reading reads."""
    source, template_learner = a_source(), TemplateLearner()
    changes = [read(a_print(n), source, template_learner)[1] for n in range(SAMPLES_NEEDED)]
    assert isinstance(changes[-1], Template)
    assert changes[:-1] == [None] * (SAMPLES_NEEDED - 1)
    by_place, slowly = [], []
    for number in range(10, 30):
        page = a_print(number, paragraphs=3 + number % 9)
        by_place.append(read(page, source, template_learner)[0].article)
        slow = extract(page, source)
        assert slow.body == by_place[-1].body  # type: ignore[union-attr]
        assert slow.headline == by_place[-1].headline  # type: ignore[union-attr]
        slowly.append(slow)
    assert sum(article.reader == "template" for article in by_place) >= 18


def test_a_changed_mould_is_found_within_three_pages_and_learned_anew() -> None:
    """No page is lost meanwhile: the doubtful ones are read slowly."""
    source, template_learner = a_source(), TemplateLearner()
    for number in range(SAMPLES_NEEDED + 5):
        read(a_print(number), source, template_learner)
    after = [
        read(a_print(n, body="text-of-story"), source, template_learner) for n in range(50, 62)
    ]
    assert [isinstance(change, RetiredTemplate) for _, change in after][:3] == [False, False, True]
    assert all("quieter vote" in found.article.body for found, _ in after)
    template = template_learner.current(source.slug)
    assert template is not None and template.version == 2
    assert after[-1][0].article.reader == "template"


@pytest.mark.parametrize(
    "page",
    [
        a_page("<html><body><h1>A quiz</h1><a href='/'>Play</a></body></html>"),
        a_print(3, paragraphs=0),
    ],
)
def test_a_foreign_page_is_doubted(page: Page) -> None:
    """A page that is not of the mould is read slowly, and the template stays."""
    source, template_learner = a_source(), TemplateLearner()
    for number in range(SAMPLES_NEEDED + 2):
        read(a_print(number), source, template_learner)
    found, change = read(page, source, template_learner)
    assert found.doubt and found.article.reader != "template" and change is None
    assert template_learner.current(source.slug) is not None


def test_what_every_page_says_again_is_no_text() -> None:
    """A line that most pages of a source print word for word is its furniture, by place or
    slowly.
    """
    begging = (
        "Good reporting costs money, and this paper has been paid for by its readers since it "
        "was founded."
    )
    source, template_learner = a_source(), TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        page = a_print(number)
        read(
            replace(
                page,
                body=page.body.replace(
                    b"<div class='related'>", f"<p>{begging}</p><div class='related'>".encode()
                ),
            ),
            source,
            template_learner,
        )
    bodies = []
    for number in range(20, 45):
        page = a_print(number)
        with_it = page.body.replace(
            b"<div class='related'>", f"<p>{begging}</p><div class='related'>".encode()
        )
        bodies.append(read(replace(page, body=with_it), source, template_learner)[0].article.body)
        assert extract(page, source).body == bodies[-1]  # type: ignore[union-attr]
    assert not any(begging in body for body in bodies)


def test_a_page_of_nothing_but_furniture_keeps_it() -> None:
    """What a template takes away never leaves a page without text."""
    template = Template(
        source="news", version=1, body="p", furniture=(checksum("One."), checksum("Two."))
    )
    assert remove_furniture(template, ["One.", "Two."]) == ["One.", "Two."]
    assert remove_furniture(template, ["One.", "Three."]) == ["Three."]


def test_a_page_of_tables_without_a_name_has_a_place() -> None:
    """Where nothing has a class, the whole way from the top is the place."""
    side = (
        "<table><tr><td><a href='/a'>one</a></td></tr><tr><td><a href='/b'>two</a></td></tr>"
        "</table>"
    )
    source, template_learner = a_source(), TemplateLearner()
    for number in range(SAMPLES_NEEDED + 6):
        text = "".join(
            f"<p>{number}.{n} {SENTENCES[n % 4]} {SENTENCES[(n + 1) % 4]}</p>" for n in range(5)
        )
        page = (
            f"<table><tr><td>{side}</td><td><table><tr><td><b>Vote {number}</b></td></tr><tr>"
            f"<td>{text}</td></tr></table></td></tr></table>"
        )
        url = f"http://news.test/{number}"
        found, _ = read(
            a_page(f"<html><body>{page}</body></html>", url=url, requested_url=url, entry=None),
            source,
            template_learner,
        )
    assert found.article.reader == "template" and found.article.body.count("\n\n") == 4


def test_where_most_pages_need_a_second_opinion_nothing_is_learned() -> None:
    """Five pages that agree, with four between them that teach nothing, are no mould."""
    template_learner, sample = (
        TemplateLearner(),
        Sample(body=("div.a",), length=900, linked=0.0, share=1.0),
    )
    for taught in (sample, None, sample, None, sample, None, sample, None, sample):
        assert template_learner.observe("news", read_by=None, sample=taught, doubt="") is None
    assert isinstance(
        template_learner.observe("news", read_by=None, sample=sample, doubt=""), Template
    )


NOTE = (
    "The News is printed by the Quay Company, whose seat is above the fish hall, and it is sold at "
    "every landing of the ferry from six o'clock in the morning until the last of them is gone."
)
CARDS = "".join(
    f"<div class='card'><h4><a href='/c{n}'>The tale of boat number {n}</a></h4>"
    f"<p>Boat number {n} left the basin in the fog and was not seen again before the spring.</p></div>"
    for n in range(6)
)


@pytest.mark.parametrize("below", [f"<div class='imprint'><p>{NOTE}</p></div>", CARDS])
def test_dispatches_of_a_source_are_themselves_and_nothing_more(below: str) -> None:
    """After long stories have taught a template, one sentence is enough: what stands below it on
    every page is no text, and the template is kept.
    """
    source, template_learner = a_source(), TemplateLearner()
    dispatch = "The ferry did not sail on Tuesday because of the wind, the harbour office said."
    for number in range(SAMPLES_NEEDED + 8):
        page = a_print(number)
        markup = page.body.replace(b"<div class='foot'>", f"{below}<div class='foot'>".encode())
        if number >= SAMPLES_NEEDED:
            head, _, rest = markup.partition(b"<div class='story-text'>")
            rest = rest[rest.index(b"<div class='related'>") :]
            markup = head + f"<div class='story-text'><p>{number}. {dispatch}</p>".encode() + rest
        found, change = read(replace(page, body=markup), source, template_learner)
        assert not isinstance(change, RetiredTemplate)
    assert found.article.body == f"{number}. {dispatch}"
    assert template_learner.current(source.slug) is not None


def test_an_excerpt_that_stood_beside_other_stories_is_not_lost() -> None:
    """A story that five pages showed as a teaser is read whole at its own address."""
    source, template_learner = a_source(), TemplateLearner()
    first = f"33.0 {SENTENCES[0]} {SENTENCES[1]}"
    teaser = f"<div><a href='/33'>Vote number 33 on the quay</a><p>{first}</p></div>"
    for number in range(SAMPLES_NEEDED):
        page = a_print(number)
        markup = page.body.replace(b"<div class='foot'>", f"{teaser}<div class='foot'>".encode())
        read(replace(page, body=markup), source, template_learner)
    assert template_learner.current(source.slug) is not None
    found, _ = read(a_print(33), source, template_learner)
    assert found.article.body.startswith(first)


DATE_LINES = [  # as printed below the headline of the nth page, and the day it is of
    ("<span class=when>{n:02}/03/2026</span>", "2026-03-{n:02}"),
    ("<div class=when>{n:02}/03/2026 - 09:15</div>", "2026-03-{n:02}"),
    ("<span>منذ {n} ساعات</span>", "2026-11-2"),
    ("<p>{n} mars 2026 | Lecture 3 min</p>", "2026-03-{n:02}"),
]


@pytest.mark.parametrize(("line", "day"), DATE_LINES)
def test_the_head_of_a_page_read_by_template_is_read_too(line: str, day: str) -> None:
    """Date and byline that stand in no element of their own, or read differently on each page, are
    found as the slow reading finds them.
    """
    source, template_learner = a_source(), TemplateLearner()
    for number in range(1, SAMPLES_NEEDED + 5):
        page = a_print(number)
        head = f"</h1>{line.format(n=number)}<p>Par Leïla Hamdani</p>"
        page = replace(page, body=page.body.replace(b"</h1>", head.encode()))
        found, _ = read(page, source, template_learner)
        assert found.article.published is not None
        assert f"{found.article.published.at:%Y-%m-%d}".startswith(day.format(n=number))
        assert found.article.authors == ("Leïla Hamdani",)
        assert "Hamdani" not in found.article.body
    assert found.article.reader == "template"


def an_opinion(number: int) -> Page:
    """The nth opinion of the same site, which prints them elsewhere."""
    markup = a_print(number, body="opinion-text").body.replace(
        b"<div class='page'>", b"<div></div><div class='view'><i>Opinion</i>"
    )
    return a_page(
        markup,
        url=f"http://news.test/o/{number}",
        requested_url=f"http://news.test/o/{number}",
        entry=None,
    )


def test_a_source_may_print_into_two_moulds() -> None:
    """News in one, opinions in another: five pages of both teach a template that finds either."""
    source, template_learner = a_source(), TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        read((a_print, an_opinion)[number % 2](number), source, template_learner)
    template = template_learner.current(source.slug)
    assert template is not None
    for page in (a_print(32), an_opinion(33)):
        found, slow = (
            extract_with_evidence(page, source, template=template),
            extract_with_evidence(page, source),
        )
        assert isinstance(found, Extracted) and isinstance(slow, Extracted)
        assert (found.doubt, found.article.body) == ("", slow.article.body)


def test_the_pages_that_are_checked_are_spread_evenly() -> None:
    """Of addresses that count up about one in CHECKED is checked, on every host."""
    for host in ("news.test", "ids-per-page.test", "a.example", "b.example"):
        due = sum(needs_verification(f"http://{host}/news/2026/{4000 + 7 * n}") for n in range(400))
        assert 400 / VERIFY_EVERY / 2 <= due <= 2 * 400 / VERIFY_EVERY


CARDS = """<body><main id="main"><div class="card"><p>First.</p></div>
<div class="card wide" id="text"><p>Second.</p><p class="last end">Third.</p></div></main>
<div class="card"><p>Fourth.</p></div></body>"""


@pytest.mark.parametrize(
    "wanted, named",
    [
        ("#text", ["#text", "div.wide", "#main > #text", "#main > div:nth-child(2)"]),
        ("p.last", ["p.last", "#text > p.last", "#main > div > p.last"]),
        ("p", ["#main > div:nth-child(1) > p:nth-child(1)"]),
    ],
)
def test_selectors_of_an_element_find_it_and_nothing_else(wanted: str, named: list[str]) -> None:
    """Those that find the element alone in the page are kept, also such as narrow another."""
    tree = parse_html(CARDS.encode())
    node = tree.css(wanted)[0]
    found = unique_selectors(tree, node)
    assert all([hit.mem_id for hit in tree.css(one)] == [node.mem_id] for one in found)
    assert set(named) <= set(found)
