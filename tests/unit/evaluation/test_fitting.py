"""Points come from texts other than those by which they are measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.evaluation.fitting import (
    DOUBTFUL_POINTS,
    FOLDS,
    PLATEAU,
    FittedLabel,
    TooFewError,
    f1_interval,
    fit_topic,
    fold_of,
    interval,
)
from crawler.evaluation.measures import ConfusionMatrix
from crawler.evaluation.observations import Observation
from crawler.matching.topics import Evidence, Label, Topic
from tests.examples import examples

RULE = query.parse("word")


def a_label(name: str = "dams", needs: str | None = None, **lines: bool) -> Label:
    """A label with these lines of evidence; the value says whether a line speaks against it."""
    evidence = tuple(
        Evidence(name=line, rule=RULE, points=0, against=against) for line, against in lines.items()
    )
    return Label(name=name, title={}, rule=RULE, needs=needs, evidence=evidence)


def a_topic(*labels: Label) -> Topic:
    """A topic of these labels."""
    return Topic(
        slug="t", title={}, labels={one.name: one for one in labels}, concepts={}, version="v"
    )


def seen(
    number: object,
    lines: Sequence[int] | None,
    wanted: bool,
    cluster: str = "",
    weight: float = 1.0,
) -> Observation:
    """A text in which these lines of ``dams`` hold; with None its rule does not."""
    return Observation(
        id=str(number),
        cluster=cluster or str(number),
        language="en",
        title="",
        truth={"dams": wanted},
        rules=frozenset() if lines is None else frozenset({"dams"}),
        lines={} if lines is None else {"dams": tuple(lines)},
        weight=weight,
    )


Counts = Mapping[tuple[int, ...], tuple[int, int]]
"""By the lines that hold: how many texts belong to the label, how many don't."""


def many(counts: Counts, each: str = "") -> list[Observation]:
    """So many texts, each an event of its own."""
    return [
        seen(f"{each}{lines} {wanted} {n}", lines, wanted)
        for lines, both in counts.items()
        for wanted, count in zip((True, False), both, strict=True)
        for n in range(count)
    ]


TELLING, CONTRADICTED, AGAINST, USELESS = range(4)
CARD = a_topic(a_label(telling=False, contradicted=False, against=True, useless=False))
TRUTH: Counts = {
    # Each line doubles, halves … the odds whatever else holds; the useless one leaves them.
    tuple(n for n, holds in enumerate(held) if holds): counts
    for held in product((False, True), repeat=4)
    for odds in [2.0 ** (2 * held[0] - 2 * held[1] - 2 * held[2])]
    for counts in [(round(40 * odds / (1 + odds)), 40 - round(40 * odds / (1 + odds)))]
}


def points(fitted: FittedLabel) -> dict[str, int]:
    """The points of each line by its name."""
    return {line.name: line.points for line in fitted.lines}


def test_lines_get_the_points_that_they_deserve() -> None:
    """Twice the odds twice over are 20 points, a little less for the penalty; a line that tells
    nothing gets none, and so does one of the wrong sign, as the texts have it.
    """
    (fitted,) = fit_topic(CARD, many(TRUTH))
    found = points(fitted)
    assert 16 <= found["telling"] <= 20 and -20 <= found["against"] <= -15
    assert (found["useless"], found["contradicted"]) == (0, 0)
    telling, contradicted, _, useless = fitted.lines
    assert telling.gain > 10 and useless.gain == contradicted.gain == 0
    right = sum(counts[0] for held, counts in TRUTH.items() if TELLING in held)
    wrong = sum(counts[1] for held, counts in TRUTH.items() if TELLING in held)
    assert (telling.right, telling.wrong, telling.before) == (right, wrong, 0)


@given(st.text(), st.text(), st.text())
def test_the_event_alone_decides_the_fold(cluster: str, one: str, other: str) -> None:
    """Texts of one event are never on both sides, in whatever set they stand."""
    first, second = seen(one, (), True, cluster or "e"), seen(other, (0,), False, cluster or "e")
    assert fold_of(first) == fold_of(second) in range(FOLDS)


@settings(max_examples=examples(20))
@given(data=st.data())
def test_no_text_is_judged_by_points_that_its_own_event_taught(data: st.DataObject) -> None:
    """Were all that is known of an event the opposite, its texts would have the same sums."""
    clusters = [f"event {n}" for n in range(40)]
    given_texts = [
        seen(n, lines, n % 2 == (0 in lines), clusters[n % 40])
        for n in range(80)
        for lines in [data.draw(st.sampled_from([(), (0,), (1,), (0, 2)]))]
    ]
    event = data.draw(st.sampled_from(clusters))
    turned = [
        replace(one, truth={"dams": not one.truth["dams"]}) if one.cluster == event else one
        for one in given_texts
    ]
    sums = [
        [one.points for one in fit_topic(CARD, texts)[0].judged if one.observation.cluster == event]
        for texts in (given_texts, turned)
    ]
    assert sums[0] == sums[1] and len(sums[0]) == 2


