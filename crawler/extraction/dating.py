"""The witnesses of an article's date in its page: ``time`` elements, the title, visible lines.
Pure.

Each is sorted by what it is a date of: publishing, a change, or another thing. The date of another
story (a ``time`` in a card with a long link), of a comment or of a masthead's clock is none.
``dates.resolve_date`` chooses among those that are left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler import dates
from crawler.dates import cues, visible
from crawler.dates.cues import Label
from crawler.dates.names import normalize_date_text
from crawler.dates.visible import DateLine
from crawler.extraction.blocks import PageLines, TextLine, class_and_id
from crawler.extraction.body import BodyRegion
from crawler.model import DateSource

MAX_ELEMENTS = 40  # of a page that are looked at; a page of teasers has hundreds
MAX_CARD_CHARACTERS = 400  # characters of a teaser; what is longer is the article or its column
MAX_CARD_DEPTH = 5  # elements above a date that are looked at
MIN_TITLE_WORDS = 4  # words of a link from which it is another story's headline
MAX_CONTEXT_CHARACTERS = 80  # characters before a date that say what it is of
MAX_LINES_BEHIND = 6  # lines looked at after the text, where some outlets have a box of facts
MIN_PARAGRAPHS_BEFORE = 2  # of the text before a line that stands behind it
_TITLE_SEPARATOR = re.compile(r"\s*\|\s*|\s+[–—»·•-]\s+")
_SPACE = re.compile(r"\s+")
_PUBLISHED_NAME = re.compile(r"publish|pubdate|post-?date|entry-?date|date-?pub|posted", re.I)
_UPDATED_NAME = re.compile(r"updat|modif|(?:^|[\s_-])maj(?:$|[\s_-])", re.I)
_OTHER_NAME = re.compile(
    r"event|deadline|expir|countdown|clock|comment|today|current|startdate|enddate|birth|"
    r"validthrough|doortime",
    re.I,
)
_ELSEWHERE_NAME = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:list|area|section)?|commentaires?|related\w*|teasers?|popular|(?<!has-)(?<!with-)sidebar|"
    r"most-?read|trending|latest|recommend\w*|also-?read|read-?also)"
    r"(?=$|[\s_]|-(?!open|closed|status|off|enabled))",
    re.I,
)
_HEAD_NAME = re.compile(r"(?:^|[\s_-])(?:entry|post|article|story|meta|byline)(?:$|[\s_-])", re.I)
_MASTHEAD_NAME = re.compile(
    r"(?:^|[\s_-])(?:masthead|top-?bar|site-header|navbar|menu|ticker|breaking|toolbar|"
    r"today|todays?-?date|current-?date|date-?now|clock)(?:$|[\s_-])",
    re.I,
)
_PICTURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:picture|photo|image|img|figure|caption|legende|media|thumb\w*|slide\w*|"
    r"gallery|wp-caption\S*)(?:$|[\s_-])",
    re.I,
)
_LANDMARKS = frozenset({"nav", "form", "dialog"})
_ROOTS = frozenset({"html", "body", "main"})


@dataclass(slots=True, kw_only=True)
class FoundDates:
    """Dates as printed: of publishing, the likeliest first, and of changes."""

    published: list[tuple[DateSource, str]] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)


def find_dates(
    dated: Sequence[LexborNode], headlines: Sequence[str], *, title: str = ""
) -> FoundDates:
    """The dates in a complete page's ``time`` elements, in marked elements and in its title.

    ``dated`` are these elements and every h1, in the page's order. A link with one of the page's
    ``headlines`` is no other story's.
    """
    found = FoundDates()
    sorted_by: dict[str, list[str]] = {"published": [], "plain": [], "before": [], "named": []}
    own = {" ".join(title.casefold().split()) for title in headlines}
    headed = False
    nodes = dated[:MAX_ELEMENTS]
    heads = _ancestors([node for node in nodes if node.tag == "h1"])
    for node in nodes:
        if node.tag == "h1":
            headed = True
        elif node.tag != "meta" and not _is_elsewhere(node, own, heads, headed=headed):
            shown = _SPACE.sub(" ", node.text()[: dates.MAX_DATE_CHARACTERS]).strip()
            _sort_in(node, shown, sorted_by, found.modified, headed=headed)
    # of those that nothing explains the first counts: later ones date the boxes; what only a class
    # calls a change is the theme's word for any date, where it is the only one
    plain = (sorted_by["plain"] or sorted_by["before"])[:2]
    chosen = sorted_by["published"] + plain
    found.published += [("time", printed) for printed in chosen or sorted_by["named"][:2]]
    found.published += [("text", printed) for printed in _titled(title)]
    return found


def _sort_in(
    node: LexborNode,
    shown: str,
    sorted_by: dict[str, list[str]],
    modified: list[str],
    *,
    headed: bool,
) -> None:
    """Add an element's printed dates to those of their kind."""
    words, named = _label_in_words(node, shown), _label_in_names(node)
    printed = [
        text
        for text in (
            node.attrs.get("datetime"),
            node.attrs.get("content"),
            shown,
        )
        if text and len(text) <= dates.MAX_DATE_CHARACTERS
    ]
    label = words or named
    if label == "other" or not printed:
        return
    if label == "updated":
        modified.append(printed[0])
        if words is None and (node.attrs.get("itemprop") or "").lower() != "datemodified":
            sorted_by["named"] += printed
    elif label == "published":
        sorted_by["published"] += printed
    else:
        sorted_by["plain" if headed else "before"] += printed


