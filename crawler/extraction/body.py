"""Find the element that contains the article, and how certain that is. Pure.

::

    lines ─► which are good prose ─► the element closest to them ─► climb while most of the gain is
    prose ─► the lines of that element that belong to the article

Good prose is long or ends like a sentence, is not linked and not in an aside. If the element has
only a part of the page's prose, the result is doubtful, and the caller asks another reader.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crawler.dates import visible
from crawler.extraction import boilerplate
from crawler.extraction.authors import parse_byline
from crawler.extraction.blocks import PageLines, TextLine
from crawler.extraction.boxes import (
    HEADING_TAGS,
    MIN_PROSE_CHARACTERS,
    PARTIAL_TAGS,
    is_prose,
    mark_asides,
)
from crawler.extraction.headlines.headings import MAX_HEADLINE_CHARACTERS, letters_only

MIN_CLIMB_GAIN, MIN_CLIMB_PURITY = (
    0.1,
    0.7,
)  # climbing must add a tenth of what we have, and seven tenths of it prose
MIN_SIMILAR_GAIN = 0.25  # … or a quarter more of the very kind of paragraph that we have
MIN_COVERAGE = 0.8  # of the page's prose: below it, the finding is doubtful
# characters from which a named body is not climbed out of; a paragraph counts up to it
FULL_BODY_CHARACTERS = 600
# characters below which a second article or body on the page is only a teaser
MAX_TEASER_CHARACTERS = 200
MIN_BODY_CHARACTERS = 500  # characters below which a body is doubtful
MAX_DISTANCE = 6  # elements around a line that it speaks for
MAX_SECTION_CHARACTERS = 30  # of a section's name, such as «Diplomatie»
MAX_LEADING_LINES = 3  # lines before a text that may be headline, byline and date
_SENTENCE_ENDS = tuple('.!?…؟۔:»”"')
MIN_TABLE_CELLS, MIN_LIST_ITEMS = 8, 3  # of a table that is more than a frame, and of a list
_CELL_TAGS = frozenset({"td", "th"})
_ROW_TAGS = _CELL_TAGS | {"li", "dd", "dt"}
_LIST_TAGS = frozenset({"ul", "ol", "dl"})


@dataclass(frozen=True, slots=True)
class BodyRegion:
    """The article's element (an index of ``PageLines.elements``; -1: none) and its lines."""

    place: int
    lines: list[TextLine]
    doubtful: bool

    @property
    def size(self) -> int:
        """Characters of its lines."""
        return sum(len(line.text) for line in self.lines)


def find_body(found: PageLines) -> BodyRegion:
    """Return the article's element and lines; without any prose, index -1 and every line outside
    of boxes.
    """
    mark_asides(found)
    prose = [is_prose(line) for line in found.lines]
    if not any(prose):
        return BodyRegion(
            -1,
            [
                line
                for line in found.lines
                if boilerplate.is_article_text(line) and line.tag != "h1"
            ],
            True,
        )
    page = _ElementWeights(found, prose)
    place = page.climb(page.find_closest())
    body = BodyRegion(place, body_lines(found, place), False)
    return BodyRegion(place, body.lines, _is_doubtful(body, found, prose))


def body_lines(found: PageLines, place: int) -> list[TextLine]:
    """The lines of this element that belong to the article.

    The h1 above the text is the headline; a heading within the text belongs to it, even if it is a
    link.
    """
    kept: list[TextLine] = []
    texts = set[int]()  # elements that have held a paragraph of it so far
    inside = found.lines_in(place)
    telling = _content_lists(found, place)
    for line in inside:
        parts = (
            line.tag in HEADING_TAGS and not line.aside and not texts.isdisjoint(line.path[-2:-1])
        )
        told = line.tag in _ROW_TAGS and not line.aside and not telling.isdisjoint(line.path)
        if ((parts or told) and not boilerplate.is_notice(line.text)) or (
            boilerplate.is_article_text(line) and (texts or line.tag != "h1")
        ):
            kept.append(line)
            if len(line.text) >= MIN_PROSE_CHARACTERS:
                texts.update(line.path[-3 if line.tag == "li" else -2 : -1])
    return kept


def _content_lists(found: PageLines, place: int) -> set[int]:
    """The lists and tables of this element that are content: most of their text is not linked.

    The linked names in their items and cells then belong to the article.
    """
    around = found.elements[place]
    telling = set[int]()
    for step, element in enumerate(found.elements):
        least = MIN_TABLE_CELLS if element.tag == "table" else MIN_LIST_ITEMS
        if (
            (element.tag in _LIST_TAGS or element.tag == "table")
            and step > place
            and element.end <= around.end
            and element.end - element.first >= least
        ):
            tags = _CELL_TAGS if element.tag == "table" else None
            items = [
                line
                for line in found.lines_in(step)
                if not line.aside and (tags is None or line.tag in tags)
            ]
            linked = sum(line.linked for line in items)
            length = sum(len(line.text) for line in items)
            if len(items) >= least and linked <= boilerplate.MAX_LINKED_SHARE * length:
                telling.add(step)
    return telling


def _is_doubtful(body: BodyRegion, found: PageLines, prose: list[bool]) -> bool:
    size = body.size
    there = sum(
        len(line.text)
        for line, good in zip(found.lines, prose, strict=True)
        if good and len(line.text) >= MIN_PROSE_CHARACTERS
    )
    return size < MIN_BODY_CHARACTERS or size < MIN_COVERAGE * there or size > 2 * max(there, 1)


