"""What filters and metadata of a query mean in SQL: exact plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa

from crawler import query
from crawler.model import SearchFilters
from storage import tables as t
from storage.search.plan import RANKS_A_MINUTE, Condition, Plan, is_whole_minute, rank_of
from storage.watchlist import watched


def of_filters(filters: SearchFilters) -> list[Plan]:
    """The plans of the filters that limit something; an article has to satisfy all of them."""
    a = t.articles.c
    plans = [*since(filters.since), *until(filters.until)]
    if filters.kept_since is not None:
        plans.append(_where(a.kept_at >= filters.kept_since))
    if filters.kept_until is not None:
        plans.append(_where(a.kept_at < filters.kept_until))
    if filters.sources:
        plans.append(_where(a.source.in_(filters.sources)))
    if filters.languages:
        plans.append(_where(a.language.in_(filters.languages)))
    if filters.topic is not None or filters.label is not None:
        plans.append(_where(labelled(filters.topic, filters.label)))
    return plans


def as_query(filters: SearchFilters) -> query.Query | None:
    """The filters that are those of a query, too; None if they limit nothing."""
    named: tuple[tuple[query.FilterName, str | None], ...] = (
        ("theme", filters.theme),
        ("actor", filters.actor),
        ("side", filters.side),
    )
    parts = tuple(query.Filter(name, value) for name, value in named if value is not None)
    return query.And(parts) if parts else None


def of_filter(asked: query.Filter, countries: Mapping[str, str]) -> Plan:
    """The plan of a filter in a query; ``countries`` are by source."""
    a, value = t.articles.c, asked.value
    match asked.name:
        case "source":
            return _where(a.source == value)
        case "country":
            slugs = [slug for slug, country in countries.items() if country == value]
            return _where(a.source.in_(slugs))
        case "lang":
            return _where(a.language == value)
        case "label":
            topic, _, label = value.rpartition("/")
            return _where(labelled(topic or None, label))
        case "theme":
            topic, _, theme = value.rpartition("/")
            m = t.match_themes.c
            given = (m.theme == theme, *((m.topic == topic,) if topic else ()))
            return _said(t.match_themes, *given)
        case "actor":
            return _said(t.match_actors, t.match_actors.c.name == value)
        case "side":
            return _said(t.match_actors, t.match_actors.c.side.in_(query.side_names(value)))
        case "after":
            return Plan(low=rank_of(_midnight(value)))
        case "before":
            return Plan(high=rank_of(_midnight(value)))


def since(at: datetime | None) -> list[Plan]:
    """The articles of this moment and later; none if there is no limit."""
    if at is None:
        return []
    where = () if is_whole_minute(at) else (_moment() >= at,)
    return [Plan(low=rank_of(at), where=where)]


def until(at: datetime | None) -> list[Plan]:
    """The articles before this moment; none if there is no limit."""
    if at is None:
        return []
    if is_whole_minute(at):
        return [Plan(high=rank_of(at))]
    return [Plan(high=rank_of(at) + RANKS_A_MINUTE, where=(_moment() < at,))]


def labelled(topic: str | None, label: str | None) -> Condition:
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


def _said(table: sa.Table, *conditions: Condition) -> Plan:
    """The articles of which a topic says this."""
    return _where(t.articles.c.id.in_(sa.select(table.c.article_id).where(*conditions)))


def _where(condition: Condition) -> Plan:
    return Plan(where=(condition,))


def _moment() -> sa.ColumnElement[Any]:
    a = t.articles.c
    return sa.func.coalesce(a.published_at, a.first_seen_at, type_=a.published_at.type)


def _midnight(day: str) -> datetime:
    return datetime.combine(query.parse_day(day), time(), UTC)
