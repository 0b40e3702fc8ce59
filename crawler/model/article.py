"""The nouns that flow through rasd: frozen records, no behaviour beyond naming themselves.

Every datetime is aware UTC and its name ends in ``_at``; offsets are counted in characters of the
original text, end exclusive. Where a noun is defined for people: ``docs/vocabulary.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.match import Match
from crawler.model.page import Snapshot
from crawler.model.poll import Fate, Sighting
from crawler.model.reason import Reason
from crawler.model.source import Language
from crawler.model.template import Sample

Extraction = Literal["full", "empty", "timeout", "crashed"]
BROKEN: frozenset[Extraction] = frozenset({"timeout", "crashed"})  # the page broke its reader
# What found the body: the place a template or a page rule names, trafilatura, the page's JSON-LD, or
# none of these: ``fallback`` is our own look at every line, or the feed's words.
ReaderName = Literal["template", "trafilatura", "json-ld", "fallback"]
Oddity = Literal[  # what is strange about a page, and is no reason to leave it out
    "canonical_foreign",  # it says that it is another outlet's article; not believed
    "charset_conflict",  # header, meta and bytes name different encodings
    "garbled",  # more than one letter in a hundred could not be decoded
    "low_text",  # pictures and next to no text: what it says may stand in them
    "suspicious",  # text that no reader sees would flag it, what they see would not
    "truncated",  # longer than is kept; the text has its head and its tail
]
DateSource = Literal["json-ld", "meta", "feed", "time", "text", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDate:
    """When an article says it was published, and who says so. ``printed`` is the text it said."""

    at: datetime
    source: DateSource
    confidence: float  # 0–1; below 0.5 it is shown with a mark
    printed: str
    has_time: bool = True  # False: only a day was printed, ``at`` is its noon in the source's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was understood of a page. Paragraphs of ``body`` are separated by a blank line."""

    source: str
    url: str
    canonical_url: str
    url_key: str  # urls.key(canonical_url): one identity for all shapes of the address
    headline: str
    lead: str  # a prefix-like summary: the first paragraph, or the feed's summary if no body
    body: str
    language: Language
    authors: tuple[str, ...] = ()
    section: str | None = None
    image: str | None = None
    published: PublishedDate | None = None
    modified_at: datetime | None = None
    first_seen_at: datetime
    extraction: Extraction = "full"
    reader: ReaderName = "fallback"
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page read to the end: the article, its near-duplicate signature, what topics saw in it."""

    article: Article
    fingerprint: bytes  # fingerprint.of(body): empty for texts too short to compare
    sample: Sample | None = None  # for learning the source's template; only from slow readings
    doubt: str = ""  # why the source's template was not believed; "" where it was, or where none is
    ruled: tuple[str, ...] = ()  # keys of the source's page rule that found something on this page
    matches: tuple[Match, ...] = ()  # only topics with a label or a doubtful one

    @property
    def fate(self) -> Fate:
        """``kept``; ``quarantined`` where the page broke its reader and only its feed's entry was
        read: the article is kept with the page's bytes, for a reader that can."""
        return "quarantined" if self.article.extraction in BROKEN else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedArticle:
    """A reading with all that the archive stores beside it, made where the page was read.

    The archive writes it as it is: it compresses no page and folds no words.
    """

    reading: Reading
    snapshot: Snapshot
    index_text: tuple[str, str]  # words of the headline, and of the text: languages.index_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page that broke its reader, and lies in the archive with its bytes."""

    article_id: int
    source: str
    url: str
    reason: str  # the extraction: timeout or crashed
    since: datetime
    size: int  # bytes, unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article as the archive gives it back, with its id and its matches."""

    id: int
    article: Article
    matches: tuple[Match, ...] = ()
    fingerprint: bytes = b""
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleToKeep:
    """A page that was read, with the sighting that led to it, ready to be written."""

    sighting: Sighting
    prepared: PreparedArticle
    kept_at: datetime
