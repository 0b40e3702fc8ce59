"""Writes to which story an article belongs, in the transaction that keeps it.

The rule is ``crawler.stories.placing``'s; here what it compares is loaded, and what it finds is
written. An article costs the same whatever the archive holds: a copy key leads to a few articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.stories.placing import Place, Placing, Told
from crawler.stories.wording import MAX_CHARACTERS, copy_keys
from storage import statements
from storage import tables as t

_K, _M, _S, _A = t.copy_keys.c, t.story_members.c, t.stories.c, t.articles.c
_SELECT_FOUND = sa.select(_K.key, _K.article_id).where(_K.key.in_(statements.KEYS))
_SELECT_PLACES = sa.select(t.story_members).where(_M.article_id.in_(statements.KEYS))
_TEXT = sa.case((_A.body != "", _A.body), (_A.lead != "", _A.lead), else_=_A.summary)
_SELECT_TOLD = sa.select(
    _A.id,
    _A.source,
    _A.headline,
    sa.func.substr(_TEXT, 1, MAX_CHARACTERS).label("text"),
    _A.first_seen_at,
    _A.published_at,
)
_SELECT_COMPARED = _SELECT_TOLD.where(_A.id.in_(statements.KEYS))
_OPEN = sa.insert(t.stories).returning(_S.id, sort_by_parameter_order=True)
_INSERT_MEMBER = sa.insert(t.story_members)
_INSERT_KEY = sa.insert(t.copy_keys)
_DELETE_KEY = sa.delete(t.copy_keys).where(
    _K.key == sa.bindparam("of_key"), _K.article_id == sa.bindparam("of_article")
)
_JOIN_TEXT, _JOIN_STORY = (
    sa.update(t.story_members)
    .where(column == sa.bindparam("old"))
    .values({column.name: sa.bindparam("new")})
    for column in (_M.text_id, _M.story_id)
)
_JOIN = (
    sa.update(t.stories).where(_S.id == sa.bindparam("old")).values(joined_to=sa.bindparam("new"))
)


def place(
    c: Connection,
    articles: Mapping[int, Told],
    now: datetime,
    *,
    alone: Mapping[int, Place] | None = None,
) -> None:
    """Place these articles, by id, which have no place yet: each joins a story, makes one of
    several, or opens its own.

    ``alone``: the place of those that go back to theirs if nothing tells the same.
    """
    if not articles:
        return
    found = _found(c, {key for told in articles.values() for key in told.keys})
    others = {number for numbers in found.values() for number in numbers}
    work = Placing(load=partial(_compared, c), found=found, places=_places(c, others))
    for number, (article_id, told) in enumerate(articles.items(), 1):
        own = (alone or {}).get(article_id, Place(-number, -number))
        work.place(article_id, told, alone=own)
    _write(c, work, articles, now)
    _join(c, _JOIN, _left_for_others(work, alone or {}))


def leave(c: Connection, article_id: int) -> Place | None:
    """Take the article out of its story; its place if nothing else has it, for ``place``.

    Call it while the text is stored that the article was placed by.
    """
    place = _places(c, [article_id]).get(article_id)
    if place is None:
        return None
    (row,) = c.execute(_SELECT_COMPARED, {"keys": [article_id]}).all()
    gone = [{"of_key": key, "of_article": article_id} for key in _with_keys(_told(row)).keys]
    if gone:
        c.execute(_DELETE_KEY, gone)
    c.execute(sa.delete(t.story_members).where(_M.article_id == article_id))
    is_left = sa.select(_M.article_id).where(
        sa.or_(_M.text_id == place.text, _M.story_id == place.story)
    )
    return None if c.execute(is_left.limit(1)).first() else place


def forget(c: Connection, article_id: int) -> None:
    """Take an article that is to be deleted out of its story, and delete the story if nothing is
    left of it. Its number is not given again."""
    place = leave(c, article_id)
    if place is None:
        return
    for number in {place.text, place.story}:
        part = sa.select(_S.id).where(_S.joined_to == number)
        if c.execute(part.limit(1)).first() is None:
            c.execute(sa.delete(t.stories).where(_S.id == number))


def told_by_id(c: Connection, ids: Sequence[int]) -> dict[int, Told]:
    """What is compared of these articles, by id, with their copy keys."""
    return {
        row.id: _with_keys(_told(row))
        for some in statements.chunks(ids)
        for row in c.execute(_SELECT_TOLD.where(_A.id.in_(some)).order_by(_A.id))
    }


def _found(c: Connection, keys: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for some in statements.chunks(sorted(keys)):
        for key, article_id in c.execute(_SELECT_FOUND, {"keys": statements.padded(some)}):
            found.setdefault(key, []).append(article_id)
    for numbers in found.values():
        numbers.sort()
    return found


def _places(c: Connection, articles: Collection[int]) -> dict[int, Place]:
    rows = (
        row
        for some in statements.chunks(sorted(articles))
        for row in c.execute(_SELECT_PLACES, {"keys": statements.padded(some)})
    )
    return {row.article_id: Place(row.text_id, row.story_id) for row in rows}


def _compared(c: Connection, articles: Collection[int]) -> dict[int, Told]:
    rows = c.execute(_SELECT_COMPARED, {"keys": statements.padded(articles)})
    return {row.id: _told(row) for row in rows}


def _told(row: Any) -> Told:
    return Told(
        source=row.source,
        headline=row.headline,
        text=row.text,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
    )


def _with_keys(told: Told) -> Told:
    return replace(told, keys=copy_keys(told.wording))


# ── what was found, written ───────────────────────────────────────────────────────────────────


def _write(c: Connection, work: Placing, articles: Mapping[int, Told], now: datetime) -> None:
    places = {article_id: work.current(work.places[article_id]) for article_id in articles}
    numbers = _opened(c, places.values(), now)
    rows = [
        {
            "article_id": article_id,
            "text_id": numbers.get(place.text, place.text),
            "story_id": numbers.get(place.story, place.story),
        }
        for article_id, place in places.items()
    ]
    _join(c, _JOIN_TEXT, work.texts)
    _join(c, _JOIN_STORY, work.stories)
    _join(c, _JOIN, work.stories | work.texts)
    _join(c, _JOIN, {row["text_id"]: row["story_id"] for row in rows})
    c.execute(_INSERT_MEMBER, rows)
    _write_keys(c, work, articles)


def _opened(c: Connection, places: Iterable[Place], now: datetime) -> dict[int, int]:
    """The number of each new text and story, by the one below zero that it had."""
    new = sorted({n for place in places for n in (place.text, place.story) if n < 0}, reverse=True)
    if not new:
        return {}
    rows = [{"opened_at": now} for _ in new]
    return dict(zip(new, c.execute(_OPEN, rows).scalars(), strict=True))


def _left_for_others(work: Placing, alone: Mapping[int, Place]) -> dict[int, int]:
    """The stories that are empty because their only article joined another one."""
    places = {article_id: work.current(work.places[article_id]) for article_id in alone}
    return {place.story: places[article_id].story for article_id, place in alone.items()}


def _join(c: Connection, statement: sa.Update, joined: Mapping[int, int]) -> None:
    """Write which stored numbers are part of others now."""
    rows = [{"old": old, "new": new} for old, new in joined.items() if 0 < new != old > 0]
    if rows:
        c.execute(statement, rows)


def _write_keys(c: Connection, work: Placing, articles: Mapping[int, Told]) -> None:
    gone = [
        {"of_key": key, "of_article": number}
        for key, number in work.let_go
        if number not in articles
    ]
    if gone:
        c.execute(_DELETE_KEY, gone)
    rows: Sequence[Mapping[str, int]] = [
        {"key": key, "article_id": article_id}
        for article_id, told in articles.items()
        for key in told.keys
        if (key, article_id) not in work.let_go
    ]
    if rows:
        c.execute(_INSERT_KEY, rows)
