"""A source's own extraction rules: the key ``pages`` of its seed file. Pure.

A rule that could never be used is an error: one without content, one that ends before it begins,
one after another that is valid on all of its days. ``extraction.strategies`` applies the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.errors import SeedError
from crawler.model import PageRule
from crawler.seeds.files import SeedDocument
from crawler.seeds.lexicon import FirstDay, LastDay
from crawler.seeds.schema import Shape, as_list

_EMPTY_PAGE = LexborHTMLParser("<p></p>")


def _check_selector(value: object) -> object:
    """Check with the parser that reads pages: its pseudo-classes differ from other parsers'."""
    try:
        _EMPTY_PAGE.css(value if isinstance(value, str) else "")
    except SelectolaxError as error:
        raise ValueError(f"{value!r} is no CSS selector that pages can be read with") from error
    return value


PageSelector = Annotated[str, BeforeValidator(_check_selector)]


class PageRuleShape(Shape):
    """One rule; what it doesn't name is extracted as on any page."""

    body: PageSelector | None = None
    headline: PageSelector | None = None
    date: PageSelector | None = None
    drop: Annotated[tuple[PageSelector, ...], BeforeValidator(as_list)] = ()
    valid_from: FirstDay = None
    valid_until: LastDay = None


def build_extraction_rules(
    shapes: Sequence[PageRuleShape], file: SeedDocument
) -> tuple[PageRule, ...]:
    """Return a source's rules in file order. Raises SeedError with every problem."""
    problems = [p for n in range(len(shapes)) if (p := _find_problem(shapes, n, file))]
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


def _find_problem(shapes: Sequence[PageRuleShape], n: int, file: SeedDocument) -> str | None:
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
