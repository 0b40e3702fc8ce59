"""Polls that another process asks the daemon for: a row each, and the answer in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import PollRequest
from storage import tables as t
from storage.engine import read_connection, write_connection

FORGOTTEN_AFTER = timedelta(hours=1)  # who asked does not wait any more


class SqlPollRequests:
    """Requests and their answers. The asking process adds, looks and withdraws; the daemon takes
    and answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, sources: Sequence[str], now: datetime) -> int:
        """Ask for a poll of these sources, all if none is named; the request's id."""
        values = {"sources": list(sources), "asked_at": now, "answer": {}}
        with write_connection(self._engine) as c:
            row = c.execute(sa.insert(t.poll_requests).values(values)).inserted_primary_key
        assert row is not None
        return int(row[0])

    def look(self, request_id: int) -> PollRequest | None:
        """The request as it is now; None if it is gone."""
        which = t.poll_requests.c.id == request_id
        with read_connection(self._engine) as c:
            row = c.execute(sa.select(t.poll_requests).where(which)).mappings().first()
        return None if row is None else _request(row)

    def withdraw(self, request_id: int) -> None:
        """Delete a request, answered or not."""
        with write_connection(self._engine) as c:
            c.execute(sa.delete(t.poll_requests).where(t.poll_requests.c.id == request_id))

    def are_there(self) -> bool:
        """Whether some request waits to be taken."""
        statement = sa.select(t.poll_requests.c.id).where(t.poll_requests.c.taken_at.is_(None))
        with read_connection(self._engine) as c:
            return c.execute(statement.limit(1)).scalar() is not None

    def take(self, now: datetime) -> Sequence[PollRequest]:
        """The requests that are not taken yet, the oldest first; they are taken now. Those that are
        an hour old are deleted, taken or not."""
        r = t.poll_requests
        with write_connection(self._engine) as c:
            c.execute(sa.delete(r).where(r.c.asked_at < now - FORGOTTEN_AFTER))
            waiting = sa.select(r).where(r.c.taken_at.is_(None)).order_by(r.c.id)
            found = [_request(row) for row in c.execute(waiting).mappings()]
            if ids := [one.id for one in found]:
                c.execute(sa.update(r).where(r.c.id.in_(ids)).values(taken_at=now))
        return found

    def give_back(self) -> None:
        """Have requests that a process took, and did not live to answer, taken again."""
        r = t.poll_requests
        with write_connection(self._engine) as c:
            c.execute(sa.update(r).where(r.c.answered_at.is_(None)).values(taken_at=None))

    def answer(self, request_id: int, answer: Mapping[str, Any], now: datetime) -> None:
        """Write the answer; if who asked has withdrawn the request, nothing."""
        which = t.poll_requests.c.id == request_id
        values = {"answer": dict(answer), "answered_at": now}
        with write_connection(self._engine) as c:
            c.execute(sa.update(t.poll_requests).where(which).values(values))


def _request(row: sa.RowMapping) -> PollRequest:
    return PollRequest(**{**row, "sources": tuple(row["sources"])})
