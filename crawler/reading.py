"""Reading a page: extraction, then the topics' matches, then the text's fingerprint. Pure.

``read`` is what the crawl, ``rasd try``, ``rasd reread`` and the golden pages call; the crawl and
``rasd reread`` call it through ``read_for_archive``, in worker processes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from crawler import matching, snapshots
from crawler.extraction.article import article_from_entry, extract_with_evidence
from crawler.languages import index_text
from crawler.matching.concepts import Lexicon, keep_concepts
from crawler.matching.topics import Topic
from crawler.model import (
    Article,
    Extraction,
    FoundConcepts,
    Match,
    Page,
    PreparedArticle,
    Reading,
    Rejection,
    Source,
    Template,
)
from crawler.stories import fingerprint, wording


def read(
    page: Page, source: Source, topics: Sequence[Topic], *, template: Template | None = None
) -> Reading | Rejection:
    """The article in this page and its matches, or why there is none.

    If extraction finds no text, the Reading's body is empty: headline, feed summary and address are
    matched all the same, so a failed extraction cannot hide a story. With a template, the body is
    looked for in its place first; the Reading's ``doubt`` says why the template was not believed.
    """
    found = extract_with_evidence(page, source, template=template)
    if isinstance(found, Rejection):
        return found
    judged = _judged(found.article, source, topics)
    if matching.UNSHOWN_BODY in found.article.oddities:
        judged = _suspected_by_body(judged, source, topics)
    judged = replace(judged, sample=found.sample, doubt=found.doubt, ruled=found.ruled)
    return (
        _suspected(judged, matching.match_hidden_texts(found.hidden_texts, topics))
        if found.hidden_texts
        else judged
    )


def read_for_archive(
    page: Page,
    source: Source,
    topics: Sequence[Topic],
    *,
    template: Template | None = None,
    lexicon: Lexicon | None = None,
) -> PreparedArticle | Rejection:
    """As ``read``, made ready for the archive: the page compressed, the words folded, the concepts
    of the lexicon found."""
    found = read(page, source, topics, template=template)
    if isinstance(found, Rejection):
        return found
    return prepare(page, found, lexicon=lexicon, country=source.country)


def prepare(
    page: Page, reading: Reading, *, lexicon: Lexicon | None = None, country: str = ""
) -> PreparedArticle:
    """This reading of this page with all that the archive stores beside it."""
    return PreparedArticle(
        reading=reading,
        snapshot=snapshots.compress(page),
        index_text=index_text.write_index_text(reading.article),
        copy_keys=wording.copy_keys(wording.of_article(reading.article)),
        concepts=find_concepts(reading.article, country, lexicon) if lexicon else None,
    )


def find_concepts(
    article: Article, country: str, lexicon: Lexicon, names: Collection[str] | None = None
) -> FoundConcepts:
    """The concepts of the lexicon that the article of a source of this country mentions; only those
    of these names, if any are given."""
    return keep_concepts(matching.article_fields(article, country=country), lexicon, names)


def find_concepts_of_many(
    articles: Sequence[tuple[int, Article, str]], lexicon: Lexicon, names: Collection[str] | None
) -> dict[int, FoundConcepts]:
    """``find_concepts`` by id, of each (id, article, country of its source)."""
    return {
        number: find_concepts(article, country, lexicon, names)
        for number, article, country in articles
    }


def unreadable(
    page: Page, source: Source, topics: Sequence[Topic], extraction_was: Extraction
) -> Reading:
    """The Reading of a page that broke its reader, made of the feed's entry and the address."""
    return _judged(article_from_entry(page, source, extraction_was), source, topics)


def _suspected_by_body(reading: Reading, source: Source, topics: Sequence[Topic]) -> Reading:
    """The reading, ``suspicious`` if the text that its page does not show gives it labels."""
    article = reading.article
    oddities = tuple(oddity for oddity in article.oddities if oddity != matching.UNSHOWN_BODY)
    found = matching.match(replace(article, oddities=oddities), topics, country=source.country)
    labels = {(match.topic, label) for match in reading.matches for label in match.labels}
    if all((match.topic, label) in labels for match in found for label in match.labels):
        return reading
    return replace(reading, article=_marked_suspicious(article))


def _marked_suspicious(article: Article) -> Article:
    return replace(article, oddities=tuple(sorted({*article.oddities, "suspicious"})))


def _suspected(reading: Reading, hidden: Sequence[Match]) -> Reading:
    """The reading, ``suspicious`` if hidden text alone would flag it; those matches come last
    (P6).
    """
    labels = {match.topic: set(match.labels) for match in reading.matches}
    if all(set(match.doubtful) <= labels.get(match.topic, set()) for match in hidden):
        return reading
    return replace(
        reading,
        article=_marked_suspicious(reading.article),
        matches=(*reading.matches, *(match for match in hidden if match.topic not in labels)),
    )


def _judged(article: Article, source: Source, topics: Sequence[Topic]) -> Reading:
    return Reading(
        article=article,
        fingerprint=fingerprint.compute(article.body),
        matches=matching.match(article, topics, country=source.country),
    )
