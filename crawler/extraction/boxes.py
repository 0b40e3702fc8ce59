"""Which lines of a page stand in boxes beside the article: notices, galleries, lists of links. Pure."""

from __future__ import annotations

import re
from collections import Counter

from crawler.extraction import boilerplate
from crawler.extraction.blocks import Block, Blocks

SENTENCE, LONG = 30, 80  # characters of prose that ends like a sentence, and of prose that needn't
LINKED = 0.4  # share of a line in links up to which it is prose
OPENER, BOX = (
    40,
    400,
)  # characters of a notice that opens a box, and of prose that is no more than one
WHOLLY = 0.9  # of a line in links: it is one
HELD = 0.4  # an element that holds so much of the page's text is no box, whatever its name says
SLIDES, ARTICLE = (
    4,
    1_500,
)  # slides of a gallery, at least; characters of prose that are an article beside it
_SLIDE = re.compile(r"(\d{1,3}) ?/ ?(\d{1,3})\b(?!/)")
_ENDS = re.compile(r"[.!?…»”\"'؟。:]$")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
RAILS = frozenset(
    {"ul", "ol", "dl", "table", "tbody", "tr"}
)  # hold a text's parts, and never all of it


def mark_asides(found: Blocks) -> None:
    """Mark the lines that stand in boxes. A box that holds most of the page is none, nor is a part
    of a box that names itself the body."""
    total, held = 0, [0] * len(found.elements)
    for line in found.lines:
        unlinked = len(line.text) - line.linked
        if unlinked > 60:
            total += unlinked
            for place in line.path:
                held[place] += unlinked
    asides: list[bool] = []
    for place, element in enumerate(found.elements):
        named = element.tag == "aside" or (
            bool(element.named) and boilerplate.names_aside(element.named)
        )
        inherited = element.parent >= 0 and asides[element.parent]
        own = named and held[place] <= HELD * total
        asides.append(own or (inherited and not boilerplate.names_body(element.named)))
    for line in found.lines:
        line.aside = bool(line.path) and asides[line.path[-1]]
    if boxes := _boxes(found, held, total):
        for line in found.lines:
            if not line.aside and not boxes.isdisjoint(line.path):
                line.aside = line.boxed = True
    _mark_slides(found)


def _boxes(found: Blocks, held: list[int], total: int) -> set[int]:
    """The elements that are boxes by what they open with: small ones with a notice ("Advertisement",
    «اقرأ أيضا»), and teasers, of which several alike stand in a row and open with a link."""
    boxes, teasers = set[int](), dict[tuple[int, str, str], list[int]]()
    before: frozenset[int] = frozenset()
    for line, following in zip(found.lines, found.lines[1:], strict=False):
        opened = next((place for place in line.path if place not in before), None)
        before = frozenset(line.path)
        if opened is None or opened not in following.path:
            continue  # it opens nothing, or nothing but itself
        element = found.elements[opened]
        if line.linked >= WHOLLY * len(line.text) and element.tag not in RAILS:
            teasers.setdefault((element.parent, element.tag, element.named), []).append(opened)
        elif _opens_a_box(line.text) and held[opened] <= BOX:
            boxes.add(opened)
    for alike in teasers.values():
        if len(alike) > 1 and sum(held[place] for place in alike) <= HELD * total:
            boxes.update(alike)
    return boxes


def _opens_a_box(text: str) -> bool:
    """A notice in a few words. The time of a liveblog's entry is one as well, and opens no box."""
    return len(text) <= OPENER and not text[:1].isdigit() and boilerplate.is_notice(text)


def _mark_slides(found: Blocks) -> None:
    """Mark the slides of a gallery, which count themselves (3/50, 4/50 …), where there is an article
    besides; where there is none, they are the article."""
    counted = [
        (line, int(told[1]), int(told[2]))
        for line in found.lines
        if (told := _SLIDE.match(line.text))
    ]
    if len(counted) < SLIDES:
        return
    last = Counter(of for _, _, of in counted).most_common(1)[0][0]
    slides = [line for line, _, of in counted if of == last]
    numbers = [number for _, number, of in counted if of == last]
    if len(slides) < max(SLIDES, last // 2) or numbers != sorted(set(numbers)):
        return  # scores, days and shares are written so too, but do not count up
    around = set(slides[0].path).intersection(*(line.path for line in slides[1:]))
    if not around:
        return
    place = max(around)
    besides = [line for line in found.lines if place not in line.path and is_prose(line)]
    if sum(len(line.text) for line in besides) > ARTICLE:
        for line in found.lines:
            line.aside = line.aside or place in line.path


def is_prose(line: Block) -> bool:
    length = len(line.text)
    if line.aside or line.linked >= LINKED * length or line.tag in HEADINGS:
        return False
    return length >= LONG or (length >= SENTENCE and _ENDS.search(line.text) is not None)
