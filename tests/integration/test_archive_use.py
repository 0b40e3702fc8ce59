"""Who makes an archive and who may read it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from crawler.cli.main import VERBS, commands
from crawler.errors import NoArchiveError, RasdError
from storage import lock
from storage.archive import archive_exists, open_archive
from tests.places import SEEDS

READING = [
    ["status"], ["search", "water"], ["show", "1"], ["explain", "1"], ["gaps"], ["findings"],
    ["quarantine"], ["doubtful"], ["digest", "preview", "daily"], ["eval", "--from-archive"],
    ["rematch"], ["backtest", str(SEEDS / "topics" / "morocco-iraq.yml")], ["reread"],
    ["judge", "1", "not"], ["unsubscribe", "daily", "a@b.test"], ["outbox", "list"], ["subscriptions"],
]  # fmt: skip
WITHOUT = [["sources", "list"], ["sources", "show", "hespress-ar"], ["term", "الماء"]]
"""Verbs that have an answer without an archive."""


@pytest.fixture
def umask() -> Iterator[None]:
    """The umask of most systems, under which everybody may read what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def run(url: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The verb on this archive: its exit code, and the error's text, the answer or the log."""
    monkeypatch.setenv("RASD_ARCHIVE", url)
    ran = CliRunner().invoke(commands, words)
    if isinstance(ran.exception, RasdError):
        return ran.exception.exit_code, str(ran.exception)
    return ran.exit_code, ran.stdout or ran.stderr


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_reading_verb_makes_no_archive(
    words: list[str], archive_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which one is missing and what makes it; neither file, folder nor lock appears."""
    monkeypatch.chdir(tmp_path)
    missing = archive_url.replace("archive.sqlite", "folder/archive.sqlite")
    code, said = run(missing, words, monkeypatch)
    assert code == 78 and "no archive yet; rasd run or rasd poll makes it" in said
    assert "\n" not in said
    assert list(tmp_path.iterdir()) == []
    if "sqlite" not in archive_url:
        engine = sa.create_engine(sa.make_url(archive_url).set(drivername="postgresql+psycopg"))
        assert sa.inspect(engine).get_table_names() == []
        engine.dispose()


@pytest.mark.parametrize("words", WITHOUT, ids=lambda words: " ".join(words[:2]))
def test_what_needs_no_archive_answers_without_one(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sources that come with rasd are listed before anything was polled."""
    code, said = run(f"sqlite:///{tmp_path}/x.sqlite", [*words, "--json"], monkeypatch)
    assert code == 0 and json.loads(said)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_was_begun_and_not_made_is_none(archive_url: str, tmp_path: Path) -> None:
    """An empty file, or an empty database: a process was killed before the schema was there."""
    (tmp_path / "archive.sqlite").touch()
    assert not archive_exists(archive_url)
    open_archive(archive_url).close()
    assert archive_exists(archive_url)


def test_a_file_of_something_else_is_no_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for a new one, and not written to."""
    file = tmp_path / "x.sqlite"
    file.write_bytes(b"GIF89a" * 500)
    code, said = run(f"sqlite:///{file}", ["status"], monkeypatch)
    assert code == 78 and "not a database" in said
    assert file.read_bytes() == b"GIF89a" * 500


def modes(folder: Path) -> dict[str, str]:
    """Each file below this folder and itself, with its mode."""
    return {p.name: f"{stat.S_IMODE(p.stat().st_mode):o}" for p in (folder, *folder.iterdir())}


def test_an_archive_is_made_for_its_owner_alone(tmp_path: Path, umask: None) -> None:
    """File, log, index of the log, lock: 0600; their folder: 0700, whatever the umask."""
    url = f"sqlite:///{tmp_path}/var/x.sqlite"
    held = lock.hold(url, pid=1, host="h")
    archive = open_archive(url)
    archive.counts()
    found = modes(tmp_path / "var")
    archive.close()
    held.release()
    names = ("x.sqlite", "x.sqlite-shm", "x.sqlite-wal", "x.sqlite.lock")
    assert found == {"var": "700"} | dict.fromkeys(names, "600")


def test_an_old_archive_is_closed_to_others_when_it_is_opened(tmp_path: Path, umask: None) -> None:
    """An older rasd left 0644; the group keeps what the administrator gave it."""
    url = f"sqlite:///{tmp_path}/x.sqlite"
    open_archive(url).close()
    (tmp_path / "x.sqlite").chmod(0o664)
    open_archive(url).close()
    assert modes(tmp_path)["x.sqlite"] == "660"


def test_an_archive_out_of_reach_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``run`` takes the lock first: PostgreSQL away, or a folder that is none, was a traceback. A
    server may come up later than rasd, which a service manager starts again after 74, not after 78.
    """
    (tmp_path / "file").touch()
    for url, expected in (
        ("postgresql://u:hunter22@127.0.0.1:1/rasd", 74),
        (f"sqlite:///{tmp_path}/file/x.sqlite", 78),
    ):
        for words in (["run"], ["poll"], ["status"], ["subscribe", "daily", "a@b.test"]):
            code, said = run(url, words, monkeypatch)
            assert code == expected and len(said.splitlines()) == 1, (words, said)
            assert "hunter22" not in said


def test_the_error_says_what_it_is() -> None:
    """Its class has a message of its own, and every verb above is one."""
    assert "no archive" in str(NoArchiveError())
    assert {words[0] for words in (*READING, *WITHOUT)} <= VERBS.keys()