def _label_in_words(node: LexborNode, shown: str) -> Label | None:
    """What the text in and before the element says of its date."""
    own = normalize_date_text(shown[:MAX_CONTEXT_CHARACTERS])
    inside = {part.label for part in cues.split_by_cues(own) if part.label}
    if len(inside) == 1:
        return inside.pop()
    return cues.label_of(normalize_date_text(_text_before(node)))


def _text_before(node: LexborNode) -> str:
    """The text right before an element, up to another date; of its parent's if it stands first."""
    text = ""
    before = node.prev
    if before is None and node.parent is not None and node.parent.tag not in _ROOTS:
        before = node.parent.prev
    while before is not None and len(text) < MAX_CONTEXT_CHARACTERS:
        if before.tag in ("time", "h1") or before.css_first("time,h1") is not None:
            break
        text = f"{(before.text() or '')[-MAX_CONTEXT_CHARACTERS:]} {text}"
        before = before.prev
    return text[-MAX_CONTEXT_CHARACTERS:]


def _label_in_names(node: LexborNode) -> Label | None:
    """What the element's class, id and other attributes say, else those of the element around it
    that holds nothing else.
    """
    attributes = node.attributes
    if "pubdate" in attributes:
        return "published"
    names = " ".join(attributes.get(name) or "" for name in ("itemprop", "class", "id"))
    parent = node.parent
    if parent is not None and parent.tag in ("span", "p", "li") and len(parent.css("time")) == 1:
        names += f" {parent.attributes.get('class') or ''}"
    if _PUBLISHED_NAME.search(names):
        return "published"
    if _UPDATED_NAME.search(names):
        return "updated"
    return "other" if _OTHER_NAME.search(names) else None


def _ancestors(nodes: Sequence[LexborNode]) -> set[int]:
    """The ids of the elements around these."""
    holders: set[int] = set()
    for node in nodes:
        around = node.parent
        while around is not None and around.mem_id not in holders:
            holders.add(around.mem_id)
            around = around.parent
    return holders


def _is_elsewhere(node: LexborNode, own: set[str], heads: set[int], *, headed: bool) -> bool:
    """Whether a date stands in a box, a comment, a teaser, or a masthead above the headline."""
    around = node.parent
    small = True
    for _ in range(MAX_CARD_DEPTH):
        if around is None or around.tag in _ROOTS or around.mem_id in heads:
            return False
        names = class_and_id(around)
        if around.tag in _LANDMARKS or _ELSEWHERE_NAME.search(names):
            return True
        if (around.tag == "header" and not headed) or (
            around.tag == "footer" and not _HEAD_NAME.search(names)
        ):
            return True
        small = small and len(around.text()) <= MAX_CARD_CHARACTERS  # nor is what is around it
        if small and _has_foreign_title(around, own):
            return True
        around = around.parent
    return False


def _has_foreign_title(card: LexborNode, own: set[str]) -> bool:
    """Whether a small element has a link as long as a headline that is not this article's."""
    for link in ([card] if card.tag == "a" else card.css("a[href]"))[:5]:
        title = " ".join(link.text(separator=" ").split()).casefold()
        for time in link.css("time"):
            title = title.replace(" ".join(time.text().split()).casefold(), " ", 1).strip()
        named = f"{link.attributes.get('rel') or ''} {link.attributes.get('class') or ''}"
        if len(title.split()) < MIN_TITLE_WORDS or "author" in named:
            continue
        if not any(title in one for one in own):
            return True
    return False


