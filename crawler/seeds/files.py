"""What is watched: seed files, read strictly. ``{path: text}`` in, sources, topics and digests out.

A key that is not known, a language that is not one, a rule that cannot be parsed is an error with
``file:line``, what was found and what was meant; one bad seed and nothing is loaded. This module
opens no file (``app`` reads the folder) and judges no text (``matching`` runs the examples).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml
from pydantic import ValidationError

from crawler.errors import SeedError
from crawler.seeds import (
    positions,
)
from crawler.seeds import (
    problems as seed_problems,
)
from crawler.seeds.schema import Place, Shape

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class SeedDocument:
    path: str
    slug: str
    shape: Any
    lines: dict[Place, int]
    text: str
    spans: dict[Place, tuple[int, int]]

    @classmethod
    def read(cls, path: str, text: str, shape: type[Shape]) -> SeedDocument:
        slug = PurePosixPath(path).stem
        if not _SLUG.fullmatch(slug):
            raise SeedError(
                f"{path}:1: {slug!r} is no slug; use lower-case letters, digits, hyphens"
            )
        lines: dict[Place, int] = {}
        spans: dict[Place, tuple[int, int]] = {}
        try:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            data = _plain(node, (), lines, spans, path) if node is not None else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SeedError(f"{path}:{line}: not YAML: {error.problem}") from error
        try:
            return cls(path, slug, shape.model_validate(data), lines, text, spans)
        except ValidationError as error:
            raise SeedError(*seed_problems.problems(path, shape, error, lines)) from error

    def line(self, place: Place) -> int:
        return seed_problems.line(self.lines, place)

    def spot(self, place: Place, position: int) -> str:
        value = self.shape.model_dump(mode="python")
        for key in place:
            value = value[key]
        line, column = positions.position(self.text, self.spans[place], value, position)
        return f"{self.path}:{line}:{column}"

    def problem(self, place: Place, message: str) -> str:
        return f"{self.path}:{self.line(place)}: {message}"


def _plain(
    node: Any, place: Place, lines: dict[Place, int], spans: dict[Place, tuple[int, int]], path: str
) -> Any:
    """The node as plain data; ``lines`` learns the 1-based line of every value, ``spans`` where texts
    begin and end. Twice a key is an error."""
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in found:
                raise SeedError(f"{path}:{key_node.start_mark.line + 1}: {key!r} stands twice")
            found[key] = _plain(value_node, (*place, key), lines, spans, path)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, n), lines, spans, path) for n, item in enumerate(node.value)]
    spans[place] = node.start_mark.index, node.end_mark.index
    return _scalar(node)


def _scalar(node: Any) -> Any:
    # Only numbers are more than text: an unquoted no or 07:30 stays what the analyst typed.
    if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"-?\d+", node.value):
        return int(node.value)
    return None if node.tag == "tag:yaml.org,2002:null" else node.value
