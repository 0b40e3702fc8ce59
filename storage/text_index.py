"""The full-text index: its rows, whether they can be trusted, and the index made anew.

Articles are the truth, the index is made of them. So a damaged index costs no article: it is left
alone until ``rebuild`` has made another, and a search says so instead of finding nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import IndexDamagedError, StorageError
from crawler.languages.index_text import index_text
from storage import statements
from storage import tables as t
from storage.articles import load
from storage.engine import read_connection, write_connection
from storage.index_state import index_state

SAMPLES = 12  # articles, spread over the archive, that must be found by a word of their own
ARTICLES_AT_ONCE = 100  # of a rebuild: other writers take their turn between
_TABLE = "article_text"
_FTS5 = (
    f"CREATE VIRTUAL TABLE {_TABLE} USING fts5"
    "(headline, body, tokenize='ascii', detail=none, columnsize=0)",
    f"INSERT INTO {_TABLE} ({_TABLE}, rank) VALUES ('automerge', 8)",
)  # as the newest migration that concerns it makes it
SHADOWS = ("config", "content", "data", "idx")  # tables that FTS5 keeps its own in


def insert(c: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows (rank, headline, body); none while the index is damaged."""
    if rows and not index_state(c).is_damaged:
        c.execute(statements.INSERT_TEXT, rows)


def delete(c: Connection, rank: int) -> None:
    """Delete the row of this rank; nothing while the index is damaged."""
    if not index_state(c).is_damaged:
        c.execute(sa.text(f"DELETE FROM {_TABLE} WHERE rowid = :rank"), {"rank": rank})


def problem(engine: Engine) -> str:
    """What is wrong with the index, in a line; "" if every article has a row and SAMPLES of them
    are found by their words. Notes what it finds in the engine's ``IndexState``."""
    try:
        with read_connection(engine) as c:
            said = _uncounted(c) or _unfound(c)
    except IndexDamagedError as error:
        said = str(error.__cause__ or error)
    index_state(engine).set(bool(said))
    return said


def require(engine: Engine) -> None:
    """IndexDamagedError if something is wrong with the index."""
    if said := problem(engine):
        raise IndexDamagedError() from ValueError(said)


def rebuild(engine: Engine) -> Iterator[int]:
    """Make the index anew from the articles; yields how many have their row, after each batch.

    Other processes may read and write meanwhile; until the end a search may not find everything.
    """
    _empty(engine)
    index_state(engine).set(False)
    done, below = 0, None
    while ranks := _missing(engine, below):
        with write_connection(engine) as c:
            rows = _rows(c, ranks)
            c.execute(statements.INSERT_TEXT, rows)
        done, below = done + len(rows), ranks[-1]
        yield done


def complete(engine: Engine) -> int:
    """Write the rows of articles that were kept while the index was damaged; how many."""
    done, below = 0, None
    while ranks := _missing(engine, below):
        with write_connection(engine) as c:
            insert(c, _rows(c, ranks))
        done, below = done + len(ranks), ranks[-1]
    return done


def _uncounted(c: Connection) -> str:
    articles = int(c.execute(sa.select(sa.func.count()).select_from(t.articles)).scalar_one())
    table = f"{_TABLE}_content" if c.dialect.name == "sqlite" else _TABLE
    indexed = int(c.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())
    return "" if indexed >= articles else f"{indexed} of {articles} articles are in it"


def _unfound(c: Connection) -> str:
    """Articles that are not found by a word of theirs, as a sentence."""
    a = t.articles.c
    low, high = c.execute(sa.select(sa.func.min(a.id), sa.func.max(a.id))).one()
    if low is None:
        return ""
    step = max((high - low) // SAMPLES, 1)
    ids = c.execute(sa.select(a.id).where(a.id.in_(range(low, high + 1, step)))).scalars()
    lost = [kept.id for kept in load(c, [*ids, high]) if not _is_found(c, kept.id)]
    return f"articles {', '.join(map(str, lost))} are not found by their words" if lost else ""


def _is_found(c: Connection, article_id: int) -> bool:
    (kept,) = load(c, [article_id])
    headline, text = index_text(kept.article)
    word = next((w for w in f"{headline} {text}".split() if len(w) > 3 and w.isalpha()), None)
    if word is None:
        return True
    rank = c.execute(sa.select(t.articles.c.rank).where(t.articles.c.id == article_id)).scalar_one()
    is_sqlite = c.dialect.name == "sqlite"
    hit = f"{_TABLE} MATCH :w" if is_sqlite else "words @@ to_tsquery('simple', :w)"
    asked = sa.text(f"SELECT 1 FROM {_TABLE} WHERE {hit} AND rowid = :rank")
    quoted = f'"{word}"' if is_sqlite else f"'{word}'"
    return c.execute(asked, {"w": quoted, "rank": rank}).first() is not None


def _missing(engine: Engine, below: int | None) -> list[int]:
    """The ranks of the newest articles without a row."""
    a = t.articles.c
    table, key = (
        (f"{_TABLE}_content", "id") if engine.dialect.name == "sqlite" else (_TABLE, "rowid")
    )
    indexed = sa.text(f"SELECT {key} FROM {table}").columns(sa.column(key, sa.BigInteger))
    query = sa.select(a.rank).where(a.rank.not_in(indexed)).order_by(a.rank.desc())
    if below is not None:
        query = query.where(a.rank < below)
    with read_connection(engine) as c:
        return list(c.execute(query.limit(ARTICLES_AT_ONCE)).scalars())


def _rows(c: Connection, ranks: Sequence[int]) -> list[dict[str, Any]]:
    a = t.articles.c
    found = c.execute(sa.select(a.id, a.rank).where(a.rank.in_(ranks)))
    places = {row.id: row.rank for row in found}
    rows = []
    for kept in load(c, list(places)):
        headline, body = index_text(kept.article)
        rows.append({"rank": places[kept.id], "headline": headline, "body": body})
    return rows


def _empty(engine: Engine) -> None:
    """Empty the index. Tables of FTS5 that are too damaged to be dropped are taken out of the
    schema: their pages stay unused in the file until the next VACUUM."""
    if engine.dialect.name != "sqlite":
        with write_connection(engine) as c:
            c.execute(sa.text(f"TRUNCATE {_TABLE}"))
            c.execute(sa.text("REINDEX INDEX ix_article_text_words"))
        return
    try:
        with write_connection(engine) as c:
            c.exec_driver_sql(f"DROP TABLE {_TABLE}")
            _create(c)
    except (IndexDamagedError, StorageError):
        engine.dispose()  # a connection that has met the damage doesn't get over it
        _take_out(engine)


def _take_out(engine: Engine) -> None:
    names = ", ".join(f"'{_TABLE}_{name}'" for name in SHADOWS)
    with write_connection(engine) as c:
        c.exec_driver_sql("PRAGMA writable_schema=ON")
        c.exec_driver_sql(
            f"DELETE FROM sqlite_master WHERE name = '{_TABLE}' OR tbl_name IN ({names})"
        )
        c.exec_driver_sql("PRAGMA writable_schema=RESET")
        _create(c)


def _create(c: Connection) -> None:
    for statement in _FTS5:
        c.exec_driver_sql(statement)
