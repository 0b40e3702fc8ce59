"""A recipient can be erased: no row, and no byte of the file, names them any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from crawler.cli.main import commands
from crawler.model import Backup, ErasedRecipient, IssueToQueue, Message
from storage import tables as t
from storage.archive import SqlArchive, open_archive
from storage.backups.history import SqlBackups
from storage.recipients import SqlRecipients
from tests.builders import NOW
from tests.integration.test_archive import keep
from tests.places import SEEDS

READER, OTHER = "Salma.Idrissi@desk.example", "nadia@desk.example"


def issue(address: str, article_id: int, recipe: str = "daily") -> IssueToQueue:
    """A digest that showed this article to this address."""
    message = Message(
        key=f"{recipe}/{address}/2026-11-24", message_id=f"<{recipe}/{address}>", channel="email",
        recipient=address, subject="Rabat", text="Rabat", html="<p>Rabat</p>", language="fr",
        direction="ltr", created_at=NOW,
    )  # fmt: skip
    return IssueToQueue(
        recipe=recipe, address=address, slot="2026-11-24", until=NOW, previous_id=None,
        article_ids=(article_id,), message=message,
    )  # fmt: skip


def with_readers(archive: SqlArchive) -> None:
    """Two readers who got the same digest."""
    article_id = keep(archive, "/1")
    for address in (READER, OTHER):
        archive.subscribe("daily", "email", address, NOW)
        assert archive.queue_issues([issue(address, article_id)]) == ["queued"]


def named(archive: SqlArchive, address: str) -> int:
    """How many rows of any table hold this address in any column."""
    count = 0
    with archive.engine.connect() as c:
        for table in t.metadata.sorted_tables:
            rows = c.execute(sa.select(table)).all()
            count += sum(address.lower() in f"{tuple(row)}".lower() for row in rows)
    return count


def test_all_rows_of_an_address_go_and_no_other(archive: SqlArchive) -> None:
    """However it is capitalised; what others were shown stays shown."""
    with_readers(archive)
    before = named(archive, OTHER)
    erased = SqlRecipients(archive.engine).erase([READER.lower()])
    assert erased == ErasedRecipient(subscriptions=1, issues=1, mails=1)
    assert named(archive, READER) == 0
    assert named(archive, OTHER) == before == 3
    assert archive.listed_ids("daily", OTHER, NOW - timedelta(days=1)) == (1,)
    again = SqlRecipients(archive.engine).erase([READER])
    assert again == ErasedRecipient(subscriptions=0, issues=0, mails=0)


def test_a_path_differs_by_its_capitals(archive: SqlArchive) -> None:
    """``/home/a/Mail`` and ``/home/a/mail`` are two folders."""
    archive.subscribe("daily", "maildir", "/home/a/Mail", NOW)
    nothing = SqlRecipients(archive.engine).erase(["/home/a/mail"])
    assert nothing == ErasedRecipient(subscriptions=0, issues=0, mails=0)
    assert SqlRecipients(archive.engine).erase(["/home/a/Mail"]).subscriptions == 1


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A SQLite archive with two readers, and its configuration."""
    archive = open_archive(f"sqlite:///{tmp_path}/x.sqlite")
    with_readers(archive)
    made = Backup(folder="/srv/backups/1", made_at=NOW, size=1, articles=1)
    SqlBackups(archive.engine).save(replace(made))
    archive.close()
    config = tmp_path / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{tmp_path}/x.sqlite"\nseeds = "{SEEDS}"\n'
        f'[[subscribers]]\ndigest = "daily"\naddress = "{READER}"\n',
        encoding="utf-8",
    )
    return config


def test_no_byte_of_the_archive_names_the_reader(desk: Path) -> None:
    """The verb says what went, which backup still holds it, and that the configuration does."""
    said = CliRunner().invoke(commands, ["--config", str(desk), "forget", READER])
    assert said.exit_code == 0, said.output
    assert f"erased {READER}: 1 subscriptions, 1 digests, 1 mails" in said.stdout
    assert "backups up to" in said.stdout and "/srv/backups/1" in said.stdout
    assert f"the configuration still names {READER}" in said.stderr
    for file in desk.parent.glob("x.sqlite*"):
        assert READER.encode() not in file.read_bytes(), file.name
    once_more = CliRunner().invoke(commands, ["--config", str(desk), "forget", READER])
    assert once_more.exit_code == 1
    assert f"the archive holds nothing of {READER}" in once_more.stdout


def test_what_waits_of_another_digest_is_not_offered_to_be_dropped(desk: Path) -> None:
    """Who ends one of two subscriptions goes on with the other."""
    archive = open_archive(f"sqlite:///{desk.parent}/x.sqlite")
    archive.subscribe("weekly", "email", OTHER, NOW)
    assert archive.queue_issues([issue(OTHER, 1, "weekly")]) == ["queued"]
    (daily,) = [m.id for m in archive.mails(("queued",)) if m.key.startswith(f"daily/{OTHER}/")]
    archive.close()
    ended = CliRunner().invoke(commands, ["--config", str(desk), "unsubscribe", "daily", OTHER])
    assert ended.exit_code == 0, ended.output
    assert f"still goes, unless: rasd outbox drop {daily}\n" in ended.stdout
