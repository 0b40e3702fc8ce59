"""The records of a topic: concepts with terms, labels as scorecards, themes.

``seeds.topics`` and ``seeds.lexicon`` build them from files, ``term_index`` compiles the concepts,
``matcher`` applies the rules. A topic's version is a hash of the ``repr`` of these records:
renaming one of them or a field makes all stored matches look outdated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any

from crawler.model import Actor, Language
from crawler.query import Filter, Query, walk

MIN_LABEL_SCORE = 0.5  # a label that holds has at least this score, any other less
POINTS_TO_DOUBLE_THE_ODDS = 10  # the scale of all points, as credit scorecards have it
MAX_POINTS = 200  # of one line of evidence: odds of a million to one


# Fields added after archives had stored versions: shown in a ``repr`` only if they are set, so that
# topics without them keep their version.
_ADDED_FIELDS = frozenset(
    {"ambiguous", "namesakes", "domestic", "country", "supported_by", "foreign", "introduced_by"}
)


class _Versioned:
    """A record whose ``repr`` goes into its topic's version."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = ((name, getattr(self, name)) for name in _shown_fields(type(self)))  # type: ignore[arg-type]
        pairs = [f"{n}={v!r}" for n, v in shown if v or n not in _ADDED_FIELDS]
        return f"{type(self).__name__}({', '.join(pairs)})"


@cache
def _shown_fields(record: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(record) if f.repr)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Term(_Versioned):
    """A word or phrase of a concept, as written in the lexicon.

    ``inflect`` names an inflection per word, from the last word backwards ("" means none).
    ``traps`` exclude this term only. A term with an ``actor`` names a person or an institution; it
    counts in undated articles and in those dated within ``valid_from`` and ``valid_until`` (both
    inclusive). A term with ``only_in`` is searched in texts of those languages and of unknown
    language. An ``ambiguous`` term has another sense, and counts only with support; so does one
    with ``namesakes`` in texts that have one of these words. A ``domestic`` term is what a
    country's own press calls an institution without naming the country.
    """

    text: str
    language: Language
    inflect: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    actor: Actor | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    only_in: tuple[Language, ...] = ()
    ambiguous: bool = False
    namesakes: tuple[str, ...] = ()
    domestic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office, one who holds or held it, and until when (None: still)."""

    role: str
    side: str
    holder: str
    until: date | None = None
    abolished: bool = False  # there is no successor


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Concept(_Versioned):
    """A named set of terms in several languages, with contexts (``traps``) in which they mean
    something else.

    Ambiguous terms are supported by an unambiguous term of this concept or of ``supported_by`` in
    the same text, or by a source of ``country`` (ISO 3166). Domestic terms count in
    texts of those sources only, not beside a term of a concept in ``foreign``, and in a sentence
    where such a term, of one concept, is introduced by one of ``introduced_by`` ("with Iraq").
    Each of ``bridges`` are words that one may say for the other; only searches use them.
    """

    name: str
    title: dict[Language, str]
    terms: tuple[Term, ...]
    traps: tuple[str, ...] = ()
    country: str = ""
    supported_by: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    introduced_by: tuple[str, ...] = ()
    offices: tuple[Office, ...] = field(default=(), repr=False)  # changes no match
    bridges: tuple[tuple[str, ...], ...] = field(default=(), repr=False)  # nor do these

    @property
    def has_home_terms(self) -> bool:
        """Whether some terms count in papers of its country otherwise than in others."""
        return any(t.ambiguous or t.namesakes or t.domestic for t in self.terms)

    def vacant_offices(self, today: date) -> list[Office]:
        """Each office whose last known holder's term is over, with that holder; by its end."""
        last: dict[tuple[str, str], Office] = {}
        for one in self.offices:
            known = last.setdefault((one.role, one.side), one)
            if (known.until or date.max) < (one.until or date.max):
                last[one.role, one.side] = one
        over = (one for one in last.values() if one.until is not None and one.until < today)
        return sorted((o for o in over if not o.abolished), key=lambda o: (o.until, o.role))


def with_related(names: Iterable[str], concepts: Mapping[str, Concept]) -> frozenset[str]:
    """The names, and those of the concepts that decide whether these concepts' terms count."""
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name not in found and (concept := concepts.get(name)) is not None:
            ahead += (*concept.supported_by, *concept.foreign, *concept.introduced_by)
        found.add(name)
    return frozenset(found)


def actor_spellings(concepts: Iterable[Concept]) -> dict[str, set[str]]:
    """The actors of these concepts by name, each with the terms by which texts name it."""
    found: dict[str, set[str]] = {}
    for concept in concepts:
        for term in concept.terms:
            if term.actor is not None:
                found.setdefault(term.actor.name, set()).add(term.text)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One line of a scorecard: where its rule holds, it adds its points to the label's sum.

    Evidence against has points of 0 or less: it lowers the sum, it never forbids the label.
    ``name`` is what a reader would say aloud: "a third country in the headline".
    """

    name: str
    rule: Query
    points: int
    against: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One possible result of a topic: a scorecard.

    ``rule`` is what must be there at all, and another label may have to hold too (``needs``). The
    label holds if the points of the evidence, with ``start``, are at least ``holds_from``; from
    ``doubtful_from`` on it is doubtful (None: never). Without evidence it holds with its rule.
    """

    name: str
    title: dict[Language, str]
    rule: Query
    needs: str | None = None
    evidence: tuple[Evidence, ...] = ()
    start: int = 0
    holds_from: int = 0
    doubtful_from: int | None = None

    def score(self, points: int) -> float:
        """The odds of these points as a share of 1; at least ``MIN_LABEL_SCORE`` where they are
        enough for the label.
        """
        doublings = (points - self.holds_from) / POINTS_TO_DOUBLE_THE_ODDS
        return round(float(1 / (1 + 2**-doublings)), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and the labels it must get, checked by ``rasd seeds check``; ``line`` of its file."""

    text: str
    labels: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Named, versioned rules over concepts. ``version`` changes with everything that can change
    a match.
    """

    slug: str
    title: dict[Language, str]
    labels: dict[str, Label]
    concepts: dict[str, Concept]
    version: str
    enumerated: tuple[str, ...] = ()  # concepts that a run of names takes away …
    enumerated_at_least: int = 3  # … when it is at least so long
    themes: Mapping[str, Query] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def countries(self) -> frozenset[str]:
        """The countries of sources that decide: its rules filter by them, or terms need them."""
        rules = [
            rule
            for label in self.labels.values()
            for rule in (label.rule, *(line.rule for line in label.evidence))
        ]
        rules += self.themes.values()
        filtered = (
            node.value
            for rule in rules
            for node in walk(rule)
            if isinstance(node, Filter) and node.name == "country"
        )
        homes = (concept.country for concept in self.concepts.values() if concept.has_home_terms)
        return frozenset(filter(None, (*filtered, *homes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A search with a name; ``@slug`` stands for it in any query."""

    slug: str
    title: dict[Language, str]
    query: Query
    labels: tuple[tuple[str, str], ...] = ()  # each label it asks for, and where: file:line:column
