"""A noun as a row: its fields by name, for tables whose columns are named as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from crawler.model import Cause, Reason
from storage import tables as t

_T = TypeVar("_T")
_CHUNK = 400  # bound parameters in one IN list; SQLite's oldest limit is 999
_KEYS: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
PLACED = sa.select(t.articles.c.id, t.articles.c.rank, t.articles.c.url_key).where(
    t.articles.c.url_key.in_(_KEYS)
)
KNOWN = sa.union_all(
    *(
        sa.select(table.c.url_key).where(table.c.url_key.in_(_KEYS))
        for table in (t.sightings, t.articles)
    )
)
"""Which of these address keys were sighted, or are an article's."""
SEE = sa.insert(t.sightings)
SEEN = sa.select(t.sightings.c.url_key, t.sightings.c.id).where(t.sightings.c.url_key.in_(_KEYS))
SHORT_GAPS = sa.select(t.gaps).where(
    t.gaps.c.source == sa.bindparam("of_source"),
    t.gaps.c.closed_at.is_not(None),
    t.gaps.c.missing_at_least > 0,
)
"""A source's gaps that were closed with something missing."""
INSERT_POLL = sa.insert(t.polls)
INSERT_FEED = sa.insert(t.feeds)
UPDATE_FEED = sa.update(t.feeds).where(
    t.feeds.c.source == sa.bindparam("of_source"), t.feeds.c.feed == sa.bindparam("of_feed")
)
SETTLE = sa.update(t.sightings).where(t.sightings.c.id == sa.bindparam("sighting"))
SETTLE = SETTLE.values({
    name: sa.bindparam(name)
    for name in ("fate", "reason", "detail", "settled_at", "next_try_at", "attempts", "article_id")
})  # fmt: skip
INSERT_TEXT = sa.text(
    "INSERT INTO article_text (rowid, headline, body) VALUES (:rank, :headline, :body)"
)
_RANK = t.articles.c.rank
NEXT_RANK = (
    sa.select(sa.func.coalesce(sa.func.max(_RANK) + 1, sa.bindparam("low", type_=_RANK.type)))
    .where(sa.bindparam("low") <= _RANK, sa.bindparam("high") > _RANK)
    .scalar_subquery()
)
_ARTICLE: dict[str, Any] = {
    c.name: sa.bindparam(c.name) for c in t.articles.c if c.name not in ("id", "rank")
}
INSERT_ARTICLE = sa.insert(t.articles).values(_ARTICLE | {"rank": NEXT_RANK})
"""An article's row with the next rank of its minute; of many, each knows of those before it."""
INSERT_MATCH = sa.insert(t.matches)
INSERT_LABEL = sa.insert(t.match_labels)


def chunks(listed: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """What is listed, in pieces that one IN list takes."""
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


@cache
def insert_snapshot(dialect: str) -> Executable:
    """A page's row, or another page in the place of the one before."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(t.snapshots)
    later = {c.name: insert.excluded[c.name] for c in t.snapshots.c if c.name != "sighting_id"}
    return insert.on_conflict_do_update(index_elements=["sighting_id"], set_=later)


def pairs_of(causes: Sequence[Cause]) -> list[list[str]]:
    """Causes as a JSON column holds them: each as its reason and its detail."""
    return [[cause.reason, cause.detail] for cause in causes]


def causes_of(pairs: Sequence[tuple[Reason, str]]) -> tuple[Cause, ...]:
    """The causes in a JSON column."""
    return tuple(Cause(reason=reason, detail=detail) for reason, detail in pairs)


def row_of(noun: Any) -> dict[str, Any]:
    """A frozen dataclass's fields, not copied: ``dataclasses.asdict``, which copies whatever it finds
    down to the last leaf, takes ten times as long, and a page has hundreds of mentions."""
    return {name: getattr(noun, name) for name in noun.__dataclass_fields__}
