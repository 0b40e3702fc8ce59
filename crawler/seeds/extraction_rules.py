"""The rules of a source for its own pages, as its seed file writes them under ``pages``. Pure.

A rule that could never be used is an error: one that says nothing, ends before it begins, or stands
behind another that holds on all of its days. Who follows them: ``readers`` and ``extraction``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.errors import SeedError
from crawler.model import PageRule
from crawler.seeds.lexicon import From, Until
from crawler.seeds.schema import SeedFile, Shape

_NOTHING = LexborHTMLParser("<p></p>")


def _place(value: object) -> object:
    """Asked of the very parser that will read the pages: it knows other pseudo-classes than others."""
    try:
        _NOTHING.css(value if isinstance(value, str) else "")
    except SelectolaxError as error:
        raise ValueError(f"{value!r} is no CSS selector that pages can be read with") from error
    return value


def _places(value: object) -> object:
    return [value] if isinstance(value, str) else value


OnPage = Annotated[str, BeforeValidator(_place)]


class PageRuleShape(Shape):
    """One rule; what it does not name is found as on any page."""

    body: OnPage | None = None
    headline: OnPage | None = None
    date: OnPage | None = None
    drop: Annotated[tuple[OnPage, ...], BeforeValidator(_places)] = ()
    valid_from: From = None
    valid_until: Until = None


def extraction_rules(shapes: Sequence[PageRuleShape], file: SeedFile) -> tuple[PageRule, ...]:
    """The rules of a source, in the file's order; SeedError with all that is wrong with them."""
    problems = [p for n in range(len(shapes)) if (p := _problem(shapes, n, file))]
    if problems:
        raise SeedError(*problems)
    return tuple(
        PageRule(
            body=shape.body,
            headline=shape.headline,
            date=shape.date,
            drop=shape.drop,
            valid_from=shape.valid_from,
            valid_until=shape.valid_until,
        )
        for shape in shapes
    )


def _problem(shapes: Sequence[PageRuleShape], n: int, file: SeedFile) -> str | None:
    shape = shapes[n]
    if not (shape.body or shape.headline or shape.date or shape.drop):
        return file.problem(("pages", n), "a rule says at least one of body, headline, date, drop")
    begins, ends = _days(shape)
    if begins > ends:
        return file.problem(
            ("pages", n, "valid_until"), f"the rule ends on {ends}, before it begins on {begins}"
        )
    for before, other in enumerate(shapes[:n]):
        first, last = _days(other)
        if first <= begins and ends <= last:
            return file.problem(
                ("pages", n), f"never used: pages.{before} holds on all of its days"
            )
    return None


def _days(shape: PageRuleShape) -> tuple[date, date]:
    return shape.valid_from or date.min, shape.valid_until or date.max
