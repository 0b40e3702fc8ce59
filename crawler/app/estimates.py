"""Estimates of queries: the articles of the last days, counted as a search finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from math import inf

from crawler.model import ArchivedArticle, FoundArticles, SearchFilters
from crawler.query import WATCH_LABEL, Query
from crawler.query.estimate import DAYS, Estimate, estimate, first_day
from storage.search import SqlSearch

# Counted together: a histogram of more than three months has bars of a month, which say nothing
# of the worst day.
DAYS_AT_ONCE = DAYS // 2
COUNTS = 3  # the two halves, and those that are doubtful


def estimate_query(
    search: SqlSearch, asked: Query, now: datetime, *, seconds: float | None = None
) -> Estimate:
    """What the query has found lately, all of one moment of the archive.

    Where the index decides, the numbers are exact; else counting takes about ``seconds`` at most
    (None: as long as it takes). An estimate that was not counted to its end is not exact: it knows
    no worst day. Raises what a search raises.
    """
    today = now.astimezone(UTC).date()
    begin, end = _midnight(first_day(today)), _midnight(today + timedelta(days=1))
    middle = begin + timedelta(days=DAYS_AT_ONCE)
    most = inf if seconds is None else seconds / COUNTS
    whole = SearchFilters(since=begin, until=end)
    parts = [replace(whole, until=middle), replace(whole, since=middle)]
    with search.at_one_moment() as moment:
        count = partial(moment.page, asked, limit=0, counting_seconds=most)
        counted = [count(filters=part, facets=True) for part in parts]
        doubtful = count(filters=replace(whole, label=WATCH_LABEL)).count
        oldest = moment.page(None, whole, limit=1, order="oldest").articles
    found = sum(page.count for page in counted)
    if not found:
        search.find(asked, limit=1)  # it raises IndexDamagedError, if that is why
    return estimate(
        dict(bar for page in counted for bar in _days(page)),
        today,
        doubtful=doubtful,
        archive_begins=_day(oldest[0][0]) if oldest else None,
        at_least=None if all(page.is_exact for page in counted) else found,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _days(page: FoundArticles) -> Iterator[tuple[date, int]]:
    for day, articles in page.histogram.bars if page.histogram is not None else ():
        yield date.fromisoformat(day), articles


def _day(kept: ArchivedArticle) -> date:
    published = kept.article.published
    at = published.at if published is not None else kept.article.first_seen_at
    return at.astimezone(UTC).date()
