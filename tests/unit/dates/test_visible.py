"""Lines that may hold the date of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.dates import visible
from crawler.dates.visible import DateLine

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def shown(*lines: DateLine, day: str | None = None) -> visible.ShownDates:
    """The dates of these lines for a Moroccan outlet that is read at noon."""
    return visible.find_shown_dates(
        lines, zone="Africa/Casablanca", country="MA", now=NOON, day=day
    )


@pytest.mark.parametrize(
    "text",
    [
        "20.11.2026, Lecture 5 min.",
        "20/11/2026 | Temps de lecture : 3 minutes",
        "20 novembre 2026 · 4 min de lecture",
        "Lecture : 5 min. - 20.11.2026",
        "20 November 2026 — 6-minute read",
        "٢٠ نونبر ٢٠٢٦ - مدة القراءة: ٣ دقائق",
        "20 نونبر 2026 | 3 دقائق قراءة",
    ],
)
def test_a_reading_time_beside_the_date_makes_no_sentence_of_it(text: str) -> None:
    """The line is a date line still, and its full stop ends no prose."""
    found = shown(DateLine(text=text))
    assert len(found.published) == 1
    assert visible.is_date_line(text, zone="UTC")


def test_a_change_is_no_publication() -> None:
    """An old change dates nothing; one of the last days is the best that is known, and a change
    all the same.
    """
    old = shown(DateLine(text="Mis à jour le 12 novembre 2026"))
    assert (old.published, old.modified) == ((), ("Mis à jour le 12 novembre 2026",))
    new = shown(DateLine(text="آخر تحديث: 23 نونبر 2026"))
    assert new.published == new.modified == ("آخر تحديث: 23 نونبر 2026",)


def test_behind_the_text_only_a_word_makes_a_date() -> None:
    """A bare day there may be any other story's; "Date" in a list of facts is the article's, but
    not in one with a place.
    """
    assert not shown(DateLine(text="20 novembre 2026", behind=True)).published
    fact = DateLine(text="Date 20.11.2026", behind=True)
    assert shown(fact, DateLine(text="Auteur Salma", behind=True)).published
    assert not shown(fact, DateLine(text="Lieu Rabat", behind=True)).published


def test_a_line_by_a_picture_is_about_the_picture() -> None:
    """Unless it is a date and nothing else."""
    text = "Le vieux marché couvert, 3 mai 2024"
    assert not shown(DateLine(text=text, pictured=True)).published
    assert shown(DateLine(text="3 mai 2024", pictured=True)).published
    assert shown(DateLine(text=text)).published


def test_what_nothing_explains_agrees_with_the_address() -> None:
    """The day in the address is the software's: a day far from it is another thing's, unless the
    line says that it is of publishing.
    """
    bare = DateLine(text="— Karim Idrissi, 3 octobre 2026")
    assert not shown(bare, day="2026-11-20").published
    assert shown(bare, day="2026-10-04").published
    assert shown(DateLine(text="Publié le 3 octobre 2026"), day="2026-11-20").published


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("20.11.2026", True),
        ("le 20 novembre 2026", True),
        ("الجمعة 20 نونبر 2026", True),
        ("Journal du 20 novembre 2026", False),
        ("2026", False),
        ("Le Sillon", False),
    ],
)
def test_a_bare_date_is_a_date_and_nothing_else(text: str, bare: bool) -> None:
    """With its weekday and article, without any other word."""
    assert visible.is_bare_date(text, zone="UTC") is bare


@pytest.mark.parametrize(
    ("line", "dated"),
    [
        ("Publié le 20 novembre 2026", True),
        ("Mis à jour le 20/11/2026 à 10h00", True),
        ("الجمعة 20 نونبر 2026", True),
        ("Date limite : 20 novembre 2026", False),
        ("آخر أجل: 20 نونبر 2026", False),
        ("Le texte du 20 novembre 2026 a été lu devant une salle pleine.", False),
    ],
)
def test_a_deadline_is_text_and_not_a_date_line(line: str, dated: bool) -> None:
    """What readers must know stays in the text."""
    assert visible.is_date_line(line, zone="UTC") is dated
