"""A page as a tree of elements, parsed once, fast. Pure.

What readers cannot see is taken out before anyone reads: text in ``display:none`` is no text (M17).
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

from crawler import charset

DEEPEST = 5_000  # elements left open; a parser's work grows with the square of it (M16, R19)

_UNSEEN = (
    "script,style,noscript,svg,iframe,button,select,template,object,embed,video,audio,canvas,nav,"
    "input,textarea,option,figcaption,dialog,footer,[hidden],[aria-hidden=true],"
    "[style*='display:none'],[style*='display: none'],[style*='visibility:hidden'],"
    "[style*='visibility: hidden'],[style*='font-size:0']"
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_ENDS_ITSELF = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "option", "body", "html", "head"})
_INLINE = frozenset({"a", "b", "i", "u", "em", "strong", "span", "font", "small", "sub", "sup", "mark", "abbr"})
_TAG = re.compile(
    r"<!--.*?-->|<(script|style|textarea|title)\b.*?</\1\s*>|"  # what stands in these is no tag
    r"""<(?P<ends>/?)(?P<name>[a-z][a-z0-9-]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""",
    re.IGNORECASE | re.DOTALL,
)
_PIECES = 32  # of a page, each counted by itself: a bound on depth that costs nothing


def parse(text: str) -> LexborHTMLParser:
    """The tree of a page's text, with everything still in it."""
    return LexborHTMLParser(_without_cliffs(text))


def hide(tree: LexborHTMLParser) -> None:
    """Take out what is never text of an article or is not shown. Metadata must be read before."""
    for node in tree.css(_UNSEEN):
        node.decompose()


def squeezed(text: str) -> str:
    """The text on one line, single-spaced, without what no reader can see and no database keeps (P2)."""
    return " ".join(charset.readable(text).split())


def _without_cliffs(text: str) -> str:
    """The page with elements deeper than DEEPEST flattened: their tags go, in pairs, their text stays.

    What is closed must be closed by what opened it, or the end of a dropped element would end the
    one around it, and the text after it would fall out of the article.
    """
    return _flat(text) if _may_be_deep(text) else text


def _may_be_deep(text: str) -> bool:
    """Whether some place may stand in DEEPEST elements; False is sure, and nearly every page's."""
    if text.count("<") < DEEPEST:
        return False
    left_open, step = 0, len(text) // _PIECES + 1
    for start in range(0, len(text), step):
        ended = text.count("</", start, start + step)
        begun = text.count("<", start, start + step) - ended
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
