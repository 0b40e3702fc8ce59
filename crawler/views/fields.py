"""The shapes that ``--json`` answers share: article, date, match, mention, finding. Pure.

A key has one meaning in every answer. Times are ISO 8601 in UTC, to the second; what is not known
is null.
"""

from __future__ import annotations

from crawler.exports import rows
from crawler.exports.rows import JsonRow, iso, match_row
from crawler.matching import explanation
from crawler.matching.backtest import VerdictChange
from crawler.matching.explanation import Texts
from crawler.model import (
    ArchivedArticle,
    Article,
    Finding,
    HeldEvidence,
    Match,
    Mention,
    PublishedDate,
)
from crawler.monitoring import severity

__all__ = [
    "JsonRow",
    "archived_row",
    "date_row",
    "evidence_row",
    "finding_row",
    "heading_row",
    "iso",
    "match_row",
    "mention_row",
    "sentence",
    "short",
    "taken_away_row",
    "text_row",
    "verdict_row",
]


def short(written: str | None) -> str:
    """A time of ``iso`` for a terminal, to the minute: ``2026-11-23 08:00``; – if there is none."""
    return written[:16].replace("T", " ") if written else "–"


# ── articles ──────────────────────────────────────────────────────────────────────────────────


def heading_row(of: Article | VerdictChange) -> JsonRow:
    """What names an article to a reader."""
    return {"headline": of.headline, "url": of.url, "source": of.source, "language": of.language}


def date_row(published: PublishedDate | None) -> JsonRow:
    """The date an article carries and where it comes from; all null if none can be trusted."""
    return {
        "published_at": iso(published.at) if published else None,
        "published_from": published.source if published else None,
        "published_printed": published.printed if published else None,
        "published_confidence": published.confidence if published else None,
        "published_has_time": published.has_time if published else None,
    }


def archived_row(kept: ArchivedArticle) -> JsonRow:
    """A stored article without its text: id, heading, dates."""
    times = {"first_seen_at": iso(kept.article.first_seen_at), "kept_at": iso(kept.kept_at)}
    return {"id": kept.id} | heading_row(kept.article) | date_row(kept.article.published) | times


def text_row(article: Article) -> JsonRow:
    """An article's text, and all else that its page gave beside heading and date."""
    return {
        "canonical_url": article.canonical_url,
        "lead": article.lead,
        "body": article.body,
        "summary": article.summary,
        "authors": list(article.authors),
        "section": article.section,
        "image": article.image,
        "modified_at": iso(article.modified_at),
        "extraction": article.extraction,
        "reader": article.reader,
        "oddities": list(article.oddities),
    }


# ── matches ───────────────────────────────────────────────────────────────────────────────────


def verdict_row(match: Match, texts: Texts | None = None) -> JsonRow:
    """A match with its proof; given the texts, each mention comes with its sentence."""
    return match_row(match) | {
        "themes": list(match.themes),
        "actors": [{"name": a.name, "role": a.role, "side": a.side} for a in match.actors],
        "evidence": [evidence_row(line, texts) for line in match.evidence],
        "mentions": [mention_row(m, texts) for m in match.mentions],
        "taken_away": [taken_away_row(m, texts) for m in match.taken_away],
    }


def evidence_row(line: HeldEvidence, texts: Texts | None = None) -> JsonRow:
    """A line of a scorecard that holds; its place is null where it asks for what is not there."""
    row: JsonRow = {
        "label": line.label,
        "name": line.name,
        "points": line.points,
        "field": line.field or None,
        "start": line.start if line.field else None,
        "end": line.end if line.field else None,
    }
    if texts is None:
        return row
    return row | {"sentence": explanation.evidence_sentence(line, texts)}


def mention_row(mention: Mention, texts: Texts | None = None) -> JsonRow:
    """A term's place in a field; ``start`` and ``end`` count its characters, end exclusive."""
    row = rows.mention_row(mention)
    return row if texts is None else row | {"sentence": sentence(mention, texts)}


def taken_away_row(mention: Mention, texts: Texts | None = None) -> JsonRow:
    """A mention that did not count, with the reason."""
    return mention_row(mention, texts) | {"reason": mention.reason}


def sentence(mention: Mention, texts: Texts) -> str:
    """The sentence in which a mention begins; the mention itself if its field has none there."""
    text = texts.get(mention.field, "")
    start, end = explanation.find_sentence(mention, text)
    return text[start:end]


# ── findings ──────────────────────────────────────────────────────────────────────────────────


def finding_row(finding: Finding) -> JsonRow:
    """Something wrong since ``opened_at``; ``source`` is null if it is rasd itself."""
    return {
        "source": finding.source or None,
        "kind": finding.kind,
        "severity": severity.of(finding.kind),
        "proof": finding.proof,
        "opened_at": iso(finding.opened_at),
        "closed_at": iso(finding.closed_at),
    }
