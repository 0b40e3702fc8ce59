"""Articles: what was read of a page, on the way into the archive and out of it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.model.match import FoundConcepts, Match
from crawler.model.page import Snapshot
from crawler.model.poll import Fate, Sighting
from crawler.model.reason import Reason
from crawler.model.source import Language
from crawler.model.template import Sample

Extraction = Literal["full", "empty", "timeout", "crashed"]
"""How reading the page went: with text, without any, or it broke its reader."""
BROKEN: frozenset[Extraction] = frozenset({"timeout", "crashed"})
"""The extractions after which only the feed's entry is known: the page broke its reader."""
ReaderName = Literal["template", "trafilatura", "json-ld", "framework", "fallback"]
"""What found the body: a learned template or a page rule, trafilatura, the page's JSON-LD, the data
of the framework that draws the page, or, for ``fallback``, our own weighing of every line, or the
feed's text."""
Oddity = Literal[
    "canonical_disputed",  # the address that it names as its own shows another story; not believed
    "canonical_foreign",  # the page claims to be another outlet's article; not believed
    "charset_conflict",  # header, meta element and bytes name different encodings
    "garbled",  # more than one letter in a hundred could not be decoded
    "half_rendered",  # the page shows less of the text than its framework's data hold
    "low_text",  # pictures and next to no text: what it says may stand in them
    "suspicious",  # hidden text would flag it, the visible text would not
    "truncated",  # longer than is stored; the text has its beginning and its end
    "unshown_body",  # the text stands in JSON-LD alone; labels that only it gives are doubtful
]
"""What is strange about a page, without being a reason to leave it out."""
DateSource = Literal["json-ld", "meta", "feed", "time", "text", "url"]
"""Where a date of publication was printed: the more structured, the more it is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDate:
    """When an article was published, and where that is printed."""

    at: datetime
    source: DateSource
    confidence: float  # 0 to 1; below 0.5 it is shown with a mark
    printed: str  # the text that was read as this date
    has_time: bool = (
        True  # False: only a day is printed, and ``at`` is its noon in the source's zone
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was read of a page."""

    source: str
    url: str  # of the page, after redirects
    canonical_url: str  # as the page names it, if that is believed; else where it was found
    url_key: str  # urls.key of where the page was found: the same for all spellings of the address
    claimed_key: str | None = None  # urls.key of ``canonical_url``, where that is another
    headline: str
    lead: str  # the standfirst, else the first paragraph, else the feed's summary
    body: str  # paragraphs separated by a blank line; empty if no text was found
    language: Language
    authors: tuple[str, ...] = ()
    section: str | None = None  # of the outlet, as the page names it
    image: str | None = None  # URL of the main picture
    summary: str = ""  # what description or feed say and the page does not show; "": nothing
    published: PublishedDate | None = None  # None: no date could be read
    modified_at: datetime | None = None
    first_seen_at: datetime  # when a feed first showed the address
    extraction: Extraction = "full"
    reader: ReaderName = "fallback"
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The result of reading a page: the article, its fingerprint, and the topics' matches."""

    article: Article
    fingerprint: bytes  # stories.fingerprint.compute(body); empty for texts too short to compare
    sample: Sample | None = None  # for learning the template; None if the page was read with one
    doubt: str = ""  # why the template was not believed; "" if it was, or if there is none
    ruled: tuple[str, ...] = ()  # keys of the source's page rule that found something on this page
    matches: tuple[Match, ...] = ()  # of topics with a label or a doubtful one only

    @property
    def fate(self) -> Fate:
        """``kept``, or ``quarantined`` if the page broke its reader: the article is made of the
        feed's entry then, and stored with the page's bytes for a better reader."""
        return "quarantined" if self.article.extraction in BROKEN else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedArticle:
    """A reading with all that the archive stores beside it, made where the page was read.

    The archive writes it as it is: it compresses no page and folds no words.
    """

    reading: Reading
    snapshot: Snapshot
    index_text: tuple[str, str]  # shadows of headline and text: languages.index_text
    copy_keys: tuple[int, ...]  # by which copies of the article are found: stories.wording
    concepts: FoundConcepts | None = None  # None: not looked for; they are found later


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A stored page that broke its reader."""

    article_id: int
    source: str
    url: str
    reason: str  # the extraction: timeout or crashed
    since: datetime  # when it was read last
    size: int  # bytes, uncompressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article; ``detail`` is for people."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article as the archive gives it back."""

    id: int
    article: Article
    matches: tuple[Match, ...] = ()  # of topics with a label or a doubtful one, by topic
    fingerprint: bytes = b""  # empty: too short to compare, or not read
    kept_at: datetime  # when it was first stored
    story: int | None = None  # the number of its story; None: not placed yet, or not read


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleToKeep:
    """A page that was read, with the sighting that led to it, ready to be written."""

    sighting: Sighting
    prepared: PreparedArticle
    kept_at: datetime
