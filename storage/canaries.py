"""When the canary was last heard, and its traces taken out of the archive again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage import concept_places, text_index
from storage import tables as t
from storage.article_writer import delete_matches
from storage.engine import read_connection, write_connection
from storage.stories import placing


class SqlCanaries:
    """When each canary was last heard, and the removal of what canaries leave in the archive."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def heard(self) -> Mapping[str, datetime | None]:
        """When the last canary of each language came through; None if none ever did."""
        c_ = t.canaries.c
        with read_connection(self._engine) as c:
            return {
                row.language: row.heard_at for row in c.execute(sa.select(c_.language, c_.heard_at))
            }

    def write(self, language: str, sent_at: datetime, heard: bool, detail: str) -> None:
        """Write when the last canary of this language was sent, and, if it was heard, that it
        was.
        """
        table = t.canaries
        values: dict[str, object] = {"sent_at": sent_at, "detail": detail}
        if heard:
            values["heard_at"] = sent_at
        with write_connection(self._engine) as c:
            where = table.c.language == language
            if not c.execute(sa.update(table).where(where).values(values)).rowcount:
                c.execute(sa.insert(table).values(language=language, **values))

    def forget(self, source: str, recipe: str, channel: str) -> None:
        """Delete everything that this source, recipe and channel left in the archive."""
        with write_connection(self._engine) as c:
            c.execute(sa.delete(t.outbox).where(t.outbox.c.channel == channel))
            issues = sa.select(t.issues.c.id).where(t.issues.c.recipe == recipe)
            c.execute(sa.delete(t.issue_articles).where(t.issue_articles.c.issue_id.in_(issues)))
            c.execute(sa.delete(t.issues).where(t.issues.c.recipe == recipe))
            sightings = sa.select(t.sightings.c.id).where(t.sightings.c.source == source)
            c.execute(sa.delete(t.snapshots).where(t.snapshots.c.sighting_id.in_(sightings)))
            for table in (t.sightings, t.polls, t.feeds, t.gaps):
                c.execute(sa.delete(table).where(table.c.source == source))
            self._forget_articles(c, source)

    def _forget_articles(self, c: Connection, source: str) -> None:
        a = t.articles.c
        for number, rank in c.execute(sa.select(a.id, a.rank).where(a.source == source)).all():
            placing.forget(c, number)
            delete_matches(c, number)
            text_index.delete(c, rank)
            concept_places.delete(c, rank)
            c.execute(sa.delete(t.articles).where(a.id == number))