class _ElementWeights:
    """How much prose each element of a page contains."""

    def __init__(self, found: PageLines, prose: list[bool]) -> None:
        count = len(found.elements)
        self.found, self.prose = found, prose
        # characters of prose; of anything not aside
        self.good = found.sum_up(
            len(line.text) - line.linked if good else 0
            for line, good in zip(found.lines, prose, strict=True)
        )
        self.all = found.sum_up(
            0 if line.aside and not line.boxed else len(line.text) for line in found.lines
        )
        self.score = [0.0] * count
        self.headed = {place for line in found.lines if line.tag == "h1" for place in line.path}
        for line, good in zip(found.lines, prose, strict=True):
            if good:
                self._weigh(line)
        self.articles = [0] * count  # articles inside that are more than teasers
        for place, element in enumerate(found.elements):
            if boilerplate.is_body_name(element.class_and_id):
                self.score[place] *= 1.3
            elif element.tag == "article":
                self.score[place] *= 1.2
            if element.tag == "article" and self.good[place] > MAX_TEASER_CHARACTERS:
                for above in self._above(place):
                    self.articles[above] += 1

    def _weigh(self, line: TextLine) -> None:
        """Add a line of prose to the paragraph itself, its element, then ever less."""
        weight = min(len(line.text), FULL_BODY_CHARACTERS) / 100
        for distance, place in enumerate(line.path[: -MAX_DISTANCE - 1 : -1]):
            self.score[place] += weight / distance if distance else weight * 0.3

    def _above(self, place: int) -> list[int]:
        above = []
        while (place := self.found.elements[place].parent) >= 0:
            above.append(place)
        return above

    def find_closest(self) -> int:
        """The element closest to the page's prose."""
        return max(range(len(self.score)), key=self.score.__getitem__)

    def climb(self, place: int) -> int:
        """The outermost ancestor that still adds more prose than surroundings."""
        while (
            self.found.elements[place].tag in PARTIAL_TAGS and self.found.elements[place].parent > 0
        ):
            place = self.found.elements[place].parent
        alike = self._alike(place)
        inner = place
        for outer in self._above(place):
            element = self.found.elements[inner]
            if element.tag == "article" and (
                self.articles[outer] > 1
                or (self.good[inner] > FULL_BODY_CHARACTERS and inner in self.headed)
            ):
                break
            if (
                boilerplate.is_body_name(element.class_and_id)
                and self.good[inner] > FULL_BODY_CHARACTERS
                and self._is_alone(inner)
            ):
                break
            gain, added = self.good[outer] - self.good[place], self.all[outer] - self.all[place]
            more_alike = alike[outer] - alike[place]
            if (gain > MIN_CLIMB_GAIN * self.good[place] and gain > MIN_CLIMB_PURITY * added) or (
                more_alike > MIN_SIMILAR_GAIN * alike[place] > 0
            ):
                place = outer
            inner = outer
        return place

    def _kind(self, line: TextLine) -> tuple[tuple[str, str], ...]:
        near = (self.found.elements[place] for place in line.path[-3:])
        return tuple((element.tag, element.class_and_id[:60]) for element in near)

    def _alike(self, place: int) -> list[int]:
        """For each element, the characters of paragraphs like the most common ones in this
        element.
        """
        here: dict[tuple[tuple[str, str], ...], int] = {}
        first, end = self.found.elements[place].first, self.found.elements[place].end
        for line, good in zip(self.found.lines[first:end], self.prose[first:end], strict=True):
            if good:
                kind = self._kind(line)
                here[kind] = here.get(kind, 0) + len(line.text)
        commonest = max(here, key=here.__getitem__)
        if not any(named for _, named in commonest):  # without names all paragraphs look alike
            return [0] * len(self.found.elements)
        return self.found.sum_up(
            len(line.text) if good and self._kind(line) == commonest else 0
            for line, good in zip(self.found.lines, self.prose, strict=True)
        )

    def _is_alone(self, place: int) -> bool:
        """Whether no unrelated element is also named like a body and has prose."""
        near = {place, *self._above(place)}
        for other, element in enumerate(self.found.elements):
            if (
                other in near
                or self.good[other] <= MAX_TEASER_CHARACTERS
                or not boilerplate.is_body_name(element.class_and_id)
            ):
                continue
            if place not in self._above(other):
                return False
        return True


# ── the head above a text ─────────────────────────────────────────────────────────────────────


def without_head(paragraphs: Sequence[str], known: Sequence[str]) -> list[str]:
    """The paragraphs without the lines at their beginning that are not part of the text, and
    without a byline or date under a standfirst.
    """
    begun = _count_leading_lines(paragraphs[:MAX_LEADING_LINES], known)
    text, after = paragraphs[begun + 1 :], MAX_LEADING_LINES
    near = [line for line in text[:after] if line.endswith(_SENTENCE_ENDS) or not _is_credit(line)]
    return [*paragraphs[begun : begun + 1], *near, *text[after:]]


def _is_credit(line: str) -> bool:
    return bool(parse_byline(line)) or visible.is_date_line(line, zone="UTC")


def _is_one_of(shown: Collection[str], line: str) -> bool:
    """Whether a line has the letters of one of these; mostly its first word says that it hasn't."""
    begun = letters_only(line[:MAX_HEADLINE_CHARACTERS].partition(" ")[0])
    return any(known.startswith(begun) for known in shown) and (
        letters_only(line[:MAX_HEADLINE_CHARACTERS]) in shown
    )


def _count_leading_lines(paragraphs: Sequence[str], known: Sequence[str]) -> int:
    """How many lines at the beginning are not part of the text: headline, author, byline or
    date, and a section's name above one of these.
    """
    shown = set(filter(None, map(letters_only, known)))
    leading = 0
    for number, line in enumerate(paragraphs, 1):
        if _is_one_of(shown, line) or _is_credit(line):
            leading = number
        elif len(line) > MAX_SECTION_CHARACTERS or line.endswith(_SENTENCE_ENDS):
            break
    return leading
