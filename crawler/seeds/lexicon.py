"""The schema of ``lexicon/<concept>.yml``, and the concept built from it."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crawler.errors import SeedError
from crawler.languages import INFLECTIONS
from crawler.matching.topics import (
    Concept,
    Office,
    Term,
)
from crawler.model import Actor
from crawler.seeds.files import SeedDocument
from crawler.seeds.queries import check_concept
from crawler.seeds.schema import (
    BuiltSeeds,
    Country,
    KeyPath,
    Line,
    Shape,
    TermLang,
    Titles,
    as_list,
)


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


MAX_ALTERNATIVES = 2_000  # phrases that one line may stand for


class _TermShape(Shape):
    term: str
    inflect: Annotated[list[str], BeforeValidator(_check_inflections)] = []
    traps: list[str] = []
    name: str | None = None
    role: str | None = None
    side: str | None = None
    valid_from: FirstDay = None
    valid_until: LastDay = None
    ambiguous: bool = False
    namesakes: list[str] = []
    only_in: Annotated[
        tuple[TermLang, ...] | None, Field(min_length=1), BeforeValidator(as_list)
    ] = None


_Terms = dict[TermLang, list[str | _TermShape]]


class _ActorShape(Shape):
    name: Line
    role: Line
    side: Line
    valid_from: FirstDay = None
    valid_until: LastDay = None
    ambiguous: bool = False
    abolished: bool = False
    terms: _Terms
    traps: list[str] = []


class ConceptFile(Shape):
    """``lexicon/<concept>.yml``."""

    title: Titles
    country: Country | Literal[""] = ""
    supported_by: list[str] = []
    foreign: list[str] = []
    introduced_by: list[str] = []
    terms: _Terms = {}
    ambiguous: _Terms = {}
    domestic: _Terms = {}
    actors: list[_ActorShape] = []
    traps: dict[TermLang, list[str]] = {}
    bridges: list[list[str]] = []


def build_concept(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> Concept:
    """Return the concept. Raises SeedError if it has no terms."""
    shape: ConceptFile = file.shape
    if shape.domestic and not shape.country:
        said = "domestic terms are those of a country's own press; add country: MA, or whichever"
        raise SeedError(file.problem(("domestic",), said))
    terms = [
        *_build_terms(file, ("terms",), shape.terms),
        *(replace(t, ambiguous=True) for t in _build_terms(file, ("ambiguous",), shape.ambiguous)),
        *(replace(t, domestic=True) for t in _build_terms(file, ("domestic",), shape.domestic)),
        *(term for n, actor in enumerate(shape.actors) for term in _actor_terms(file, n, actor)),
    ]
    if not terms:
        raise SeedError(file.problem((), "a concept without terms would never be found"))
    traps = tuple(
        trap
        for language, items in shape.traps.items()
        for n, item in enumerate(items)
        for trap in _spell_out(file, ("traps", language, n), item)
    )
    return Concept(
        name=file.slug,
        title=shape.title,
        terms=tuple(terms),
        traps=traps,
        country=shape.country,
        supported_by=tuple(shape.supported_by),
        foreign=tuple(shape.foreign),
        introduced_by=tuple(shape.introduced_by),
        bridges=tuple(map(tuple, shape.bridges)),
        offices=tuple(
            Office(
                role=actor.role,
                side=actor.side,
                holder=actor.name,
                until=actor.valid_until,
                abolished=actor.abolished,
            )
            for actor in shape.actors
        ),
    )


def check_related(
    found: BuiltSeeds, files: Sequence[SeedDocument]
) -> Iterator[tuple[str, SeedError]]:
    """Yield each concept that names another which doesn't exist, with its problem."""
    for file in files:
        for key in ("supported_by", "foreign", "introduced_by"):
            for n, name in enumerate(getattr(file.shape, key)):
                try:
                    check_concept(file, found, name, (key, n))
                except SeedError as error:
                    yield file.slug, error


def _build_terms(file: SeedDocument, at: KeyPath, terms: _Terms) -> Iterator[Term]:
    for language, items in terms.items():
        for n, item in enumerate(items):
            where = (*at, language, n)
            shape = item if isinstance(item, _TermShape) else _TermShape(term=item)
            for text in _spell_out(file, where, shape.term):
                yield _build_term(file, where, language, shape, text)


def _actor_terms(file: SeedDocument, n: int, actor: _ActorShape) -> Iterator[Term]:
    known = Actor(name=actor.name, role=actor.role, side=actor.side)
    for term in _build_terms(file, ("actors", n, "terms"), actor.terms):
        yield replace(
            term,
            actor=known,
            traps=(*term.traps, *actor.traps),
            valid_from=term.valid_from or actor.valid_from,
            valid_until=term.valid_until or actor.valid_until,
            ambiguous=term.ambiguous or actor.ambiguous,
        )


def _spell_out(file: SeedDocument, key_path: KeyPath, text: str) -> list[str]:
    """All phrases that the line stands for; ``(a|b)`` is either, ``(a|)`` is a or nothing.

    "(traité|pacte) de (Fès|Tanger)" → traité de Fès, traité de Tanger, pacte de Fès …
    """
    parts = re.split(r"\(([^()]*\|[^()]*)\)", text)
    choices = [part.split("|") if n % 2 else [part] for n, part in enumerate(parts)]
    if math.prod(map(len, choices)) > MAX_ALTERNATIVES:
        said = f"stands for more than {MAX_ALTERNATIVES:,} phrases; make it several lines"
        raise SeedError(file.problem(key_path, said))
    spelled = (" ".join("".join(chosen).split()) for chosen in product(*choices))
    return list(dict.fromkeys(spelled)) if len(parts) > 1 else [text]


def _check_term(file: SeedDocument, key_path: KeyPath, known: _TermShape, text: str) -> None:
    """Raise SeedError for a term that could never be found."""
    for said in (text, *known.traps, *known.namesakes):
        if not any(map(str.isalnum, said)):
            raise SeedError(file.problem(key_path, f"{said!r} has no letter; write a word"))
    begins, ends = known.valid_from, known.valid_until
    if begins is not None and ends is not None and begins > ends:
        said = f"{text!r} ends on {ends}, before it begins on {begins}"
        raise SeedError(file.problem(key_path, said))


def _build_term(
    file: SeedDocument, key_path: KeyPath, language: str, known: _TermShape, text: str
) -> Term:
    """The term of one of the phrases for which its line stands."""
    _check_term(file, key_path, known, text)
    if known.role is None and known.side is not None:
        raise SeedError(file.problem(key_path, f"{text!r} has a side but no role"))
    actor = None
    if known.role is not None:
        actor = Actor(name=known.name or text, role=known.role, side=known.side or file.slug)
    inflect = tuple("" if name == "none" else name for name in reversed(known.inflect))
    return Term(
        text=text,
        language=language,
        inflect=inflect,
        traps=tuple(known.traps),
        actor=actor,
        valid_from=known.valid_from,
        valid_until=known.valid_until,
        only_in=known.only_in or (),
        ambiguous=known.ambiguous,
        namesakes=tuple(known.namesakes),
    )
