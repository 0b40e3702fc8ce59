"""Every entry that a poll counted has a fate, entries are found by guid, keys are today's.

Polls and feeds say how many entries had no usable link; what older polls counted had one. Keys
stand on addresses as browsers write them: those of addresses with dot segments, encoded twice or on
unusual hosts are made anew. Where two addresses turn out to be one, the older row has the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler import urls

revision = "0021"
down_revision = "0020"

_BATCH_ROWS = 5_000  # read and written at a time


def upgrade() -> None:
    """Three columns, an index, and the keys that differ: a minute for a million addresses."""
    for table, names in (("polls", ("entries", "unusable")), ("feeds", ("unusable",))):
        for name in names:
            column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            op.add_column(table, column)
    op.execute("UPDATE polls SET entries = seen")
    op.create_index("ix_sightings_guid", "sightings", ["guid"])
    connection = op.get_bind()
    for table, address in (("sightings", "url"), ("articles", "canonical_url")):
        _rekey(connection, table, address)


def _rekey(connection: sa.Connection, table: str, address: str) -> None:
    update = sa.text(f"UPDATE {table} SET url_key = :key WHERE id = :id")
    taken = sa.text(f"SELECT count(*) FROM {table} WHERE url_key = :key")
    for number, url, before in _rows(connection, table, address):
        key = urls.key(url)
        if key != before and not connection.execute(taken, {"key": key}).scalar_one():
            connection.execute(update, {"key": key, "id": number})


def _rows(connection: sa.Connection, table: str, address: str) -> Iterator[Any]:
    statement = sa.text(
        f"SELECT id, {address}, url_key FROM {table} WHERE id > :last ORDER BY id LIMIT :most"
    )
    last = 0
    while rows := connection.execute(statement, {"last": last, "most": _BATCH_ROWS}).all():
        yield from rows
        last = rows[-1][0]