def test_the_sums_that_are_measured_are_out_of_fold() -> None:
    """One fit on all would praise itself: a line that holds in one event alone gets its points
    from that event, and none of them count where it is judged.
    """
    lucky = [seen(f"lucky {n}", (0, 1), True, "one event") for n in range(6)]
    (fitted,) = fit_topic(
        a_topic(a_label(usual=False, lucky=False)), many({(): (5, 30), (0,): (30, 10)}) + lucky
    )
    usual, line = fitted.lines
    assert line.points > 5
    for judged in fitted.judged[-6:]:
        assert judged.points is not None
        assert abs(judged.points - (fitted.start + usual.points)) < line.points


GRADED = a_topic(a_label(sure=False, likely=False))
GRADES: Counts = {(0,): (57, 3), (1,): (40, 20), (): (3, 57)}


@pytest.mark.parametrize(("precision", "found"), [(0.9, {(0,)}), (0.5, {(0,), (1,)})])
def test_a_threshold_reaches_the_precision_aimed_at(
    precision: float, found: set[tuple[int, ...]]
) -> None:
    """Of those that do, the one with the best F1."""
    (fitted,) = fit_topic(GRADED, many(GRADES), precision=precision)
    flagged = {one.observation.lines["dams"] for one in fitted.judged if one.flagged}
    assert flagged == found
    reached = fitted.matrix().precision
    assert reached is not None and reached >= precision


def test_where_no_threshold_is_so_precise_the_best_there_is_is_taken() -> None:
    """0.95 is all that the surest line gives; 1.0 was asked for."""
    (fitted,) = fit_topic(GRADED, many(GRADES), precision=1.0)
    assert {one.observation.lines["dams"] for one in fitted.judged if one.flagged} == {(0,)}
    assert fitted.matrix().precision == 0.95


def test_a_threshold_keeps_away_from_the_texts_that_it_parts() -> None:
    """Where nothing stands between the right and the wrong, a few points tip no text."""
    (fitted,) = fit_topic(a_topic(a_label(sure=False)), many({(0,): (30, 0), (): (0, 30)}))
    sums = {
        wanted: [one.points for one in fitted.judged if one.wanted == wanted and one.points]
        for wanted in (True, False)
    }
    assert min(sums[True]) - fitted.holds_from >= PLATEAU
    assert fitted.holds_from - max(sums[False]) > PLATEAU
    assert fitted.matrix() == ConfusionMatrix(true_positives=30, true_negatives=30)


def test_nearly_all_that_belongs_to_a_label_reaches_the_watch_list() -> None:
    """And at least what has half the odds of the threshold."""
    (fitted,) = fit_topic(GRADED, many(GRADES))
    reached = [one.points or 0 for one in fitted.judged if one.wanted]
    assert sum(points >= fitted.doubtful_from for points in reached) >= 0.98 * len(reached)
    assert fitted.doubtful_from <= fitted.holds_from - DOUBTFUL_POINTS


def both(name: str, dams: bool, special: bool, sure: bool) -> Observation:
    """A text judged for two labels; the special one's line holds where it should."""
    return replace(
        seen(name, (), dams),
        truth={"dams": dams, "special": special},
        rules=frozenset({"dams", "special"}),
        lines={"dams": (0,) if sure else (), "special": (0,) if special else ()},
    )


NEEDING = a_topic(a_label(sure=False), a_label("special", "dams", telling=False))
TWO = [both(f"a{n}", True, True, True) for n in range(20)]
TWO += [both(f"b{n}", True, False, True) for n in range(20)]
TWO += [both(f"c{n}", False, False, False) for n in range(20)]


def test_a_label_that_needs_another_is_flagged_only_where_that_one_is() -> None:
    """Whatever its own sum."""
    lone = [both(f"d{n}", False, True, False) for n in range(3)]
    _, special = fit_topic(NEEDING, TWO + lone)
    flagged = {one.observation.id[0] for one in special.judged if one.flagged}
    assert flagged == {"a"}
    assert {one.points for one in special.judged if one.observation.id[0] == "d"} != {None}
    assert special.matrix().false_negatives == 3


def test_a_text_judged_for_the_special_label_alone_is_no_miss() -> None:
    """``rasd judge`` asks about one label: whether the other holds is what its points say."""
    alone = replace(both("alone", True, True, True), truth={"special": True})
    _, special = fit_topic(NEEDING, [*TWO, alone])
    assert special.judged[-1].observation == alone and special.judged[-1].flagged


def test_what_is_needed_may_have_no_evidence_and_need_a_third() -> None:
    """A label without evidence lets through what its own need does."""
    chain = a_topic(
        a_label(sure=False),
        a_label("between", "dams"),
        a_label("special", "between", telling=False),
    )
    lone = [both(f"d{n}", False, True, False) for n in range(3)]
    _, special = fit_topic(chain, TWO + lone)
    assert {one.observation.id[0] for one in special.judged if one.flagged} == {"a"}


