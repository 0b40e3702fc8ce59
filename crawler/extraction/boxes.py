"""Mark the lines in boxes beside the article: notices, galleries, lists of links. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from crawler.extraction import boilerplate
from crawler.extraction.blocks import Element, PageLines, TextLine
from crawler.extraction.boilerplate import ElementName
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
MIN_TEXT_SHARE = 0.75  # … and elements of one name that hold so much of it together are none
MAX_FORM_CHARACTERS = 1_500  # characters of a form that asks for something and is no whole page
MIN_BOX_SENTENCES = 2  # sentences from which what is named after its place is no box
MIN_SLIDES, MIN_ARTICLE_CHARACTERS = (
    4,
    1_500,
)  # slides of a gallery, at least; characters of prose that are an article beside it
MAX_CAPTION_CHARACTERS, MAX_CAPTION_LINES = 150, 2  # of what stands alone with a picture
_CAPTION_PLACES = frozenset({"div", "p"})
_SET_APART_TAGS = frozenset({"em", "i", "small", "cite", "sub", "img", "br", "picture"})
_SLIDE_NUMBER = re.compile(r"(\d{1,3}) ?/ ?(\d{1,3})\b(?!/)")
MIN_LINKED_CHARACTERS = 150  # … and of a linked paragraph without a full stop: titles have fewer
_FULL_STOP = re.compile(r"[.؟。][»”\"'’)]*$")
_SENTENCE = re.compile(r"[.!?…؟。](?:[»”\"'’)]*)(?=\s|$)")
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
    _mark_forms(found)
    held = found.sum_up(
        0 if line.aside or (unlinked := len(line.text) - line.linked) <= 60 else unlinked
        for line in found.lines
    )
    total = held[0]
    names = [boilerplate.judge_name(element.class_and_id) for element in found.elements]
    spoken = _spoken_elements(found, names, held, total)
    asides, surely = list[bool](), list[bool]()
    for place, (element, name) in enumerate(zip(found.elements, names, strict=True)):
        own = (
            (name.is_aside or element.tag == "aside")
            and place not in spoken
            and held[place] <= MAX_BOX_SHARE * total
        )
        sure = own and element.tag != "aside" and not name.place
        inherits = element.parent >= 0 and not name.is_body
        asides.append(own or (inherits and asides[element.parent]))
        surely.append(sure or (inherits and surely[element.parent]))
    for line in found.lines:
        if line.path and asides[line.path[-1]]:
            line.aside, line.foreign = True, line.foreign or surely[line.path[-1]]
    for place in _find_boxes(found, held, total):
        lines = found.lines_in(place)
        opener = lines[0].text
        leads_on = held[place] < total and _opens_a_box(opener) and not boilerplate.is_label(opener)
        for line in lines:
            if not line.aside:
                line.aside = line.boxed = True
                line.foreign = leads_on
    _mark_slides(found)
    if total:
        _mark_captions(found)
    _free_paragraphs(found)


def _mark_captions(found: PageLines) -> None:
    """Mark the short lines without a full stop that stand alone with a picture in an element; in a
    paragraph only if they are set apart, for old layouts put pictures into their first paragraph.
    """
    for place in found.pictured:
        element = found.elements[place]
        lines = found.lines_in(place)
        if (
            len(lines) <= MAX_CAPTION_LINES
            and element.tag in _CAPTION_PLACES
            and not any(map(_is_no_caption, lines))
            and (element.tag == "div" or _is_set_apart(element))
        ):
            for line in lines:
                line.aside = line.foreign = True


def _is_no_caption(line: TextLine) -> bool:
    return (
        len(line.text) > MAX_CAPTION_CHARACTERS
        or line.tag in HEADING_TAGS
        or _SENTENCE_END.search(line.text) is not None
    )


def _is_set_apart(element: Element) -> bool:
    """Whether all text of a paragraph stands in italics or the like."""
    node = element.node.first_child
    while node is not None:
        plain = node.is_text_node and (node.text_content or "").strip()
        if plain or (node.is_element_node and node.tag not in _SET_APART_TAGS):
            return False
        node = node.next
    return True


def _mark_forms(found: PageLines) -> None:
    """Mark the lines of small forms, if the headline and prose stand before them: some pages are
    one form.
    """
    forms = [element for element in found.elements if element.tag == "form"]
    if not forms:
        return
    within = {number for form in forms for number in range(form.first, form.end)}
    outside = (pair for pair in enumerate(found.lines) if pair[0] not in within)
    titled = any(line.tag == "h1" for _, line in outside)  # and goes on from there
    begun = next((n for n, line in outside if is_prose(line)), None) if titled else None
    if begun is None:
        return
    for form in forms:
        lines = found.lines[form.first : form.end]
        if (
            form.first > begun
            and sum(len(line.text) for line in lines) <= MAX_FORM_CHARACTERS
            and not any(line.tag == "h1" for line in lines)
        ):
            for line in lines:
                line.aside = line.foreign = True


def _free_paragraphs(found: PageLines) -> None:
    """Count paragraphs that are wholly a link, and stand among others, as not linked."""
    for number, line in enumerate(found.lines):
        if (
            line.tag == "p"
            and not line.aside
            and line.linked >= boilerplate.FULLY_LINKED_SHARE * len(line.text)
            and len(line.text) >= MIN_PROSE_CHARACTERS
            and (len(line.text) >= MIN_LINKED_CHARACTERS or _FULL_STOP.search(line.text))
        ):
            beside = (number - 1, number + 1)
            if any(
                0 <= n < len(found.lines)
                and found.lines[n].path[:-1] == line.path[:-1]
                and is_prose(found.lines[n])
                for n in beside
            ):
                line.linked = 0


def _spoken_elements(
    found: PageLines, names: Sequence[ElementName], held: list[int], total: int
) -> set[int]:
    """The elements named after a place (a widget, a bar, a grid) that are of the article: those
    with sentences that stand among paragraphs, or hold most of the page's text together with all
    that have the same name; and headings, however they are set.
    """
    named = {
        place: name.place
        for place, name in enumerate(names)
        if name.place and found.elements[place].tag != "aside"
    }
    if not named:
        return set()
    together = Counter[str]()
    for place, name in named.items():
        if named.get(found.elements[place].parent) != name:
            together[name] += held[place]
    prose = [line for line in found.lines if is_prose(line)]
    # elements with paragraphs right in them
    around = {
        line.path[-2 if line.tag == "p" else -1]
        for line in prose
        if line.tag != "p" or len(line.path) > 1
    }
    return {
        place
        for place, name in named.items()
        if found.elements[place].tag in HEADING_TAGS
        or together[name] > MIN_TEXT_SHARE * total
        or (
            found.elements[place].parent in around
            and _count_sentences(found.lines_in(place)) >= MIN_BOX_SENTENCES
        )
    }


def _count_sentences(lines: Iterable[TextLine]) -> int:
    return sum(len(_SENTENCE.findall(line.text)) or 1 for line in lines if is_prose(line))


def _find_boxes(found: PageLines, held: list[int], total: int) -> set[int]:
    """The elements that are boxes because of what they begin with.

    These are small ones that begin with a notice ("Advertisement", «اقرأ أيضا»), unless it is a
    label above several paragraphs, and teasers: several similar elements in a row that begin with
    a link.
    """
    boxes, teasers = set[int](), dict[tuple[int, str, str], list[int]]()
    for opened, element in enumerate(found.elements):
        outer = element.parent >= 0 and found.elements[element.parent].first == element.first
        if outer or element.end - element.first < 2:
            continue  # what is around it opens there, or it opens with nothing but itself
        line = found.lines[element.first]
        if (
            line.linked >= boilerplate.FULLY_LINKED_SHARE * len(line.text)
            and element.tag not in PARTIAL_TAGS
        ):
            teasers.setdefault((element.parent, element.tag, element.class_and_id), []).append(
                opened
            )
        elif (
            line.tag != "summary" and _opens_a_box(line.text) and held[opened] <= MAX_BOX_CHARACTERS
        ):
            inside = (other for other in found.lines if opened in other.path)
            if not boilerplate.is_label(line.text) or sum(map(is_prose, inside)) < 2:
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
