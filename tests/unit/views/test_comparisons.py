"""What the check of a saved search says in words."""

from __future__ import annotations

from crawler.query.comparison import Archived, compare, first
from crawler.views.searches import comparisons
from tests.unit.query.test_comparison import ALL, BEFORE, after
from tests.unit.views.terminal import printed


def test_reasons_are_told_and_what_has_none_stands_out() -> None:
    """A line for each search, and what to do about one that differs without a reason."""
    archived = Archived(sources=ALL, changed={2})
    rows = [
        comparisons.comparison_row(one)
        for one in (
            first(BEFORE),
            compare(BEFORE, after(1, 2, 5), archived),
            compare(BEFORE, after(1, 5, 11, 12), archived),
            compare(BEFORE, after(1, 2, 7, query="lake"), archived),
            compare(BEFORE, after(*range(1, 20)), archived),
        )
    ]
    assert [comparisons.why(row) for row in rows] == [
        "first check",
        "the same since 2026-11-23 10:00 UTC",
        "2 new; 1 changed since 2026-11-23 10:00 UTC",
        "edited: query (2 by it) since 2026-11-23 10:00 UTC",
        "NO REASON: found now: 3, 4, 6, 7, 8, 9, 10; 9 new since 2026-11-23 10:00 UTC",
    ]
    shown = printed(comparisons.comparisons_text(rows))
    assert "5 saved searches checked: 1 differs and nothing explains why" in shown
    assert "nothing differs without a reason" in printed(comparisons.comparisons_text(rows[:1]))
