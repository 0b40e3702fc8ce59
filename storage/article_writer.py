"""Writes articles: snapshot, article, matches, row in the full-text index, the sighting's fate.

Articles come in bursts and are written as one batch: one statement for each table, not for each
table and article. A statement costs more in Python than in SQLite, and the same interpreter fetches
other pages meanwhile. Everything happens in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.base import Executable

from crawler.model import (
    Article,
    ArticleToKeep,
    Extraction,
    Match,
    Reading,
    Reason,
    Sighting,
    Snapshot,
)
from crawler.stories.placing import told
from storage import article_places, concept_places, parameters, statements, text_index
from storage import tables as t
from storage.rows import row_of
from storage.stories import placing

SEQUENCE_BITS = 20  # of a rank: the minutes touch only after a million articles in one of them
_BROKEN_BY: dict[Extraction, Reason] = {
    "timeout": "reading_timeout",
    "crashed": "reading_crashed",
}
_MATCH_TABLES = (t.match_labels, t.match_themes, t.match_actors, t.matches)
_PLAIN_FIELDS = tuple(
    n for n in Article.__dataclass_fields__ if n not in ("published", "authors", "oddities")
)


def save(c: Connection, keepings: Sequence[ArticleToKeep]) -> list[int]:
    """Write these articles in the caller's transaction; their ids, in the order given.

    Of several pages that are one article the first is written; one that is stored already stays
    as it is, and a page that was read again and brought nothing new is not stored. Every sighting
    gets its fate and points to its article.
    """
    placed = article_places.place(c, keepings)
    _store(c, [_snapshot(k.sighting, k.prepared.snapshot) for k in placed.to_store(keepings)])
    ids = _insert(c, placed.new)
    found = [ids.get(number, number) for number in placed.numbers]
    c.execute(
        statements.UPDATE_OUTCOME, [_settled(k, n) for k, n in zip(keepings, found, strict=True)]
    )
    if placed.by_parameters:
        parameters.learn(c, placed.by_parameters, keepings[0].kept_at)
    return found


def save_snapshot(c: Connection, sighting: Sighting, snapshot: Snapshot) -> None:
    """Write the page of a sighting; it takes the place of an earlier page of the sighting."""
    _store(c, [_snapshot(sighting, snapshot)])


def insert_text(c: Connection, words: tuple[str, str], rank: int) -> None:
    """Write an article's full-text row: its texts, as ``languages.index_text`` writes them."""
    text_index.insert(c, [text_index.Texts(rank, *words)])


def insert_matches(c: Connection, matches: Iterable[tuple[int, Match]]) -> None:
    """Write each (article id, match) with its labels, themes and actors."""
    rows: dict[Executable, list[dict[str, Any]]] = {}
    for article_id, match in matches:
        whose = {"article_id": article_id, "topic": match.topic}
        rows.setdefault(statements.INSERT_MATCH, []).append(whose | _judged(match))
        for statement, parts in _parts(match):
            rows.setdefault(statement, []).extend(whose | part for part in parts)
    for statement, some in rows.items():
        if some:
            c.execute(statement, some)


def delete_matches(c: Connection, article_id: int, topic: str | None = None) -> None:
    """Delete what this topic (None: every topic) says of the article."""
    for table in _MATCH_TABLES:
        which = table.c.article_id == article_id
        if topic is not None:
            which = sa.and_(which, table.c.topic == topic)
        c.execute(sa.delete(table).where(which))


def _parts(match: Match) -> Iterator[tuple[Executable, list[dict[str, Any]]]]:
    """What is asked for of a match by SQL: a row for each label, theme and actor."""
    labels = [
        {"label": label, "place": place, "score": match.score[label]}
        for place, label in enumerate(match.labels)
    ]
    yield statements.INSERT_LABEL, labels
    yield statements.INSERT_THEME, [{"theme": theme} for theme in dict.fromkeys(match.themes)]
    yield statements.INSERT_ACTOR, [row_of(actor) for actor in dict.fromkeys(match.actors)]


def free_rank(c: Connection, at: datetime) -> int:
    """A rank that no article has yet, in the minute of this moment."""
    low, high = _ranks(at)
    return int(c.execute(sa.select(statements.NEXT_RANK), {"low": low, "high": high}).scalar_one())


