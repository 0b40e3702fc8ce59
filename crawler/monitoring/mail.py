"""What is wrong with the mail, as findings about ourselves. Pure.

No finding names a recipient: a digest's foot shows findings to every reader, and one reader is not
told of another. ``rasd outbox`` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.model import Finding, FindingKind, MessageState, OutboxMail

WAITS_LONG = timedelta(hours=1)  # greylisting servers let a mail wait for minutes, not for hours
OPEN_STATES: tuple[MessageState, ...] = ("queued", "sending", "unknown", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of finding, which mails it is about, and what its proof calls them."""

    kind: FindingKind
    takes: Callable[[OutboxMail, datetime], bool]
    words: str


def is_held(mail: OutboxMail) -> bool:
    """Whether it waits for us: our configuration keeps it from leaving."""
    return mail.state == "queued" and mail.fault == "setup"


def waits_long(mail: OutboxMail, now: datetime) -> bool:
    """Whether it has been on its way for more than an hour, and is still to be tried."""
    is_under_way = mail.state in ("queued", "sending") or mail.next_try_at is not None
    return is_under_way and not is_held(mail) and now - mail.queued_at > WAITS_LONG


def is_unknown(mail: OutboxMail) -> bool:
    """Whether it may have arrived, and is not tried again."""
    return mail.state == "unknown" and mail.next_try_at is None


_KINDS = (
    _Kind(kind="mail_dead", takes=lambda mail, now: mail.state == "dead", words="refused for good"),
    _Kind(kind="mail_held", takes=lambda mail, now: is_held(mail), words="kept by our own setup"),
    _Kind(
        kind="mail_unknown",
        takes=lambda mail, now: is_unknown(mail),
        words="of unknown fate after two attempts",
    ),
    _Kind(kind="mail_waiting", takes=waits_long, words="waiting for more than an hour"),
)
KINDS = frozenset(one.kind for one in _KINDS)


def findings(mails: Iterable[OutboxMail], now: datetime) -> list[Finding]:
    """One finding for each thing that is wrong with these mails; none if all is well."""
    listed, found = list(mails), []
    for one in _KINDS:
        if concerned := [mail for mail in listed if one.takes(mail, now)]:
            proof = _proof(concerned, one.words)
            found.append(Finding(source="", kind=one.kind, proof=proof, opened_at=now))
    return found


def as_of_now(
    last_check: Iterable[Finding], mails: Iterable[OutboxMail], now: datetime
) -> list[Finding]:
    """The findings of the last check, with those about the mail judged now: a mail may have been
    refused, or dropped, since. What was open already keeps the time of its beginning."""
    others, began = [], {}
    for finding in last_check:
        if finding.kind in KINDS:
            began[finding.kind] = finding.opened_at
        else:
            others.append(finding)
    today = findings(mails, now)
    return [*others, *(replace(f, opened_at=began.get(f.kind, now)) for f in today)]


def _proof(mails: Sequence[OutboxMail], words: str) -> str:
    ids = ", ".join(str(mail.id) for mail in mails[:5])
    more = f" and {len(mails) - 5} more" if len(mails) > 5 else ""
    return f"mails {words}: {ids}{more}; rasd outbox says which and why"
