"""What a text lacks for a label or a query: the smallest conditions that fail, how nearly. Pure.

Words for it, in three languages: ``crawler.views.shortfall``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler import query
from crawler.matching import scoring
from crawler.matching.document import Document
from crawler.matching.mentions import Span, words_between
from crawler.matching.topics import Label, Topic
from crawler.model import HeldEvidence

FailureKind = Literal[
    "apart", "beside", "count", "elsewhere", "present", "not_counted", "filter", "absent"
]
"""How a condition fails.

``apart``: both sides are in the text, but not so near; ``beside``: what must not be in its sentence
is in every one; ``count``: not so many times; ``elsewhere``: in another field; ``present``: what
must not be there is; ``not_counted``: all mentions were taken away; ``filter``: of the article's
metadata; ``absent``: not in the text at all.
"""
_SEVERITY: dict[FailureKind, int] = {"not_counted": 1, "filter": 2, "absent": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A condition that fails, and no part of which says more."""

    kind: FailureKind
    condition: query.Query
    found: int | None = None  # of ``count``: times; of ``apart``: words, sentences or paragraphs
    reasons: tuple[str, ...] = ()  # why mentions of it do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A line that would speak for a label and does not hold, with every condition that fails."""

    name: str  # as the topic writes it
    points: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCard:
    """A label's scorecard on a text, also where the label does not hold.

    ``points`` is None where the rule does not hold, ``failed`` says why. ``missing`` is empty for a
    label that the text gets; else the most telling line comes first.
    """

    label: str
    start: int
    points: int | None
    holds_from: int
    held: tuple[HeldEvidence, ...] = ()
    failed: tuple[Failure, ...] = ()
    needs: str = ""  # another label that has to hold and does not
    missing: tuple[MissingLine, ...] = ()


def fill_cards(document: Document, topic: Topic) -> tuple[LabelCard, ...]:
    """The cards of all labels of a topic, in its order, as ``scoring.score_topic`` adds them up."""
    found = scoring.score_topic(document, topic, show=topic.labels)
    cards: list[LabelCard] = []
    for label in topic.labels.values():
        held = tuple(line for line in found.evidence if line.label == label.name)
        cards.append(_card(document, label, held, found.labels))
    return tuple(cards)


def _card(
    document: Document, label: Label, held: tuple[HeldEvidence, ...], given: Sequence[str]
) -> LabelCard:
    failed = tuple(why_not(document, label.rule))
    names = {line.name for line in held}
    lacking = [] if label.name in given or failed else label.evidence
    missing = [
        MissingLine(name=e.name, points=e.points, failures=tuple(why_not(document, e.rule)))
        for e in lacking
        if not e.against and e.points > 0 and e.name not in names
    ]
    return LabelCard(
        label=label.name,
        start=label.start,
        points=None if failed else label.start + sum(line.points for line in held),
        holds_from=label.holds_from,
        held=held,
        failed=failed,
        needs=label.needs if label.needs is not None and label.needs not in given else "",
        missing=tuple(sorted(missing, key=lambda line: -line.points)),
    )


def why_not(document: Document, node: query.Query) -> list[Failure]:
    """The smallest conditions of a query that fail in a document; empty if the query holds.

    Of alternatives, only those of the one that comes nearest to holding.
    """
    if document.evaluate(node)[0]:
        return []
    match node:
        case query.And(parts):
            return [failure for part in parts for failure in why_not(document, part)]
        case query.Or(parts):
            return _nearest(node, [why_not(document, part) for part in parts])
        case query.Not():
            return [Failure(kind="present", condition=node)]
        case query.Filter():
            return [Failure(kind="filter", condition=node)]
        case query.Count(inner):
            times = {(s.field, s.first, s.last) for s in document.evaluate(inner)[1]}
            return [Failure(kind="count", condition=node, found=len(times))]
        case query.InField(name, inner):
            return _not_in_field(document, node, name, inner)
        case query.SentenceWithout(left, _):
            return why_not(document, left) or [Failure(kind="beside", condition=node)]
        case (
            query.Near(left, right)
            | query.SameSentence(left, right)
            | query.SameParagraph(left, right)
        ):
            lacking = [*why_not(document, left), *why_not(document, right)]
            return lacking or [_apart(document, node, left, right)]
    return [_absent(document, node)]


def _nearest(node: query.Or, failures: Sequence[list[Failure]]) -> list[Failure]:
    """The failures of the alternative that lacks least; the whole, if all are simply not there."""
    least = min(failures, key=lambda found: (max(map(_severity, found)), len(found)))
    if all(failure.kind == "absent" for failure in least):
        return [Failure(kind="absent", condition=node)]
    return least


def _severity(failure: Failure) -> int:
    return _SEVERITY.get(failure.kind, 0)


def _not_in_field(
    document: Document, node: query.InField, name: str, inner: query.Query
) -> list[Failure]:
    lacking = why_not(document, inner)
    if lacking:
        return lacking
    inside = why_not(document.part(name), inner)
    if all(failure.kind in ("absent", "not_counted") for failure in inside):
        return [Failure(kind="elsewhere", condition=node)]
    return inside


def _absent(document: Document, node: query.Query) -> Failure:
    reasons = dict.fromkeys(
        mention.reason
        for mention in document.excluded
        if isinstance(node, query.ConceptRef) and mention.concept == node.name
    )
    kind: FailureKind = "not_counted" if reasons else "absent"
    return Failure(kind=kind, condition=node, reasons=tuple(reasons))


def _apart(document: Document, node: query.Query, left: query.Query, right: query.Query) -> Failure:
    between: Callable[[Span, Span], int] = words_between
    if isinstance(node, query.SameSentence):
        between = _sentences_apart
    elif isinstance(node, query.SameParagraph):
        between = _paragraphs_apart
    pairs = _pairs(document.evaluate(left)[1], document.evaluate(right)[1])
    found = min((between(a, b) for a, b in pairs), default=None)
    return Failure(kind="apart", condition=node, found=found)


def _pairs(left: Sequence[Span], right: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Different places in one field."""
    return ((a, b) for a in left for b in right if a.field == b.field and a != b)


def _sentences_apart(a: Span, b: Span) -> int:
    return abs(a.sentence - b.sentence)


def _paragraphs_apart(a: Span, b: Span) -> int:
    return abs(a.paragraph - b.paragraph)
