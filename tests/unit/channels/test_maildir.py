"""A Maildir holds a mail once, and delivering does not parse the folder."""

from __future__ import annotations

import asyncio
import mailbox
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.channels import maildir
from crawler.channels.email import as_email
from crawler.channels.maildir import MaildirChannel
from crawler.model import Message
from tests.unit.digest.scenes import proven, worded


@pytest.fixture
def message(tmp_path: Path) -> Message:
    """A mail to a folder."""
    return replace(worded(proven()), recipient=str(tmp_path / "box"))


def deliver(message: Message) -> str:
    """One delivery; its outcome."""
    return asyncio.run(MaildirChannel().deliver(message)).outcome


def mails(message: Message) -> list[str]:
    """The Message-IDs that the folder holds, as the standard library's reader finds them."""
    return [mail["Message-ID"] for mail in mailbox.Maildir(message.recipient)]


def test_a_maildir_holds_a_mail_once(message: Message) -> None:
    """Delivered twice it lies there once, another one lies beside it."""
    assert [deliver(message), deliver(message)] == ["sent", "sent"]
    other = replace(message, message_id="<other@rasd.test>")
    deliver(other)
    assert sorted(mails(message)) == sorted([message.message_id, other.message_id])
    assert list((Path(message.recipient) / "tmp").iterdir()) == []


def test_a_mail_that_was_read_is_there_still(message: Message) -> None:
    """A mail reader moves it to ``cur`` and adds flags to its name."""
    deliver(message)
    box = Path(message.recipient)
    (new,) = (box / "new").iterdir()
    new.rename(box / "cur" / f"{new.name}:2,RS")
    assert deliver(message) == "sent"
    assert len(mails(message)) == 1


def test_a_mail_delivered_by_an_earlier_rasd_is_not_doubled(message: Message) -> None:
    """Its name was the standard library's: it is found by its header, wherever it lies."""
    box = mailbox.Maildir(message.recipient, create=True)
    key = box.add(as_email(message, "rasd <rasd@localhost>"))
    assert deliver(message) == "sent"
    assert mails(message) == [message.message_id]
    stored = box[key]
    stored.set_subdir("cur")
    stored.set_flags("S")
    box[key] = stored
    assert deliver(message) == "sent"
    assert mails(message) == [message.message_id]


def test_delivering_opens_none_of_the_mails_that_are_there(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither ours nor those that came before the message was made; only names are read."""
    box = Path(message.recipient)
    for number in range(20):
        deliver(replace(message, message_id=f"<{number}@rasd.test>"))
    before = int(message.created_at.timestamp()) - 60
    for number in range(20):
        (box / "cur" / f"{before}.M{number}P1.host:2,S").write_text("Subject: x\n\nbody")
    opened: list[Path] = []
    look = maildir._has_message_id

    def counted(path: Path, message_id: str) -> bool:
        opened.append(path)
        return look(path, message_id)

    monkeypatch.setattr(maildir, "_has_message_id", counted)
    assert deliver(message) == "sent"
    assert opened == []
    later = box / "new" / f"{before + 120}.M1P1.host"
    later.write_text(f"Subject: x\n\n{message.message_id}")
    (box / "new" / maildir._file_name(message)).unlink()
    assert deliver(message) == "sent"
    assert opened == [later]
    assert len(mails(message)) == 42


def test_it_is_delivered_beside_the_event_loop(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk does not stop what else runs in the process."""
    threads: list[int] = []
    write = maildir._write

    def slow(folder: Path, name: str, content: bytes) -> None:
        threads.append(threading.get_ident())
        write(folder, name, content)

    monkeypatch.setattr(maildir, "_write", slow)
    assert deliver(message) == "sent"
    assert threads and threads[0] != threading.get_ident()


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(
    message: Message, tmp_path: Path
) -> None:
    """Deferred, with the reason."""
    (tmp_path / "file").write_text("no folder")
    at_file = replace(message, recipient=str(tmp_path / "file" / "box"))
    assert deliver(at_file) == "deferred"
