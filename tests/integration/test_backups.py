"""Backups: made while the archive is in use, proved, refused if a byte differs, and restored."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog.testing

from crawler.config import load
from crawler.daemon import backups
from crawler.daemon.loop import Daemon
from crawler.errors import BackupError, BackupRefusedError, NoArchiveError
from crawler.model import Backup, Delivery
from storage import tables as t
from storage.archive import open_archive
from storage.backups import folders, making, manifest, proving, restoring
from storage.backups.history import SqlBackups
from storage.backups.proving import COPY, MANIFEST
from storage.engine import connect
from storage.mail_hold import DROPPED, SqlMailHold
from tests import archives, engine
from tests.acceptance.test_river import RASD, printed, rasd
from tests.site import desk, press
from tests.site.server import Newspaper

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE_SECONDS = 120.0  # with processes, on a machine that others use
Tables = dict[str, list[Any]]


def make(url: str, place: Path, *, keep: int = 7, now: datetime = NOW) -> Path:
    """A backup; its folder."""
    return Path(making.make(url, place, keep=keep, rasd="0.1.0", now=now).backup.folder)


def held(url: str) -> Tables:
    """All rows of an archive, and of its full-text index; without what a restore adds."""
    opened = connect(url)
    with opened.connect() as c:
        found = {
            table.name: sorted(map(repr, c.execute(sa.select(table))))
            for table in (*t.metadata.sorted_tables, sa.table("article_text", sa.column("rowid")))
            if table is not t.mail_holds
        }
    opened.dispose()
    return found


@pytest.fixture
def url(archive_url: str) -> str:
    """An archive with rows in every table that a watch fills, on each database."""
    archives.restore("0020", archive_url)
    open_archive(archive_url).close()
    return archive_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The same in an SQLite file."""
    place = f"sqlite:///{tmp_path}/archive.sqlite"
    archives.restore("0020", place)
    open_archive(place).close()
    return place


