"""A page becomes an article: its text, what it says of itself, and where its source's articles stand.

::

    bytes ─► markup ─► metadata (facts) ─► the source's rule ─┐
                                           its template ──────┤─► lines ─► Article
                                           every line ────────┘   (trafilatura where in doubt)

Pure; a page that has no text gives an article with an empty body, never nothing. What may hang or
crash here is somebody else's care: this runs in a worker that can be killed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler import charset, dates, urls
from crawler.dates import visible
from crawler.extraction import (
    authors as extraction_authors,
)
from crawler.extraction import (
    html,
    metadata,
    quality,
    strategies,
)
from crawler.extraction.metadata import PageMetadata
from crawler.extraction.strategies import FoundText
from crawler.languages.detect import detect
from crawler.model import (
    Article,
    DateSource,
    Extraction,
    Page,
    PageRule,
    Rejection,
    Sample,
    Source,
    Template,
)

LONGEST_BODY = 1_000_000  # characters; the longest real article seen has a tenth of it
TAIL = 100_000  # of them, the last that a longer text ends with
CUT = "\n\n[…]\n\n"  # what stands where a text was cut
HEAD = 3  # lines before a text that may be headline, byline and date
LEAD = 120  # characters a lead has at least, where the text goes on so long

_HTML = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article, what its page teaches of its source's template, and why a template was doubted."""

    article: Article
    sample: Sample | None = None
    doubt: str = ""
    ruled: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()  # texts that stand in the page and are hidden from its readers


def extract(page: Page, source: Source, *, template: Template | None = None) -> Article | Rejection:
    """The article in a page's bytes, or why it is none (``not_html``)."""
    found = extract_with_evidence(page, source, template=template)
    return found if isinstance(found, Rejection) else found.article


def extract_with_evidence(
    page: Page, source: Source, *, template: Template | None = None
) -> Extracted | Rejection:
    """As ``extract``, with what the page teaches."""
    if page.content_type == "application/json" and page.entry and page.entry.content_html:
        return _delivered(page, source, page.entry.content_html)
    if page.content_type not in _HTML or _is_binary(page.body):
        return Rejection(reason="not_html", detail=page.content_type or "binary")
    written, conflict = charset.to_utf8(page.body, page.content_type_header)
    tree = html.parse(written)
    facts = metadata.read(tree)
    unseen = html.hide(tree)
    rule = rule_for(page, source)
    dropped = html.drop(tree, rule.drop) if rule else 0
    if dropped:
        written = (tree.html or "").encode()  # for whoever reads it again
    text = strategies.find(tree, written, page, facts, rule=rule, template=template)
    how: Extraction = "full" if text.paragraphs else "empty"
    article = _article(page, source, facts, text, how)
    article = replace(
        article,
        oddities=quality.quality_flags(
            article, page, facts, conflict=conflict, longest=LONGEST_BODY
        ),
    )
    ruled = (*text.ruled, "drop") if dropped else tuple(text.ruled)
    return Extracted(
        article=article, sample=text.sample, doubt=text.doubt, ruled=ruled, unseen=tuple(unseen)
    )


def _delivered(page: Page, source: Source, written: str) -> Extracted:
    """The article that came whole with its feed."""
    lines = metadata.text_of(written).splitlines()
    text = FoundText(
        paragraphs=[line for line in map(html.squeezed, lines) if line], reader="fallback"
    )
    how: Extraction = "full" if text.paragraphs else "empty"
    article = _article(page, source, PageMetadata(), text, how)
    noted = quality.quality_flags(
        article, page, PageMetadata(), conflict=False, longest=LONGEST_BODY
    )
    return Extracted(article=replace(article, oddities=noted))


def _is_binary(body: bytes) -> bool:
    return body.lstrip()[:4].startswith(_BINARY) or charset.is_binary(body)


def from_entry(page: Page, source: Source, extraction: Extraction) -> Article:
    """The article made of the feed's entry alone, for a page that broke its reader."""
    nothing = FoundText(paragraphs=[], reader="fallback")
    return _article(page, source, PageMetadata(), nothing, extraction)


def rule_for(page: Page, source: Source) -> PageRule | None:
    """The source's rule that holds on the day this page was fetched."""
    day = page.fetched_at.date()
    for rule in source.pages:
        begun = rule.valid_from is None or rule.valid_from <= day
        if begun and (rule.valid_until is None or day <= rule.valid_until):
            return rule
    return None


