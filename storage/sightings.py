"""Sightings and their fates: every address that a source's feeds showed has exactly one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

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

_S = t.sightings.c
_LEAD_ANEW = (
    sa.update(t.sightings)
    .where(_S.id == sa.bindparam("which"))
    .values(
        url=sa.bindparam("new_url"),
        url_key=sa.bindparam("new_key"),
        entry=sa.bindparam("new_entry"),
    )
)
_GIVEN_UP = ("failed", "gone")  # fates of a page that is not tried again any more


class _Before(NamedTuple):
    """The sighting of an entry that the feed showed under the same guid."""

    same: Sameness  # what the entry is now
    id: int
    waits: bool  # its page failed, and is tried again


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
        and date before, at another address; if that one failed, it is tried at this one from now
        on. Of several with one key the first counts. ``gap`` is opened in the same transaction if
        entries were given and none was known or ``moved``: a process killed right after must not
        forget it.
        """
        new: list[Sighting] = []
        with self._transaction("sight") as c:
            entries, known = self._told_apart(c, source, entries)
            seen_before = self._shown_before(c, source, feed, entries, known)
            if gap is not None and entries and not known and not seen_before:
                self._open_gap(c, gap)
            known |= {key for key, before in seen_before.items() if before.same == "known"}
            self._lead_anew(c, entries, seen_before)
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
                            moved_from=seen_before[key].id if key in seen_before else None,
                        )
                    )
            self._mark_shared(c, source, new)
            return self._insert_sightings(c, source, new)

    def pending_sightings(
        self, source: str, feed: str, now: datetime, most: int | None = None
    ) -> Sequence[Sighting]:
        """The feed's sightings that are ``queued``, or ``failed`` with a next try not after
        ``now``.

        Those tried least come first, and of them those seen first, so that what fails again and
        again holds up none of the others. At most ``most`` of them, or all if it is None.
        """
        s = t.sightings.c
        due = sa.or_(s.fate == "queued", sa.and_(s.fate == "failed", s.next_try_at <= now))
        statement = (
            sa.select(t.sightings, t.snapshots.c.sighting_id.is_not(None).label("has_page"))
            .outerjoin(t.snapshots, t.snapshots.c.sighting_id == s.id)
            .where(s.source == source, s.feed == feed, due)
            .order_by(s.attempts, s.id)
            .limit(most)
        )
        with self._reading() as c:
            pending = [_sighting(row) for row in c.execute(statement).mappings()]
            return self._with_origins(c, source, feed, pending)

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

    def _told_apart(
        self, c: Connection, source: str, entries: Sequence[tuple[str, FeedEntry]]
    ) -> tuple[Sequence[tuple[str, FeedEntry]], set[str]]:
        """The entries, and which of their keys are known; those at an address that is known to be
        shared get an identity of their own, even where one comes alone."""
        alone = [key for key, e in entries if e.guid or e.fragment or (e.title and e.summary)]
        asked = [shared_key(key) for key in alone if "#" not in key]
        known = self._known(c, source, [*(key for key, _ in entries), *asked])
        shared = known.intersection(asked)
        if not shared:
            return entries, known
        entries = [
            identified(key, entry, "guid") if f"{key}#" in shared else (key, entry)
            for key, entry in entries
        ]
        return entries, self._known(c, source, [key for key, _ in entries])

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
    ) -> dict[str, _Before]:
        """The entries at unknown addresses whose guid the feed showed before, by key: what each is,
        and the sighting that it is like."""
        naming = naming_guids(entries)
        asked = {e.guid: (key, e) for key, e in entries if key not in known and e.guid in naming}
        found: dict[str, _Before] = {}
        for guid, shown in self._same_guids(c, source, feed, [g for g in asked if g]).items():
            key, entry = asked[guid]
            if (before := _closest(entry, shown)) is not None:
                found[key] = before
        return found

    def _same_guids(
        self, c: Connection, source: str, feed: str, guids: Sequence[str]
    ) -> dict[str, list[Any]]:
        """The rows of the feed's sightings with each of these guids, those seen first first; of a
        guid with too many to name anything, one more than it may have."""
        rows: dict[str, list[Any]] = {}
        for chunk in statements.chunks(guids):
            most = MAX_ADDRESSES_OF_GUID + 1
            chosen = {"of_source": source, "of_feed": feed, "keys": chunk, "most": most}
            for row in c.execute(statements.SELECT_SAME_GUIDS, chosen):
                rows.setdefault(row.guid, []).append(row)
        return rows

    def _lead_anew(
        self,
        c: Connection,
        entries: Sequence[tuple[str, FeedEntry]],
        seen_before: Mapping[str, _Before],
    ) -> None:
        """Have sightings that wait to be tried again tried at the address that their entry has now:
        the one before may have been wrong, and corrected."""
        moved = [
            {"which": before.id, "new_url": entry.url, "new_key": key, "new_entry": row_of(entry)}
            for key, entry in entries
            if (before := seen_before.get(key)) is not None
            if before.same == "known" and before.waits and not entry.identity
        ]
        if moved:
            c.execute(_LEAD_ANEW, moved)

    def _with_origins(
        self, c: Connection, source: str, feed: str, pending: Sequence[Sighting]
    ) -> list[Sighting]:
        """The sightings; those whose entry the feed had shown at another address know of it, as
        when they were new."""
        guids = {s.entry.guid: s for s in pending if s.entry.guid and s.again_of is None}
        found: dict[int, int] = {}
        for guid, rows in self._same_guids(c, source, feed, list(guids)).items():
            late = guids[guid]
            earlier = [row for row in rows if row.id < late.id]
            if len(rows) <= MAX_ADDRESSES_OF_GUID and (before := _closest(late.entry, earlier)):
                found[late.id] = before.id
        return [replace(s, moved_from=found[s.id]) if s.id in found else s for s in pending]


def _closest(entry: FeedEntry, shown: Sequence[Any]) -> _Before | None:
    """What an entry is of these rows with its guid; None if none of them."""
    unread = [row for row in shown if row.fate in _GIVEN_UP and row.again_of is None]
    lost = {row.id for row in unread if row.next_try_at is None}
    same, number = closest(entry, [(row.id, FeedEntry(**row.entry)) for row in shown], lost)
    if same == "other":
        return None
    return _Before(same, number, number in {row.id for row in unread} - lost)


def _row(s: Sighting) -> dict[str, Any]:
    return {
        "source": s.source, "feed": s.feed, "url": s.url, "url_key": s.url_key,
        "guid": s.entry.guid, "entry": row_of(s.entry), "first_seen_at": s.first_seen_at,
        "fate": "queued", "reason": "", "detail": "", "attempts": 0, "again_of": s.again_of,
    }  # fmt: skip


def _sighting(row: RowMapping) -> Sighting:
    fields = {name: row[name] for name in Sighting.__dataclass_fields__ if name != "moved_from"}
    return Sighting(**(fields | {"entry": FeedEntry(**row["entry"])}))
