"""``rasd status`` of real archives: what a monitor hears, whatever state they are in."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from crawler.cli.health import status as verb
from crawler.cli.main import commands
from crawler.daemon.loop import Daemon
from crawler.model import DaemonRun
from crawler.monitoring import canary
from storage import lock, migrations
from storage.archive import SqlArchive, open_archive
from storage.daemon_runs import KEPT_RUNS, SqlDaemonRuns
from storage.engine import connect
from storage.summary import SqlSummary
from tests import engine, forks
from tests.builders import NOW
from tests.docs_reference import REFERENCE
from tests.integration.test_outbox import Desk, keep
from tests.integration.test_service import config  # noqa: F401  a fixture
from tests.unit.monitoring.test_liveness import a_run

HOUR = timedelta(hours=1)


def checked(config: Path, *words: str) -> tuple[int, str]:  # noqa: F811
    """``rasd status --check``: its exit code and its line."""
    ran = CliRunner().invoke(commands, ["--config", str(config), "status", "--check", *words])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, ran.stdout


def file_of(config: Path) -> Path:  # noqa: F811
    """The archive's file."""
    return config.parent / "rasd.sqlite"


def _is_open(run: DaemonRun) -> bool:
    return run.pid == os.getpid() and run.ended_at is None


@contextmanager
def at_work(config: Path) -> Iterator[Daemon]:  # noqa: F811
    """A daemon in this process that has ticked, and runs until it is left."""
    with engine.running(config) as daemon:
        daemon.app.reader = engine.shared_pool(daemon.app)
        stop = asyncio.Event()

        async def begun() -> asyncio.Task[int]:
            running = asyncio.create_task(daemon.run(stop))
            while not any(_is_open(run) for run in daemon.app.daemon_runs.latest(1)):
                await asyncio.sleep(0.02)
            return running

        running = engine.run(begun())
        try:
            yield daemon
        finally:
            stop.set()
            engine.run(asyncio.wait_for(running, 60))
            engine.run(daemon.app.writer.drain())


def test_without_an_archive_it_is_broken_and_none_is_made(config: Path) -> None:  # noqa: F811
    """A monitor is set up first, or the archive's disk is not mounted."""
    before = sorted(config.parent.iterdir())
    assert checked(config) == (
        2, f"RASD CRITICAL - sqlite:///{file_of(config)}: no archive yet; rasd run or rasd poll makes it\n"
    )  # fmt: skip
    assert sorted(config.parent.iterdir()) == before


@pytest.mark.parametrize("version", ["0027", "9999"])
def test_an_archive_of_another_version_is_broken_and_stays_as_it_is(
    version: str,
    config: Path,  # noqa: F811
) -> None:
    """An upgrade is the daemon's work: a monitor that did it would take it from one at work."""
    open_archive(f"sqlite:///{file_of(config)}").close()
    with closing(sqlite3.connect(file_of(config))) as c:
        c.execute("UPDATE alembic_version SET version_num = ?", (version,))
        c.commit()
    code, line = checked(config)
    assert code == 2 and f"of version {version}, this rasd has {migrations.newest()}" in line
    assert line.count("\n") == 1
    with closing(sqlite3.connect(file_of(config))) as c:
        assert c.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)


