"""The ways of finding a page's text: the source's rule, its template, all lines. Pure.

Each is followed by the next if its result is missing or doubtful. The last one uses trafilatura as
a second opinion, and JSON-LD or the feed if the page shows only a stub of their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.dates import visible
from crawler.dates.visible import DateLine
from crawler.extraction import (
    beside,
    blocks,
    body,
    boilerplate,
    boxes,
    dating,
    html,
    metadata,
    other_stories,
    templates,
)
from crawler.extraction.blocks import PageLines, TextLine
from crawler.extraction.embedded import stubs
from crawler.extraction.headlines.choice import Witnesses, find_place
from crawler.extraction.headlines.headings import Heading, letters_only, read_heading
from crawler.extraction.metadata import PageMetadata
from crawler.model import Oddity, Page, PageRule, ReaderName, Sample, Template

# characters; with fewer trafilatura distrusts itself, too (its min_extracted_size)
MIN_SECOND_CHARACTERS = 250
_WORD = re.compile(r"\w+")


@dataclass(slots=True, kw_only=True)
class FoundText:
    """The paragraphs found, the reader that found them, and further observations."""

    paragraphs: list[str]
    reader: ReaderName
    standfirst: list[str] = field(default_factory=list)  # between the headline and these
    summaries: list[str] = field(default_factory=list)  # what metadata and feed say of the article
    headline: Heading | None = None  # at the template's place, which may be wrong for this page
    ruled_headline: str = ""  # shown at the rule's place
    heading: str = ""  # the line above the text that is the headline if no other is known
    above: list[str] = field(default_factory=list)  # visible lines above the headline …
    below: list[str] = field(default_factory=list)  # … and below it, for the authors
    # the lines that may hold the date; looked for only where nothing surer has it
    date_lines: Callable[[], list[DateLine]] = list
    sample: Sample | None = None
    doubt: str = ""
    oddities: list[Oddity] = field(default_factory=list)  # how the text was come by
    ruled: list[str] = field(default_factory=list)  # keys of the source's rule that found something
    date: str | None = None  # as printed where the source's rule says that it stands

    @property
    def whole(self) -> list[str]:
        """Standfirst and text."""
        return [*self.standfirst, *self.paragraphs]


def find_text(
    tree: LexborHTMLParser,
    written: bytes,
    page: Page,
    facts: PageMetadata,
    witnesses: Witnesses,
    *,
    rule: PageRule | None = None,
    template: Template | None = None,
) -> FoundText:
    """Return the text of a page without its hidden parts; ``written`` is all of its markup."""
    text = _by_rule(tree, rule) or _by_template(tree, written, page, facts, witnesses, template)
    text.summaries = _summaries(page, facts)
    if template is not None:
        text.summaries = templates.own_lines(template, text.summaries)
    if rule is not None:
        if shown := _shown_text(tree, rule.headline):
            text.ruled_headline = shown
            text.ruled.append("headline")
        if date := _shown_text(tree, rule.date):
            text.date = date
            text.ruled.append("date")
    return text


# ── by place ──────────────────────────────────────────────────────────────────────────────────


def _by_rule(tree: LexborHTMLParser, rule: PageRule | None) -> FoundText | None:
    """The text found by the source's rule; None if it finds nothing or names no body."""
    if rule is None or rule.body is None:
        return None
    lines = [line for node in tree.css(rule.body) for line in _article_lines(node)[1]]
    if not lines:
        return None
    return FoundText(paragraphs=[line.text for line in lines], reader="template", ruled=["body"])


def _by_template(
    tree: LexborHTMLParser,
    written: bytes,
    page: Page,
    facts: PageMetadata,
    witnesses: Witnesses,
    template: Template | None,
) -> FoundText:
    """The text found by the template, unless that is doubtful or due for verification."""
    if template is None:
        return _by_lines(tree, written, page, facts, witnesses)
    placed = _read_by_template(tree, page, facts, template)
    if (
        isinstance(placed, FoundText)
        and not placed.doubt
        and not templates.needs_verification(page.url)
    ):
        return placed
    slow = _by_lines(tree, written, page, facts, witnesses, template)
    slow.paragraphs = templates.remove_furniture(template, slow.paragraphs)
    slow.standfirst = templates.own_lines(template, slow.standfirst)
    if isinstance(placed, str):
        slow.doubt = placed
    elif placed.doubt:
        slow.doubt = "" if set(slow.whole) <= set(placed.whole) else placed.doubt
    elif stubs.agreement(placed.whole, slow.whole) < templates.MIN_AGREEMENT:
        slow.doubt = "it differs from the slow reading"
    return slow


