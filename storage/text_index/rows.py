"""The rows of the index and the shadows beside them: written, deleted, read."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
import zstandard
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.index_state import index_state
from storage.text_index.tables import TABLE
from storage.text_index.tsvectors import tsvector

ZSTD_LEVEL = 1  # 1.2 KB of 3.9 for an Arabic article; level 3 saves 2 % of that for a third more
_SEPARATOR = "\0"  # between headline and text; no shadow has one
_INSERT_SHADOW = sa.insert(t.article_shadows)
_INSERT = {
    "sqlite": sa.text(
        f"INSERT INTO {TABLE} (rowid, headline, body) VALUES (:rank, :headline, :body)"
    ),
    "postgresql": sa.text(
        f"INSERT INTO {TABLE} (rowid, words) VALUES (:rank, CAST(:words AS tsvector))"
    ),
}
_DELETE = {  # FTS5 without content has to be told what stands in the row
    "sqlite": sa.text(
        f"INSERT INTO {TABLE} ({TABLE}, rowid, headline, body)"
        " VALUES ('delete', :rank, :headline, :body)"
    ),
    "postgresql": sa.text(f"DELETE FROM {TABLE} WHERE rowid = :rank"),
}


class Texts(NamedTuple):
    """An article's texts as ``languages.index_text`` writes them, and its rank."""

    rank: int
    headline: str
    text: str


class _Codecs(threading.local):
    """One thread's zstd contexts, which must not be shared between threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_CODECS = _Codecs()


def insert(c: Connection, rows: Sequence[Texts]) -> None:
    """Write the rows of articles that have none; nothing while the index is damaged."""
    if rows and not index_state(c).is_damaged:
        c.execute(
            _INSERT_SHADOW,
            [{"rank": row.rank, "shadow": _compressed(row.headline, row.text)} for row in rows],
        )
        insert_indexed(c, rows)


def insert_indexed(c: Connection, rows: Sequence[Texts]) -> None:
    """Write the rows of articles whose shadows are stored."""
    name = c.dialect.name
    c.execute(_INSERT[name], [_columns(row, name) for row in rows])


def delete(c: Connection, rank: int) -> None:
    """Delete the row of this rank, if there is one; nothing while the index is damaged."""
    if index_state(c).is_damaged:
        return
    name = c.dialect.name
    for row in read_shadows(c, [rank]).values():
        c.execute(_DELETE[name], _columns(row, name))
        c.execute(sa.delete(t.article_shadows).where(t.article_shadows.c.rank == rank))


def read_shadows(c: Connection, ranks: Collection[int]) -> Mapping[int, Texts]:
    """The texts of the articles of these ranks; without those that are not indexed."""
    s = t.article_shadows.c
    found = c.execute(sa.select(s.rank, s.shadow).where(s.rank.in_(ranks)))
    return {rank: _texts(rank, shadow) for rank, shadow in found}


def read_shadows_of(c: Connection, ids: Collection[int]) -> Mapping[int, Texts]:
    """The texts of these articles, by id; without those that are not indexed."""
    a, s = t.articles.c, t.article_shadows.c
    asked = sa.select(a.id, s.rank, s.shadow).join(t.article_shadows, s.rank == a.rank)
    found = c.execute(asked.where(a.id.in_(ids)))
    return {number: _texts(rank, shadow) for number, rank, shadow in found}


def _columns(row: Texts, dialect: str) -> dict[str, Any]:
    if dialect == "sqlite":
        return {"rank": row.rank, "headline": row.headline, "body": row.text}
    return {"rank": row.rank, "words": tsvector(row.headline, row.text)}


def _compressed(headline: str, text: str) -> bytes:
    return _CODECS.compressor.compress(f"{headline}{_SEPARATOR}{text}".encode())


def _texts(rank: int, shadow: bytes) -> Texts:
    headline, _, text = _CODECS.decompressor.decompress(shadow).decode().partition(_SEPARATOR)
    return Texts(rank, headline, text)
