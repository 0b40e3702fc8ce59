"""The archive's place fails under a daemon that runs: what it says, asks and writes then."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import lock
from storage.archive import open_archive
from storage.engine import read_connection
from tests.acceptance.test_river import RASD, rasd
from tests.integration.test_ways import MINUTES, desk
from tests.site.wire import Wire

HOSTS = tuple(f"paper{n}.test" for n in range(6))
EVERY = '{url: "BASE/feed", every: 1h}'
MORE = "[reading]\nworkers = 1\n"
WAIT_SECONDS = 240.0  # for what a process does, on a machine that others use
CANT = "the archive can't be used "
AGAIN = "the archive can be used again"


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Six papers, each on an address of its own, with two items each."""
    with Wire(HOSTS, addresses=len(HOSTS)) as papers:
        for paper in papers.papers.values():
            paper.publish(2, datetime.now(UTC) - 2 * MINUTES, MINUTES)
        yield papers


@dataclass
class Running:
    """``rasd run`` under way, its log read by a thread."""

    process: subprocess.Popen[str]
    config: Path
    wire: Wire
    lines: list[str] = field(default_factory=list)

    def said(self) -> str:
        """Its log so far."""
        return "".join(self.lines)

    def listen(self) -> None:
        """Read its log, until it ends."""
        assert self.process.stderr is not None
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait for something; fail with the log if it doesn't come, or if the process ends."""
        ends_at = time.monotonic() + WAIT_SECONDS
        while not holds():
            assert time.monotonic() < ends_at, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until this stands in the log so often."""
        self.wait_until(lambda: self.said().count(text) >= times)

    def asked(self) -> int:
        """How often a feed was requested."""
        return sum(path == "/feed" for _, path, _ in self.wire.log)

    def stop(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS)

    def end(self) -> int:
        """Its exit code, of its own accord."""
        return self.process.wait(WAIT_SECONDS)


@contextmanager
def running(
    config: Path,
    wire: Wire,
    *,
    command: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """``rasd run``, or another command that does it, killed at the end if it still runs."""
    whole = command or [*RASD, "--config", str(config), "run"]
    environment = dict(os.environ | (env or {}))
    with subprocess.Popen(whole, stderr=subprocess.PIPE, text=True, env=environment) as process:
        daemon = Running(process, config, wire)
        listener = threading.Thread(target=daemon.listen)
        listener.start()
        try:
            yield daemon
        finally:
            process.kill()
            listener.join()


def install(folder: Path, wire: Wire, *, tick_seconds: float = 0.5) -> Path:
    """A desk for the papers, with short ticks."""
    config = desk(folder, wire, EVERY, more=MORE)
    text = config.read_text(encoding="utf-8")
    config.write_text(f"tick_seconds = {tick_seconds}\n{text}", encoding="utf-8")
    return config


def archive(config: Path) -> Path:
    """The archive's file."""
    return config.parent / "var" / "rasd.sqlite"


