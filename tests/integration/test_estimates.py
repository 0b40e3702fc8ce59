"""An estimate is what a search finds in the last 100 days, counted in one moment of the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import app, seeds
from crawler.app.estimates import estimate_query
from crawler.errors import IndexDamagedError
from crawler.model import SearchFilters
from crawler.query import parse, resolve
from storage.archive import SqlArchive, open_archive
from storage.search import SqlSearch
from tests import small_archive
from tests.builders import NOW, a_date
from tests.emptied import empty_index

SEEDS = seeds.load(small_archive.SEEDS, kinds=["feed", "sitemap"])
TODAY = NOW + timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path, archive_url: str) -> Iterator[SqlArchive]:
    """Five articles, and forty of all days of the last 120, some of them doubtful."""
    small_archive.install(tmp_path, archive_url)
    (topic,) = SEEDS.topics.values()
    with closing(open_archive(archive_url)) as archive:
        for number in range(40):
            at = TODAY - timedelta(days=3 * number, hours=number % 7)
            words = "A flood. The river rose." if number % 3 else "A river in a sentence."
            body = f"{words} Number {number * 97} of {number * 31}."
            headline = f"Report {number * 13}"
            small_archive.keep(
                archive, topic, f"/n{number}", body, headline=headline, published=a_date(at)
            )
        yield archive


@pytest.fixture
def search(desk: SqlArchive) -> SqlSearch:
    """The search of that archive."""
    return app.open_search(desk, SEEDS, SEEDS.concepts)


@pytest.mark.parametrize(
    "asked",
    [
        "river",
        "flood OR weather",
        '"the river"',
        "concept:river SAME SENTENCE concept:flood",
        "NOT flood",
        "@high-water",
        "label:floods",
        "river before:2026-10-01",
        "nowhere",
    ],
)
def test_an_estimate_is_what_is_found(search: SqlSearch, asked: str) -> None:
    """By day and in all, for what the index decides and for what is judged; and of those on the
    watch list."""
    tree = resolve(parse(asked), {slug: one.query for slug, one in SEEDS.queries.items()})
    found = estimate_query(search, tree, TODAY)
    since = SearchFilters(since=TODAY.replace(hour=0) - timedelta(days=99))
    days = Counter(
        (kept.article.published.at if kept.article.published else kept.article.first_seen_at).date()
        for kept, _ in search.every(tree, since)
    )
    assert (found.found, found.is_exact) == (days.total(), True)
    assert found.worst == max(days.values(), default=0)
    assert days[found.worst_on] == found.worst if found.worst_on else not days
    doubtful = SearchFilters(since=since.since, label="doubtful")
    assert found.doubtful == search.count(tree, doubtful)
    assert found.archive_begins == (TODAY - timedelta(days=99)).date()


def test_an_estimate_that_is_not_counted_to_its_end_is_a_least(search: SqlSearch) -> None:
    """It knows no worst day."""
    asked = parse("(river NEAR/9 rose) OR sentence >= 1")
    found = estimate_query(search, asked, TODAY, seconds=0.0)
    assert not found.is_exact and found.found <= estimate_query(search, asked, TODAY).found
    assert found.worst is None and found.worst_on is None


def test_a_damaged_index_is_no_estimate_of_nothing(desk: SqlArchive, search: SqlSearch) -> None:
    """The error says so, as that of a search does."""
    with desk.engine.begin() as c:
        empty_index(c)
    with pytest.raises(IndexDamagedError):
        estimate_query(search, parse("river"), TODAY)
