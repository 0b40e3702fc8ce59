"""The statements that a crawl executes for every poll and page, built once.

SQLAlchemy takes longer to build a statement than SQLite takes to execute it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.base import Executable

from storage import tables as t

_T = TypeVar("_T")
_V = TypeVar("_V", int, str)
_IDS = range(1, 2**63)
_MAX_PARAMETERS = 400  # in one IN list; SQLite's oldest limit is 999
KEYS: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
"""The url keys that a statement is about: at most those of one of the ``chunks``."""
SELECT_ARTICLE_PLACES = sa.select(t.articles.c.id, t.articles.c.rank, t.articles.c.url_key).where(
    t.articles.c.url_key.in_(KEYS)
)
"""Id, rank and url key of the articles with these url keys."""
_OF_SOURCE: sa.BindParameter[Any] = sa.bindparam("of_source")
SELECT_KNOWN_KEYS = sa.union_all(
    sa.select(t.sightings.c.url_key).where(
        t.sightings.c.source == _OF_SOURCE, t.sightings.c.url_key.in_(KEYS)
    ),
    # Looked up by their keys: by the source, all of its articles would be gone through.
    sa.select(t.articles.c.url_key).where(
        t.articles.c.source.concat("") == _OF_SOURCE, t.articles.c.url_key.in_(KEYS)
    ),
)
"""Those of these url keys that were sighted for a source or are its article's; some twice."""
INSERT_SIGHTING = sa.insert(t.sightings)
SELECT_SIGHTING_IDS = sa.select(t.sightings.c.url_key, t.sightings.c.id).where(
    t.sightings.c.source == _OF_SOURCE, t.sightings.c.url_key.in_(KEYS)
)
"""Url key and id of a source's sightings with these url keys."""
_S = t.sightings.c
_OF_GUIDS = (
    sa.select(
        _S.id,
        sa.func.row_number().over(partition_by=_S.guid, order_by=_S.id.desc()).label("place"),
    )
    # Looked up by their guids: by the feed, all that it ever showed would be gone through.
    .where(
        _S.guid.in_(KEYS),
        _S.source.concat("") == _OF_SOURCE,
        _S.feed.concat("") == sa.bindparam("of_feed"),
    )
    .subquery()
)
SELECT_SAME_GUIDS = (
    sa.select(_S.id, _S.guid, _S.entry, _S.fate, _S.next_try_at, _S.again_of)
    .join(_OF_GUIDS, _OF_GUIDS.c.id == _S.id)
    .where(_OF_GUIDS.c.place <= sa.bindparam("most"))
    .order_by(_S.id)
)
"""A feed's sightings with these guids, the newest ``most`` of each: what is compared of them, and
what became of them."""
SELECT_SHORT_GAPS = sa.select(t.gaps).where(
    t.gaps.c.source == sa.bindparam("of_source"),
    t.gaps.c.closed_at.is_not(None),
    t.gaps.c.missing_at_least > 0,
)
"""A source's closed gaps of which something is still missing."""
INSERT_POLL = sa.insert(t.polls)
INSERT_FEED = sa.insert(t.feeds)
UPDATE_FEED = sa.update(t.feeds).where(
    t.feeds.c.source == sa.bindparam("of_source"), t.feeds.c.feed == sa.bindparam("of_feed")
)
_OUTCOME = ("fate", "reason", "detail", "settled_at", "next_try_at", "attempts", "article_id")
UPDATE_OUTCOME = (
    sa.update(t.sightings)
    .where(t.sightings.c.id == sa.bindparam("sighting"))
    .values({name: sa.bindparam(name) for name in _OUTCOME})
)
"""What became of a sighting."""
_RANK = t.articles.c.rank
NEXT_RANK = (
    sa.select(sa.func.coalesce(sa.func.max(_RANK) + 1, sa.bindparam("low", type_=_RANK.type)))
    .where(sa.bindparam("low") <= _RANK, sa.bindparam("high") > _RANK)
    .scalar_subquery()
)
"""The next free rank in [low, high)."""
_ARTICLE: dict[str, Any] = {
    c.name: sa.bindparam(c.name) for c in t.articles.c if c.name not in ("id", "rank")
}
INSERT_ARTICLE = sa.insert(t.articles).values(_ARTICLE | {"rank": NEXT_RANK})
"""An article's row with the next free rank of its minute; of many, each sees those before it."""
INSERT_MATCH = sa.insert(t.matches)
INSERT_LABEL = sa.insert(t.match_labels)
INSERT_THEME = sa.insert(t.match_themes)
INSERT_ACTOR = sa.insert(t.match_actors)


def possible_ids(ids: Iterable[int]) -> list[int]:
    """Those that a row can have: databases refuse to compare with a number of more than 64 bits."""
    return [one for one in ids if one in _IDS]


def chunks(values: Sequence[_T], parameters: int = 1) -> Iterator[Sequence[_T]]:
    """The list in pieces, each short enough for the parameters of one statement, of which each
    value takes so many; none if it is empty.
    """
    size = _MAX_PARAMETERS // parameters
    for start in range(0, len(values), size):
        yield values[start : start + size]


def padded(values: Collection[_V]) -> list[_V]:
    """The values sorted, the last one repeated until there is a power of two of them.

    For IN lists: SQLite prepares a statement for each length anew, and there are few lengths so.
    """
    found = sorted(values)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found))


@cache
def insert_snapshot(dialect: str) -> Executable:
    """The statement that writes a sighting's page, or replaces it, in this dialect."""
    dialects = import_module(f"sqlalchemy.dialects.{dialect}")  # who has one needn't wait for both
    insert = dialects.insert(t.snapshots)
    later = {c.name: insert.excluded[c.name] for c in t.snapshots.c if c.name != "sighting_id"}
    statement: Executable = insert.on_conflict_do_update(index_elements=["sighting_id"], set_=later)
    return statement
