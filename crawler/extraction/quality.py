"""What is strange about a page, though it is read: noted with its article, never a reason to leave it out. Pure.

``health`` makes findings of them, ``rasd try``, ``show`` and ``explain`` say them. What only hidden
text would flag is found by ``reading``, which knows the topics.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler import urls
from crawler.extraction.metadata import PageMetadata
from crawler.model import Article, Oddity, Page

GARBLED = 0.01  # share of a text that could not be decoded
LOW_TEXT = 200  # characters; a captioned picture has fewer, the shortest agency item has more


def quality_flags(
    article: Article, page: Page, facts: PageMetadata, *, conflict: bool, longest: int
) -> tuple[Oddity, ...]:
    """The oddities of an article, by name; ``conflict``: what its bytes are is not what it declared;
    ``longest``: the characters at which a body is cut."""
    return tuple(sorted(_flags(article, page, facts, conflict, longest)))


def _flags(
    article: Article, page: Page, facts: PageMetadata, conflict: bool, longest: int
) -> Iterator[Oddity]:
    if conflict:
        yield "charset_conflict"
    if _is_garbled(f"{article.headline}{article.body}"):
        yield "garbled"
    if len(article.body) < LOW_TEXT and (facts.pictures or facts.image):
        yield "low_text"
    if len(article.body) >= longest:
        yield "truncated"
    if any(_is_foreign(said, page.url) for said in (facts.canonical, facts.shared)):
        yield "canonical_foreign"


def _is_garbled(text: str) -> bool:
    return text.count("\ufffd") > GARBLED * len(text)


def _is_foreign(said: str | None, url: str) -> bool:
    """Whether an address that a page gives as its own is another site's (P11)."""
    clean = urls.clean(said, url) if said and said != url else None
    return clean is not None and urls.registrable(clean) != urls.registrable(url)
