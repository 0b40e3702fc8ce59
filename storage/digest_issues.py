"""Who gets which digest, and which issues were made: of one slot and recipient there is one, ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from crawler.model import Message, Subscription
from storage import tables as t
from storage.statements import row_of
from storage.transactions import Transactions


class SqlDigestIssues(Transactions):
    """The issues' part of ``interfaces.Archive``; the docstrings there are the contract."""

    def subscribe(self, recipe: str, channel: str, address: str, now: datetime) -> Subscription:
        table = t.subscriptions
        where = sa.and_(table.c.recipe == recipe, table.c.address == address)
        with self._transaction() as c:
            row = c.execute(sa.select(table).where(where)).mappings().first()
            if row is None:
                new = {"recipe": recipe, "channel": channel, "address": address, "created_at": now}
                c.execute(sa.insert(table).values(new))
                row = c.execute(sa.select(table).where(where)).mappings().one()
        return Subscription(**row)

    def unsubscribe(self, recipe: str, address: str) -> bool:
        table = t.subscriptions
        where = sa.and_(table.c.recipe == recipe, table.c.address == address)
        with self._transaction() as c:
            return bool(c.execute(sa.delete(table).where(where)).rowcount)

    def subscriptions(self, recipe: str | None = None) -> Sequence[Subscription]:
        asked = sa.select(t.subscriptions).order_by(t.subscriptions.c.id)
        if recipe is not None:
            asked = asked.where(t.subscriptions.c.recipe == recipe)
        with self._look() as c:
            return [Subscription(**row) for row in c.execute(asked).mappings()]

    def last_issue_until(self, recipe: str, address: str) -> datetime | None:
        i = t.issues.c
        asked = sa.select(i.until).where(i.recipe == recipe, i.address == address)
        with self._look() as c:
            return c.execute(asked.order_by(i.until.desc()).limit(1)).scalar()

    def issue_exists(self, recipe: str, address: str, slot: str) -> bool:
        i = t.issues.c
        asked = sa.select(i.id).where(i.recipe == recipe, i.address == address, i.slot == slot)
        with self._look() as c:
            return c.execute(asked).scalar() is not None

    def queue_issue(
        self,
        recipe: str,
        address: str,
        slot: str,
        until: datetime,
        article_ids: Sequence[int],
        message: Message | None,
    ) -> bool:
        row = {"recipe": recipe, "address": address, "slot": slot, "until": until}
        try:
            with self._transaction("queue_issue") as c:
                done = c.execute(sa.insert(t.issues).values(row).returning(t.issues.c.id))
                issue_id = done.scalar_one()
                held = [{"issue_id": issue_id, "article_id": n} for n in dict.fromkeys(article_ids)]
                if held:
                    c.execute(sa.insert(t.issue_articles), held)
                if message is not None:
                    new = row_of(message) | {"state": "queued", "attempts": 0, "detail": ""}
                    new["next_try_at"] = message.created_at
                    c.execute(sa.insert(t.outbox).values(new))
        except IntegrityError:
            return False  # issued before: the UNIQUE rows say so, not this code
        return True
