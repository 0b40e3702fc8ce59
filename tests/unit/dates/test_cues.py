"""What a date is of: the words of its line say so."""

from __future__ import annotations

import pytest

from crawler.dates import cues
from crawler.dates.names import normalize_date_text


def labels(line: str) -> list[str]:
    """The labels of a line's parts, "-" for one that nothing explains."""
    return [part.label or "-" for part in cues.split_by_cues(normalize_date_text(line))]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Mis à jour le 28 mai 2026 | Publié le 26 mai 2026", ["updated", "published"]),
        ("Publié le 26 mai 2026 à 18:40, modifié le 28 mai 2026", ["published", "updated"]),
        ("نُشر في 26 ماي 2026 - آخر تحديث بتاريخ 28 ماي 2026", ["published", "updated"]),
        ("Date de dernière mise à jour : 28 mai 2026", ["updated"]),
        ("26.05.2026 (modifié)", ["updated"]),
        ("Edited 28 May 2026 9:05, 26 May 2026 6:40", ["updated", "-"]),
        ("26 mai 2026", ["-"]),
        ("Date limite : 30 mai 2026", ["other"]),
        ("Date limite : 30 mai 2026 | Publié le 20 mai 2026", ["other", "published"]),
        ("Mentions légales mises à jour le 12 mai 2026", ["other"]),
        ("Les conditions que vous avez lues ont été modifiées le 12 mai 2026", ["other"]),
        ("آخر موعد للتسجيل 30 ماي 2026", ["other"]),
        ("du 20 au 26 mai 2026", ["other"]),
        ("18 mai 2026 au 20 mai 2026", ["other"]),
        ("من 20 إلى 26 ماي 2026", ["other"]),
        ("Publié il y a deux heures, mis à jour il y a une heure", ["published", "updated"]),
        ("Salma et Karim", []),
    ],
)
def test_each_date_has_the_cue_before_it(line: str, found: list[str]) -> None:
    """On one line, in any order; a cue without a date explains the one before it."""
    assert labels(line) == found


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("publie le", "published"), ("mis a jour le", "updated"), ("date limite :", "other"),
        ("date de mise a jour", "updated"), ("publie le 3 mai 2026 |", None), ("par salma", None),
    ],
)  # fmt: skip
def test_words_before_an_element_explain_its_date(words: str, label: str | None) -> None:
    """Unless they have a date of their own."""
    assert cues.label_of(words) == label


def test_a_line_begins_with_a_cue_or_does_not() -> None:
    """Marks before the cue are no words; a deadline is no cue of an article."""
    assert cues.starts_with_cue("- publie le 3 mai")
    assert not cues.starts_with_cue("le texte publie le 3 mai")
    assert not cues.starts_with_cue("date limite : 3 mai")
