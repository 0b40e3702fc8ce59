"""Views of the archive for people who open it with other tools: Datasette, DuckDB, ``sqlite3``.

They are no part of the tables and hold nothing of their own, so no migration has to know them:
``migrations.upgrade`` drops them before the first of its versions and creates them anew after the
last, since SQLite can't rebuild a table that a view reads, nor PostgreSQL change its columns. A
view that is changed here needs a new, empty version that repeats ``DIGEST``: only then do existing
archives get it.

Times are ISO 8601 in UTC to the second on SQLite, as in JSON, and ``timestamptz`` on PostgreSQL.
``docs/how-to/open-the-archive.md`` describes every column; names and meanings stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

_AROUND = 80  # characters of an excerpt on each side of the words
_TEXTS = ("headline", "lead", "summary", "body")  # columns that are fields of an article


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    """What the two databases write in different ways."""

    at: Callable[[str], str]  # a column of a time → the time as the view gives it
    seconds: Callable[[str, str], str]  # between two columns of times
    elements: Callable[[str], str]  # a column with a JSON list → a FROM clause of them as ``e``
    part: Callable[[str], str]  # a key of ``e``'s object, as text
    word: str  # ``e`` itself, if it is a text
    of_key: Callable[[str, str], str]  # a number in a JSON object, by key
    as_list: Callable[[str], str]  # rows (label, topic, place) of a query → a JSON list of labels
    most: str  # the greater of two numbers


def _text(expression: str) -> str:
    """Of a stated type: DuckDB and others believe what a view declares."""
    return f"CAST({expression} AS text)"


def _integer(expression: str) -> str:
    return f"CAST({expression} AS integer)"


def _real(expression: str) -> str:
    return f"CAST({expression} AS double precision)"


_SQLITE = _Dialect(
    at=lambda column: _text(f"replace(substr({column}, 1, 19), ' ', 'T') || '+00:00'"),
    seconds=lambda a, b: _real(f"round((julianday({b}) - julianday({a})) * 86400, 1)"),
    elements=lambda column: f", json_each({column}) AS e",
    part=lambda key: f"json_extract(e.value, '$.{key}')",
    word="e.value",
    of_key=lambda column, key: (
        f"(SELECT s.value FROM json_each({column}) AS s WHERE s.key = {key})"
    ),
    as_list=lambda rows: _text(
        f"(SELECT json_group_array(label) FROM ({rows} ORDER BY l.topic, l.place))"
    ),
    most="max",
)
_POSTGRES = _Dialect(
    at=lambda column: column,
    seconds=lambda a, b: _real(f"round(extract(epoch FROM {b} - {a})::numeric, 1)"),
    elements=lambda column: f" CROSS JOIN LATERAL json_array_elements({column}) AS e(value)",
    part=lambda key: f"e.value ->> '{key}'",
    word="e.value #>> '{}'",
    of_key=lambda column, key: f"({column} ->> ({key}))",
    as_list=lambda rows: (
        f"coalesce((SELECT json_agg(label ORDER BY topic, place) FROM ({rows}) AS l), '[]')"
    ),
    most="greatest",
)

_LABELS = (  # each label of an article where its first topic gives it
    "SELECT l.label, l.topic, l.place FROM match_labels AS l WHERE l.article_id = a.id"
    " AND NOT EXISTS (SELECT 1 FROM match_labels AS f WHERE f.article_id = l.article_id"
    " AND f.label = l.label AND f.topic < l.topic)"
)

_TOP_SCORE = "(SELECT max(l.score) FROM match_labels AS l WHERE l.article_id = a.id)"


def create(c: Connection) -> None:
    """Create all views; their tables have the columns of today."""
    for name, query in queries(c.dialect.name).items():
        c.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop(c: Connection) -> None:
    """Drop those views that are there."""
    for name in queries(c.dialect.name):
        c.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def queries(dialect: str) -> Mapping[str, str]:
    """Each view's name and query in SQL; ``dialect`` is ``sqlite`` or ``postgresql``."""
    d = _SQLITE if dialect == "sqlite" else _POSTGRES
    return {
        "v_articles": _articles(d),
        "v_labels": _labels(d),
        "v_doubtful": _doubtful(d),
        "v_mentions": _mentions(d),
        "v_evidence": _evidence(d),
        "v_sources": _sources(d),
        "v_polls": _polls(d),
        "v_gaps": _gaps(d),
    }


def digest() -> str:
    """Of all views on both databases: another one is another definition."""
    of = [*queries("sqlite").items(), *queries("postgresql").items()]
    return hashlib.sha256(repr(of).encode()).hexdigest()[:16]


