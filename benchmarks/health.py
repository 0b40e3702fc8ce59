"""What a health check costs on four weeks of sightings, beside one that reads every moment.

Fills an archive with sources that publish through the day, then times what a check reads of their
rhythm: counted in the database, and every first_seen_at read and counted in Python, as it was done
until the check was found to take the interpreter from the crawl every five minutes. Both give the
same counts; the run fails if they do not. Unlike Python, SQLite counts without the interpreter's
lock, and PostgreSQL in another process: processor time says only half of what the crawl gets
back.

``python -m benchmarks.health [--sources 116] [--a-day 60] [--archive URL]``

``--archive`` names an empty database (``postgresql://…``); without it, a SQLite file is made.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crawler.model import hour_of_week
from crawler.monitoring import health
from storage import tables as t
from storage.archive import SqlArchive, open_archive
from storage.engine import read_connection
from storage.source_history import SqlSourceHistory

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
Counts = dict[str, Counter[int]]  # by source and hour of the week
ROUNDS = 3  # the fastest of them counts


def main() -> None:
    """Fill, measure both ways, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=116)
    parser.add_argument("--a-day", type=int, default=60, help="addresses of each source")
    parser.add_argument("--archive", help="an empty database; else a SQLite file is made")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(chosen.archive or f"sqlite:///{folder}/health.sqlite")
        fill(archive, chosen.sources, chosen.a_day)
        compare(archive)
        archive.close()


def fill(archive: SqlArchive, sources: int, a_day: int) -> None:
    """So many sources, each with so many addresses a day for 28 days, from 7 to 22 o'clock."""
    chance = random.Random(1)
    for number in range(sources):
        slug = f"s{number}"
        row: dict[str, Any] = {"source": slug, "feed": f"http://{slug}.test/feed", "failures": 0}
        row |= {"first_success_at": NOW - timedelta(days=90), "last_outcome": "nothing_new"}
        rows = [
            {
                "source": slug, "feed": row["feed"], "url": f"http://{slug}.test/{n}",
                "url_key": f"{slug}.test/{n}", "entry": {}, "fate": "kept", "reason": "",
                "attempts": 1, "first_seen_at": moment(n // a_day, chance),
            }
            for n in range(28 * a_day)
        ]  # fmt: skip
        with archive.engine.begin() as c:
            c.execute(sa.insert(t.feeds).values(row))
            c.execute(sa.insert(t.sightings), rows)
    print(f"{sources} sources, {sources * 28 * a_day:,} sightings, {archive.engine.dialect.name}")


def moment(day: int, chance: random.Random) -> datetime:
    """A moment of working hours, so many days ago."""
    midnight = (NOW - timedelta(days=day + 1)).replace(hour=0)
    return midnight + timedelta(hours=7, seconds=chance.random() * 15 * 3600)


def compare(archive: SqlArchive) -> None:
    """One line each, and the ratio of processor time, which the crawl's interpreter has to do
    without.
    """
    since = NOW - health.RHYTHM_PERIOD
    counted, by_database = measured("counted in the database", lambda: all_counts(archive, since))
    read, by_rows = measured("every moment read", lambda: all_moments(archive, since))
    if counted != read:
        raise SystemExit("the two ways count differently")
    rows = sum(1 + len(hours) for hours in counted.values())
    print(f"  {by_rows / by_database:.1f} x less; {rows:,} rows read for {sum_of(read):,}")


def all_counts(archive: SqlArchive, since: datetime) -> Counts:
    """The hours of the week of each source, as a health check reads them."""
    history = SqlSourceHistory(archive.engine)
    with read_connection(archive.engine) as c:
        slugs = c.execute(sa.select(t.feeds.c.source)).scalars().all()
    counted = {slug: history.sighting_counts(slug, since) for slug in slugs}
    return {slug: Counter(counts.by_hour) for slug, counts in counted.items() if counts}


def sum_of(counts: Counts) -> int:
    """How many addresses were counted."""
    return sum(hours.total() for hours in counts.values())


def measured(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and the processor seconds of its fastest round."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        given = work()
        seconds.append(time.process_time() - began)
    print(f"  {name:24} {min(seconds):6.3f} s of processor")
    return given, min(seconds)


def all_moments(archive: SqlArchive, since: datetime) -> Counts:
    """The hours of the week of each source, of every moment in the period."""
    s, found = t.sightings.c, Counts()
    asked = sa.select(s.source, s.first_seen_at).where(s.first_seen_at > since)
    with read_connection(archive.engine) as c:
        for source, at in c.execute(asked.order_by(s.first_seen_at)):
            found.setdefault(source, Counter())[hour_of_week(at)] += 1
    return found


if __name__ == "__main__":
    main()
