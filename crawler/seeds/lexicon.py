"""The schema of ``lexicon/<concept>.yml``, and the concept built from it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from crawler.errors import SeedError
from crawler.languages import INFLECTIONS
from crawler.matching.topics import (
    Concept,
    Term,
)
from crawler.model import Actor
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import BuiltSeeds, KeyPath, Lang, Line, Shape, Titles, as_list


def _check_inflections(value: object) -> object:
    names = as_list(value)
    for name in names if isinstance(names, list) else ():
        if name not in ("none", *INFLECTIONS):
            known = ", ".join(sorted(INFLECTIONS))
            raise ValueError(f"unknown inflection {name!r}; known: {known}, none")
    return names


def _parse_day(value: object, *, last: bool) -> object:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", str(value))
    if value is None or isinstance(value, date):
        return value
    try:
        if match is None:
            raise ValueError
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, int(match[3] or day))
    except ValueError:  # also a 31st of February
        said = f"{value!r} is no date; write 2022, 2022-10 or 2022-10-27"
        raise ValueError(said) from None


def _parse_first_day(value: object) -> object:
    return _parse_day(value, last=False)


def _parse_last_day(value: object) -> object:
    return _parse_day(value, last=True)


FirstDay = Annotated[date | None, BeforeValidator(_parse_first_day)]
LastDay = Annotated[date | None, BeforeValidator(_parse_last_day)]


class _TermShape(Shape):
    term: str
    inflect: Annotated[list[str], BeforeValidator(_check_inflections)] = []
    traps: list[str] = []
    name: str | None = None
    role: str | None = None
    side: str | None = None
    valid_from: FirstDay = None
    valid_until: LastDay = None
    only_in: Annotated[tuple[Lang, ...] | None, Field(min_length=1), BeforeValidator(as_list)] = (
        None
    )


class _ActorShape(Shape):
    name: Line
    role: Line
    side: Line
    valid_from: FirstDay = None
    valid_until: LastDay = None
    terms: dict[Lang, list[str | _TermShape]]
    traps: list[str] = []


class ConceptFile(Shape):
    """``lexicon/<concept>.yml``."""

    title: Titles
    terms: dict[Lang, list[str | _TermShape]] = {}
    actors: list[_ActorShape] = []
    traps: dict[Lang, list[str]] = {}


def build_concept(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> Concept:
    """Return the concept. Raises SeedError if it has no terms."""
    shape: ConceptFile = file.shape
    terms = [
        _build_term(file, ("terms", language, n), language, item)
        for language, items in shape.terms.items()
        for n, item in enumerate(items)
    ]
    for m, actor in enumerate(shape.actors):
        known = Actor(name=actor.name, role=actor.role, side=actor.side)
        for language, items in actor.terms.items():
            for n, item in enumerate(items):
                term = _build_term(file, ("actors", m, "terms", language, n), language, item)
                terms.append(
                    replace(
                        term,
                        actor=known,
                        traps=(*term.traps, *actor.traps),
                        valid_from=term.valid_from or actor.valid_from,
                        valid_until=term.valid_until or actor.valid_until,
                    )
                )
    if not terms:
        raise SeedError(file.problem((), "a concept without terms would never be found"))
    traps = tuple(trap for items in shape.traps.values() for trap in items)
    return Concept(name=file.slug, title=shape.title, terms=tuple(terms), traps=traps)


def _check_term(file: SeedDocument, key_path: KeyPath, known: _TermShape) -> None:
    """Raise SeedError for a term that could never be found."""
    for text in (known.term, *known.traps):
        if not any(c.isalnum() for c in text):
            raise SeedError(file.problem(key_path, f"{text!r} has no letter; write a word"))
    begins, ends = known.valid_from, known.valid_until
    if begins is not None and ends is not None and begins > ends:
        said = f"{known.term!r} ends on {ends}, before it begins on {begins}"
        raise SeedError(file.problem(key_path, said))


def _build_term(
    file: SeedDocument, key_path: KeyPath, language: str, item: str | _TermShape
) -> Term:
    known = item if isinstance(item, _TermShape) else _TermShape(term=item)
    _check_term(file, key_path, known)
    if known.role is None and known.side is not None:
        raise SeedError(file.problem(key_path, f"{known.term!r} has a side but no role"))
    actor = None
    if known.role is not None:
        actor = Actor(name=known.name or known.term, role=known.role, side=known.side or file.slug)
    inflect = tuple("" if name == "none" else name for name in reversed(known.inflect))
    return Term(
        text=known.term,
        language=language,
        inflect=inflect,
        traps=tuple(known.traps),
        actor=actor,
        valid_from=known.valid_from,
        valid_until=known.valid_until,
        only_in=known.only_in or (),
    )