def _article(
    page: Page, source: Source, facts: PageMetadata, text: FoundText, extraction: Extraction
) -> Article:
    entry, seen = page.entry, page.fetched_at
    named = [text.headline, *facts.headlines, entry.title if entry else ""]
    headline = next((h for raw in named if (h := _headline(raw, source, facts.site, page.url))), "")
    paragraphs = [charset.clean_text(paragraph) for paragraph in text.paragraphs]
    authors = _authors(facts, text, source, page.url)
    paragraphs = paragraphs[_before(paragraphs[:HEAD], (headline, *authors), source) :]
    whole = _capped("\n\n".join(paragraphs))
    lead = _lead(paragraphs) or charset.clean_text(entry.summary if entry else "")
    canonical = _canonical(page, facts)
    modified = [
        d[0] for raw in facts.modified if (d := dates.parse_date(raw, zone=source.timezone))
    ]
    return Article(
        source=source.slug,
        url=page.requested_url,
        canonical_url=canonical,
        url_key=urls.key(canonical),
        headline=headline,
        lead=lead,
        body=whole,
        language=detect(f"{headline}\n{whole or lead}", source.languages),
        authors=authors,
        section=html.squeezed(facts.section or "") or None,
        image=html.squeezed(facts.image or "") or None,
        published=dates.resolve_date(
            [(by, charset.clean_text(said)) for by, said in _witnesses(page, source, facts, text)],
            zone=source.timezone,
            first_seen_at=seen,
            country=source.country,
        ),
        modified_at=next((at for at in modified if at <= seen + dates.MAX_AHEAD), None),
        first_seen_at=seen,
        extraction=extraction,
        reader=text.reader,
    )


def _authors(facts: PageMetadata, text: FoundText, source: Source, url: str) -> tuple[str, ...]:
    """Whom the page's facts name, else whom a line near the headline does; the outlet itself is nobody."""
    told = [name for raw in facts.authors for name in extraction_authors.of_metadata(raw)]
    found = told or extraction_authors.first([*text.below, *reversed(text.above)])
    if not found:
        return ()
    domain = urls.registrable(url).removeprefix("www.")
    outlet = {
        _letters(n)
        for n in (source.name, *source.names.values(), facts.site, domain, domain.split(".")[0])
    }
    return tuple(dict.fromkeys(name for name in found if _letters(name) not in outlet))


def _before(paragraphs: Sequence[str], known: Sequence[str], source: Source) -> int:
    """How many lines a text begins with that are not yet of it: headline and author again, a byline, a date."""
    for number, line in enumerate(paragraphs):
        if (
            line not in known
            and not extraction_authors.author_in_line(line)
            and not visible.is_date_line(line, zone=source.timezone)
        ):
            return number
    return len(paragraphs)


def _capped(body: str) -> str:
    """The body, or head and tail of one that is too long: a story may be told at either end (R20)."""
    if len(body) <= LONGEST_BODY:
        return body
    return body[: LONGEST_BODY - TAIL - len(CUT)] + CUT + body[-TAIL:]


def _witnesses(
    page: Page, source: Source, facts: PageMetadata, text: FoundText
) -> list[tuple[DateSource, str]]:
    if text.date is not None and dates.parse_date(
        text.date, zone=source.timezone, country=source.country
    ):
        return [("text", text.date)]  # whoever wrote the rule has seen what the others say
    witnesses: list[tuple[DateSource, str]] = list(facts.dates)
    if page.entry is not None:
        printed = (page.entry.published, page.entry.updated)
        witnesses += [("feed", said) for said in printed if said]
    if day := dates.find_date_in_url(page.url):
        witnesses.append(("url", day))
    if any(by in ("json-ld", "meta") and _is_timed(said, source) for by, said in witnesses):
        return witnesses  # nothing that is shown would be believed more, and looking costs
    shown = visible.find_printed_dates(
        text.above, text.below, zone=source.timezone, country=source.country, now=page.fetched_at
    )
    return witnesses + [("text", said) for said in shown]


def _is_timed(printed: str, source: Source) -> bool:
    parsed = dates.parse_date(printed, zone=source.timezone)
    return parsed is not None and parsed[1]


def _lead(paragraphs: Sequence[str]) -> str:
    """The first paragraphs up to LEAD characters, as they stand in the body."""
    lead = ""
    for paragraph in paragraphs:
        lead = f"{lead}\n\n{paragraph}" if lead else paragraph
        if len(lead) >= LEAD:
            break
    return lead


def _canonical(page: Page, facts: PageMetadata) -> str:
    """The canonical address, honoured within the page's own registrable domain only: a page must
    not be able to say that it is another outlet's article. A site's home is nobody's canonical."""
    if not facts.canonical or facts.canonical == page.url:
        return page.url
    said = urls.clean(charset.clean_text(facts.canonical), page.url)
    if said is None or urls.registrable(said) != urls.registrable(page.url):
        return page.url
    return page.url if "/" not in urls.key(said) else said


def _headline(raw: str, source: Source, site: str, url: str) -> str:
    """The headline without the outlet's name: "Accord signé | Le Sillon" → "Accord signé". What is
    written like the site's domain (The Quay, the-quay.example) is its name as well."""
    text = metadata.headline(raw)
    parts = strategies.SEPARATOR.split(text)
    if len(parts) < 2:
        return text
    names = {n.casefold() for n in (source.name, *source.names.values(), site) if n}
    domain = _letters(urls.registrable(url).removeprefix("www.").split(".")[0])
    first, last = (part.strip().casefold() for part in (parts[0], parts[-1]))
    if last in names or (domain and _letters(last) == domain):
        text = text[: text.rfind(parts[-1])]
    elif first in names or (domain and _letters(first) == domain):
        text = text[text.find(parts[0]) + len(parts[0]) :]
    return text.strip(" \t|–—-»:")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
