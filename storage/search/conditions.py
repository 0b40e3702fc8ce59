"""What filters and metadata of a query mean in SQL: conditions on ``articles``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crawler import query
from crawler.model import SearchFilters
from storage import tables as t
from storage.watchlist import watched

Conditions = list[sa.ColumnElement[bool]]


def conditions(filters: SearchFilters) -> Conditions:
    """The conditions on articles that these filters set; none for those that limit nothing."""
    a = t.articles.c
    where: Conditions = []
    if filters.since is not None:
        where.append(moment() >= filters.since)
    if filters.until is not None:
        where.append(moment() < filters.until)
    if filters.kept_since is not None:
        where.append(a.kept_at >= filters.kept_since)
    if filters.kept_until is not None:
        where.append(a.kept_at < filters.kept_until)
    if filters.sources:
        where.append(a.source.in_(filters.sources))
    if filters.languages:
        where.append(a.language.in_(filters.languages))
    if filters.topic is not None or filters.label is not None:
        where.append(labelled(filters.topic, filters.label))
    return where


def moment() -> sa.ColumnElement[Any]:
    """An article's time, as a column: its publication or, without one, its first sight."""
    a = t.articles.c
    return sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)


def labelled(topic: str | None, label: str | None) -> sa.ColumnElement[bool]:
    """The condition of having this label of this topic; None: any. ``doubtful`` is the watch
    list."""
    if label == query.WATCH_LABEL:
        return watched([topic] if topic else None)
    m = t.match_labels.c
    ids: Any = sa.select(m.article_id)
    if topic is not None:
        ids = ids.where(m.topic == topic)
    if label is not None:
        ids = ids.where(m.label == label)
    return t.articles.c.id.in_(ids)