@pytest.fixture(params=["sqlite", "postgres"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/other/restored.sqlite"
        return
    server = sa.make_url(request.getfixturevalue("postgres"))
    name = f"r{uuid.uuid4().hex}"
    admin = sa.create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as c:
        c.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as c:
        c.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


# ── made and restored ─────────────────────────────────────────────────────────────────────────


def test_what_is_restored_equals_what_was_backed_up(
    url: str, other_url: str, tmp_path: Path
) -> None:
    """Every row of every table, from each database into each; new rows get ids of their own."""
    folder = make(url, tmp_path / "backups")
    if other_url.startswith("sqlite"):
        (tmp_path / "other").mkdir()
    done = restoring.restore(folder, other_url, replace=False, now=NOW)
    assert held(other_url) == held(url)
    assert done.manifest.rows["articles"] > 0 and done.manifest.rows["article_text"] > 0
    with closing(open_archive(other_url)) as opened:
        before = {s.address for s in opened.subscriptions()}
        opened.subscribe("daily", "email", "new@example.org", NOW)
        assert {s.address for s in opened.subscriptions()} - before == {"new@example.org"}


def test_a_backup_is_two_private_files_that_need_no_other(sqlite_url: str, tmp_path: Path) -> None:
    """No log beside it; readable by its owner alone, for it holds addresses."""
    folder = make(sqlite_url, tmp_path / "backups")
    assert sorted(entry.name for entry in folder.iterdir()) == [COPY, MANIFEST]
    assert folder.name == "rasd-20261124T120000Z"
    modes = {path: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {folder: 0o700, folder / COPY: 0o600, folder / MANIFEST: 0o600}
    said = proving.manifest_of(folder)
    assert said.sha256 == sha256((folder / COPY).read_bytes()).hexdigest()
    with closing(sqlite3.connect(folder / COPY)) as c:
        assert c.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_is_one_moment_of_an_archive_that_is_written(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Two rows of each transaction or none, however fast others write; and no writer waits."""
    database = sa.make_url(sqlite_url).database
    stop, waits = threading.Event(), []

    def write() -> None:
        with closing(sqlite3.connect(str(database), isolation_level=None)) as c:
            while not stop.is_set():
                begun = time.monotonic()
                c.execute("BEGIN IMMEDIATE")
                for table in ("parameters", "hosts"):
                    row = (uuid.uuid4().hex, "x", NOW.isoformat(" ")[:19])
                    order = row if table == "parameters" else (row[0], row[2], "x")
                    c.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", order)
                c.execute("COMMIT")
                waits.append(time.monotonic() - begun)

    before = {name: len(rows) for name, rows in held(sqlite_url).items()}
    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make(sqlite_url, tmp_path / "b", now=NOW + n * DAY) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    seen = []
    for folder in made:
        rows = proving.manifest_of(folder).rows
        added = {name: rows[name] - before[name] for name in ("parameters", "hosts")}
        assert added["parameters"] == added["hosts"]
        seen.append(added["hosts"])
    assert seen == sorted(seen) and 0 < seen[-1] < len(waits), "nothing was written meanwhile"


def test_a_backup_during_a_poll_holds_what_was_committed(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """Real processes: while one waits for a page, another backs up; the copy is restored, and
    polled on from there: every story once."""
    config = desk.write(tmp_path, newspaper)
    database = tmp_path / "var" / "rasd.sqlite"
    backed_up = threading.Event()
    slow = next(s for s in newspaper.stories if s.paper == "fr")

    def hold_back(request: Any) -> int:
        backed_up.wait(PATIENCE_SECONDS)
        newspaper._answers.pop(slow.path, None)
        return newspaper._respond(request, press.PAPERS["fr"].host, slow.path)

    newspaper.answer(slow.path, hold_back)
    environment = os.environ | {"RASD_CRAWL__TIMEOUT_SECONDS": f"{PATIENCE_SECONDS}"}
    with subprocess.Popen(
        [*RASD, "--config", str(config), "poll", "--all"], env=environment
    ) as poll:
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not newspaper.article_hits() and time.monotonic() < ends_at:
            time.sleep(0.01)  # the archive is there, and the first stories come
        during = _told(rasd(config, "backup", "during", "--json"))
        assert poll.poll() is None, "the poll was over before the backup was made"
        backed_up.set()
        assert poll.wait(PATIENCE_SECONDS) == 0
    after = _told(rasd(config, "backup", "after", "--json"))
    assert during["rows"]["articles"] < after["rows"]["articles"] == len(newspaper.stories)
    for row in (after, during):
        database.unlink()
        rasd(config, "restore", row["folder"])
        assert len(kept_in(database)) == row["rows"]["articles"]
    rasd(config, "poll", "--all", code=None)
    assert kept_in(database) == printed(newspaper)


def _told(output: str) -> dict[str, Any]:
    """The document in what a verb printed, beside its log."""
    return dict(json.JSONDecoder().raw_decode(output[output.index("{") :])[0])


def kept_in(database: Path) -> list[str]:
    """The keys of the articles in this file."""
    with closing(sqlite3.connect(database)) as c:
        return sorted(key for (key,) in c.execute("SELECT url_key FROM articles"))


def test_an_attempt_that_fails_leaves_nothing_and_removes_nothing(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older backups stay, no folder under a final name; what a killed one left goes with the next."""
    place = tmp_path / "backups"
    old = make(sqlite_url, place, keep=1)
    killed = folders.begin(place, NOW + DAY)
    (killed / COPY).write_bytes(b"half")

    def damaged(*args: object, **more: object) -> None:
        raise BackupRefusedError("its pages are damaged")

    with monkeypatch.context() as patched:
        patched.setattr(proving, "prove", damaged)
        with pytest.raises(BackupError, match="damaged"):
            make(sqlite_url, place, keep=1, now=NOW + 2 * DAY)
    assert list(place.iterdir()) == [old]


def test_a_full_disk_is_an_error_in_words(sqlite_url: str, tmp_path: Path) -> None:
    """A limit on the size of files is the disk that is full."""
    old = make(sqlite_url, tmp_path / "backups", keep=1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(BackupError):
            make(sqlite_url, tmp_path / "backups", keep=1, now=NOW + DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "backups").iterdir()) == [old]


def test_a_damaged_archive_replaces_no_good_backup(sqlite_url: str, tmp_path: Path) -> None:
    """A page of the archive is overwritten: the copy is opened before older ones are removed."""
    old = make(sqlite_url, tmp_path / "backups", keep=1)
    database = Path(str(sa.make_url(sqlite_url).database))
    with closing(sqlite3.connect(database)) as c:
        (root,) = c.execute("SELECT rootpage FROM sqlite_master WHERE name='articles'").fetchone()
        (size,) = c.execute("PRAGMA page_size").fetchone()
    with database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    with pytest.raises(BackupError):
        make(sqlite_url, tmp_path / "backups", keep=1, now=NOW + DAY)
    assert list((tmp_path / "backups").iterdir()) == [old]


def test_a_folder_of_backups_names_the_newest(sqlite_url: str, tmp_path: Path) -> None:
    """The folder to which backups go is named in place of one of them."""
    made = make(sqlite_url, tmp_path / "backups")
    with pytest.raises(BackupRefusedError, match=f"name one of them: {made}"):
        proving.manifest_of(tmp_path / "backups")


def test_an_archive_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """Backing up nothing is an error, and creates nothing."""
    with pytest.raises(NoArchiveError, match="no archive yet"):
        make(f"sqlite:///{tmp_path}/none.sqlite", tmp_path / "backups")
    assert [path.name for path in tmp_path.iterdir()] == ["backups"]


def test_the_oldest_go_and_what_is_not_ours_stays(sqlite_url: str, tmp_path: Path) -> None:
    """Only backups of this archive count and are removed."""
    place = tmp_path / "backups"
    other = f"sqlite:///{tmp_path}/second.sqlite"
    open_archive(other).close()
    theirs = make(other, place, now=NOW - DAY)
    (place / "notes").mkdir()
    (place / "rasd-20200101T000000Z").mkdir()  # a name like ours, with nothing in it
    made = [make(sqlite_url, place, keep=2, now=NOW + n * DAY) for n in range(4)]
    left = {theirs, place / "notes", place / "rasd-20200101T000000Z", *made[2:]}
    assert set(place.iterdir()) == left


# ── refused ───────────────────────────────────────────────────────────────────────────────────


def refused(folder: Path, target: Path) -> str:
    """The reason for which this backup is not restored; nothing was written."""
    before = sorted(target.parent.iterdir())
    with pytest.raises(BackupRefusedError) as caught:
        restoring.restore(folder, f"sqlite:///{target}", replace=True, now=NOW)
    assert sorted(target.parent.iterdir()) == before
    return str(caught.value)


def test_each_byte_of_a_manifest_counts(sqlite_url: str, tmp_path: Path) -> None:
    """Also a blank, and a byte more or less."""
    folder = make(sqlite_url, tmp_path / "backups")
    text = (folder / MANIFEST).read_bytes()
    assert manifest.written(manifest.read(text)) == text
    changed = [text[:n] + bytes([text[n] ^ 1]) + text[n + 1 :] for n in range(len(text))]
    for other in (*changed, text[:-1], text + b"\n", b" " + text, b"", b"[]", b"\xff"):
        with pytest.raises(BackupRefusedError):
            manifest.read(other)


@pytest.mark.parametrize("place", [*(n / 17 for n in range(17)), 1.0])
def test_a_changed_byte_of_the_copy_is_refused(
    place: float, sqlite_url: str, tmp_path: Path
) -> None:
    """Wherever it is: in the header, in a table, in a page that is free, at the end."""
    copy = make(sqlite_url, tmp_path / "backups") / COPY
    at = min(int(place * copy.stat().st_size), copy.stat().st_size - 1)
    with copy.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0x10]))
    assert "was changed" in refused(copy.parent, tmp_path / "target.sqlite")


def _link_copy(folder: Path) -> None:
    shutil.move(folder / COPY, folder.parent / "elsewhere")
    (folder / COPY).symlink_to(folder.parent / "elsewhere")


def _link_manifest(folder: Path) -> None:
    shutil.move(folder / MANIFEST, folder.parent / "elsewhere")
    (folder / MANIFEST).symlink_to(folder.parent / "elsewhere")


def _pipe(folder: Path) -> None:
    (folder / COPY).unlink()
    os.mkfifo(folder / COPY)


def _grow(folder: Path) -> None:
    with (folder / COPY).open("ab") as file:
        file.truncate(1 << 40)  # a sparse terabyte


def _cut(folder: Path) -> None:
    with (folder / COPY).open("ab") as file:
        file.truncate(4096)


def _log_beside(folder: Path) -> None:
    (folder / f"{COPY}-wal").write_bytes(b"")


def _sealed_anew(folder: Path, **changed: Any) -> None:
    written = replace(proving.manifest_of(folder), **changed)
    (folder / MANIFEST).write_bytes(manifest.written(written))


def _no_database(folder: Path) -> None:
    (folder / COPY).write_bytes(b"x" * 5000)
    _sealed_anew(folder, size=5000, sha256=sha256(b"x" * 5000).hexdigest())


def _fewer_rows(folder: Path) -> None:
    rows = dict(proving.manifest_of(folder).rows)
    _sealed_anew(folder, rows=rows | {"articles": rows["articles"] - 1})


def _newer_archive(folder: Path) -> None:
    with closing(sqlite3.connect(folder / COPY)) as c, c:
        c.execute("UPDATE alembic_version SET version_num = '9999'")
    copy = (folder / COPY).read_bytes()
    _sealed_anew(folder, size=len(copy), sha256=sha256(copy).hexdigest())


TRICKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link in the place of the copy": (_link_copy, "no ordinary file"),
    "a link in the place of the manifest": (_link_manifest, "no ordinary file"),
    "a pipe": (_pipe, "no ordinary file"),
    "a file more": (lambda f: (f / "rasd.toml").write_text("x"), "rasd.toml"),
    "a log that SQLite would apply": (_log_beside, "-wal"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "has archive.sqlite in it"),
    "no folder": (shutil.rmtree, "No such file"),
    "a huge file": (_grow, "bytes and not"),
    "a short file": (_cut, "bytes and not"),
    "a huge manifest": (lambda f: (f / MANIFEST).write_bytes(b"1" * 5_000_000), "manifest"),
    "a bomb of brackets": (lambda f: (f / MANIFEST).write_bytes(b"[" * 900_000), "manifest"),
    "no database, well sealed": (_no_database, "cannot be opened"),
    "other rows, well sealed": (_fewer_rows, "articles"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_gets_anything_restored(trick: str, sqlite_url: str, tmp_path: Path) -> None:
    """Refused in one line, quickly, before anything is written; the archive is as it was."""
    folder = make(sqlite_url, tmp_path / "backups")
    play, expected = TRICKS[trick]
    play(folder)
    reason = refused(folder, Path(str(sa.make_url(sqlite_url).database)))
    assert "\n" not in reason
    assert any(word in reason for word in expected.split("|")), reason
    assert restoring.rehearse(folder, tmp_path) != ""


def test_a_backup_of_a_newer_rasd_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """It says to upgrade; the archive is as it was."""
    folder = make(sqlite_url, tmp_path / "backups")
    _newer_archive(folder)
    before = held(sqlite_url)
    with pytest.raises(BackupError, match="upgrade rasd"):
        restoring.restore(folder, sqlite_url, replace=True, now=NOW)
    assert held(sqlite_url) == before


# ── in an archive's place ─────────────────────────────────────────────────────────────────────


def test_an_archive_that_is_there_is_put_aside_with_its_log(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Not without being asked; then nothing of it is lost, and nothing of it gets into the new."""
    folder = make(sqlite_url, tmp_path / "backups")
    at_backup = held(sqlite_url)
    database = Path(str(sa.make_url(sqlite_url).database))
    with closing(open_archive(sqlite_url)) as opened:  # a process that is killed leaves its log
        opened.subscribe("daily", "email", "late@example.org", NOW)
        killed = tmp_path / "killed"
        killed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(f"{database}{end}", killed / f"archive.sqlite{end}")
    killed_url = f"sqlite:///{killed}/archive.sqlite"
    with pytest.raises(BackupError, match="--replace"):
        restoring.restore(folder, killed_url, replace=False, now=NOW)
    aside = restoring.restore(folder, killed_url, replace=True, now=NOW).aside
    assert held(killed_url) == at_backup
    assert aside is not None and "late@example.org" in str(held(f"sqlite:///{aside}"))


def test_a_server_s_database_must_be_empty(postgres: str, tmp_path: Path, url: str) -> None:
    """Rows of two archives are never mixed."""
    if url.startswith("sqlite"):
        pytest.skip("an SQLite archive is put aside")
    folder = make(url, tmp_path / "backups")
    before = held(url)
    with pytest.raises(BackupError, match="restore into a database that is empty"):
        restoring.restore(folder, url, replace=True, now=NOW)
    assert held(url) == before


def test_an_old_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    """A copy of schema 0019, restored by this rasd."""
    old = f"sqlite:///{tmp_path}/old.sqlite"
    archives.restore("0019", old)
    folder = make(old, tmp_path / "backups")
    new = f"sqlite:///{tmp_path}/new.sqlite"
    restoring.restore(folder, new, replace=False, now=NOW)
    with closing(open_archive(new)) as opened, opened.engine.connect() as c:
        rows = archives.count(c)["rows"]
    facts = archives.facts("0019")["rows"]
    assert {name: rows[name] for name in facts} == facts


# ── mail on hold ──────────────────────────────────────────────────────────────────────────────


def claimable(url: str) -> list[str]:
    """The keys of the messages that are given out for delivery, far in the future."""
    keys = []
    with closing(open_archive(url)) as opened:
        while (queued := opened.claim_message(NOW + 300 * DAY)) is not None:
            keys.append(queued.message.key)
            opened.close_message(queued, Delivery(outcome="sent"), NOW + 300 * DAY)
    return keys


def mails_by_state(url: str) -> Counter[str]:
    """How many messages are in each state."""
    opened = connect(url)
    with opened.connect() as c:
        found = Counter(c.execute(sa.select(t.outbox.c.state)).scalars())
    opened.dispose()
    return found


@pytest.mark.parametrize("drop", [False, True])
def test_mail_of_a_restored_archive_waits_until_it_is_released(
    drop: bool, url: str, other_url: str, tmp_path: Path
) -> None:
    """What was queued at the backup was probably sent since: an operator decides."""
    if other_url.startswith("sqlite"):
        (tmp_path / "other").mkdir()
    restoring.restore(make(url, tmp_path / "b"), other_url, replace=False, now=NOW + 300 * DAY)
    assert claimable(other_url) == []
    opened = connect(other_url)
    hold = SqlMailHold(opened)
    current = hold.current()
    assert current is not None and "2026-11-24 12:00" in current.reason
    hold.hold("again", NOW)
    assert hold.current() == current, "a second hold replaced the first"
    dropped = hold.release(drop=drop, now=NOW)
    assert hold.current() is None and hold.release(drop=drop, now=NOW) is None
    states = mails_by_state(url)
    waiting = claimable(url)
    assert waiting and claimable(other_url) == ([] if drop else waiting)
    under_way = sum(states[name] for name in ("queued", "unknown", "sending"))
    assert dropped == (under_way if drop else 0) and under_way >= len(waiting)
    with opened.connect() as c:
        dead = c.execute(sa.select(t.outbox.c.key).where(t.outbox.c.detail == DROPPED)).all()
    assert len(dead) == dropped
    opened.dispose()


# ── the daemon's test ─────────────────────────────────────────────────────────────────────────


def a_backup(checked_days_ago: float | None = None, failure: str = "") -> Backup:
    """A backup, tested so many days before NOW."""
    at = None if checked_days_ago is None else NOW - checked_days_ago * DAY
    return Backup(
        folder="/b", made_at=NOW - 30 * DAY, size=1, articles=1, checked_at=at, failure=failure
    )


@pytest.mark.parametrize(
    ("latest", "checked", "is_due"),
    [
        (None, None, False),
        (a_backup(), None, True),
        (a_backup(), a_backup(6.9), False),
        (a_backup(), a_backup(7), True),
        (a_backup(0.9, "damaged"), a_backup(0.9, "damaged"), False),
        (a_backup(), a_backup(1, "damaged"), True),
        (a_backup(), a_backup(-3), True),  # written under a clock that was ahead
    ],
)
def test_a_backup_is_tested_weekly_and_daily_after_a_failure(
    latest: Backup | None, checked: Backup | None, is_due: bool
) -> None:
    """The latest one, whichever was tested last."""
    assert (backups.due(latest, checked, NOW) is not None) == is_due


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon that watches nothing."""
    (tmp_path / "seeds").mkdir()
    config = tmp_path / "rasd.toml"
    config.write_text(f'archive = "sqlite:///{tmp_path}/rasd.sqlite"\nseeds = "{tmp_path}/seeds"\n')
    with engine.running(config) as ready:
        yield ready


def _checked(daemon: Daemon, stop: threading.Event | None = None) -> list[Any]:
    """The log lines of one look at whether the backup is to be tested, and of what follows."""

    async def work() -> None:
        await backups.check(daemon.app, stop or threading.Event())
        await daemon._check()

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    return [line for line in lines if line.get("kind") != "canary"]


def told(config: Path) -> dict[str, Any]:
    """What ``status`` says of backups."""
    return dict(_told(rasd(config, "status", "--json"))["backup"])


def kinds(daemon: Daemon) -> set[str]:
    """What is found wrong with the watch."""
    return {f.kind for f in daemon.app.coverage.findings() if not f.source}


def test_the_daemon_restores_the_latest_backup_and_says_when_it_cannot(
    daemon: Daemon, tmp_path: Path
) -> None:
    """Its date is in ``status``; a damaged one is an error in the log, and a finding until a test
    succeeds; no file is left."""
    config = tmp_path / "rasd.toml"
    before = sorted(p.name for p in tmp_path.iterdir())
    assert _checked(daemon) == []
    made = make(daemon.app.config.archive, tmp_path / "b", now=daemon.app.clock())
    said = making.make(
        daemon.app.config.archive, tmp_path / "c", keep=1, rasd="0", now=daemon.app.clock()
    )
    daemon.app.backups.save(said.backup)
    assert told(config)["checked_at"] is None
    assert [line["event"] for line in _checked(daemon)] == ["backup_checked"]
    assert _checked(daemon) == []
    assert told(config)["checked_at"] and "backup" not in kinds(daemon)
    with (Path(said.backup.folder) / COPY).open("r+b") as file:
        file.write(b"?")
    clock = daemon.app.clock
    assert isinstance(clock, engine.Clock)
    clock.forward(8 * DAY)
    lines = {line["event"]: line for line in _checked(daemon)}
    assert "was changed" in lines["a backup cannot be restored"]["why"]
    assert lines["found"]["kind"] == "backup"
    assert "was changed" in told(config)["failure"]
    daemon.app.backups.save(replace(said.backup, folder=str(made)))
    clock.forward(1.1 * DAY)
    _checked(daemon)
    assert "backup" not in kinds(daemon)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*before, "b", "c"])


def test_a_stop_ends_a_test_soon_and_leaves_no_file(daemon: Daemon, tmp_path: Path) -> None:
    """It counts as not made."""
    made = making.make(daemon.app.config.archive, tmp_path / "b", keep=1, rasd="0", now=NOW)
    daemon.app.backups.save(made.backup)
    stop = threading.Event()
    stop.set()
    before = sorted(tmp_path.iterdir())
    assert _checked(daemon, stop) == []
    assert daemon.app.backups.last_checked() is None and sorted(tmp_path.iterdir()) == before


def test_held_mail_is_a_finding_and_no_digest_is_made(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is released; the canary's way stays open."""
    daemon.app.mail_hold.hold("restored", NOW)
    made: list[str] = []

    async def queue_due(outbox: object) -> int:
        made.append("queued")
        return 0

    monkeypatch.setattr(type(daemon.app.outbox), "queue_due", queue_due)

    async def work() -> None:
        await daemon._mail()
        await daemon._check()

    engine.run(work())
    assert made == [] and "mail_on_hold" in kinds(daemon)
    assert daemon.app.mail_hold.release(drop=False, now=NOW) == 0
    engine.run(work())
    assert made == ["queued"] and "mail_on_hold" not in kinds(daemon)


# ── the verbs ─────────────────────────────────────────────────────────────────────────────────


def test_the_verbs_say_what_they_did(newspaper: Newspaper, tmp_path: Path) -> None:
    """Backup, restore, hold and release, with their exit codes; a daemon at work is in the way."""
    config = desk.write(tmp_path, newspaper)
    assert "no archive yet" in rasd(config, "backup", "b", code=78)
    assert not (tmp_path / "var").exists()
    open_archive(load(config).archive).close()
    said = rasd(config, "backup", "b", "--keep", "1")
    (folder,) = (tmp_path / "b").iterdir()
    assert f"into {folder}" in said
    assert "puts it aside" in rasd(config, "restore", str(folder), code=1)
    assert "mail is on hold" in rasd(config, "restore", str(folder), "--replace")
    assert "ON HOLD" in rasd(config, "status")
    said = rasd(config, "digest", "send", code=1)
    assert "mail is on hold" in said or "no recipients" in said
    assert "mail is released; 0 queued" in rasd(config, "mail", "release", "--drop")
    assert "mail was not on hold" in rasd(config, "mail", "release")
    rasd(config, "mail", "hold", "the server moves")
    assert "the server moves" in rasd(config, "status")
    with (folder / COPY).open("ab") as file:
        file.write(b"\0")
    refusal = rasd(config, "restore", str(folder), "--replace", code=65)
    assert refusal.startswith("rasd: ") and refusal.count("\n") == 1


def test_an_archive_in_use_is_not_replaced(daemon: Daemon, tmp_path: Path) -> None:
    """The daemon holds its lock."""
    folder = make(daemon.app.config.archive, tmp_path / "b")
    file = Path(daemon.app.config.archive.removeprefix("sqlite:///"))
    before = file.stat().st_ino
    rasd(tmp_path / "rasd.toml", "restore", str(folder), "--replace", code=75)
    assert file.stat().st_ino == before


def test_backups_are_remembered_in_their_order(sqlite_url: str) -> None:
    """The newest, and the one that was tested last, are found."""
    opened = connect(sqlite_url)
    known = SqlBackups(opened)
    assert known.latest() is None and known.last_checked() is None
    for n in range(3):
        known.save(replace(a_backup(), folder=f"/b/{n}", made_at=NOW + n * DAY))
    latest = known.latest()
    assert latest is not None and latest.folder == "/b/2"
    known.checked(latest, NOW, "damaged")
    found = known.last_checked()
    assert found is not None and (found.folder, found.failure) == ("/b/2", "damaged")
    opened.dispose()
