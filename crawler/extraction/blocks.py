"""The visible lines of a page in reading order, each with the block elements around it. Pure.

One walk over the tree gives all that body detection needs: the text, how much of it is linked, and
the chain of block elements. Inline elements do not break a line: ``<b>الع</b>راق`` is one word
(P5).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborNode

from crawler import charset, urls

MAX_LINK_GAP = 40  # characters between two links: a comma, a stroke, the spaces of the source
MAX_PATH_LENGTH = 300  # ancestors remembered for a line; real pages have under 60

_BLOCK_TAGS = frozenset(
    """
    p div section article main aside header footer h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table
    tbody thead tr td th blockquote pre figure form body center address details summary fieldset
    hr
    """.split()
)
_INLINE_TAGS = frozenset({"span", "strong", "b", "em", "i", "small", "time", "font"})
_LETTER = re.compile(r"\w")
_NO_PAGE = re.compile(r"\s*(?:#|javascript:|mailto:|tel:|data:|$)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|mp[34]|m4[av]|ogg|wav|webm|pdf)(?:[?#]|$)",
    re.IGNORECASE,
)
_ADDRESSES = (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content"))


@dataclass(slots=True)
class Element:
    """A block element: its tag, class and id, the index of its parent (-1: none), and the indexes
    of its first line and of the first line after it.
    """

    tag: str
    class_and_id: str
    parent: int
    node: LexborNode
    first: int
    end: int = 0


@dataclass(slots=True, eq=False)
class TextLine:
    """One line of text. ``path`` has indexes of ``PageLines.elements``, outermost first."""

    text: str
    linked: int  # characters of it that are links
    path: tuple[int, ...]
    tag: str
    aside: bool = False  # stands in something that is about the page, not of the article …
    boxed: bool = False  # … which no name says, but what it opens with
    foreign: bool = False  # is of another story, or of a box that is named as one …
    copied: bool = False  # … or stands on the page a second time


@dataclass(slots=True)
class Link:
    """A link: the block element around it, and the line that it stands in or before."""

    place: int
    line: int
    node: LexborNode


@dataclass(slots=True)
class PageLines:
    """The block elements, lines and links of a page."""

    elements: list[Element] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictured: set[int] = field(default_factory=set)  # elements with a picture right in them

    def find_element(self, node: LexborNode) -> int:
        """The index of an element; 0, the outermost, if it is none of these."""
        wanted = node.mem_id
        numbers = (n for n, element in enumerate(self.elements) if element.node.mem_id == wanted)
        return next(numbers, 0)

    def find_line(self, node: LexborNode | None) -> int | None:
        """The index of the first line in this element; None if it has none."""
        element = self.elements[0 if node is None else self.find_element(node)]
        return element.first if element.parent >= 0 and element.first < element.end else None

    def lines_in(self, place: int) -> list[TextLine]:
        """The lines of an element."""
        element = self.elements[place]
        return self.lines[element.first : element.end]

    def sum_up(self, values: Iterable[int]) -> list[int]:
        """For each element the sum over its lines; ``values`` has a number for each line."""
        sums = [0, *accumulate(values)]
        return [sums[element.end] - sums[element.first] for element in self.elements]


class _LineBuilder:
    """Collects the pieces of the current line."""

    __slots__ = ("found", "gap", "linked", "parts")

    def __init__(self, found: PageLines) -> None:
        self.found, self.parts, self.linked, self.gap = found, list[str](), 0, 0

    def add(self, text: str, in_links: int) -> None:
        """Add a piece of text; separators between two links count as linked."""
        self.parts.append(text)
        if in_links:
            self.linked += len(text.strip()) + self.gap
            self.gap = 0
        elif self.linked:
            says = len(text) >= MAX_LINK_GAP or _LETTER.search(text)
            self.gap = 0 if says else self.gap + len(" ".join(f".{text}.".split())) - 2

    def end(self, path: tuple[int, ...], tag: str) -> None:
        """Finish the current line, if it has text."""
        parts = self.parts
        if text := " ".join((parts[0] if len(parts) == 1 else "".join(parts)).split()):
            text = charset.bound_marks(text)
            self.found.lines.append(TextLine(text, min(self.linked, len(text)), path, tag))
        self.parts, self.linked, self.gap = [], 0, 0


def collect_lines(root: LexborNode, skipped: Collection[int] = ()) -> PageLines:
    """Return every line under this element, in reading order.

    ``skipped`` are the ``mem_id`` of elements that are left out.
    """
    found = PageLines()
    tag = root.tag or ""
    found.elements.append(Element(tag, class_and_id(root), -1, root, 0))
    line = _LineBuilder(found)
    path: tuple[int, ...] = (0,)
    open_: list[tuple[LexborNode, tuple[int, ...], str, bool, bool]] = []
    in_links, node = 0, root.first_child
    while True:
        if node is None:
            if not open_:
                break
            ended, outer, outer_tag, is_block, is_link = open_.pop()
            if is_block:
                if line.parts:
                    line.end(path, tag)
                found.elements[path[-1]].end = len(found.lines)
            in_links -= is_link
            path, tag, node = outer, outer_tag, ended.next
            continue
        if node.is_text_node:
            if (text := node.text_content) and (line.parts or not text.isspace()):
                line.add(text, in_links)
            node = node.next
            continue
        name, child = node.tag, node.first_child
        if name == "br" and line.parts:
            line.end(path, tag)
        if child is None or not name or name[0] in "-!_" or (skipped and node.mem_id in skipped):
            if name == "img":
                found.pictured.add(path[-1])
            node = node.next
            continue
        is_block = name in _BLOCK_TAGS
        open_.append((node, path, tag, is_block, name == "a"))
        if is_block:
            if line.parts:
                line.end(path, tag)
            tag = name
            if len(path) < MAX_PATH_LENGTH:
                element = Element(name, class_and_id(node), path[-1], node, len(found.lines))
                path = (*path, len(found.elements))
                found.elements.append(element)
        if name == "a":
            in_links += 1
            found.links.append(Link(path[-1], len(found.lines), node))
        node = child
    line.end(path, tag)
    found.elements[0].end = len(found.lines)
    return found


def class_and_id(node: LexborNode) -> str:
    """An element's class and id, separated by a space; "" if it has neither."""
    attributes = (
        node.attributes
    )  # as a whole: asking one by one for what is not there costs four times as much
    if not attributes:
        return ""
    classes, own_id = attributes.get("class"), attributes.get("id")
    return f"{classes or ''} {own_id}".strip() if own_id else (classes or "").strip()


