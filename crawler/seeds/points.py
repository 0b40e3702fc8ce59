"""Write a topic's points into its file: numbers change, every other character stays, except that a
number which was fitted is called a guess no more. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from operator import getitem
from typing import Any

import yaml

from crawler.errors import SeedError
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import KeyPath
from crawler.seeds.topics import TopicFile

_GUESS = re.compile(r" *# guess:[^\r\n]*")  # as drafts mark a line
FIRST_EVIDENCE = ("speaks_for", "speaks_against")


def with_points(path: str, text: str, values: Mapping[KeyPath, int]) -> str:
    """The text of a topic's file with these numbers; ``values`` are by the path of their key, such
    as ``("labels", "security", "start")``.

    A number that the file has already stays as it is written. A key that it doesn't have is added
    before the label's evidence. Raises SeedError if the text is no topic, or if more than these
    numbers would change: a value that an alias repeats belongs to several keys.
    """
    document = SeedDocument.parse(path, text, TopicFile)
    mark, plain = text[: len(text) - len(document.text)], document.text
    old = document.shape.model_dump()
    edits: dict[tuple[int, int, str], None] = {}
    for key_path, value in values.items():
        if key_path not in document.spans:
            at, layout = _place_of_new_key(plain, key_path[:-1])
            edits[at, at, layout.format(f"{key_path[-1]}: {value}")] = None
            continue
        start, end = document.spans[key_path]
        if reduce(getitem, key_path, old) != value:
            edits[start, end, str(value) if start < end else f" {value}"] = None
        if guess := _GUESS.search(plain, end, plain.find("\n", end) + 1 or len(plain)):
            edits[*guess.span(), ""] = None
    # From the end, so that offsets stay right; what is added at one place is in the values' order.
    for start, end, written in reversed(sorted(edits, key=lambda edit: edit[:2])):
        plain = plain[:start] + written + plain[end:]
    _check(path, plain, old, values)
    return mark + plain


def _place_of_new_key(text: str, label: KeyPath) -> tuple[int, str]:
    """Where a label's evidence begins, and how a key before it is laid out; ``{}`` stands for it
    and its value.
    """
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for key in label:
        node = next(value for name, value in node.value if name.value == key)
    first = next(name for name, _ in node.value if name.value in FIRST_EVIDENCE).start_mark
    if node.flow_style:
        return first.index, "{}, "
    newline = "\r\n" if "\r\n" in text else "\n"
    return first.index, f"{{}}{newline}{' ' * first.column}"


def _check(path: str, text: str, old: Any, values: Mapping[KeyPath, int]) -> None:
    """Raise SeedError unless the text is the old topic with exactly these numbers."""
    for key_path, value in values.items():
        reduce(getitem, key_path[:-1], old)[key_path[-1]] = value
    try:
        is_right = SeedDocument.parse(path, text, TopicFile).shape.model_dump() == old
    except SeedError:
        is_right = False
    if not is_right:
        raise SeedError(
            f"{path}:1: the points can't be written without changing more than them: write out "
            "what an alias (*) repeats, and one key a line"
        )