def test_a_label_whose_need_flags_none_of_its_texts_is_named() -> None:
    """No threshold can be found for it."""
    texts = [
        replace(both(str(n), n < 20, n % 2 == 0, n < 20), rules=frozenset(rules))
        for n in range(60)
        for rules in [{"dams"} if n < 20 else {"dams", "special"}]
    ]
    with pytest.raises(TooFewError, match=r"special: no text .* is flagged as dams"):
        fit_topic(NEEDING, texts)


def test_the_topics_own_examples_teach_and_are_not_counted() -> None:
    """They were written for the topic: as a measure they would flatter."""
    texts = many(GRADES)
    own = many({(1,): (40, 0)}, "line ")
    (plain,), (taught,) = fit_topic(GRADED, texts), fit_topic(GRADED, texts, examples=own)
    assert points(taught)["likely"] > points(plain)["likely"]
    assert taught.matrix().items == plain.matrix().items == len(texts)
    assert [one.observation for one in taught.examples] == own


def test_a_background_teaches_by_its_weight_and_shows_what_it_would_flag() -> None:
    """Unjudged texts belong to no label; those without the rule say nothing."""
    texts = many(GRADES)

    def fitted(weight: float) -> FittedLabel:
        behind = [seen(f"back {n}", (n % 2,), False, weight=weight) for n in range(200)]
        behind += [seen(f"else {n}", None, False, weight=weight) for n in range(50)]
        return fit_topic(GRADED, texts, behind)[0]

    light, heavy = fitted(0.01), fitted(1.0)
    assert light.background == heavy.background == 200
    assert points(heavy)["sure"] < points(light)["sure"]
    assert all(one.flagged and not one.wanted for one in light.background_flagged)
    assert len(light.background_flagged) == 100
    assert light.matrix().items == len(texts)


def test_a_text_without_the_rule_is_missed_whatever_the_points() -> None:
    """It counts in recall, it teaches nothing, and it has no sum."""
    texts = [*many(GRADES), seen("unseen", None, True)]
    (plain,), (fitted,) = fit_topic(GRADED, many(GRADES)), fit_topic(GRADED, texts)
    assert (fitted.judged[-1].points, fitted.judged[-1].flagged) == (None, False)
    assert (fitted.start, fitted.lines) == (plain.start, plain.lines)
    assert fitted.matrix().false_negatives == plain.matrix().false_negatives + 1


def test_a_label_is_counted_in_each_language() -> None:
    """And in all of them."""
    french = [replace(one, id=f"fr {one.id}", language="fr") for one in many({(0,): (5, 0)})]
    (fitted,) = fit_topic(GRADED, many(GRADES) + french)
    assert fitted.matrix("fr") == ConfusionMatrix(true_positives=5)
    assert fitted.matrix().items == fitted.matrix("en").items + 5


def test_too_few_events_are_counted_and_named() -> None:
    """Ten texts of one event are one; a label without evidence needs none at all."""
    texts = many({(): (0, 9)}) + [seen(n, (0,), True, "one event") for n in range(10)]
    said = "dams: the rule holds in judged texts of 1 events that belong to it and of 9 that don't"
    with pytest.raises(TooFewError, match=said):
        fit_topic(GRADED, texts)
    assert fit_topic(a_topic(a_label()), texts) == ()


@pytest.mark.parametrize(
    ("part", "of", "found"),
    [
        (81, 263, (0.255, 0.366)),
        (15, 148, (0.062, 0.16)),
        (0, 20, (0.0, 0.161)),
        (1, 29, (0.006, 0.172)),
        (10, 10, (0.722, 1.0)),
        (0, 0, None),
    ],
)
def test_an_interval_is_wilsons(part: int, of: int, found: tuple[float, float] | None) -> None:
    """The values that R. G. Newcombe's comparison of methods prints (Stat. Med. 17, 1998)."""
    assert interval(part, of) == found


def test_the_interval_of_f1_follows_from_that_of_a_share() -> None:
    """8 of 10 lies between 0.490 and 0.943; F1 is twice that over one more."""
    counts = ConfusionMatrix(true_positives=8, false_positives=1, false_negatives=1)
    assert f1_interval(counts) == pytest.approx((0.98 / 1.49, 1.886 / 1.943), abs=1e-3)
    assert counts.f1 == 0.8889
    assert f1_interval(ConfusionMatrix(true_negatives=3)) is None


def test_ten_points_double_the_odds() -> None:
    """The scale on which points and the scores of labels are read."""
    (fitted,) = fit_topic(
        a_topic(a_label(line=False)), many({(0,): (200, 50), (): (100, 100)}), penalty=0.001
    )
    assert points(fitted)["line"] == pytest.approx(10 * log(4) / log(2), abs=1)
