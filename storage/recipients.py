"""Erasing a recipient: all that the archive holds of an address."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler.model import ErasedRecipient
from storage import tables as t
from storage.engine import write_connection


class SqlRecipients:
    """Who gets mail, as data about persons."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def erase(self, addresses: Collection[str]) -> ErasedRecipient:
        """Delete every row that names one of these forms of an address, in one transaction:
        subscriptions, issues with what they showed, and mails, whatever their state.

        Capitals of a mail address make no difference, those of a path do. A mail that another
        process is just delivering arrives, and leaves no row. SQLite overwrites what is deleted,
        and its log is emptied as far as no other process reads it.
        """
        with write_connection(self._engine) as c:
            if c.dialect.name == "sqlite":
                c.exec_driver_sql("PRAGMA secure_delete = ON")
            issues = sa.select(t.issues.c.id).where(_is_one_of(t.issues.c.address, addresses))
            listed = t.issue_articles.c.issue_id.in_(issues)
            c.execute(sa.delete(t.issue_articles).where(listed))
            erased = ErasedRecipient(
                subscriptions=_delete_of(t.subscriptions.c.address, addresses, c),
                issues=_delete_of(t.issues.c.address, addresses, c),
                mails=_delete_of(t.outbox.c.recipient, addresses, c),
            )
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as c:
                raw: Any = c.connection.dbapi_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased


def _delete_of(column: sa.Column[Any], addresses: Collection[str], c: Connection) -> int:
    rows = sa.delete(column.table).where(_is_one_of(column, addresses))
    return int(c.execute(rows).rowcount)


def _is_one_of(column: sa.Column[Any], addresses: Collection[str]) -> sa.ColumnElement[bool]:
    mailboxes = [address.lower() for address in addresses if "@" in address]
    return sa.or_(column.in_(list(addresses)), sa.func.lower(column).in_(mailboxes))
