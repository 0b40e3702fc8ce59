"""Write a topic's points into its file: numbers change, every other character stays, except that a
number which was fitted is called a guess no more. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import KeyPath
from crawler.seeds.topics import TopicFile

_GUESS = re.compile(r" *# guess:[^\n]*")  # as drafts mark a line
FIRST_EVIDENCE = ("speaks_for", "speaks_against")


def with_points(path: str, text: str, values: Mapping[KeyPath, int]) -> str:
    """The text of a topic's file with these numbers; ``values`` are by the path of their key, such
    as ``("labels", "security", "start")``.

    A key that the file doesn't have is added as a line before the label's evidence. Raises
    SeedError if the text is no topic.
    """
    document = SeedDocument.parse(path, text, TopicFile)
    edits: list[tuple[int, int, str]] = []
    for key_path, value in values.items():
        if key_path in document.spans:
            start, end = document.spans[key_path]
            if text[start:end] != str(value):
                edits.append((start, end, str(value)))
            if guess := _GUESS.search(text, end, text.find("\n", end) + 1 or len(text)):
                edits.append((*guess.span(), ""))
        else:
            at = _before_evidence(document, key_path[:-1])
            indent = text[at:].split(key_path_name(text, at))[0]
            edits.append((at, at, f"{indent}{key_path[-1]}: {value}\n"))
    for start, end, written in sorted(edits, reverse=True):
        text = text[:start] + written + text[end:]
    return text


def key_path_name(text: str, at: int) -> str:
    """The key that a line begins with."""
    return text[at:].split(":", 1)[0].strip()


def _before_evidence(document: SeedDocument, label: KeyPath) -> int:
    """The offset of the line in which a label's evidence begins."""
    line = min(document.lines[(*label, k)] for k in FIRST_EVIDENCE if (*label, k) in document.lines)
    return sum(len(one) for one in document.text.splitlines(keepends=True)[: line - 1])
