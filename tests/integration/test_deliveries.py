"""What becomes of queued mail, on SQLite and PostgreSQL: nothing is lost, nothing waits for another,
and what did not arrive is known."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog.testing

from crawler.channels.smtp import SmtpChannel
from crawler.model import Delivery, IssueToQueue, Message
from crawler.monitoring import mail as mail_findings
from crawler.outbox import delivery, owners
from storage.archive import SqlArchive
from tests.builders import NOW
from tests.integration.test_outbox import HOUR, Desk, a_message, an_issue, keep, names
from tests.site.mail_server import STALL, MailServer
from tests.unit.digest.scenes import DAY

OPEN = mail_findings.OPEN_STATES
MINUTES = timedelta(minutes=1)


@pytest.fixture
def desk(archive: SqlArchive) -> Iterator[Desk]:
    """A desk without subscribers."""
    opened = Desk(archive)
    yield opened
    opened.writer.close()


def by_smtp(server: MailServer, **settings: Any) -> SmtpChannel:
    """The channel of this server."""
    plain = SmtpChannel(
        host="127.0.0.1",
        port=server.port,
        security="none",
        sender="rasd <rasd@rasd.test>",
        timeout_seconds=20,
    )
    return replace(plain, **settings)


def becomes(desk: Desk) -> dict[str, tuple[str, str]]:
    """By recipient, state and fault of the mails that are not delivered."""
    return {mail.recipient: (mail.state, mail.fault) for mail in desk.archive.mails(OPEN)}


class Always:
    """A channel that does this with every message."""

    def __init__(self, what: Any) -> None:
        self.what, self.calls = what, list[Message]()

    async def deliver(self, message: Message) -> Delivery:
        self.calls.append(message)
        if isinstance(self.what, BaseException):
            raise self.what
        if isinstance(self.what, float):
            await asyncio.sleep(self.what)
        return self.what  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "what",
    [
        KeyError("x"),
        UnicodeEncodeError("ascii", "é", 0, 1, "no ASCII"),
        asyncio.CancelledError(),
        TimeoutError(),
        RecursionError(),
        None,
        3600.0,
    ],
    ids=repr,
)
def test_whatever_a_channel_does_its_mail_has_an_outcome(
    desk: Desk, what: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error, a hang, an answer that is none: unknown, and the mail beside it is delivered."""
    monkeypatch.setattr(delivery, "DELIVERY_SECONDS", 0.2)
    desk.outbox = replace(desk.outbox, channels={"smtp": desk, "maildir": Always(what)})
    desk.archive.subscribe("daily", "maildir", "/box", NOW)
    desk.subscribe("x@y.z")
    assert len(desk.day()) == 1
    assert becomes(desk) == {"/box": ("unknown", "")}


def test_a_recipient_that_stalls_delays_no_other(desk: Desk) -> None:
    """The server answers for nine of ten: they have their mail while it keeps silent about one."""
    server = MailServer({"recipient": lambda of: STALL if "<4@" in of else None})
    desk.subscribe(*(f"{n}@desk.test" for n in range(10)))
    with server:
        desk.outbox = replace(desk.outbox, channels={"smtp": by_smtp(server, timeout_seconds=3)})

        async def until_nine_arrived() -> bool:
            await desk.outbox.queue_due()
            delivering = asyncio.create_task(desk.outbox.deliver())
            while len(server.mails) < 9 and not delivering.done():
                await asyncio.sleep(0.01)
            was_going_on = not delivering.done()
            await delivering
            return was_going_on

        desk.now += DAY
        assert asyncio.run(until_nine_arrived()), "the others waited for the one"
    assert len(server.mails) == 9
    assert becomes(desk) == {"4@desk.test": ("queued", "")}


