"""How far the concepts of the lexicon are indexed: which articles have their places.

::

    plan ─► next_batch ─► what is found in its articles ─► write ─► next_batch ─► … ─► None

A row per concept: articles with ids up to ``after_id`` have its places by ``version``. Once it has
ended all have, those that are kept later too. A process that was killed goes on from there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from crawler.model import ArchivedArticle, ConceptProgress, ConceptState, FoundConcepts
from storage import concept_places, statements
from storage import tables as t
from storage.article_scan import SqlScan
from storage.engine import read_connection, reading, write_connection

PURGED_AT_ONCE = 5_000  # places of a concept that is gone: other writers take their turn between
_C, _A, _S = t.indexed_concepts.c, t.articles.c, t.indexed_sources.c
_JUDGED = ("source", "url", "headline", "lead", "summary", "body", "language", "first_seen_at")
"""The columns that decide about an article's concepts, the date of publication apart."""


class IndexBatch(NamedTuple):
    """Articles in which these concepts are to be found next.

    With them the concepts are as far as the id ``until``. Without any, there are no articles up to
    there; if that is None, there are none at all.
    """

    concepts: Sequence[ConceptState]
    articles: Sequence[ArchivedArticle]
    until: int | None


class SqlConceptIndex:
    """The rows of indexed concepts, the articles that they lack, and what is found in these."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scan = SqlScan(reading(engine))

    def plan(
        self,
        versions: Mapping[str, str],
        homes: Mapping[str, Collection[str]],
        countries: Mapping[str, str],
        seeds: str = "",
    ) -> Sequence[ConceptState]:
        """Begin to index each concept (name → version) that is new or of another version.

        A concept begins anew, too, if a source with stored articles now has another country and
        either is among its ``homes``. Concepts that are gone are to be purged. ``seeds`` is a
        digest of the files that this was read from. Returns what is to be indexed.
        """
        with write_connection(self._engine) as c:
            moved = _note_countries(c, countries)
            known = {row.name: row.version for row in c.execute(sa.select(_C.name, _C.version))}
            for name in known.keys() - versions.keys():
                _begin(c, name, "")
            for name, version in versions.items():
                if name not in known:
                    new = {"version": version, "after_id": 0, "seeds": seeds}
                    c.execute(sa.insert(t.indexed_concepts).values(name=name, **new))
                elif known[name] != version or not moved.isdisjoint(homes.get(name, ())):
                    _begin(c, name, version)
            c.execute(sa.update(t.indexed_concepts).where(_C.seeds != seeds).values(seeds=seeds))
        return self.unfinished()

    def unfinished(self) -> Sequence[ConceptState]:
        """The concepts of the lexicon that some articles lack, by how far they are."""
        columns = sa.select(_C.id, _C.name, _C.version, _C.after_id)
        statement = columns.where(_C.ended_at.is_(None), _C.version != "")
        with read_connection(self._engine) as c:
            rows = c.execute(statement.order_by(_C.after_id, _C.id)).mappings()
            return [ConceptState(**row) for row in rows]

    def progress(self) -> ConceptProgress | None:
        """How far these are, all together; None if every article has all concepts."""
        going = sa.and_(_C.ended_at.is_(None), _C.version != "")
        count = sa.select(sa.func.count(), sa.func.min(_C.after_id)).where(going)
        articles = sa.select(sa.func.count()).select_from(t.articles)
        with read_connection(self._engine) as c:
            concepts, after = c.execute(count).one()
            if not concepts:
                return None
            done = c.execute(articles.where(_A.id <= after)).scalar_one()
            of = c.execute(articles).scalar_one()
        return ConceptProgress(concepts=concepts, done=done, of=of)

    def next_batch(self, most: int) -> IndexBatch | None:
        """Up to ``most`` articles for the concepts that are least far; None if every article has
        all concepts."""
        rows = self.unfinished()
        if not rows:
            return None
        after = rows[0].after_id
        group = [row for row in rows if row.after_id == after]
        until = min((row.after_id for row in rows if row.after_id > after), default=None)
        ids = sa.select(_A.id).where(_A.id > after).order_by(_A.id).limit(most)
        if until is not None:
            ids = ids.where(_A.id <= until)
        with read_connection(self._engine) as c:
            found = list(c.execute(ids).scalars())
        articles = list(self._scan.articles(found[0], found[-1], None)) if found else []
        return IndexBatch(group, articles, until if not found else found[-1])

    def write(self, batch: IndexBatch, found: Mapping[int, FoundConcepts], now: datetime) -> bool:
        """Write what was found in the articles of a batch (by id), and how far its concepts are
        now; in one transaction. False if that went no concept further.

        Concepts that others have taken further or begun anew meanwhile are left alone, and those
        that were looked for by another version. An article that was changed since it was read is
        none of those that have the places, nor are those after it.
        """
        with write_connection(self._engine) as c:
            going = _going(c, batch, found)
            if batch.until is None:
                return _finish(c, batch, going, now)
            now_stored = {row.id: row for row in _current(c, batch.articles)}
            ranks, until = _unchanged(batch, now_stored)
            ids = [concept.id for concept in going]
            rows = (
                concept_places.row(concept.id, rank, found[number].found[concept.name])
                for number, rank in ranks.items()
                for concept in going
                if concept.name in found[number].found
            )
            concept_places.replace(c, ids, ranks.values(), rows)
            mine = sa.and_(_C.id.in_(ids), _C.after_id < until)
            update = sa.update(t.indexed_concepts).where(mine).values(after_id=until)
            return bool(c.execute(update).rowcount)

    @property
    def has_gone(self) -> bool:
        """Whether a concept is to be purged."""
        with read_connection(self._engine) as c:
            return c.execute(sa.select(_C.id).where(_C.version == "").limit(1)).first() is not None

    def purge(self) -> bool:
        """Delete some places of a concept that is gone; False if there is none left."""
        p = t.concept_places.c
        with write_connection(self._engine) as c:
            gone = c.execute(sa.select(_C.id).where(_C.version == "").limit(1)).scalar()
            if gone is None:
                return False
            some = sa.select(p.rank).where(p.concept == gone).limit(PURGED_AT_ONCE)
            places = sa.delete(t.concept_places)
            if not c.execute(places.where(p.concept == gone, p.rank.in_(some))).rowcount:
                c.execute(sa.delete(t.indexed_concepts).where(_C.id == gone))
        return True


def _begin(c: Connection, name: str, version: str) -> None:
    values = {"version": version, "after_id": 0, "ended_at": None}
    c.execute(sa.update(t.indexed_concepts).where(_C.name == name).values(values))


def _note_countries(c: Connection, countries: Mapping[str, str]) -> set[str]:
    """Note the sources' countries; those that a source with stored articles had, or has now, where
    they differ."""
    known = {row.source: row.country for row in c.execute(sa.select(t.indexed_sources))}
    moved: set[str] = set()
    for source in sorted(known.keys() | countries.keys()):
        before, now = known.get(source), countries.get(source, "")
        if before == now:
            continue
        if before is None:
            c.execute(sa.insert(t.indexed_sources).values(source=source, country=now))
        else:
            mine = _S.source == source
            c.execute(sa.update(t.indexed_sources).where(mine).values(country=now))
        its = sa.select(_A.id).where(_A.source == source).limit(1)
        if c.execute(its).first() is not None:
            moved |= {before or "", now}
    return moved


def _going(
    c: Connection, batch: IndexBatch, found: Mapping[int, FoundConcepts]
) -> list[ConceptState]:
    """Those of the concepts that are still as far as the batch says, and were looked for by their
    version in all of its articles."""
    columns = sa.select(_C.id, _C.version, _C.after_id).where(_C.ended_at.is_(None))
    rows = {(row.id, row.version, row.after_id) for row in c.execute(columns)}
    looked_for = [found[one.id].versions for one in batch.articles]
    return [
        one
        for one in batch.concepts
        if (one.id, one.version, one.after_id) in rows
        and all(versions.get(one.name) == one.version for versions in looked_for)
    ]


def _finish(c: Connection, batch: IndexBatch, going: Sequence[ConceptState], now: datetime) -> bool:
    """Write that all articles have these concepts, unless there are articles after them by now."""
    after = max(concept.after_id for concept in batch.concepts)
    if c.execute(sa.select(_A.id).where(_A.id > after).limit(1)).first() is not None:
        return True
    mine = _C.id.in_([concept.id for concept in going])
    return bool(c.execute(sa.update(t.indexed_concepts).where(mine).values(ended_at=now)).rowcount)


def _unchanged(batch: IndexBatch, stored: Mapping[int, Row[Any]]) -> tuple[dict[int, int], int]:
    """The ranks by id of the articles up to the first that was changed since it was read, and the
    id up to which nothing was; articles that are gone are left out."""
    assert batch.until is not None
    ranks: dict[int, int] = {}
    for one in batch.articles:
        if one.id in stored and not _is_same(one, stored[one.id]):
            return ranks, one.id - 1
        if one.id in stored:
            ranks[one.id] = stored[one.id].rank
    return ranks, batch.until


def _current(c: Connection, articles: Sequence[ArchivedArticle]) -> Sequence[Row[Any]]:
    columns = [_A[name] for name in ("id", "rank", "published_at", *_JUDGED)]
    ids = [one.id for one in articles]
    found: list[Row[Any]] = []
    for some in statements.chunks(ids):
        found += c.execute(sa.select(*columns).where(_A.id.in_(some))).all()
    return found


def _is_same(read: ArchivedArticle, row: Row[Any]) -> bool:
    """Whether the article still has what was read of it."""
    article = read.article
    at = article.published.at if article.published else None
    return at == row.published_at and all(
        getattr(article, name) == getattr(row, name) for name in _JUDGED
    )
