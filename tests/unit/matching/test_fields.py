"""What is matched of an item: where its lead ends, and its metadata for filters."""

from __future__ import annotations

from datetime import date

import pytest

from crawler import query
from crawler.matching.fields import Fields, ItemFacts

FACTS = ItemFacts(
    source="news", country="MA", language="fr", day=date(2026, 11, 23), labels=frozenset({"dams"})
)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("source:news", True), ("source:other", False), ("country:MA", True), ("lang:fr", True),
        ("lang:ar", False), ("label:dams", True), ("label:rain", False),
        ("after:2026-11-23", True), ("after:2026-11-24", False),
        ("before:2026-11-24", True), ("before:2026-11-23", False),
    ],
)  # fmt: skip
def test_a_filter_is_answered_by_the_metadata(written: str, holds: bool) -> None:
    """``after`` includes its day and ``before`` does not; without metadata no filter holds."""
    node = query.parse(written)
    assert isinstance(node, query.Filter)
    assert FACTS.holds(node) is holds
    assert ItemFacts().holds(node) is False


@pytest.mark.parametrize(
    ("body", "lead", "end"),
    [
        ("One.\nTwo.\nThree.", 2, 4),  # never less than the first paragraph
        ("One.\nTwo.\nThree.", 9, 9),
        ("One.\nTwo.\nThree.", None, 0),
        ("x" * 1000, 10, 400),  # without paragraphs
        ("", 0, 0),
    ],
)
def test_the_lead_is_at_least_the_first_paragraph(body: str, lead: int | None, end: int) -> None:
    """So that the same text gives the same match from every source."""
    assert Fields({"body": body}, lead).lead_end == end
