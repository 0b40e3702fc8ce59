"""A topic's file with other points: only numbers change."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SeedError
from crawler.seeds.points import with_points
from crawler.seeds.schema import KeyPath
from tests.examples import examples
from tests.places import SEEDS

WRITTEN = """\
# Dams of two rivers; سدود
title: {ar: "السدود: أخبارها", en: 'Dams'}   # as the desk says it
labels:
  dams:
    title:
      ar: سدود
      en: dams
    rule: >-
      concept:river AND
      concept:dam
    start: -15      # of a text without any line
    holds_from: +5
    doubtful_from: -10
    speaks_for:
      # what a reader would say aloud
      a river and a dam: {points: 20, rule: "concept:river SAME SENTENCE concept:dam"}
      'both, in the headline: "5"': {rule: 'headline:(river AND dam)', points: 5} # 5 of 5
      النهر في العنوان:
        points: "7"
        rule: headline:concept:river
    speaks_against:
      a match: {points: -8, rule: match}

  old: {title: {en: o}, rule: dam, start: 1, holds_from: 2, doubtful_from: 0, speaks_for: {a: {points: 3, rule: river}}}
misses:
  - {text: "points: 20, start: -15"}
"""
DAMS = ("labels", "dams")
LINES: tuple[KeyPath, ...] = (
    (*DAMS, "start"),
    (*DAMS, "holds_from"),
    (*DAMS, "doubtful_from"),
    (*DAMS, "speaks_for", "a river and a dam", "points"),
    (*DAMS, "speaks_for", 'both, in the headline: "5"', "points"),
    (*DAMS, "speaks_for", "النهر في العنوان", "points"),
    (*DAMS, "speaks_against", "a match", "points"),
    ("labels", "old", "start"),
    ("labels", "old", "speaks_for", "a", "points"),
)
NEW = ("start", "holds_from", "doubtful_from")


def value_at(text: str, key_path: KeyPath) -> int:
    """The number at a place of a file, read by another parser than the seeds'."""
    node = yaml.safe_load(text)
    for key in key_path:
        node = node[key]
    return int(node)


def without_digits(text: str) -> str:
    """A text without the characters that a number may have."""
    return "".join(c for c in text if not c.isdigit() and c not in "+-\"'")


@settings(max_examples=examples(100))
@given(
    values=st.dictionaries(st.sampled_from(LINES), st.integers(-200, 200), min_size=1),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_only_the_numbers_change(values: dict[KeyPath, int], newline: str, mark: str) -> None:
    """Comments, quotes, layout, ends of lines and a byte order mark stay; the numbers are those
    asked for, and a second run changes nothing.
    """
    text = mark + WRITTEN.replace("\n", newline)
    changed = with_points("topics/t.yml", text, values)
    assert {key_path: value_at(changed, key_path) for key_path in values} == values
    assert without_digits(changed) == without_digits(text)
    for key_path in set(LINES) - set(values):
        assert value_at(changed, key_path) == value_at(text, key_path)
    assert with_points("topics/t.yml", changed, values) == changed


def test_a_number_that_is_right_stays_as_it_is_written() -> None:
    """``+5`` and ``"7"`` are five and seven: nothing to change, and nothing to see in a diff."""
    same = {key_path: value_at(WRITTEN, key_path) for key_path in LINES}
    assert with_points("topics/t.yml", WRITTEN, same) == WRITTEN


BLOCK = """\
title: {en: T}
labels:
  dams:
    title: {en: dams}
    rule: dam
    # what speaks against
    speaks_against:
      a match: {points: -8, rule: match}
    speaks_for:
      a river: {points: 2, rule: river}
"""
FLOW = "title: {en: T}\nlabels:\n  dams: {title: {en: d}, rule: dam, speaks_for: {a: {points: 2, rule: r}}}\n"


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (
            BLOCK,
            "    # what speaks against\n    start: 3\n    holds_from: 4\n    doubtful_from: -6\n"
            "    speaks_against:\n",
        ),
        (FLOW, "rule: dam, start: 3, holds_from: 4, doubtful_from: -6, speaks_for: {a:"),
        (BLOCK.replace("\n", "\r\n"), "    start: 3\r\n    holds_from: 4\r\n"),
        (BLOCK.replace("    rule: dam\n", "    rule: dam\n    doubtful_from:\n"), "_from: -6\n"),
    ],
)
def test_a_key_that_is_missing_is_added_before_the_evidence(text: str, added: str) -> None:
    """In the order in which they are read, indented or in line as its neighbours are."""
    values = dict(zip(((*DAMS, name) for name in NEW), (3, 4, -6), strict=True))
    changed = with_points("topics/t.yml", text, values)
    assert added in changed
    assert [value_at(changed, (*DAMS, name)) for name in NEW] == [3, 4, -6]
    assert with_points("topics/t.yml", changed, values) == changed


