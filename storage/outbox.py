"""Messages on their way out, in rows: claimed by one process, retried according to the outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crawler.model import Delivery, Message, QueuedMessage
from storage import tables as t
from storage.transactions import Transactions

MAX_RETRY_AGE = timedelta(days=5)  # as long as mail servers try
FIRST_RETRY_WAIT = timedelta(minutes=5)  # greylisting servers accept a second attempt after this
MAX_RETRY_WAIT = timedelta(hours=4)
UNKNOWN_RETRY_WAIT = timedelta(minutes=10)  # a server that has the mail has delivered it by then
SENDING_LEASE = timedelta(hours=1)  # no delivery takes so long; then its outcome was not written
MAX_UNKNOWN_ATTEMPTS = 2  # a second copy may arrive; a third would be spam


class SqlOutbox(Transactions):
    """The messages of the outbox; a message has one state at a time."""

    def claim_message(self, now: datetime) -> QueuedMessage | None:
        """Move the oldest message that is due to ``sending`` and return it; None if none is due.

        Two processes never claim the same message, but one that is in ``sending`` for longer than
        ``SENDING_LEASE`` is due again: its process was killed, or could not write the outcome.
        """
        o = t.outbox.c
        due = sa.and_(o.state.in_(("queued", "unknown", "sending")), o.next_try_at <= now)
        query = sa.select(t.outbox).where(due).order_by(o.id).limit(1)
        with self._transaction("claim_message") as c:
            row = c.execute(query.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            claim = {
                "state": "sending",
                "attempts": row["attempts"] + 1,
                "next_try_at": now + SENDING_LEASE,
            }
            c.execute(sa.update(t.outbox).where(o.id == row["id"]).values(claim))
        fields = {name: row[name] for name in Message.__dataclass_fields__}
        return QueuedMessage(
            id=row["id"],
            message=Message(**fields),
            state="sending",
            attempts=row["attempts"] + 1,
        )

    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None:
        """Write the outcome of an attempt; a deferred or unknown message gets its next attempt."""
        state, again = _next_try(queued, delivery, now)
        with self._transaction("close_message") as c:
            c.execute(
                sa.update(t.outbox)
                .where(t.outbox.c.id == queued.id)
                .values(state=state, next_try_at=again, closed_at=now, detail=delivery.detail)
            )

    def recover_messages(self, now: datetime) -> int:
        """At start: move messages that a killed process left in ``sending`` to ``unknown``; returns
        how many."""
        o = t.outbox.c
        unknown = {"state": "unknown", "next_try_at": now + UNKNOWN_RETRY_WAIT}
        with self._transaction() as c:
            done = c.execute(sa.update(t.outbox).where(o.state == "sending").values(unknown))
            return int(done.rowcount)


def _next_try(
    queued: QueuedMessage, delivery: Delivery, now: datetime
) -> tuple[str, datetime | None]:
    """The message's next state and when it is due. Deferred: the wait doubles with each attempt,
    for five days. Unknown: once more, under the same Message-ID, so that a duplicate is
    recognised."""
    if delivery.outcome == "deferred":
        if now - queued.message.created_at > MAX_RETRY_AGE:
            return "dead", None
        wait = FIRST_RETRY_WAIT * 2 ** (queued.attempts - 1)
        return "queued", now + min(wait, MAX_RETRY_WAIT)
    if delivery.outcome == "unknown" and queued.attempts < MAX_UNKNOWN_ATTEMPTS:
        return "unknown", now + UNKNOWN_RETRY_WAIT
    return delivery.outcome, None
