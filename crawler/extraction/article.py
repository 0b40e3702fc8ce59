"""Extract an article from a page, and what the page teaches about its source's template.

::

    bytes ─► markup ─► metadata ──► the source's rule ─┐
                                    its template ──────┤─► lines ─► Article
                                    all lines ─────────┘   (trafilatura if in doubt)

Pure. A page without text gives an article with an empty body. Pages that hang or crash the parsers
are expected: this runs in a worker process with limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from crawler import charset, dates, urls
from crawler.dates import visible
from crawler.extraction import authors as extraction_authors
from crawler.extraction import body, html, metadata, quality, strategies
from crawler.extraction.headlines.choice import MAX_TOLD, Witnesses, trim
from crawler.extraction.headlines.headings import (
    clean_headline,
    letters_only,
)
from crawler.extraction.headlines.outlets import names_of
from crawler.extraction.metadata import PageMetadata
from crawler.extraction.strategies import FoundText
from crawler.languages.detect import detect
from crawler.model import (
    Article,
    DateSource,
    Extraction,
    Page,
    PageRule,
    PublishedDate,
    Rejection,
    Sample,
    Source,
    Template,
)

MAX_BODY_CHARACTERS = 1_000_000  # characters; the longest real article seen has a tenth of it
KEPT_TAIL_CHARACTERS = 100_000  # of them, the last that a longer text ends with
CUT_MARK = "\n\n[…]\n\n"  # what stands where a text was cut
MIN_LEAD_CHARACTERS = 120  # characters a lead has at least, where the text goes on so long

_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_VAGUE_TYPES = frozenset({"text/plain", "application/octet-stream", "unknown/unknown"})
_BINARY_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article, a sample for its source's template, and why the template was doubted ("": it
    wasn't).
    """

    article: Article
    sample: Sample | None = None
    doubt: str = ""
    ruled: tuple[str, ...] = ()
    hidden_texts: tuple[
        str, ...
    ] = ()  # texts that stand in the page and are hidden from its readers


def extract(page: Page, source: Source, *, template: Template | None = None) -> Article | Rejection:
    """The article of a page, or the reason why it has none (``not_html``)."""
    found = extract_with_evidence(page, source, template=template)
    return found if isinstance(found, Rejection) else found.article


def extract_with_evidence(
    page: Page, source: Source, *, template: Template | None = None
) -> Extracted | Rejection:
    """As ``extract``, with what the page teaches about its source."""
    if page.content_type == "application/json" and (markup := _own_markup(page)) is not None:
        return _extract_inline(page, source, markup)
    if not _is_html(page) or _is_binary(page.body):
        return Rejection(reason="not_html", detail=page.content_type or "binary")
    written, conflict = charset.to_utf8(page.body, page.content_type_header)
    tree = html.parse_html(written)
    parts = html.find_parts(tree)
    facts = metadata.read_metadata(tree, parts)
    hidden_texts = html.remove_hidden(parts)
    rule = find_rule(page, source)
    dropped = html.remove_selected(tree, rule.drop) if rule else 0
    if dropped:
        written = (tree.html or "").encode()  # for whoever reads it again
    witnesses = _hear_witnesses(page, source, facts, template)
    text = strategies.find_text(tree, written, page, facts, witnesses, rule=rule, template=template)
    how: Extraction = "full" if text.paragraphs else "empty"
    article = _build_article(page, source, facts, witnesses, text, how)
    flags = quality.find_quality_flags(
        article, page, facts, conflict=conflict, longest=MAX_BODY_CHARACTERS
    )
    if flags or text.oddities:
        article = replace(article, oddities=tuple(sorted({*text.oddities, *flags})))
    ruled = (*text.ruled, "drop") if dropped else tuple(text.ruled)
    return Extracted(
        article=article,
        sample=text.sample,
        doubt=text.doubt,
        ruled=ruled,
        hidden_texts=tuple(hidden_texts),
    )


def _own_markup(page: Page) -> str | None:
    """The markup that came with the feed and takes the place of a page; None if there is none."""
    entry = page.entry
    if entry is None:
        return None
    return entry.content_html or (escape(entry.summary) if entry.identity else None)


def _extract_inline(page: Page, source: Source, written: str) -> Extracted:
    """The article that came complete with its feed."""
    lines = metadata.markup_to_text(written).splitlines()
    text = FoundText(
        paragraphs=[line for line in map(html.squeeze, lines) if line], reader="fallback"
    )
    how: Extraction = "full" if text.paragraphs else "empty"
    article = _build_article(
        page, source, PageMetadata(), _hear_witnesses(page, source, PageMetadata()), text, how
    )
    noted = quality.find_quality_flags(
        article, page, PageMetadata(), conflict=False, longest=MAX_BODY_CHARACTERS
    )
    return Extracted(article=replace(article, oddities=noted))


