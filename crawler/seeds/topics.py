"""The schema of ``topics/<slug>.yml``, and the topic built from it.

Rules may use ``@slug`` of saved queries; they may not filter by ``label:``, which is their result.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Annotated, Any

from pydantic import Field

from crawler import query
from crawler.errors import QueryError, SeedError
from crawler.matching.topics import MAX_POINTS, Evidence, Example, Label, Topic, with_related
from crawler.seeds.files import SeedDocument
from crawler.seeds.queries import check_concept, locate_error, parse_rule, unresolved
from crawler.seeds.schema import BuiltSeeds, KeyPath, Line, Shape, Titles

MAX_EVIDENCE_NAME = 80  # characters: a line that can be said aloud
MAX_SUM = 1_000  # of points, and of what a label starts from


class _Enumerations(Shape):
    of: list[str]
    at_least: Annotated[int, Field(ge=3)] = 3


_SCORECARD = "with points, as docs/reference/seed-files.md has it"


class _EvidenceShape(Shape):
    rule: str
    points: Annotated[int, Field(ge=-MAX_POINTS, le=MAX_POINTS)]


_Lines = dict[Annotated[Line, Field(max_length=MAX_EVIDENCE_NAME)], _EvidenceShape]
_Sum = Annotated[int, Field(ge=-MAX_SUM, le=MAX_SUM)]


class _LabelShape(Shape):
    retired = {"weights": f"write speaks_for: and speaks_against: {_SCORECARD}"}

    title: Titles
    rule: str
    needs: str | None = None
    start: _Sum = 0
    holds_from: _Sum = 0
    doubtful_from: _Sum | None = None
    speaks_for: _Lines = {}
    speaks_against: _Lines = {}


class _MatchExample(Shape):
    text: str
    labels: Annotated[list[str], Field(min_length=1)]


class _MissExample(Shape):
    text: str


class TopicFile(Shape):
    """``topics/<slug>.yml``."""

    retired = {
        "noise": f"write speaks_against: under the labels, {_SCORECARD}",
        "doubtful": f"write doubtful_from: under the labels, {_SCORECARD}",
    }

    title: Titles
    enumerations: _Enumerations | None = None
    groups: dict[str, str] = {}
    labels: Annotated[dict[str, _LabelShape], Field(min_length=1)]
    themes: dict[str, str] = {}
    matches: list[_MatchExample] = []
    misses: list[_MissExample] = []


def build_topic(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> Topic:
    """Return the topic, with the concepts and saved queries built before. Raises SeedError."""
    shape: TopicFile = file.shape
    rules = _RuleParser(file, found)
    for name, text in shape.groups.items():
        rules.add_group(name, text)
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
    lexicon = found["lexicon"]
    related = with_related(rules.concepts, lexicon)
    concepts = {name: lexicon[name] for name in sorted(related & lexicon.keys())}
    at_least = shape.enumerations.at_least if shape.enumerations else 3
    parts = (labels, concepts, enumerated, at_least, themes)
    return Topic(
        slug=file.slug,
        title=shape.title,
        labels=labels,
        concepts=concepts,
        version=hashlib.sha256(repr(parts).encode()).hexdigest()[:12],
        enumerated=enumerated,
        enumerated_at_least=at_least,
        themes=themes,
        examples=_build_examples(file, shape),
    )


class _RuleParser:
    """Parses a topic's rules and collects the concepts that they use."""

    def __init__(self, file: SeedDocument, found: BuiltSeeds) -> None:
        self.file, self.found = file, found
        self.concepts: set[str] = set()
        self._saved = {slug: item.query for slug, item in found["queries"].items()}
        self._groups: set[str] = set()

    def add_group(self, name: str, text: str) -> None:
        """Let ``@name`` stand for a query in the rules below it. Raises SeedError."""
        key_path = ("groups", name)
        if not re.fullmatch(query.SLUG_PATTERN, name):
            said = f"{name!r} is no name for @{name}; use lower-case letters, digits, hyphens"
            raise SeedError(self.file.problem(key_path, said))
        if name in self._saved:
            said = f"@{name} is a saved query, queries/{name}.yml; call the group something else"
            raise SeedError(self.file.problem(key_path, said))
        self._saved[name] = self.parse(key_path, text)
        self._groups.add(name)

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
            if slug in self._groups:
                continue
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
    at = ("labels", name)
    lines = [
        *_build_evidence(rules, (*at, "speaks_for"), shape.speaks_for),
        *_build_evidence(rules, (*at, "speaks_against"), shape.speaks_against),
    ]
    for line in shape.speaks_against.keys() & shape.speaks_for.keys():
        said = f"{line!r} speaks for the label, too; give each line a name of its own"
        raise SeedError(rules.file.problem((*at, "speaks_against", line), said))
    if shape.doubtful_from is not None and shape.doubtful_from > shape.holds_from:
        said = f"doubtful_from is above holds_from, {shape.holds_from}: write a smaller number"
        raise SeedError(rules.file.problem((*at, "doubtful_from"), said))
    return Label(
        name=name,
        title=shape.title,
        rule=rules.parse((*at, "rule"), shape.rule),
        needs=shape.needs,
        evidence=tuple(lines),
        start=shape.start,
        holds_from=shape.holds_from,
        doubtful_from=shape.doubtful_from,
    )


def _build_evidence(
    rules: _RuleParser, key_path: KeyPath, lines: dict[str, _EvidenceShape]
) -> Iterator[Evidence]:
    against = key_path[-1] == "speaks_against"
    for name, line in lines.items():
        if line.points > 0 if against else line.points < 0:
            wanted = "against a label has 0 points or less" if against else "for it has 0 or more"
            said = f"{line.points} points, but what speaks {wanted}"
            raise SeedError(rules.file.problem((*key_path, name, "points"), said))
        rule = rules.parse((*key_path, name, "rule"), line.rule)
        yield Evidence(name=name, rule=rule, points=line.points, against=against)


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
