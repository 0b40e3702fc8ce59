"""Match all stored articles again, in worker processes that only read.

::

    ranges of ids ─► worker: scan ─► prefilter ─► match ─► compare ─► changes ─► in order of ids

A worker receives its range with the topics and opens the archive itself. Processes are spawned, not
forked, since the parent may hold threads and connections. Only changes are sent back.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from crawler import matching
from crawler.matching import backtest
from crawler.matching.backtest import VerdictChange
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Rejudgement
from crawler.ports import ArticleScan

# objects: a document holds no cycles, and looking for them costs a tenth of the time
GC_THRESHOLD_OBJECTS = 100_000
# articles a task: a second of work, so that two workers end at the same time
ARTICLES_PER_TASK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RejudgeJob:
    """What to compare. With ``before`` None, stored matches are compared; else those of these
    topics.
    """

    open_scan: Callable[[], ArticleScan]
    after: Sequence[Topic]
    before: Mapping[str, Topic] | None = None
    countries: Mapping[str, str] | None = None  # by source
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejudgedRange:
    """The result for one range of ids: how many articles it has, and what changed."""

    articles: int
    changes: tuple[VerdictChange, ...]


def rejudge(sweep: RejudgeJob, workers: int) -> Iterator[RejudgedRange]:
    """Yield the results in order of ids. Few articles are matched in this process: a worker
    starts slowly.
    """
    scan = sweep.open_scan()
    try:
        ranges = scan.ranges(ARTICLES_PER_TASK, sweep.since)
    finally:
        scan.close()
    if workers < 2 or len(ranges) < 2:
        for one in ranges:
            yield rejudge_range(sweep, one)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(ranges)), mp_context=spawn, initializer=_start_worker
    ) as pool:
        try:
            yield from pool.map(rejudge_range, [sweep] * len(ranges), ranges)
        finally:
            pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    """Configure the garbage collector of a worker: loaded modules are exempt, collections are
    rare.
    """
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD_OBJECTS)


def rejudge_range(sweep: RejudgeJob, ids: tuple[int, int]) -> RejudgedRange:
    """Match one range of ids again, both ends inclusive."""
    scan, count = sweep.open_scan(), 0
    changes: list[VerdictChange] = []
    try:
        for kept in scan.articles(*ids, sweep.since):
            count += 1
            country = (sweep.countries or {}).get(kept.article.source, "")
            fields = matching.article_fields(kept.article, country=country)
            changes.extend(_changes(sweep, kept, fields))
    finally:
        scan.close()
    return RejudgedRange(articles=count, changes=tuple(changes))


def rejudge_articles(
    articles: Sequence[ArchivedArticle], countries: Mapping[str, str], topics: Sequence[Topic]
) -> list[Rejudgement]:
    """What these topics make of stored articles, where it differs from what is stored."""
    found: list[Rejudgement] = []
    for kept in articles:
        country = countries.get(kept.article.source, "")
        fields = matching.article_fields(kept.article, country=country)
        for topic in topics:
            before, after = _stored(topic, kept), _verdict(topic, fields)
            if _is_outdated(kept, before, after):
                relabelled = backtest.labels_or_none(before) != backtest.labels_or_none(after)
                one = Rejudgement(
                    article_id=kept.id, topic=topic.slug, match=after, relabelled=relabelled
                )
                found.append(one)
    return found


def _changes(sweep: RejudgeJob, kept: ArchivedArticle, fields: Fields) -> Iterator[VerdictChange]:
    for topic in sweep.after:
        after = _verdict(topic, fields)
        if sweep.before is None:
            before = _stored(topic, kept)
            different = _is_outdated(kept, before, after)
        else:
            old = sweep.before.get(topic.slug)
            before = _verdict(old, fields) if old is not None else None
            different = set(backtest.labels_or_none(before)) != set(backtest.labels_or_none(after))
        if different:
            yield backtest.compare_verdicts(kept, topic, fields, before, after)


def _stored(topic: Topic, kept: ArchivedArticle) -> Match | None:
    return next((m for m in kept.matches if m.topic == topic.slug), None)


def _is_outdated(kept: ArchivedArticle, before: Match | None, after: Match | None) -> bool:
    if before == after:
        return False
    return not (before and matching.is_from_hidden_text(kept.article, before))


def _verdict(topic: Topic, fields: Fields) -> Match | None:
    """The match that would be stored; None if no label holds and none is doubtful."""
    found = matching.get_matcher(topic).match(fields)
    return found if found.labels or found.doubtful else None
