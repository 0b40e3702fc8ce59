"""Which concepts the index answers for, and their articles as statements that give ranks.

A concept is ready when every article has its places by the version that the lexicon in use gives
it. About any other the index says nothing: its words are looked for as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import tables as t

LAST_BIT = 62  # of the bits of sentences: all from there on share it
MAX_COUNTED = 5_000  # articles of a concept: whether one is rare is all that has to be known
MAX_COMPARED = 2_000  # articles whose places decide about a sentence; of more, each is judged
_C, _S = t.indexed_concepts.c, t.indexed_sources.c
SIZE = "rasd_rows"
"""The execution option of a statement that says how many rows it gives, at most MAX_COUNTED."""
_ONLY_LAST = 1 << LAST_BIT


class LexiconInUse(Protocol):
    """The lexicon of a search, and the sources whose articles it is asked about."""

    @property
    def digest(self) -> str:
        """A digest of the files that lexicon and sources were read from; "" if that is unknown."""

    @property
    def countries(self) -> Mapping[str, str]:
        """The countries of the sources, by slug."""

    def __contains__(self, name: object) -> bool:
        """Whether there is a concept of this name."""

    def version(self, name: str) -> str:
        """The version of a concept."""

    def homes(self, name: str) -> Collection[str]:
        """The countries whose sources have other mentions of the concept than others."""


@dataclass(frozen=True)
class ConceptsOfQuery:
    """The concepts that a query names: the ids of those that are ready, and the names of those of
    the lexicon that are not."""

    ids: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    connection: Connection | None = None
    share_a_sentence: Callable[[bytes, bytes], bool] | None = None

    def articles(self, name: str) -> sa.Select[Any] | None:
        """The ranks of the articles with this concept, each once; None if it isn't ready."""
        if name not in self.ids:
            return None
        p = t.concept_places.c
        statement = sa.select(p.rank).where(p.concept == self.ids[name])
        return statement.execution_options(**{SIZE: self._size(self.ids[name])})

    def articles_with_both_in_a_sentence(self, one: str, other: str) -> sa.Select[Any] | None:
        """The ranks of the articles with a sentence that has both concepts, each once; None if they
        aren't ready, are the same, or if too many articles are too long for their bits to say."""
        if one == other or one not in self.ids or other not in self.ids:
            return None
        rarer, more = sorted((self.ids[one], self.ids[other]), key=self._size)
        a, b = t.concept_places.alias(), t.concept_places.alias()
        common = a.c.sentences.bitwise_and(b.c.sentences)
        both = sa.select(a.c.rank).join_from(a, b, b.c.rank == a.c.rank)
        both = both.where(a.c.concept == rarer, b.c.concept == more)
        late = both.add_columns(a.c.places, b.c.places).where(common == _ONLY_LAST)
        decided = self._share_a_late_sentence(late)
        if decided is None:
            return None
        both = both.where(common != 0, sa.or_(common != _ONLY_LAST, a.c.rank.in_(decided)))
        return both.execution_options(**{SIZE: self._size(rarer)})

    def _share_a_late_sentence(self, late: sa.Select[Any]) -> list[int] | None:
        """The ranks of those articles (rank, places of both) with a sentence that has both; None if
        there are too many."""
        assert self.connection is not None
        share = self.share_a_sentence
        rows = self.connection.execute(late.limit(MAX_COMPARED + 1)).all()
        if len(rows) > MAX_COMPARED or (rows and share is None):
            return None
        return [rank for rank, one, other in rows if share is not None and share(one, other)]

    def _size(self, concept: int) -> int:
        assert self.connection is not None
        p = t.concept_places.c
        some = sa.select(p.rank).where(p.concept == concept).limit(MAX_COUNTED).subquery()
        return int(
            self.connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
        )


def find_ready(
    c: Connection,
    names: Iterable[str],
    lexicon: LexiconInUse | None,
    share_a_sentence: Callable[[bytes, bytes], bool] | None,
) -> ConceptsOfQuery:
    """What the index knows of these concepts."""
    known = sorted(name for name in set(names) if lexicon is not None and name in lexicon)
    if lexicon is None or not known:
        return ConceptsOfQuery()
    columns = sa.select(_C.id, _C.name, _C.version, _C.seeds)
    rows = c.execute(columns.where(_C.name.in_(known), _C.ended_at.is_not(None))).all()
    moved = _moved(c, lexicon) if any(row.seeds != lexicon.digest for row in rows) else None
    ids = {row.name: row.id for row in rows if _is_current(row, lexicon, moved)}
    missing = tuple(name for name in known if name not in ids)
    return ConceptsOfQuery(ids, missing, c, share_a_sentence)


def _is_current(row: Any, lexicon: LexiconInUse, moved: set[str] | None) -> bool:
    if lexicon.digest and row.seeds == lexicon.digest:
        return True
    moved = moved or set()
    return bool(row.version == lexicon.version(row.name)) and moved.isdisjoint(
        lexicon.homes(row.name)
    )


def _moved(c: Connection, lexicon: LexiconInUse) -> set[str]:
    """The countries that a source had when its articles were indexed, or has now, where they
    differ."""
    pairs = [
        (row.country, lexicon.countries.get(row.source, ""))
        for row in c.execute(sa.select(_S.source, _S.country))
    ]
    return {country for pair in pairs if pair[0] != pair[1] for country in pair}
