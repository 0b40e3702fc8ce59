"""Find the article's text that stands beside its element: standfirst above, more text below. Pure.

::

    headline ─► standfirst (named so, the description's words, or prose) ─► the article's element
    the article's element ─► siblings that continue it ─► the first that is something else

A layout often prints the standfirst in the header and the end of a live report after the body. The
slow reading and the template's reading both ask here, so that they agree.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, takewhile

from crawler.dates import visible
from crawler.extraction import boilerplate
from crawler.extraction.authors import parse_byline
from crawler.extraction.blocks import PageLines, TextLine, class_and_id
from crawler.extraction.boxes import (
    HEADING_TAGS,
    MIN_PROSE_CHARACTERS,
    MIN_SENTENCE_CHARACTERS,
    is_prose,
)

MAX_STANDFIRST_LINES = 6  # a list of points has up to five
# lines looked at above the text, and below the headline if it is known
MAX_LINES_ABOVE, MAX_LINES_BELOW_HEADLINE = 12, 40
MIN_STANDFIRST_WORDS = 4  # words of a standfirst; with fewer it is a section or a byline
MIN_SUMMARY_WORDS = 8  # words of a line that repeats less than half of a summary
MIN_SHARED_WORDS = 0.8  # of the shorter one: summaries are cut, standfirsts may be longer
# characters of a heading that is a standfirst without being named so, and lines below the headline
MIN_HEADING_CHARACTERS, MAX_HEADING_DISTANCE = 50, 2
MAX_LINKED_SHARE = 0.3  # of a text beside the article's element; with more it points elsewhere
MAX_SKIPPED_GROUPS = 3  # trifles between the element and what continues it …
MAX_TRIFLE_CHARACTERS = 60  # … of so many characters a line
MAX_TITLE_DISTANCE = 2  # lines between an excerpt and the title that it belongs to
MAX_LEVELS = 2  # elements around the article's whose other children are looked at
MAX_KINDS = 300  # kinds of prose outside of the article that a page is remembered by

_STANDFIRST_NAME = re.compile(
    r"(?:^|[\s_-])(?:chapo\w*|chapeau|stand-?first\w*|lead|lede|lead-?(?:text|paragraph|in)|"
    r"intro\w*|teaser\w*|excerpt\w*|sub-?title|sub-?head\w*|sub-?line|deck|dek\w*|summary\w*|"
    r"abstract|description|sous-?titre|accroche|preamble|ingress|resume|synopsis|strap-?line|"
    r"blurb|entradilla|bajada|vorspann)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_NAME = re.compile(
    r"caption|credit|signature|(?:^|[\s_-])(?:image|img|photo|picture|figure|media|legende?|author|bio|"
    r"by-?line|statement|meta|date|time|tool\w*|video)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CONTINUATION_NAME = re.compile(
    r"body|content|text|article|story|entry|suite|continu|live|update|timeline|para|section|part|"
    r"chapter|point|quote|fact|list|table|block(?!ed)",
    re.IGNORECASE,
)
_FOREIGN_NAME = re.compile(
    r"author|bio|comment|disclos|disclaim|copy-?right|legal|subscri|newsletter|relat|recommend|"
    r"footer|sign|cta|promo|teaser|card|more|next|prev|tag|share|social|credit|source|contact|"
    r"form|login|cookie|consent|rail|side|widget|alert|notice|hidden|success|fail|error|correct",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"©|^copyright|\bcopyrighted|all rights reserved|tous droits réservés|"
    r"(?:جميع|كل) الحقوق محفوظة|^(?:originally |first )?published (?:at|in|on|by)\b",
    re.IGNORECASE,
)
_FOREIGN_TAGS = frozenset({"aside", "footer", "form", "header", "article", "address"})
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True, kw_only=True)
class TextBeside:
    """The lines beside the article's element that belong to it, and the kinds of other prose.

    ``standfirst`` is above the text and not part of it; ``above`` and ``below`` are more of it.
    """

    standfirst: list[TextLine] = field(default_factory=list)
    above: list[TextLine] = field(default_factory=list)
    below: list[TextLine] = field(default_factory=list)
    kinds: set[int] = field(default_factory=set)


def find_beside(
    found: PageLines,
    place: int,
    kept: Sequence[TextLine],
    *,
    headline: int | None,
    summaries: Sequence[str] = (),
    known: Collection[int] | None = None,
) -> TextBeside:
    """Return what stands beside the element ``place`` whose lines ``kept`` are the article.

    ``headline`` is the index of its line, None if unknown; ``summaries`` are what metadata and
    feed say of the article. ``known`` are the kinds of prose that the source's pages usually show
    outside of the article: if it is given, any other kind that follows the element directly
    continues it; else only what has no name, or a name like a body's.
    """
    beside = TextBeside()
    if place < 0 or not kept:
        return beside
    first, end = _extent(found, place)
    start = found.lines.index(kept[0])
    top = headline if headline is not None and headline < start else None
    beside.standfirst, beside.above = _find_above(found, top, start, kept, summaries)
    beside.below = _find_continuation(found, place, end, known)
    own = {id(line) for line in (*kept, *beside.standfirst, *beside.above, *beside.below)}
    for number, line in enumerate(found.lines):
        if not first <= number < end and id(line) not in own and _is_prose_of_any(line):
            beside.kinds.add(_kind(found, line))
            if len(beside.kinds) >= MAX_KINDS:
                break
    return beside


def find_repeatable(found: PageLines, place: int, text: Sequence[TextLine]) -> list[str]:
    """The lines of the text in this element, and prose elsewhere: what most pages repeat of it is
    the outlet's. Excerpts of other stories are left out, for their own pages have them as text.
    """
    own = {id(line) for line in text}
    around = frozenset(found.lines[found.elements[place].first].path)
    return [
        line.text
        for number, line in enumerate(found.lines)
        if id(line) in own
        or (not line.aside and _is_prose_of_any(line) and not _is_excerpt(found, number, around))
    ]


def _is_excerpt(found: PageLines, number: int, around: Collection[int]) -> bool:
    """Whether a line stands with a linked title before it in an element that lacks the text."""
    path = found.lines[number].path
    for title in found.lines[max(number - MAX_TITLE_DISTANCE, 0) : number + 1]:
        linked = title.linked > MAX_LINKED_SHARE * len(title.text)
        if linked and len(title.text.split()) >= MIN_STANDFIRST_WORDS:
            shared = [a for a, b in zip(title.path, path, strict=False) if a == b]
            if shared[-1] not in around:
                return True
    return False


def find_siblings(found: PageLines, place: int, adopted: Iterable[TextLine]) -> set[int]:
    """The kinds of the named elements beside this one and beside those around it, but for those
    that hold adopted lines.
    """
    around = {place, *(step for line in adopted for step in line.path)}
    while (place := found.elements[place].parent) >= 0:
        around.add(place)
    kinds = set[int]()
    for number, element in enumerate(found.elements):
        if element.class_and_id and element.parent in around and number not in around:
            kinds.add(element_kind(element.tag, element.class_and_id))
            if len(kinds) >= MAX_KINDS:
                break
    return kinds


def element_kind(tag: str, named: str) -> int:
    """A checksum of an element's tag and names, without their numbers."""
    return zlib.crc32(_DIGITS.sub("", f"{tag}.{named[:60]}").encode("utf-8", "replace"))


