"""Facets: all that a search finds counted by what it has in common, as often as it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler import matching
from crawler.model import Actor, Facet, FoundArticles, Match, SearchFilters
from crawler.query import parse, resolve_actors
from storage import tables as t
from storage.archive import SqlArchive
from storage.matches import SqlMatches
from storage.search import SqlSearch, facets
from storage.search.plan import Plan, Plans
from tests.builders import NOW, a_date, a_page, a_reading, save_article
from tests.integration.test_archive import sight

COUNTRIES = {"news": "MA", "other": "IQ"}
AMIRI = Actor(name="Hadi al-Amiri", role="minister", side="IQ")
SALEM = Actor(name="Amira Salem", role="prisons", side="MA")
SPELLINGS = {"Hadi al-Amiri": ("هادي العامري", "Ameri")}


def a_match(topic: str, label: str, themes: Sequence[str] = (), *actors: Actor) -> Match:
    """A match of one label."""
    return Match(
        topic=topic,
        version="v",
        labels=(label,) if label else (),
        doubtful=() if label else ("maybe",),
        score={label or "maybe": 0.8},
        mentions=(),
        themes=tuple(themes),
        actors=actors,
    )


MATCHES: Sequence[tuple[Match, ...]] = (
    (a_match("water", "dams", ["floods", "rivers"], AMIRI, SALEM),),
    (a_match("water", "dams", ["floods"], AMIRI), a_match("trade", "dams", ["floods"], AMIRI)),
    (a_match("trade", "", ["ports"]),),
    (),
    (),
    (a_match("trade", "goods", [], SALEM),),
)


@pytest.fixture
def search(archive: SqlArchive) -> SqlSearch:
    """Six articles of which topics say something different; the last is of 1969, without a seed."""
    for n, matches in enumerate(MATCHES):
        (sighting,) = sight(archive, f"/{n}")
        published = a_date(NOW - timedelta(days=40 * n if n < 5 else 21_000))
        reading = a_reading(
            "The dam was opened." if n % 2 else "A dam.",
            url=sighting.url,
            source=("news", "other", "gone")[n % 3],
            language="fr" if n > 2 else "ar",
            published=published,
        )
        save_article(archive, sighting, a_page("x"), replace(reading, matches=matches), NOW)
    evaluate = matching.Evaluator({}, COUNTRIES)
    return SqlSearch(
        archive.engine, evaluate, lambda name: (), countries=COUNTRIES, actors=lambda: SPELLINGS
    )


def by_name(found: FoundArticles) -> dict[str, tuple[dict[str, int], int, int]]:
    """The facets as (values, articles with one, articles without)."""
    return {f.name: (dict(f.values), f.articles, f.without) for f in found.facets}


@pytest.mark.parametrize("asked", [None, "dam", "lang:fr OR lang:ar"])
def test_everything_is_counted_by_what_it_has(search: SqlSearch, asked: str | None) -> None:
    """Whether the database counts or each is judged; two topics with one label are one article."""
    found = search.page(parse(asked) if asked else None, limit=1, facets=True)
    assert (found.count, found.is_exact) == (6, True)
    assert by_name(found) == {
        "source": ({"gone": 2, "news": 2, "other": 2}, 6, 0),
        "country": ({"IQ": 2, "MA": 2}, 4, 2),
        "language": ({"ar": 3, "fr": 3}, 6, 0),
        "label": ({"dams": 2, "goods": 1}, 3, 3),
        "theme": ({"floods": 2, "ports": 1, "rivers": 1}, 3, 3),
        "actor": ({"Amira Salem": 2, "Hadi al-Amiri": 2}, 3, 3),
        "institution": ({"minister (IQ)": 2, "prisons (MA)": 2}, 3, 3),
        "month": (
            {"1969-05": 1, "2026-06": 1, "2026-07": 1, "2026-09": 1, "2026-10": 1, "2026-11": 1},
            6,
            0,
        ),
    }
    assert found.histogram is not None and found.histogram.unit == "month"
    assert found.histogram.bars[0] == ("1969-05", 1) and len(found.histogram.bars) == 6


@pytest.mark.parametrize("asked", ["opened", "label:dams", "opened after:2026-10"])
def test_facets_are_of_what_is_found_whatever_page_is_shown(search: SqlSearch, asked: str) -> None:
    """Behind an article, too."""
    query = parse(asked)
    whole = search.page(query, facets=True)
    first = whole.articles[0][0].id
    behind = search.page(query, facets=True, after=first, limit=1)
    assert (behind.facets, behind.histogram) == (whole.facets, whole.histogram)
    assert behind.count == whole.count == len(whole.articles)
    counted = {f.name: f for f in whole.facets}
    for name in ("source", "country", "language", "month"):
        assert sum(n for _, n in counted[name].values) + counted[name].without == whole.count
    for facet in whole.facets:
        assert facet.articles + facet.without == whole.count


def test_days_are_shown_as_days(search: SqlSearch) -> None:
    """Three months by day, more by month; what is not found is no bar."""
    since = NOW - timedelta(days=60)
    found = search.page(None, SearchFilters(since=since), facets=True)
    assert found.histogram is not None
    assert found.histogram.unit == "day"
    assert found.histogram.bars == (("2026-10-14", 1), ("2026-11-23", 1))
    nothing = search.page(parse("zebra"), facets=True)
    assert nothing.histogram is not None and nothing.histogram.bars == ()
    assert all(f == Facet(name=f.name, values=(), articles=0, without=0) for f in nothing.facets)


def test_what_can_not_be_counted_in_time_has_no_facets(search: SqlSearch) -> None:
    """A number that is a least would be added up to a wrong one."""
    found = search.page(parse("NOT (zebra NEAR/2 lion)"), limit=1, facets=True, counting_seconds=0)
    assert (found.is_exact, found.facets, found.histogram) == (False, (), None)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("theme:floods", [0, 1]),
        ("theme:water/floods NOT theme:rivers", [1]),
        ("محور:ports", [2]),
        ("side:iq", [0, 1]),
        ("طرف:MA", [0, 5]),
        ("side:IQ AND side:MA", [0]),
        ('actor:"Hadi al-Amiri"', [0, 1]),
        ("actor:al-amiri", [0, 1]),
        ("actor:العامري", [0, 1]),
        ("فاعل:«هادي العامري»", [0, 1]),
        ("actor:ameri NOT actor:salem", [1]),
        ("actor:salem dam opened", [5]),
        ("actor:zebra", []),
        ("NOT actor:zebra lang:ar", [0, 1, 2]),
        ("opened theme:floods", [1]),
        ("opened OR theme:floods", [0, 1, 3, 5]),
    ],
)
def test_themes_actors_and_sides_are_asked_for(
    search: SqlSearch, asked: str, answer: list[int]
) -> None:
    """As the database answers, so does the evaluator, on whatever spelling was meant."""
    query = parse(asked)
    found = [kept for kept, _ in search.find(query)]
    assert [int(kept.article.url[-1]) for kept in found] == answer
    evaluate = matching.Evaluator({}, COUNTRIES)
    meant = resolve_actors(query, lambda written: _named(written))
    every = [kept for kept, _ in search.find(None)]
    assert [kept.id for kept in every if evaluate(meant, kept) is not None] == [
        kept.id for kept in found
    ]


def _named(written: str) -> list[str]:
    return [
        name
        for name, words in {
            "Hadi al-Amiri": {"Hadi al-Amiri", "al-amiri", "العامري", "هادي العامري", "ameri"},
            "Amira Salem": {"salem"},
        }.items()
        if written in words
    ]


@pytest.mark.parametrize(
    ("limits", "answer"),
    [
        ({"theme": "floods"}, [0, 1]),
        ({"actor": "amiri", "theme": "rivers"}, [0]),
        ({"side": "ma"}, [0, 5]),
        ({"actor": "zebra"}, []),
    ],
)
def test_the_same_filters_are_options(
    search: SqlSearch, limits: dict[str, Any], answer: list[int]
) -> None:
    """All that are given have to hold."""
    found = search.find(None, SearchFilters(**limits))
    assert [int(kept.article.url[-1]) for kept, _ in found] == answer


def test_what_a_topic_says_anew_is_counted_anew(archive: SqlArchive, search: SqlSearch) -> None:
    """A rematch leaves no theme and no actor of the match before; nor does a deleted match."""
    first = search.find(None)[0][0].id
    matches = SqlMatches(archive.engine)
    matches.replace([(first, "water", a_match("water", "dams", ["storms"]))])
    found = by_name(search.page(None, facets=True))
    assert found["theme"][0] == {"floods": 1, "ports": 1, "storms": 1}
    assert found["actor"][0] == {"Amira Salem": 1, "Hadi al-Amiri": 1}
    matches.replace([(first, "water", None)])
    assert by_name(search.page(None, facets=True))["theme"][0] == {"floods": 1, "ports": 1}


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_counting_reads_no_article(archive: SqlArchive, search: SqlSearch) -> None:
    """A million rows with their texts would be read for a month's facets: an index has it all."""
    found = Plans("sqlite").select(Plan(low=0), *facets.columns())
    compiled = facets._statement(found).compile(
        archive.engine, compile_kwargs={"literal_binds": True}
    )
    with archive.engine.connect() as c:
        plan = [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
    read = [line for line in plan if f" {t.articles.name} " in line]
    assert read and all("USING COVERING INDEX ix_articles_rank_facets" in line for line in read)