def test_what_cannot_be_read_is_broken_in_one_line(
    config: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file of something else, one that another process keeps to itself, a folder that is none, a
    server that is away, a configuration with a slip, a fault of rasd."""
    file = file_of(config)
    file.write_bytes(b"GIF89a" * 500)
    assert "not a database" in checked(config)[1] and checked(config)[0] == 2
    file.unlink()
    open_archive(f"sqlite:///{file}").close()
    monkeypatch.setattr("storage.opening.LOOK_SECONDS", 0)
    with closing(sqlite3.connect(file)) as c:
        c.execute("PRAGMA locking_mode = EXCLUSIVE")
        c.execute("BEGIN EXCLUSIVE")
        code, line = checked(config)
        assert code == 2 and "database is locked" in line
    for name, value, said in (
        ("RASD_ARCHIVE", f"sqlite:///{file}/x.sqlite", "no archive yet"),
        ("RASD_ARCHIVE", "postgresql://u:hunter22@127.0.0.1:1/rasd", "127.0.0.1"),
        ("RASD_TICK_SECONDS", "soon", "tick_seconds"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            code, line = checked(config)
            assert code == 2 and said in line and line.count("\n") == 1
            assert line.startswith("RASD CRITICAL - ") and "hunter22" not in line
    with monkeypatch.context() as patch:
        patch.setattr(verb, "_judged", lambda *of: 1 / 0)
        assert checked(config) == (2, "RASD CRITICAL - ZeroDivisionError: division by zero\n")


def test_a_usage_error_is_no_ok(config: Path) -> None:  # noqa: F811
    """A slip in the monitor's own configuration must not look like a watch that is well."""
    assert checked(config, "--ignore")[0] == 2
    assert CliRunner().invoke(commands, ["status", "--chek"]).exit_code == 2


def test_broken_seeds_are_a_warning_and_the_rest_is_judged(config: Path) -> None:  # noqa: F811
    """Also on an archive that never had good ones, and with a subscriber of a digest that is in
    none."""
    open_archive(f"sqlite:///{file_of(config)}").close()
    source = config.parent / "seeds/sources/zz/nowhere.yml"
    source.write_text(source.read_text() + "colour: red\n")
    with config.open("a") as file:
        file.write('\n[[subscribers]]\ndigest = "daily"\naddress = "/box"\n')
    code, line = checked(config)
    assert code == 2 and line.count("\n") == 1
    assert "no daemon has ever been at work" in line
    assert "seeds are broken: sources/zz/nowhere.yml:8: unknown key 'colour'" in line


def test_a_daemon_is_alive_from_its_first_tick_to_its_stop(config: Path) -> None:  # noqa: F811
    """With process and start, over a restart too; the canary is neither a source nor a count."""
    with at_work(config) as daemon:
        assert lock.holder_of(daemon.app.config.archive) == (os.getpid(), socket.gethostname())
        code, line = checked(config)
        assert (code, line[:19]) == (0, "RASD OK - at work s"), line
        daemon.app.coverage.update_findings({""}, [_warning()], NOW)
        assert checked(config)[0] == 1
        first = json.loads(checked(config, "--json")[1])
        assert first["daemon"]["state"] == "running" and first["daemon"]["previous"] is None
        assert [row["source"] for row in first["sources"]] == ["nowhere"]
    code, line = checked(config)
    assert code == 2 and "no daemon is at work: it was stopped at" in line
    with at_work(config):
        second = json.loads(checked(config, "--json")[1])["daemon"]
        assert second["state"] == "running" and second["previous"]["state"] == "stopped"
        assert second["previous"]["started_at"] == first["daemon"]["started_at"]
        assert second["started_at"] >= second["previous"]["ended_at"]


def _warning() -> Any:
    from tests.unit.monitoring.test_severity import a_finding

    return a_finding("backup")


def test_the_canary_is_no_source(
    config: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither listed nor counted, and none that could be polled, shown or probed."""
    with at_work(config):
        pass
    assert re.search(r"\bsources=\W*1\b", capsys.readouterr().out)  # the line of its start
    before = ["--config", str(config)]
    listed = CliRunner().invoke(commands, [*before, "sources", "list", "--json"]).stdout
    assert [row["source"] for row in json.loads(listed)] == ["nowhere"]
    for words in (["sources", "show"], ["sources", "probe"], ["poll"]):
        ran = forks.run([*before, *words, canary.SLUG], cwd=config.parent)
        assert ran.returncode in (1, 2) and "no source 'canary'" in ran.stderr, words


def test_a_daemon_that_was_killed_has_vanished(config: Path) -> None:  # noqa: F811
    """Its lock is free and its row open; the next one says how it ended."""
    command = forks.begin(["--config", str(config), "run"], cwd=config.parent)
    try:
        while checked(config)[0] != 0:
            assert command.code is None, command.said("err")
        os.kill(command.pid, signal.SIGKILL)
        assert command.wait(60) == -signal.SIGKILL
    finally:
        command.kill()
    code, line = checked(config)
    assert code == 2 and "no daemon is at work: it vanished after" in line
    with at_work(config):
        report = json.loads(checked(config, "--json")[1])["daemon"]
        assert report["previous"]["state"] == "vanished"
        assert report["previous"]["pid"] == command.pid


def test_the_archive_says_who_is_at_work(archive: SqlArchive, archive_url: str) -> None:
    """On both databases: the lock's holder, or none."""
    assert lock.holder_of(archive_url) is None
    held = lock.hold(archive_url, pid=4711, host="press1.example")
    assert lock.holder_of(archive_url) == (4711, "press1.example")
    held.release()
    assert lock.holder_of(archive_url) is None


def test_a_look_at_the_lock_keeps_no_daemon_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A monitor that asks at that very moment has the lock itself, for as long as it reads."""
    import fcntl

    url = f"sqlite:///{tmp_path}/rasd.sqlite"
    lock.hold(url, pid=1, host="a").release()
    looking = os.open(tmp_path / "rasd.sqlite.lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(lock, "sleep", lambda seconds: fcntl.flock(looking, fcntl.LOCK_UN))
    held = lock.hold(url, pid=2, host="b")
    os.close(looking)
    assert lock.holder_of(url) == (2, "b")
    held.release()


def test_runs_are_written_read_and_forgotten(archive: SqlArchive) -> None:
    """The newest first; a service that is restarted all day leaves a hundred."""
    runs = SqlDaemonRuns(archive.engine)
    assert list(runs.latest()) == []
    first = runs.begin(a_run())
    second = runs.begin(a_run(pid=8))
    runs.tick(second, NOW - HOUR, NOW)
    runs.end(first, NOW, 74)
    found = runs.latest()
    assert [(run.id, run.pid, run.exit_code) for run in found] == [
        (second, 8, None),
        (first, 7, 74),
    ]
    assert (found[0].started_at, found[0].ticked_at) == (NOW - HOUR, NOW)
    for _ in range(KEPT_RUNS):
        runs.begin(a_run())
    assert len(runs.latest(1_000)) == KEPT_RUNS


def test_what_was_kept_and_sent_lately_is_counted_without_the_canary(archive: SqlArchive) -> None:
    """On both databases; an archive without anything has zeros and no dates."""
    summary = SqlSummary(archive.engine, without=canary.SLUG)
    assert summary.kept_since(NOW) == (0, 0)
    assert summary.last_poll_at() is None and summary.last_issue("daily") is None
    assert summary.size() > 100_000
    keep(archive, "old", NOW - 30 * HOUR)
    keep(archive, "new", NOW - HOUR)
    with archive.engine.begin() as c:
        c.execute(sa.text("UPDATE articles SET source = 'canary' WHERE headline = 'Headline old'"))
    assert summary.kept_since(NOW - 24 * HOUR) == (1, 1)
    assert summary.kept_since(NOW - 48 * HOUR) == (1, 1)
    counts = archive.counts(without=canary.SLUG)
    assert (counts["articles"], counts["flagged"]) == (1, 1)
    assert archive.counts()["articles"] == 2


def test_the_last_digest_is_counted_over_its_recipients(archive: SqlArchive) -> None:
    """How many have a mail, and how many of these were sent."""
    desk = Desk(archive)
    keep(archive, "a", desk.now - HOUR)
    summary = SqlSummary(archive.engine, without=canary.SLUG)
    for address in ("a@x.test", "b@x.test"):
        archive.subscribe("daily", "smtp", address, NOW)
    recipients = desk.outbox.recipients("daily")
    asyncio.run(_queue(desk, recipients))
    last = summary.last_issue("daily")
    assert last is not None
    assert (last.recipients, last.mailed, last.sent, last.sent_at) == (2, 2, 0, None)
    with archive.engine.begin() as c:
        c.execute(
            sa.text(
                "UPDATE outbox SET state = 'sent', closed_at = created_at WHERE recipient = :r"
            ),
            {"r": "a@x.test"},
        )
    last = summary.last_issue("daily")
    assert last is not None and (last.mailed, last.sent) == (2, 1) and last.sent_at is not None


async def _queue(desk: Desk, recipients: Any) -> None:
    await desk.outbox.queue(desk.recipe, recipients, "2026-11-23", desk.now)


def test_a_wait_for_a_held_archive_can_be_short(tmp_path: Path) -> None:
    """A monitor gives up after ten seconds; a write of the daemon's waits for thirty."""
    url = f"sqlite:///{tmp_path}/x.sqlite"
    for given, expected in (({}, 30_000), ({"busy_seconds": 5}, 5_000)):
        with closing_engine(url, **given) as e, e.connect() as c:
            assert c.exec_driver_sql("PRAGMA busy_timeout").scalar() == expected


@contextmanager
def closing_engine(url: str, **more: int) -> Iterator[sa.Engine]:
    """An engine, disposed at the end."""
    made = connect(url, **more)
    try:
        yield made
    finally:
        made.dispose()


def paths(row: Any, before: str = "") -> set[str]:
    """The keys of a document: ``daemon.state``, ``sources[].source``; slugs are ``*``."""
    if isinstance(row, list):
        return {p for one in row for p in paths(one, f"{before}[]")}
    if not isinstance(row, dict):
        return {before}
    found = set()
    for key, value in row.items():
        name = "*" if before in ("digests", "canary") else key
        found |= paths(value, f"{before}.{name}".removeprefix("."))
    return found


def test_every_key_of_the_json_is_described(config: Path) -> None:  # noqa: F811
    """In the reference, and none that is not there."""
    page = (REFERENCE / "status.md").read_text(encoding="utf-8")
    described = set(
        re.findall(r"`\.([a-z0-9_.\[\]*]+)`", " ".join(re.findall(r"^\| (`[^|]*) \|", page, re.M)))
    )
    with at_work(config) as daemon:
        daemon.app.coverage.update_findings({""}, [_warning()], NOW)
        report = json.loads(checked(config, "--json")[1])
    found = {re.sub(r"\[\]$", "", path) for path in paths(report)}
    assert found <= described
    tops = {path.split(".")[0].split("[")[0] for path in described}
    assert tops == set(report)
