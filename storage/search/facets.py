"""Answers counted by source, language and time, and by what topics say of them.

One statement counts everything: what a plan finds is found once, and looked at in an index; no
article's text is read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import Facet, FacetName, Histogram
from storage import tables as t
from storage.search.plan import RANKS_A_MINUTE

MAX_DAYS = 92  # in a histogram by day: three months
_RANKS_A_DAY = 24 * 60 * RANKS_A_MINUTE
_DAYS_BEFORE_1970 = 1 << 20  # more than the calendar has: both databases round quotients up below 0
_ROLE_AND_SIDE = t.match_actors.c.role + " (" + t.match_actors.c.side + ")"
_SAID_BY_TOPICS: Mapping[FacetName, tuple[sa.Table, sa.ColumnElement[str]]] = {
    "label": (t.match_labels, t.match_labels.c.label),
    "theme": (t.match_themes, t.match_themes.c.theme),
    "actor": (t.match_actors, t.match_actors.c.name),
    "institution": (t.match_actors, _ROLE_AND_SIDE),
}
_NONE = ""  # the row of a kind that counts the articles with any value
_Counts = Mapping[str, Counter[str]]


def columns() -> tuple[sa.ColumnElement[Any], ...]:
    """What is counted of an article's own row; ``ix_articles_rank_facets`` has it."""
    a = t.articles.c
    from_the_first = a.rank + _DAYS_BEFORE_1970 * _RANKS_A_DAY
    day = from_the_first // sa.literal_column(str(_RANKS_A_DAY), sa.BigInteger)
    return a.id, a.source, a.language, day.label("day")


def count(
    c: Connection, found: sa.Select[Any], countries: Mapping[str, str]
) -> tuple[int, tuple[Facet, ...], Histogram]:
    """How many articles are found, their facets, and their histogram.

    ``found`` selects ``columns()``, each article once; ``countries`` are by source.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in c.execute(_statement(found)):
        counts[row.kind][str(row.value)] += row.articles
    days = {_day(int(number)): articles for number, articles in counts["day"].items()}
    months: Counter[str] = Counter()
    for day, articles in days.items():
        months[day[:7]] += articles
    total = counts["source"].total()
    of_rows: Mapping[FacetName, Counter[str]] = {
        "source": counts["source"],
        "country": _by_country(counts["source"], countries),
        "language": counts["language"],
        "month": months,
    }
    found_by = {name: _single(name, by, total) for name, by in of_rows.items()}
    found_by |= {name: _multiple(name, counts[name], total) for name in _SAID_BY_TOPICS}
    facets = tuple(found_by[name] for name in get_args(FacetName))
    return total, facets, _histogram(days, months)


def of_ids(ids: Sequence[int], dialect: str) -> sa.Select[Any]:
    """What ``count`` takes, of the articles with these ids: any number of them."""
    listed = sa.text(
        "SELECT value FROM json_each(:ids)"
        if dialect == "sqlite"
        else "SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json))"
    )
    given = listed.bindparams(ids=json.dumps(list(ids))).columns(sa.column("value", sa.BigInteger))
    return sa.select(*columns()).where(t.articles.c.id.in_(given))


def _statement(found: sa.Select[Any]) -> sa.CompoundSelect[Any]:
    """Rows (kind, value, articles); what topics say has also a row for articles with any value."""
    all_found = found.cte("found")
    f = all_found.c
    of_rows = [_rows(kind, f[kind], sa.func.count()) for kind in ("source", "language", "day")]
    told = sa.exists().select_from(t.matches).where(t.matches.c.article_id == f.id)
    judged = sa.select(f.id).where(told).cte("judged")
    return sa.union_all(*of_rows, *_of_topics(judged))


def _of_topics(judged: sa.CTE) -> Iterator[sa.Select[Any]]:
    for kind, (table, value) in _SAID_BY_TOPICS.items():
        number = sa.func.count(judged.c.id.distinct())
        said = judged.c.id == table.c.article_id
        yield _rows(kind, value, number).join_from(judged, table, said)
        with_any: Any = sa.select(sa.literal(kind), sa.literal(_NONE), number)
        yield with_any.join_from(judged, table, said)


def _rows(kind: str, value: Any, number: Any) -> sa.Select[Any]:
    return sa.select(
        sa.literal(kind).label("kind"),
        sa.cast(value, sa.Text).label("value"),
        number.label("articles"),
    ).group_by(value)


def _by_country(sources: Counter[str], countries: Mapping[str, str]) -> Counter[str]:
    """Articles by the country of their source; "" for sources that the seeds don't have."""
    found: Counter[str] = Counter()
    for source, articles in sources.items():
        found[countries.get(source, _NONE)] += articles
    return found


def _single(name: FacetName, by: Counter[str], total: int) -> Facet:
    without = by[_NONE]
    return Facet(name=name, values=_sorted(by), articles=total - without, without=without)


def _multiple(name: FacetName, by: Counter[str], total: int) -> Facet:
    return Facet(name=name, values=_sorted(by), articles=by[_NONE], without=total - by[_NONE])


def _sorted(by: Counter[str]) -> tuple[tuple[str, int], ...]:
    found: Iterable[tuple[str, int]] = ((v, n) for v, n in by.items() if v != _NONE)
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _histogram(days: Mapping[str, int], months: Mapping[str, int]) -> Histogram:
    first, last = min(days, default=""), max(days, default="")
    span = date.fromisoformat(last) - date.fromisoformat(first) if days else timedelta()
    if span.days < MAX_DAYS:
        return Histogram(unit="day", bars=tuple(sorted(days.items())))
    return Histogram(unit="month", bars=tuple(sorted(months.items())))


def _day(number: int) -> str:
    """The date of a number of days since 1970, which ``columns`` gives."""
    return (date(1970, 1, 1) + timedelta(days=number - _DAYS_BEFORE_1970)).isoformat()
