"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one page teaches about its source's mould: selectors that find a place in it and nothing
    else, the plainest first, and what stood there."""

    body: tuple[str, ...]
    headline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    length: int  # characters of the body
    linked: float  # share of the body's element that is links
    share: float  # of the page's paragraphs that stand in the body's element
    lines: tuple[
        int, ...
    ] = ()  # checksums of the body's lines: what each page says again is furniture


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Where on a source's pages body, headline and date stand, as learned; a version never changes."""

    source: str
    version: int
    body: str
    headline: str | None = None
    date: str | None = None
    length: int = 0  # the least of what was seen when it was learned; far less is doubtful …
    linked: float = 0.0  # … and so is far more than this share of links …
    share: float = 0.0  # … and far less than this share of the page's paragraphs
    furniture: tuple[int, ...] = ()  # checksums of the lines that most pages say word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDrift:
    """A template that its source's pages drifted away from: a finding about the source."""

    source: str
    version: int
    retired_at: datetime
    reason: str