def _read_by_template(
    tree: LexborHTMLParser, page: Page, facts: PageMetadata, template: Template
) -> FoundText | str:
    """The text in the template's place, or why it is doubtful."""
    nodes = tree.css(template.body)
    if len(nodes) != 1:
        return "the body is not in its place" if not nodes else "the body is in several places"
    heading = tree.css_first(template.headline) if template.headline else None
    scope = blocks.find_scope(nodes[0], heading)
    known = beside.is_kind_of(template.beside or ())
    found = blocks.collect_lines(scope, blocks.find_idle(nodes[0], heading, scope, known))
    boxes.mark_asides(found)
    place = found.find_element(nodes[0])
    lines = body.body_lines(found, place)
    seen = _measure(facts, nodes[0], found, place, lines)
    if not seen.length:
        return "the body is empty"
    if seen.linked > 2 * template.linked + 0.15:
        return "the body is full of links"
    text = FoundText(paragraphs=[], reader="template")
    text.headline = read_heading(heading) if heading is not None else None
    if template.headline and not (text.headline and text.headline.text):
        return "the headline is not in its place"
    top = found.find_line(heading)
    near = beside.find_beside(
        found,
        place,
        lines,
        headline=top,
        summaries=_summaries(page, facts),
        known=template.beside,
    )
    if template.beside is not None and not near.kinds.issubset(template.beside):
        text.doubt = templates.TEXT_BESIDE
    elif seen.length < min(template.length / 3, body.MIN_BODY_CHARACTERS):
        text.doubt = "the body is short"  # a dispatch, or a stub
    elif seen.share < template.share / 2:
        text.doubt = "most paragraphs stand elsewhere"
    text.paragraphs = [line.text for line in (*near.above, *lines, *near.below)]
    text.paragraphs = templates.remove_furniture(template, text.paragraphs)
    text.standfirst = templates.own_lines(template, [line.text for line in near.standfirst])
    _add_lines_below(
        text, _shown_text(tree, template.date), found, top, body.BodyRegion(place, lines, False)
    )
    return text


def _add_lines_below(
    text: FoundText, date: str, found: PageLines, top: int | None, here: body.BodyRegion
) -> None:
    """Add the lines for authors and date: ``date``, which stands in the template's place, else
    those below the headline, or above the text if the place of the headline is unknown.
    """
    if top is None:
        top = max(found.lines.index(here.lines[0]) - visible.MAX_LINES_BELOW, 0) - 1
    lines = found.lines[top + 1 : top + 1 + visible.MAX_LINES_BELOW]
    text.below = [date, *(line.text for line in lines)]
    if visible.is_date_line(date, zone="UTC"):
        text.date_lines = lambda: [DateLine(text=date)]
    else:
        text.date_lines = partial(dating.find_date_lines, found, top, here)


def _summaries(page: Page, facts: PageMetadata) -> list[str]:
    """What metadata and feed say of the article."""
    entry = page.entry
    told = metadata.clean_summary(entry.summary) if entry is not None else ""
    return [said for said in dict.fromkeys((told, *facts.summaries)) if said]


def _article_lines(node: LexborNode) -> tuple[PageLines, list[TextLine]]:
    found = blocks.collect_lines(node)
    boxes.mark_asides(found)
    return found, body.body_lines(found, 0)


def _shown_text(tree: LexborHTMLParser, selector: str | None) -> str:
    """An element's visible text, else its machine-readable value (``<time datetime>``,
    ``<meta>``).
    """
    node = tree.css_first(selector) if selector else None
    if node is None:
        return ""
    shown = read_heading(node).text
    return shown or node.attrs.get("datetime") or node.attrs.get("content") or ""


def _measure(
    facts: PageMetadata,
    node: LexborNode,
    found: PageLines,
    place: int,
    lines: Sequence[TextLine],
) -> Sample:
    inside = [line for line in found.lines_in(place) if not line.aside]
    total = sum(len(line.text) for line in inside)
    paragraphs = sum(map(html.is_there, facts.paragraphs))
    return Sample(
        body=(),
        length=sum(len(line.text) for line in lines),
        linked=sum(line.linked for line in inside) / total if total else 0.0,
        share=len(node.css("p")) / paragraphs if paragraphs else 0.0,
    )


# ── by every line ─────────────────────────────────────────────────────────────────────────────


