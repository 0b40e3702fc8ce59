"""Articles in which the words of a query mean what they are looked for, before the others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from crawler import query
from crawler.languages import Folded, fold
from crawler.model import ArchivedArticle


class Homographs(Protocol):
    """Knows where words of one query mean something else; false if they never do."""

    def __bool__(self) -> bool: ...

    def share(self, fields: Iterable[Folded]) -> float:
        """How many of the words' places in a text do, from 0 to 1; 0 if there are no places."""


Telling = Callable[[query.Query], "Homographs | None"]
"""Gives what tells the places of a query's words; None if they mean one thing only."""


def put_first(ranked: Sequence[ArchivedArticle], homographs: Homographs) -> list[int]:
    """The ids of these articles in their order, but last those in which the words mean something
    else wherever they stand: ``المغرب`` in ``أذان المغرب``, the call at sunset."""
    others = {kept.id for kept in ranked if homographs.share(_folded(kept)) == 1.0}
    return sorted((kept.id for kept in ranked), key=others.__contains__)


def _folded(kept: ArchivedArticle) -> Iterable[Folded]:
    article = kept.article
    return (fold(text) for text in (article.headline, article.lead, article.summary, article.body))