def _is_binary(body: bytes) -> bool:
    return body.lstrip()[:4].startswith(_BINARY_SIGNATURES) or charset.is_binary(body)


def article_from_entry(page: Page, source: Source, extraction: Extraction) -> Article:
    """The article made from the feed's entry alone, for a page that broke its reader."""
    nothing = FoundText(paragraphs=[], reader="fallback")
    facts = PageMetadata()
    witnesses = _hear_witnesses(page, source, facts)
    return _build_article(page, source, facts, witnesses, nothing, extraction)


def _is_html(page: Page) -> bool:
    """Whether a page is HTML by its type, or by how it begins where the type says next to nothing:
    servers send pages of unknown names as plain text or as any bytes."""
    if page.content_type in _HTML_TYPES:
        return True
    start = page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return page.content_type in _VAGUE_TYPES and start.startswith((b"<!doctype html", b"<html"))


def find_rule(page: Page, source: Source) -> PageRule | None:
    """The source's extraction rule that is valid on the day when the page was fetched, or None."""
    day = page.fetched_at.date()
    for rule in source.pages:
        begun = rule.valid_from is None or rule.valid_from <= day
        if begun and (rule.valid_until is None or day <= rule.valid_until):
            return rule
    return None


def _hear_witnesses(
    page: Page, source: Source, facts: PageMetadata, template: Template | None = None
) -> Witnesses:
    """Who says what the headline is, the feed among them, without the outlet's names."""
    listed = clean_headline(page.entry.title) if page.entry else ""
    claimed = _claimed_names(facts, listed)
    names = names_of(
        source,
        page.url,
        claimed,
        sections=(facts.section or "",),
        repeated=template.furniture if template else (),
    )
    titles = (*facts.headlines[:MAX_TOLD], *facts.titles, listed, facts.title)
    return Witnesses(facts.headings, titles, names)


def _claimed_names(facts: PageMetadata, listed: str) -> list[str]:
    """The names that the page gives its outlet; some programs write the headline there."""
    told = {letters_only(title) for title in (*facts.headlines, listed)}
    shown = {letters_only(h.text) for h in facts.headings if h.tag == "h1" and not h.logo}
    title = letters_only(facts.title)
    told |= {t for t in shown & {letters_only(t) for t in facts.titles} if title.startswith(t)}
    return [name for name in facts.outlets if letters_only(name) not in told]


def _choose_headline(
    text: FoundText, witnesses: Witnesses, paragraphs: Sequence[str]
) -> tuple[str, str]:
    """The headline at the rule's place, else the one that the witnesses agree on, if any; and a
    subtitle that stands in its element.
    """
    if text.ruled_headline:
        return witnesses.names.cut_from(text.ruled_headline), ""
    chosen = witnesses.choose(text.headline, text.heading)
    return trim(chosen, witnesses, paragraphs)


def _build_article(
    page: Page,
    source: Source,
    facts: PageMetadata,
    witnesses: Witnesses,
    text: FoundText,
    extraction: Extraction,
) -> Article:
    entry, seen = page.entry, page.fetched_at
    paragraphs = [charset.clean_text(paragraph) for paragraph in text.paragraphs]
    headline, subtitle = _choose_headline(text, witnesses, paragraphs)
    authors = _find_authors(facts, text, source, page.url)
    paragraphs = body.without_head(paragraphs, (headline, *authors))
    whole = _cap("\n\n".join(paragraphs))
    standfirst = [charset.clean_text(line) for line in (subtitle, *text.standfirst) if line]
    lead = (
        "\n\n".join(standfirst)
        or _build_lead(paragraphs)
        or charset.clean_text(entry.summary if entry else "")
    )
    summary = _find_summary(source, facts, text, (headline, lead, whole))
    canonical = _canonical_url(page, facts)
    found_at = urls.key(page.url)
    claimed = urls.key(canonical) if canonical != page.url else found_at
    published, modified_at = _find_dates(page, source, facts, text)
    if entry is not None and entry.identity:  # it shares its address
        found_at = claimed = urls.entry_key(page.url, entry.identity)
    return Article(
        source=source.slug,
        url=page.requested_url,
        canonical_url=canonical,
        url_key=found_at,
        claimed_key=claimed if claimed != found_at else None,
        headline=headline,
        lead=lead,
        body=whole,
        summary=summary,
        language=detect(f"{headline}\n{whole or lead}", source.languages),
        authors=authors,
        section=html.squeeze(facts.section or "") or None,
        image=html.squeeze(facts.image or "") or None,
        published=published,
        modified_at=modified_at,
        first_seen_at=seen,
        extraction=extraction,
        reader=text.reader,
    )


