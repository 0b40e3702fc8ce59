"""A sweep: every stored article judged again, in worker processes that only read.

::

    ranges of ids ─► worker: scan ─► gate ─► exact verdict ─► compare ─► changes ─► in order of ids

A worker gets its range with the topics and opens the archive itself; spawn, since the parent may hold
threads and connections. What changes nothing never leaves its worker.
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
from crawler.matching.backtest import Change
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match
from crawler.ports import ArticleScan

GARBAGE_AFTER = (
    100_000  # objects: a document holds no cycles, and looking for them costs a tenth of the time
)
RANGE = 1_000  # articles a task: a second of work, so that two workers end at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is asked. ``before`` None: the verdicts stored in the archive; else these topics' verdicts."""

    open_scan: Callable[[], ArticleScan]
    after: Sequence[Topic]
    before: Mapping[str, Topic] | None = None
    countries: Mapping[str, str] | None = None  # by source
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One range, judged: how many articles it held, and what is different."""

    articles: int
    changes: tuple[Change, ...]


def run(sweep: Sweep, workers: int) -> Iterator[Part]:
    """The parts in order of ids. Few articles are judged in this process: a worker takes a second to start."""
    scan = sweep.open_scan()
    try:
        ranges = scan.ranges(RANGE, sweep.since)
    finally:
        scan.close()
    if workers < 2 or len(ranges) < 2:
        for one in ranges:
            yield judge(sweep, one)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(ranges)), mp_context=spawn, initializer=_begin
    ) as pool:
        try:
            yield from pool.map(judge, [sweep] * len(ranges), ranges)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """At a worker's start: what is loaded stays, and what is judged is freed without being looked for."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


def judge(sweep: Sweep, ids: tuple[int, int]) -> Part:
    """One range of ids, both inclusive."""
    scan, count = sweep.open_scan(), 0
    changes: list[Change] = []
    try:
        for kept in scan.articles(*ids, sweep.since):
            count += 1
            country = (sweep.countries or {}).get(kept.article.source, "")
            fields = matching.fields_of(kept.article, country=country)
            changes.extend(_changes(sweep, kept, fields))
    finally:
        scan.close()
    return Part(articles=count, changes=tuple(changes))


def _changes(sweep: Sweep, kept: ArchivedArticle, fields: Fields) -> Iterator[Change]:
    for topic in sweep.after:
        after = _verdict(topic, fields)
        if sweep.before is None:
            before = next((m for m in kept.matches if m.topic == topic.slug), None)
            different = before != after and not (
                before and matching.is_unseen(kept.article, before)
            )
        else:
            old = sweep.before.get(topic.slug)
            before = _verdict(old, fields) if old is not None else None
            different = set(backtest.labels(before)) != set(backtest.labels(after))
        if different:
            yield backtest.change(kept, topic, fields, before, after)


def _verdict(topic: Topic, fields: Fields) -> Match | None:
    """What would be stored: nothing where no label holds and none is doubtful."""
    found = matching.matcher(topic).match(fields)
    return found if found.labels or found.doubtful else None
