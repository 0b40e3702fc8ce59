"""A page as a tree of elements, parsed once, fast. Pure.

What readers cannot see is taken out before anyone reads: text in ``display:none`` is no text (M17).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import charset

DEEPEST = 5_000  # elements left open; a parser's work grows with the square of it (M16, R19)

_UNSEEN = (
    "script,style,noscript,svg,iframe,button,select,template,object,embed,video,audio,canvas,nav,"
    "input,textarea,option,figcaption,dialog,footer",
    "[aria-hidden=true]",  # by itself: in one list with tags, an attribute costs as much as all of them
)
# Written into the element. What a stylesheet hides is not known here, nor is the colour of what
# stands behind a text: white text counts as unseen only where white is said to be behind it.
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|"
    r"(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,})",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|;)\s*(background(?:-color)?|color)\s*:\s*([#\w]+)", re.IGNORECASE)
_WHITES = {"white": "#fff", "#ffffff": "#fff", "black": "#000", "#000000": "#000"}
WHOLE = frozenset({"html", "body", "main", "article"})  # shown by a script as soon as it runs
STUFFED = 40  # characters of an unseen text that are worth a look
_VOID = frozenset(
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
_ENDS_ITSELF = frozenset(
    {"p", "li", "td", "th", "tr", "dd", "dt", "option", "body", "html", "head"}
)
_INLINE = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "sub", "sup", "mark", "abbr"}
)
_TAG = re.compile(
    r"<!--.*?-->|<(script|style|textarea|title)\b.*?</\1\s*>|"  # what stands in these is no tag
    r"""<(?P<ends>/?)(?P<name>[a-z][a-z0-9-]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""",
    re.IGNORECASE | re.DOTALL,
)
_PIECES = 32  # of a page, each counted by itself: a bound on depth that costs nothing


def parse(written: bytes) -> LexborHTMLParser:
    """The tree of a page's markup in UTF-8, with everything still in it."""
    return LexborHTMLParser(_without_cliffs(written))


def hide(tree: LexborHTMLParser) -> list[str]:
    """Take out what is never text of an article or is not shown. Metadata must be read before.

    Given back are the texts of elements that are written into the page and hidden from its readers.
    """
    for selector in _UNSEEN:
        for node in tree.css(selector):
            node.decompose()
    texts: list[str] = []
    outer: set[int] = set()
    for node in tree.css("[style],[hidden]"):
        if _is_hidden(node) and not outer & set(_around(node)):
            outer.add(node.mem_id)
            texts.append(squeezed(node.text(separator=" ")))
    for node in tree.css("[style],[hidden]") if outer else ():
        if node.mem_id in outer:
            node.decompose()
    return [text for text in texts if len(text) >= STUFFED]


def _around(node: LexborNode) -> Iterator[int]:
    """The elements that an element stands in."""
    above = node.parent
    while above is not None:
        yield above.mem_id
        above = above.parent


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    if node.tag in WHOLE:
        return False
    return (
        "hidden" in attributes or _HIDDEN.search(style) is not None or _is_camouflaged(node, style)
    )


def _is_camouflaged(node: LexborNode, style: str) -> bool:
    """Whether its text has the colour that is said to stand behind it."""
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


def drop(tree: LexborHTMLParser, selectors: Sequence[str]) -> int:
    """Take out what these find; how many elements that was."""
    dropped = 0
    for selector in selectors:
        while (
            node := tree.css_first(selector)
        ) is not None and node.tag != "html":  # one may stand in another: ask again
            node.decompose()
            dropped += 1
    return dropped


def squeezed(text: str) -> str:
    """The text on one line, single-spaced, without what no reader can see and no database keeps (P2)."""
    return " ".join(charset.clean_text(text).split())


def _without_cliffs(written: bytes) -> bytes:
    """The page with elements deeper than DEEPEST flattened: their tags go, in pairs, their text stays.

    What is closed must be closed by what opened it, or the end of a dropped element would end the
    one around it, and the text after it would fall out of the article.
    """
    return _flat(written.decode("utf-8", "replace")).encode() if _may_be_deep(written) else written


def _may_be_deep(written: bytes) -> bool:
    """Whether some place may stand in DEEPEST elements; False is sure, and nearly every page's."""
    if written.count(b"<") < DEEPEST:
        return False
    left_open, step = 0, len(written) // _PIECES + 1
    for start in range(0, len(written), step):
        ended = written.count(b"</", start, start + step)
        begun = written.count(b"<", start, start + step) - ended
        if left_open + begun >= DEEPEST:
            return True
        left_open = max(left_open + begun - ended, 0)
    return False


def _flat(text: str) -> str:
    kept: list[str] = []
    opened: list[str] = []  # names, outermost first; those from DEEPEST on were dropped
    counts: Counter[str] = Counter()
    at = 0
    for found in _TAG.finditer(text):
        name = (found["name"] or "").lower()
        if not name or name in _VOID or name in _ENDS_ITSELF:
            continue
        if not found["ends"]:
            dropped = len(opened) >= DEEPEST
            opened.append(name)
            counts[name] += 1
        elif counts[name]:
            while (last := opened.pop()) != name:
                counts[last] -= 1
            counts[name] -= 1
            dropped = len(opened) >= DEEPEST
        else:
            continue  # it ends nothing, and parsers pass it over
        if dropped:
            kept.append(text[at : found.start()])
            kept.append("" if name in _INLINE else "<br>")
            at = found.end()
    return "".join(kept) + text[at:]
