"""The places of concepts in articles: written with the article, deleted with it.

What ``indexed_concepts`` promises of a concept holds after every transaction: an article has its
places by the promised version, or the promise ends before that article. So whoever writes articles
with other concepts, or without any, breaks nothing: what is missing is found later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import ConceptPlaces, FoundConcepts
from storage import statements
from storage import tables as t

_C, _P, _S = t.indexed_concepts.c, t.concept_places.c, t.indexed_sources.c
_SELECT_CONCEPTS = sa.select(_C.id, _C.name, _C.version).where(_C.version != "")
_SELECT_SOURCES = sa.select(_S.source, _S.country).where(_S.source.in_(statements.KEYS))
_INSERT = sa.insert(t.concept_places)
_INSERT_SOURCE = sa.insert(t.indexed_sources)
_AT: sa.BindParameter[int] = sa.bindparam("at", type_=_C.after_id.type)
_REOPEN = (
    sa.update(t.indexed_concepts)
    .where(_C.id == sa.bindparam("concept"))
    .values(
        after_id=sa.case(
            (sa.and_(_C.ended_at.is_(None), _C.after_id < _AT), _C.after_id), else_=_AT
        ),
        ended_at=None,
    )
)
_DELETE = sa.delete(t.concept_places).where(
    _P.concept.in_(sa.select(_C.id)), _P.rank == sa.bindparam("of_rank", type_=_P.rank.type)
)


class ArticleConcepts(NamedTuple):
    """An article that was written, and the concepts found in it."""

    id: int
    rank: int
    source: str
    concepts: FoundConcepts | None


def insert(c: Connection, articles: Sequence[ArticleConcepts]) -> None:
    """Write the places of the concepts in these articles, which have none yet.

    Of concepts that were not looked for, or by another version, or by another country of the source
    than in its other articles, the articles from these on are to be gone through.
    """
    concepts = c.execute(_SELECT_CONCEPTS).all() if articles else ()
    if not concepts:
        return
    countries = _countries(c, articles)
    rows: list[dict[str, Any]] = []
    behind: dict[int, int] = {}
    for article in articles:
        found = article.concepts
        if found is None or countries[article.source] != found.country:
            found = FoundConcepts(versions={}, country="", found={})
        for concept in concepts:
            if found.versions.get(concept.name) != concept.version:
                behind[concept.id] = min(article.id - 1, behind.get(concept.id, article.id))
            elif (places := found.found.get(concept.name)) is not None:
                rows.append(row(concept.id, article.rank, places))
    if rows:
        c.execute(_INSERT, rows)
    if behind:
        c.execute(_REOPEN, [{"concept": number, "at": at} for number, at in behind.items()])


def delete(c: Connection, rank: int) -> None:
    """Delete the places in the article of this rank."""
    c.execute(_DELETE, {"of_rank": rank})


def replace(
    c: Connection, concepts: Collection[int], ranks: Collection[int], rows: Iterable[dict[str, Any]]
) -> None:
    """Write these rows in the place of all that these concepts have in the articles of these
    ranks."""
    for some in statements.chunks(sorted(ranks)):
        mine = sa.and_(_P.concept.in_(sorted(concepts)), _P.rank.in_(some))
        c.execute(sa.delete(t.concept_places).where(mine))
    if new := list(rows):
        c.execute(_INSERT, new)


def row(concept: int, rank: int, found: ConceptPlaces) -> dict[str, Any]:
    """A row of the table."""
    return {
        "concept": concept,
        "rank": rank,
        "sentences": found.sentences,
        "places": found.places,
    }


def _countries(c: Connection, articles: Sequence[ArticleConcepts]) -> dict[str, str | None]:
    """The country by which each source's articles are indexed; of a source without any, that of
    the first of these is noted."""
    sources = statements.padded({article.source for article in articles})
    known: dict[str, str | None] = {
        source.source: source.country for source in c.execute(_SELECT_SOURCES, {"keys": sources})
    }
    new: dict[str, str] = {}
    for article in articles:
        if article.source not in known and article.concepts is not None:
            new.setdefault(article.source, article.concepts.country)
    if new:
        c.execute(_INSERT_SOURCE, [{"source": s, "country": of} for s, of in new.items()])
    return dict.fromkeys(sources) | known | new
