"""Weights are the best ones of the right sign, and small where little speaks for them."""

from __future__ import annotations

import math
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import MissingExtraError
from crawler.evaluation.regression import Fit, fit_weights
from tests.examples import examples

LINES = 4
Text = tuple[frozenset[int], bool, float]  # lines that hold, truth, share
texts = st.lists(
    st.tuples(
        st.frozensets(st.integers(0, LINES - 1)),
        st.booleans(),
        st.sampled_from([0.3, 1.0, 2.0]),
    ),
    min_size=2,
    max_size=40,
).filter(lambda rows: {truth for _, truth, _ in rows} == {True, False})
signs = st.tuples(*[st.booleans()] * LINES)


def fitted(rows: list[Text], against: tuple[bool, ...], penalty: float) -> Fit:
    """The weights for these texts."""
    held, truth, shares = zip(*rows, strict=True)
    return fit_weights([tuple(one) for one in held], truth, shares, against, penalty)


def slopes(fit: Fit, rows: list[Text], penalty: float) -> list[float]:
    """How the penalised loss grows with each weight, and with the start, which is the last."""
    found = [penalty * weight for weight in fit.weights] + [0.0]
    for held, truth, share in rows:
        missed = share * (1 / (1 + math.exp(-fit.sum(tuple(held)))) - truth)
        for n in (*held, LINES):
            found[n] += missed
    return found


@settings(max_examples=examples(100))
@given(rows=texts, against=signs, penalty=st.sampled_from([0.1, 2.0, 10.0]))
def test_no_other_weights_of_these_signs_are_better(
    rows: list[Text], against: tuple[bool, ...], penalty: float
) -> None:
    """The loss is convex: it is least where it is flat, or where it only falls beyond 0."""
    fit = fitted(rows, against, penalty)
    *by_line, by_start = slopes(fit, rows, penalty)
    assert by_start == pytest.approx(0, abs=1e-4)
    for weight, slope, is_against in zip(fit.weights, by_line, against, strict=True):
        assert weight <= 0 if is_against else weight >= 0
        if weight:
            assert slope == pytest.approx(0, abs=1e-4)
        else:
            assert slope <= 1e-4 if is_against else slope >= -1e-4


def test_without_a_penalty_weights_are_log_odds() -> None:
    """Of four texts without the line one is right, of four with it three: odds of 1 : 3, 3 : 1."""
    rows: list[Text] = [(frozenset(), n == 0, 1.0) for n in range(4)]
    rows += [(frozenset({0}), n != 0, 1.0) for n in range(4)]
    fit = fitted(rows, (False,) * LINES, 0.0)
    assert fit.start == pytest.approx(math.log(1 / 3), abs=1e-3)
    assert fit.weights[0] == pytest.approx(2 * math.log(3), abs=1e-3)
    assert fit.weights[1:] == (0.0,) * (LINES - 1)


@pytest.mark.parametrize("is_against", [False, True])
def test_a_line_keeps_its_sign_though_the_texts_say_the_opposite(is_against: bool) -> None:
    """It gets 0: what a person wrote on one side of the card never moves to the other."""
    rows: list[Text] = [(frozenset({0}), is_against, 1.0), (frozenset(), not is_against, 1.0)] * 20
    assert fitted(rows, (is_against,) * LINES, 2.0).weights[0] == 0.0


def test_a_penalty_makes_weights_smaller() -> None:
    """The more of it, the smaller; the start has none."""
    rows: list[Text] = [(frozenset({0}), True, 1.0), (frozenset(), False, 1.0)] * 10
    weights = [fitted(rows, (False,) * LINES, penalty).weights[0] for penalty in (0.5, 2, 8, 1e6)]
    assert weights == sorted(weights, reverse=True) and weights[-1] == pytest.approx(0, abs=1e-3)
    rare: list[Text] = [(frozenset(), n == 0, 1.0) for n in range(10)]
    assert fitted(rare, (False,) * LINES, 1e6).start == pytest.approx(math.log(1 / 9), abs=1e-3)


def test_texts_that_a_line_separates_converge() -> None:
    """Without a penalty the weight would have no end; with one, ten thousand texts have one."""
    rows: list[Text] = [(frozenset({0}), True, 1.0), (frozenset({1}), False, 1.0)] * 5_000
    fit = fitted(rows, (False, True, False, True), 0.001)
    assert all(map(math.isfinite, (fit.start, *fit.weights)))
    assert fit.sum((0,)) > 5 and fit.sum((1,)) < -5


def test_a_share_counts_as_so_many_texts() -> None:
    """A text of share 2 is two texts."""
    rows: list[Text] = [(frozenset({0}), True, 2.0), (frozenset({0}), False, 1.0)]
    rows += [(frozenset(), False, 1.0)]
    twice = [*rows, (rows[0][0], True, 1.0)]
    twice[0] = (rows[0][0], True, 1.0)
    one, other = fitted(rows, (False,) * LINES, 1.0), fitted(twice, (False,) * LINES, 1.0)
    assert one.sum((0,)) == pytest.approx(other.sum((0,)), abs=1e-3)


def test_without_scipy_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else works without: it is an extra."""
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rasd\[fit\]'") as raised:
        fitted([(frozenset(), True, 1.0)], (False,) * LINES, 1.0)
    assert raised.value.exit_code == 69
