"""Parse a page into a tree and remove what readers can't see. Pure.

Text in ``display:none`` is not text of the article (M17).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import charset

MAX_DOM_DEPTH = 5_000  # elements left open; a parser's work grows with the square of it (M16, R19)

_UNREAD_TAGS = frozenset(
    """
    script style noscript svg iframe button select template object embed video audio canvas nav
    input textarea option figcaption dialog footer
    """.split()
)
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4"})
_DATE_PROPERTIES = ("datePublished", "dateModified")
_TELLING_ATTRIBUTES = frozenset({"itemprop", "aria-hidden", "hidden", "style"})
_DATED_TAGS = frozenset({"h1", "time"})
_PICTURE_TAGS = frozenset({"img", "picture", "amp-img"})
# All that is looked at, in one walk. Each name that is asked for costs a look-up at every element:
# leaving out the four that most elements have takes half the time of asking for the thirty wanted.
_PARTS = (
    ":is(:not(a,div,li,span),[itemprop=datePublished],[itemprop=dateModified],"
    "[aria-hidden=true],[style],[hidden])"
)
_WINDOW_NAME = re.compile(
    r"modal|popup|pop-up|overlay|dialog|menu|nav|drawer|off-?canvas|tooltip|lightbox|consent|cookie|"
    r"toast|sr-only|screen-reader",
    re.IGNORECASE,
)
_PARAGRAPH_TAGS = frozenset({"p", "blockquote", "ul", "ol", "figure", "h2", "h3", "h4"})
# Written into the element. What a stylesheet hides is not known here, nor is the colour of what
# stands behind a text: white text counts as unseen only where white is said to be behind it.
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|"
    r"(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?\s*(?:;|!|$)|"
    r"text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,})",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|;)\s*(background(?:-color)?|color)\s*:\s*([#\w]+)", re.IGNORECASE)
_WHITES = {"white": "#fff", "#ffffff": "#fff", "black": "#000", "#000000": "#000"}
PAGE_TAGS = frozenset({"html", "body", "main", "article"})  # shown by a script as soon as it runs
MAX_METERED = 200  # elements that are looked at; each may hold all of the page
MIN_METERED_CHARACTERS = 60  # characters of text that is no icon, star or arrow
MIN_HIDDEN_CHARACTERS = 40  # characters of an unseen text that are worth a look
_VOID_TAGS = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }
)
_SELF_CLOSING_TAGS = frozenset(
    {"p", "li", "td", "th", "tr", "dd", "dt", "option", "body", "html", "head"}
)
_INLINE_TAGS = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "sub", "sup", "mark", "abbr"}
)
_TAG = re.compile(
    r"""<!--|<(?P<ends>/?)(?P<name>[a-z][a-z0-9-]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""",
    re.IGNORECASE,
)
_RAW_ENDS = {  # what stands in these is no tag
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
} | {"!--": re.compile("-->")}
_DEPTH_PIECES = 32  # of a page, each counted by itself: a bound on depth that costs nothing


def parse_html(written: bytes) -> LexborHTMLParser:
    """Return the complete tree of a page's markup in UTF-8."""
    return LexborHTMLParser(_flatten_deep(written))


@dataclass(slots=True)
class PageParts:
    """The elements of a page that metadata is read from, and those that may not be shown, each
    kind in the page's order.
    """

    metas: list[dict[str, str | None]] = field(default_factory=list)  # their attributes
    scripts: list[LexborNode] = field(default_factory=list)
    headings: list[LexborNode] = field(default_factory=list)  # h1 to h4
    paragraphs: list[LexborNode] = field(default_factory=list)  # p
    dated: list[LexborNode] = field(default_factory=list)  # h1, and what is marked as a date
    canonical: str | None = None
    titles: list[LexborNode] = field(default_factory=list)
    pictures: bool = False  # whether there are any
    unread: list[LexborNode] = field(default_factory=list)  # never text of an article
    # What only screen readers pass over: icons and closed windows, but metered paragraphs too.
    silent: list[LexborNode] = field(default_factory=list)
    styled: list[LexborNode] = field(default_factory=list)  # may be hidden by their own attributes


def find_parts(tree: LexborHTMLParser) -> PageParts:
    """Return the parts of a complete tree."""
    parts = PageParts()
    canonical = None
    for node in tree.css(_PARTS):
        tag = node.tag or ""
        if tag in _UNREAD_TAGS:
            if tag == "button" and _is_heading(node.parent):
                continue  # it folds and unfolds what follows
            parts.unread.append(node)
            if tag == "script":
                parts.scripts.append(node)
            continue
        attributes = node.attributes
        if tag == "p":
            parts.paragraphs.append(node)
        elif tag == "meta":
            if "content" in attributes:
                parts.metas.append(attributes)
        elif tag == "link":
            if (attributes.get("rel") or "").lower() == "canonical":
                canonical = canonical or attributes
        elif tag == "title":
            parts.titles.append(node)
        elif tag in _HEADING_TAGS:
            parts.headings.append(node)
        elif tag in _PICTURE_TAGS:
            parts.pictures = True
        dated = tag in _DATED_TAGS
        if not _TELLING_ATTRIBUTES.isdisjoint(attributes):
            dated = dated or attributes.get("itemprop") in _DATE_PROPERTIES
            if attributes.get("aria-hidden") == "true":
                parts.silent.append(node)
            if "hidden" in attributes or _may_hide(attributes.get("style") or ""):
                parts.styled.append(node)
        if dated:
            parts.dated.append(node)
    parts.canonical = canonical.get("href") if canonical is not None else None
    return parts


def _may_hide(style: str) -> bool:
    return _HIDING_STYLE.search(style) is not None or "color" in style.lower()


def _is_heading(node: LexborNode | None) -> bool:
    return node is not None and node.tag in _HEADING_TAGS


def remove_hidden(parts: PageParts) -> list[str]:
    """Remove elements that are never text of an article or are not shown; read metadata before.

    Returns the texts of elements that are hidden from readers by their own attributes.
    """
    for node in parts.unread:
        node.decompose()
    silent = list(filter(is_there, parts.silent))
    shown = {node.mem_id for node in silent[:MAX_METERED] if _is_metered(node)}
    for node in silent:
        if node.mem_id not in shown:
            node.decompose()
    hidden, outer = list[LexborNode](), set[int]()
    for node in filter(is_there, parts.styled):
        if _is_hidden(node) and outer.isdisjoint(_ancestors(node)):
            outer.add(node.mem_id)
            hidden.append(node)
    texts = [squeeze(node.text(separator=" ")) for node in hidden]
    for node in hidden:
        node.decompose()
    return [text for text in texts if len(text) >= MIN_HIDDEN_CHARACTERS]


def is_there(node: LexborNode) -> bool:
    """Whether an element is still in its tree: what is removed has no parent, nor all inside it."""
    return node.parent is not None


def _is_metered(node: LexborNode) -> bool:
    """Whether what screen readers pass over is prose among paragraphs, or all of a paragraph."""
    if node.tag in PAGE_TAGS:
        return True
    named = " ".join(str(node.attributes.get(name) or "") for name in ("class", "id", "role"))
    if _WINDOW_NAME.search(named) or len(text := squeeze(node.text())) < MIN_METERED_CHARACTERS:
        return False
    if node.tag in _INLINE_TAGS:
        around = node.parent
        return around is not None and squeeze(around.text()) == text
    beside = (node.prev, node.next)
    return node.tag in _PARAGRAPH_TAGS or any(_is_paragraph(other) for other in beside)


def _is_paragraph(node: LexborNode | None) -> bool:
    return node is not None and node.tag in _PARAGRAPH_TAGS


def _ancestors(node: LexborNode) -> Iterator[int]:
    """Yield the ids of the element's ancestors."""
    above = node.parent
    while above is not None:
        yield above.mem_id
        above = above.parent


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    if node.tag in PAGE_TAGS:
        return False
    return (
        "hidden" in attributes
        or _HIDING_STYLE.search(style) is not None
        or _is_camouflaged(node, style)
    )


def _is_camouflaged(node: LexborNode, style: str) -> bool:
    """Whether the text has the same colour as its background."""
    said = _colours(style) if "color" in style.lower() else {}
    if "color" not in said:
        return False
    around: LexborNode | None = node
    while around is not None and around.tag and not around.tag.startswith("-"):
        behind = _colours(around.attrs.get("style") or "").get("background")
        if behind is not None:
            return behind == said["color"]
        around = around.parent
    return False


def _colours(style: str) -> dict[str, str]:
    found = (
        (name.lower().removesuffix("-color"), value.lower())
        for name, value in _COLOUR.findall(style)
    )
    return {name: _WHITES.get(value, value) for name, value in found}


def remove_selected(tree: LexborHTMLParser, selectors: Sequence[str]) -> int:
    """Remove the elements that the selectors find; return how many."""
    dropped = 0
    for selector in selectors:
        while (
            node := tree.css_first(selector)
        ) is not None and node.tag != "html":  # one may stand in another: ask again
            node.decompose()
            dropped += 1
    return dropped


def squeeze(text: str) -> str:
    """The text on one line with single spaces, without characters that no text should have (P2)."""
    return " ".join(charset.clean_text(text).split())


def _flatten_deep(written: bytes) -> bytes:
    """The page with elements deeper than ``MAX_DOM_DEPTH`` flattened: their tags are removed in
    pairs.

    An element must be closed by its own end tag, or the end of a removed element would close the
    one around it, and the text after it would be lost.
    """
    return (
        _flatten(written.decode("utf-8", "replace")).encode() if _may_be_deep(written) else written
    )


def _may_be_deep(written: bytes) -> bool:
    """Whether elements may be nested deeper than ``MAX_DOM_DEPTH``; False is certain, and the
    usual case.
    """
    if written.count(b"<") < MAX_DOM_DEPTH:
        return False
    left_open, step = 0, len(written) // _DEPTH_PIECES + 1
    for start in range(0, len(written), step):
        ended = written.count(b"</", start, start + step)
        begun = written.count(b"<", start, start + step) - ended
        if left_open + begun >= MAX_DOM_DEPTH:
            return True
        left_open = max(left_open + begun - ended, 0)
    return False


def _flatten(text: str) -> str:
    kept: list[str] = []
    opened: list[str] = []  # names, outermost first; those from DEEPEST on were dropped
    counts: Counter[str] = Counter()
    at = 0
    for found in _find_tags(text):
        name = (found["name"] or "").lower()
        if name in _VOID_TAGS or name in _SELF_CLOSING_TAGS:
            continue
        if not found["ends"]:
            dropped = len(opened) >= MAX_DOM_DEPTH
            opened.append(name)
            counts[name] += 1
        elif counts[name]:
            while (last := opened.pop()) != name:
                counts[last] -= 1
            counts[name] -= 1
            dropped = len(opened) >= MAX_DOM_DEPTH
        else:
            continue  # it ends nothing, and parsers pass it over
        if dropped:
            kept.append(text[at : found.start()])
            kept.append("" if name in _INLINE_TAGS else "<br>")
            at = found.end()
    return "".join(kept) + text[at:]


def _find_tags(text: str) -> Iterator[re.Match[str]]:
    """Yield the tags outside of comments, scripts and other raw text.

    Whether an end is there is asked once for each kind that has none: a page may open thousands.
    """
    at = 0
    endless: set[str] = set()
    while (found := _TAG.search(text, at)) is not None:
        at = found.end()
        name = "!--" if found["name"] is None else found["name"].lower()
        if name in _RAW_ENDS and not found["ends"] and name not in endless:
            if (end := _RAW_ENDS[name].search(text, at)) is not None:
                at = end.end()
                continue
            endless.add(name)
        if name != "!--":
            yield found
