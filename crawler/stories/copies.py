"""Copies of one dispatch folded into one story. Pure.

Two articles are copies if their signatures agree or their headlines are the same words; copies of
copies belong to the same story. Not recognised here: the same event in other words or another
language.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.languages import folded_text
from crawler.model import ArchivedArticle
from crawler.stories import fingerprint

# Share of shingles; agency copies with another headline and first line stay above it. It must be
# over one half, or the bands of ``fingerprint`` could miss a pair.
COPY_SIMILARITY = 0.6
# A dispatch is copied within days. An article first seen longer after its date is an old one that a
# feed or sitemap shows now, or its date is wrong; either way it is no beginning of today's story.
MAX_NEWS_AGE = timedelta(days=7)
MIN_HEADLINE_WORDS = 5  # shorter headlines ("Breaking news") are too generic to identify a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event: the article that stands for it, and its copies by time.

    The earliest leads, but none dated more than ``MAX_NEWS_AGE`` before it was first seen or before
    the newest: a copy under a date of another year, right or wrong, began nothing.
    """

    lead: ArchivedArticle
    copies: tuple[ArchivedArticle, ...] = ()

    @property
    def members(self) -> tuple[ArchivedArticle, ...]:
        """The lead and its copies."""
        return (self.lead, *self.copies)


Similar = Callable[[bytes, bytes], bool]


def are_similar(a: bytes, b: bytes) -> bool:
    """Whether two signatures are those of copies."""
    return fingerprint.similarity(a, b) >= COPY_SIMILARITY


def group(articles: Sequence[ArchivedArticle], similar: Similar = are_similar) -> tuple[Story, ...]:
    """The stories of these articles, in the order of their first article.

    Nearly linear: signatures are compared only if they share a band, and only with one member of
    each story until one is similar. The result is that of comparing every pair.
    """
    sets = _Sets(len(articles))
    for same in _by_headline(articles):
        for number in same[1:]:
            sets.join(same[0], number)
    signatures = [a.fingerprint for a in articles]
    for numbers in _by_band(signatures):
        _join_similar(numbers, signatures, sets, similar)
    groups: dict[int, list[ArchivedArticle]] = {}
    for number, article in enumerate(articles):
        groups.setdefault(sets.root(number), []).append(article)
    return tuple(_story(members) for members in groups.values())


def _by_headline(articles: Sequence[ArchivedArticle]) -> Iterator[list[int]]:
    headlines = (folded_text(a.article.headline) for a in articles)
    long = (
        (headline, number)
        for number, headline in enumerate(headlines)
        if headline.count(" ") + 1 >= MIN_HEADLINE_WORDS
    )
    return _shared(long)


def _by_band(signatures: Sequence[bytes]) -> Iterator[list[int]]:
    """Numbers of articles that share a band; equal signatures come together, once."""
    first: dict[bytes, list[int]] = {}
    for number, signature in enumerate(signatures):
        first.setdefault(signature, []).append(number)
    yield from (same for signature, same in first.items() if signature and len(same) > 1)
    keys = (
        ((place, band), same[0])
        for signature, same in first.items()
        for place, band in enumerate(fingerprint.bands(signature))
    )
    yield from _shared(keys)


def _shared(keys: Iterable[tuple[Hashable, int]]) -> Iterator[list[int]]:
    """The numbers that stand under the same key, where there are several."""
    buckets: dict[Hashable, list[int]] = {}
    for key, number in keys:
        buckets.setdefault(key, []).append(number)
    return (numbers for numbers in buckets.values() if len(numbers) > 1)


def _join_similar(
    numbers: Sequence[int], signatures: Sequence[bytes], sets: _Sets, similar: Similar
) -> None:
    """Join what is similar among these, comparing only members of different stories."""
    stories: dict[int, list[int]] = {}
    for number in numbers:
        stories.setdefault(sets.root(number), []).append(number)
    apart: list[list[int]] = []
    for members in stories.values():
        kept = []
        for other in apart:
            if _any_similar(members, other, signatures, similar):
                sets.join(other[0], members[0])
                members = other + members
            else:
                kept.append(other)
        apart = [*kept, members]


def _any_similar(
    some: Sequence[int], others: Sequence[int], signatures: Sequence[bytes], similar: Similar
) -> bool:
    return any(similar(signatures[a], signatures[b]) for a in some for b in others)


class _Sets:
    """Disjoint sets of article numbers; the root of a set is its smallest number."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def join(self, a: int, b: int) -> None:
        low, high = sorted((self.root(a), self.root(b)))
        self._parent[high] = low


def _story(members: Sequence[ArchivedArticle]) -> Story:
    ordered = sorted(members, key=_when)
    begin = max(map(reported_at, ordered)) - MAX_NEWS_AGE
    late = [kept for kept in ordered if reported_at(kept) >= begin]
    lead = next((kept for kept in late if not is_dated_earlier(kept)), late[0])
    return Story(lead=lead, copies=tuple(kept for kept in ordered if kept is not lead))


def is_dated_earlier(kept: ArchivedArticle) -> bool:
    """Whether it was published more than ``MAX_NEWS_AGE`` before it was first seen."""
    published = kept.article.published
    return published is not None and kept.article.first_seen_at - published.at > MAX_NEWS_AGE


def reported_at(kept: ArchivedArticle) -> datetime:
    """When the outlet published it, as far as is known: a date after we first saw it is wrong."""
    seen_at, published = kept.article.first_seen_at, kept.article.published
    return min(published.at, seen_at) if published is not None else seen_at


def _when(kept: ArchivedArticle) -> tuple[datetime, int]:
    published = kept.article.published
    return published.at if published else kept.article.first_seen_at, kept.id
