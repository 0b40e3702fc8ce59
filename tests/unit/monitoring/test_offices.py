"""Offices whose last known holder's term is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crawler import seeds
from crawler.matching.topics import Concept
from crawler.monitoring import offices
from crawler.seeds import Seeds
from crawler.views.seeds import check_lines

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def a_concept(*actors: str) -> Concept:
    """A concept with these actors, each as ``name, role[, until[, abolished]]``."""
    lines = []
    for actor in actors:
        name, role, until, abolished = (*actor.split(", "), "", "")[:4]
        lines += [f"  - {{name: {name}, role: {role}, side: IQ, terms: {{en: [{name}]}}"]
        lines[-1] += f", valid_until: {until}" if until else ""
        lines[-1] += ", abolished: true}" if abolished else "}"
    text = "title: {en: x}\nactors:\n" + "\n".join(lines)
    return seeds.load({"lexicon/x.yml": text}, kinds=[]).concepts["x"]


def test_a_term_that_is_over_without_a_successor_is_a_finding() -> None:
    """With office, holder and last day."""
    (finding,) = offices.findings([a_concept("Reed, justice minister, 2026-10-01")], NOW)
    assert (finding.source, finding.kind) == ("", "office_expired")
    assert finding.proof == (
        "no successor in the lexicon: x: justice minister (Reed until 2026-10-01)"
    )


def test_a_successor_a_running_term_and_an_abolished_office_are_none() -> None:
    """Whatever order they stand in; the last day itself still counts."""
    assert not offices.findings(
        [
            a_concept("Pond, trade minister", "Reed, trade minister, 2020"),
            a_concept("Reed, oil minister, 2020", "Pond, oil minister, 2026-11-30"),
            a_concept("Reed, fleet minister, 2020, abolished"),
        ],
        NOW,
    )


def test_the_last_of_several_holders_is_named() -> None:
    """The earlier ones have a successor."""
    concept = a_concept("Reed, trade minister, 2024", "Pond, trade minister, 2026-10")
    assert [o.holder for o in concept.vacant_offices(NOW.date())] == ["Pond"]


def test_the_check_of_seeds_names_them() -> None:
    """Behind the concept's terms and traps."""
    found = Seeds(concepts={"x": a_concept("Reed, justice minister, 2026-10-01")})
    (line,) = check_lines(["lexicon/x.yml"], found, {}, date(2026, 11, 30))
    assert line.endswith("offices without a holder: justice minister (Reed until 2026-10-01)")


def test_every_office_that_ships_has_a_holder(seeds: Seeds) -> None:
    """On the day of the last review; where a term was over then, its office was abolished."""
    reviewed = date(2026, 11, 30)
    assert [o for c in seeds.concepts.values() for o in c.vacant_offices(reviewed)] == []