def _find_summary(
    source: Source, facts: PageMetadata, text: FoundText, shown: tuple[str, str, str]
) -> str:
    """What description and feed say beyond headline, lead and body, as far as these are shown."""
    outlet = (source.name, *source.names.values(), *facts.outlets)
    seen = shown[:1] if "unshown_body" in text.oddities else shown
    return metadata.find_unshown_summary(text.summaries, seen, outlet)


def _find_authors(
    facts: PageMetadata, text: FoundText, source: Source, url: str
) -> tuple[str, ...]:
    """The authors in the page's metadata, else in its bylines, else in a line near the headline;
    never the outlet itself.
    """
    lines = (*text.below, *reversed(text.above))
    found = facts.people or extraction_authors.find_byline(lines)
    if not found:
        return ()
    outlet = names_of(source, url, (facts.site,))
    return tuple(dict.fromkeys(name for name in found if not outlet.is_name(name)))


def _cap(body: str) -> str:
    """The body; if it is too long, its beginning and its end, since a story may be at either
    (R20).
    """
    if len(body) <= MAX_BODY_CHARACTERS:
        return body
    return (
        body[: MAX_BODY_CHARACTERS - KEPT_TAIL_CHARACTERS - len(CUT_MARK)]
        + CUT_MARK
        + body[-KEPT_TAIL_CHARACTERS:]
    )


def _find_dates(
    page: Page, source: Source, facts: PageMetadata, text: FoundText
) -> tuple[PublishedDate | None, datetime | None]:
    """When the article was published and when it was changed; None for what nothing says."""
    witnesses, modified = _date_candidates(page, source, facts, text)
    latest = page.fetched_at + dates.MAX_AHEAD
    changes = (
        dates.parse_date(raw, zone=source.timezone, country=source.country, now=page.fetched_at)
        for raw in map(charset.clean_text, modified)
    )
    published = dates.resolve_date(
        [(by, charset.clean_text(printed)) for by, printed in witnesses],
        zone=source.timezone,
        first_seen_at=page.fetched_at,
        country=source.country,
    )
    return published, next((found[0] for found in changes if found and found[0] <= latest), None)


def _date_candidates(
    page: Page, source: Source, facts: PageMetadata, text: FoundText
) -> tuple[list[tuple[DateSource, str]], list[str]]:
    """The printed dates of publishing, by who says so, and those of changes."""
    if text.date is not None and dates.parse_date(
        text.date, zone=source.timezone, country=source.country
    ):  # whoever wrote the rule has seen what the others say
        return [("text", text.date)], facts.modified
    witnesses: list[tuple[DateSource, str]] = list(facts.dates)
    if page.entry is not None:
        printed = (page.entry.published, page.entry.updated)
        witnesses += [("feed", said) for said in printed if said]
    if day := dates.find_date_in_url(page.url):
        witnesses.append(("url", day))
    if any(by in ("json-ld", "meta") and _has_time(said, source) for by, said in witnesses):
        # nothing that is shown would be believed more, and looking costs
        return witnesses, facts.modified
    shown = visible.find_shown_dates(
        text.date_lines(),
        zone=source.timezone,
        country=source.country,
        now=page.fetched_at,
        day=day,
    )
    witnesses += [("text", said) for said in shown.published]
    return witnesses, [*facts.modified, *shown.modified]


def _has_time(printed: str, source: Source) -> bool:
    parsed = dates.parse_date(printed, zone=source.timezone)
    return parsed is not None and parsed[1]


def _build_lead(paragraphs: Sequence[str]) -> str:
    """The first paragraphs, up to ``MIN_LEAD_CHARACTERS``, as they are in the body."""
    lead = ""
    for paragraph in paragraphs:
        lead = f"{lead}\n\n{paragraph}" if lead else paragraph
        if len(lead) >= MIN_LEAD_CHARACTERS:
            break
    return lead


def _canonical_url(page: Page, facts: PageMetadata) -> str:
    """The canonical URL if it is on the page's own registrable domain, else the page's URL.

    A page must not be able to pose as another outlet's article, and a site's home is no article's
    URL. Whether the canonical address shows the same story is seen when both are stored.
    """
    if not facts.canonical or facts.canonical == page.url:
        return page.url
    said = urls.clean(charset.clean_text(facts.canonical), page.url)
    if said is None or urls.registrable(said) != urls.registrable(page.url):
        return page.url
    return page.url if "/" not in urls.key(said) else said