def columns(reading: Reading) -> dict[str, Any]:
    """A reading as the columns of its article's row, ``kept_at`` and ``rank`` apart."""
    article, published = reading.article, reading.article.published
    row = {name: getattr(article, name) for name in _PLAIN_FIELDS}
    return row | {
        "authors": list(article.authors),
        "oddities": list(article.oddities),
        "published_at": published.at if published else None,
        "published_source": published.source if published else None,
        "published_confidence": published.confidence if published else None,
        "published_printed": published.printed if published else None,
        "published_has_time": published.has_time if published else None,
        "fingerprint": reading.fingerprint,
        "headline_key": article_places.headline_key_of(reading),
    }


def _insert(c: Connection, new: Mapping[int, ArticleToKeep]) -> dict[int, int]:
    """Write these articles; the id of each, by its number."""
    if not new:
        return {}
    c.execute(statements.INSERT_ARTICLE, [_row(keeping) for keeping in new.values()])
    keys = {number: _key(keeping) for number, keeping in new.items()}
    rows = c.execute(statements.SELECT_ARTICLE_PLACES, {"keys": statements.padded(keys.values())})
    placed = {row.url_key: row for row in rows}
    texts = [
        text_index.Texts(placed[keys[number]].rank, *k.prepared.index_text)
        for number, k in new.items()
    ]
    text_index.insert(c, texts)
    matches = (
        (placed[keys[number]].id, m)
        for number, k in new.items()
        for m in k.prepared.reading.matches
    )
    insert_matches(c, matches)
    concept_places.insert(c, [_concepts(k, placed[keys[n]]) for n, k in new.items()])
    ids = {number: placed[key].id for number, key in keys.items()}
    _place(c, {ids[number]: keeping for number, keeping in new.items()})
    return ids


def _place(c: Connection, kept: Mapping[int, ArticleToKeep]) -> None:
    """Give each article its place among the stories."""
    articles = {
        article_id: told(k.prepared.reading.article, k.prepared.copy_keys)
        for article_id, k in kept.items()
    }
    now = max(keeping.kept_at for keeping in kept.values())
    placing.place(c, articles, now)


def _store(c: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    c.execute(statements.insert_snapshot(c.dialect.name), rows)


def _key(keeping: ArticleToKeep) -> str:
    return keeping.prepared.reading.article.url_key


def _snapshot(sighting: Sighting, snapshot: Snapshot) -> dict[str, Any]:
    headers = [list(pair) for pair in snapshot.headers]
    return row_of(snapshot) | {"sighting_id": sighting.id, "headers": headers}


def _row(keeping: ArticleToKeep) -> dict[str, Any]:
    article = keeping.prepared.reading.article
    low, high = _ranks(article.published.at if article.published else article.first_seen_at)
    return columns(keeping.prepared.reading) | {
        "kept_at": keeping.kept_at,
        "low": low,
        "high": high,
    }


def _ranks(at: datetime) -> tuple[int, int]:
    """The ranks of this moment's minute, [low, high): a rank is the minute, then a sequence
    number.
    """
    low = (int(at.timestamp()) // 60) << SEQUENCE_BITS
    return low, low + (1 << SEQUENCE_BITS)


def _concepts(keeping: ArticleToKeep, placed: Any) -> concept_places.ArticleConcepts:
    prepared = keeping.prepared
    source = prepared.reading.article.source
    return concept_places.ArticleConcepts(placed.id, placed.rank, source, prepared.concepts)


def _judged(match: Match) -> dict[str, Any]:
    return {
        "version": match.version,
        "score": match.score,
        "mentions": [row_of(mention) for mention in match.mentions],
        "taken_away": [row_of(mention) for mention in match.taken_away],
        "themes": list(match.themes),
        "actors": [row_of(actor) for actor in match.actors],
        "doubtful": list(match.doubtful),
        "evidence": [row_of(line) for line in match.evidence],
    }


def _settled(keeping: ArticleToKeep, article_id: int) -> dict[str, Any]:
    reading = keeping.prepared.reading
    return {
        "sighting": keeping.sighting.id,
        "fate": reading.fate,
        "reason": _BROKEN_BY.get(reading.article.extraction, ""),
        "detail": "",
        "settled_at": keeping.kept_at,
        "next_try_at": None,
        "attempts": keeping.sighting.attempts + 1,
        "article_id": article_id,
    }
