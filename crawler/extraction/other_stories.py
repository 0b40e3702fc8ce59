"""Mark the lines of a page that belong to other stories, and those that stand there again. Pure.

Teasers are found by ``teasers``. If a page had no text left without them, it is a list of stories,
and all of it stays. A page that goes on with further whole articles as readers scroll keeps the
one that its title names. Of a text that stands there several times (for telephones, for printing)
the fullest copy is kept, else the first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Sequence
from itertools import combinations

from crawler.extraction.blocks import PageLines, TextLine, address_of, is_part, link_target, top_of
from crawler.extraction.teasers import (
    HEADING_TAGS,
    MIN_TEASERS,
    TeaserFinder,
    count_common,
    is_prose_like,
)

RUN_WORDS = 4  # words by which a paragraph is recognised
MIN_MARKED_SHARE = 0.7  # share of a paragraph's runs of words from which it is a marked one
MIN_TITLE_LETTERS = 10  # letters of a headline that a page's title has too
MIN_COPIED_SHARE, MAX_COPIES = 0.85, 4  # share of an element's text; copies that are compared
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_ADDRESS_ATTRIBUTES = frozenset(
    {
        "data-url",
        "data-href",
        "data-link",
        "data-permalink",
        "data-canonical",
        "itemid",
        "data-slug",
    }
)


def mark_other_stories(found: PageLines) -> None:
    """Mark the lines of teasers and of further articles, and copies of the text, in place."""
    _mark_teasers(found)
    _mark_articles(found)
    _mark_copies(found)


def _mark_teasers(found: PageLines) -> None:
    if len(found.links) < MIN_TEASERS:
        return
    taken = TeaserFinder(found).teasers()
    others = (line for number, line in enumerate(found.lines) if number not in taken)
    if any(map(is_prose_like, others)):
        for number in taken:
            found.lines[number].aside = found.lines[number].foreign = True


# ── further articles ───────────────────────────────────────────────────────────────────────────


def _mark_articles(found: PageLines) -> None:
    """Mark the articles that follow the page's own, each under a headline of its own."""
    _mark_lower_articles(found)
    for tag in ("h1", "h2"):
        heads = [n for n, line in enumerate(found.lines) if line.tag == tag and not line.aside]
        heads = list({found.lines[n].path[-1]: n for n in reversed(heads)}.values())[::-1]
        if len(heads) < 2:
            continue
        told = _letters(node.text()) if (node := top_of(found).css_first("title")) else ""
        regions = _regions(found, heads)
        own = next((n for n in regions if _is_titled(found.lines[n].text, told)), None)
        if own is None and tag == "h1" and not told:
            own = heads[0] if heads[0] in regions else None
        if own is None:
            continue
        others = [
            place
            for n, place in regions.items()
            if n != own
            and _are_alike(found, regions[own], place)
            and (tag == "h1" or _has_address(found, n, place))
        ]
        for place in others:
            for line in found.lines_in(place):
                line.aside = line.foreign = True


def _mark_lower_articles(found: PageLines) -> None:
    """Mark the articles whose headline is set lower than the page's own: elements like the one with
    the only h1, with an address of their own.
    """
    own = [line.path for line in found.lines if line.tag == "h1" and not line.aside]
    if not own or any(path != own[0] for path in own):
        return
    for number, line in enumerate(found.lines):
        if line.tag not in ("h2", "h3") or line.aside:
            continue
        common = count_common(own[0], line.path)
        if common >= min(len(own[0]), len(line.path)):
            continue
        beside, place = own[0][common], line.path[common]
        if (
            _are_alike(found, beside, place)
            and not any(map(is_prose_like, found.lines[found.elements[place].first : number]))
            and any(map(is_prose_like, found.lines_in(beside)))
            and _has_address(found, number, place)
        ):
            for other in found.lines_in(place):
                other.aside = other.foreign = True


def _regions(found: PageLines, heads: Sequence[int]) -> dict[int, int]:
    """For each heading with prose under it, the outermost element that has no other."""
    counts = Counter(place for n in heads for place in found.lines[n].path)
    regions = {
        n: next((place for place in found.lines[n].path if counts[place] == 1), -1) for n in heads
    }
    return {
        n: place
        for n, place in regions.items()
        if place > 0
        and any(not line.aside and is_prose_like(line) for line in found.lines_in(place))
    }


