"""Whether the index can be trusted: every article has a row, and some are found by their words."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import IndexDamagedError, IndexUnfinishedError
from storage import tables as t
from storage.engine import read_connection
from storage.index_state import index_state
from storage.text_index.making import progress
from storage.text_index.rows import Texts, read_shadows
from storage.text_index.tables import TABLE, key_of_rows

SAMPLES = 12  # articles, spread over the archive, that must be found by a word of their own


def problem(engine: Engine) -> str:
    """What is wrong with the index, in a line; "" if every article has a row and SAMPLES of them
    are found by their words. Notes what it finds in the engine's ``IndexState``. Of an index that
    is being made only the rows that it has are looked at."""
    try:
        with read_connection(engine) as c:
            said = (_uncounted(c) if progress(c) is None else "") or _unfound(c)
    except IndexDamagedError as error:
        said = str(error.__cause__ or error)
    index_state(engine).set(bool(said))
    return said


def require(engine: Engine) -> None:
    """IndexDamagedError if something is wrong with the index, IndexUnfinishedError if it is being
    made."""
    if said := problem(engine):
        raise IndexDamagedError() from ValueError(said)
    with read_connection(engine) as c:
        if (left := progress(c)) is not None:
            raise IndexUnfinishedError(left.sentence)


def _uncounted(c: Connection) -> str:
    count = sa.select(sa.func.count()).select_from
    articles = c.execute(count(t.articles)).scalar_one()
    indexed = c.execute(count(key_of_rows(c).subquery())).scalar_one()
    return "" if indexed >= articles else f"{indexed} of {articles} articles are in it"


def _unfound(c: Connection) -> str:
    """Articles that are not found by a word of theirs, as a sentence."""
    a = t.articles.c
    low, high = c.execute(sa.select(sa.func.min(a.id), sa.func.max(a.id))).one()
    if low is None:
        return ""
    step = max((high - low) // SAMPLES, 1)
    ids = [*range(low, high + 1, step), high]
    rows = c.execute(sa.select(a.rank, a.id).where(a.id.in_(ids)))
    ranks = {row.rank: row.id for row in rows}
    shadows = read_shadows(c, ranks)
    lost = sorted(ranks[rank] for rank, row in shadows.items() if not _is_found(c, row))
    return f"articles {', '.join(map(str, lost))} are not found by their words" if lost else ""


def _is_found(c: Connection, row: Texts) -> bool:
    words = f"{row.headline} {row.text}".split()
    word = next((w for w in words if len(w) > 3 and w.isalpha()), None)
    if word is None:
        return True
    is_sqlite = c.dialect.name == "sqlite"
    hit = f"{TABLE} MATCH :w" if is_sqlite else "words @@ CAST(:w AS tsquery)"
    asked = sa.text(f"SELECT 1 FROM {TABLE} WHERE {hit} AND rowid = :rank")
    quoted = f'"{word}"' if is_sqlite else f"'{word}'"
    return c.execute(asked, {"w": quoted, "rank": row.rank}).first() is not None