def test_one_recipient_of_a_hundred_is_refused(desk: Desk) -> None:
    """F-33: the others have theirs, the one is dead, and that is a finding."""
    server = MailServer({"recipient": lambda of: "550 no such user" if "<7@" in of else None})
    desk.subscribe(*(f"{n}@desk.test" for n in range(100)))
    with server:
        desk.outbox = replace(desk.outbox, channels={"smtp": by_smtp(server)})
        desk.day()
    assert len({mail.recipient for mail in server.mails}) == 99
    assert becomes(desk) == {"7@desk.test": ("dead", "")}
    (finding,) = mail_findings.findings(desk.archive.mails(OPEN), desk.now)
    assert finding.kind == "mail_dead"
    assert "7@desk.test" not in finding.proof, "a digest's reader learns of no other"


def test_a_server_that_is_down_is_asked_once_and_the_others_wait(desk: Desk) -> None:
    """Fifty mails don't wait for fifty timeouts, a Maildir's mail for none; each run tries again."""
    down = Always(Delivery(outcome="deferred", fault="server", detail="no route"))
    desk.outbox = replace(desk.outbox, channels={"smtp": down, "maildir": desk})
    desk.subscribe(*(f"{n}@desk.test" for n in range(50)))
    desk.archive.subscribe("daily", "maildir", "/box", NOW)
    assert len(desk.day()) == 1
    assert 1 <= (first := len(down.calls)) <= delivery.PARALLEL
    asyncio.run(desk.outbox.deliver())
    assert first < len(down.calls) <= 2 * delivery.PARALLEL


@pytest.mark.parametrize("fault", ["setup", "server"])
def test_a_fault_of_our_own_side_loses_no_mail(desk: Desk, fault: Any) -> None:
    """Three weeks of a wrong password: every mail is there, tried every 20 minutes at least, and
    leaves when it is mended."""
    wrong = Always(Delivery(outcome="deferred", fault=fault, detail="535 wrong"))
    desk.outbox = replace(desk.outbox, channels={"smtp": wrong})
    desk.subscribe("x@y.z")
    keep(desk.archive, "one")
    for _ in range(21):
        desk.day()
    assert [mail.state for mail in desk.archive.mails(OPEN)] == ["queued"] * 21
    kinds = [f.kind for f in mail_findings.findings(desk.archive.mails(OPEN), desk.now)]
    assert kinds == ["mail_held" if fault == "setup" else "mail_waiting"]
    for _ in range(60):  # the waits no longer double
        desk.now += 20 * MINUTES
        calls = len(wrong.calls)
        asyncio.run(desk.outbox.deliver())
        assert len(wrong.calls) > calls
    desk.outbox = replace(desk.outbox, channels={"smtp": desk})
    desk.now += 20 * MINUTES
    desk.mails.clear()
    asyncio.run(desk.outbox.deliver())
    assert len(desk.mails) == 21 and becomes(desk) == {}


def test_a_recipients_fault_ends_after_five_days(desk: Desk) -> None:
    """Greylisted each time: at last it is dead, which is a finding; retried, it has five days more."""
    busy = Always(Delivery(outcome="deferred", detail="451 later"))
    desk.outbox = replace(desk.outbox, channels={"smtp": busy})
    desk.archive.queue_issues([an_issue()])
    for _ in range(200):
        asyncio.run(desk.outbox.deliver())
        desk.now += HOUR
    (mail,) = desk.archive.mails(OPEN)
    assert (mail.state, mail.detail) == ("dead", "451 later")
    assert desk.archive.queue_again([mail.id], desk.now) == [mail.id]
    asyncio.run(desk.outbox.deliver())
    assert becomes(desk) == {"x@y.z": ("queued", "")}


def test_what_may_have_arrived_is_sent_twice_at_most(desk: Desk) -> None:
    """However often it was deferred before: unknown once more, then it stays so, and is found."""
    channel = Always(Delivery(outcome="deferred", detail="451 later"))
    desk.outbox = replace(desk.outbox, channels={"smtp": channel})
    desk.archive.queue_issues([an_issue()])
    asyncio.run(desk.outbox.deliver())
    channel.what = Delivery(outcome="unknown", detail="lost")
    for _ in range(100):
        desk.now += 10 * MINUTES
        asyncio.run(desk.outbox.deliver())
    assert len(channel.calls) == 3
    assert len({message.message_id for message in channel.calls}) == 1
    (finding,) = mail_findings.findings(desk.archive.mails(OPEN), desk.now)
    assert finding.kind == "mail_unknown"


