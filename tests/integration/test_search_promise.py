"""A count is a promise: whatever is asked, it is what is found, on both databases, while a poll
writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from crawler import query
from storage.archive import SqlArchive, open_archive
from storage.search import SqlSearch
from tests import promise
from tests.examples import examples

ARTICLES = 300  # those of a longer trial by hand are 5,000


@pytest.fixture(scope="module")
def archives(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, SqlArchive]]:
    """The same articles on both databases."""
    name = f"t{uuid.uuid4().hex}"
    url = sa.make_url(postgres).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as c:
        c.execute(sa.text(f"CREATE DATABASE {name}"))
    file: Path = tmp_path_factory.mktemp("promise") / "archive.sqlite"
    urls = {
        "sqlite": f"sqlite:///{file}",
        "postgres": url.set(database=name).render_as_string(hide_password=False),
    }
    opened = {kind: open_archive(url) for kind, url in urls.items()}
    for archive in opened.values():
        promise.fill(archive, list(promise.readings(ARTICLES)))
    yield opened
    for archive in opened.values():
        archive.close()
    with admin.connect() as c:
        c.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="module")
def searches(archives: dict[str, SqlArchive]) -> dict[str, SqlSearch]:
    """The search of each."""
    return {kind: promise.search_of(archive) for kind, archive in archives.items()}


@pytest.fixture(scope="module")
def truth(searches: dict[str, SqlSearch]) -> promise.BruteForce:
    """Every article, asked for itself."""
    found = promise.BruteForce.of(searches["sqlite"])
    assert len(found.documents) == ARTICLES
    return found


def test_both_databases_answer_as_the_evaluator_does(
    searches: dict[str, SqlSearch], truth: promise.BruteForce
) -> None:
    """For queries of the whole grammar: the same articles in the same order."""

    @settings(max_examples=examples(80), deadline=None)
    @given(promise.TREES)
    def agree(asked: query.Query) -> None:
        expected = truth.answers(asked)
        for kind, search in searches.items():
            assert promise.answers(search, asked) == expected, (kind, query.write(asked))

    agree()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_count_is_what_is_exported_while_articles_arrive(
    archives: dict[str, SqlArchive], searches: dict[str, SqlSearch], kind: str
) -> None:
    """Page, count, export, facets and histogram of one moment are of the same articles."""
    with promise.writing(archives[kind]) as arrived:

        @settings(max_examples=examples(40), deadline=None)
        @given(promise.TREES)
        def hold(asked: query.Query) -> None:
            with searches[kind].at_one_moment() as moment:
                assert promise.broken_promises(moment, asked) == [], query.write(asked)

        hold()
        while arrived[-1] == 0:  # a busy machine: the writer has not had its turn yet
            hold()
    assert arrived[-1] > 0
