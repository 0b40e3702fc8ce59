"""Messages on their way out, in rows: claimed by one, tried again by what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crawler.model import Delivery, Message, QueuedMessage
from storage import tables as t
from storage.transactions import Transactions

MAIL_GIVES_UP = timedelta(days=5)  # as long as mail servers try


class SqlOutbox(Transactions):
    """The outbox's part of ``interfaces.Archive``; the docstrings there are the contract."""

    def claim_message(self, now: datetime) -> QueuedMessage | None:
        o = t.outbox.c
        due = sa.and_(o.state.in_(("queued", "unknown")), o.next_try_at <= now)
        asked = sa.select(t.outbox).where(due).order_by(o.id).limit(1)
        with self._transaction("claim_message") as c:
            row = c.execute(asked.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            claim = {"state": "sending", "attempts": row["attempts"] + 1}
            c.execute(sa.update(t.outbox).where(o.id == row["id"]).values(claim))
        fields = {name: row[name] for name in Message.__dataclass_fields__}
        return QueuedMessage(
            id=row["id"],
            message=Message(**fields),
            state="sending",
            attempts=row["attempts"] + 1,
        )

    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None:
        state, again = _next_try(queued, delivery, now)
        with self._transaction("close_message") as c:
            c.execute(
                sa.update(t.outbox)
                .where(t.outbox.c.id == queued.id)
                .values(state=state, next_try_at=again, closed_at=now, detail=delivery.detail)
            )

    def recover_messages(self, now: datetime) -> int:
        o = t.outbox.c
        unknown = {"state": "unknown", "next_try_at": now + timedelta(minutes=10)}
        with self._transaction() as c:
            done = c.execute(sa.update(t.outbox).where(o.state == "sending").values(unknown))
            return int(done.rowcount)


def _next_try(
    queued: QueuedMessage, delivery: Delivery, now: datetime
) -> tuple[str, datetime | None]:
    """Deferred: after 5 minutes, doubled up to 4 hours, for 5 days. Unknown: once more, later,
    under the same Message-ID, so that a duplicate can be told."""
    if delivery.outcome == "deferred":
        if now - queued.message.created_at > MAIL_GIVES_UP:
            return "dead", None
        return "queued", now + min(
            timedelta(minutes=5) * 2 ** (queued.attempts - 1), timedelta(hours=4)
        )
    if delivery.outcome == "unknown" and queued.attempts < 2:
        return "unknown", now + timedelta(minutes=10)
    return delivery.outcome, None
