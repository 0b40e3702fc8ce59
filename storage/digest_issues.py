"""Subscriptions, and the issues made of each digest: of one slot and recipient there is one.

An article counts as shown to a recipient if an issue lists it, and for no other reason: what an
issue left out has no row, and the next issue takes it up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import (
    ArchivedArticle,
    IssueHistory,
    IssueToQueue,
    QueueingOutcome,
    Subscription,
)
from storage import tables as t
from storage.articles import load
from storage.rows import row_of
from storage.transactions import Transactions


class SqlDigestIssues(Transactions):
    """Who gets which digest, and what each recipient has been shown."""

    def subscribe(self, recipe: str, channel: str, address: str, now: datetime) -> Subscription:
        """Write the subscription of this address; returns the one that stands if there is one."""
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
        """Delete the subscription; False if there was none."""
        table = t.subscriptions
        where = sa.and_(table.c.recipe == recipe, table.c.address == address)
        with self._transaction() as c:
            return bool(c.execute(sa.delete(table).where(where)).rowcount)

    def subscriptions(self, recipe: str | None = None) -> Sequence[Subscription]:
        """The subscriptions to a recipe (None: to any), the oldest first."""
        query = sa.select(t.subscriptions).order_by(t.subscriptions.c.id)
        if recipe is not None:
            query = query.where(t.subscriptions.c.recipe == recipe)
        with self._reading() as c:
            return [Subscription(**row) for row in c.execute(query).mappings()]

    def issue_histories(self, recipe: str) -> Mapping[str, IssueHistory]:
        """By address, what was issued of this recipe; an address without an issue is missing."""
        i = t.issues.c
        query = (
            sa.select(
                i.address,
                sa.func.max(i.id),
                sa.func.min(i.until),
                sa.func.max(i.until),
                sa.func.max(i.newest_doubtful_id),
            )
            .where(i.recipe == recipe)
            .group_by(i.address)
        )
        with self._reading() as c:
            return {
                address: IssueHistory(
                    last_id=last_id, first_until=first, last_until=last, newest_doubtful_id=doubtful
                )
                for address, last_id, first, last, doubtful in c.execute(query)
            }

    def issued_addresses(self, recipe: str, slot: str) -> frozenset[str]:
        """The addresses for which this slot was issued."""
        i = t.issues.c
        query = sa.select(i.address).where(i.recipe == recipe, i.slot == slot)
        with self._reading() as c:
            return frozenset(c.execute(query).scalars())

    def unlisted_ids(
        self, recipe: str, address: str, topics: Collection[str], since: datetime, until: datetime
    ) -> tuple[int, ...]:
        """Ids of the articles with a label of these topics, kept in [since, until), that no issue
        of the recipe to this address lists; ascending."""
        a, m = t.articles.c, t.match_labels.c
        query = (
            sa.select(a.id)
            .join(t.match_labels, m.article_id == a.id)
            .where(m.topic.in_(list(topics)), a.kept_at >= since, a.kept_at < until)
            .where(a.id.not_in(_listed(recipe, address)))
            .distinct()
            .order_by(a.id)
        )
        with self._reading() as c:
            return tuple(c.execute(query).scalars())

    def listed_ids(self, recipe: str, address: str, since: datetime) -> tuple[int, ...]:
        """Ids of the articles that issues to this address since then list; ascending."""
        listed = _listed(recipe, address).where(t.issues.c.until >= since)
        query = listed.distinct().order_by(t.issue_articles.c.article_id)
        with self._reading() as c:
            return tuple(c.execute(query).scalars())

    def articles(self, ids: Sequence[int]) -> Sequence[ArchivedArticle]:
        """The articles with these ids, in that order; unknown ids are left out."""
        with self._reading() as c:
            return load(c, ids)

    def queue_issues(self, issues: Sequence[IssueToQueue]) -> Sequence[QueueingOutcome]:
        """Write each issue, the articles it lists and its message; all in one transaction.

        That transaction also checks the basis of each: an issue whose slot was issued before, or
        which does not build on the recipient's newest issue, is not written, and has that outcome.
        """
        with self._transaction("queue_issue") as c:
            _lock(c)
            return [_queue(c, issue) for issue in issues]

    def lock_issues(self) -> None:
        """Let no other process queue until the transaction that ``together`` opened is over: what
        is read from here on is what ``queue_issues`` will find."""
        with self._transaction() as c:
            _lock(c)


def _listed(recipe: str, address: str) -> sa.Select[Any]:
    i, listed = t.issues.c, t.issue_articles.c
    return (
        sa.select(listed.article_id)
        .join(t.issues, i.id == listed.issue_id)
        .where(i.recipe == recipe, i.address == address)
    )


def _lock(c: Connection) -> None:
    """One process queues at a time. SQLite's transactions are alone by themselves."""
    if c.dialect.name == "postgresql":
        c.execute(sa.text("LOCK TABLE issues IN SHARE ROW EXCLUSIVE MODE"))


def _queue(c: Connection, issue: IssueToQueue) -> QueueingOutcome:
    i = t.issues.c
    own = sa.and_(i.recipe == issue.recipe, i.address == issue.address)
    if c.execute(sa.select(i.id).where(own, i.slot == issue.slot)).first() is not None:
        return "issued"
    if c.execute(sa.select(sa.func.max(i.id)).where(own)).scalar() != issue.previous_id:
        return "outdated"
    names = ("recipe", "address", "slot", "until", "newest_doubtful_id")
    row = {name: getattr(issue, name) for name in names}
    issue_id = c.execute(sa.insert(t.issues).values(row).returning(i.id)).scalar_one()
    ids = dict.fromkeys(issue.article_ids)
    if listed := [{"issue_id": issue_id, "article_id": number} for number in ids]:
        c.execute(sa.insert(t.issue_articles), listed)
    if issue.message is not None:
        new = row_of(issue.message) | {"state": "queued", "attempts": 0, "detail": ""}
        new["next_try_at"] = issue.message.created_at
        c.execute(sa.insert(t.outbox).values(new))
    return "queued"