def make_due(path: Path, at: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> None:
    """Have every feed that was polled be due at this time, which is long ago by default."""
    with closing(sqlite3.connect(path, timeout=60)) as c:
        c.execute("UPDATE feeds SET next_poll_at = ?", (f"{at:%Y-%m-%d %H:%M:%S.%f}",))
        c.commit()


def delete(path: Path) -> None:
    """The archive, its log and its index."""
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def delete_folder(path: Path) -> None:
    """All that is there, the lock too."""
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("break_it", [delete, delete_folder])
def test_an_archive_that_is_gone_is_said_once_and_no_feed_is_asked(
    break_it: Callable[[Path], None], wire: Wire, tmp_path: Path
) -> None:
    """An open file stays usable after it was deleted: what is written to it is lost, silently. One
    line says it, nothing is polled, no new archive is made, and the exit code tells at the end."""
    config = install(tmp_path, wire)
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        assert "state='new archive'" in daemon.said()
        make_due(archive(config))
        break_it(archive(config))
        daemon.wait_for(CANT)
        asked, begun = daemon.asked(), time.monotonic()
        daemon.wait_until(lambda: time.monotonic() > begun + 6)  # more than the first retry
        assert daemon.asked() == asked
        for verb in ("status", "findings"):
            assert "(deleted): since 20" in rasd(config, verb, code=74)
        assert daemon.stop() == 74
    said = daemon.said()
    assert said.count(CANT) == 1 and "Traceback" not in said
    assert not archive(config).exists()
    assert "no archive yet" in rasd(config, "status", code=78)


def test_a_log_that_is_lost_costs_nothing(wire: Wire, tmp_path: Path) -> None:
    """The rows of the last rounds are in the write-ahead log; once it is deleted, they are folded
    into the file by the connections that still have it."""
    config = install(tmp_path, wire)
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        daemon.wait_until(lambda: _articles(config) == 2 * len(HOSTS))
        make_due(archive(config))
        daemon.wait_for("polled source=paper", 2 * len(HOSTS))
        Path(f"{archive(config)}-wal").unlink()
        daemon.wait_for(AGAIN)
        assert _articles(config) == 2 * len(HOSTS)
        assert daemon.stop() == 0
    assert daemon.said().count(CANT) == 1 and "Traceback" not in daemon.said()


def test_a_plain_copy_after_quiet_rounds_is_the_archive(wire: Wire, tmp_path: Path) -> None:
    """Whoever copies the one file, without its log, has everything that was kept: the log is folded
    into it once nothing was in hand for some ticks."""
    config = install(tmp_path, wire)
    (alone := tmp_path / "copy").mkdir()
    counts: dict[str, int] = {}
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        copy = alone / "rasd.sqlite"
        daemon.wait_until(lambda: counts.update(_copied(archive(config), copy)) or bool(counts))
        assert daemon.stop() == 0
    assert counts["articles"] >= 2 * len(HOSTS) and counts["articles"] == counts["article_text"]
    with closing(sqlite3.connect(copy)) as c:
        assert _counts(c) == counts
        assert c.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_another_file_in_the_archives_place_is_not_written(wire: Wire, tmp_path: Path) -> None:
    """The watch ends by itself, so that the next one begins with what is there; before, it died by
    SIGBUS or wrote its rows into a stranger's file."""
    config = install(tmp_path, wire)
    stranger = tmp_path / "stranger"
    with closing(sqlite3.connect(stranger)) as c:
        c.execute("CREATE TABLE notes (text)")
    before = stranger.read_bytes()
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        stranger.rename(archive(config))
        assert daemon.end() == 74
    assert archive(config).read_bytes() == before
    assert daemon.said().count(CANT) == 1 and "Traceback" not in daemon.said()


def cut_in_half(path: Path) -> None:
    """The rest of the file is gone, as after a copy that broke off."""
    os.truncate(path, path.stat().st_size // 2)


def cut_at_its_end(path: Path) -> None:
    """Its last pages are gone, which no tick reads."""
    os.truncate(path, path.stat().st_size - 8 * 4_096)


def cut_to_a_page(path: Path) -> None:
    """Only its first page is left."""
    os.truncate(path, 4_096)


def written_over(path: Path) -> None:
    """A smaller database copied over it, the file being the same."""
    other = path.parent / "other"
    with closing(sqlite3.connect(other)) as c:
        c.execute("CREATE TABLE notes (text)")
    shutil.copyfile(other, path)


def written_over_by_more(path: Path) -> None:
    """A larger one."""
    other = path.parent / "other"
    with closing(sqlite3.connect(other)) as c:
        c.execute("CREATE TABLE notes (text)")
        c.execute("INSERT INTO notes VALUES (zeroblob(?))", (2 * path.stat().st_size,))
        c.commit()
    shutil.copyfile(other, path)


@pytest.mark.parametrize(
    "damage", [cut_at_its_end, cut_in_half, cut_to_a_page, written_over, written_over_by_more]
)
def test_a_damaged_file_is_noticed_at_once_and_not_written(
    damage: Callable[[Path], None], wire: Wire, tmp_path: Path
) -> None:
    """SQLite goes on with what it has in memory; the next daily look would have found it. One line
    says it, ``status`` and the exit code too; nothing is written, also after the waits."""
    config = install(tmp_path, wire)
    wal = Path(f"{archive(config)}-wal")
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        begun = time.monotonic()
        daemon.wait_until(lambda: time.monotonic() > begun + 8)  # the look at the start is over
        daemon.wait_until(lambda: not wal.stat().st_size)
        damage(archive(config))
        left = archive(config).read_bytes()
        asked, begun = daemon.asked(), time.monotonic()
        daemon.wait_for(f"{CANT}trouble=damaged")
        daemon.wait_until(lambda: time.monotonic() > begun + 16)  # more than two retries
        assert daemon.asked() == asked
        assert archive(config).read_bytes() == left
        assert "damaged" in rasd(config, "status", code=74)
        left = archive(config).read_bytes()  # opening another's database makes its log's mode ours
        assert daemon.stop() == 74
    assert archive(config).read_bytes() == left
    said = daemon.said()
    assert said.count(CANT) == 1 and AGAIN not in said and "Traceback" not in said


def test_a_file_that_grows_or_is_packed_is_not_damaged(tmp_path: Path) -> None:
    """Its size changes while others work on it, too: their log is folded in, a VACUUM ends it."""
    path = tmp_path / "rasd.sqlite"
    engine = open_archive(f"sqlite:///{path}").engine
    fold, sizes = "PRAGMA wal_checkpoint(TRUNCATE)", set[int]()
    with closing(sqlite3.connect(path)) as other:
        for statement in (
            "CREATE TABLE notes (text)",
            "INSERT INTO notes VALUES (zeroblob(1000000))",
            "DELETE FROM notes",
            "VACUUM",
            "INSERT INTO notes VALUES (zeroblob(500000))",
        ):
            other.execute(statement)
            other.commit()
            for _ in range(2):
                with read_connection(engine) as c:
                    assert c.exec_driver_sql("SELECT count(*) FROM articles").scalar() == 0
                other.execute(fold).fetchall()
                sizes.add(path.stat().st_size)
    engine.dispose()
    assert len(sizes) >= 3


def test_a_full_disk_is_said_once_and_over_once(wire: Wire, tmp_path: Path) -> None:
    """The file may not grow: no feed is asked at every tick, and once there is room all is read."""
    config = install(tmp_path, wire)
    with running(config, wire) as daemon:
        daemon.wait_for("polled source=paper", len(HOSTS))
        for paper in wire.papers.values():
            paper.publish(3, datetime.now(UTC), MINUTES / 100)
        _limit_files(daemon.process.pid, lock.NOTE_BYTES)
        make_due(archive(config))
        daemon.wait_for(CANT)
        asked, begun = daemon.asked(), time.monotonic()
        daemon.wait_until(lambda: time.monotonic() > begun + 6)
        assert daemon.asked() <= asked + len(HOSTS)
        assert "the archive can't be used: " in rasd(config, "status", code=74)
        _limit_files(daemon.process.pid, None)
        daemon.wait_for(AGAIN)
        daemon.wait_until(lambda: len(set(wire.pages())) == 5 * len(HOSTS))
        daemon.wait_until(lambda: _articles(config) == 5 * len(HOSTS))
        assert daemon.stop() == 0
    said = daemon.said()
    assert said.count(CANT) == 1 and said.count(AGAIN) == 1
    assert "Traceback" not in said
    assert len(re.findall(r"\[error", said)) == 1


def _limit_files(pid: int, size: int | None) -> None:
    """Let the files of a process grow to this size at most; None: without limit."""
    limit = "unlimited" if size is None else str(size)
    subprocess.run(["prlimit", "--pid", str(pid), f"--fsize={limit}:unlimited"], check=True)


def _articles(config: Path) -> int:
    with closing(sqlite3.connect(archive(config), timeout=60)) as c:
        return int(
            c.execute("SELECT count(*) FROM articles WHERE source <> 'canary'").fetchone()[0]
        )


def _copied(path: Path, to: Path) -> dict[str, int]:
    """Copy the file if its log is empty; the rows of each table then, else nothing. While they are
    counted nothing can be folded in."""
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as c:
        c.execute("BEGIN")
        counts = _counts(c)
        if Path(f"{path}-wal").stat().st_size:
            return {}
        shutil.copyfile(path, to)
        return counts


def _counts(c: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, but for the index's own."""
    found = c.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [name for (name,) in found if not name.startswith(("sqlite_", "article_text_"))]
    return {n: c.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}
