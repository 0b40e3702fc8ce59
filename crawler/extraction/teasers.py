"""Find runs of teasers of other stories among a page's lines, in the text or after it. Pure.

::

    linked headings, else linked lines ─► those alike with little between them ─► items of a title
    and an excerpt, each with a page of its own ─► their lines

No name decides: a teaser is known by what it has. A live blog's entries lead to their own page, the
points of a list to none, a table's rows tell in several cells: these are no teasers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from crawler.extraction.blocks import (
    Link,
    PageLines,
    TextLine,
    address_of,
    host_of,
    is_part,
    link_target,
    stands_alone,
    top_of,
)
from crawler.extraction.headlines.headings import letters_only

MIN_TEASERS = 3  # in a run
MAX_TITLE_CHARACTERS = 250
MIN_TITLE_WORDS, MIN_MEAN_WORDS = 2, 3  # words of a title that is no heading; of such in a run
MIN_OPENING_WORDS = 4  # words of a title that goes on as an excerpt in one line
MIN_EXCERPT_CHARACTERS = 40  # characters of a line that is an excerpt
MAX_TEASER_CHARACTERS, MAX_TEASER_PROSE = 700, 3  # characters and lines of prose beside a title
MAX_FLAT_CHARACTERS = 450  # … where no element parts one teaser from the next
MIN_PROSE_CHARACTERS = 80  # characters of a line that is more than a caption
MAX_MORE_CHARACTERS = 40  # characters of a link that only leads on: "read more", a name
MAX_LEVELS = 3  # elements around a heading in which its picture may stand
FULLY_LINKED_SHARE = 0.9  # share of a line in links from which the line is a link
MAX_HEADING_CHARACTERS = 80  # characters of the heading above a run
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FLAT_TAGS = HEADING_TAGS | {"dt"}
_CELL_TAGS = frozenset({"td", "th"})
_CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d\d\b.{0,6}$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…؟。][»”\"'’)\]]*$")
_MORE = re.compile(
    r"[\W_]*(?:(?:read|see|learn|view) (?:more|on)|more|continue(?: reading)?|details|"
    r"(?:lire |voir )?(?:la )?suite|lire plus|en savoir plus|lire l['’]article|"
    r"(?:[إا]ق(?:رأ|را) )?المزيد|للمزيد|التفاصيل|تفاصيل|التتمة|تتمة)?[\W_]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NEXT_SENTENCE = re.compile(r"\s*[:.|–—-]|\s*[A-ZÀ-Þ«“\"]")

Span = tuple[int, int]  # the first and the last line of something


def is_prose_like(line: TextLine) -> bool:
    length = len(line.text)
    return line.linked < length / 2 and (
        length >= MIN_PROSE_CHARACTERS
        or (length >= MIN_EXCERPT_CHARACTERS and _SENTENCE_END.search(line.text) is not None)
    )


def _is_link(line: TextLine) -> bool:
    return line.linked >= FULLY_LINKED_SHARE * len(line.text)


class TeaserFinder:
    """A page's lines, with the size and the children of each element, and where each line leads."""

    def __init__(self, found: PageLines) -> None:
        self.lines, self.elements = found.lines, found.elements
        self.found, self.address = found, ""
        self.links: dict[int, list[Link]] = defaultdict(list)
        for link in found.links:
            self.links[link.line].append(link)

    @cached_property
    def size(self) -> list[int]:
        """The characters of each element."""
        return self.found.sum_up(len(line.text) for line in self.lines)

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """The elements with lines right in each element."""
        children: dict[int, list[int]] = defaultdict(list)
        for place, element in enumerate(self.elements):
            if element.first < element.end:
                children[element.parent].append(place)
        return children

    @cached_property
    def title(self) -> str:
        """The letters of the page's title."""
        node = top_of(self.found).css_first("title")
        return letters_only(node.text()) if node is not None else ""

    def span(self, place: int) -> Span:
        """The lines of an element that has any."""
        return self.elements[place].first, self.elements[place].end - 1

    # ── what may be a title ────────────────────────────────────────────────────────────────────

    def teasers(self) -> set[int]:
        """The numbers of the lines of teasers, and of the headings of their boxes."""
        taken = set[int]()
        for numbers, target_of in (
            (self.headings(), self._heading_target),
            (self.linked_lines(), self._target),
            (self.excerpts(), self._excerpt_target),
        ):
            if len(numbers) < MIN_TEASERS:
                continue  # where they lead takes longer to find out
            left = {n: target for n in numbers if n not in taken and (target := target_of(n))}
            for run in self.runs(left) if len(left) >= MIN_TEASERS else ():
                for first, last in self.items(run, left):
                    taken.update(range(first, last + 1))
        return taken | {n - 1 for n in taken if n - 1 not in taken and self.is_box_heading(n - 1)}

    def headings(self) -> list[int]:
        """The headings as long as titles."""
        return [
            number
            for number, line in enumerate(self.lines)
            if line.tag in HEADING_TAGS and len(line.text) <= MAX_TITLE_CHARACTERS
        ]

    def linked_lines(self) -> list[int]:
        """The lines that are links as long as titles."""
        return [
            number
            for number, line in enumerate(self.lines)
            if line.linked
            and _is_link(line)
            and len(line.text) <= MAX_TITLE_CHARACTERS
            and len(_WORD.findall(line.text)) >= MIN_TITLE_WORDS
        ]

    def excerpts(self) -> list[int]:
        """The lines that have links, and besides as much text as an excerpt."""
        return [
            number
            for number, line in enumerate(self.lines)
            if line.linked
            and MIN_EXCERPT_CHARACTERS <= len(line.text) - line.linked <= MAX_FLAT_CHARACTERS
        ]

    def _heading_target(self, number: int) -> str:
        """Where a heading leads, or a picture or "read more" beside it."""
        linked = _is_link(self.lines[number])
        return self._target(number) if linked else self._target_beside(number)

    def _excerpt_target(self, number: int) -> str:
        """Where a line leads that begins with a link as long as a title and goes on with an
        excerpt, or ends with "read more".
        """
        return self._opening_target(number) or self._ending_target(number)

    def _target(self, number: int) -> str:
        """Where the line's links lead; "" if to no other page, or to several."""
        targets = {
            target
            for link in self.links.get(number, ())
            if (target := link_target(link.node)) and link.node.text().strip()
        }
        return targets.pop() if len(targets) == 1 else ""

    def _opening_target(self, number: int) -> str:
        """Where the link leads that a line begins with, if another sentence follows it."""
        text, links = self.lines[number].text, self.links.get(number)
        opening = " ".join(links[0].node.text().split()) if links else ""
        if links and len(_WORD.findall(opening)) >= MIN_OPENING_WORDS and text.startswith(opening):
            ended = _NEXT_SENTENCE.match(text, len(opening)) or stands_alone(links[0].node)
            return link_target(links[0].node) if ended else ""
        return ""

    def _ending_target(self, number: int) -> str:
        """Where the link leads that a line ends with, if it only says "read more"."""
        last = self.links[number][-1].node if number in self.links else None
        if last is None:
            return ""
        said = " ".join(last.text().split())
        more = len(said) <= MAX_MORE_CHARACTERS and _MORE.fullmatch(said) is not None
        return link_target(last) if more and self.lines[number].text.endswith(said) else ""

    def _target_beside(self, number: int) -> str:
        """Where the links lead that stand beside a heading and only lead on: a picture's, "read
        more".
        """
        for around in self.lines[number].path[-2 : -2 - MAX_LEVELS : -1]:
            if not around or self.size[around] > MAX_TEASER_CHARACTERS:
                return ""
            links = [
                link
                for at in range(self.elements[around].first, self.elements[around].end + 1)
                for link in self.links.get(at, ())
                if self._is_within(link.place, around)
            ]
            if links:
                said = max(len(link.node.text().strip()) for link in links)
                targets = {link_target(link.node) for link in links}
                only_lead_on = len(targets) == 1 and said <= MAX_MORE_CHARACTERS / 2
                return targets.pop() if only_lead_on else ""
        return ""

    def _is_within(self, place: int, around: int) -> bool:
        while place > around:
            place = self.elements[place].parent
        return place == around

    # ── runs ───────────────────────────────────────────────────────────────────────────────────

    def runs(self, titles: dict[int, str]) -> Iterator[list[int]]:
        """The lines of the titles of each run: titles alike, near each other, of several pages."""
        alike: dict[tuple[object, ...], list[list[int]]] = defaultdict(lambda: [[]])
        for number in titles:
            line = self.lines[number]
            kind = (_is_link(line), *(self.elements[place].tag for place in line.path[-3:]))
            runs = alike[kind]
            if runs[-1] and not self._is_near(runs[-1][-1], number):
                runs.append([])
            runs[-1].append(number)
        for runs in alike.values():
            yield from runs

    def _is_near(self, before: int, after: int) -> bool:
        """Whether there is no more between two titles than an excerpt."""
        size = prose = 0
        for line in self.lines[before + 1 : after]:
            size += len(line.text)
            prose += is_prose_like(line)
            if size > MAX_TEASER_CHARACTERS or prose > MAX_TEASER_PROSE:
                return False
        return True

    def items(self, run: Sequence[int], titles: dict[int, str]) -> Iterator[Span]:
        """The lines of each teaser of a run, else of the parts of it that stand together."""
        targets = [titles[number] for number in run]
        if len(set(targets)) < MIN_TEASERS:
            return
        items = self._wrapped(run) or self._flat(run)
        if not items:
            for part in self._parts(run):
                yield from self.items(part, titles)
        elif (
            self._are_stories(targets) and self._are_titles(run) and not self._are_text(run, items)
        ):
            yield from items
            yield from self.siblings(run, items)

    def _parts(self, run: Sequence[int]) -> Iterator[Sequence[int]]:
        """The run cut where the titles have least in common."""
        paths = [self.lines[number].path for number in run]
        common = [count_common(a, b) for a, b in pairwise(paths)]
        if min(common) == max(common):
            return
        cuts = [at for at, shared in enumerate(common, 1) if shared == min(common)]
        for start, end in zip([0, *cuts], [*cuts, len(run)], strict=True):
            yield run[start:end]

    def _wrapped(self, run: Sequence[int]) -> list[Span]:
        """The lines of each item, if each stands in an element of its own with its excerpt."""
        counts = Counter(place for number in run for place in self.lines[number].path)
        own = [[p for p in self.lines[number].path if counts[p] == 1] for number in run]
        for depth in range(min(map(len, own)), 0, -1):  # the outermost level that all have
            places = [chain[-depth] for chain in own]
            beside = [
                self.size[p] - len(self.lines[n].text) for p, n in zip(places, run, strict=True)
            ]
            items = [self.span(place) for place in places]
            if max(beside) <= MAX_TEASER_CHARACTERS and self._have_excerpts(run, items):
                return items
        return []

    def siblings(self, run: Sequence[int], items: Sequence[Span]) -> Iterator[Span]:
        """The lines of what stands among the teasers or right beside them and is like them, but
        for its title: too short, or set larger.
        """
        spans = {span: number for span, number in zip(items, run, strict=True)}
        of_run = {
            place
            for (first, last), number in spans.items()
            for place in self.lines[number].path
            if self.span(place) == (first, last)
        }
        parents = {self.elements[place].parent for place in of_run} - of_run
        tags = {self.elements[place].tag for place in of_run}
        for parent in parents:
            beside = self.children[parent]
            own = [at for at, place in enumerate(beside) if place in of_run]
            if len(own) > 1:
                for place in beside[max(own[0] - 1, 0) : own[-1] + 2]:
                    alike = place not in of_run and self.elements[place].tag in tags
                    if alike and self._is_like_a_teaser(place):
                        yield self.span(place)

    def _is_like_a_teaser(self, place: int) -> bool:
        """Whether an element has a link to another page, and no more text than a teaser; what has a
        heading of its own and leads on only behind its text is an article.
        """
        if self.size[place] > MAX_TEASER_CHARACTERS + MAX_TITLE_CHARACTERS:
            return False
        inside = list(enumerate(self.found.lines_in(place), self.elements[place].first))
        prose = [n for n, line in inside if is_prose_like(line)]
        links = [n for n, li in inside if _is_link(li) and li.tag != "p" and self._target(n)]
        heads = [li for _, li in inside if li.tag in HEADING_TAGS and not _is_link(li)]
        own = any(li.tag == "h1" or letters_only(li.text) in self.title for li in heads)
        if not links or own or len(prose) > MAX_TEASER_PROSE:
            return False
        return not (heads and prose and links[0] > prose[0])

    def _flat(self, run: Sequence[int]) -> list[Span]:
        """The lines of each item: its title, and what follows it in the same element."""
        if (
            any(self.lines[n].tag not in _FLAT_TAGS or not _is_link(self.lines[n]) for n in run)
            or len({self.lines[n].path[:-1] for n in run}) > 1
        ):
            return []
        items = [(n, following - 1) for n, following in pairwise(run)]
        usual = min((last - first for first, last in items), default=0)
        items.append((run[-1], min(run[-1] + usual, len(self.lines) - 1)))
        around = self.lines[run[0]].path[:-1]
        sizes = [sum(len(li.text) for li in self.lines[a + 1 : b + 1]) for a, b in items]
        inside = all(li.path[: len(around)] == around for li in self.lines[run[0] : items[-1][1]])
        fits = inside and max(sizes) <= MAX_FLAT_CHARACTERS
        return items if fits and self._have_excerpts(run, items) else []

    def _have_excerpts(self, run: Sequence[int], items: Sequence[Span]) -> bool:
        """Whether most items have a line that is an excerpt, in one cell with the title."""
        having = 0
        for number, (first, last) in zip(run, items, strict=True):
            inside = range(first, last + 1)
            having += any(
                n != number and len(self.lines[n].text) >= MIN_EXCERPT_CHARACTERS for n in inside
            ) or (not _is_link(self.lines[number]))
        return 2 * having > len(run)

    # ── what only looks like teasers ───────────────────────────────────────────────────────────

    def _are_text(self, run: Sequence[int], items: Sequence[Span]) -> bool:
        """Whether most items are a text's own: entries of a live blog, rows of a table, sentences
        with links of their own.
        """
        own = 0
        for number, (first, last) in zip(run, items, strict=True):
            inside = self.lines[first : last + 1]
            cells = {li.path[-1] for li in inside if li.tag in _CELL_TAGS}
            linking = (
                li.linked > MAX_MORE_CHARACTERS and not _is_link(li)
                for li in inside
                if li is not self.lines[number]
            )
            headed = any(li.tag in HEADING_TAGS and not _is_link(li) for li in inside)
            own += (
                len(cells) > 1
                or _CLOCK.match(inside[0].text) is not None
                or (headed and self.lines[number].tag not in HEADING_TAGS)
                or any(linking)
            )
        return 2 * own > len(run)

    def _are_titles(self, run: Sequence[int]) -> bool:
        """Whether these say more than names do."""
        if self.lines[run[0]].tag in HEADING_TAGS:
            return True
        words = sum(len(_WORD.findall(self.lines[number].text)) for number in run)
        return words >= MIN_MEAN_WORDS * len(run)

    def _are_stories(self, targets: Sequence[str]) -> bool:
        """Whether most titles lead to other pages of this page's own site."""
        self.address = self.address or address_of(self.found)
        site = host_of(self.address)
        of_site = (t for t in targets if (host_of(t) or site) == site)
        return 2 * sum(not is_part(t, self.address) for t in of_site) > len(targets)

    def is_box_heading(self, number: int) -> bool:
        """Whether the line before a run is the short heading of its box."""
        if number < 0:
            return False
        line = self.lines[number]
        return line.tag in HEADING_TAGS - {"h1"} and len(line.text) <= MAX_HEADING_CHARACTERS


def count_common(a: Sequence[int], b: Sequence[int]) -> int:
    """How many elements two lines stand in together."""
    return sum(x == y for x, y in zip(a, b, strict=False))
