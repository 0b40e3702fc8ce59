"""Pages that were read, written: snapshot, article, matches, row in the full-text index, fate.

Pages come in bursts and are written as one batch: a statement a table, not one a table and page.
A statement costs more in Python than in SQLite, and while pages are written others are fetched by
the same interpreter. All of it happens within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler import snapshots
from crawler.languages import index_text
from crawler.model import Article, Match, Page, Reading, Sighting, Snapshot
from crawler.model.article import ArticleToKeep
from storage import statements
from storage.statements import row_of

SEQUENCE_BITS = 20  # of a rank: a million articles a minute before two minutes could touch
_PLAIN = tuple(
    n for n in Article.__dataclass_fields__ if n not in ("published", "authors", "oddities")
)


def save(c: Connection, keepings: Sequence[ArticleToKeep]) -> list[int]:
    """The articles' ids, in the order given; of those of one address the first is kept.

    An article that is there already stays as it is: the sighting then points to it.
    """
    _store(c, [_snapshot(k.sighting, k.page, k.reading.snapshot) for k in keepings])
    ids = _known(c, keepings)
    new: dict[str, ArticleToKeep] = {}
    for keeping in keepings:
        if (key := keeping.reading.article.url_key) not in ids:
            new.setdefault(key, keeping)
    ids.update(_insert(c, new))
    found = [ids[k.reading.article.url_key] for k in keepings]
    c.execute(statements.SETTLE, [_settled(k, n) for k, n in zip(keepings, found, strict=True)])
    return found


def store(c: Connection, sighting: Sighting, page: Page) -> None:
    """Write one page's bytes; another page of the sighting is replaced."""
    _store(c, [_snapshot(sighting, page, None)])


def insert_text(c: Connection, reading: Reading, rank: int) -> None:
    """Write one article's row in the full-text index."""
    c.execute(statements.INSERT_TEXT, _text(reading, rank))


def insert_matches(c: Connection, matches: Iterable[tuple[int, Match]]) -> None:
    """Write each (article id, match) with its labels."""
    rows: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for article_id, match in matches:
        whose = {"article_id": article_id, "topic": match.topic}
        rows.append(whose | _judged(match))
        labels += [
            whose | {"label": label, "place": place, "score": match.score[label]}
            for place, label in enumerate(match.labels)
        ]
    if rows:
        c.execute(statements.INSERT_MATCH, rows)
    if labels:
        c.execute(statements.INSERT_LABEL, labels)


def free_rank(c: Connection, at: datetime) -> int:
    """A rank not yet taken in this moment's minute."""
    low, high = _ranks(at)
    return int(c.execute(sa.select(statements.NEXT_RANK), {"low": low, "high": high}).scalar_one())


def columns(reading: Reading) -> dict[str, Any]:
    """A reading as the columns of its article's row; ``kept_at`` and ``rank`` are the archive's."""
    article, published = reading.article, reading.article.published
    row = {name: getattr(article, name) for name in _PLAIN}
    return row | {
        "authors": list(article.authors),
        "oddities": list(article.oddities),
        "published_at": published.at if published else None,
        "published_source": published.source if published else None,
        "published_confidence": published.confidence if published else None,
        "published_printed": published.printed if published else None,
        "published_has_time": published.has_time if published else None,
        "fingerprint": reading.fingerprint,
    }


def _insert(c: Connection, new: Mapping[str, ArticleToKeep]) -> dict[str, int]:
    """Write the articles of these address keys; the id of each."""
    if not new:
        return {}
    c.execute(statements.INSERT_ARTICLE, [_row(keeping) for keeping in new.values()])
    placed = {row.url_key: row for row in c.execute(statements.PLACED, {"keys": list(new)})}
    texts = [_text(keeping.reading, placed[key].rank) for key, keeping in new.items()]
    c.execute(statements.INSERT_TEXT, texts)
    insert_matches(
        c, ((placed[key].id, match) for key, k in new.items() for match in k.reading.matches)
    )
    return {key: row.id for key, row in placed.items()}


def _known(c: Connection, keepings: Sequence[ArticleToKeep]) -> dict[str, int]:
    keys = list(dict.fromkeys(k.reading.article.url_key for k in keepings))
    return {row.url_key: row.id for row in c.execute(statements.PLACED, {"keys": keys})}


def _store(c: Connection, rows: Sequence[dict[str, Any]]) -> None:
    c.execute(statements.insert_snapshot(c.dialect.name), rows)


def _snapshot(sighting: Sighting, page: Page, packed: Snapshot | None) -> dict[str, Any]:
    packed = packed or snapshots.compress(page.body)
    return {
        "sighting_id": sighting.id,
        "url": page.url,
        "fetched_at": page.fetched_at,
        "status": page.status,
        "headers": [list(pair) for pair in page.headers],
        "body": packed.body,
        "size": packed.size,
    }


def _row(keeping: ArticleToKeep) -> dict[str, Any]:
    article = keeping.reading.article
    low, high = _ranks(article.published.at if article.published else article.first_seen_at)
    return columns(keeping.reading) | {"kept_at": keeping.kept_at, "low": low, "high": high}


def _ranks(at: datetime) -> tuple[int, int]:
    """Time order in one number, the minute and then a sequence within it: from where to where."""
    low = (int(at.timestamp()) // 60) << SEQUENCE_BITS
    return low, low + (1 << SEQUENCE_BITS)


def _text(reading: Reading, rank: int) -> dict[str, Any]:
    headline, text = reading.shadow or index_text.index_text(reading.article)
    return {"rank": rank, "headline": headline, "body": text}


def _judged(match: Match) -> dict[str, Any]:
    return {
        "version": match.version,
        "score": match.score,
        "mentions": [row_of(mention) for mention in match.mentions],
        "taken_away": [row_of(mention) for mention in match.taken_away],
        "themes": list(match.themes),
        "actors": [row_of(actor) for actor in match.actors],
        "doubtful": list(match.doubtful),
    }


def _settled(keeping: ArticleToKeep, article_id: int) -> dict[str, Any]:
    fate = keeping.reading.fate
    return {
        "sighting": keeping.sighting.id,
        "fate": fate,
        "reason": "" if fate == "kept" else keeping.reading.article.extraction,
        "settled_at": keeping.kept_at,
        "next_try_at": None,
        "attempts": keeping.sighting.attempts + 1,
        "article_id": article_id,
    }
