"""Two answers of a saved search: each difference has a reason, or is one that nothing explains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.query.comparison import Archived, SavedAnswer, compare, differing, first
from tests.builders import NOW

BEFORE = SavedAnswer(
    slug="dams",
    query="dam",
    concepts={"river": "1"},
    countries={"news": "MA", "other": "IQ"},
    last_article=10,
    last_change=3,
    ids=(1, 2, 5),
    rasd="0.1.0",
    checked_at=NOW,
)
ALL = dict.fromkeys(range(1, 20), "news")


def after(*ids: int, **changes: Any) -> SavedAnswer:
    """The same search later."""
    return replace(BEFORE, ids=ids, last_article=20, **changes)


def test_new_articles_are_a_reason() -> None:
    """Those whose ids are higher than any that the archive had."""
    found = compare(BEFORE, after(1, 2, 5, 11, 12), Archived(sources=ALL))
    assert found.is_explained and (found.before, found.after, found.new) == (3, 5, 2)
    assert differing(BEFORE, after(1, 2, 5, 11)) == set()


def test_what_became_of_an_article_is_a_reason() -> None:
    """It was deleted; it was read or judged again; its source is of another country."""
    gone = compare(BEFORE, after(1, 2), Archived(sources={n: "news" for n in ALL if n != 5}))
    assert gone.is_explained and gone.deleted == 1
    changed = compare(BEFORE, after(1, 2, 7), Archived(sources=ALL, changed={5, 7}))
    assert changed.is_explained and changed.changed == 2
    moved = after(1, 2, countries={"news": "TN", "other": "IQ"})
    assert compare(BEFORE, moved, Archived(sources=ALL)).changed == 1
    elsewhere = after(1, 2, countries={"news": "MA", "other": "TN"})
    assert not compare(BEFORE, elsewhere, Archived(sources=ALL)).is_explained


def test_an_edit_is_a_reason_and_is_named() -> None:
    """Of the search, or of a concept that decides."""
    edited = after(1, 7, query="dam OR lake", concepts={"river": "2"})
    found = compare(BEFORE, edited, Archived(sources=ALL))
    assert found.is_explained
    assert (found.edited, found.by_edit) == (("query", "concept river"), 3)


def test_anything_else_is_a_fault() -> None:
    """Which articles are lost, and which are found, without a reason."""
    found = compare(BEFORE, after(1, 2, 7, 11), Archived(sources=ALL, changed={9}))
    assert not found.is_explained
    assert (found.lost, found.found, found.new) == ((5,), (7,), 1)


def test_a_first_answer_is_compared_with_none() -> None:
    """There is nothing that it could differ from."""
    assert first(BEFORE).is_explained and first(BEFORE).before is None


IDS = st.sets(st.integers(1, 20))


@given(old=IDS, new=IDS, changed=IDS, left=IDS)
def test_every_difference_is_counted_once(
    old: set[int], new: set[int], changed: set[int], left: set[int]
) -> None:
    """new + deleted + changed + unexplained are all ids that only one of the answers has."""
    before = replace(BEFORE, ids=tuple(sorted(n for n in old if n <= 10)))
    now = after(*sorted(new))
    archived = Archived(sources=dict.fromkeys(left | new, "news"), changed=changed)
    found = compare(before, now, archived)
    told = found.new + found.deleted + found.changed + len(found.lost) + len(found.found)
    assert told == len(set(before.ids) ^ set(now.ids))
    assert not (set(found.lost) | set(found.found)) & changed
