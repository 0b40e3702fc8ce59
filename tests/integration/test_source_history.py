"""The counts that findings are judged by are those that a walk over all rows would give, on both
databases.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from crawler.model import Burst, FeedState, Gap, Poll, Template
from crawler.monitoring import health
from crawler.monitoring.check import HealthCheck
from storage import tables as t
from storage.archive import SqlArchive
from storage.coverage import SqlCoverage
from storage.source_history import SqlSourceHistory
from storage.templates import SqlTemplates
from tests.builders import NOW, a_source, an_entry, sighting_counts

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


def seen(archive: SqlArchive, source: str, times: Sequence[datetime]) -> None:
    """Sightings of a source, first seen at these moments."""
    rows = [
        {
            "source": source, "feed": f"http://{source}.test/feed", "url": f"http://{source}.test/{n}",
            "url_key": f"{source}.test/{n}", "entry": {}, "first_seen_at": at, "fate": "kept",
            "reason": "", "attempts": 1,
        }
        for n, at in enumerate(times)
    ]  # fmt: skip
    with archive.engine.begin() as c:
        c.execute(sa.insert(t.sightings), rows)


def polled(archive: SqlArchive, source: str, *first_success_at: datetime | None) -> None:
    """Feeds of a source, with when a poll of each first succeeded."""
    rows = [
        {
            "source": source, "feed": f"http://{source}.test/{n}", "failures": 0,
            "last_outcome": "nothing_new", "first_success_at": at, "last_success_at": NOW,
        }
        for n, at in enumerate(first_success_at)
    ]  # fmt: skip
    with archive.engine.begin() as c:
        c.execute(sa.insert(t.feeds), rows)


@pytest.mark.parametrize("count", [0, 1, 3, 150, 300])
def test_a_rhythm_is_counted_as_a_walk_over_its_rows_would(archive: SqlArchive, count: int) -> None:
    """By hour of the week in UTC, after the moment given; the longest pause to the millisecond."""
    chance, after = random.Random(count), NOW - health.RHYTHM_PERIOD
    times = [NOW - timedelta(days=40) * chance.random() for _ in range(count)]
    seen(archive, "news", [*times, after][: count + 1])
    seen(archive, "other", [NOW - HOUR, NOW])
    counted = SqlSourceHistory(archive.engine).sighting_counts("news", after)
    plain = sighting_counts(times, after)
    assert (counted is None) == (plain is None)
    if counted is not None and plain is not None:
        assert counted.by_hour == plain.by_hour
        assert (counted.first_at, counted.last_at) == (plain.first_at, plain.last_at)
        assert abs(counted.longest_pause - plain.longest_pause) < MILLISECOND


def test_what_stood_in_the_feeds_at_first_is_no_rhythm(archive: SqlArchive) -> None:
    """Of several feeds the first success counts: a source is judged by what came after it."""
    polled(archive, "news", None, NOW - timedelta(days=8), NOW - timedelta(days=9))
    seen(archive, "news", [NOW - timedelta(days=9, hours=1), NOW - timedelta(days=9)])
    check = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    )
    assert check.run([a_source()], NOW) == []
    ((found,),) = [check.run([a_source()], NOW + timedelta(days=13))]
    assert (found.kind, found.proof) == ("silent", "nothing new for 528 hours")


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ([NOW - 9 * HOUR + n * MILLISECOND for n in range(11)], True),
        ([NOW - 9 * HOUR + n * timedelta(minutes=5, seconds=59) for n in range(11)], True),
        ([NOW - 9 * HOUR + n * timedelta(minutes=6) for n in range(11)], False),
        ([NOW - 9 * HOUR] * 10, False),
        ([NOW - 25 * HOUR] * 20, False),
        ([NOW - 20 * HOUR, *[NOW - 3 * HOUR] * 11, NOW - HOUR], True),
    ],
)
def test_a_burst_is_more_than_its_size_within_its_time(
    archive: SqlArchive, times: list[datetime], found: bool
) -> None:
    """R17, here with ten in an hour for 2,000: as many over a day are a busy one; a day later it
    is over.
    """
    seen(archive, "news", times)
    seen(archive, "other", [NOW - HOUR] * 3)
    bursts = SqlSourceHistory(archive.engine).bursts(NOW - timedelta(days=1), 10, HOUR)
    assert bursts == ({"news": Burst(addresses=len(times), since=min(times))} if found else {})


def test_a_check_reads_no_more_the_more_was_sighted(
    archive: SqlArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every five minutes, of 28 days: the moments of first sight are counted in the database."""
    polled(archive, "news", NOW - timedelta(days=20))
    seen(archive, "news", [NOW - n * timedelta(minutes=9) for n in range(3_000)])
    decode, decoded = t.Moment.process_result_value, []

    def counted(self: t.Moment, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        decoded.append(value)
        return decode(self, value, dialect)

    monkeypatch.setattr(t.Moment, "process_result_value", counted)
    check = HealthCheck(
        coverage=SqlCoverage(archive.engine), history=SqlSourceHistory(archive.engine)
    )
    assert check.run([a_source()], NOW) == []
    assert 0 < len(decoded) < 30


def test_a_drift_is_opened_and_closed_with_its_template(archive: SqlArchive) -> None:
    """The finding stands in the archive until a new template is learned; not where none are
    learned.
    """
    templates = SqlTemplates(archive.engine)
    coverage, past = SqlCoverage(archive.engine), SqlSourceHistory(archive.engine)
    check = HealthCheck(coverage=coverage, history=past, drifts=templates.drifts)
    first = Template(source="news", version=1, body="div.text")
    templates.save(first, NOW - timedelta(days=9))
    templates.retire("news", 1, "three pages in a row were doubtful", NOW - timedelta(days=3))
    assert HealthCheck(coverage=coverage, history=past).run([a_source()], NOW) == []
    check.run([a_source()], NOW)
    assert [(f.source, f.kind) for f in coverage.findings()] == [("news", "template_drift")]
    templates.save(replace(first, version=2), NOW)
    check.run([a_source()], NOW)
    assert coverage.findings() == []


def test_a_gap_is_reported_once_its_poll_is_over(archive: SqlArchive) -> None:
    """While pages of the poll that opened it are read, nothing is lost for certain: session ids may
    make known stories look new."""
    feed = FeedState(source="news", feed="http://news.test/feed", first_success_at=NOW - HOUR)
    gap = Gap(
        source="news", feed=feed.feed, from_at=NOW - HOUR, to_at=NOW, reason="overflow", opened_at=NOW
    )  # fmt: skip
    poll = Poll(
        source="news", feed=feed.feed, started_at=NOW - HOUR, ended_at=NOW - HOUR, outcome="nothing_new"
    )  # fmt: skip
    archive.close_poll(poll, replace(feed, last_success_at=NOW, last_poll_at=NOW - HOUR))
    archive.record_entries("news", feed.feed, [("news.test/a", an_entry())], NOW, gap=gap)
    coverage, past = SqlCoverage(archive.engine), SqlSourceHistory(archive.engine)
    check = HealthCheck(coverage=coverage, history=past)
    assert check.run([a_source()], NOW) == []
    later = replace(feed, last_success_at=NOW, last_poll_at=NOW + MILLISECOND)
    archive.close_poll(replace(poll, started_at=NOW, ended_at=NOW + MILLISECOND), later)
    assert [found.kind for found in check.run([a_source()], NOW)] == ["overflow"]
