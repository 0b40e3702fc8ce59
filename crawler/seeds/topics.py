"""Seed files about what is looked for: lexicon, saved queries and topics, from shape to record.

Every complaint names the file and the line. A topic's rules may use ``@slug`` of saved queries;
they may not ask for a ``label:``, which only a verdict gives.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from crawler import query
from crawler.errors import QueryError, SeedError
from crawler.matching.topics import (
    MIN_DOUBTFUL_SCORE,
    MIN_LABEL_SCORE,
    Example,
    Label,
    Noise,
    SavedQuery,
    Topic,
    Weight,
)
from crawler.seeds.schema import Found, Place, SeedFile, Shape, Titles


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
    doubtful: Annotated[float, Field(ge=0, lt=MIN_LABEL_SCORE)] = MIN_DOUBTFUL_SCORE
    matches: list[_MatchExample] = []
    misses: list[_MissExample] = []


def saved(file: SeedFile, found: Found, kinds: Collection[str]) -> SavedQuery:
    """The saved query of a file; what it names with ``@`` is resolved when all are read."""
    shape: QueryFile = file.shape
    tree = _parsed(file, ("query",), shape.query)
    for name in query.concept_names(tree):
        _check_known(file, found, name, ("query",))
    labels = tuple(
        (value, file.spot(("query",), at)) for value, at in query.find_labels(tree, shape.query)
    )
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
                nested = [raw[slug] for slug in query.saved_slugs(item.query, trees)]
                labels = (*item.labels, *(label for one in nested for label in one.labels))
                found[file.slug] = replace(item, query=whole, labels=labels)


def topic(file: SeedFile, found: Found, kinds: Collection[str]) -> Topic:
    """The topic of a file, over the concepts and saved queries found before."""
    shape: TopicFile = file.shape
    rules = _Rules(file, found)
    labels = {name: _label(rules, name, label) for name, label in shape.labels.items()}
    for n, (name, label) in enumerate(labels.items()):
        if name == query.WATCH_LABEL:
            said = (
                f"{name!r} is how a search asks for the watch list; call the label something else"
            )
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
        for slug in query.saved_slugs(rule, self._saved):
            for label, where in self.found["queries"][slug].labels:
                asked = self.file.spot(place, max(0, text.find(f"@{slug}")))
                raise SeedError(
                    f"{where}: {query.CIRCULAR_LABEL.format(label)} (@{slug} is asked for at {asked})"
                )
        for name in query.concept_names(tree):
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
