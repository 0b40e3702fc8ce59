"""Findings about the mail, judged when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.model import Finding, OutboxMail
from crawler.monitoring import mail
from tests.builders import NOW

EARLIER = NOW - timedelta(days=1)
SILENT = Finding(source="a", kind="silent", proof="p", opened_at=EARLIER)
DEAD = Finding(source="", kind="mail_dead", proof="mails refused for good: 1", opened_at=EARLIER)

SEVENTH = OutboxMail(
    id=7, key="daily/a@b.test/2026-11-30", channel="smtp", recipient="a@b.test", subject="s",
    state="dead", fault="", attempts=1, created_at=NOW, queued_at=NOW, next_try_at=None,
    closed_at=NOW, claimed_by="", claimed_at=None, detail="550 no such user",
)  # fmt: skip


def test_a_mail_that_was_refused_since_the_last_check_is_said() -> None:
    """A monitor that asks in between does not hear that all is well."""
    found = mail.as_of_now([SILENT], [SEVENTH], NOW)
    assert [(one.kind, one.opened_at) for one in found] == [("silent", EARLIER), ("mail_dead", NOW)]
    assert "refused for good: 7" in found[1].proof


def test_a_mail_that_was_dropped_since_is_not() -> None:
    """Nothing is left to do about it."""
    assert mail.as_of_now([SILENT, DEAD], [], NOW) == [SILENT]


def test_what_was_open_keeps_its_beginning() -> None:
    """Another mail was refused meanwhile: the proof has both, the time stays."""
    mails = [replace(SEVENTH, id=1), replace(SEVENTH, id=2)]
    (found,) = mail.as_of_now([DEAD], mails, NOW)
    assert found.opened_at == EARLIER and "for good: 1, 2" in found.proof
