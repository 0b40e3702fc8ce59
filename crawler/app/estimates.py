"""Estimates of queries: the articles of the last days, counted as a search finds them."""

from __future__ import annotations

import time as clocks
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

from crawler.model import ArchivedArticle, Match, SearchFilters
from crawler.query import Query
from crawler.query.estimate import Estimate, estimate, first_day
from storage.search import SqlSearch

Answers = Iterable[tuple[ArchivedArticle, Match | None]]


def estimate_query(
    search: SqlSearch,
    asked: Query,
    now: datetime,
    *,
    seconds: float | None = None,
    shown: Callable[[Answers], Answers] = iter,
) -> Estimate:
    """What the query has found lately.

    Counting takes about ``seconds`` at most (None: as long as it takes); what was not counted then
    is missing, and the estimate is not exact. ``shown`` may count the articles for people as they
    are read. Raises what a search raises.
    """
    today = now.astimezone(UTC).date()
    since, until = _midnight(first_day(today)), _midnight(today + timedelta(days=1))
    lately = SearchFilters(since=since, until=until)
    ends = None if seconds is None else clocks.monotonic() + seconds
    by_day: Counter[date] = Counter()
    doubtful, is_exact = 0, True
    with closing(_every(search, asked, lately)) as found:
        for kept, _ in shown(found):
            if ends is not None and clocks.monotonic() > ends:
                is_exact = False
                break
            by_day[_day(kept)] += 1
            doubtful += _is_doubtful(kept)
    oldest = search.page(None, lately, limit=1, order="oldest").articles
    begins = _day(oldest[0][0]) if oldest else None
    return estimate(by_day, today, doubtful=doubtful, archive_begins=begins, is_exact=is_exact)


def _every(
    search: SqlSearch, asked: Query, filters: SearchFilters
) -> Generator[tuple[ArchivedArticle, Match | None]]:
    yield from search.every(asked, filters)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(kept: ArchivedArticle) -> date:
    published = kept.article.published
    at = published.at if published is not None else kept.article.first_seen_at
    return at.astimezone(UTC).date()


def _is_doubtful(kept: ArchivedArticle) -> bool:
    """Whether it is on the watch list: a topic nearly gave it a label, and none did."""
    return any(m.doubtful for m in kept.matches) and not any(m.labels for m in kept.matches)