def is_kind_of(known: Collection[int]) -> Callable[[str, str], bool]:
    """A question for an element's tag and names: whether it is of one of these kinds."""
    kinds = frozenset(known)
    return lambda tag, named: bool(kinds) and element_kind(tag, named) in kinds


def _extent(found: PageLines, place: int) -> tuple[int, int]:
    """The indexes of an element's first line and of the first line after it."""
    element = found.elements[place]
    return (element.first, element.end) if element.first < element.end else (0, 0)


def _is_prose_of_any(line: TextLine) -> bool:
    """Whether a line is long and not linked, also in a box."""
    return (
        len(line.text) >= MIN_PROSE_CHARACTERS
        and line.linked < MAX_LINKED_SHARE * len(line.text)
        and line.tag not in HEADING_TAGS
    )


def _kind(found: PageLines, line: TextLine) -> int:
    """A checksum of the names of the two elements closest to a line, without their numbers."""
    inner = found.elements[line.path[-1]]
    outer = inner.node.parent
    above = "" if outer is None else f"{outer.tag}.{class_and_id(outer)}"
    return element_kind(f"{above[:60]}>{inner.tag}", inner.class_and_id)


# ── above ─────────────────────────────────────────────────────────────────────────────────────


def _find_above(
    found: PageLines,
    top: int | None,
    start: int,
    kept: Sequence[TextLine],
    summaries: Sequence[str],
) -> tuple[list[TextLine], list[TextLine]]:
    """The lines between headline and text that are its standfirst, and those that are its prose."""
    begin = max(start - MAX_LINES_ABOVE, 0) if top is None else top + 1
    shared = frozenset(kept[0].path)
    told = [frozenset(_words(summary)) for summary in summaries if summary]
    standfirst, prose = list[TextLine](), list[TextLine]()
    for number in _nearest(begin, start):
        line = found.lines[number]
        words = _words(line.text)
        if len(words) < MIN_STANDFIRST_WORDS:
            continue
        names = [
            _CAMEL_HUMP.sub("-", found.elements[place].class_and_id)
            for place in line.path[-3:]
            if place not in shared
        ]
        near = top is not None and number - top <= MAX_HEADING_DISTANCE
        if any(_repeats(set(words), other) for other in told) or _is_standfirst(
            line, names, near=near
        ):
            chosen = standfirst
        elif top is not None and _is_plain_prose(line, names):
            chosen = prose
        else:
            continue
        if _belongs(line):
            chosen.append(line)
    if len(prose) > MAX_STANDFIRST_LINES:
        prose = []  # so much stands there that it belongs to something else
    headline = [] if top is None else [found.lines[top]]
    new = _without_repeats([*standfirst[:MAX_STANDFIRST_LINES], *prose], [*headline, *kept])
    return [line for line in standfirst if line in new], [line for line in prose if line in new]


