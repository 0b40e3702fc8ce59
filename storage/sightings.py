"""Sightings and their fates: every address that a source's feeds showed has exactly one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from crawler import snapshots
from crawler.errors import DamagedError
from crawler.model import Cause, Fate, FeedEntry, Gap, Page, Sighting, Snapshot
from crawler.polling.entries import identified, shared_key
from crawler.stories.entries import (
    MAX_ADDRESSES_OF_GUID,
    Sameness,
    closest,
    naming_guids,
)
from storage import article_writer, statements
from storage import tables as t
from storage.articles import as_snapshot
from storage.rows import row_of
from storage.transactions import Transactions


class SqlSightings(Transactions):
    """Sightings, their fates, and the pages that wait to be read."""

    def record_entries(
        self,
        source: str,
        feed: str,
        entries: Sequence[tuple[str, FeedEntry]],
        now: datetime,
        *,
        gap: Gap | None = None,
    ) -> Sequence[Sighting]:
        """Write a sighting, ``queued``, for each entry that is new, and return the new ones.

        ``entries`` are (url key, entry); the result keeps their order. An entry is new if its key
        was never sighted for this source and is no stored article's of this source: what another
        source's feed lists makes nothing known. Nor is it new if the feed showed its guid, title
        and date before, at another address. Of several with one key the first counts. ``gap`` is
        opened in the same transaction if entries were given and none was known or ``moved``: a
        process killed right after must not forget it.
        """
        new: list[Sighting] = []
        with self._transaction("sight") as c:
            entries = self._sharing(c, source, entries)
            known = self._known(c, source, [key for key, _ in entries])
            seen_before = self._shown_before(c, source, feed, entries, known)
            if gap is not None and entries and not known and not seen_before:
                self._open_gap(c, gap)
            known |= {key for key, (same, _) in seen_before.items() if same == "known"}
            for key, entry in entries:
                if key not in known:
                    known.add(key)
                    new.append(
                        Sighting(
                            id=0,
                            source=source,
                            feed=feed,
                            url=entry.url,
                            url_key=key,
                            entry=entry,
                            first_seen_at=now,
                            moved_from=seen_before[key][1] if key in seen_before else None,
                        )
                    )
            self._mark_shared(c, source, new)
            return self._insert_sightings(c, source, new)

    def pending_sightings(
        self, source: str, feed: str, now: datetime, most: int | None = None
    ) -> Sequence[Sighting]:
        """The feed's sightings that are ``queued``, or ``failed`` with a next try not after
        ``now``.

        Those seen first come first; at most ``most`` of them, or all if it is None.
        """
        s = t.sightings.c
        due = sa.or_(s.fate == "queued", sa.and_(s.fate == "failed", s.next_try_at <= now))
        statement = (
            sa.select(t.sightings, t.snapshots.c.sighting_id.is_not(None).label("has_page"))
            .outerjoin(t.snapshots, t.snapshots.c.sighting_id == s.id)
            .where(s.source == source, s.feed == feed, due)
            .order_by(s.id)
            .limit(most)
        )
        with self._reading() as c:
            return [_sighting(row) for row in c.execute(statement).mappings()]

    def feeds_with_pending(self, now: datetime) -> frozenset[tuple[str, str]]:
        """The (source, feed url) of all feeds that have pending sightings at ``now``."""
        s = t.sightings.c
        queued = sa.select(s.source, s.feed).where(s.fate == "queued")
        failed = sa.select(s.source, s.feed).where(s.fate == "failed", s.next_try_at <= now)
        with self._reading() as c:
            rows = [
                tuple(row)
                for statement in (queued, failed)
                for row in c.execute(statement.distinct())
            ]
        return frozenset((source, feed) for source, feed in rows)

    def save_page(self, sighting: Sighting, snapshot: Snapshot) -> None:
        """Store a page that was fetched but not read, because a stop came first.

        The fate stays ``queued``; a page stored earlier for this sighting is replaced.
        """
        with self._transaction() as c:
            article_writer.save_snapshot(c, sighting, snapshot)

    def unread_page(self, sighting: Sighting) -> Page | None:
        """The page stored for this sighting, or None if there is none.

        None, too, if its bytes are damaged: the page is then fetched again.
        """
        statement = sa.select(t.snapshots).where(t.snapshots.c.sighting_id == sighting.id)
        with self._reading() as c:
            row = c.execute(statement).mappings().first()
        if row is None:
            return None
        stored = as_snapshot(row)
        try:
            return snapshots.restore(stored, requested_url=sighting.url, entry=sighting.entry)
        except DamagedError:
            return None  # it is fetched again, like a page that was never stored

    def set_outcome(
        self,
        sighting: Sighting,
        fate: Fate,
        cause: Cause,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Give a sighting a fate other than ``kept``, and its page, if there is one.

        Counts one attempt more. ``next_try_at`` is for ``failed`` alone.
        """
        settled = {
            "sighting": sighting.id, "fate": fate, "reason": cause.reason, "detail": cause.detail,
            "settled_at": now, "next_try_at": next_try_at, "attempts": sighting.attempts + 1,
            "article_id": None,
        }  # fmt: skip
        with self._transaction("settle") as c:
            if snapshot is not None:
                article_writer.save_snapshot(c, sighting, snapshot)
            c.execute(statements.UPDATE_OUTCOME, settled)

    def reject(self, rejected: Sequence[tuple[Sighting, Cause]], now: datetime) -> None:
        """Give many sightings the fate ``rejected``, each with its cause, in one transaction."""
        if not rejected:
            return
        s = t.sightings.c
        update = (
            sa.update(t.sightings)
            .where(s.id == sa.bindparam("which"))
            .values(
                fate="rejected",
                reason=sa.bindparam("why"),
                detail=sa.bindparam("more"),
                settled_at=now,
                next_try_at=None,
                attempts=s.attempts + 1,
            )
        )
        with self._transaction("settle") as c:
            rows = [
                {"which": sighting.id, "why": cause.reason, "more": cause.detail}
                for sighting, cause in rejected
            ]
            c.execute(update, rows)

    def _insert_sightings(
        self, c: Connection, source: str, new: Sequence[Sighting]
    ) -> list[Sighting]:
        if not new:
            return []
        c.execute(statements.INSERT_SIGHTING, [_row(sighting) for sighting in new])
        ids: dict[str, int] = {}
        for keys in statements.chunks([s.url_key for s in new]):
            chosen = {"of_source": source, "keys": keys}
            ids.update((key, n) for key, n in c.execute(statements.SELECT_SIGHTING_IDS, chosen))
        return [replace(s, id=ids[s.url_key]) for s in new]

    def _open_gap(self, c: Connection, gap: Gap) -> None:
        g = t.gaps.c
        same = sa.and_(g.source == gap.source, g.feed == gap.feed, g.from_at == gap.from_at)
        if c.execute(sa.select(g.id).where(same)).scalar() is None:
            values = row_of(gap)
            values.pop("id")
            c.execute(sa.insert(t.gaps).values(values))

    def _known(self, c: Connection, source: str, keys: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for chunk in statements.chunks(keys):
            chosen = {"of_source": source, "keys": chunk}
            known.update(c.execute(statements.SELECT_KNOWN_KEYS, chosen).scalars())
        return known

    def _sharing(
        self, c: Connection, source: str, entries: Sequence[tuple[str, FeedEntry]]
    ) -> Sequence[tuple[str, FeedEntry]]:
        """The entries; those at an address that is known to be shared get an identity of their own,
        even where one comes alone."""
        alone = [key for key, entry in entries if entry.guid or entry.fragment]
        shared = self._known(c, source, [shared_key(key) for key in alone if "#" not in key])
        if not shared:
            return entries
        return [
            identified(key, entry, "guid") if f"{key}#" in shared else (key, entry)
            for key, entry in entries
        ]

    def _mark_shared(self, c: Connection, source: str, new: Sequence[Sighting]) -> None:
        """Record that an address is shared, so that no later entry is taken for its page."""
        marks = {shared_key(s.url_key): s for s in new if s.entry.identity}
        known = self._known(c, source, list(marks))
        for key, one in marks.items():
            if key not in known:
                url = one.url.partition("#")[0]
                row = _row(replace(one, url=url, url_key=key, entry=FeedEntry(url=url)))
                outcome = {"fate": "rejected", "reason": "shared_link"}
                c.execute(statements.INSERT_SIGHTING, row | outcome)

    def _shown_before(
        self,
        c: Connection,
        source: str,
        feed: str,
        entries: Sequence[tuple[str, FeedEntry]],
        known: Collection[str],
    ) -> dict[str, tuple[Sameness, int]]:
        """The entries at unknown addresses whose guid the feed showed before, by key: what each is,
        and the id of the sighting that it is like."""
        naming = naming_guids(entries)
        asked = {e.guid: (key, e) for key, e in entries if key not in known and e.guid in naming}
        before: dict[str, list[tuple[int, FeedEntry]]] = {}
        for chunk in statements.chunks([guid for guid in asked if guid]):
            most = MAX_ADDRESSES_OF_GUID + 1
            chosen = {"of_source": source, "of_feed": feed, "keys": chunk, "most": most}
            for number, guid, row in c.execute(statements.SELECT_SAME_GUIDS, chosen):
                before.setdefault(guid, []).append((number, FeedEntry(**row)))
        found: dict[str, tuple[Sameness, int]] = {}
        for guid, shown in before.items():
            key, entry = asked[guid]
            found[key] = closest(entry, shown)
        return {key: same for key, same in found.items() if same[0] != "other"}


def _row(s: Sighting) -> dict[str, Any]:
    return {
        "source": s.source, "feed": s.feed, "url": s.url, "url_key": s.url_key,
        "guid": s.entry.guid, "entry": row_of(s.entry), "first_seen_at": s.first_seen_at,
        "fate": "queued", "reason": "", "detail": "", "attempts": 0, "again_of": s.again_of,
    }  # fmt: skip


def _sighting(row: RowMapping) -> Sighting:
    fields = {name: row[name] for name in Sighting.__dataclass_fields__ if name != "moved_from"}
    return Sighting(**(fields | {"entry": FeedEntry(**row["entry"])}))