def test_what_a_server_says_cannot_break_the_archive_or_a_terminal(desk: Desk) -> None:
    """Bytes that are no text, escapes, ten thousand characters: one line, and the outcome is
    written."""
    said = "550 \udcff\x1b[31m\r\nred\x00" + "x" * 10_000
    desk.outbox = replace(
        desk.outbox, channels={"smtp": Always(Delivery(outcome="dead", detail=said))}
    )
    desk.archive.queue_issues([an_issue()])
    asyncio.run(desk.outbox.deliver())
    (mail,) = desk.archive.mails(OPEN)
    assert mail.state == "dead"
    assert mail.detail.startswith("550 ? [31m red x") and len(mail.detail) == 500
    assert mail.detail.isprintable()


def test_an_outcome_that_cannot_be_written_is_written_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is away for a moment after the mail was sent: it is not sent again."""
    monkeypatch.setattr(delivery, "CLOSING_WAITS", (0.01, 0.01, 0.01))
    close, failures = desk.archive.close_message, [OSError("away"), OSError("away")]

    def closing(*given: Any) -> None:
        if failures:
            raise failures.pop()
        close(*given)

    monkeypatch.setattr(desk.archive, "close_message", closing)
    desk.archive.queue_issues([an_issue()])
    asyncio.run(desk.outbox.deliver())
    assert failures == [] and becomes(desk) == {}
    desk.now += DAY
    asyncio.run(desk.outbox.deliver())
    assert len(desk.mails) == 1


# ── claims ────────────────────────────────────────────────────────────────────────────────────


def an_ended_process() -> str:
    """The owner of what a process claimed that has ended since."""
    code = "from crawler.outbox import owners; print(owners.this_process())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_claim_is_taken_over_when_its_owner_has_ended(desk: Desk) -> None:
    """A ``digest send`` killed beside a daemon: without a restart, without waiting for an hour. The
    mail may have left, so it is sent once more after ten minutes."""
    desk.archive.queue_issues([an_issue()])
    assert desk.archive.claim_message(NOW, an_ended_process()) is not None
    with structlog.testing.capture_logs() as lines:
        asyncio.run(desk.outbox.deliver())
    assert [line["count"] for line in lines if "after a crash" in line["event"]] == [1]
    assert becomes(desk) == {"x@y.z": ("unknown", "")} and desk.mails == []
    desk.now += 10 * MINUTES
    asyncio.run(desk.outbox.deliver())
    assert len(desk.mails) == 1 and becomes(desk) == {}


def test_a_claim_whose_owner_runs_is_left_alone(desk: Desk) -> None:
    """A daemon that starts beside a ``digest send`` does not send its mail again; nor before an hour
    that of a process of which it knows nothing."""
    parent = owners.this_process()
    elsewhere = f"{os.getpid()} 1 another-host 1 boot"
    desk.archive.queue_issues([an_issue(), an_issue(address="b", message=a_message("b"))])
    for owner in (parent, elsewhere):
        assert desk.archive.claim_message(NOW, owner) is not None
    desk.now += 59 * MINUTES
    asyncio.run(desk.outbox.deliver())
    assert [mail.state for mail in desk.archive.mails(OPEN)] == ["sending"] * 2
    desk.now += 2 * MINUTES
    asyncio.run(desk.outbox.deliver())
    assert [mail.state for mail in desk.archive.mails(OPEN)] == ["unknown"] * 2


def test_a_crash_each_time_sends_a_mail_twice_at_most(desk: Desk) -> None:
    """A mail that kills its process is not tried without end."""
    desk.archive.queue_issues([an_issue()])
    ended, claims = an_ended_process(), 0
    for _ in range(10):
        claims += desk.archive.claim_message(desk.now, ended) is not None
        desk.archive.recover(desk.archive.mails(("sending",)), desk.now)
        desk.now += HOUR
    assert claims == 2


def test_an_outcome_counts_only_while_the_claim_stands(desk: Desk) -> None:
    """A process that slept for hours: if its mail was not tried since, what it did counts; else
    what the other did."""
    archive, sent = desk.archive, Delivery(outcome="sent")
    archive.queue_issues([an_issue()])
    slept = archive.claim_message(NOW, "slept")
    assert slept is not None
    archive.recover(archive.mails(("sending",)), NOW)
    again = archive.claim_message(NOW + HOUR, "other")
    assert again is not None
    archive.close_message(slept, Delivery(outcome="dead"), NOW + HOUR)
    assert becomes(desk) == {"x@y.z": ("sending", "")}
    archive.recover(archive.mails(("sending",)), NOW + HOUR)
    archive.close_message(again, sent, NOW + 2 * HOUR)
    assert becomes(desk) == {}


# ── the operator ──────────────────────────────────────────────────────────────────────────────


def test_the_stories_of_a_dropped_mail_are_told_by_the_next(desk: Desk) -> None:
    """Those of a dead mail and of one that waits: no mail told them. Not of one that may have
    arrived."""
    channel = Always(Delivery(outcome="dead", detail="550 no"))
    desk.outbox = replace(desk.outbox, channels={"smtp": channel})
    desk.subscribe("x@y.z")
    keep(desk.archive, "one")
    desk.day()
    (mail,) = desk.archive.mails(OPEN)
    assert desk.archive.drop([mail.id, 99], desk.now) == ([mail.id], 1)
    assert desk.archive.drop([mail.id], desk.now) == ([], 0)
    assert desk.archive.queue_again([mail.id], desk.now) == []
    channel.what = Delivery(outcome="unknown", detail="lost")
    desk.day()
    assert [names(message.text) for message in channel.calls] == [["one"]] * 2
    (mail,) = desk.archive.mails(OPEN)
    assert desk.archive.drop([mail.id], desk.now) == ([mail.id], 0)
    desk.outbox = replace(desk.outbox, channels={"smtp": desk})
    assert names(desk.day()[0]) == []


def test_a_mail_in_hand_is_neither_dropped_nor_queued_again(desk: Desk) -> None:
    """Its outcome is about to be written."""
    desk.archive.queue_issues([an_issue()])
    queued = desk.archive.claim_message(NOW, owners.this_process())
    assert queued is not None
    assert desk.archive.drop([queued.id], NOW) == ([], 0)
    assert desk.archive.queue_again([queued.id], NOW) == []


def test_mail_findings_by_what_is_wrong(desk: Desk) -> None:
    """None for a mail that waits for minutes; one of each kind for what needs a look."""
    desk.archive.queue_issues(
        [an_issue(address=f"{n}", message=a_message(f"{n}")) for n in range(4)]
    )
    assert mail_findings.findings(desk.archive.mails(OPEN), NOW + 59 * MINUTES) == []
    outcomes = (
        Delivery(outcome="dead"),
        Delivery(outcome="deferred", fault="setup", detail="535 wrong"),
        Delivery(outcome="unknown"),
    )
    for outcome in outcomes:
        queued = desk.archive.claim_message(NOW)
        assert queued is not None
        desk.archive.close_message(queued, outcome, NOW)

    def kinds(after: timedelta) -> list[str]:
        found = mail_findings.findings(desk.archive.mails(OPEN), NOW + after)
        return [finding.kind for finding in found]

    assert kinds(59 * MINUTES) == ["mail_dead", "mail_held"]
    (lost,) = (mail for mail in desk.archive.mails(OPEN) if mail.state == "unknown")
    assert lost.next_try_at is not None, "it is tried once more, so it is still under way"
    assert kinds(61 * MINUTES) == ["mail_dead", "mail_held", "mail_waiting"]


def several(count: int) -> list[IssueToQueue]:
    """Issues of so many recipients."""
    return [an_issue(address=f"r{n}@y.z", message=a_message(f"r{n}")) for n in range(count)]


def events(lines: Any) -> list[str]:
    """The lines' events, in their order."""
    return [line["event"] for line in lines]