def _nearest(begin: int, end: int) -> Iterator[int]:
    """The numbers from begin to end, without those far from both."""
    yield from range(begin, min(end, begin + MAX_LINES_BELOW_HEADLINE))
    yield from range(max(begin + MAX_LINES_BELOW_HEADLINE, end - MAX_LINES_ABOVE), end)


def _without_repeats(lines: Sequence[TextLine], text: Sequence[TextLine]) -> list[TextLine]:
    """The lines whose words do not stand in the text, nor in a line before."""
    new, seen, known = list[TextLine](), "", ""
    folded = " ".join(line.text for line in text).casefold() if lines else ""
    for line in lines:
        words = _words(line.text)
        said = f" {' '.join(words)} "
        if all(word in folded for word in words):  # rare, and parting a long text takes long
            known = known or f" {' '.join(_WORD.findall(folded))} "
            if said in known:
                continue
        if said not in seen:
            new.append(line)
            seen += said
    return new


def _belongs(line: TextLine) -> bool:
    """Whether a line is no headline, link, notice, byline or date."""
    return (
        line.tag != "h1"
        and line.linked <= MAX_LINKED_SHARE * len(line.text)
        and not boilerplate.is_notice(line.text)
        and not parse_byline(line.text)
        and not visible.is_date_line(line.text, zone="UTC")
    )


def _is_standfirst(line: TextLine, names: Sequence[str], *, near: bool) -> bool:
    """Whether an element around the line is named as one and none as another box, or it is a
    long heading right below the headline.
    """
    named = [name for name in names if _STANDFIRST_NAME.search(name)]
    others = [name for name in names if name not in named]
    if any(_CAPTION_NAME.search(name) for name in others):
        return False
    if named:
        return not line.aside or not any(map(boilerplate.is_aside_name, others))
    if line.tag == "li":  # the points of the story
        return is_prose(line)
    return (
        line.tag in HEADING_TAGS
        and near
        and not line.aside
        and len(line.text) >= MIN_HEADING_CHARACTERS
    )