def test_what_was_fitted_is_a_guess_no_more() -> None:
    """A draft's mark goes from its line once, whatever stands in it, also where the guess was
    right; other comments stay.
    """
    text = BLOCK.replace("rule: match}", "rule: match}  # guess: in 3 of 9 # unseen").replace(
        "rule: river}", "rule: river}  # as one says"
    )
    key_path = (*DAMS, "speaks_against", "a match", "points")
    for value in (-8, -3):
        changed = with_points("topics/t.yml", text.replace("\n", "\r\n"), {key_path: value})
        assert f"a match: {{points: {value}, rule: match}}\r\n" in changed
        assert "rule: river}  # as one says\r\n" in changed
    both = FLOW.replace("}}\n", "}, start: 1}  # guess: both\n")
    values = {(*DAMS, "start"): 4, (*DAMS, "speaks_for", "a", "points"): 5}
    changed = with_points("topics/t.yml", both, values)
    assert changed == both.replace("points: 2", "points: 5").replace(
        "start: 1", "start: 4"
    ).replace("  # guess: both", "")


SHARED = """\
title: {en: T}
labels:
  dams: {title: {en: d}, rule: dam, speaks_for: &lines {a: {points: 2, rule: r}}}
  more: {title: {en: m}, rule: dam, start: &five 5, holds_from: *five, speaks_for: *lines}
"""


@pytest.mark.parametrize(
    "key_path",
    [(*DAMS, "speaks_for", "a", "points"), ("labels", "more", "start")],
)
def test_a_number_that_an_alias_repeats_is_refused(key_path: KeyPath) -> None:
    """It belongs to another label, too, whose points were not fitted."""
    with pytest.raises(SeedError, match=r"^topics/t\.yml:1: .* write out what an alias"):
        with_points("topics/t.yml", SHARED, {key_path: 9})
    with_points("topics/t.yml", SHARED, {key_path: value_at(SHARED, key_path)})


def test_what_is_no_topic_is_refused() -> None:
    """With the file's own problem."""
    with pytest.raises(SeedError, match=r"topics/t\.yml:1: .*labels"):
        with_points("topics/t.yml", "title: {en: T}\n", {(*DAMS, "start"): 1})


@pytest.mark.parametrize("path", sorted((SEEDS / "topics").glob("*.yml")), ids=lambda p: p.stem)
def test_the_topics_that_ship_can_be_fitted(path: Path) -> None:
    """Each of their numbers can be written by itself."""
    text = path.read_text(encoding="utf-8")
    shape = yaml.safe_load(text)
    values: dict[KeyPath, int] = {}
    for name, label in shape["labels"].items():
        for side in ("speaks_for", "speaks_against"):
            for line in label.get(side, {}):
                values["labels", name, side, line, "points"] = 1 if side == "speaks_for" else -1
        if any(side in label for side in ("speaks_for", "speaks_against")):
            values["labels", name, "start"] = -199
    changed = with_points("topics/t.yml", text, values)
    assert {key_path: value_at(changed, key_path) for key_path in values} == values
