"""Which concepts a rule requires."""

from __future__ import annotations

import pytest

from crawler import query
from crawler.matching.required_concepts import RequiredConcepts


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ("concept:a", {"a"}),
        ("concept:a AND concept:b", {"a", "b"}),
        ("concept:a OR concept:b", set()),
        ("(concept:a AND concept:b) OR (concept:a AND concept:c)", {"a"}),
        ("concept:a AND NOT concept:b", {"a"}),
        ("concept:a NEAR/3 concept:b", {"a", "b"}),
        ("concept:a > 1", {"a"}),
        ("concept:a < 2", set()),  # none is fewer than two
        ("concept:a AND word", {"a"}),
        ("source:x", set()),
    ],
)
def test_a_rule_requires_what_it_cannot_hold_without(rule: str, needed: set[str]) -> None:
    """Both sides of AND, what both sides of OR share, nothing of what is refused."""
    parsed = query.parse(rule)
    required = RequiredConcepts([parsed])
    bits = required.by_node[id(parsed)]
    assert {name for name, bit in required.bits.items() if bits & bit} == needed
