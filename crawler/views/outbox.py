"""``rasd outbox``, ``subscriptions`` and ``forget``: mails that did not arrive, and who gets which.
Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from crawler.model import Backup, ErasedRecipient, OutboxMail, Subscription
from crawler.monitoring import mail as judged
from crawler.views import terminal
from crawler.views.fields import JsonRow, iso, short


def mail_rows(mails: Iterable[OutboxMail], now: datetime) -> list[JsonRow]:
    """The mails as data; ``fault``: ``setup`` or ``server`` if our own side is to blame."""
    return [
        {
            "id": mail.id,
            "state": mail.state,
            "channel": mail.channel,
            "recipient": mail.recipient,
            "subject": mail.subject,
            "fault": mail.fault or None,
            "detail": mail.detail,
            "attempts": mail.attempts,
            "waits_long": judged.waits_long(mail, now),
            "created_at": iso(mail.created_at),
            "queued_at": iso(mail.queued_at),
            "last_try_at": iso(mail.closed_at),
            "next_try_at": iso(mail.next_try_at),
            "claimed_by": mail.claimed_by if mail.state == "sending" else None,
            "claimed_at": iso(mail.claimed_at) if mail.state == "sending" else None,
        }
        for mail in mails
    ]


def mails_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``mail_rows`` for a terminal."""
    if not rows:
        return Text("every mail was delivered")
    table = terminal.bare_table(
        "id", "state", "recipient", "since", "attempts", "next try", "why", right=("id", "attempts")
    )
    table.caption = "rasd outbox retry ID tries now; rasd outbox drop ID gives up"
    table.caption_justify = "left"
    for row in rows:
        table.add_row(
            str(row["id"]),
            row["state"],
            row["recipient"],
            short(row["created_at"]),
            str(row["attempts"]),
            short(row["next_try_at"]),
            row["detail"],
        )
    return table


def summary_row(mails: Collection[OutboxMail], now: datetime) -> JsonRow:
    """The mails that did not arrive, counted; for ``rasd status``."""
    waiting = [mail for mail in mails if mail.state in ("queued", "sending")]
    return {
        "waiting": len(waiting),
        "waiting_since": iso(min((mail.queued_at for mail in waiting), default=None)),
        "waiting_long": sum(judged.waits_long(mail, now) for mail in mails),
        "held_by_setup": sum(judged.is_held(mail) for mail in mails),
        "unknown": sum(mail.state == "unknown" for mail in mails),
        "dead": sum(mail.state == "dead" for mail in mails),
    }


def summary_line(row: JsonRow) -> str:
    """``summary_row`` in a line; "" if all is well."""
    named = {
        "waiting_long": "waiting for more than an hour",
        "held_by_setup": "kept by our own setup",
        "unknown": "of unknown fate",
        "dead": "refused for good",
    }
    bad = [f"{row[name]} {words}" for name, words in named.items() if row[name]]
    return f"mail: {', '.join(bad)}; see rasd outbox" if bad else ""


def subscription_rows(
    stored: Iterable[Subscription], configured: Iterable[tuple[str, str, str]]
) -> list[JsonRow]:
    """Who gets which digest: (digest, channel, address) of the configuration, then what is
    stored."""
    rows = [
        {
            "digest": digest,
            "channel": channel,
            "address": address,
            "since": None,
            "configured": True,
        }
        for digest, channel, address in configured
    ]
    return rows + [
        {
            "digest": one.recipe,
            "channel": one.channel,
            "address": one.address,
            "since": iso(one.created_at),
            "configured": False,
        }
        for one in stored
    ]


def subscriptions_text(rows: Sequence[JsonRow]) -> RenderableType:
    """``subscription_rows`` for a terminal: each address whole, to be copied, and the time of the
    next issue in its digest's own zone, as ``rasd subscribe`` says it."""
    if not rows:
        return Text("no one gets a digest yet: rasd subscribe daily you@example.org")
    lines: list[Text] = []
    for row in rows:
        address = terminal.on_one_line(row["address"])
        named = Text(f"{row['digest']}  {address}", style="bold", no_wrap=True, overflow="ignore")
        since = "in the configuration" if row["configured"] else f"since {short(row['since'])} UTC"
        lines += [named, Text(f"    by {row['channel']}, {since}; {_next_issue(row)}")]
    return Group(*lines)


def _next_issue(row: JsonRow) -> str:
    """When a subscription's next issue is due, in its digest's zone."""
    if not row.get("next_at"):
        return "no such digest in the seeds"
    due = datetime.fromisoformat(row["next_at"]).astimezone(ZoneInfo(row["timezone"]))
    return f"next on {due:%A %Y-%m-%d %H:%M} ({row['timezone']})"


def erased_lines(address: str, erased: ErasedRecipient, latest: Backup | None) -> list[str]:
    """What was erased of an address, and where else it may stand."""
    if not (erased.subscriptions or erased.issues or erased.mails):
        return [f"the archive holds nothing of {address}"]
    lines = [
        f"erased {address}: {erased.subscriptions} subscriptions, {erased.issues} digests, "
        f"{erased.mails} mails"
    ]
    if latest is not None:
        lines.append(
            f"backups up to {short(iso(latest.made_at))} still hold it, the latest is "
            f"{latest.folder}: delete them, or run rasd forget again after a restore"
        )
    return lines
