"""The schema of ``topics/<slug>.yml``, and the topic built from it.

Rules may use ``@slug`` of saved queries; they may not filter by ``label:``, which is their result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
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
    Topic,
    Weight,
    with_related,
)
from crawler.seeds.files import SeedDocument
from crawler.seeds.queries import check_concept, locate_error, parse_rule, unresolved
from crawler.seeds.schema import BuiltSeeds, KeyPath, Shape, Titles


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


def build_topic(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> Topic:
    """Return the topic, with the concepts and saved queries built before. Raises SeedError."""
    shape: TopicFile = file.shape
    rules = _RuleParser(file, found)
    labels = {name: _build_label(rules, name, label) for name, label in shape.labels.items()}
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
        rules.require_concept(name, ("enumerations", "of"))
    themes = {name: rules.parse_theme(name, text) for name, text in shape.themes.items()}
    noise = tuple(_build_noise(rules, name, item, labels) for name, item in shape.noise.items())
    lexicon = found["lexicon"]
    concepts = {name: lexicon[name] for name in sorted(with_related(rules.concepts, lexicon))}
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
        examples=_build_examples(file, shape),
    )


class _RuleParser:
    """Parses a topic's rules and collects the concepts that they use."""

    def __init__(self, file: SeedDocument, found: BuiltSeeds) -> None:
        self.file, self.found = file, found
        self.concepts: set[str] = set()
        self._saved = {slug: item.query for slug, item in found["queries"].items()}

    def parse(self, key_path: KeyPath, text: str) -> query.Query:
        """The rule's tree with every ``@slug`` resolved. Raises SeedError for a malformed rule."""
        rule = parse_rule(self.file, key_path, text)
        try:
            query.refuse_labels(rule, text)
            tree = query.resolve(rule, self._saved)
        except QueryError as error:
            message = locate_error(self.file, key_path, text, error)
            raise unresolved(rule, self._saved, message) from error
        for slug in query.saved_slugs(rule, self._saved):
            for label, where in self.found["queries"][slug].labels:
                asked = self.file.position(key_path, max(0, text.find(f"@{slug}")))
                raise SeedError(
                    f"{where}: {query.CIRCULAR_LABEL.format(label)} (@{slug} is asked for "
                    f"at {asked})"
                )
        for name in query.concept_names(tree):
            self.require_concept(name, key_path)
        return tree

    def parse_theme(self, name: str, text: str) -> query.Query:
        """The rule of a theme, which may be the bare name of a concept."""
        if text in self.found["lexicon"]:
            text = f"concept:{text}"
        return self.parse(("themes", name), text)

    def require_concept(self, name: str, key_path: KeyPath) -> None:
        """Note that a concept is used. Raises SeedError if the lexicon doesn't have it."""
        check_concept(self.file, self.found, name, key_path)
        self.concepts.add(name)


def _build_label(rules: _RuleParser, name: str, shape: _LabelShape) -> Label:
    weights = tuple(
        Weight(rule=rules.parse(("labels", name, "weights", n, "rule"), w.rule), add=w.add)
        for n, w in enumerate(shape.weights)
    )
    return Label(
        name=name,
        title=shape.title,
        rule=rules.parse(("labels", name, "rule"), shape.rule),
        needs=shape.needs,
        weights=weights,
    )


def _build_noise(
    rules: _RuleParser, name: str, shape: _NoiseShape, labels: Collection[str]
) -> Noise:
    for label in shape.takes:
        if label not in labels:
            raise SeedError(rules.file.problem(("noise", name, "takes"), f"no label {label!r}"))
    rule = rules.parse(("noise", name, "rule"), shape.rule)
    return Noise(name=name, rule=rule, less=shape.less, takes=tuple(shape.takes))


def _build_examples(file: SeedDocument, shape: Any) -> tuple[Example, ...]:
    matches = [
        Example(text=e.text, labels=tuple(e.labels), line=file.line(("matches", n)))
        for n, e in enumerate(shape.matches)
    ]
    misses = [
        Example(text=e.text, labels=(), line=file.line(("misses", n)))
        for n, e in enumerate(shape.misses)
    ]
    return (*matches, *misses)
