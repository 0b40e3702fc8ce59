"""The ways of finding a page's text: by its source's rule, by its template, by every line. Pure.

Each asks the next where it finds nothing it can believe; the last has trafilatura as a second
opinion where its own finding is doubtful, and knows a stub from the whole of which it is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import dates
from crawler.dates import visible
from crawler.extraction import blocks, body, boilerplate, boxes, html, metadata, templates
from crawler.extraction.blocks import Block, Blocks
from crawler.extraction.metadata import PageMetadata
from crawler.model import Page, PageRule, ReaderName, Sample, Template

FULLER = 1.3  # a text elsewhere must be so much longer than what the page shows to be preferred …
STUB = 100  # characters; what is shorter is a notice in place of the text
HOLDS = 0.7  # … and hold so much of it: a stub and its whole, not two articles

LINE = 15  # characters of a title's part that may be a headline: names of sites are shorter

SEPARATOR = re.compile(r"\s+[|–—»-]\s+|\s*\|\s*|(?<=\w):\s+")  # between the parts of a title
_HEADINGS = frozenset({"h1", "h2", "h3"})
_WORD = re.compile(r"\w+")


@dataclass(slots=True, kw_only=True)
class FoundText:
    """The paragraphs found, by whom, and what else was seen on the way."""

    paragraphs: list[str]
    reader: ReaderName
    headline: str = ""  # shown at the rule's or the template's place
    above: list[str] = field(default_factory=list)  # visible lines above the headline …
    below: list[str] = field(default_factory=list)  # … and below it, for the date
    sample: Sample | None = None
    doubt: str = ""
    ruled: list[str] = field(default_factory=list)  # keys of the source's rule that found something
    date: str | None = None  # as printed where the source's rule says that it stands


def find(
    tree: LexborHTMLParser,
    written: bytes,
    page: Page,
    facts: PageMetadata,
    *,
    rule: PageRule | None = None,
    template: Template | None = None,
) -> FoundText:
    """The text of a page whose unseen parts are hidden already; ``written`` is all of its markup."""
    text = _by_rule(tree, rule) or _by_template(tree, written, page, facts, template)
    if rule is not None:
        if headline := _shown(tree, rule.headline):
            text.headline = headline
            text.ruled.append("headline")
        if date := _shown(tree, rule.date):
            text.date = date
            text.ruled.append("date")
    return text


# ── by place ──────────────────────────────────────────────────────────────────────────────────


def _by_rule(tree: LexborHTMLParser, rule: PageRule | None) -> FoundText | None:
    """The text where the source's rule says it stands; None where it stands elsewhere, or where the
    rule names no body."""
    if rule is None or rule.body is None:
        return None
    lines = [line for node in tree.css(rule.body) for line in _lines_of(node)[1]]
    if not lines:
        return None
    return FoundText(paragraphs=[line.text for line in lines], reader="template", ruled=["body"])


def _by_template(
    tree: LexborHTMLParser,
    written: bytes,
    page: Page,
    facts: PageMetadata,
    template: Template | None,
) -> FoundText:
    """The text where the template says it stands, unless that is doubtful or it is due for a check."""
    if template is None:
        return _by_lines(tree, written, page, facts)
    placed = _placed(tree, template)
    if isinstance(placed, FoundText) and not templates.needs_verification(page.url):
        return placed
    slow = _by_lines(tree, written, page, facts)
    slow.paragraphs = templates.without_furniture(template, slow.paragraphs)
    if isinstance(placed, str):
        slow.doubt = placed
    elif _agreement(placed.paragraphs, slow.paragraphs) < templates.AGREEMENT:
        slow.doubt = "it differs from the slow reading"
    return slow


def _placed(tree: LexborHTMLParser, template: Template) -> FoundText | str:
    """The text in the template's place, or why it is doubtful."""
    nodes = tree.css(template.body)
    if len(nodes) != 1:
        return "the body is not in its place" if not nodes else "the body is in several places"
    found, lines = _lines_of(nodes[0])
    text = FoundText(paragraphs=[line.text for line in lines], reader="template")
    seen = _measures(tree, nodes[0], found, lines)
    if seen.length < min(template.length / 3, body.SHORT) or not seen.length:
        return "the body is short"
    if seen.linked > 2 * template.linked + 0.15:
        return "the body is full of links"
    if seen.share < template.share / 2:
        return "most paragraphs stand elsewhere"
    text.paragraphs = templates.without_furniture(template, text.paragraphs)
    text.headline = _shown(tree, template.headline)
    if template.headline and not text.headline:
        return "the headline is not in its place"
    text.below = [shown] if (shown := _shown(tree, template.date)) else []
    return text


def _lines_of(node: LexborNode) -> tuple[Blocks, list[Block]]:
    found = blocks.walk(node)
    boxes.mark_asides(found)
    return found, body.lines_in(found, 0)


def _shown(tree: LexborHTMLParser, selector: str | None) -> str:
    """What an element shows, or tells machines where it shows nothing (``<time datetime>``, ``<meta>``)."""
    node = tree.css_first(selector) if selector else None
    if node is None:
        return ""
    shown = metadata.headline(node.text())
    return shown or node.attrs.get("datetime") or node.attrs.get("content") or ""


def _measures(
    tree: LexborHTMLParser, node: LexborNode, found: Blocks, lines: Sequence[Block]
) -> Sample:
    inside = [line for line in found.lines if not line.aside]
    total = sum(len(line.text) for line in inside)
    paragraphs = len(tree.css("p"))
    return Sample(
        body=(),
        length=sum(len(line.text) for line in lines),
        linked=sum(line.linked for line in inside) / total if total else 0.0,
        share=len(node.css("p")) / paragraphs if paragraphs else 0.0,
    )


