"""Seed files about what is looked for: lexicon, saved queries and topics, from shape to record.

Every complaint names the file and the line. A topic's rules may use ``@slug`` of saved queries;
they may not ask for a ``label:``, which only a verdict gives.
"""

from __future__ import annotations

import calendar
import difflib
import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from crawler import query
from crawler.errors import QueryError, SeedError
from crawler.languages import INFLECTIONS
from crawler.model import Actor
from crawler.shapes import Found, Lang, Place, SeedFile, Shape, Titles
from crawler.topics import (
    DOUBTFUL,
    LINE,
    Concept,
    Example,
    Label,
    Noise,
    SavedQuery,
    Term,
    Topic,
    Weight,
)

# ── the shapes ────────────────────────────────────────────────────────────────────────────────


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
    only_in: Annotated[tuple[Lang, ...] | None, Field(min_length=1), BeforeValidator(_listed)] = None


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


class QueryFile(Shape):
    """``queries/<slug>.yml``."""

    title: Titles
    query: str


class _Enumerations(Shape):
    of: list[str]
    at_least: Annotated[int, Field(ge=3)] = 3


class _WeightShape(Shape):
    rule: str
    add: Annotated[float, Field(ge=-1, le=1)]


class _LabelShape(Shape):
    title: Titles
    rule: str
    needs: str | None = None
    weights: list[_WeightShape] = []


class _NoiseShape(Shape):
    rule: str
    less: Annotated[float, Field(gt=0, le=1)] = 1.0
    takes: list[str] = []


class _MatchExample(Shape):
    text: str
    labels: Annotated[list[str], Field(min_length=1)]


class _MissExample(Shape):
    text: str


class TopicFile(Shape):
    """``topics/<slug>.yml``."""

    title: Titles
    enumerations: _Enumerations | None = None
    labels: Annotated[dict[str, _LabelShape], Field(min_length=1)]
    themes: dict[str, str] = {}
    noise: dict[str, _NoiseShape] = {}
    doubtful: Annotated[float, Field(ge=0, lt=LINE)] = DOUBTFUL
    matches: list[_MatchExample] = []
    misses: list[_MissExample] = []


# ── from shapes to records ────────────────────────────────────────────────────────────────────


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


def saved(file: SeedFile, found: Found, kinds: Collection[str]) -> SavedQuery:
    """The saved query of a file; what it names with ``@`` is resolved when all are read."""
    shape: QueryFile = file.shape
    tree = _parsed(file, ("query",), shape.query)
    for name in query.concepts(tree):
        _check_known(file, found, name, ("query",))
    labels = tuple((value, file.spot(("query",), at)) for value, at in query.labels(tree, shape.query))
    return SavedQuery(slug=file.slug, title=shape.title, query=tree, labels=labels)


def resolved(found: dict[str, SavedQuery], files: Sequence[SeedFile]) -> Iterator[str]:
    """Put the saved queries' own ``@slug`` in their place, in ``found``; yields what is wrong."""
    raw = dict(found)
    trees = {slug: item.query for slug, item in raw.items()}
    for file in files:
        item = found.get(file.slug)
        if item is not None:
            try:
                whole = query.resolve(item.query, trees)
            except QueryError as error:
                yield _pointed(file, ("query",), file.shape.query, error)
            else:
                nested = [raw[slug] for slug in query.saved(item.query, trees)]
                labels = (*item.labels, *(label for one in nested for label in one.labels))
                found[file.slug] = replace(item, query=whole, labels=labels)


def topic(file: SeedFile, found: Found, kinds: Collection[str]) -> Topic:
    """The topic of a file, over the concepts and saved queries found before."""
    shape: TopicFile = file.shape
    rules = _Rules(file, found)
    labels = {name: _label(rules, name, label) for name, label in shape.labels.items()}
    for n, (name, label) in enumerate(labels.items()):
        if name == query.ON_WATCH:
            said = f"{name!r} is how a search asks for the watch list; call the label something else"
            raise SeedError(file.problem(("labels", name), said))
        if label.needs is not None and label.needs not in list(labels)[:n]:
            message = f"no label {label.needs!r} above this one"
            raise SeedError(file.problem(("labels", name, "needs"), message))
    enumerated = tuple(shape.enumerations.of) if shape.enumerations else ()
    for name in enumerated:
        rules.known(name, ("enumerations", "of"))
    themes = {name: rules.theme(name, text) for name, text in shape.themes.items()}
    noise = tuple(_noise(rules, name, item, labels) for name, item in shape.noise.items())
    concepts = {name: found["lexicon"][name] for name in sorted(rules.asked)}
    at_least = shape.enumerations.at_least if shape.enumerations else 3
    parts = (labels, concepts, enumerated, at_least, themes, noise, shape.doubtful)
    return Topic(
        slug=file.slug,
        title=shape.title,
        labels=labels,
        concepts=concepts,
        version=hashlib.sha256(repr(parts).encode()).hexdigest()[:12],
        enumerated=enumerated,
        enumerated_at_least=at_least,
        themes=themes,
        noise=noise,
        doubtful=shape.doubtful,
        examples=_examples(file, shape),
    )


