"""The article's paragraphs in a value of any shape: markup, lists of blocks, rich text. Pure.

Editors store texts in a dozen forms; all of them are a string of markup, or a list of blocks of
which each has its text in leaves. Of all such texts the one is taken that stands beside the page's
title, or holds what the page shows; never one beside another title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_NODES = 200_000  # of a value that are looked at
MAX_DEPTH = 60  # of lists and objects in each other
MAX_BLOCK_DEPTH = 12  # of a paragraph's parts in each other
ELEMENT_PARTS = 4  # of a React element: "$", tag, key, properties
MIN_SPACES = 4  # of a sentence
MIN_PARAGRAPH_CHARACTERS, MIN_SENTENCE_CHARACTERS = 80, 30
MIN_TEXT_CHARACTERS = 150  # of all paragraphs together
MIN_TITLE_OVERLAP = 0.6  # of the words of two titles that are the same one

_TITLE_KEYS = ("title", "headline", "name", "titre", "heading", "seoTitle", "title_plain")
_LINK_KEYS = frozenset({"url", "slug", "href", "link", "permalink", "path", "uri", "canonicalUrl"})
_LEAF_KEYS = ("text", "value", "content", "html", "children", "data", "body", "items", "paragraphs")
_INLINE = frozenset(
    {"a", "link", "hyperlink", "text", "span", "strong", "em", "b", "i", "bold", "italic", "u"}
)
_MARKUP = re.compile(r"</?[a-z][a-z0-9]{0,15}[\s/>]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…؟。][»”\"'’)\]]*$")
_WORD = re.compile(r"\w+")
_GLUE = re.compile(
    r"(?:(?<=[^\W\d_]{2}[.!?…؟])|(?<=[^\W\d_][.!?…؟][»”\"’)])|(?<=[^\W\d_][.!?…؟]\s»))(?=[^\W\d_])"
)
_BREAKS = re.compile(r"\n\s*\n|\r\n?|\n")


@dataclass(frozen=True, slots=True)
class _Candidate:
    lines: list[str]
    title: str  # of the closest object around them that has one …
    holder: Mapping[str, object]  # … and that object

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))


def find_article_text(
    values: Iterator[object],
    titles: Sequence[str],
    to_lines: Callable[[str], list[str]],
    shown: Sequence[str] = (),
) -> list[str]:
    """The paragraphs of the article with one of these titles; empty if no value has any.

    ``to_lines`` reads markup. A text without a title of its own is taken only if no other text
    stands beside the page's. Of what the page has ``shown``, the standfirst that stands beside the
    text under its title comes first.
    """
    wanted = [words for title in titles if (words := _words(title))]
    best, rank = _Candidate([], "", {}), (0, 0)
    for candidate in _candidates(values, to_lines):
        trust = _trust(candidate.title, wanted)
        if trust and candidate.size >= MIN_TEXT_CHARACTERS and (trust, candidate.size) > rank:
            best, rank = candidate, (trust, candidate.size)
    return [*_standfirst(shown, best), *best.lines]


def _standfirst(shown: Sequence[str], best: _Candidate) -> list[str]:
    """The shown lines that a text lacks and that stand beside it in its object."""
    within = _joined(" ".join(best.lines))
    beside = [_joined(value) for value in best.holder.values() if isinstance(value, str)]
    return [
        line
        for line in shown
        if len(line) >= MIN_SENTENCE_CHARACTERS
        and (words := _joined(line)) not in within
        and any(words in value for value in beside)
    ]


def _joined(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def split_glued(text: str) -> list[str]:
    """The paragraphs of a text of which some lost the space between them: "… the end.He then …".

    >>> split_glued("The vote was close.No one of the U.S. team spoke.")
    ['The vote was close.', 'No one of the U.S. team spoke.']
    """
    pieces = list[str]()
    at = 0
    for glue in _GLUE.finditer(text):
        following = text[glue.start()]
        if following.lower() == following.upper() or following.isupper():
            pieces.append(text[at : glue.start()].strip())
            at = glue.start()
    return [piece for piece in (*pieces, text[at:].strip()) if piece]


def _trust(title: str, wanted: Sequence[frozenset[str]]) -> int:
    """2 if it is the page's title, 1 if there is none, 0 if it is another's."""
    words = _words(title)
    if not words or not wanted:
        return 1
    common = max(len(words & other) / min(len(words), len(other)) for other in wanted)
    return 2 if common >= MIN_TITLE_OVERLAP else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _candidates(
    values: Iterator[object], to_lines: Callable[[str], list[str]]
) -> Iterator[_Candidate]:
    nothing: Mapping[str, object] = {}
    todo: list[tuple[object, str, Mapping[str, object], int]] = [
        (value, "", nothing, 0) for value in values
    ]
    looked = 0
    while todo and looked < MAX_NODES:
        value, title, holder, depth = todo.pop()
        looked += 1
        if isinstance(value, str):
            if lines := _prose(_text_lines(value, to_lines)):
                yield _Candidate(lines, title, holder)
            continue
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            if own := _title_of(value):
                title, holder = own, value
            inside = filter(_may_hold_text, value.values())
            todo += [(inner, title, holder, depth + 1) for inner in inside]
        elif isinstance(value, list):
            lines = _prose(_block_lines(value, to_lines))
            if not any(isinstance(inner, dict | list) for inner in value):
                lines = [line for line in lines if _is_prose(line)]  # codes stand between them
            if lines:
                yield _Candidate(lines, title, holder)
            todo += [(inner, title, holder, depth + 1) for inner in filter(_may_hold_text, value)]


def _may_hold_text(value: object) -> bool:
    """Whether a value is a sentence or holds others; most are numbers, names and flags."""
    if isinstance(value, str):
        return len(value) >= MIN_SENTENCE_CHARACTERS
    return bool(value) and isinstance(value, dict | list)


def _title_of(value: Mapping[str, object]) -> str:
    for key in _TITLE_KEYS:
        title = value.get(key)
        if isinstance(title, dict):  # WordPress: {"rendered": "…"}
            title = title.get("rendered")
        if isinstance(title, str) and title.strip():
            return title
    return ""


def _text_lines(
    text: str, to_lines: Callable[[str], list[str]], *, least: int = MIN_SENTENCE_CHARACTERS
) -> list[str]:
    if len(text) < least:
        return []
    if _MARKUP.search(text):
        return to_lines(text)
    return [line for part in _BREAKS.split(text) if (line := " ".join(part.split()))]


def _block_lines(blocks: Sequence[object], to_lines: Callable[[str], list[str]]) -> list[str]:
    """The texts of a list's items, if these are blocks of one text and no articles."""
    lines = list[str]()
    for block in blocks:
        if isinstance(block, dict) and _title_of(block) and not _LINK_KEYS.isdisjoint(block):
            return []
        lines += _text_lines("".join(_leaves(block)).strip(), to_lines, least=1)
    return lines


