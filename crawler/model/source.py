"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day
from typing import Literal

Language = str  # ISO 639 code: ar, fr, en, ckb, … ; "und" when it could not be told
Direction = Literal["ltr", "rtl"]
FeedKind = str  # the name of a spider; listing crawler/spiders says which there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A polled place of a source. Its identity in the archive is (source slug, url)."""

    url: str
    kind: FeedKind = "feed"
    every_seconds: int = 900  # until its own rhythm is known
    links: str | None = None  # section: CSS of the articles' links
    next: str | None = None  # section: CSS of the link to the next listing page
    pages: int = 3  # section: listing pages a poll goes through at most
    render: bool = False  # section: its pages and its articles exist only by script


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule:
    """A source's own word on its pages: CSS selectors of what to read and what to drop; what it does
    not name, or what is not in its place, is found as on any page.

    It holds for pages fetched in [valid_from, valid_until]; None is open.
    """

    body: str | None = None
    headline: str | None = None
    date: str | None = None
    drop: tuple[str, ...] = ()
    valid_from: Day | None = None
    valid_until: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet: who it is, where it stands, what a healthy day looks like."""

    slug: str
    name: str
    home: str
    country: str  # ISO 3166-1 alpha-2, upper case
    languages: tuple[Language, ...]  # the first is the likeliest
    timezone: str  # IANA name; dates printed without a zone are read in it
    feeds: tuple[Feed, ...]  # in order of trust
    names: dict[Language, str] = field(default_factory=dict)  # the outlet's name in other languages
    hosts: tuple[str, ...] = ()  # further hosts it publishes on; its home's and feeds' are implied
    articles_per_day: int | None = None
    stale_after_hours: int | None = None
    delay_seconds: float | None = None  # between two requests to one host; None: the configured one
    pages: tuple[PageRule, ...] = ()  # the first that holds on the day of fetching is used
