"""Where a query holds in a text, and the pairs of places that stand near each other or together. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crawler.languages import Folded
from crawler.model import FieldName, Mention
from crawler.terms import Find

# A text that repeats both sides hundreds of times proves no more by the thousandth pair.
MOST_PLACES = 100


class Hit(NamedTuple):
    """A place where a query holds: words first..last of a field, and the mentions that make it.

    A tuple, since a frozen dataclass takes four times as long to make.
    """

    field: FieldName
    first: int
    last: int
    sentence: int
    paragraph: int
    mentions: tuple[Mention, ...]


def hit_of(name: FieldName, folded: Folded, found: Find) -> Hit:
    """The place of a term that was found in a field."""
    start, end = folded.starts[found.first], folded.ends[found.last]
    mention = Mention(
        field=name,
        start=start,
        end=end,
        concept=found.entry.concept,
        term=found.entry.text,
        text=folded.original[start:end],
    )
    sentence, paragraph = folded.sentence(found.first), folded.paragraph(found.first)
    return Hit(name, found.first, found.last, sentence, paragraph, (mention,))


def near(left: Sequence[Hit], right: Sequence[Hit], distance: int) -> Iterator[Hit]:
    """Pairs of different places in one field, at most ``distance`` words apart."""
    if not left or not right:
        return
    ordered = sorted(right, key=lambda h: (h.field, h.first))
    starts = [(h.field, h.first) for h in ordered]
    longest = max((h.last - h.first for h in right), default=0)
    made = 0
    for a in left:
        low = bisect_left(starts, (a.field, a.first - distance - longest - 1))
        for b in ordered[low : bisect_left(starts, (a.field, a.last + distance + 2))]:
            if a != b and _distance(a, b) <= distance:
                yield _join(a, b)
                made += 1
                if made >= MOST_PLACES:
                    return


def together(left: Sequence[Hit], right: Sequence[Hit], *, paragraph: bool) -> Iterator[Hit]:
    """Pairs of different places in one sentence, or in one paragraph, of one field."""
    if not left or not right:
        return
    by_place: dict[tuple[str, int], list[Hit]] = {}
    for b in right:
        by_place.setdefault((b.field, b.paragraph if paragraph else b.sentence), []).append(b)
    made = 0
    for a in left:
        for b in by_place.get((a.field, a.paragraph if paragraph else a.sentence), ()):
            if a != b:
                yield _join(a, b)
                made += 1
                if made >= MOST_PLACES:
                    return


def _distance(a: Hit, b: Hit) -> int:
    """Words between two hits; 0 when they touch or overlap."""
    first, second = (a, b) if a.first <= b.first else (b, a)
    return max(0, second.first - first.last - 1)


def _join(a: Hit, b: Hit) -> Hit:
    mentions = tuple(dict.fromkeys((*a.mentions, *b.mentions)))
    first, last = min(a.first, b.first), max(a.last, b.last)
    return Hit(a.field, first, last, a.sentence, a.paragraph, mentions)
