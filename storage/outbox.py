"""Messages on their way out, in rows: claimed by one process, retried according to the outcome."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import SINK, Delivery, Message, OutboxMail, QueuedMessage
from storage import tables as t
from storage.statements import possible_ids
from storage.transactions import Transactions

MAX_RETRY_AGE = timedelta(days=5)  # as long as mail servers try
FIRST_RETRY_WAIT = timedelta(minutes=5)  # greylisting servers accept a second attempt after this
MAX_RETRY_WAIT = timedelta(hours=4)
MAX_KEPT_WAIT = timedelta(minutes=20)  # for a fault of our own side: it costs no one else anything
UNKNOWN_RETRY_WAIT = timedelta(minutes=10)  # a server that has the mail has delivered it by then
MAX_UNKNOWN_ATTEMPTS = 2  # a second copy may arrive; a third would be spam
_MAX_DOUBLINGS = 10  # beyond them every wait is at its limit

_COLUMNS = [c for c in t.outbox.c if c.name in OutboxMail.__dataclass_fields__]
_QUEUED_AT = sa.func.coalesce(t.outbox.c.queued_at, t.outbox.c.created_at, type_=t.Moment())


class SqlOutbox(Transactions):
    """The messages of the outbox; a message has one state at a time."""

    def claim_message(
        self, now: datetime, owner: str = "", *, without: Collection[str] = ()
    ) -> QueuedMessage | None:
        """Move the oldest message that is due to ``sending`` and return it; None if none is due.

        Two processes never claim the same message. ``without``: channels that are left alone. While
        mail is on hold, only messages to the ``SINK`` are due.
        """
        o = t.outbox.c
        due = sa.and_(o.state.in_(("queued", "unknown")), o.next_try_at <= now)
        due &= sa.or_(o.channel == SINK, ~sa.exists().select_from(t.mail_holds))
        query = sa.select(t.outbox).where(due, o.channel.not_in(list(without)))
        with self._transaction("claim_message") as c:
            chosen = query.order_by(o.id).limit(1).with_for_update(skip_locked=True)
            row = c.execute(chosen).mappings().first()
            if row is None:
                return None
            claim = {
                "state": "sending",
                "attempts": row["attempts"] + 1,
                "next_try_at": None,
                "claimed_by": owner,
                "claimed_at": now,
            }
            c.execute(sa.update(t.outbox).where(o.id == row["id"]).values(claim))
        fields = {name: row[name] for name in Message.__dataclass_fields__}
        return QueuedMessage(
            id=row["id"],
            message=Message(**fields),
            state="sending",
            attempts=row["attempts"] + 1,
            owner=owner,
        )

    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None:
        """Write the outcome of an attempt; a deferred or unknown message gets its next attempt.

        Nothing is written if another process has claimed the message since: what it does counts.
        """
        o = t.outbox.c
        own = sa.and_(
            o.id == queued.id,
            o.claimed_by == queued.owner,
            o.attempts == queued.attempts,
            o.state.in_(("sending", "unknown")),
        )
        with self._transaction("close_message") as c:
            if (row := c.execute(sa.select(t.outbox).where(own)).mappings().first()) is not None:
                c.execute(sa.update(t.outbox).where(own).values(_closed(row, delivery, now)))

    def recover(self, claims: Sequence[OutboxMail], now: datetime) -> int:
        """Move these messages from ``sending`` to ``unknown``, for whoever claimed them is gone;
        returns how many were still claimed by the same."""
        o = t.outbox.c
        gone = Delivery(outcome="unknown", detail="the process that delivered it ended")
        with self._transaction() as c:
            found = 0
            for claim in claims:
                left = sa.and_(
                    o.id == claim.id,
                    o.state == "sending",
                    o.claimed_by == claim.claimed_by,
                    o.attempts == claim.attempts,
                )
                row = c.execute(sa.select(t.outbox).where(left)).mappings().first()
                if row is not None:
                    c.execute(sa.update(t.outbox).where(left).values(_closed(row, gone, now)))
                    found += 1
            return found

    def mails(self, states: Collection[str]) -> Sequence[OutboxMail]:
        """The messages in these states, the oldest first."""
        named = [c for c in _COLUMNS if c.name != "queued_at"]
        query = (
            sa.select(*named, _QUEUED_AT.label("queued_at"))
            .where(t.outbox.c.state.in_(list(states)))
            .order_by(t.outbox.c.id)
        )
        with self._reading() as c:
            return [OutboxMail(**row) for row in c.execute(query).mappings()]

    def queue_again(self, ids: Collection[int], now: datetime) -> Sequence[int]:
        """Make these messages due now, as if they were new; returns the ids of those that were
        waiting, unknown or dead. What was sent, dropped or is being sent stays as it is."""
        o = t.outbox.c
        chosen = sa.and_(o.id.in_(possible_ids(ids)), o.state.in_(("queued", "unknown", "dead")))
        new = {
            "state": "queued",
            "attempts": 0,
            "unknowns": 0,
            "queued_at": now,
            "next_try_at": now,
        }
        again = sa.update(t.outbox).where(chosen).values(new).returning(o.id)
        with self._transaction() as c:
            return sorted(c.execute(again).scalars())

    def drop(self, ids: Collection[int], now: datetime) -> tuple[Sequence[int], int]:
        """Give these messages up; returns the ids of those that were waiting, unknown or dead, and
        how many articles the next issue takes up again.

        Articles of a message that never arrived count as shown no longer. Those of an ``unknown``
        one do: it may have arrived.
        """
        o = t.outbox.c
        open_states = ("queued", "unknown", "dead")
        with self._transaction() as c:
            rows = c.execute(
                sa.select(o.id, o.key, o.state).where(
                    o.id.in_(possible_ids(ids)), o.state.in_(open_states)
                )
            ).all()
            given_back = sum(_unlist(c, row.key) for row in rows if row.state != "unknown")
            gone = sorted(row.id for row in rows)
            dropped = {"state": "dropped", "next_try_at": None, "closed_at": now}
            c.execute(sa.update(t.outbox).where(o.id.in_(gone)).values(dropped))
        return gone, given_back


def _unlist(c: Connection, key: str) -> int:
    """Take the articles off the list of the issue of this message; returns how many."""
    i = t.issues.c
    of_key = sa.select(i.id).where(i.recipe + "/" + i.address + "/" + i.slot == key)
    listed = t.issue_articles.c.issue_id.in_(of_key)
    return int(c.execute(sa.delete(t.issue_articles).where(listed)).rowcount)


def _closed(row: sa.RowMapping, delivery: Delivery, now: datetime) -> dict[str, Any]:
    """What an attempt's outcome changes in a message's row.

    Deferred: the wait doubles with each attempt. For five days, if it is the mail's own fault or
    its recipient's; as long as it takes, if it is ours. Unknown: once more, under the same
    Message-ID, so that a duplicate is recognised.
    """
    unknowns = row["unknowns"] + (delivery.outcome == "unknown")
    changed = {"closed_at": now, "detail": delivery.detail, "fault": delivery.fault}
    changed |= {"state": delivery.outcome, "next_try_at": None, "unknowns": unknowns}
    if delivery.outcome == "unknown" and unknowns < MAX_UNKNOWN_ATTEMPTS:
        return changed | {"next_try_at": now + UNKNOWN_RETRY_WAIT}
    if delivery.outcome != "deferred":
        return changed
    if not delivery.fault and now - (row["queued_at"] or row["created_at"]) > MAX_RETRY_AGE:
        return changed | {"state": "dead"}
    wait = FIRST_RETRY_WAIT * 2 ** min(row["attempts"] - 1, _MAX_DOUBLINGS)
    most = MAX_KEPT_WAIT if delivery.fault else MAX_RETRY_WAIT
    return changed | {"state": "queued", "next_try_at": now + min(wait, most)}
