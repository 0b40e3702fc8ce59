"""Plans: what the index decides is not judged, what is shown and counted is of one moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import matching
from crawler.matching import shadow
from crawler.model import ArchivedArticle, SearchFilters
from crawler.query import Query, parse
from storage.archive import SqlArchive
from storage.search import SqlSearch, plan
from tests.builders import NOW, a_date
from tests.integration.test_archive import keep

COUNTRIES = {"news": "MA", "other": "IQ"}


@pytest.fixture
def ids(archive: SqlArchive) -> list[int]:
    """Six articles, a day apart, the newest first; every other one in French."""
    return [
        keep(
            archive,
            f"/{n}",
            "The dam was opened." if n % 3 else "A river.",
            *(["general"] if n == 2 else []),
            language="fr" if n % 2 else "en",
            source="other" if n > 3 else "news",
            published=a_date(NOW - timedelta(days=n)),
        )
        for n in range(6)
    ]


def a_search(archive: SqlArchive, **changes: Any) -> SqlSearch:
    """A search without concepts."""
    evaluate = changes.pop("evaluate", matching.Evaluator({}, COUNTRIES))
    return SqlSearch(archive.engine, evaluate, lambda name: (), countries=COUNTRIES, **changes)


def refuse(asked: Query, kept: ArchivedArticle) -> None:
    """An evaluator that may not be asked."""
    raise AssertionError(f"{asked} was judged on article {kept.id}")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("lang:fr", [1, 3, 5]),
        ("NOT lang:fr", [0, 2, 4]),
        ("country:IQ OR label:general", [2, 4, 5]),
        ("NOT (country:IQ OR lang:fr)", [0, 2]),
        ("after:2026-11-21 before:2026-11-23", [1, 2]),
        ("NOT after:2026-11-21", [3, 4, 5]),
        ("before:2026-11-20 OR after:2026-11-23", [0, 4, 5]),
        ("title:(source:news) NOT label:water/general", [0, 1, 3]),
    ],
)
def test_what_is_exact_is_not_judged(
    archive: SqlArchive, ids: list[int], asked: str, answer: list[int]
) -> None:
    """Pages, counts and exports of a plan that decides ask the evaluator nothing."""
    search = a_search(archive, evaluate=refuse, locate=lambda asked, kept: ())
    query, wanted = parse(asked), [ids[n] for n in answer]
    assert [kept.id for kept, _ in search.every(query)] == wanted
    assert [kept.id for kept, _ in search.every(query, order="oldest")] == wanted[::-1]
    assert search.count(query) == len(wanted)
    page = search.page(query, limit=1, after=wanted[0], counting_seconds=0)
    assert [kept.id for kept, _ in page.articles] == wanted[1:2]
    assert (page.count, page.is_exact, page.goes_on) == (len(wanted), True, len(wanted) > 2)


def test_a_moment_within_a_minute_limits_exactly(archive: SqlArchive, ids: list[int]) -> None:
    """Ranks know minutes; seconds are compared, too."""
    search = a_search(archive, evaluate=refuse)
    at = NOW - timedelta(days=2)
    second = timedelta(seconds=1)

    def found(**limits: Any) -> list[int]:
        return [kept.id for kept, _ in search.find(None, SearchFilters(**limits))]

    assert found(since=at) == ids[:3] and found(until=at) == ids[3:]
    assert found(since=at + second) == ids[:2] and found(until=at + second) == ids[2:]
    assert found(since=at - second) == ids[:3] and found(until=at - second) == ids[3:]


@pytest.mark.parametrize("asked", ["dam", "NOT river", "lang:fr", "dam OR lang:fr", None])
def test_all_answers_are_of_one_moment(
    archive: SqlArchive, ids: list[int], asked: str | None
) -> None:
    """An article that arrives between a page, its count and the export is in none of them."""
    search = a_search(archive)
    query = parse(asked) if asked else None
    with search.at_one_moment() as moment:
        page = moment.page(query, limit=2, counting_seconds=60)
        exported = moment.every(query)
        seen = [kept.id for kept, _ in islice(exported, 1)]
        keep(archive, "/new", "A dam.", language="fr", published=a_date(NOW + timedelta(days=1)))
        keep(archive, "/old", "A dam.", language="fr", published=a_date(NOW - timedelta(days=9)))
        seen += [kept.id for kept, _ in exported]
        assert len(seen) == page.count == moment.count(query)
    assert search.count(query) == page.count + 2


def test_an_export_is_of_the_moment_at_which_it_began(archive: SqlArchive, ids: list[int]) -> None:
    """Also where nothing else was asked for at that moment."""
    exported = a_search(archive).every(None, order="oldest")
    first, _ = next(iter(exported))
    keep(archive, "/new", "A dam.", published=a_date(NOW + timedelta(days=1)))
    assert [first.id, *(kept.id for kept, _ in exported)] == ids[::-1]


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asked", ["dam", "dam lang:fr", "dam after:2026-11-20", "dam NOT lang:fr"])
def test_the_newest_are_read_from_the_index_in_its_order(
    archive: SqlArchive, ids: list[int], asked: str
) -> None:
    """SQLite neither collects the ids of all articles with a word nor sorts them; PostgreSQL's
    planner decides by its statistics."""
    found: list[str] = []

    def look(c: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "MATCH" in statement and not statement.startswith("EXPLAIN"):
            rows = c.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(row[3] for row in rows)

    sa.event.listen(archive.engine, "before_cursor_execute", look)
    assert a_search(archive).find(parse(asked), limit=1)
    first, second = found[-2:]  # before, it is asked whether all articles are wholly in the index
    assert first.startswith("SCAN article_text") and second.startswith("SEARCH"), found
    assert len(found) == 4 and "rank=?" in second


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("dam", [1, 2, 4, 5]),
        ("NOT dam", [0, 3]),
        ("dam NOT lang:fr", [2, 4]),
        ("(dam OR river) NOT dam", [0, 3]),
        ("opened NOT river", [1, 2, 4, 5]),
        ("river OR lang:fr", [0, 1, 3, 5]),
        ("NOT (river OR lang:fr)", [2, 4]),
        ("NOT (dam after:2026-11-20)", [0, 3, 4, 5]),
        ("NOT dam NOT zebra", [0, 3]),
        ('"the dam"', [1, 2, 4, 5]),
        ('"dam the"', []),
        ('NOT "dam was" lang:en', [0]),
        ('"the zebra"', []),
    ],
)
def test_words_and_phrases_are_decided_by_the_index(
    archive: SqlArchive, ids: list[int], asked: str, answer: list[int]
) -> None:
    """Its words are those of the evaluator: also negations, and mixed with filters."""
    wanted = [ids[n] for n in answer]
    assert [kept.id for kept, _ in a_search(archive).every(parse(asked))] == wanted
    search = a_search(archive, evaluate=refuse, locate=lambda asked, kept: ())
    assert [kept.id for kept, _ in search.every(parse(asked))] == wanted
    assert search.count(parse(asked)) == len(wanted)


@pytest.mark.parametrize(
    "asked",
    ["title:dam", "dam >= 1", "title:(NOT dam)", "dam NEAR/3 opened", "NOT title:dam"],
)
def test_what_the_words_of_an_article_do_not_decide_is_judged(
    archive: SqlArchive, asked: str
) -> None:
    """Its places, its fields and their numbers are not what an index of words has."""
    keep(archive, "/a", "The dam was opened.")
    with pytest.raises(AssertionError, match="was judged"):
        a_search(archive, evaluate=refuse).count(parse(asked))


def test_a_phrase_of_too_many_spellings_is_judged(
    archive: SqlArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FTS5 is asked for a few of a thousand spellings, or for pairs of words, or for the words."""
    for n, text in enumerate(("مجلس وزراء العراق", "والمجلس ووزراء بالعراق", "وزراء العراق مجلس")):
        keep(archive, f"/{n}", text)
    for most in (300, 4, 1):
        monkeypatch.setattr(plan, "MAX_PHRASES", most)
        assert a_search(archive).count(parse('"مجلس وزراء العراق"')) == 2


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("title:dam", []),
        ("dam NEAR/1 opened", [1, 2, 4, 5]),
        ("dam NEAR/0 opened", []),
        ("(dam OR river) NEAR/3 (was OR a)", [0, 1, 2, 3, 4, 5]),
        ("dam SAME SENTENCE opened", [1, 2, 4, 5]),
        ("NOT the >= 1", [0, 3]),
        ("body:(NOT dam)", [0, 3]),
    ],
)
def test_what_the_index_does_not_decide_its_texts_do(
    archive: SqlArchive, ids: list[int], asked: str, answer: list[int]
) -> None:
    """No article is read to be judged; only what is shown, to find the places."""
    search = a_search(
        archive, evaluate=refuse, locate=lambda *of: (), decide_by_shadow=shadow.decide
    )
    assert [kept.id for kept, _ in search.every(parse(asked))] == [ids[n] for n in answer]
    assert search.count(parse(asked)) == len(answer)
    page = search.page(parse(asked), limit=2)
    assert [kept.id for kept, _ in page.articles] == [ids[n] for n in answer][:2]
    keep(archive, "/long", "A dam. " * 60_000 + "It was opened.")
    with pytest.raises(AssertionError, match="was judged"):
        search.count(parse("last NEAR/3 opened"))
