"""What ``rasd outbox`` and ``subscriptions`` print, and the line about mail in ``rasd status``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from crawler.model import OutboxMail, Subscription
from crawler.seeds import Seeds
from crawler.views import outbox
from crawler.views.health import page, status
from tests.builders import NOW
from tests.unit.views.an_app import an_app
from tests.unit.views.terminal import printed

DEAD = OutboxMail(
    id=17,
    key="daily/gone@desk.example/2026-11-24",
    channel="smtp",
    recipient="gone@desk.example",
    subject="news",
    state="dead",
    fault="",
    attempts=1,
    created_at=NOW,
    queued_at=NOW,
    next_try_at=None,
    closed_at=NOW,
    claimed_by="1 2 host 3 boot",
    claimed_at=NOW,
    detail="550 no such user",
)
HELD = replace(DEAD, id=18, state="queued", fault="setup", detail="535 wrong", next_try_at=NOW)


def test_mails_that_did_not_arrive_are_listed_with_the_reason() -> None:
    """As a table and as data; who had claimed one matters only while it is being sent."""
    rows = outbox.mail_rows([DEAD, HELD], NOW)
    assert [(row["id"], row["fault"], row["claimed_by"]) for row in rows] == [
        (17, None, None),
        (18, "setup", None),
    ]
    text = printed(outbox.mails_table(rows))
    assert (
        "gone@desk.example" in text and "550 no such user" in text and "rasd outbox retry" in text
    )
    assert "every mail was delivered" in printed(outbox.mails_table([]))


def test_status_says_in_a_line_what_did_not_arrive(seeds: Seeds) -> None:
    """And nothing if all is well: a mail that has waited for minutes is well."""
    late = replace(DEAD, state="queued", queued_at=NOW - timedelta(hours=2))
    row = status.status_row(an_app(seeds, mails=[DEAD, HELD, late]))
    assert row["mail"] == {
        "waiting": 2,
        "waiting_since": "2026-11-23T08:00:00+00:00",
        "waiting_long": 1,
        "held_by_setup": 1,
        "unknown": 0,
        "dead": 1,
    }
    assert (
        "mail 1 waiting for more than an hour, 1 kept by our own setup, 1 refused for good; "
        "see rasd outbox"
    ) in " ".join(printed(page.status_page(row)).split())
    well = outbox.summary_row([replace(DEAD, state="queued")], NOW)
    assert (well["waiting"], outbox.summary_line(well)) == (1, "")


def test_subscriptions_of_both_kinds_are_listed() -> None:
    """Those of the configuration first."""
    stored = Subscription(
        id=1, recipe="daily", channel="smtp", address="a@desk.example", created_at=NOW
    )
    rows = outbox.subscription_rows([stored], [("daily", "maildir", "/box")])
    assert [(row["address"], row["configured"]) for row in rows] == [
        ("/box", True),
        ("a@desk.example", False),
    ]
    text = printed(outbox.subscriptions_text(rows))
    assert "in the configuration" in text and "since 2026-11-23 10:00 UTC" in text
    assert "no such digest in the seeds" in text
    assert "rasd subscribe" in printed(outbox.subscriptions_text([]))


def test_an_address_is_printed_whole_and_the_next_issue_in_its_own_zone() -> None:
    """A folder that is cut in two can't be copied into ``rasd unsubscribe``."""
    folder = f"/home/desk/{'long/' * 20}inbox"
    (row,) = outbox.subscription_rows([], [("daily", "maildir", folder)])
    row |= {"next_at": "2026-12-01T06:30:00+00:00", "timezone": "Africa/Casablanca"}
    console = Console(width=40)
    with console.capture() as captured:
        console.print(outbox.subscriptions_text([row]), crop=False)
    assert f"daily  {folder}\n" in captured.get()
    assert "next on Tuesday 2026-12-01 07:30 (Africa/Casablanca)" in " ".join(
        captured.get().split()
    )
