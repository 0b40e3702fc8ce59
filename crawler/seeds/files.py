"""One seed file: YAML parsed and validated, with the line and column of every value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml
from pydantic import ValidationError

from crawler import query
from crawler.errors import SeedError
from crawler.seeds import positions, problems
from crawler.seeds.schema import KeyPath, Shape

MAX_CHARACTERS = 1_000_000  # of a file; the longest that ships has 40,000
MAX_DEPTH = 40  # of lists and mappings within each other; libyaml's C code recurses by level
MAX_VALUES = 100_000  # of a file, what its aliases repeat included: 360 bytes can mean millions
MAX_DIGITS = 18  # of a number: no key takes a longer one
NEAR = 20  # characters before and behind a forbidden one, as a message shows them
MAX_SLUG = 100  # characters
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "null", "bool", "float", "timestamp", "merge", "value", "seq", "map")
)
# What YAML allows in a file, and what a value may hold once its escapes are read: no control
# characters (a terminal obeys them), no overrides of the direction (they show another text).
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")


@dataclass(frozen=True, slots=True)
class SeedDocument:
    """A valid seed file: its shape, and where each value is written."""

    path: str
    slug: str
    shape: Any
    lines: dict[KeyPath, int]
    text: str
    spans: dict[KeyPath, tuple[int, int]]

    @classmethod
    def parse(cls, path: str, text: str, shape: type[Shape]) -> SeedDocument:
        """Return the file's document. Raises SeedError with every problem of the file."""
        slug = PurePosixPath(path).stem
        if not re.fullmatch(query.SLUG_PATTERN, slug):
            raise SeedError(
                f"{path}:1: {slug!r} is no slug; use lower-case letters, digits, hyphens"
            )
        if len(slug) > MAX_SLUG:
            raise SeedError(f"{path}:1: a slug of more than {MAX_SLUG} characters")
        text = text.removeprefix("\ufeff")  # some editors begin a file with it
        tree = _Tree(path)
        try:
            _check_text(path, text)
            _check_depth(path, text)
            data = tree.read(yaml.compose(text, Loader=yaml.CSafeLoader))
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark
            line = mark.line + 1 if mark is not None else 1
            raise SeedError(f"{path}:{line}: not YAML: {error.problem}") from error
        try:
            return cls(path, slug, shape.model_validate(data), tree.lines, text, tree.spans)
        except ValidationError as error:
            raise SeedError(*problems.describe_problems(path, shape, error, tree.lines)) from error

    def line(self, key_path: KeyPath) -> int:
        """The 1-based line of a value, or of the nearest mapping around it that is in the file."""
        return problems.nearest_line(self.lines, key_path)

    def position(self, key_path: KeyPath, position: int) -> str:
        """``file:line:column`` of a character of a text value."""
        value = self.shape.model_dump(mode="python")
        for key in key_path:
            value = value[key]
        line, column = positions.find_position(self.text, self.spans[key_path], value, position)
        return f"{self.path}:{line}:{column}"

    def problem(self, key_path: KeyPath, message: str) -> str:
        """The message with the value's file and line before it."""
        return f"{self.path}:{self.line(key_path)}: {message}"


def _check_text(path: str, text: str) -> None:
    """Raise SeedError for a file that is too long, empty or holds what no text file holds."""
    if len(text) > MAX_CHARACTERS:
        raise SeedError(f"{path}:1: more than {MAX_CHARACTERS:,} characters; no seed is so long")
    if (found := _UNPRINTABLE.search(text)) is not None:
        line = text.count("\n", 0, found.start()) + 1
        near = text[max(0, found.start() - NEAR) :][: 2 * NEAR].split("\n")
        said = f"{_named(found[0])} in {max(near, key=lambda part: found[0] in part)!r}"
        raise SeedError(f"{path}:{line}: {said}; remove it")


def _check_depth(path: str, text: str) -> None:
    """Raise SeedError for values too deep within each other, before C code recurses into them."""
    depth, is_empty = 0, True
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise SeedError(
                    f"{path}:{_line(event)}: more than {MAX_DEPTH} levels within each other"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        is_empty = is_empty and not isinstance(event, yaml.NodeEvent)
    if is_empty:
        raise SeedError(f"{path}:1: the file is empty")


@dataclass(slots=True)
class _Tree:
    """The file's nodes read as plain data, with the places of its values."""

    path: str
    lines: dict[KeyPath, int] = field(default_factory=dict)  # 1-based, of every value
    spans: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)  # offsets of every text
    values: int = 0

    def read(self, node: Any, key_path: KeyPath = ()) -> Any:
        """The node as plain data. Raises SeedError for what no seed file may say."""
        self.lines[key_path] = _line(node)
        self.values += 1
        if self.values > MAX_VALUES or len(key_path) > MAX_DEPTH:
            said = (
                f"aliases (*) make more than {MAX_VALUES:,} values of it, or no end; write it out"
            )
            raise SeedError(f"{self.path}:{self.lines[key_path[:1]]}: {key_path[0]}: {said}")
        if node.tag not in _PLAIN_TAGS:
            said = f"{node.tag!r} is no tag for a seed file; write a plain value"
            raise self._problem(node, key_path, said)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, key_path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*key_path, n)) for n, item in enumerate(node.value)]
        self.spans[key_path] = node.start_mark.index, node.end_mark.index
        return self._scalar(node, key_path)

    def _pairs(self, node: yaml.MappingNode, key_path: KeyPath) -> Iterator[tuple[Any, Any]]:
        found = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._problem(key_node, key_path, "a key must be a word, not a list")
            key = self._scalar(key_node, key_path)
            if key in found:
                raise self._problem(key_node, (), f"{key!r} stands twice")
            found.add(key)
            yield key, self.read(value_node, (*key_path, key))
            self.lines[(*key_path, key)] = _line(key_node)

    def _scalar(self, node: yaml.ScalarNode, key_path: KeyPath) -> Any:
        # Only numbers are more than text: an unquoted no or 07:30 stays what the analyst typed.
        if (found := _HARMFUL.search(node.value)) is not None:
            near = node.value[max(0, found.start() - NEAR) :][: 2 * NEAR]
            raise self._problem(node, key_path, f"{_named(found[0])} in {near!r}; remove it")
        if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"-?[0-9]+", node.value):
            if len(node.value) > MAX_DIGITS:
                near = f"{node.value[:MAX_DIGITS]}…"
                raise self._problem(node, key_path, f"{near} is too long for a number")
            return int(node.value)
        return None if node.tag == "tag:yaml.org,2002:null" else node.value

    def _problem(self, node: Any, key_path: KeyPath, message: str) -> SeedError:
        at = f"{self.path}:{_line(node)}: "
        key = ".".join(map(str, key_path))
        return SeedError(f"{at}{key}: {message}" if key else f"{at}{message}")


def _line(of: Any) -> int:
    """The 1-based line of a node or an event."""
    return int(of.start_mark.line) + 1


def _named(character: str) -> str:
    kind = "a mark that reverses the text" if character in "\u202d\u202e" else "a control character"
    return f"{kind} (U+{ord(character):04X})"
