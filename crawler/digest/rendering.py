"""A digest worded: subject, plain text and HTML that say the same facts. Pure.

The frame is in the recipe's first language and direction; each item stays in its own. No images,
no trackers, nothing loaded from anywhere.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.digest.records import Digest, Doubt, Item
from crawler.digest.wording import FINDINGS, FSI, PDI, day, one_line, words
from crawler.model import Message


def render(
    digest: Digest, *, recipient: str, sender_domain: str, channel: str, key: str
) -> Message:
    """The mail. ``key`` names the issue and recipient; the Message-ID follows from it alone."""
    view = _View(digest)
    html = templates().get_template("digest.html.j2").render(d=digest, v=view)
    text = templates().get_template("digest.txt.j2").render(d=digest, v=view)
    token = hashlib.sha256(key.encode()).hexdigest()[:32]
    return Message(
        key=key,
        message_id=f"<{token}@{sender_domain}>",
        channel=channel,
        recipient=recipient,
        subject=subject(digest),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=css_inline.CSSInliner(load_remote_stylesheets=False).inline(html),
        language=digest.language,
        direction=digest.direction,
        created_at=digest.composed_at,
    )


def subject(digest: Digest) -> str:
    """Counts first: ``[title] 1 security · 2 bilateral — Monday 23 November 2026``."""
    worded = words(digest.language)
    counts = [f"{len(s.items) + s.left_out} {s.title}" for s in digest.sections]
    said = " · ".join(counts) or worded["nothing"]
    return one_line(f"[{digest.title}] {said} — {day(digest.composed_at, digest)}")


class _View:
    """What the templates call: words and dates in the frame's language."""

    def __init__(self, digest: Digest) -> None:
        self.digest = digest
        self.words = words(digest.language)

    def say(self, name: str, **values: object) -> str:
        return self.words[name].format(**values)

    def at(self, moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(self.digest.timezone))
        return (
            f"{day(moment, self.digest)}، {local:%H:%M}"
            if self.digest.language == "ar"
            else (f"{day(moment, self.digest)}, {local:%H:%M}")
        )

    def when(self, item: Item | Doubt) -> str:
        if item.published is None:
            return f"{self.words['no_date']} {self.at(item.first_seen_at)}"
        return (
            self.at(item.published.at)
            if item.published.has_time
            else day(item.published.at, self.digest)
        )

    def finding(self, kind: str, names: tuple[str, ...]) -> str:
        """What is wrong, in words, and with whom; no names: with us."""
        words = FINDINGS.get(self.digest.language, FINDINGS["en"])
        said = words.get(kind, kind)
        return f"{said}: {', '.join(self.isolate(n) for n in names)}" if names else said

    def isolate(self, text: str) -> str:
        return f"{FSI}{one_line(text)}{PDI}"

    def proof(self, segments: Any) -> str:
        marked = "".join(f"[{s.text}]" if s.marked else s.text for s in segments)
        return self.isolate(marked)

    def link(self, url: str) -> str:
        return url if url.startswith(("http://", "https://")) else "about:blank"


@cache
def templates() -> Environment:
    """The environment of all templates; what HTML holds is escaped."""
    return Environment(
        loader=PackageLoader("crawler", "templates"),
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