# ── by every line ─────────────────────────────────────────────────────────────────────────────


def _by_lines(tree: LexborHTMLParser, written: bytes, page: Page, facts: PageMetadata) -> FoundText:
    """The text found by looking at all of the page; by trafilatura, JSON-LD or the feed where what
    was found is doubtful or a stub of theirs."""
    if tree.body is None:
        return _fuller(FoundText(paragraphs=[], reader="fallback"), page, facts)
    found = blocks.walk(tree.body)
    here = body.find(found)
    text = FoundText(paragraphs=[line.text for line in here.lines], reader="fallback")
    if here.doubtful:
        second = _trafilatura(written, page.url)
        if sum(map(len, second)) > here.size / 2:
            text.paragraphs, text.reader = second, "trafilatura"
    text = _fuller(text, page, facts)
    top = _headline_line(found, facts, here)
    text.above = [line.text for line in found.lines[max(top - visible.MAX_LINES_ABOVE, 0) : top]]
    text.below = [line.text for line in found.lines[top + 1 : top + 1 + visible.MAX_LINES_BELOW]]
    own = [line.text for line in here.lines]
    if here.place > 0 and _agreement(own, text.paragraphs) >= templates.AGREEMENT:
        text.sample = _sample(tree, found, here, top, dated=bool(facts.dates))
    return text


def _headline_line(found: Blocks, facts: PageMetadata, here: body.BodyRegion) -> int:
    """Where the headline is shown: the heading that says it, else the line nearest above the text that
    does, else an h1, else a line that says a part of the title as long as a headline, the site's name
    apart; else the line before the body."""
    told = {h.casefold() for h in facts.headlines if h}
    first = found.lines.index(here.lines[0]) if here.lines else 0
    said = [number for number, line in enumerate(found.lines) if line.text.casefold() in told]
    if headings := [number for number in said if found.lines[number].tag in _HEADINGS]:
        return max((number for number in headings if number <= first + 2), default=headings[0])
    if above := [number for number in said if number < first]:
        return above[-1]
    for number, line in enumerate(found.lines):
        if line.tag == "h1":
            return number
    parts = {part for h in told for part in SEPARATOR.split(h) if len(part) >= LINE}
    for number, line in enumerate(found.lines[:first]):
        if line.text.casefold() in parts:
            return number
    return said[0] if said else max(first - 1, 0)


def _sample(
    tree: LexborHTMLParser, found: Blocks, here: body.BodyRegion, top: int, *, dated: bool
) -> Sample:
    """What this page teaches. A date is looked for among the lines only where none is told."""
    node = found.elements[here.place].node
    inside = Blocks(found.elements, [line for line in found.lines if here.place in line.path])
    headline = found.lines[top]
    near = found.lines[max(top - visible.MAX_LINES_ABOVE, 0) : top + 1 + visible.MAX_LINES_BELOW]
    date = next((line for line in near if not dated and _says_a_date(line)), None)
    measured = _measures(tree, node, inside, here.lines)
    return replace(
        measured,
        body=templates.selectors(tree, node),
        lines=tuple(templates.checksum(line.text) for line in here.lines),
        headline=_place(tree, found, headline),
        date=_place(tree, found, date),
    )


def _says_a_date(line: Block) -> bool:
    return len(line.text) < dates.MAX_DATE_CHARACTERS and bool(
        visible.find_printed_dates([], [line.text], zone="UTC")
    )


def _place(tree: LexborHTMLParser, found: Blocks, line: Block | None) -> tuple[str, ...]:
    """Selectors of the element that holds this line and nothing else."""
    if line is None or not line.path:
        return ()
    place = line.path[-1]
    alone = sum(place in other.path for other in found.lines) == 1
    return templates.selectors(tree, found.elements[place].node) if alone else ()


def _trafilatura(written: bytes, url: str) -> list[str]:
    found: Any = trafilatura.bare_extraction(
        written,
        url=url,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    lines = (found.text or "").splitlines() if found is not None else []
    return [p for line in lines if (p := html.squeezed(line)) and not boilerplate.is_notice(p)]


def _fuller(text: FoundText, page: Page, facts: PageMetadata) -> FoundText:
    """The text, or the whole of which it is a stub: JSON-LD's articleBody, then the feed's content."""
    entry = page.entry
    elsewhere: list[tuple[ReaderName, str]] = [("json-ld", facts.body)]
    elsewhere += [("fallback", entry.content_html)] if entry and entry.content_html else []
    for reader, written in elsewhere:
        size = sum(map(len, text.paragraphs))
        if len(written) <= FULLER * size:
            continue
        whole = [p for line in metadata.text_of(written).splitlines() if (p := html.squeezed(line))]
        if sum(map(len, whole)) > FULLER * size and (
            size < STUB or _held(text.paragraphs, whole) >= HOLDS
        ):
            text.paragraphs, text.reader = whole, reader
    return text


def _held(part: Sequence[str], whole: Sequence[str]) -> float:
    """The share of a text's words that another has as well."""
    a, b = _words(part), _words(whole)
    return sum((a & b).values()) / max(sum(a.values()), 1)


def _agreement(a: Sequence[str], b: Sequence[str]) -> float:
    """0–1: how much of the words of two texts is the same."""
    if a == b:
        return 1.0
    x, y = _words(a), _words(b)
    return 2 * sum((x & y).values()) / max(sum(x.values()) + sum(y.values()), 1)


def _words(paragraphs: Sequence[str]) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(paragraphs)))
