"""The lives of daemons: who began when, ticked last, and ended how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import DaemonRun
from storage import tables as t
from storage.engine import read_connection, write_connection
from storage.rows import row_of

KEPT_RUNS = 100  # a service that is restarted every ten seconds must not fill the archive


class SqlDaemonRuns:
    """At most KEPT_RUNS runs, one of them that of the daemon at work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, run: DaemonRun) -> int:
        """Write that a daemon has begun, and delete all but the newest runs; returns its id."""
        r = t.daemon_runs.c
        values = row_of(run)
        del values["id"]
        with write_connection(self._engine) as c:
            new = c.execute(sa.insert(t.daemon_runs).values(values).returning(r.id)).scalar_one()
            kept = sa.select(r.id).order_by(r.id.desc()).limit(KEPT_RUNS)
            c.execute(sa.delete(t.daemon_runs).where(r.id.not_in(kept)))
        return int(new)

    def tick(self, run_id: int, started_at: datetime, now: datetime) -> None:
        """Write that this daemon ticked now; ``started_at`` by the clock as it is set now."""
        self._write(run_id, started_at=started_at, ticked_at=now)

    def end(self, run_id: int, now: datetime, exit_code: int) -> None:
        """Write that this daemon ends, and with which code."""
        self._write(run_id, ended_at=now, exit_code=exit_code)

    def latest(self, most: int = 2) -> Sequence[DaemonRun]:
        """The newest runs, the newest first."""
        query = sa.select(t.daemon_runs).order_by(t.daemon_runs.c.id.desc()).limit(most)
        with read_connection(self._engine) as c:
            return [DaemonRun(**row) for row in c.execute(query).mappings()]

    def _write(self, run_id: int, **values: object) -> None:
        update = sa.update(t.daemon_runs).where(t.daemon_runs.c.id == run_id)
        with write_connection(self._engine) as c:
            c.execute(update.values(values))