def _leaves(block: object, depth: int = 0) -> Iterator[str]:
    """The strings of a block that are text, in order, with an end of line after each paragraph.

    React's elements are ["$", tag, key, {"children": …}].
    """
    if isinstance(block, str):
        yield block
    elif depth > MAX_BLOCK_DEPTH:
        return
    elif isinstance(block, list):
        if len(block) == ELEMENT_PARTS and block[0] == "$":
            yield from _leaves(block[3], depth + 1)
            yield "" if _is_inline(block[1]) else "\n"
            return
        apart = "\n" if len(block) > 1 and all(isinstance(inner, str) for inner in block) else ""
        for inner in block:
            yield from _leaves(inner, depth + 1)
            yield apart
    elif isinstance(block, dict):
        inner = next((block[key] for key in _LEAF_KEYS if block.get(key)), "")
        yield from _leaves(inner, depth + 1)
        kind = block.get("type") or block.get("_type") or block.get("nodeType")
        yield "" if isinstance(inner, str) or _is_inline(kind) else "\n"


def _is_inline(kind: object) -> bool:
    return isinstance(kind, str) and kind.lower() in _INLINE


def _prose(lines: Sequence[str]) -> list[str]:
    """The lines from the first to the last that is prose, if there is any."""
    good = [n for n, line in enumerate(lines) if _is_prose(line)]
    return list(lines[good[0] : good[-1] + 1]) if good else []


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence: words with spaces, no address, no code."""
    if line.count(" ") < MIN_SPACES or line.lstrip()[:1] in ("{", "[", "$"):
        return False
    return len(line) >= MIN_PARAGRAPH_CHARACTERS or (
        len(line) >= MIN_SENTENCE_CHARACTERS and _SENTENCE_END.search(line) is not None
    )
