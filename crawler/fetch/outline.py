"""The outline of a page that shows little: what it says, where it leads, whether it is an article.
Pure.

Error pages, walls and redirects by script are small; ``outline`` stops at the first page that shows
more than they do. One pass over the tags, each looked at once: what a server sends must not cost
more than its length.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from crawler.languages.folding import folded_text

MAX_PAGE_BYTES = 60_000  # of a page without an article; its styles take most of them
MAX_NOTICE_BYTES = 5_000  # a larger page that calls itself an article is one
MAX_SHOWN_CHARACTERS = 1_500  # the longest error pages that say what to do about it have 1,000
MAX_SCRIPT_CHARACTERS = 4_000  # of a script that is looked into; those that lead away are short
MAX_SCRIPTS = 20
MIN_DATA_CHARACTERS = 500  # of JSON that may hold an article

MAX_REFRESH_SECONDS = 10.0  # a page that leads on later is meant to be read
# No pattern may go back over what it has passed: a server could make it slow.
_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][\w:-]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
# Their text is not shown, or is read apart.
_ENCLOSED = frozenset({"script", "style", "noscript", "template", "svg", "title", "textarea"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "em", "font", "i", "small", "span", "strong", "u"})
_PICTURES = frozenset({"audio", "canvas", "embed", "iframe", "img", "object", "picture", "video"})
_HEADINGS = frozenset({"h1", "h2"})
_ARTICLE_DATA = re.compile(r"\"@type\"[\s:\[]*+\"[A-Za-z]{0,30}(?:Article|Posting|Report)\"")
_PAGE_DATA = re.compile(r"__next_f|__NUXT__|(?:DATA|PROPS|STATE)__")
_REFRESH = re.compile(r"\s*+(\d{1,5}(?:\.\d{0,5})?)\s*+[;,]?\s*+(?:url\s*+=\s*+)?(.*)", re.I | re.S)
_LOCATION = r"(?<![\w$-])(?:(?:window|document|self|top|parent)\s*+\.\s*+){0,2}location\s*+"
_SCRIPT_LEADS = re.compile(
    _LOCATION
    + r"""(?:(?:\.\s*+href\s*+)?=\s*+|\.\s*+(?:replace|assign)\s*+\(\s*+)"""
    + r"""(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})')(?!\s*+\+)"""
)
_MAX_LEADING_SCRIPT = 1_000  # characters; a longer script does other things as well
_CALLED_LATER = re.compile(r"\bfunction\b|=>|\bif\b")
_CALLED_AT_ONCE = re.compile(r"\bsetTimeout\b|\bonload\b|\}\s*\)?\s*\(\s*\)")
_SAYS_ARTICLE = re.compile(
    rb"\"(?:News|Report|Live|Opinion)?Article\"|og:type[\"'] content=[\"']article"
)
_HIDDEN_REFRESH = re.compile(
    r"http-equiv\s*+=\s*+[\"']?refresh[^<>]*?content\s*+=\s*+([^<>]*+)", re.I
)
_ARTICLE_META = re.compile(r"article:published|articlebody|datepublished|citation_title")


@dataclass(slots=False, kw_only=True)
class Outline:
    """What a page shows, as one reads it; ``text`` is in lines of at least one block each."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    hidden: str = ""  # shown only where scripts do not run
    links: list[str] = field(default_factory=list)  # addresses, as written
    scripts: list[str] = field(default_factory=list)  # short ones that stand in the page
    refresh: str = ""  # of the meta element, as written
    hidden_refresh: str = ""  # the same, where scripts do not run
    pictures: int = 0
    is_article: bool = False  # it says so to machines, or has data to make one of

    @property
    def characters(self) -> int:
        """How much text it shows."""
        return sum(map(len, self.blocks))

    @property
    def leads(self) -> list[str]:
        """Where it leads by itself, as written: by its meta element, then by its scripts."""
        hidden = self.hidden_refresh if not self.blocks else ""
        found = [refresh_target(self.refresh), refresh_target(hidden)]
        for script in self.scripts:
            if len(script) <= _MAX_LEADING_SCRIPT and (
                _CALLED_AT_ONCE.search(script) or not _CALLED_LATER.search(script)
            ):
                said = _SCRIPT_LEADS.search(script)
                found.append((said[1] or said[2]).replace("\\/", "/") if said else "")
        return [target.strip() for target in found if target.strip()]

    @cached_property
    def words(self) -> str:
        """The folded words of all that it shows, its title apart."""
        return folded_text("\n".join(self.blocks))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The folded words of its title and of each heading."""
        return tuple(folded_text(name) for name in (self.title, *self.headings) if name)


def outline(body: bytes, content_type: str = "") -> Outline | None:
    """The page's outline; None if it is, or shows, more than a page without an article does."""
    return _outline(body, content_type) if len(body) <= MAX_PAGE_BYTES else None


