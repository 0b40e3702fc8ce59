"""Whether mail is on hold: after a restore, until an operator releases it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import MailHold
from storage import tables as t
from storage.engine import read_connection, write_connection

DROPPED = "dropped when mail was released"  # the detail of such a message


class SqlMailHold:
    """At most one hold; while there is one, ``SqlOutbox.claim_message`` gives no message out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def current(self) -> MailHold | None:
        """The hold; None if mail may leave."""
        h = t.mail_holds.c
        query = sa.select(h.since_at, h.reason).order_by(h.id).limit(1)
        with read_connection(self._engine) as c:
            row = c.execute(query).mappings().first()
        return None if row is None else MailHold(**row)

    def hold(self, reason: str, now: datetime) -> None:
        """Put mail on hold; if it is already, that hold stays."""
        with write_connection(self._engine) as c:
            if not c.execute(sa.select(sa.func.count()).select_from(t.mail_holds)).scalar_one():
                c.execute(sa.insert(t.mail_holds).values(since_at=now, reason=reason))

    def release(self, *, drop: bool, now: datetime) -> int | None:
        """End the hold; ``drop``: what was queued before it will never be sent.

        Returns how many messages were dropped; None if there was no hold.
        """
        h, o = t.mail_holds.c, t.outbox.c
        with write_connection(self._engine) as c:
            since = c.execute(sa.select(sa.func.min(h.since_at))).scalar_one()
            if since is None:
                return None
            c.execute(sa.delete(t.mail_holds))
            if not drop:
                return 0
            waiting = sa.and_(o.state.in_(("queued", "unknown", "sending")), o.created_at <= since)
            gone = {"state": "dropped", "next_try_at": None, "closed_at": now, "detail": DROPPED}
            return int(c.execute(sa.update(t.outbox).where(waiting).values(gone)).rowcount)
