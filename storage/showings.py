"""What feeds show at addresses that were read before: remembered, and written when it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import FeedEntry, ShownEntry, Sighting
from storage import statements
from storage import tables as t
from storage.sightings import SqlSightings

_S = t.sightings.c
_SHOWN = (
    _S.id,
    _S.url_key,
    _S.again_of,
    _S.article_id,
    _S.first_seen_at,
    _S.entry["title"].as_string().label("title"),
    _S.entry["published"].as_string().label("published"),
    _S.entry["updated"].as_string().label("updated"),
)
_SELECT_FIRST = sa.select(*_SHOWN).where(
    _S.source == sa.bindparam("of_source"),
    _S.url_key.in_(statements.KEYS),
    _S.again_of.is_(None),
    _S.fate.in_(["kept", "quarantined", "gone"]),
)
_SELECT_LATER = sa.select(*_SHOWN).where(_S.again_of.in_(statements.KEYS)).order_by(_S.id)


class SqlShowings(SqlSightings):
    """Sightings, and later ones of known addresses."""

    def shown_entries(self, source: str, keys: Collection[str]) -> Sequence[ShownEntry]:
        """What was shown last at those of these url keys whose page was read for this source.

        In no particular order; without addresses that wait to be read, or to be tried again.
        """
        with self._reading() as c:
            return [
                entry
                for chunk in statements.chunks(list(keys))
                for entry in _shown(c, source, chunk)
            ]

    def record_again(
        self,
        source: str,
        feed: str,
        shown: Sequence[tuple[str, ShownEntry, FeedEntry]],
        now: datetime,
    ) -> Sequence[Sighting]:
        """Write a sighting, ``queued``, for each of these (url key, what was shown, entry) whose
        key is new, and return them.
        """
        with self._transaction("sight") as c:
            known = self._known(c, source, [key for key, _, _ in shown])
            again = {
                key: Sighting(
                    id=0,
                    source=source,
                    feed=feed,
                    url=entry.url,
                    url_key=key,
                    entry=entry,
                    first_seen_at=now,
                    again_of=one.sighting_id,
                )
                for key, one, entry in shown
                if key not in known
            }
            return self._insert_sightings(c, source, list(again.values()))


def _shown(c: Connection, source: str, keys: Sequence[str]) -> list[ShownEntry]:
    first = c.execute(_SELECT_FIRST, {"of_source": source, "keys": keys}).all()
    later: dict[int, list[Any]] = defaultdict(list)
    for row in c.execute(_SELECT_LATER, {"keys": [row.id for row in first]}):
        later[row.again_of].append(row)
    return [_entry([row, *later[row.id]]) for row in first]


def _entry(rows: Sequence[Any]) -> ShownEntry:
    """What was shown last of these showings of one address."""
    last = rows[-1]
    articles = [row.article_id for row in rows]
    fruitless = next((n for n, a in enumerate(articles[-2::-1]) if a != last.article_id), None)
    return ShownEntry(
        sighting_id=rows[0].id,
        url_key=rows[0].url_key,
        title=last.title or "",
        published=last.published,
        updated=last.updated,
        looked_at=last.first_seen_at,
        fruitless=len(rows) - 1 if fruitless is None else fruitless,
    )