def _titled(title: str) -> list[str]:
    """The parts of a title that are a date and nothing else."""
    parts = _TITLE_SEPARATOR.split(title[:500])
    return [part for part in parts[1:] if visible.is_bare_date(part, zone="UTC")]


def find_date_place(found: PageLines, top: int, here: BodyRegion) -> TextLine | None:
    """The line with the likeliest date of publishing; None if no line has one."""
    placed = find_placed_lines(found, top, here)
    ranked = ((_ranks_of(line), number) for number, (line, _) in enumerate(placed))
    best = min(((ranks[0], number) for ranks, number in ranked if ranks), default=None)
    return placed[best[1]][1] if best else None


def _ranks_of(line: DateLine) -> tuple[int, ...]:
    return visible.find_shown_dates([line], zone="UTC", country=visible.ANY_ORDER).ranks


def find_date_lines(found: PageLines, top: int, here: BodyRegion) -> list[DateLine]:
    """The visible lines that may hold the date of the article whose headline is line ``top``.

    Those below the headline first, then the last ones before it, then those behind the text.
    """
    return [line for line, _ in find_placed_lines(found, top, here)]


def find_placed_lines(
    found: PageLines, top: int, here: BodyRegion
) -> list[tuple[DateLine, TextLine]]:
    """As ``find_date_lines``, each with the line of the page that it is."""
    own = {id(line) for line in here.lines}
    title = found.lines[top].text if top < len(found.lines) else ""
    end = top + 1 + visible.MAX_LINES_BELOW
    placed: list[tuple[DateLine, TextLine]] = []
    paragraphs, last = 0, end
    for number in range(top + 1, len(found.lines)):
        line = found.lines[number]
        if number < end and not _is_other_story(found, number, title, after=paragraphs > 0):
            behind = paragraphs >= MIN_PARAGRAPHS_BEFORE
            placed.append((_date_line(found, line, behind=behind), line))
        if id(line) in own:
            last = number + 1
            paragraphs += len(line.text.split()) > visible.MAX_LINE_WORDS
    for number in range(top - 1, max(top - 1 - visible.MAX_LINES_ABOVE, -1), -1):
        if not (_is_other_story(found, number, title) or _is_masthead(found, number, top)):
            placed.append((_date_line(found, found.lines[number], above=True), found.lines[number]))
    for number in range(max(last - 2, end), min(last + MAX_LINES_BEHIND, len(found.lines))):
        if not _is_other_story(found, number, title):
            line = found.lines[number]
            placed.append((_date_line(found, line, behind=True), line))
    return placed


def _date_line(
    found: PageLines, line: TextLine, *, above: bool = False, behind: bool = False
) -> DateLine:
    near = [found.elements[place] for place in line.path[-2:]]
    pictured = any(
        element.tag in ("figure", "figcaption") or _PICTURE_NAME.search(element.class_and_id)
        for element in near
    )
    return DateLine(text=line.text, above=above, behind=behind, pictured=pictured)


def _is_other_story(found: PageLines, number: int, title: str, *, after: bool = True) -> bool:
    """Whether a line belongs to a comment or, outside of the article's head, to a teaser: it is
    mostly a link, or stands in one element with a line that is one.
    """
    line = found.lines[number]
    if any(_ELSEWHERE_NAME.search(found.elements[place].class_and_id) for place in line.path[-3:]):
        return True
    if not after:
        return False
    if _is_title_link(line, title):
        return True
    if len(line.path) < 2:
        return False
    around = line.path[-2]
    beside = (found.lines[n] for n in (number - 1, number + 1) if 0 <= n < len(found.lines))
    return any(around in other.path and _is_title_link(other, title) for other in beside)


def _is_masthead(found: PageLines, number: int, top: int) -> bool:
    """Whether a line above the headline belongs to the site's head, or is a link as a whole."""
    line = found.lines[number]
    own = set(found.lines[top].path)
    around = (found.elements[place] for place in line.path if place not in own)
    return line.linked >= len(line.text) or any(
        element.tag in ("header", "nav") or _MASTHEAD_NAME.search(element.class_and_id)
        for element in around
    )


def _is_title_link(line: TextLine, own: str) -> bool:
    """Whether most of a line is a link as long as a headline, and not this article's."""
    words = len(line.text.split())
    return words >= MIN_TITLE_WORDS and 2 * line.linked >= len(line.text) and line.text != own
