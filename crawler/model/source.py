"""What is watched: sources, their feeds and their rules for reading pages, as seed files give
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day
from typing import Literal

Language = str  # ISO 639 code: ar, fr, en, ckb …; "und" if it could not be detected
Direction = Literal["ltr", "rtl"]
FeedKind = str  # the name of a spider: a module of crawler/spiders


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A place of a source that is polled. (source slug, url) names it in the archive."""

    url: str
    kind: FeedKind = "feed"
    every_seconds: int = 900  # between two polls, until its own rhythm is known
    links: str | None = None  # section: CSS selector of the articles' links
    next_page_selector: str | None = None  # section: CSS of the link to the next page (YAML: next)
    pages: int = 3  # section: listing pages that a poll reads at most
    render: bool = False  # section: its pages and articles need a browser


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule:
    """How to read a source's pages: CSS selectors for what an analyst has looked up.

    What has no selector, or is not found by it, is found as on any page.
    """

    body: str | None = None
    headline: str | None = None
    date: str | None = None
    drop: tuple[str, ...] = ()  # elements that are removed before reading
    valid_from: Day | None = None  # for pages fetched on this day or later; None: on any
    valid_until: Day | None = None  # for pages fetched on this day or before; None: on any


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet: its names, its feeds, and what a healthy day of it looks like."""

    slug: str  # names it everywhere in rasd
    name: str
    home: str  # URL of its home page
    country: str  # ISO 3166-1 alpha-2, upper case
    languages: tuple[Language, ...]  # the first is the likeliest
    timezone: str  # IANA name; dates printed without a zone are read in it
    feeds: tuple[Feed, ...]  # in order of trust
    names: dict[Language, str] = field(default_factory=dict)  # the outlet's name in other languages
    hosts: tuple[str, ...] = ()  # further hosts it publishes on; its home's and feeds' are implied
    articles_per_day: int | None = None  # expected
    stale_after_hours: int | None = None  # without news for twice as long, a new source is silent
    delay_seconds: float | None = None  # between two requests to a host; None: as configured
    pages: tuple[PageRule, ...] = ()  # the first that is valid on the day of fetching is used
