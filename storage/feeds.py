"""The states of feeds and the polls that led to them: what came last, and when to poll next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from crawler.model import FeedState, Poll, SourceHealth, sentence
from storage import statements
from storage import tables as t
from storage.rows import causes_of, pairs_of, row_of
from storage.transactions import Transactions


class SqlFeeds(Transactions):
    """The states of feeds, and their polls."""

    def feed_state(self, source: str, feed: str) -> FeedState:
        """The feed's state; if it was never polled, a FeedState with nothing but its name."""
        where = sa.and_(t.feeds.c.source == source, t.feeds.c.feed == feed)
        with self._reading() as c:
            row = c.execute(sa.select(t.feeds).where(where)).mappings().first()
        return _feed_state(row) if row else FeedState(source=source, feed=feed)

    def states_of(self, feeds: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FeedState]:
        """The state of each of these (source, feed url), with one read per few hundred feeds.

        A feed that was never polled has a FeedState with nothing but its name.
        """
        found = {pair: FeedState(source=pair[0], feed=pair[1]) for pair in feeds}
        urls = list(dict.fromkeys(url for _, url in feeds))
        with self._reading() as c:
            for chunk in statements.chunks(urls):
                statement = sa.select(t.feeds).where(t.feeds.c.feed.in_(chunk))
                for row in c.execute(statement).mappings():
                    if (pair := (row["source"], row["feed"])) in found:
                        found[pair] = _feed_state(row)
        return found

    def due_states(self, now: datetime) -> Sequence[FeedState]:
        """The feeds whose next poll is not after ``now``, the longest overdue first.

        Feeds that were never polled have no row and are not among them.
        """
        f = t.feeds.c
        statement = sa.select(t.feeds).where(f.next_poll_at <= now).order_by(f.next_poll_at)
        with self._reading() as c:
            return [_feed_state(row) for row in c.execute(statement).mappings()]

    def feed_states(self) -> Sequence[FeedState]:
        """The states of all feeds that were ever polled, in no particular order."""
        with self._reading() as c:
            return [_feed_state(row) for row in c.execute(sa.select(t.feeds)).mappings()]

    def close_poll(self, poll: Poll, state: FeedState) -> None:
        """Write the poll's row and the feed's new state, in one transaction.

        Raises ValueError if the poll does not balance (see ``Poll.balances``); nothing is written
        then.
        """
        if not poll.balances:
            raise ValueError(f"a poll that does not balance: {poll}")
        notes = pairs_of(poll.notes)
        why = {"reason": poll.reason, "detail": poll.detail, "notes": notes}
        values = row_of(state) | why
        which = {"of_source": state.source, "of_feed": state.feed}
        with self._transaction("close_poll") as c:
            c.execute(statements.INSERT_POLL, row_of(poll) | {"notes": notes})
            if not c.execute(statements.UPDATE_FEED, values | which).rowcount:
                c.execute(statements.INSERT_FEED, values)

    def begin_again(self, feeds: Iterable[tuple[str, str]], now: datetime) -> None:
        """Have these (source, feed url) polled now, as if for the first time: what their seeds say
        has changed, so no validator and no rhythm of before holds."""
        f = t.feeds.c
        fresh = {"next_poll_at": now, "etag": None, "last_modified": None, "body_sha256": None,
                 "full_at": None, "interval_seconds": None}  # fmt: skip
        with self._transaction() as c:
            for source, feed in feeds:
                which = sa.and_(f.source == source, f.feed == feed)
                c.execute(sa.update(t.feeds).where(which).values(fresh))

    def health(self, sources: Iterable[str]) -> Sequence[SourceHealth]:
        """One record for each of these sources, in the order given, polled or not.

        Reads all feeds and counts all articles, whichever sources are named.
        """
        with self._reading() as c:
            counted = sa.select(t.articles.c.source, sa.func.count().label("n"))
            kept = {r.source: r.n for r in c.execute(counted.group_by(t.articles.c.source))}
            rows: dict[str, list[RowMapping]] = {}
            for row in c.execute(sa.select(t.feeds)).mappings():
                rows.setdefault(row["source"], []).append(row)
        return [_health(name, rows.get(name, []), kept.get(name, 0)) for name in sources]


def _feed_state(row: RowMapping) -> FeedState:
    return FeedState(**{name: row[name] for name in FeedState.__dataclass_fields__})


def _health(source: str, rows: Sequence[RowMapping], kept: int) -> SourceHealth:
    """As healthy as the source's healthiest feed; the next poll is that of the first feed due."""
    best = min(rows, key=lambda r: r["failures"], default=None)
    polled = [r["last_poll_at"] for r in rows if r["last_poll_at"]]
    succeeded = [r["last_success_at"] for r in rows if r["last_success_at"]]
    upcoming = [r["next_poll_at"] for r in rows if r["next_poll_at"]]
    return SourceHealth(
        source=source,
        last_poll_at=max(polled, default=None),
        last_success_at=max(succeeded, default=None),
        last_outcome=best["last_outcome"] if best else None,
        failures=best["failures"] if best else 0,
        articles=kept,
        next_poll_at=min(upcoming, default=None),
        reason=best["reason"] if best else "",
        detail=_explanation(best) if best else "",
    )


def _explanation(row: RowMapping) -> str:
    return sentence(row["reason"], row["detail"], causes_of(row["notes"]))
