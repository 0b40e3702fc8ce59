"""Subscriptions, issues of a digest, and messages on their way to a recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.source import Direction, Language

DeliveryOutcome = Literal["sent", "deferred", "unknown", "dead"]
# Of a deferred mail, whose fault it is. ``setup``: our configuration, which takes a person;
# ``server``: the mail server, which is down or out of order; "": the mail's or its recipient's.
DeliveryFault = Literal["", "setup", "server"]
# ``issued``: this slot was issued before. ``outdated``: another issue was made meanwhile, so that
# what to show has to be chosen again.
QueueingOutcome = Literal["queued", "issued", "outdated"]
MessageState = Literal["queued", "sending", "sent", "unknown", "dead", "dropped"]


SINK = "sink"
"""The channel of the canary's mail, which stays in the process and which no hold keeps back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who gets which digest, and how."""

    id: int
    recipe: str
    channel: str  # a name of ``crawler.channels.CHANNELS``
    address: str  # as the channel understands it: a mail address, a Maildir's path
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueHistory:
    """What a recipient has had of a digest: the basis on which its next issue is composed."""

    last_id: int  # of the newest issue; an issue composed on another basis is not queued
    first_until: datetime  # up to when the first issue looked, exclusive
    last_until: datetime  # up to when the newest did
    newest_doubtful_id: int | None = None  # of the articles that its watch lists saw


@dataclass(frozen=True, slots=True, kw_only=True)
class LastIssue:
    """The newest issue of a digest, counted over its recipients."""

    slot: str
    made_at: datetime
    recipients: int
    mailed: int  # of them with a mail; the others had nothing to be told
    sent: int  # of the mails
    sent_at: datetime | None  # the last of them; None: none was sent yet


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToQueue:
    """One issue for one recipient: the rows that record it, and its mail."""

    recipe: str
    address: str
    slot: str
    until: datetime
    previous_id: int | None  # the newest issue it builds on; None: it is the recipient's first
    article_ids: tuple[int, ...]  # shown, or copies of what was shown; never what was left out
    newest_doubtful_id: int | None = None  # of the articles that watch lists saw so far
    message: Message | None  # None: no story, and the recipe prefers silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A worded mail, ready for any channel. Text and HTML state the same facts."""

    key: str  # unique: one digest of one slot to one recipient is queued once
    message_id: str  # stable across attempts, so that a duplicate can be recognised
    channel: str
    recipient: str
    subject: str
    text: str
    html: str
    language: Language
    direction: Direction
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A message in the outbox, claimed by a process that delivers it."""

    id: int
    message: Message
    state: MessageState
    attempts: int
    owner: str = ""  # the process that claimed it, as ``crawler.outbox.owners`` writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMail:
    """A message in the outbox as its operator sees it: without its texts."""

    id: int
    key: str  # of a digest: recipe/address/slot
    channel: str
    recipient: str
    subject: str
    state: MessageState
    fault: DeliveryFault  # of the last attempt
    attempts: int
    created_at: datetime
    queued_at: datetime  # when it was made, or queued again by hand
    next_try_at: datetime | None  # None: it is not tried again
    closed_at: datetime | None  # when the last attempt ended
    claimed_by: str  # who delivers it, or did last; "": no one did
    claimed_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one attempt to deliver.

    ``deferred``: try again later; ``unknown``: the server may have it (the connection died after
    the last byte); ``dead``: refused for good.
    """

    outcome: DeliveryOutcome
    fault: DeliveryFault = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedRecipient:
    """How many rows named a recipient that was erased."""

    subscriptions: int
    issues: int
    mails: int