def test_a_mail_server_that_is_away_is_one_line_and_its_return_another(desk: Desk) -> None:
    """Fifty mails, tried every thirty seconds for a day: one line, not thousands."""
    server = Always(Delivery(outcome="deferred", fault="server", detail="Connection refused"))
    desk.outbox = replace(desk.outbox, channels={"smtp": server})
    desk.archive.queue_issues(several(50))
    with structlog.testing.capture_logs() as lines:
        for _ in range(120):
            desk.now += 12 * MINUTES
            asyncio.run(desk.outbox.deliver())
        assert len(server.calls) > 50
        server.what = Delivery(outcome="sent")
        desk.now += DAY
        asyncio.run(desk.outbox.deliver())
    assert becomes(desk) == {}
    assert events(lines) == ["mail can't be delivered", "mail can be delivered again"]
    assert lines[0]["why"] == "Connection refused" and lines[1]["times"] > 50
    assert {line["log_level"] for line in lines} == {"warning"}


@pytest.mark.parametrize("what", [KeyError("x"), Delivery(outcome="dead", detail="no address")])
def test_only_a_mail_that_has_left_ends_the_spell_of_its_server(desk: Desk, what: Any) -> None:
    """A channel that breaks, or refuses an address before it connects, says nothing of the server."""
    channel = Always(Delivery(outcome="deferred", fault="server", detail="Connection refused"))
    desk.outbox = replace(desk.outbox, channels={"smtp": channel})
    desk.archive.queue_issues(several(1))
    with structlog.testing.capture_logs() as lines:
        asyncio.run(desk.outbox.deliver())
        channel.what = what
        desk.now += DAY
        asyncio.run(desk.outbox.deliver())
    assert len(channel.calls) == 2 and events(lines)[0] == "mail can't be delivered"
    assert "mail can be delivered again" not in events(lines)


