"""The questions of analysts in ``docs/how-to/ask-the-archive.md`` have the answers shown there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests import twelve_years
from tests.twelve_years import page

QUESTIONS = page.questions()
MARKED = [question for question in QUESTIONS if question.belongs]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, into which commands may write."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.heading)
def test_a_question_is_answered_as_the_page_says(question: page.Question, desk: page.Desk) -> None:
    """Every command and program prints what stands below it, on both databases."""
    assert question.asked, "a heading without a command"
    for asked in question.asked:
        assert desk.answer(asked) == asked.answer, page.REWRITE


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.heading)
def test_a_question_finds_what_belongs_to_it(question: page.Question, desk: page.Desk) -> None:
    """Nine in ten of the articles that a reader marked, and three in ten of others at most; the
    page has the figures."""
    figures = desk.figures(question)
    right = len(figures.found & figures.belong)
    assert right >= 0.85 * len(figures.belong), sorted(figures.belong - figures.found)
    assert right >= 0.7 * len(figures.found), sorted(figures.found - figures.belong)
    assert f"| {figures} |\n" in page.PAGE.read_text(encoding="utf-8"), page.REWRITE


def test_every_mark_in_the_archive_is_asked_for() -> None:
    """A name that no question has was misspelt, or its question is gone."""
    marks = {mark for one in twelve_years.printed() for mark in one.answers}
    assert marks == {question.belongs for question in MARKED}


def test_the_export_proves_each_article(desk: page.Desk, here: Path) -> None:
    """The file of the last question has ids, labels, scores, evidence sentences and addresses."""
    desk.answer(QUESTIONS[-1].asked[0])
    (file,) = here.glob("*.csv")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows and all("security" in row["labels"] for row in rows)
    for row in rows:
        one = twelve_years.printed()[int(row["id"]) - 1]
        assert (row["url"], row["headline"]) == (one.url, one.title) and one.at.year == 2025
        assert "security " in row["score"]
        sentences = [line.partition("): ")[2] for line in row["evidence"].splitlines()]
        proofs = [sentence for sentence in sentences if sentence]
        assert proofs and all(said in f"{one.title}\n{one.body}" for said in proofs)
