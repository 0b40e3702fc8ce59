"""One seed file: YAML parsed and validated, with the line and column of every value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml
from pydantic import ValidationError

from crawler import query
from crawler.errors import SeedError
from crawler.seeds import positions, problems
from crawler.seeds.schema import KeyPath, Shape


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
        lines: dict[KeyPath, int] = {}
        spans: dict[KeyPath, tuple[int, int]] = {}
        try:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            data = _to_data(node, (), lines, spans, path) if node is not None else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SeedError(f"{path}:{line}: not YAML: {error.problem}") from error
        try:
            return cls(path, slug, shape.model_validate(data), lines, text, spans)
        except ValidationError as error:
            raise SeedError(*problems.describe_problems(path, shape, error, lines)) from error

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


def _to_data(
    node: Any,
    key_path: KeyPath,
    lines: dict[KeyPath, int],
    spans: dict[KeyPath, tuple[int, int]],
    path: str,
) -> Any:
    """The node as plain data. Raises SeedError for a repeated key.

    Adds the 1-based line of every value to ``lines`` and the offsets of every text to ``spans``.
    """
    lines[key_path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in found:
                raise SeedError(f"{path}:{key_node.start_mark.line + 1}: {key!r} stands twice")
            found[key] = _to_data(value_node, (*key_path, key), lines, spans, path)
            lines[(*key_path, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [
            _to_data(item, (*key_path, n), lines, spans, path) for n, item in enumerate(node.value)
        ]
    spans[key_path] = node.start_mark.index, node.end_mark.index
    return _scalar(node)


def _scalar(node: Any) -> Any:
    # Only numbers are more than text: an unquoted no or 07:30 stays what the analyst typed.
    if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"-?\d+", node.value):
        return int(node.value)
    return None if node.tag == "tag:yaml.org,2002:null" else node.value