def test_a_mailbox_that_is_full_is_one_line_a_mail(desk: Desk) -> None:
    """However often it is tried; a refusal for good is another."""
    channel = Always(Delivery(outcome="deferred", detail="452 mailbox full"))
    desk.outbox = replace(desk.outbox, channels={"smtp": channel})
    desk.archive.queue_issues(several(1))
    with structlog.testing.capture_logs() as lines:
        for _ in range(10):
            desk.now += 6 * HOUR
            asyncio.run(desk.outbox.deliver())
        assert len(channel.calls) > 3
        channel.what = Delivery(outcome="dead", detail="550 no such mailbox")
        desk.now += DAY
        asyncio.run(desk.outbox.deliver())
    assert [(line["event"], line["outcome"]) for line in lines] == [
        ("not_delivered", "deferred"),
        ("not_delivered", "dead"),
    ]


def test_a_channel_that_breaks_on_every_mail_is_one_traceback(desk: Desk) -> None:
    """And a line when it works again."""
    channel = Always(KeyError("x"))
    desk.outbox = replace(desk.outbox, channels={"smtp": channel})
    desk.archive.queue_issues(several(20))
    with structlog.testing.capture_logs() as lines:
        asyncio.run(desk.outbox.deliver())
        channel.what = Delivery(outcome="sent")
        desk.now += DAY
        asyncio.run(desk.outbox.deliver())
    said = [event for event in events(lines) if "channel" in event]
    assert said == ["a channel broke", "a channel works again"]


def test_a_digest_that_cannot_be_made_is_one_traceback(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried every thirty seconds."""

    def broken(*of: object) -> None:
        raise ValueError(str(desk.now))

    desk.subscribe("x@y.z")
    with structlog.testing.capture_logs() as lines:
        with monkeypatch.context() as patched:
            patched.setattr(type(desk.outbox), "_issues", broken)
            for _ in range(50):
                desk.now += MINUTES
                asyncio.run(desk.outbox.queue_due())
        desk.now += MINUTES
        asyncio.run(desk.outbox.queue_due())
    assert events(lines) == ["a digest could not be queued", "a digest can be queued again"]