class _Rules:
    """Reads a topic's rules and remembers the concepts they ask for."""

    def __init__(self, file: SeedFile, found: Found) -> None:
        self.file, self.found = file, found
        self.asked: set[str] = set()
        self._saved = {slug: item.query for slug, item in found["queries"].items()}

    def read(self, place: Place, text: str) -> query.Query:
        """The rule's tree, ``@slug`` put in place; SeedError where it cannot be one."""
        rule = _parsed(self.file, place, text)
        try:
            query.refuse_labels(rule, text)
            tree = query.resolve(rule, self._saved)
        except QueryError as error:
            raise SeedError(_pointed(self.file, place, text, error)) from error
        for slug in query.saved(rule, self._saved):
            for label, where in self.found["queries"][slug].labels:
                asked = self.file.spot(place, max(0, text.find(f"@{slug}")))
                raise SeedError(f"{where}: {query.CIRCULAR.format(label)} (@{slug} is asked for at {asked})")
        for name in query.concepts(tree):
            self.known(name, place)
        return tree

    def theme(self, name: str, text: str) -> query.Query:
        """A theme's rule: a concept's bare name or a whole rule."""
        if text in self.found["lexicon"]:
            text = f"concept:{text}"
        return self.read(("themes", name), text)

    def known(self, name: str, place: Place) -> None:
        """Remember that a concept is asked for; SeedError if the lexicon has none of that name."""
        _check_known(self.file, self.found, name, place)
        self.asked.add(name)


def _check_known(file: SeedFile, found: Found, name: str, place: Place) -> None:
    if name not in found["lexicon"]:
        near = difflib.get_close_matches(name, found["lexicon"], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SeedError(file.problem(place, f"no concept {name!r} in lexicon/{hint}"))


def _label(rules: _Rules, name: str, shape: _LabelShape) -> Label:
    weights = tuple(
        Weight(rule=rules.read(("labels", name, "weights", n, "rule"), w.rule), add=w.add)
        for n, w in enumerate(shape.weights)
    )
    return Label(
        name=name,
        title=shape.title,
        rule=rules.read(("labels", name, "rule"), shape.rule),
        needs=shape.needs,
        weights=weights,
    )


def _noise(rules: _Rules, name: str, shape: _NoiseShape, labels: Collection[str]) -> Noise:
    for label in shape.takes:
        if label not in labels:
            raise SeedError(rules.file.problem(("noise", name, "takes"), f"no label {label!r}"))
    rule = rules.read(("noise", name, "rule"), shape.rule)
    return Noise(name=name, rule=rule, less=shape.less, takes=tuple(shape.takes))


def _parsed(file: SeedFile, place: Place, text: str) -> query.Query:
    try:
        return query.parse(text)
    except QueryError as error:
        raise SeedError(_pointed(file, place, text, error)) from error


def _pointed(file: SeedFile, place: Place, text: str, error: QueryError) -> str:
    """The error at its character of the file. One of a tree has its text as ``write`` puts it: there
    the word it points at is sought in the file's."""
    at = error.position
    if error.text != text:
        word = re.match(r"[@\w:«\"-]*", error.text[at:])
        at = max(0, text.find(word[0])) if word else 0
    return f"{file.spot(place, at)}: {error}"


def _examples(file: SeedFile, shape: Any) -> tuple[Example, ...]:
    matches = [
        Example(text=e.text, labels=tuple(e.labels), line=file.line(("matches", n)))
        for n, e in enumerate(shape.matches)
    ]
    misses = [
        Example(text=e.text, labels=(), line=file.line(("misses", n)))
        for n, e in enumerate(shape.misses)
    ]
    return (*matches, *misses)
