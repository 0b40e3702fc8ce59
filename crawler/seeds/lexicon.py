"""Seed files about what is looked for: lexicon, saved queries and topics, from shape to record.

Every complaint names the file and the line. A topic's rules may use ``@slug`` of saved queries;
they may not ask for a ``label:``, which only a verdict gives.
"""

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
from crawler.seeds.schema import Found, Lang, Place, SeedFile, Shape, Titles


def _inflections(value: object) -> object:
    names = _listed(value)
    for name in names if isinstance(names, list) else ():
        if name not in ("none", *INFLECTIONS):
            known = ", ".join(sorted(INFLECTIONS))
            raise ValueError(f"unknown inflection {name!r}; known: {known}, none")
    return names


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _day(value: object, *, last: bool) -> object:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", str(value))
    if value is None or isinstance(value, date):
        return value
    if match is None:
        raise ValueError(f"{value!r} is no date; write 2022, 2022-10 or 2022-10-27")
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    day = calendar.monthrange(year, month)[1] if last else 1
    return date(year, month, int(match[3] or day))


def _first_day(value: object) -> object:
    return _day(value, last=False)


def _last_day(value: object) -> object:
    return _day(value, last=True)


From = Annotated[date | None, BeforeValidator(_first_day)]
Until = Annotated[date | None, BeforeValidator(_last_day)]


class _TermShape(Shape):
    term: str
    inflect: Annotated[list[str], BeforeValidator(_inflections)] = []
    traps: list[str] = []
    name: str | None = None
    role: str | None = None
    side: str | None = None
    valid_from: From = None
    valid_until: Until = None
    only_in: Annotated[tuple[Lang, ...] | None, Field(min_length=1), BeforeValidator(_listed)] = (
        None
    )


class _ActorShape(Shape):
    name: str
    role: str
    side: str
    valid_from: From = None
    valid_until: Until = None
    terms: dict[Lang, list[str | _TermShape]]
    traps: list[str] = []


class ConceptFile(Shape):
    """``lexicon/<concept>.yml``."""

    title: Titles
    terms: dict[Lang, list[str | _TermShape]] = {}
    actors: list[_ActorShape] = []
    traps: dict[Lang, list[str]] = {}


def concept(file: SeedFile, found: Found, kinds: Collection[str]) -> Concept:
    """The concept of a lexicon file."""
    shape: ConceptFile = file.shape
    terms = [
        _term(file, ("terms", language, n), language, item)
        for language, items in shape.terms.items()
        for n, item in enumerate(items)
    ]
    for m, actor in enumerate(shape.actors):
        known = Actor(name=actor.name, role=actor.role, side=actor.side)
        for language, items in actor.terms.items():
            for n, item in enumerate(items):
                term = _term(file, ("actors", m, "terms", language, n), language, item)
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


def _term(file: SeedFile, place: Place, language: str, item: str | _TermShape) -> Term:
    known = item if isinstance(item, _TermShape) else _TermShape(term=item)
    if known.role is None and known.side is not None:
        raise SeedError(file.problem(place, f"{known.term!r} has a side but no role"))
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
