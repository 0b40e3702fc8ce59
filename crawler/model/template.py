"""Where the body, headline and date stand on a source's pages: learned templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one page teaches about its source's template.

    The selectors find exactly the element in question on this page, the simplest first.
    """

    body: tuple[str, ...]  # CSS selectors
    headline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    length: int  # characters of the body
    linked: float  # 0 to 1: how much of the body's text is links
    share: float  # 0 to 1: how many of the page's paragraphs are in the body's element
    lines: tuple[int, ...] = ()  # checksums of the body's lines, to find those that pages repeat
    beside: tuple[int, ...] = ()  # kinds of prose outside of the article: ``extraction.beside``


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Where body, headline and date stand on a source's pages, as learned; a version never changes.

    ``length``, ``linked`` and ``share`` are the extremes of the pages it was learned from: a body
    that is much shorter, has many more links, or far fewer of the page's paragraphs is doubted.
    """

    source: str
    version: int  # 1, 2, 3 … of this source
    body: str  # CSS selector
    headline: str | None = None  # CSS selector; None: found as on any page
    date: str | None = None
    length: int = 0  # characters
    linked: float = 0.0  # 0 to 1
    share: float = 0.0  # 0 to 1
    furniture: tuple[int, ...] = ()  # checksums of lines that most pages repeat word for word
    # Kinds of prose that its pages show outside of the article; None: learned without them.
    beside: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDrift:
    """A template that was retired because its source's pages no longer fit it."""

    source: str
    version: int
    retired_at: datetime
    reason: str
