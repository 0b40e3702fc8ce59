"""Quality flags of a page: noted with its article, never a reason to reject it. Pure.

``monitoring.health`` turns them into findings; ``rasd try``, ``show`` and ``explain`` print them.
Matches in hidden text only are found by ``reading``, which knows the topics.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler import urls
from crawler.extraction.metadata import PageMetadata
from crawler.model import Article, Oddity, Page

MAX_GARBLED_SHARE = 0.01  # share of a text that could not be decoded
# characters; a captioned picture has fewer, the shortest agency item has more
MIN_TEXT_CHARACTERS = 200


def find_quality_flags(
    article: Article, page: Page, facts: PageMetadata, *, conflict: bool, longest: int
) -> tuple[Oddity, ...]:
    """The article's quality flags, sorted.

    ``conflict``: the declared encoding is wrong; ``longest``: the length at which a body is cut.
    """
    return tuple(sorted(_flags(article, page, facts, conflict, longest)))


def _flags(
    article: Article, page: Page, facts: PageMetadata, conflict: bool, longest: int
) -> Iterator[Oddity]:
    if conflict:
        yield "charset_conflict"
    if _is_garbled(f"{article.headline}{article.body}"):
        yield "garbled"
    if len(article.body) < MIN_TEXT_CHARACTERS and (facts.pictures or facts.image):
        yield "low_text"
    if len(article.body) >= longest:
        yield "truncated"
    if any(_is_foreign(said, page.url) for said in (facts.canonical, facts.shared)):
        yield "canonical_foreign"


def _is_garbled(text: str) -> bool:
    return text.count("\ufffd") > MAX_GARBLED_SHARE * len(text)


def _is_foreign(said: str | None, url: str) -> bool:
    """Whether the URL that a page declares as its own is another site's (P11)."""
    clean = urls.clean(said, url) if said and said != url else None
    return clean is not None and urls.registrable(clean) != urls.registrable(url)
