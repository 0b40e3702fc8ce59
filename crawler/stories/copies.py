"""Articles that tell one story, folded into it: who leads it, and its copies by time. Pure.

``likeness`` says what a copy is, ``placing`` to which story an article belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model import ArchivedArticle
from crawler.stories import placing
from crawler.stories.placing import Place, Placing

# A dispatch is copied within days. An article first seen longer after its date is an old one that a
# feed or sitemap shows now, or its date is wrong; either way it is no beginning of today's story.
MAX_NEWS_AGE = timedelta(days=7)


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


def group(articles: Sequence[ArchivedArticle]) -> tuple[Story, ...]:
    """The stories of these articles, in the order of their first article.

    Which story an article belongs to is known since it was kept; one that has no place yet is
    compared with all that are given.
    """
    groups: dict[int, list[ArchivedArticle]] = {}
    for kept, number in zip(articles, _numbers(articles), strict=True):
        groups.setdefault(number, []).append(kept)
    return tuple(_story(members) for members in groups.values())


def _numbers(articles: Sequence[ArchivedArticle]) -> list[int]:
    """The story of each article; below zero what has no place in the archive yet."""
    if all(kept.story is not None for kept in articles):
        return [kept.story or 0 for kept in articles]
    told = {number: placing.told(kept.article) for number, kept in enumerate(articles)}
    work = Placing(load=lambda numbers: {number: told[number] for number in numbers})
    for number, kept in enumerate(articles):
        if kept.story is not None:
            work.know(number, told[number], Place(-number - 1, kept.story))
    for number, kept in enumerate(articles):
        if kept.story is None:
            work.place(number, told[number], alone=Place(-number - 1, -number - 1))
    return [work.current(work.places[number]).story for number in told]


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