def find_scope(node: LexborNode, heading: LexborNode | None) -> LexborNode:
    """The closest element around the text's that holds more than the text, and the headline."""
    inner = node.parent
    if inner is None or inner.tag in (None, "html"):
        return node
    ids = {around.mem_id for around in _up_to(heading, None)}
    outer: LexborNode | None = inner if ids else None
    while outer is not None and outer.tag != "body" and outer.mem_id not in ids:
        outer = outer.parent
    return outer or inner


def find_idle(
    node: LexborNode,
    heading: LexborNode | None,
    scope: LexborNode,
    is_known: Callable[[str, str], bool],
) -> set[int]:
    """The ``mem_id`` of the scope's elements that hold no part of the text: what stands before the
    headline, and after the text's element those whose tag and names are known.
    """
    idle = set[int]()
    for above in _up_to(heading, scope):
        before = above.prev
        while before is not None:
            idle.add(before.mem_id)
            before = before.prev
    for inner in _up_to(node, scope):
        after = inner.next
        while after is not None:
            named = class_and_id(after) if after.is_element_node else ""
            if named and is_known(after.tag or "", named):
                idle.add(after.mem_id)
            after = after.next
    return idle


def _up_to(node: LexborNode | None, scope: LexborNode | None) -> Iterator[LexborNode]:
    """The element and those around it, up to the scope."""
    wanted = None if scope is None else scope.mem_id
    while node is not None and node.mem_id != wanted:
        yield node
        node = node.parent


# ── where links lead ───────────────────────────────────────────────────────────────────────────


def link_target(node: LexborNode) -> str:
    """Where a link leads, without its fragment; "" if to no other page, or to a picture's file."""
    href = node.attributes.get("href") or ""
    if _NO_PAGE.match(href) or _FILE.search(href):
        return ""
    return href.strip().partition("#")[0].rstrip("/")


def stands_alone(link: LexborNode) -> bool:
    """Whether a link is all of an inline element that another element follows: a title and its
    excerpt in a ``span`` each.
    """
    around, after = link.parent, link.next
    while after is not None and after.is_text_node and not (after.text_content or "").strip():
        after = after.next
    if after is not None or around is None or around.tag not in _INLINE_TAGS:
        return False
    after = around.next
    while after is not None and after.is_text_node and not (after.text_content or "").strip():
        after = after.next
    return after is not None and after.tag in _INLINE_TAGS


def top_of(found: PageLines) -> LexborNode:
    """The outermost element of the page."""
    top = found.elements[0].node
    while (above := top.parent) is not None and above.is_element_node:
        top = above
    return top


def address_of(found: PageLines) -> str:
    """The page's address, as it says; else the site that most links lead to; "" if unknown."""
    top = top_of(found)
    for selector, name in _ADDRESSES:
        node = top.css_first(selector)
        said = (node.attributes.get(name) or "") if node is not None else ""
        if host_of(said):
            return said.strip().partition("#")[0].rstrip("/")
    hosts = Counter(host for link in found.links if (host := host_of(link_target(link.node))))
    return f"//{hosts.most_common(1)[0][0]}" if hosts else ""


def host_of(address: str) -> str:
    """The registrable domain that an address names; "" if it names none."""
    try:
        return urls.registrable(address) if address.startswith(("http", "//")) else ""
    except ValueError:
        return ""


def is_part(target: str, address: str) -> bool:
    """Whether a link leads to a part of the page at this address: an entry of a live blog."""
    (own, asked), (path, query) = _split(address), _split(target)
    if asked:  # an address such as index.php?id=4 is a page's own with its query only
        return path in ("", own) and f"{query}&".startswith(f"{asked}&")
    return len(own) > 1 and (f"{path}/".startswith(f"{own}/") or (not path and bool(query)))


def _split(address: str) -> tuple[str, str]:
    """The path and the query of an address."""
    if "//" in address:
        address = "/" + address.partition("//")[2].partition("/")[2]
    path, _, query = address.partition("?")
    return path.rstrip("/"), query
