"""The headings of a page as its readers see them, and which of them are the outlet's logo. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from selectolax.lexbor import LexborNode

from crawler.extraction.html import squeeze
from crawler.text_cache import cached_by_text

# characters; a title of a megabyte is an attack on whoever shows it (P21)
MAX_HEADLINE_CHARACTERS = 500
MAX_UNESCAPES = 3  # times that a title is unescaped; as many have been seen
MAX_EDGES = 40  # pieces of one heading that are told apart
MAX_HEADINGS = 40  # headings of a page that are read; the headline is one of the first

_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|</?[a-zA-Z][^<>]{0,200}>")
_LOGO = re.compile(
    r"(?:^|[\s_-])(?:logo|brand|branding|masthead|site-?(?:title|name))(?:$|[\s_-])", re.IGNORECASE
)
_KICKER = re.compile(
    r"kicker|surtitre|overline|eyebrow|label|badge|tag|categ|rubri|flash|chapeau|supertitle|prefix",
    re.IGNORECASE,
)
# the front page of a site or of one of its languages
_FRONT_PAGE = re.compile(
    r"(?:(?:https?:)?//[^/\s]+)?/?(?:(?:ar|fr|en|es)/?)?(?:(?:index|home|accueil|main|default|portal)(?:\.\w{3,5})?/?)?$"
)
_SILENT_TAGS = frozenset({"script", "style", "svg", "button", "noscript", "template", "select"})
_BLOCK_TAGS = frozenset({"p", "div", "br", "li", "ul", "hr", "section", "header", "small", "h2"})
_PERMALINK = re.compile(r"\s*[¶#]\s*$")


class Heading:
    """A shown heading, made of the pieces of text between its elements' edges; cleaned when used.

    ``logo``: it links to the front page or is marked as the outlet's name.
    """

    def __init__(self, pieces: Sequence[str], tag: str = "", *, logo: bool = False) -> None:
        self.tag, self.logo, self._pieces = tag, logo, pieces

    @cached_property
    def text(self) -> str:
        """Its text on one line."""
        return _PERMALINK.sub("", clean_headline("".join(self._pieces)))

    @cached_property
    def edges(self) -> frozenset[int]:
        """After how many of its letters an element begins or ends in it."""
        inner = self._pieces[:MAX_EDGES] if len(self._pieces) > 1 else ()
        return frozenset(accumulate(len(letters_only(piece)) for piece in inner))


def read_headings(nodes: Sequence[LexborNode]) -> list[Heading]:
    """The page's h1 to h4 as headings; an image's text is read only in a logo's h1."""
    found = []
    for node in nodes[:MAX_HEADINGS]:
        heading = read_heading(node)
        if node.tag == "h1" and _is_logo(node, heading.text):
            heading = Heading([heading.text or _image_text(node)], "h1", logo=True)
        found.append(heading)
    return found


def read_heading(node: LexborNode) -> Heading:
    """An element's text; kicker and headline in elements of their own are kept apart.

    ``<span class=kicker>Maroc</span><span>Irak…`` is "Maroc Irak…"; ``<b>الع</b>راق`` is one word.
    """
    only = node.first_child
    while only is not None and only.next is None and only.first_child is not None:
        only = only.first_child
    if only is not None and only.next is None and only.is_text_node:
        return Heading([only.text_content or ""], node.tag or "")  # nearly all are one piece
    pieces: list[str] = []
    _collect(node, pieces)
    return Heading(pieces, node.tag or "")


# an outlet's names are compared on each of its pages
@cached_by_text(maxsize=1_024, longest=MAX_HEADLINE_CHARACTERS)
def letters_only(text: str) -> str:
    """The text's letters and digits in lower case, by which names and headlines are compared."""
    folded = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    return "".join(filter(str.isalnum, folded))


def clean_headline(raw: str) -> str:
    """One line of at most ``MAX_HEADLINE_CHARACTERS``.

    Headlines in metadata are often escaped twice, some thrice: Strava&#8217;s.
    """
    text = raw[: 4 * MAX_HEADLINE_CHARACTERS]
    for _ in range(MAX_UNESCAPES):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    return squeeze(_MARKUP.sub("", text))[:MAX_HEADLINE_CHARACTERS].rstrip()


def _collect(root: LexborNode, pieces: list[str]) -> None:
    """Append the pieces of text in the element, a blank where two of them are apart."""
    node = root.first_child
    open_: list[LexborNode] = []
    while node is not None or open_:
        if node is None:
            ended = open_.pop()
            if len(pieces[-1].strip() if pieces else "") > 1 and _ends_apart(ended):
                pieces.append(" ")
            node = ended.next
            continue
        if node.is_text_node:
            pieces.append(node.text_content or "")
        elif node.tag in _BLOCK_TAGS:
            pieces.append(" ")
        if node.first_child is not None and node.tag not in _SILENT_TAGS:
            open_.append(node)
            node = node.first_child
        else:
            node = node.next


def _ends_apart(node: LexborNode) -> bool:
    """Whether what follows an element is another piece of text: it is a block, it is named like a
    kicker, or another named element follows at once.
    """
    if node.tag in _BLOCK_TAGS:
        return True
    name = node.attributes.get("class")
    if not name:
        return False
    after = node.next
    followed = after is not None and bool(after.is_element_node) and "class" in after.attributes
    return followed or _KICKER.search(name) is not None


def _is_logo(node: LexborNode, text: str) -> bool:
    """Whether a heading is the outlet's: named so, or nothing but a link to the front page."""
    attributes = node.attributes
    if _LOGO.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
        return True
    link = node.css_first("a[href]")
    if link is None:
        around = node.parent
        link = around if around is not None and around.tag == "a" else None
        if link is None:
            image = None if text else node.css_first("img")
            named = " ".join(filter(None, image.attributes.values())) if image is not None else ""
            return "logo" in named.lower()
    href = (link.attributes.get("href") or "").strip()
    front = bool(href.strip("/")) or href == "/"
    return (
        front and _FRONT_PAGE.fullmatch(href) is not None and read_heading(link).text in (text, "")
    )


def _image_text(node: LexborNode) -> str:
    image = node.css_first("img[alt]")
    return clean_headline(image.attributes.get("alt") or "") if image is not None else ""
