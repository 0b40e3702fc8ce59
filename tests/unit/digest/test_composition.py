"""An issue: its sections, its proofs, its reasons, its watch list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from crawler.matching.topics import Concept
from crawler.model import Match, Mention
from crawler.query import parse
from crawler.stories import fingerprint
from tests.builders import NOW, a_date
from tests.unit.digest.scenes import (
    DAY,
    RECIPE,
    TOPIC,
    addressed,
    composed,
    doubted,
    proven,
    worded,
)


def test_the_most_special_label_comes_first() -> None:
    """An article stands once, under the last label its topic declares for it."""
    issue = composed(proven(1), proven(2, "general", "special"))
    assert [(s.label, [i.article_id for i in s.items]) for s in issue.sections] == [
        ("special", [2]),
        ("general", [1]),
    ]


def test_copies_of_one_dispatch_are_one_item() -> None:
    """Ten copies of an agency text are a story with nine links; all ten count as shown."""
    text = " ".join(f"كلمة{n}" for n in range(80)) + " السد"
    copies = [
        replace(
            proven(n, body=text, headline=f"عنوان مختلف تماما {n}"),
            fingerprint=fingerprint.compute(text),
        )
        for n in range(10)
    ]
    issue = composed(*copies)
    (section,) = issue.sections
    assert (len(section.items), len(section.items[0].copies)) == (1, 9)
    assert sorted(issue.article_ids) == list(range(10))


def test_proof_is_quoted_from_the_original_with_its_terms_marked() -> None:
    """The sentence that holds the mention, whole, and nothing else of the text."""
    ((proof,),) = [i.proofs for i in composed(proven()).sections[0].items]
    assert "".join(s.text for s in proof) == "افتتح الوزير السد الجديد صباح اليوم."
    assert [s.text for s in proof if s.marked] == ["السد"]


def test_three_concepts_are_named_and_the_rest_counted() -> None:
    """What the themes ask for comes first, then what stands highest and oftenest; the sides, which
    all have, last."""
    names = ["side", "often", "top", "theme", "rare"]
    fields = {
        "side": ["headline"] * 3,
        "often": ["body"] * 3,
        "top": ["headline", "lead"],
        "theme": ["body"],
        "rare": ["body"],
    }
    match = Match(
        topic="water",
        version="v",
        labels=("general",),
        score={"general": 0.9},
        themes=("t", "gone"),
        mentions=tuple(
            Mention(field=field, start=0, end=1, concept=name, term=name, text="x")  # type: ignore[arg-type]
            for name in names
            for field in fields[name]
        ),
    )
    concepts = {name: Concept(name=name, title={"ar": name}, terms=()) for name in names}
    topic = replace(
        TOPIC, concepts=concepts, enumerated=("side",), themes={"t": parse("concept:theme NEAR x")}
    )
    issue = composed(replace(proven(1), matches=(match,)), topics={"water": topic})
    (item,) = issue.sections[0].items
    assert (item.concepts, item.concepts_left_out) == (("theme", "top", "often"), 2)
    message = addressed(issue)
    shown = lxml_html.document_fromstring(message.html).text_content()
    assert all("theme · top · often +2 ·" in part for part in (message.text, shown))
    line = next(line for line in worded(proven()).text.splitlines() if "سبب الرصد" in line)
    assert "+" not in line


def test_a_concept_found_only_in_the_words_of_a_side_is_no_reason() -> None:
    """*Morocco itself* where *Morocco* is: every story of the topic names it, so it comes last."""
    places = {"side": (0, 7), "side-itself": (2, 7), "dam": (9, 12)}
    match = Match(
        topic="water", version="v", labels=("general",), score={"general": 0.9},
        mentions=tuple(
            Mention(field="headline", start=start, end=end, concept=name, term=name, text="x")
            for name, (start, end) in places.items()
            for _ in range(3 if name == "side-itself" else 1)
        ),
    )  # fmt: skip
    concepts = {name: Concept(name=name, title={"ar": name}, terms=()) for name in places}
    topic = replace(TOPIC, concepts=concepts, enumerated=("side",))
    issue = composed(replace(proven(1), matches=(match,)), topics={"water": topic})
    assert issue.sections[0].items[0].concepts[0] == "dam"


def test_what_does_not_fit_is_counted_and_not_listed() -> None:
    """The section says how many more there are, and only what it shows counts as shown."""
    issue = composed(*(proven(n) for n in range(5)), recipe=replace(RECIPE, max_events=2))
    assert (len(issue.sections[0].items), issue.sections[0].left_out) == (2, 3)
    assert sorted(issue.article_ids) == [i.article_id for i in issue.sections[0].items][::-1]
    for part in (addressed(issue).text, addressed(issue).html):
        assert "و3 أخرى تتصدر العدد القادم" in part


def test_a_section_of_which_nothing_fits_is_counted_too() -> None:
    """The special story takes the only place; the general one is announced."""
    issue = composed(proven(1), proven(2, "special"), recipe=replace(RECIPE, max_events=1))
    assert [(s.label, len(s.items), s.left_out) for s in issue.sections] == [
        ("special", 1, 0),
        ("general", 0, 1),
    ]


@pytest.mark.parametrize(
    ("language", "heading", "more"),
    [
        ("ar", "للمراقبة", "و2 أخرى في الأرشيف"),
        ("fr", "À surveiller", "et 2 de plus dans l"),
        ("en", "Watch list", "and 2 more in the archive"),
    ],
)
def test_what_scored_just_under_the_line_is_shown(language: str, heading: str, more: str) -> None:
    """The best five, with score and label, in both parts and every frame; the others are counted."""
    doubtful = [doubted(n, round(0.3 + n / 100, 2)) for n in range(7)]
    recipe = replace(RECIPE, languages=(language,))
    issue = composed(proven(50), recipe=recipe, doubtful=doubtful)
    assert [d.article_id for d in issue.watch_list] == [6, 5, 4, 3, 2]
    assert issue.watch_list_left_out == 2
    assert issue.article_ids == (50,)
    message = addressed(issue)
    for part in (message.text, message.html):
        assert f"{heading} (7)" in part and more in part
        assert "مشكوك 6" in part and "0.36" in part and "مشكوك 1" not in part
    silent = addressed(composed(proven(50), recipe=recipe))
    assert heading not in silent.text and heading not in silent.html


def test_the_watch_list_has_no_stories_of_other_years() -> None:
    """They would take the few lines of today's."""
    published = [None, a_date(NOW - 300 * DAY), a_date(NOW - 2 * DAY)]
    digest = composed(doubtful=[doubted(n, 0.4, published=at) for n, at in enumerate(published)])
    assert {doubt.article_id for doubt in digest.watch_list} == {0, 2}
    assert digest.watch_list_left_out == 0
