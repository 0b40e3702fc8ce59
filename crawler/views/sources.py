"""What ``rasd sources`` says: plain data first (that is ``--json``), then the same for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.discovery.probe import format_period
from crawler.model import Probe, Source, sentence
from crawler.seeds import scaffold

if TYPE_CHECKING:
    from crawler.app import App

Row = dict[str, Any]
_STYLES = {"ok": "", "empty": "yellow", "not_a_feed": "red", "blocked": "red", "failed": "red"}


def listed(app: App, country: str | None) -> list[Row]:
    """The sources of a country or all, each with its last outcome, its articles and open findings."""
    chosen = [s for s in app.sources.values() if country is None or s.country == country.upper()]
    wrong: dict[str, list[str]] = {}
    for finding in app.coverage.findings():
        wrong.setdefault(finding.source, []).append(finding.kind)
    health = {h.source: h for h in app.archive.health([s.slug for s in chosen])}
    return [
        {
            "source": s.slug,
            "name": s.name,
            "country": s.country,
            "languages": list(s.languages),
            "kinds": [feed.kind for feed in s.feeds],
            "articles_per_day": s.articles_per_day,
            "last_outcome": health[s.slug].last_outcome,
            "articles": health[s.slug].articles,
            "findings": wrong.get(s.slug, []),
        }
        for s in chosen
    ]


def listed_table(rows: list[Row]) -> RenderableType:
    """``listed`` for a terminal."""
    table = _table("source", "name", "country", "languages", "kinds", "articles", "last poll")
    for row in rows:
        last = row["last_outcome"] or "never polled"
        table.add_row(
            row["source"],
            row["name"],
            row["country"],
            " ".join(row["languages"]),
            " ".join(row["kinds"]),
            str(row["articles"]),
            Text(", ".join([last, *row["findings"]]), style="red" if row["findings"] else ""),
        )
    return Group(table, Text(f"\n{len(rows)} sources"))


def shown(app: App, source: Source) -> Row:
    """One source: what its seed file says, what the archive knows of each feed, the last probes."""
    (health,) = app.archive.health([source.slug])
    probes = {probe.feed: probed(probe) for probe in app.probes.latest(source.slug)}
    feeds = []
    for feed in source.feeds:
        state = app.archive.feed_state(source.slug, feed.url)
        feeds.append(
            {
                "url": feed.url,
                "kind": feed.kind,
                "every_seconds": feed.every_seconds,
                "last_outcome": state.last_outcome,
                "last_poll_at": _iso(state.last_poll_at),
                "last_success_at": _iso(state.last_success_at),
                "next_poll_at": _iso(state.next_poll_at),
                "failures": state.failures,
                "probe": probes.get(feed.url),
            }
        )
    return {
        "source": source.slug,
        "name": source.name,
        "names": dict(source.names),
        "home": source.home,
        "country": source.country,
        "languages": list(source.languages),
        "timezone": source.timezone,
        "hosts": list(source.hosts),
        "articles_per_day": source.articles_per_day,
        "stale_after_hours": source.stale_after_hours,
        "articles": health.articles,
        "feeds": feeds,
        "findings": [
            {"kind": f.kind, "since": _iso(f.opened_at), "proof": f.proof}
            for f in app.coverage.findings()
            if f.source == source.slug
        ],
    }


def shown_text(row: Row) -> RenderableType:
    """``shown`` for a terminal."""
    names = " · ".join([row["name"], *row["names"].values()])
    expected = [f"{row['articles']} articles kept"]
    if row["articles_per_day"] is not None:
        expected.append(f"{row['articles_per_day']} expected a day")
    if row["stale_after_hours"] is not None:
        expected.append(f"stale after {row['stale_after_hours']} h")
    lines = [
        Text(names, style="bold"),
        Text(
            f"{row['source']} · {row['country']} · {' '.join(row['languages'])} · {row['timezone']} · {row['home']}"
        ),
        Text(" · ".join(expected)),
    ]
    for feed in row["feeds"]:
        lines.append(Text(f"\n{feed['kind']}  {feed['url']}", style="cyan"))
        last = feed["last_outcome"] or "never polled"
        every = scaffold.format_duration(feed["every_seconds"])
        lines.append(
            Text(
                f"  {last} {_short(feed['last_poll_at'])} · next {_short(feed['next_poll_at'])} · every {every}"
            )
        )
        if feed["probe"]:
            lines += _probe_lines(feed["probe"])
    for finding in row["findings"]:
        lines.append(
            Text(
                f"\n{finding['kind']} since {_short(finding['since'])}: {finding['proof']}",
                style="red",
            )
        )
    return Group(*lines)


def probed(probe: Probe) -> Row:
    """One probe as data."""
    return {
        "source": probe.source,
        "feed": probe.feed,
        "kind": probe.kind,
        "probed_at": _iso(probe.probed_at),
        "outcome": probe.outcome,
        "status": probe.status,
        "format": probe.format,
        "entries": probe.entries,
        "dated": probe.dated,
        "newest_at": _iso(probe.newest_at),
        "window_seconds": probe.window_seconds,
        "moved_to": probe.moved_to,
        "reason": probe.reason,
        "detail": sentence(probe.reason, probe.detail),
        "suggestions": list(probe.suggestions),
    }


def probed_table(rows: Sequence[Row]) -> RenderableType:
    """Probes for a terminal: a line each, the suggestions below."""
    table = _table("source", "outcome", "status", "format", "entries", "newest", "window", "feed")
    for row in rows:
        table.add_row(
            row["source"],
            Text(row["outcome"], style=_STYLES[row["outcome"]]),
            str(row["status"] or "–"),
            row["format"] or "–",
            str(row["entries"]),
            _short(row["newest_at"]),
            _window(row["window_seconds"]),
            f"{row['kind']} {_place(row['feed'])}",
        )
    advice = [
        Text(f"{row['source']}: {said}  ({row['feed']})", style="yellow")
        for row in rows
        for said in _advice(row)
    ]
    answered = sum(row["outcome"] == "ok" for row in rows)
    return Group(
        table,
        *([Text(), *advice] if advice else []),
        Text(f"\n{answered} of {len(rows)} feeds answered"),
    )


def _advice(row: Row) -> Iterable[str]:
    if row["detail"]:
        yield row["detail"]
    yield from row["suggestions"]


def _probe_lines(row: Row) -> list[Text]:
    said = f"  probed {_short(row['probed_at'])}: {row['outcome']}"
    if row["format"]:
        said += f", {row['format']}, {row['entries']} entries over {_window(row['window_seconds'])}"
    return [
        Text(said, style=_STYLES[row["outcome"]]),
        *(Text(f"  → {s}", style="yellow") for s in _advice(row)),
    ]


def _place(feed: str) -> str:
    """A feed's address without its host, which the source says already."""
    parts = urlsplit(feed)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(
            name, justify="right" if name in ("articles", "entries") else "left", overflow="fold"
        )
    return table


def _window(seconds: int | None) -> str:
    return "–" if seconds is None else format_period(timedelta(seconds=seconds))


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _short(iso: str | None) -> str:
    return iso[:16].replace("T", " ") if iso else "–"
