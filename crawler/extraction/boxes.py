"""Mark the lines in boxes beside the article: notices, galleries, lists of links. Pure."""

from __future__ import annotations

import re
from collections import Counter

from crawler.extraction import boilerplate
from crawler.extraction.blocks import PageLines, TextLine
from crawler.extraction.other_stories import mark_other_stories

MIN_SENTENCE_CHARACTERS, MIN_PROSE_CHARACTERS = (
    30,
    80,
)  # characters of prose that ends like a sentence, and of prose that needn't
MAX_PROSE_LINKED_SHARE = 0.4  # share of a line in links up to which it is prose
MAX_OPENER_CHARACTERS, MAX_BOX_CHARACTERS = (
    40,
    400,
)  # characters of a notice that opens a box, and of prose that is no more than one
# an element that holds so much of the page's text is no box, whatever its name says
MAX_BOX_SHARE = 0.4
MIN_SLIDES, MIN_ARTICLE_CHARACTERS = (
    4,
    1_500,
)  # slides of a gallery, at least; characters of prose that are an article beside it
_SLIDE_NUMBER = re.compile(r"(\d{1,3}) ?/ ?(\d{1,3})\b(?!/)")
_SENTENCE_END = re.compile(r"[.!?…»”\"'؟。:]$")
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARTIAL_TAGS = frozenset(
    {"ul", "ol", "dl", "table", "tbody", "tr"}
)  # hold a text's parts, and never all of it


def mark_asides(found: PageLines) -> None:
    """Mark the lines in boxes, in place.

    An element with most of the page's text is not a box, nor is a part of it that is named like a
    body.
    """
    mark_other_stories(found)
    total, held = 0, [0] * len(found.elements)
    for line in found.lines:
        unlinked = len(line.text) - line.linked
        if unlinked > 60 and not line.aside:
            total += unlinked
            for place in line.path:
                held[place] += unlinked
    asides: list[bool] = []
    for place, element in enumerate(found.elements):
        named = element.tag == "aside" or (
            bool(element.class_and_id) and boilerplate.is_aside_name(element.class_and_id)
        )
        inherited = element.parent >= 0 and asides[element.parent]
        own = named and held[place] <= MAX_BOX_SHARE * total
        asides.append(own or (inherited and not boilerplate.is_body_name(element.class_and_id)))
    for line in found.lines:
        line.aside = line.aside or (bool(line.path) and asides[line.path[-1]])
    if boxes := _find_boxes(found, held, total):
        for line in found.lines:
            if not line.aside and not boxes.isdisjoint(line.path):
                line.aside = line.boxed = True
    _mark_slides(found)


def _find_boxes(found: PageLines, held: list[int], total: int) -> set[int]:
    """The elements that are boxes because of what they begin with.

    These are small ones that begin with a notice ("Advertisement", «اقرأ أيضا»), and teasers:
    several similar elements in a row that begin with a link.
    """
    boxes, teasers = set[int](), dict[tuple[int, str, str], list[int]]()
    before: frozenset[int] = frozenset()
    for line, following in zip(found.lines, found.lines[1:], strict=False):
        opened = next((place for place in line.path if place not in before), None)
        before = frozenset(line.path)
        if opened is None or opened not in following.path:
            continue  # it opens nothing, or nothing but itself
        element = found.elements[opened]
        if (
            line.linked >= boilerplate.FULLY_LINKED_SHARE * len(line.text)
            and element.tag not in PARTIAL_TAGS
        ):
            teasers.setdefault((element.parent, element.tag, element.class_and_id), []).append(
                opened
            )
        elif _opens_a_box(line.text) and held[opened] <= MAX_BOX_CHARACTERS:
            boxes.add(opened)
    for alike in teasers.values():
        if len(alike) > 1 and sum(held[place] for place in alike) <= MAX_BOX_SHARE * total:
            boxes.update(alike)
    return boxes


def _opens_a_box(text: str) -> bool:
    """Whether the text is a short notice. The time of a liveblog's entry is a notice but opens
    no box.
    """
    return (
        len(text) <= MAX_OPENER_CHARACTERS
        and not text[:1].isdigit()
        and boilerplate.is_notice(text)
    )


def _mark_slides(found: PageLines) -> None:
    """Mark the numbered slides of a gallery (3/50, 4/50 …) if there is an article besides.

    Without one, the slides are the article.
    """
    counted = [
        (line, int(told[1]), int(told[2]))
        for line in found.lines
        if (told := _SLIDE_NUMBER.match(line.text))
    ]
    if len(counted) < MIN_SLIDES:
        return
    last = Counter(of for _, _, of in counted).most_common(1)[0][0]
    slides = [line for line, _, of in counted if of == last]
    numbers = [number for _, number, of in counted if of == last]
    if len(slides) < max(MIN_SLIDES, last // 2) or numbers != sorted(set(numbers)):
        return  # scores, days and shares are written so too, but do not count up
    around = set(slides[0].path).intersection(*(line.path for line in slides[1:]))
    if not around:
        return
    place = max(around)
    besides = [line for line in found.lines if place not in line.path and is_prose(line)]
    if sum(len(line.text) for line in besides) > MIN_ARTICLE_CHARACTERS:
        for line in found.lines:
            line.aside = line.aside or place in line.path


def is_prose(line: TextLine) -> bool:
    """Whether a line is long or ends like a sentence, and is neither linked, a heading nor an
    aside.
    """
    length = len(line.text)
    if line.aside or line.linked >= MAX_PROSE_LINKED_SHARE * length or line.tag in HEADING_TAGS:
        return False
    return length >= MIN_PROSE_CHARACTERS or (
        length >= MIN_SENTENCE_CHARACTERS and _SENTENCE_END.search(line.text) is not None
    )
