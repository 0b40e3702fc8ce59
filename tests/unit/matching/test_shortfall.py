"""What a text lacks for a query or a label: the smallest condition that fails, and how nearly."""

from __future__ import annotations

from typing import get_args

import pytest

from crawler import matching
from crawler.languages import CODES
from crawler.matching.document import Document
from crawler.matching.shortfall import Failure, FailureKind, LabelCard, fill_cards, why_not
from crawler.matching.term_index import Vocabulary
from crawler.matching.topics import Concept, Evidence, Label, Term, Topic
from crawler.model import Language
from crawler.query import Not, Word, parse, write
from crawler.views import shortfall

RIVER = Concept(
    name="river",
    title={"ar": "نهر", "en": "river", "fr": "fleuve"},
    terms=(Term(text="river", language="en"),),
    traps=("river bank",),
)
TEXTS: dict[Language, str] = {
    "ar": "وصل الوزير إلى بغداد. كان الجو حارا. وقّعت الدولتان اتفاقية.",
    "en": "The minister came to Baghdad. It was hot. Both states signed a treaty.",
    "fr": "Le ministre est venu à Bagdad. Il faisait chaud. Les deux États ont signé un traité.",
}
WORDS: dict[Language, tuple[str, str]] = {
    "ar": ("بغداد", "اتفاقية"),
    "en": ("Baghdad", "treaty"),
    "fr": ("Bagdad", "traité"),
}


def a_document(text: str, title: str = "") -> Document:
    """A text in which rivers were looked for."""
    return Document.from_fields(matching.text_fields(title, text), Vocabulary({"river": RIVER}))


def failed(asked: str, text: str, title: str = "") -> list[tuple[str, str, int | None]]:
    """Kind, condition and number of what fails of a query."""
    found = why_not(a_document(text, title), parse(asked))
    return [(one.kind, write(one.condition), one.found) for one in found]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize(
    ("asked", "kind", "found"),
    [
        ("{0} SAME SENTENCE {1}", "apart", 2),
        ("{0} SAME PARAGRAPH {1}", "", None),
        ("{0} NEAR/2 {1}", "apart", {"ar": 5, "en": 7, "fr": 9}),
        ("{0} NOT SAME SENTENCE {0}", "beside", None),
        ("{0} >= 3", "count", 1),
        ("title:{0}", "elsewhere", None),
        ("NOT {0}", "present", None),
        ("lang:ckb", "filter", None),
        ("zebra", "absent", None),
    ],
)
def test_each_condition_says_how_it_fails(
    language: Language, asked: str, kind: str, found: int | dict[str, int] | None
) -> None:
    """In Arabic, English and French alike; and in words of each."""
    written = asked.format(*WORDS[language])
    expected = found[language] if isinstance(found, dict) else found
    answer = failed(written, TEXTS[language])
    assert answer == ([(kind, write(parse(written)), expected)] if kind else [])
    for failure in why_not(a_document(TEXTS[language]), parse(written)):
        said = shortfall.failure_text(failure, language, {})
        assert "{" not in said and (expected is None or str(expected) in said)


@pytest.mark.parametrize(
    ("asked", "conditions"),
    [
        ("dam zebra NOT treaty", ["dam", "zebra", "NOT treaty"]),
        ("(dam SAME SENTENCE Baghdad) zebra", ["dam", "zebra"]),
        ("zebra OR lion", ["zebra OR lion"]),
        ("zebra OR Baghdad SAME SENTENCE treaty", ["Baghdad SAME SENTENCE treaty"]),
        ("zebra OR (dam treaty)", ["zebra OR (dam treaty)"]),
        ("Baghdad OR dam", []),
        ("title:(dam OR lake)", ["dam OR lake"]),
    ],
)
def test_only_the_parts_that_fail_are_named(asked: str, conditions: list[str]) -> None:
    """Of alternatives the one that comes nearest; all of them, if nothing of any is there."""
    assert [c for _, c, _ in failed(asked, TEXTS["en"])] == [write(parse(c)) for c in conditions]