def _by_lines(
    tree: LexborHTMLParser,
    written: bytes,
    page: Page,
    facts: PageMetadata,
    witnesses: Witnesses,
    template: Template | None = None,
) -> FoundText:
    """The text found among all lines; if doubtful or a stub, by trafilatura, JSON-LD or the
    feed.
    """
    if tree.body is None:
        nothing = FoundText(paragraphs=[], reader="fallback")
        return _prefer_fuller(nothing, written, page, facts)
    found = blocks.collect_lines(tree.body)
    here = body.find_body(found)
    first = found.lines.index(here.lines[0]) if here.lines else 0
    said = witnesses.choose()
    place = find_place(found.lines, first, said, witnesses)
    top = _find_headline_line(found, said.text, first) if place is None else place
    summaries = _summaries(page, facts)
    near = beside.find_beside(
        found,
        here.place,
        here.lines,
        headline=top,
        summaries=summaries,
        known=template.beside if template is not None else None,
    )
    lines = [*near.above, *here.lines, *near.below]
    own = [line.text for line in lines]
    text = FoundText(paragraphs=own, reader="fallback")
    if here.doubtful:
        second = other_stories.drop_foreign(found, _trafilatura(written, page.url))
        gaps = other_stories.leaves_gaps(lines, second)
        if sum(map(len, second)) > here.size / 2 and not gaps:
            text.paragraphs, text.reader = second, "trafilatura"
    text = _prefer_fuller(text, written, page, facts)
    text.standfirst = [line.text for line in near.standfirst if line.text not in text.paragraphs]
    if text.reader == "trafilatura":
        text.standfirst += _prose_before(lines, set(text.paragraphs))
    text.heading = found.lines[place].text if place is not None else ""
    text.above = [line.text for line in found.lines[max(top - visible.MAX_LINES_ABOVE, 0) : top]]
    text.below = [line.text for line in found.lines[top + 1 : top + 1 + visible.MAX_LINES_BELOW]]
    text.date_lines = partial(dating.find_date_lines, found, top, here)
    if here.place > 0 and stubs.agreement(own, text.paragraphs) >= templates.MIN_AGREEMENT:
        sample = _build_sample(tree, found, here, top, facts)
        adopted = (*near.standfirst, *near.above, *near.below)
        siblings = beside.find_siblings(found, here.place, adopted)
        own_lines = beside.find_repeatable(found, here.place, [*near.standfirst, *lines])
        repeated = (*own_lines, *summaries, *sorted(witnesses.titles))
        text.sample = replace(
            sample,
            headline=() if place is None else _line_selectors(tree, found, found.lines[place]),
            lines=tuple(map(templates.checksum, repeated)),
            beside=tuple(sorted(near.kinds | siblings)),
        )
    return text


def _prose_before(own: Sequence[TextLine], second: Collection[str]) -> list[str]:
    """The prose of our own finding that stands before the first line of a second opinion."""
    begun = next((n for n, line in enumerate(own) if line.text in second), 0)
    return [line.text for line in own[:begun] if boxes.is_prose(line)]


def _find_headline_line(found: PageLines, said: str, first: int) -> int:
    """The index of the line that dates stand near, if no line is the headline for certain.

    It is an h1, else a line with the headline's words far from the text, else the line before the
    text that is no date.
    """
    for number, line in enumerate(found.lines):
        if line.tag == "h1":
            return number
    told = letters_only(said)
    same = (n for n, line in enumerate(found.lines) if letters_only(line.text) == told)
    before = range(first - 1, max(first - 1 - visible.MAX_LINES_ABOVE, -1), -1)
    plain = (n for n in before if not visible.is_date_line(found.lines[n].text, zone="UTC"))
    return next(same, next(plain, max(first - 1, 0)))


def _build_sample(
    tree: LexborHTMLParser, found: PageLines, here: body.BodyRegion, top: int, facts: PageMetadata
) -> Sample:
    """What this page teaches about the template; a date line is needed only if metadata has no
    date.
    """
    node = found.elements[here.place].node
    date = None if facts.dates else dating.find_date_place(found, top, here)
    measured = _measure(facts, node, found, here.place, here.lines)
    return replace(
        measured,
        body=templates.unique_selectors(tree, node),
        date=_line_selectors(tree, found, date),
    )


def _line_selectors(
    tree: LexborHTMLParser, found: PageLines, line: TextLine | None
) -> tuple[str, ...]:
    """The selectors of the element that contains only this line."""
    if line is None or not line.path:
        return ()
    element = found.elements[line.path[-1]]
    alone = element.end - element.first == 1
    return templates.unique_selectors(tree, element.node) if alone else ()


def _trafilatura(written: bytes, url: str) -> list[str]:
    """The paragraphs by trafilatura. The readers that it compares itself with take as long again,
    and are asked only where it finds little: they changed none of the longer texts that were seen.
    """
    lines = _ask_trafilatura(written, url, fast=True)
    if sum(map(len, lines)) >= MIN_SECOND_CHARACTERS:
        return lines
    return _ask_trafilatura(written, url, fast=False)


def _ask_trafilatura(written: bytes, url: str, *, fast: bool) -> list[str]:
    found: Any = trafilatura.bare_extraction(
        written,
        url=url,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
        fast=fast,
    )
    lines = (found.text or "").splitlines() if found is not None else []
    return [p for line in lines if (p := html.squeeze(line)) and not boilerplate.is_notice(p)]


def _prefer_fuller(text: FoundText, written: bytes, page: Page, facts: PageMetadata) -> FoundText:
    """The text, or the complete one of which it is a stub: that of the framework's data,
    JSON-LD's articleBody, then the feed's content.
    """
    titles = [*facts.headlines, *facts.titles, facts.title]
    if whole := stubs.find_framework_text(text.paragraphs, written, titles):
        text.paragraphs, text.reader = whole, "framework"
        text.oddities.append("half_rendered")
    if whole := stubs.find_whole(text.paragraphs, facts.body):
        if not stubs.is_shown(text.paragraphs, whole):
            text.oddities.append("unshown_body")
        text.paragraphs, text.reader = whole, "json-ld"
    listed = page.entry.content_html if page.entry else ""
    if whole := stubs.find_whole(text.paragraphs, listed or ""):
        text.paragraphs, text.reader = whole, "fallback"
    return text