@lru_cache(maxsize=32)  # the middlewares and the poll ask in turn; larger pages are not held for it
def _outline(body: bytes, content_type: str) -> Outline | None:
    if len(body) > MAX_NOTICE_BYTES and _SAYS_ARTICLE.search(body):
        return None
    reader = _Reader(_decoded(body, content_type))
    return reader.found if reader.read() else None


def refresh_target(written: str) -> str:
    """The address in a Refresh header or its meta element (HTML's "shared declarative refresh
    steps"); "" if there is none, or if the page is to be shown for a while first."""
    said = _REFRESH.match(written[:4_000])
    if said is None or float(said[1]) > MAX_REFRESH_SECONDS:
        return ""
    return said[2].strip().strip("\"'").strip()


class _Reader:
    """One pass over a page's tags."""

    def __init__(self, text: str) -> None:
        self.found = Outline()
        self._text, self._at = text, 0
        self._block: list[str] = []  # pieces of the text block in hand
        self._heading: list[str] | None = None
        self._shown = 0

    def read(self) -> bool:
        """Whether the whole page was read: it shows little enough."""
        while (tag := _TAG.search(self._text, self._at)) is not None:
            self._show(self._text[self._at : tag.start()])
            if self._shown > MAX_SHOWN_CHARACTERS:
                return False
            self._at = tag.end()
            if tag[2] is None:
                self._skip_to("-->")
            else:
                self._take(tag[2].lower(), tag[3], closes=bool(tag[1]))
        self._show(self._text[self._at :])
        self._end_block()
        return self._shown <= MAX_SHOWN_CHARACTERS

    def _show(self, raw: str) -> None:
        shown = html.unescape(raw)
        if shown.strip():
            self._block.append(shown)
            self._shown += len(" ".join(shown.split()))
            if self._heading is not None:
                self._heading.append(shown)

    def _end_block(self) -> None:
        if block := " ".join("".join(self._block).split()):
            self.found.blocks.append(block)
        self._block = []

    def _skip_to(self, mark: str) -> None:
        end = self._text.find(mark, self._at)
        self._at = len(self._text) if end < 0 else end + len(mark)

    def _take(self, name: str, attributes: str, *, closes: bool) -> None:
        if name not in _INLINE:
            self._end_block()
        if name in _HEADINGS:
            self._take_heading(closes=closes)
        if closes:
            return
        if name in _ENCLOSED:
            self._take_enclosed(name, attributes)
        elif name == "meta":
            self._take_meta(_attributes(attributes))
        elif name == "a" and (to := _attributes(attributes).get("href")):
            self.found.links.append(to.strip())
        elif name in _PICTURES:
            self.found.pictures += 1
        if "articleBody" in attributes:
            self.found.is_article = True

    def _take_heading(self, *, closes: bool) -> None:
        if self._heading and (heading := " ".join("".join(self._heading).split())):
            self.found.headings.append(heading)
        self._heading = None if closes else []

    def _take_enclosed(self, name: str, attributes: str) -> None:
        end = re.compile(f"</{name}", re.IGNORECASE).search(self._text, self._at)
        stop = end.start() if end is not None else len(self._text)
        inside, self._at = self._text[self._at : stop], stop
        if name == "title" and not self.found.title:
            self.found.title = " ".join(html.unescape(inside).split())[:300]
        elif name == "noscript" and len(inside) < MAX_SHOWN_CHARACTERS:
            if (said := _HIDDEN_REFRESH.search(inside)) is not None:
                self.found.hidden_refresh = said[1].strip(" \"'/")
            self.found.hidden += " " + html.unescape(re.sub(r"<[^<>]*>", " ", inside))
        elif name == "script":
            self._take_script(attributes.lower(), inside)

    def _take_script(self, attributes: str, inside: str) -> None:
        linked = "ld+json" in attributes
        data = not linked and "json" in attributes and len(inside) > MIN_DATA_CHARACTERS
        said = _ARTICLE_DATA.search(inside) if linked else _PAGE_DATA.search(inside[:400])
        self.found.is_article |= data or said is not None
        short = 0 < len(inside) <= MAX_SCRIPT_CHARACTERS and len(self.found.scripts) < MAX_SCRIPTS
        if short and "json" not in attributes:
            self.found.scripts.append(inside)

    def _take_meta(self, said: dict[str, str]) -> None:
        name = (said.get("property") or said.get("name") or said.get("itemprop") or "").lower()
        if said.get("http-equiv", "").lower() == "refresh":
            self.found.refresh = self.found.refresh or said.get("content", "")
        elif name == "og:type":
            self.found.is_article |= said.get("content", "").strip().lower() == "article"
        elif _ARTICLE_META.match(name):
            self.found.is_article = True


def _attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(written[:4_000])
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in found}


def _decoded(body: bytes, content_type: str) -> str:
    """The text by its bytes, then by what it says of itself: what is looked for are common
    words."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _CHARSET.search(body[:4_096]) or _CHARSET.search(content_type.encode())
        try:
            return body.decode(said[1].decode() if said else "cp1256", "replace")
        except LookupError:
            return body.decode("cp1256", "replace")
