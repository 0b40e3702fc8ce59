"""Articles that tell one event, folded: copies of a dispatch count once. Pure.

Two articles are copies when their signatures agree or their headlines are the same words. What is
not done here: recognising the same event told in other words, or in another language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.languages import folded_text
from crawler.model import ArchivedArticle
from crawler.stories import fingerprint

COPY = 0.6  # share of shingles; agency copies with another headline and first line keep above it
SHORTEST_HEADLINE = 4  # words; "Breaking news" is nobody's copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event as it was told: the article that stands for it, and its copies."""

    lead: ArchivedArticle
    copies: tuple[ArchivedArticle, ...] = ()


def group(articles: Sequence[ArchivedArticle]) -> tuple[Story, ...]:
    """The stories these articles tell, in the order of their first article; the earliest leads."""
    parent = list(range(len(articles)))

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    headlines = [folded_text(a.article.headline) for a in articles]
    for n, one in enumerate(articles):
        for m in range(n):
            same_words = (
                headlines[n] == headlines[m] and headlines[n].count(" ") >= SHORTEST_HEADLINE
            )
            if (
                same_words
                or fingerprint.similarity(one.fingerprint, articles[m].fingerprint) >= COPY
            ):
                parent[root(n)] = root(m)
    groups: dict[int, list[ArchivedArticle]] = {}
    for n, article in enumerate(articles):
        groups.setdefault(root(n), []).append(article)
    stories = []
    for members in groups.values():
        lead, *copies = sorted(members, key=_when)
        stories.append(Story(lead=lead, copies=tuple(copies)))
    return tuple(stories)


def _when(kept: ArchivedArticle) -> tuple[float, int]:
    published = kept.article.published
    at = published.at if published else kept.article.first_seen_at
    return at.timestamp(), kept.id
