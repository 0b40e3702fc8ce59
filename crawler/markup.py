"""A page as a tree of elements, parsed once, fast. Pure.

What readers cannot see is taken out before anyone reads: text in ``display:none`` is no text (M17).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from crawler import charset

DEEPEST = 5_000  # elements left open; a parser's work grows with the square of it (M16, R19)

_UNSEEN = (
    "script,style,noscript,svg,iframe,button,select,template,object,embed,video,audio,canvas,nav,"
    "input,textarea,option,figcaption,dialog,footer,[hidden],[aria-hidden=true],"
    "[style*='display:none'],[style*='display: none'],[style*='visibility:hidden'],"
    "[style*='visibility: hidden'],[style*='font-size:0']"
)
_OPENED = re.compile(rb"(?:<(?:div|span|section|b|i|em|font|p|ul|li|blockquote)\b[^<>]*>\s*){50,}", re.IGNORECASE)


def parse(written: bytes) -> LexborHTMLParser:
    """The tree of a page's markup in UTF-8, with everything still in it."""
    return LexborHTMLParser(_without_cliffs(written))


def hide(tree: LexborHTMLParser) -> None:
    """Take out what is never text of an article or is not shown. Metadata must be read before."""
    for node in tree.css(_UNSEEN):
        node.decompose()


def drop(tree: LexborHTMLParser, selectors: Sequence[str]) -> int:
    """Take out what these find; how many elements that was."""
    dropped = 0
    for selector in selectors:
        while (node := tree.css_first(selector)) is not None and node.tag != "html":  # one may stand in another: ask again
            node.decompose()
            dropped += 1
    return dropped


def squeezed(text: str) -> str:
    """The text on one line, single-spaced, without what no reader can see and no database keeps (P2)."""
    return " ".join(charset.readable(text).split())


def _without_cliffs(written: bytes) -> bytes:
    """Runs of elements that are opened and never closed hold nothing but the parser: cut them."""
    opened = written.count(b"<")
    if opened < DEEPEST or opened - 2 * written.count(b"</") < DEEPEST:
        return written
    return _OPENED.sub(b" <div>", written)