def _articles(d: _Dialect) -> str:
    return (
        "SELECT a.id, a.headline, a.url, a.source, a.language,"
        f" {d.at('a.published_at')} AS published_at, a.published_source AS published_from,"
        " a.published_printed, a.published_confidence, a.published_has_time,"
        f" {d.at('a.first_seen_at')} AS first_seen_at, {d.at('a.kept_at')} AS kept_at,"
        f" {d.as_list(_LABELS)} AS labels,"
        f" {_real(_TOP_SCORE)} AS top_score,"
        " a.lead, a.body, a.summary, a.authors, a.section, a.image, a.canonical_url,"
        f" {d.at('a.modified_at')} AS modified_at, a.extraction, a.reader, a.oddities"
        " FROM articles AS a"
    )


def _heading(d: _Dialect) -> str:
    """The columns with which every view of labels and proof begins."""
    return (
        "SELECT a.id AS article_id, a.headline, a.url, a.source, a.language,"
        f" {d.at('a.published_at')} AS published_at, {d.at('a.first_seen_at')} AS first_seen_at,"
        " m.topic"
    )


_FROM_MATCHES = "FROM matches AS m JOIN articles AS a ON a.id = m.article_id"


def _labels(d: _Dialect) -> str:
    return (
        f"{_heading(d)}, l.label, l.score, m.version {_FROM_MATCHES}"
        " JOIN match_labels AS l ON l.article_id = m.article_id AND l.topic = m.topic"
    )


def _doubtful(d: _Dialect) -> str:
    return (
        f"{_heading(d)}, {_text(d.word)} AS label,"
        f" {_real(d.of_key('m.score', d.word))} AS score, m.version"
        f" {_FROM_MATCHES}{d.elements('m.doubtful')}"
    )


def _mentions(d: _Dialect) -> str:
    return (
        f"{_heading(d)}, {_text(d.part('concept'))} AS concept, {_text(d.part('term'))} AS term,"
        f" {_text(d.part('text'))} AS words, {_place(d)}"
        f" {_FROM_MATCHES}{d.elements('m.mentions')}"
    )


def _evidence(d: _Dialect) -> str:
    return (
        f"{_heading(d)}, {_text(d.part('label'))} AS label, {_text(d.part('name'))} AS name,"
        f" {_integer(d.part('points'))} AS points, {_place(d)}"
        f" {_FROM_MATCHES}{d.elements('m.evidence')}"
    )


def _place(d: _Dialect) -> str:
    """Where something stands in an article: field, offsets, and the text around it."""
    field = d.part("field")
    start, end = (
        f"CASE WHEN {field} <> '' THEN {_integer(d.part(key))} END" for key in ("start", "end")
    )
    text = " ".join(f"WHEN '{name}' THEN a.{name}" for name in _TEXTS)
    begin = f"{d.most}({start} - {_AROUND}, 0)"
    excerpt = f"substr(CASE {field} {text} END, {begin} + 1, {end} - {begin} + {_AROUND})"
    where = _text(f"nullif({field}, '')")
    return (
        f"{where} AS field, {_integer(start)} AS starts,"
        f" {_integer(end)} AS ends, {_text(excerpt)} AS excerpt"
    )


def _sources(d: _Dialect) -> str:
    def count(table: str, which: str = "") -> str:
        return _integer(f"(SELECT count(*) FROM {table} AS x WHERE x.source = s.source{which})")

    def newest(table: str, column: str) -> str:
        return d.at(f"(SELECT max(x.{column}) FROM {table} AS x WHERE x.source = s.source)")

    is_flagged = " AND x.id IN (SELECT article_id FROM match_labels)"
    is_open = " AND x.closed_at IS NULL"
    return (
        f"SELECT s.source, {count('feeds')} AS feeds, {count('articles')} AS articles,"
        f" {count('articles', is_flagged)} AS flagged,"
        f" {newest('articles', 'first_seen_at')} AS newest_article_at,"
        f" {newest('feeds', 'last_poll_at')} AS last_poll_at,"
        f" {newest('feeds', 'last_success_at')} AS last_success_at,"
        f" {count('gaps', is_open)} AS open_gaps, {count('findings', is_open)} AS open_findings"
        " FROM (SELECT source FROM feeds UNION SELECT source FROM articles) AS s"
    )


def _polls(d: _Dialect) -> str:
    return (
        f"SELECT id, source, feed, {d.at('started_at')} AS started_at,"
        f" {d.at('ended_at')} AS ended_at, {d.seconds('started_at', 'ended_at')} AS seconds,"
        " outcome, entries, unusable, seen, known, new, queued, kept, rejected, failed,"
        " quarantined, gone, flagged, retried, overflow, reason, detail FROM polls"
    )


def _gaps(d: _Dialect) -> str:
    return (
        f"SELECT id, source, feed, {d.at('from_at')} AS from_at, {d.at('to_at')} AS to_at, reason,"
        f" {d.at('opened_at')} AS opened_at, {d.at('closed_at')} AS closed_at, closed_by, found,"
        " missing_at_least, missing_estimate, estimate_low, estimate_high FROM gaps"
    )
