"""The index made: anew by a command, or bit by bit beside the daemon's work.

``index_states`` says which tokens the index has and how far it is: all articles of a rank from
``below`` on have their rows, and those that come in have theirs anyway. So what was begun goes on
after any end of the process.
"""

from __future__ import annotations

import time as clocks
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.languages.index_text import TOKENS_VERSION, write_index_text
from crawler.model import IndexProgress
from storage import tables as t
from storage.articles import load
from storage.engine import read_connection, write_connection
from storage.index_state import index_state
from storage.text_index.rows import Texts, insert, insert_indexed, read_shadows
from storage.text_index.tables import TABLE, empty, key_of_rows

BEGINNING_SECONDS = 5.0  # of an upgrade; some thousand articles
ARTICLES_AT_ONCE = 100  # other writers take their turn between
_S = t.index_states.c


def progress(c: Connection) -> IndexProgress | None:
    """How far an index is that is being made; None if it is whole."""
    is_whole = sa.select(_S.is_whole).where(_S.name == TABLE, _S.version == TOKENS_VERSION)
    if c.execute(is_whole).scalar():
        return None
    count = sa.select(sa.func.count()).select_from
    return IndexProgress(
        done=c.execute(count(t.article_shadows)).scalar_one(),
        articles=c.execute(count(t.articles)).scalar_one(),
    )


def rebuild(engine: Engine) -> Iterator[int]:
    """Make the index anew from the articles; yields how many have their row, after each batch.

    Other processes may read and write meanwhile; until the end a search may not find everything.
    """
    _begin(engine)
    done = 0
    while written := _go_on(engine):
        done += written
        yield done


def begin(engine: Engine) -> None:
    """Begin an index if the archive has none of this version's tokens, as after an upgrade, and
    make what takes BEGINNING_SECONDS: a small archive's is whole then."""
    with read_connection(engine) as c:
        version = c.execute(sa.select(_S.version).where(_S.name == TABLE)).scalar()
    if version != TOKENS_VERSION:
        _begin(engine)
        complete(engine, seconds=BEGINNING_SECONDS)


def complete(engine: Engine, *, seconds: float) -> int:
    """Go on making an index that is not whole, for about so many seconds; how many rows were
    written, none while the index is damaged."""
    with read_connection(engine) as c:
        if index_state(c).is_damaged or progress(c) is None:
            return 0
    until, done = clocks.monotonic() + seconds, 0
    while written := _go_on(engine):
        done += written
        if clocks.monotonic() >= until:
            break
    return done


def fill(engine: Engine) -> int:
    """Write the rows of articles that were kept while the index was damaged; how many."""
    done, below = 0, None
    while True:
        with write_connection(engine) as c:
            ranks = _missing(c, below)
            insert(c, _rows(c, ranks))
        if not ranks:
            return done
        done, below = done + len(ranks), ranks[-1]


def index_shadows(c: Connection) -> None:
    """Write the rows of an index that has none from the shadows, which were carried here."""
    s, last = t.article_shadows.c, None
    while True:
        asked = sa.select(s.rank).order_by(s.rank).limit(ARTICLES_AT_ONCE)
        ranks = c.execute(asked if last is None else asked.where(s.rank > last)).scalars().all()
        if not ranks:
            return
        insert_indexed(c, list(read_shadows(c, ranks).values()))
        last = ranks[-1]


def _begin(engine: Engine) -> None:
    empty(engine)
    index_state(engine).set(False)
    with write_connection(engine) as c:
        c.execute(sa.delete(t.index_states).where(_S.name == TABLE))
        c.execute(
            sa.insert(t.index_states).values(name=TABLE, version=TOKENS_VERSION, is_whole=False)
        )


def _go_on(engine: Engine) -> int:
    """Write the next rows and note how far the index is; how many, 0 at the end."""
    with write_connection(engine) as c:
        if c.dialect.name == "postgresql":  # none is written twice
            c.exec_driver_sql("LOCK TABLE article_shadows IN SHARE ROW EXCLUSIVE MODE")
        ranks = _missing(c, c.execute(sa.select(_S.below).where(_S.name == TABLE)).scalar())
        insert(c, _rows(c, ranks))
        reached = {"below": ranks[-1]} if ranks else {"is_whole": True}
        c.execute(sa.update(t.index_states).where(_S.name == TABLE).values(reached))
    return len(ranks)


def _missing(c: Connection, below: int | None) -> Sequence[int]:
    """The ranks of the newest articles without a row, of those below this rank."""
    a = t.articles.c
    asked = sa.select(a.rank).where(a.rank.not_in(key_of_rows(c))).order_by(a.rank.desc())
    if below is not None:
        asked = asked.where(a.rank < below)
    return c.execute(asked.limit(ARTICLES_AT_ONCE)).scalars().all()


def _rows(c: Connection, ranks: Sequence[int]) -> list[Texts]:
    a = t.articles.c
    rows = c.execute(sa.select(a.id, a.rank).where(a.rank.in_(ranks)))
    places = {row.id: row.rank for row in rows}
    return [
        Texts(places[kept.id], *write_index_text(kept.article)) for kept in load(c, list(places))
    ]
