"""What the watch may have missed, and what is wrong with it: gaps and findings.

``sightings.record_entries`` opens gaps, in the transaction that finds that nothing overlapped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import Finding, FindingKind, Gap, SeenAddress
from storage import tables as t
from storage.statements import SELECT_SHORT_GAPS, chunks
from storage.transactions import Transactions

RENAMED_WITHIN = timedelta(days=7)  # an older story is not expected in a window under a new address
MOST_SIGHTED = 20_000  # rows of one gap: beyond, its estimate is as good without the rest


class SqlCoverage(Transactions):
    """Gaps and findings; and what was sighted when, by which gaps are judged.

    Each method is one transaction or one read.
    """

    # ── gaps ──────────────────────────────────────────────────────────────────────────────────

    def gaps(self, *, everything: bool = False) -> Sequence[Gap]:
        """The open gaps, the oldest first; with ``everything``, the closed ones among them."""
        statement = sa.select(t.gaps).order_by(t.gaps.c.from_at, t.gaps.c.id)
        if not everything:
            statement = statement.where(t.gaps.c.closed_at.is_(None))
        with self._reading() as c:
            return [Gap(**row) for row in c.execute(statement).mappings()]

    def short_gaps(self, source: str) -> Sequence[Gap]:
        """The source's closed gaps of which something is still provably missing."""
        with self._reading() as c:
            return [
                Gap(**row) for row in c.execute(SELECT_SHORT_GAPS, {"of_source": source}).mappings()
            ]

    def write_gap(self, gap: Gap) -> None:
        """Write what became of a gap: closed or not, found, missing, estimated; known by its id.

        An id that is not there changes nothing.
        """
        values = {
            name: getattr(gap, name)
            for name in (
                "closed_at", "closed_by", "found", "missing_at_least", "missing_estimate",
                "estimate_low", "estimate_high",
            )
        }  # fmt: skip
        with self._transaction() as c:
            c.execute(sa.update(t.gaps).where(t.gaps.c.id == gap.id).values(values))

    def make_due(self, source: str, feed: str, now: datetime) -> None:
        """Make the other feeds of the source due at ``now``: they may know what this one no
        longer shows.

        Feeds that failed last keep their back-off.
        """
        f = t.feeds.c
        others = sa.and_(f.source == source, f.feed != feed, f.failures == 0)
        with self._transaction() as c:
            c.execute(sa.update(t.feeds).where(others).values(next_poll_at=now))

    def reaches_back(self, source: str, keys: Collection[str], at: datetime) -> bool:
        """Whether one of these url keys was sighted for this source at or before this moment, or
        another address of the same article."""
        s = t.sightings.c
        with self._reading() as c:
            for chunk in chunks(list(keys)):
                named = sa.and_(s.source == source, s.url_key.in_(chunk))
                first = c.execute(sa.select(sa.func.min(s.first_seen_at)).where(named)).scalar()
                if first is not None and (first <= at or self._is_renamed(c, source, named, at)):
                    return True
        return False

    def _is_renamed(
        self, c: Connection, source: str, named: sa.ColumnElement[bool], at: datetime
    ) -> bool:
        """Whether an article of these sightings was found before under another address."""
        s = t.sightings.c
        recent = s.first_seen_at.between(at - RENAMED_WITHIN, at)
        articles = sa.select(s.article_id).where(named, s.article_id.is_not(None))
        statement = sa.select(s.id).where(s.source == source, recent, s.article_id.in_(articles))
        return c.execute(statement.limit(1)).scalar() is not None

    def sighted(
        self, source: str, since: datetime, until: datetime, feed: str | None = None
    ) -> Sequence[tuple[datetime, str | None]]:
        """(first seen, date as printed) of what was sighted for the source in [since, until].

        Oldest first, 20,000 at most; of one feed, if it is named. The date is None if none was
        printed.
        """
        s = t.sightings.c
        statement = sa.select(s.first_seen_at, s.entry).where(
            s.source == source,
            s.first_seen_at >= since,
            s.first_seen_at <= until,
            s.again_of.is_(None),
        )
        if feed is not None:
            statement = statement.where(s.feed == feed)
        with self._reading() as c:
            rows = c.execute(statement.order_by(s.first_seen_at).limit(MOST_SIGHTED))
            return [(at, entry.get("published") or entry.get("updated")) for at, entry in rows]

    def newest(
        self, source: str, feed: str, until: datetime, most: int
    ) -> Sequence[tuple[str, str | None]]:
        """(url, guid) of the feed's ``most`` newest sightings up to ``until``, the newest first.

        Of entries first seen in one window, the one listed first is the newest.
        """
        s = t.sightings.c
        statement = sa.select(s.url, s.guid).where(
            s.source == source,
            s.feed == feed,
            s.first_seen_at <= until,
            s.again_of.is_(None),
        )
        with self._reading() as c:
            # Within one look a feed lists the newest first, and ids follow the list.
            rows = c.execute(statement.order_by(s.first_seen_at.desc(), s.id).limit(most))
            return [(url, guid) for url, guid in rows]

    def found_since(self, source: str, since: datetime, most: int) -> Sequence[SeenAddress]:
        """The source's addresses first seen after ``since``, oldest first, at most ``most``."""
        s = t.sightings.c
        statement = sa.select(s.feed, s.first_seen_at, s.url, s.guid).where(
            s.source == source, s.first_seen_at > since, s.again_of.is_(None)
        )
        with self._reading() as c:
            rows = c.execute(statement.order_by(s.first_seen_at, s.id).limit(most)).mappings()
            return [SeenAddress(**row) for row in rows]

    def count_since(self, source: str, since: datetime) -> int:
        """How many addresses of the source were first seen at or after ``since``."""
        s = t.sightings.c
        statement = sa.select(sa.func.count()).where(
            s.source == source, s.first_seen_at >= since, s.again_of.is_(None)
        )
        with self._reading() as c:
            return int(c.execute(statement).scalar_one())

    def unseen(self, source: str, keys: Collection[str]) -> int:
        """How many of these url keys, each counted once, were never sighted for this source."""
        listed, known = list(dict.fromkeys(keys)), 0
        s = t.sightings.c
        with self._reading() as c:
            for chunk in chunks(listed):
                chosen = sa.and_(s.source == source, s.url_key.in_(chunk))
                known += c.execute(sa.select(sa.func.count()).where(chosen)).scalar_one()
        return len(listed) - known

    # ── findings ──────────────────────────────────────────────────────────────────────────────

    def findings(self, *, everything: bool = False) -> Sequence[Finding]:
        """The open findings in the order they were opened; with ``everything``, the closed, too."""
        f = t.findings.c
        statement = sa.select(f.source, f.kind, f.proof, f.opened_at, f.closed_at).order_by(f.id)
        if not everything:
            statement = statement.where(f.closed_at.is_(None))
        with self._reading() as c:
            return [Finding(**row) for row in c.execute(statement).mappings()]

    def last_finding(self, source: str, kind: FindingKind) -> Finding | None:
        """The last finding of this kind, open or closed; None if there was none."""
        f = t.findings.c
        statement = (
            sa.select(f.source, f.kind, f.proof, f.opened_at, f.closed_at)
            .where(f.source == source, f.kind == kind)
            .order_by(f.id.desc())
            .limit(1)
        )
        with self._reading() as c:
            row = c.execute(statement).mappings().first()
        return None if row is None else Finding(**row)

    def end_finding(self, source: str, kind: str, now: datetime) -> None:
        """Close this finding if it is open: what it says is no longer what is wrong."""
        f = t.findings.c
        which = sa.and_(f.source == source, f.kind == kind, f.closed_at.is_(None))
        with self._transaction() as c:
            c.execute(sa.update(t.findings).where(which).values(closed_at=now))

    def update_findings(
        self, checked_sources: Collection[str], findings: Iterable[Finding], now: datetime
    ) -> None:
        """Open the findings that are not open yet, and close those that are over.

        Closed at ``now`` is every open finding about one of ``checked_sources`` ("" is the watch
        itself) that is not among ``findings``. A finding that stays open keeps its time and its
        proof.
        """
        f = t.findings.c
        with self._transaction() as c:
            rows = c.execute(sa.select(f.id, f.source, f.kind).where(f.closed_at.is_(None)))
            open_ids = {(row.source, row.kind): row.id for row in rows}
            for finding in findings:
                if open_ids.pop((finding.source, finding.kind), None) is None:
                    c.execute(
                        sa.insert(t.findings).values(
                            source=finding.source,
                            kind=finding.kind,
                            proof=finding.proof,
                            opened_at=finding.opened_at,
                        )
                    )
            over = [n for (source, _), n in open_ids.items() if source in checked_sources]
            if over:
                c.execute(sa.update(t.findings).where(f.id.in_(over)).values(closed_at=now))
