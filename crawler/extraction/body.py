"""Where in a page the article stands: the element that holds its text, and how sure that is. Pure.

::

    lines ─► which are good prose ─► the element they stand closest in ─► climb while what is gained
    is prose ─► the lines in it that are kept

Good prose is long or ends like a sentence, is not linked and stands in nothing that names itself a
box. Where the element found covers little of the page's prose, the finding is doubtful, and the
caller asks another reader.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.extraction import boilerplate
from crawler.extraction.blocks import Block, Blocks
from crawler.extraction.boxes import HEADINGS, LONG, RAILS, is_prose, mark_asides

GAIN, PURITY = 0.1, 0.7  # climbing must add a tenth of what we have, and seven tenths of it prose
SAME = 0.25  # … or a quarter more of the very kind of paragraph that we have
COVERED = 0.8  # of the page's prose: below it, the finding is doubtful
FULL = 600  # characters from which a named body is not climbed out of; a paragraph counts up to it
TRIFLE = 200  # characters below which a second article or body on the page is only a teaser
SHORT = 500  # characters below which a body is doubtful
CELLS, ITEMS = 8, 3  # of a table that is more than a frame, and of a list
_CELLS = frozenset({"td", "th"})
_ROWS = _CELLS | {"li", "dd", "dt"}
_LISTS = frozenset({"ul", "ol", "dl"})


@dataclass(frozen=True, slots=True)
class BodyRegion:
    """The element the article stands in (a place in ``Blocks.elements``; -1: none) and its lines."""

    place: int
    lines: list[Block]
    doubtful: bool

    @property
    def size(self) -> int:
        """Characters of its lines."""
        return sum(len(line.text) for line in self.lines)


def find(found: Blocks) -> BodyRegion:
    """The article's element and lines; place -1 and every line that isn't a box where no prose is."""
    mark_asides(found)
    prose = [is_prose(line) for line in found.lines]
    if not any(prose):
        return BodyRegion(
            -1,
            [line for line in found.lines if boilerplate.is_kept(line) and line.tag != "h1"],
            True,
        )
    page = _Weighed(found, prose)
    place = page.climbed(page.closest())
    body = BodyRegion(place, lines_in(found, place), False)
    return BodyRegion(place, body.lines, _is_doubtful(body, found, prose))


def lines_in(found: Blocks, place: int) -> list[Block]:
    """The lines of the article in this element. The h1 above its text is the headline; a heading
    that stands in the text parts it, even where it is a link."""
    kept: list[Block] = []
    texts = set[int]()  # elements that have held a paragraph of it so far
    inside = [line for line in found.lines if place in line.path]
    telling = _telling(found, place, inside)
    for line in inside:
        parts = line.tag in HEADINGS and not line.aside and not texts.isdisjoint(line.path[-2:-1])
        told = line.tag in _ROWS and not line.aside and not telling.isdisjoint(line.path)
        if ((parts or told) and not boilerplate.is_notice(line.text)) or (
            boilerplate.is_kept(line) and (texts or line.tag != "h1")
        ):
            kept.append(line)
            if len(line.text) >= LONG:
                texts.update(line.path[-3 if line.tag == "li" else -2 : -1])
    return kept


def _telling(found: Blocks, place: int, inside: list[Block]) -> set[int]:
    """The lists and tables in this element that tell something: they say much besides their links, and
    the names that are linked in their items and cells belong to it."""
    held: dict[int, list[int]] = {}
    for line in inside:
        if not line.aside:
            for step in line.path:
                tag = found.elements[step].tag
                if step > place and (tag in _LISTS or (tag == "table" and line.tag in _CELLS)):
                    items, linked, length = held.setdefault(step, [0, 0, 0])
                    held[step] = [items + 1, linked + line.linked, length + len(line.text)]
    return {
        step
        for step, (items, linked, length) in held.items()
        if items >= (CELLS if found.elements[step].tag == "table" else ITEMS)
        and linked <= boilerplate.MOSTLY * length
    }


def _is_doubtful(body: BodyRegion, found: Blocks, prose: list[bool]) -> bool:
    size = body.size
    there = sum(
        len(line.text)
        for line, good in zip(found.lines, prose, strict=True)
        if good and len(line.text) >= LONG
    )
    return size < SHORT or size < COVERED * there or size > 2 * max(there, 1)


class _Weighed:
    """What each element of a page holds."""

    def __init__(self, found: Blocks, prose: list[bool]) -> None:
        count = len(found.elements)
        self.found, self.prose = found, prose
        self.good, self.all = [0] * count, [0] * count  # characters of prose; of anything not aside
        self.score = [0.0] * count
        self.headed = {place for line in found.lines if line.tag == "h1" for place in line.path}
        for line, good in zip(found.lines, prose, strict=True):
            self._weigh(line, good)
        self.articles = [0] * count  # articles inside that are more than teasers
        for place, element in enumerate(found.elements):
            if boilerplate.names_body(element.named):
                self.score[place] *= 1.3
            elif element.tag == "article":
                self.score[place] *= 1.2
            if element.tag == "article" and self.good[place] > TRIFLE:
                for above in self._above(place):
                    self.articles[above] += 1

    def _weigh(self, line: Block, good: bool) -> None:
        length = len(line.text)
        weight = min(length, FULL) / 100
        for distance, place in enumerate(reversed(line.path)):
            if not line.aside or line.boxed:
                self.all[place] += length
            if good:
                self.good[place] += length - line.linked
                if distance < 6:  # the paragraph itself, its element, then ever less
                    self.score[place] += weight / max(distance, 1) if distance else weight * 0.3

    def _above(self, place: int) -> list[int]:
        above = []
        while (place := self.found.elements[place].parent) >= 0:
            above.append(place)
        return above

    def closest(self) -> int:
        """The element that the page's prose stands closest in."""
        return max(range(len(self.score)), key=self.score.__getitem__)

    def climbed(self, place: int) -> int:
        """The outermost element around this one that still adds prose rather than surroundings."""
        while self.found.elements[place].tag in RAILS and self.found.elements[place].parent > 0:
            place = self.found.elements[place].parent
        alike = self._alike(place)
        inner = place
        for outer in self._above(place):
            element = self.found.elements[inner]
            if element.tag == "article" and (
                self.articles[outer] > 1 or (self.good[inner] > FULL and inner in self.headed)
            ):
                break
            if (
                boilerplate.names_body(element.named)
                and self.good[inner] > FULL
                and self._is_alone(inner)
            ):
                break
            gain, added = self.good[outer] - self.good[place], self.all[outer] - self.all[place]
            more_alike = alike[outer] - alike[place]
            if (gain > GAIN * self.good[place] and gain > PURITY * added) or (
                more_alike > SAME * alike[place] > 0
            ):
                place = outer
            inner = outer
        return place

    def _kind(self, line: Block) -> tuple[tuple[str, str], ...]:
        near = (self.found.elements[place] for place in line.path[-3:])
        return tuple((element.tag, element.named[:60]) for element in near)

    def _alike(self, place: int) -> list[int]:
        """How much each element holds of the kind of paragraph that is commonest in this one."""
        here: dict[tuple[tuple[str, str], ...], int] = {}
        good = [line for line, prose in zip(self.found.lines, self.prose, strict=True) if prose]
        for line in good:
            if place in line.path:
                kind = self._kind(line)
                here[kind] = here.get(kind, 0) + len(line.text)
        commonest = max(here, key=here.__getitem__)
        alike = [0] * len(self.found.elements)
        if any(named for _, named in commonest):  # without names all paragraphs look alike
            for line in good:
                if self._kind(line) == commonest:
                    for outer in line.path:
                        alike[outer] += len(line.text)
        return alike

    def _is_alone(self, place: int) -> bool:
        """Whether no other element apart from this one names itself a body and has prose."""
        near = {place, *self._above(place)}
        for other, element in enumerate(self.found.elements):
            if (
                other in near
                or self.good[other] <= TRIFLE
                or not boilerplate.names_body(element.named)
            ):
                continue
            if place not in self._above(other):
                return False
        return True
