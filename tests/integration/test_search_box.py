"""Words that mean two things, typed into the search box over the archive of twelve years."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import crawler
from tests import twelve_years
from tests.twelve_years import page

Search = Callable[..., set[str]]


@pytest.fixture(scope="session")
def search(twelve_years_config: Path) -> Iterator[Search]:
    """The headlines that a search finds, by the words of the search box."""
    with crawler.open(twelve_years_config) as archive:

        def found(words: str, **asked: str) -> set[str]:
            return {record.headline for record in archive.search(words, **asked)}  # type: ignore[arg-type]

        yield found


def headlines(*words: str) -> set[str]:
    """Those of the archive with one of these words, as typed."""
    titles = {one.title for one in twelve_years.printed()}
    return {title for title in titles if any(word in title for word in words)}


@pytest.mark.parametrize(
    ("typed", "careful"),
    [
        ("الاعرجي", "الأعرجي"),
        ("اتفاقيه", "اتفاقية"),
        ("الشرطه العراقيه", "الشرطة العراقية"),
        ("اربيل", "أربيل"),
        ("memorandum", "mémorandum"),
    ],
)
def test_spelling_without_care_finds_the_same(search: Search, typed: str, careful: str) -> None:
    """No hamza, haa for taa marbuta, no accent."""
    assert search(typed) == search(careful) != set()


def test_obstacles_are_not_iraq(search: Search) -> None:
    """عراق and العراق find no عراقيل; the word itself is found when it is asked for."""
    obstacles = headlines("عراقيل", "العراقيل")
    assert len(obstacles) == 5
    for asked in ("عراق", "العراق", "concept:iraq"):
        found = search(asked)
        assert found and not found & obstacles, asked
    assert search("عراقيل") == obstacles


def test_a_surname_is_not_a_country(search: Search) -> None:
    """Laraki is nothing of l'Irak, however it is asked."""
    named = headlines("Laraki")
    assert search("laraki") == named and len(named) == 4
    for asked in ("irak", '"l\'irak"', "concept:iraq", "concept:iraq lang:fr"):
        assert not search(asked) & named, asked


def test_a_coach_is_not_a_minister(search: Search) -> None:
    """وهبي finds both by the word; with the label it finds the minister alone."""
    coach = headlines("محمد وهبي", "وهبي: هذا اللقب", "وهبي يحضر")
    minister = "المغرب والعراق يوقعان بالرباط اتفاقيتين في المجال القضائي"
    assert len(coach) == 3 and coach | {minister} <= search("وهبي")
    flagged = search("وهبي", label="bilateral")
    assert minister in flagged and not flagged & coach
    assert not search("concept:morocco", label="security") & coach


def test_an_empty_answer_explains_its_filters(
    desk: page.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which filter, or which part of the query, leaves nothing."""
    monkeypatch.chdir(tmp_path)
    command = "rasd search concept:iraq concept:sahara --label security --since 30d"
    said = desk.answer(page.Asked(language="sh", code=command, answer=""))
    lines = said.splitlines()
    assert lines[0] == "nothing found; the filters and the words all have to hold"
    assert sorted(lines[1:]) == ["4 without concept:sahara", "5 without --since"]


def test_the_country_comes_before_the_sunset(desk: page.Desk) -> None:
    """المغرب by relevance: neither أذان المغرب nor المغرب العربي is on the first page, and they are
    found all the same; a page goes on where the one before ended."""
    others = headlines("أذان المغرب", "مواقيت الصلاة", "يؤذن المغرب", "المغرب العربي")
    assert len(others) == 11

    def ids(words: str) -> list[int]:
        code = f"rasd search المغرب --sort relevance {words} --json"
        rows = json.loads(desk.answer(page.Asked(language="sh", code=code, answer="")))
        titles.update({row["id"]: row["headline"] for row in rows})
        return [row["id"] for row in rows]

    titles: dict[int, str] = {}
    first, all_of_them = ids(""), ids("--limit 1000")
    assert len(first) == 20 and not {titles[one] for one in first} & others
    assert {titles[one] for one in all_of_them[-11:]} == others
    assert ids(f"--limit 1000 --after {first[-1]}") == all_of_them[20:]
    assert all_of_them[:20] == first
