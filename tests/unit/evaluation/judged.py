"""Labelled texts and what a topic says of them."""

from __future__ import annotations

from crawler.evaluation import LabelledItem
from crawler.model import Match


def an_item(
    number: int = 1,
    text: str = "words",
    language: str = "en",
    difficulty: str = "easy",
    **truth: bool,
) -> LabelledItem:
    """A labelled text."""
    return LabelledItem(
        id=str(number), title="", text=text, truth=truth, language=language, difficulty=difficulty
    )


def a_verdict(*labels: str) -> Match:
    """A verdict with these labels."""
    return Match(
        topic="t", version="v", labels=labels, score=dict.fromkeys(labels, 0.7), mentions=()
    )