def _is_plain_prose(line: TextLine, names: Sequence[str]) -> bool:
    return is_prose(line) and not any(_CAPTION_NAME.search(name) for name in names)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _repeats(words: Collection[str], summary: Collection[str]) -> bool:
    """Whether a line and a summary are the same, but for what one of them leaves out."""
    if 2 * len(words) < len(summary) and len(words) < MIN_SUMMARY_WORDS:
        return False
    common = sum(word in summary for word in words)
    return common >= MIN_SHARED_WORDS * min(len(words), len(summary))


# ── below ─────────────────────────────────────────────────────────────────────────────────────


def _find_continuation(
    found: PageLines, place: int, end: int, known: Collection[int] | None
) -> list[TextLine]:
    """The lines of the siblings that follow the element and continue its text."""
    lines, inner = list[TextLine](), place
    for _ in range(MAX_LEVELS):
        outer = _next_with_more(found, inner, end)
        if outer < 0:
            break
        skipped = 0
        for child, group in _children_after(found, outer, end):
            end += len(group)
            if _is_trifle(group):
                skipped += 1
            elif _continues(found, child, group, known):
                lines += [line for line in group if boilerplate.is_article_text(line)]
                skipped = 0
            else:
                return lines
            if skipped > MAX_SKIPPED_GROUPS:
                return lines
        inner = outer
    return lines


def _next_with_more(found: PageLines, inner: int, end: int) -> int:
    """The closest element around this one that goes on after the line ``end``; -1: none."""
    outer = found.elements[inner].parent
    following = found.lines[end].path if end < len(found.lines) else ()
    while outer >= 0 and outer not in following:
        outer = found.elements[outer].parent
    return outer


def _children_after(found: PageLines, outer: int, end: int) -> Iterator[tuple[int, list[TextLine]]]:
    """The children of an element from this line on, each with its lines."""
    rest = takewhile(lambda line: outer in line.path, islice(found.lines, end, None))
    depth = found.lines[end].path.index(outer) + 1
    for child, group in groupby(rest, lambda line: (*line.path[depth : depth + 1], outer)[0]):
        yield child, list(group)


def _is_trifle(group: Sequence[TextLine]) -> bool:
    """Whether it is a bar, a date or an empty box that may stand within a text."""
    return all(
        len(line.text) <= MAX_TRIFLE_CHARACTERS and line.tag not in HEADING_TAGS for line in group
    ) and not any(map(is_prose, group))


def _continues(
    found: PageLines, child: int, group: Sequence[TextLine], known: Collection[int] | None
) -> bool:
    """Whether a sibling that follows the article's element is more of its text."""
    prose = [line for line in group if is_prose(line)]
    element = found.elements[child]
    if not prose or group[0].aside or element.tag in _FOREIGN_TAGS or element.tag in HEADING_TAGS:
        return False
    if any(line.tag == "h1" or _is_pointer(line) or _COPYRIGHT.search(line.text) for line in group):
        return False
    if boilerplate.is_notice(group[0].text) and not group[0].text[:1].isdigit():
        return False
    size = sum(len(line.text) for line in group)
    if sum(line.linked for line in group) > MAX_LINKED_SHARE * size:
        return False
    inside = dict.fromkeys(place for line in group for place in line.path if place >= child)
    names = [found.elements[place].class_and_id for place in inside]
    if any(_FOREIGN_NAME.search(_CAMEL_HUMP.sub("-", name)) for name in names):
        return False
    if known is not None:
        return all(_kind(found, line) not in known for line in prose)
    return not element.class_and_id or _CONTINUATION_NAME.search(element.class_and_id) is not None


def _is_pointer(line: TextLine) -> bool:
    """Whether a line is the linked title of something else."""
    return len(
        line.text
    ) >= MIN_SENTENCE_CHARACTERS and line.linked >= boilerplate.FULLY_LINKED_SHARE * len(line.text)
