"""A saved search in words, with what it brings."""

from __future__ import annotations

from datetime import date, timedelta

from crawler.query.estimate import estimate
from crawler.views.searches import saved
from crawler.views.seeds import users
from tests.unit.small_seeds import FILES
from tests.unit.views.terminal import printed

TODAY = date(2026, 11, 30)
LONG_AGO = TODAY - timedelta(days=90)


def test_an_estimate_is_a_sentence() -> None:
    """How many, how many on the worst day and which it was, how many are doubtful; what the archive
    does not have of the time, and what was not counted."""

    def said(by_day: dict[date, int], **more: object) -> str:
        return saved.estimate_line(saved.estimate_row(estimate(by_day, TODAY, **more)))  # type: ignore[arg-type]

    whole = {"archive_begins": date(2026, 8, 23)}
    assert said({date(2026, 11, 3): 9, LONG_AGO: 1}, doubtful=3, **whole) == (
        "10 articles in the last 100 days, 9 on the worst (2026-11-03); 3 of them doubtful"
    )
    assert said({}, **whole) == "nothing in the last 100 days"
    assert said({TODAY: 1}, archive_begins=TODAY - timedelta(days=10)) == (
        "1 article in the last 100 days, 1 on the worst (2026-11-30);"
        " the archive has 11 of these days"
    )
    assert said({TODAY: 1}, at_least=316, **whole) == "at least 316 articles in the last 100 days"
    assert said({}).endswith("; the archive has no article of these days")


def test_a_list_of_none_says_how_one_is_made() -> None:
    """An empty answer is no silence."""
    assert "rasd saved save" in printed(saved.saved_table([]))


def test_brackets_of_a_query_are_no_style() -> None:
    """What a query means is printed as it is."""
    row = saved.saved_row(
        "a", "queries/a.yml", {"en": "a"}, "a", "[bold]a[/bold]", estimate({}, TODAY)
    )
    assert "[bold]a[/bold]" in printed(saved.saved_table([row]))
    assert "[bold]a[/bold]" in printed(saved.one_text(row | {"used_by": []}))


def test_who_names_a_saved_search_is_told() -> None:
    """The place in each file that would be a mistake without it."""
    more = {"queries/all.yml": "title: {en: all}\nquery: >\n  @high-water OR dam\n"}
    found = users(FILES | more, "queries/high-water.yml", ["feed", "sitemap"])
    assert found == ["queries/all.yml:3", "topics/water.yml:10"]
    assert users(FILES | more, "queries/all.yml", ["feed", "sitemap"]) == []
