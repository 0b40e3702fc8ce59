"""A digest worded: subject, plain text and HTML that state the same facts. Pure.

The frame is in the recipe's first language and direction; each item stays in its own. No images,
no trackers, nothing loaded from anywhere. Directions stand in ``dir`` and an inline ``direction:``
of ``<div>``, ``<p>``, ``<ul>``, ``<li>`` and ``<span>``, and borders are left or right: Gmail,
Outlook and Yahoo ignore ``<bdi>``, logical properties and attributes of ``<html>``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.digest import direction
from crawler.digest.records import Digest, Item, Line, Segment
from crawler.digest.wording import day, moment, wording
from crawler.model import Direction, Language, Message

TOKEN_CHARS = 32  # of a Message-ID: 128 bits of the key's hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A worded digest, not yet addressed: one for all recipients of the same issue."""

    subject: str
    text: str
    html: str
    language: Language
    direction: Direction
    created_at: datetime


def render(digest: Digest) -> Letter:
    """The digest as a mail for any recipient."""
    view = _View(digest)
    html = templates().get_template("digest.html.j2").render(d=digest, v=view)
    text = templates().get_template("digest.txt.j2").render(d=digest, v=view)
    return Letter(
        subject=subject(digest),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=css_inline.CSSInliner(load_remote_stylesheets=False).inline(html),
        language=digest.language,
        direction=digest.direction,
        created_at=digest.composed_at,
    )


def address(
    letter: Letter,
    *,
    recipient: str,
    channel: str,
    sender_domain: str,
    key: str,
    follows: int | None = None,
) -> Message:
    """The letter to one recipient. ``key`` names the issue's slot and the recipient, ``follows``
    the recipient's issue before it. The Message-ID follows from both alone, so that a second
    attempt is recognised as the same mail, and an issue that a wrong clock made of a day to come is
    not taken for that day's own."""
    name = key if follows is None else f"{key}/{follows}"
    token = hashlib.sha256(name.encode()).hexdigest()[:TOKEN_CHARS]
    return Message(
        key=key,
        message_id=f"<{token}@{sender_domain}>",
        channel=channel,
        recipient=recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.language,
        direction=letter.direction,
        created_at=letter.created_at,
    )


def subject(digest: Digest) -> str:
    """Counts first: ``[title] 1 security · 2 bilateral — Monday 23 November 2026``."""
    counts = [f"{len(s.items) + s.left_out} {s.title}" for s in digest.sections]
    summary = " · ".join(counts) or wording(digest.language).phrases["nothing"]
    date = day(digest.composed_at, digest.language, digest.timezone)
    return direction.one_line(f"[{digest.title}] {summary} — {date}")


class _View:
    """What the templates call: words, dates and directions of one digest."""

    def __init__(self, digest: Digest) -> None:
        self.digest = digest
        self.words = wording(digest.language).phrases

    def phrase(self, name: str, **values: object) -> str:
        """A phrase in the frame's language, its placeholders filled."""
        return self.words[name].format(**values)

    def at(self, at: datetime) -> str:
        """A date with its time."""
        return moment(at, self.digest.language, self.digest.timezone)

    def when(self, item: Item | Line) -> str:
        """When it was published; if that is not known, when it was first seen."""
        published = item.published
        if published is None:
            return f"{self.words['no_date']} {self.at(item.first_seen_at)}"
        if published.has_time:
            return self.at(published.at)
        return day(published.at, self.digest.language, self.digest.timezone)

    def finding(self, kind: str) -> str:
        """What is wrong, in words."""
        return wording(self.digest.language).findings.get(kind, kind)

    def isolate(self, text: str) -> str:
        """For plain text: the text on one line, apart from the directions around it."""
        return direction.isolate(text)

    def proof(self, segments: Sequence[Segment]) -> str:
        """For plain text: the sentence with its terms in brackets."""
        marked = "".join(f"[{s.text}]" if s.marked else s.text for s in segments)
        return direction.isolate(marked)

    def link(self, url: str) -> str:
        """The address if it is one of the web; never a script."""
        return url if url.startswith(("http://", "https://")) else "about:blank"

    def direction(self, text: str) -> Direction:
        """For HTML: the direction of a name or a title, by its own letters."""
        return direction.of_text(text, self.digest.direction)

    def start(self, towards: Direction) -> Literal["left", "right"]:
        """For HTML: the side on which a line of this direction begins."""
        return "right" if towards == "rtl" else "left"


@cache
def templates() -> Environment:
    """The environment of all templates; values in HTML templates are escaped."""
    return Environment(
        loader=PackageLoader("crawler", "templates"),
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