def _is_titled(headline: str, title: str) -> bool:
    return len(said := _letters(headline)) >= MIN_TITLE_LETTERS and said in title


def _are_alike(found: PageLines, place: int, other: int) -> bool:
    """Whether two elements are of one kind, by their tags and their classes without numbers."""
    a, b = found.elements[place], found.elements[other]
    kinds = [_NUMBER.sub("", element.class_and_id) for element in (a, b)]
    return a.tag == b.tag and (a.tag == "article" or kinds[0] == kinds[1])


def _has_address(found: PageLines, head: int, place: int) -> bool:
    """Whether a part of the page has an address of its own, and not one within this page's."""
    targets = [link_target(link.node) for link in found.links if link.line == head]
    named = found.elements[place].node.attributes
    targets += [(named.get(name) or "").partition("#")[0] for name in _ADDRESS_ATTRIBUTES]
    own = [target for target in targets if target]
    return bool(own) and not any(is_part(target, address_of(found)) for target in own)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


# ── copies ─────────────────────────────────────────────────────────────────────────────────────


def _mark_copies(found: PageLines) -> None:
    """Mark what stands on the page again: the smaller of two elements, else the later."""
    seen: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(found.lines):
        if not line.aside and is_prose_like(line):
            seen[line.text].append(number)
    again = {text: numbers for text, numbers in seen.items() if len(numbers) > 1}
    shared = Counter[tuple[int, int]]()
    for numbers in again.values():
        for first, second in combinations(numbers[:MAX_COPIES], 2):
            a, b = found.lines[first].path, found.lines[second].path
            common = count_common(a, b)
            if common < min(len(a), len(b)) and common + 1 < max(len(a), len(b)):
                shared[a[common], b[common]] += len(found.lines[first].text)
    if shared:
        _mark_smaller(found, shared, again)


def _mark_smaller(
    found: PageLines, shared: Counter[tuple[int, int]], repeated: Container[str]
) -> None:
    """Mark the lines of the smaller element of each two that share nearly all its text."""
    held = found.sum_up(
        0
        if line.aside or line.tag in HEADING_TAGS or 2 * line.linked >= len(line.text)
        else len(line.text)
        for line in found.lines
    )
    copies = set[int]()
    for (first, second), size in shared.items():
        smaller = first if held[first] < held[second] else second
        if size >= MIN_COPIED_SHARE * held[smaller] and not _is_section(found, smaller):
            copies.add(smaller)
    for place in copies:
        for line in found.lines_in(place):
            if line.text in repeated or not is_prose_like(line):
                line.aside = line.copied = True


def _is_section(found: PageLines, place: int) -> bool:
    """Whether an element stands right under a subheading, and so is a section of the text."""
    first = found.elements[place].first
    above = found.lines[first - 1] if first else None
    return above is not None and above.tag in HEADING_TAGS - {"h1"} and not above.aside


# ── another reader's answer ────────────────────────────────────────────────────────────────────


def drop_foreign(found: PageLines, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, as another reader found them on the page, each once and without other
    stories'.
    """
    copied = {line.text for line in found.lines if line.copied}
    seen = {line.text for line in found.lines if line.copied and line.tag == "h1"}
    once = []
    for paragraph in paragraphs:
        if paragraph not in seen:
            once.append(paragraph)
        if paragraph in copied:
            seen.add(paragraph)
    marked = [_WORD.findall(line.text) for line in found.lines if line.foreign]
    if not marked:
        return once
    known = {run for words in marked for run in _runs(words)}
    return [
        paragraph
        for paragraph in once
        if not (runs := _runs(_WORD.findall(paragraph)))
        or sum(run in known for run in runs) < MIN_MARKED_SHARE * len(runs)
    ]


def leaves_gaps(lines: Sequence[TextLine], paragraphs: Sequence[str]) -> bool:
    """Whether another reader's paragraphs lack prose that stands before or between them."""
    there = set(paragraphs)
    last = max((n for n, line in enumerate(lines) if line.text in there), default=0)
    return any(is_prose_like(line) for line in lines[:last] if line.text not in there)


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each run of so many words; all of them, if they are fewer."""
    size = min(len(words), RUN_WORDS)
    return [tuple(words[n : n + size]) for n in range(len(words) - size + 1)] if words else []
