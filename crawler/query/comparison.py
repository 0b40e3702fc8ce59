"""Whether a saved search still finds what it found, and what explains it if it doesn't. Pure.

An answer may change because articles came, were deleted, were read or judged again, because the
search or a concept of it was edited, or because a source is of another country now. Any other
difference is a fault: of the index, of an upgrade, of the archive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAnswer:
    """What a saved search found at one moment, and on what that rested."""

    slug: str
    query: str  # with the saved searches that it names in their places
    concepts: Mapping[str, str]  # those that decide → a hash of each
    countries: Mapping[str, str]  # source → country
    last_article: int  # the highest id that the archive had given; later ones are new
    last_change: int  # … and the latest change of a stored article
    ids: tuple[int, ...]  # of the articles found, ascending, up to ``last_article``
    rasd: str  # the version that searched
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What the archive knows of the articles in which two answers differ."""

    sources: Mapping[int, str]  # id → source, of those that it still has
    changed: Collection[int] = ()  # read, moved or judged again since the first answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two answers of one saved search: how many articles which rule explains, and the rest."""

    slug: str
    before: int | None  # articles found; None: it was never checked
    after: int
    since: datetime | None
    by: str = ""  # the version of rasd that had searched before
    new: int = 0
    deleted: int = 0
    changed: int = 0  # found or lost since they were read, moved or judged again
    edited: tuple[str, ...] = ()  # what was: ``query``, ``concept river``
    by_edit: int = 0  # found or lost, and nothing but what was edited explains it
    lost: tuple[int, ...] = field(default=())  # ids of articles whose loss nothing explains
    found: tuple[int, ...] = field(default=())  # … that are found, and nothing explains why

    @property
    def is_explained(self) -> bool:
        """Whether a rule explains every difference."""
        return not self.lost and not self.found


def differing(before: SavedAnswer, after: SavedAnswer) -> set[int]:
    """The ids that only one of the answers has and that are not new."""
    both = set(before.ids) ^ set(after.ids)
    return {number for number in both if number <= before.last_article}


def first(answer: SavedAnswer) -> Comparison:
    """The comparison of the first answer, with none."""
    return Comparison(slug=answer.slug, before=None, after=len(answer.ids), since=None)


def compare(before: SavedAnswer, after: SavedAnswer, archived: Archived) -> Comparison:
    """What differs between two answers; ``archived`` is about the ids that are ``differing``."""
    left = differing(before, after)
    deleted = {number for number in left if number not in archived.sources}
    changed = {number for number in left - deleted if number in archived.changed}
    moved = {
        number
        for number in left - deleted - changed
        if _country(before, archived, number) != _country(after, archived, number)
    }
    edited = tuple(_edits(before, after))
    rest = left - deleted - changed - moved
    unexplained = set() if edited else rest
    return Comparison(
        slug=after.slug,
        before=len(before.ids),
        after=len(after.ids),
        since=before.checked_at,
        by=before.rasd,
        new=sum(number > before.last_article for number in after.ids),
        deleted=len(deleted),
        changed=len(changed | moved),
        edited=edited,
        by_edit=len(rest) if edited else 0,
        lost=tuple(sorted(unexplained - set(after.ids))),
        found=tuple(sorted(unexplained & set(after.ids))),
    )


def _country(answer: SavedAnswer, archived: Archived, number: int) -> str | None:
    return answer.countries.get(archived.sources[number])


def _edits(before: SavedAnswer, after: SavedAnswer) -> Iterable[str]:
    if before.query != after.query:
        yield "query"
    for name in sorted({*before.concepts, *after.concepts}):
        if before.concepts.get(name) != after.concepts.get(name):
            yield f"concept {name}"