def test_places_in_no_common_field_are_at_no_distance() -> None:
    """One side in the headline, the other in the text."""
    assert failed("dam SAME SENTENCE treaty", TEXTS["en"], "A dam") == [
        ("apart", "dam SAME SENTENCE treaty", None)
    ]


def test_a_mention_that_did_not_count_has_its_reason() -> None:
    """A trap is no absence."""
    (failure,) = why_not(a_document("They met at the river bank."), parse("concept:river"))
    assert (failure.kind, failure.reasons) == ("not_counted", ("trap river bank",))
    said = shortfall.failure_text(failure, "fr", {"river": RIVER})
    assert said == "non compté : une mention de « fleuve » (trap river bank)"


def a_topic(**card: int) -> Topic:
    """A label ``near`` over two lines for and one against, and ``more`` that needs it."""
    lines = (
        Evidence(name="both together", rule=parse("Baghdad SAME SENTENCE treaty"), points=12),
        Evidence(name="Baghdad", rule=Word("baghdad"), points=8),
        Evidence(name="zebras", rule=Word("zebra"), points=3),
        Evidence(name="it was hot", rule=Word("hot"), points=-4, against=True),
    )
    values: dict[str, int] = {"start": -10, "holds_from": 0, "doubtful_from": -8} | card
    near = Label(name="near", title={"en": "near"}, rule=Word("treaty"), evidence=lines, **values)
    more = Label(name="more", title={"en": "more"}, rule=Word("states"), needs="near")
    return Topic(
        slug="t", title={"en": "T"}, labels={"near": near, "more": more}, concepts={}, version="v"
    )


def cards(text: str, **card: int) -> tuple[LabelCard, ...]:
    """The topic's cards on a text."""
    topic = a_topic(**card)
    return fill_cards(matching.get_matcher(topic).story(matching.text_fields("", text)), topic)


def test_a_card_just_under_the_line_names_what_was_missing() -> None:
    """Its sum and threshold, what spoke for and against it, and each line that did not hold, with
    the reason."""
    near, more = cards(TEXTS["en"])
    assert (near.points, near.holds_from, near.failed) == (-6, 0, ())
    assert [(line.name, line.points) for line in near.held] == [("Baghdad", 8), ("it was hot", -4)]
    assert [(m.name, m.points, [f.kind for f in m.failures]) for m in near.missing] == [
        ("both together", 12, ["apart"]),
        ("zebras", 3, ["absent"]),
    ]
    assert (more.needs, more.points, more.missing) == ("near", 0, ())
    assert shortfall.sum_text(near, "en", holds=False) == "-6 points, 0 needed: 6 short"
    assert "needs near, which does not hold" in shortfall.sum_text(more, "en", holds=False)
    assert shortfall.line_text(near.missing[0], "en", {}) == (
        "the word “baghdad” and the word “treaty” in one sentence: both are in the text, "
        "nearest: 2 sentence(s) apart"
    )


def test_a_card_of_a_label_that_holds_lacks_nothing() -> None:
    """Nor does one whose rule does not hold have a sum."""
    near, more = cards(TEXTS["en"], start=0)
    assert (near.points, near.missing, more.needs) == (4, (), "")
    assert shortfall.sum_text(near, "en", holds=True) == "4 points, 0 needed"
    bare, _ = cards("Baghdad.", start=-9)
    assert bare.points is None and bare.missing == ()
    assert [(one.kind, one.condition) for one in bare.failed] == [("absent", Word("treaty"))]


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_every_failure_has_a_sentence_in_every_language(
    language: Language, kind: FailureKind
) -> None:
    """English, where a language has none of its own."""
    condition = Not(Word("dam")) if kind == "present" else Word("dam")
    said = shortfall.failure_text(Failure(kind=kind, condition=condition), language, {})
    assert "dam" in said and "{" not in said
    assert {len(words) for words in shortfall.WORDS.values()} == {len(shortfall.WORDS["en"])}
