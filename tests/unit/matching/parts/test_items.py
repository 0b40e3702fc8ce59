"""Where items begin: what counts as a time, a label, a paper, and what does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.matching.parts import items
from crawler.matching.parts.items import Announced
from crawler.matching.parts.layout import read_lines

PLAIN = Announced()
ROUND_UP = Announced(round_up=True)
PRESS = Announced(press=True)


def starts(find: items.Finder, texts: Sequence[str], told: Announced = PLAIN) -> tuple[int, ...]:
    """The numbers of the lines that begin an item."""
    found = find(read_lines("\n".join(texts)), told)
    return () if found is None else found.starts


@pytest.mark.parametrize(
    "time",
    [
        "14:05", "14h05", "14 h 05.", "14H05 –", "[14:05]", "س 14:05", "الساعة 14:05", "À 14h05 :",
        "2.05pm", "2:05 p.m.", "2 pm", "١٤:٠٥", "14:05 GMT:", "• 14:05",
    ],
)  # fmt: skip
def test_times_of_day_begin_an_entry(time: str) -> None:
    """As outlets of three languages print them."""
    lines = [f"{time} rien", "15:10 rien", "16:00 rien", "17:30 rien"]
    assert starts(items.find_clock, lines) == (0, 1, 2, 3)


@pytest.mark.parametrize("number", ["14 heures", "2:1", "25:00", "14:75", "14.05 euros", "13 pm"])
def test_other_numbers_do_not(number: str) -> None:
    """Durations, scores, prices and times that no clock shows."""
    lines = ["13:00 rien", f"{number} rien", "15:10 rien", "16:00 rien", "17:30 rien"]
    assert starts(items.find_clock, lines) == (0, 2, 3, 4)


def test_times_that_run_to_and_fro_are_no_log() -> None:
    """A list of flights, a table of results."""
    assert starts(items.find_clock, ["9:10 a", "22:00 b", "8:15 c", "21:30 d", "7:00 e"]) == ()


def test_labels_of_speakers_are_no_datelines() -> None:
    """In a conversation the same names come again and again."""
    talk = [
        "Anna – Oui.",
        "Paul – Non.",
        "Anna – Si.",
        "Paul – Bon.",
        "Anna – Voilà.",
        "Jean – Et moi ?",
    ]
    assert starts(items.find_labels, talk, ROUND_UP) == ()
    towns = ["OSLO – Oui.", "ROME – Non.", "BERNE – Si.", "LIMA – Bon."]
    assert starts(items.find_labels, towns) == (0, 1, 2, 3)


def test_a_quotation_is_no_label() -> None:
    """وقال الوزير: … goes on with its story."""
    lines = ["الطقس: مطر.", "وقال الوزير: لا خوف.", "الصحة: لقاح.", "رياضة: فوز."]
    assert starts(items.find_labels, lines, ROUND_UP) == (0, 2, 3)


def test_what_a_paper_adds_is_no_new_item() -> None:
    """A second paragraph about the same paper's report."""
    lines = [
        "وكتبت «الميزان» أن الزيت غلا.", "وأضافت الصحيفة أن السكر لحق به.", "الجريدة ذاتها تحدثت عن القمح.",
        "وذكرت صحيفة النافذة أن الميناء سيتوسع.", "وفي «السفينة» نقرأ أن السكن شح.",
    ]  # fmt: skip
    assert starts(items.find_papers, lines, PRESS) == (0, 3, 4)
    assert starts(items.find_papers, lines, PLAIN) == ()


@pytest.mark.parametrize(
    ("headline", "stories"),
    [
        ("موجز أخبار المساء", True),
        ("ومقتطفات من الأسبوع", True),
        ("Maghreb in brief", True),
        ("L'ESSENTIEL DE L'ACTUALITE", True),
        ("Revue de presse du 3 mars", True),
        ("Brève visite du ministre", False),
        ("Un plan qui sert les intérêts et l'agenda d'un club", False),
        ("En bref : les dix points du communiqué", False),
        ("", False),
    ],
)
def test_a_headline_announces_stories(headline: str, stories: bool) -> None:
    """By words of the trade, in any spelling; points of one matter are not stories."""
    assert items.announced(headline).stories is stories
