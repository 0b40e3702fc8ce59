"""An archived article as it leaves rasd: one record, whoever takes it. Pure.

``rasd search --json``, the items of ``scrapy crawl``, files of JSON lines and CSV, and programs
that use rasd from Python get the same fields under the same names; ``ArticleRecord.row`` is the
JSON object. ``docs/reference/article-record.md`` describes them for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from crawler import matching
from crawler.exports.rows import JsonRow, iso, match_row, mention_row
from crawler.matching import explanation
from crawler.matching.explanation import Texts
from crawler.model import (
    Actor,
    ArchivedArticle,
    DateSource,
    Extraction,
    Language,
    Match,
    Mention,
    Oddity,
    ReaderName,
    Source,
)

_BELOW_THE_HEADLINE = ("lead", "summary", "body")  # their sentences say more than the headline


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenEvidence:
    """A line of a label's scorecard that holds, with the sentence that proves it."""

    topic: str
    label: str
    name: str  # as the topic writes it
    points: int  # added to the label's sum; less than 0 if it speaks against the label
    sentence: str  # of the original text; "" where the line asks for what is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """An archived article with what its outlet, the topics and a search say of it.

    Times are aware UTC, None is unknown, empty is none. Fields stand in the order of an export's
    columns.
    """

    id: int
    headline: str
    url: str
    source: str  # slug
    country: str | None  # of the outlet; None: the source is no longer in the seeds
    language: Language
    published_at: datetime | None
    published_from: DateSource | None
    published_printed: str | None  # the text that was read as this date
    published_confidence: float | None  # 0 to 1
    published_has_time: bool | None  # False: a day only; published_at is its noon there
    first_seen_at: datetime
    kept_at: datetime
    labels: tuple[str, ...]  # of all topics
    doubtful: tuple[str, ...]  # labels just below the line that no topic gave
    score: Mapping[str, float]  # label → the highest that a topic gave it, 0 to 1
    themes: tuple[str, ...]  # of all topics
    actors: tuple[Actor, ...]  # of all topics
    evidence: tuple[ProvenEvidence, ...]  # topic by topic; what weighs most comes first
    sentence: str  # the first that answers the query; "" without one, or if that is the headline
    lead: str
    body: str  # paragraphs separated by a blank line
    summary: str
    authors: tuple[str, ...]
    section: str | None
    image: str | None
    canonical_url: str
    modified_at: datetime | None
    extraction: Extraction
    reader: ReaderName
    oddities: tuple[Oddity, ...]
    matches: tuple[Match, ...]  # by topic
    mentions: tuple[Mention, ...]  # that answer the query; () without one

    def row(self) -> JsonRow:
        """The record as JSON has it: fields by name, times as ISO 8601 in UTC; of each match what
        its topic says, without the mentions."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def article_record(
    kept: ArchivedArticle, *, country: str | None = None, answer: Match | None = None
) -> ArticleRecord:
    """The record of a stored article; ``country`` is its outlet's, ``answer`` what a search says
    of it: the mentions that satisfy the query."""
    article, matches = kept.article, kept.matches
    published = article.published
    labels = _once(label for match in matches for label in match.labels)
    texts = matching.article_fields(article).texts
    mentions = answer.mentions if answer is not None else ()
    return ArticleRecord(
        id=kept.id,
        headline=article.headline,
        url=article.url,
        source=article.source,
        country=country,
        language=article.language,
        published_at=published.at if published else None,
        published_from=published.source if published else None,
        published_printed=published.printed if published else None,
        published_confidence=published.confidence if published else None,
        published_has_time=published.has_time if published else None,
        first_seen_at=article.first_seen_at,
        kept_at=kept.kept_at,
        labels=labels,
        doubtful=_once(
            label for match in matches for label in match.doubtful if label not in labels
        ),
        score=_highest(matches),
        themes=_once(theme for match in matches for theme in match.themes),
        actors=_once(actor for match in matches for actor in match.actors),
        evidence=tuple(line for match in matches for line in _proven(match, texts)),
        sentence=_first_sentence(mentions, texts),
        lead=article.lead,
        body=article.body,
        summary=article.summary,
        authors=article.authors,
        section=article.section,
        image=article.image,
        canonical_url=article.canonical_url,
        modified_at=article.modified_at,
        extraction=article.extraction,
        reader=article.reader,
        oddities=article.oddities,
        matches=matches,
        mentions=mentions,
    )


def country_of(source: str, sources: Mapping[str, Source]) -> str | None:
    """The country of the source with this slug; None if it is not among these sources."""
    known = sources.get(source)
    return known.country if known is not None else None


def _once(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(found))


def _highest(matches: Iterable[Match]) -> dict[str, float]:
    highest: dict[str, float] = {}
    for match in matches:
        for label, score in match.score.items():
            highest[label] = max(score, highest.get(label, score))
    return highest


def _proven(match: Match, texts: Texts) -> Iterable[ProvenEvidence]:
    for line in match.evidence:
        yield ProvenEvidence(
            topic=match.topic,
            label=line.label,
            name=line.name,
            points=line.points,
            sentence=explanation.evidence_sentence(line, texts),
        )


def _first_sentence(mentions: tuple[Mention, ...], texts: Texts) -> str:
    """The sentence of the first mention, unless the headline has it, which is shown anyway."""
    if not mentions or mentions[0].field not in _BELOW_THE_HEADLINE:
        return ""
    text = texts.get(mentions[0].field, "")
    start, end = explanation.find_sentence(mentions[0], text)
    return text[start:end]


def _plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    match value:
        case datetime():
            return iso(value)
        case Match():
            return match_row(value)
        case Mention():
            return mention_row(value)
        case tuple():
            return [_plain(one) for one in value]
        case Mapping():
            return dict(value)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value
