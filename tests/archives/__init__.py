"""Archives as earlier versions of rasd left them: migrations are tested on what people have.

An archive is named by the schema version it is in. ``0019.sqlite.gz`` is a database file and
``0019.postgres.sql.gz`` a plain SQL dump. Both were made by rasd 0.1.0 at commit
96120de93c6962a5df1f898da805ed4c433d4358, which watched the newspapers of ``papers`` and those of
``tests.site``; they hold the same. ``0019.json`` says what: rows by table, outcomes, fates, states,
and the reasons as that version worded them.

Those of 0020 are the same archives, migrated by rasd at commit
a1c037ab469430f4b8e71a9c9220dc891144d1ca and polled no more.

They hold every outcome of a poll, every fate of a sighting and every state of a message; a gap that
is open and one that is closed; findings, templates, hosts that asked for time, copies of
robots.txt, probes, verdicts, subscriptions and issues. What cannot be provoked on loopback, such as
a sitemap of a million addresses, was written through that version's storage, in its own words.

A later version never makes them anew: their worth is that they stay as they are.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

FOLDER = Path(__file__).parent
PORT = 8477  # of the archived newspapers, on any loopback address
FACTS_OF = {  # key of the JSON: table, column
    "polls": ("polls", "outcome"),
    "sightings": ("sightings", "fate"),
    "messages": ("outbox", "state"),
    "findings": ("findings", "kind"),
    "labels": ("match_labels", "label"),
    "languages": ("articles", "language"),
}


def restore(schema: str, url: str) -> None:
    """Put the archive of this schema version in the empty database at this URL."""
    place = sa.make_url(url)
    if place.get_backend_name() == "sqlite":
        assert place.database is not None
        packed = FOLDER / f"{schema}.sqlite.gz"
        Path(place.database).write_bytes(gzip.decompress(packed.read_bytes()))
        return
    script = gzip.decompress((FOLDER / f"{schema}.postgres.sql.gz").read_bytes()).decode()
    engine = sa.create_engine(place.set(drivername="postgresql+psycopg"))
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(script)  # psycopg runs several statements without parameters
        connection.commit()
    finally:
        connection.detach()  # the script has changed its session
        connection.close()
        engine.dispose()


def facts(schema: str) -> dict[str, Any]:
    """What both archives of this schema version held when they were made."""
    return dict(json.loads((FOLDER / f"{schema}.json").read_text(encoding="utf-8")))


def count(connection: sa.Connection) -> dict[str, dict[str, int]]:
    """What an archive holds now, in the shape of ``facts``: ``rows`` by table, and FACTS_OF."""
    names = sorted({*sa.inspect(connection).get_table_names(), "article_text"})
    tables = [n for n in names if n != "alembic_version" and not n.startswith("article_text_")]
    counted = {"rows": {name: _count(connection, name) for name in tables}}
    for key, (table, column) in FACTS_OF.items():
        counted[key] = _count_by(connection, table, column)
    return counted


def _count(connection: sa.Connection, table: str) -> int:
    return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def _count_by(connection: sa.Connection, table: str, column: str) -> dict[str, int]:
    statement = sa.text(f"SELECT {column}, count(*) FROM {table} GROUP BY {column}")
    return {name: int(number) for name, number in connection.execute(statement)}
