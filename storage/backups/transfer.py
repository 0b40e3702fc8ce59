"""All rows of an archive carried into another one, from PostgreSQL to SQLite or back.

Both must be of this rasd's schema: what is carried is what ``tables`` describes; of it the
full-text index is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.errors import BackupError
from storage import migrations, text_index
from storage import tables as t
from storage.engine import connect, shown

ROWS = 200  # carried at a time; a page's bytes are among them


def export(url: str, to: Path) -> None:
    """Write the archive at this URL into an empty SQLite file, as it is at one moment.

    Others go on reading and writing meanwhile. Raises BackupError if it is of another version.
    """
    source, copy = connect(url), connect(f"sqlite:///{to}")
    try:
        with source.connect().execution_options(isolation_level="REPEATABLE READ") as reading:
            if not migrations.is_newest(reading):
                raise BackupError(f"{shown(url)}: is of another version; back it up with that rasd")
            migrations.upgrade(copy)
            carry(reading, copy)
    finally:
        source.dispose()
        copy.dispose()


def carry(source: Connection, target: Engine) -> None:
    """Write all rows that ``source`` sees into an archive that has none, in one transaction."""
    with target.begin() as writing:
        for table in t.metadata.sorted_tables:
            for rows in _chunks(_rows(source, table)):
                writing.execute(sa.insert(table), rows)
        text_index.index_shadows(writing)
        if writing.dialect.name == "postgresql":
            _count_on(writing)


def require_empty(engine: Engine, name: str) -> None:
    """BackupError if this database has tables of an archive with rows in them."""
    there = sa.inspect(engine).get_table_names()
    with engine.connect() as c:
        for table in t.metadata.sorted_tables:
            if (
                table.name in there
                and c.execute(sa.select(sa.exists().select_from(table))).scalar()
            ):
                raise BackupError(
                    f"{name}: holds an archive already ({table.name} has rows); "
                    "restore into a database that is empty"
                )


def _rows(source: Connection, table: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table; a sighting only after the one that it refers to."""
    query = sa.select(table)
    if table is t.sightings:
        query = query.order_by(table.c.again_of.is_not(None), table.c.id)
    streaming = source.execution_options(stream_results=True, yield_per=ROWS)
    with closing(streaming.execute(query)) as found:
        for row in found.mappings():
            yield dict(row)


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    while some := list(islice(rows, ROWS)):
        yield some


def _count_on(c: Connection) -> None:
    """Have PostgreSQL give new rows the ids after those that were carried over."""
    for table in t.metadata.sorted_tables:
        for column in table.primary_key:
            sequence = c.execute(
                sa.text("SELECT pg_get_serial_sequence(:t, :c)"),
                {"t": table.name, "c": column.name},
            ).scalar()
            if sequence is not None:
                last = sa.select(sa.func.max(column)).scalar_subquery()
                c.execute(
                    sa.select(
                        sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))
                    )
                )
