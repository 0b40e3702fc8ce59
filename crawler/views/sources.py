"""``rasd sources``: what is watched, and whether it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.text import Text

from crawler.discovery.probe import format_period
from crawler.model import Finding, Probe, Source, SourceHealth, sentence
from crawler.seeds import scaffold
from crawler.views import fields, terminal
from crawler.views.fields import JsonRow, iso, short

if TYPE_CHECKING:
    from crawler.app import App

_STYLES = {"ok": "", "empty": "yellow", "not_a_feed": "red", "blocked": "red", "failed": "red"}


# ── as data ───────────────────────────────────────────────────────────────────────────────────


def source_rows(app: App, country: str | None) -> list[JsonRow]:
    """The sources of a country, or all if None, each with last outcome, articles and findings."""
    listed = app.seeds.sources.values()
    chosen = [s for s in listed if country is None or s.country == country.upper()]
    health = {one.source: one for one in app.archive.health([s.slug for s in chosen])}
    findings = app.coverage.findings()
    return [_listed_row(source, health[source.slug], findings) for source in chosen]


def _listed_row(source: Source, health: SourceHealth, findings: Sequence[Finding]) -> JsonRow:
    return _source_facts(source) | {
        "kinds": [feed.kind for feed in source.feeds],
        "last_outcome": health.last_outcome,
        "articles": health.articles,
        "findings": [finding.kind for finding in findings if finding.source == source.slug],
    }


def _source_facts(source: Source) -> JsonRow:
    return {
        "source": source.slug,
        "name": source.name,
        "country": source.country,
        "languages": list(source.languages),
        "articles_per_day": source.articles_per_day,
    }


def source_row(app: App, source: Source) -> JsonRow:
    """One source: its seed file, its feeds with their state and last probe, its open findings."""
    (health,) = app.archive.health([source.slug])
    findings = [one for one in app.coverage.findings() if one.source == source.slug]
    return _source_facts(source) | {
        "names": dict(source.names),
        "home": source.home,
        "timezone": source.timezone,
        "hosts": list(source.hosts),
        "stale_after_hours": source.stale_after_hours,
        "articles": health.articles,
        "feeds": _feed_rows(app, source),
        "findings": [fields.finding_row(finding) for finding in findings],
    }


def _feed_rows(app: App, source: Source) -> list[JsonRow]:
    probes = {probe.feed: probe_row(probe) for probe in app.probes.latest(source.slug)}
    rows = []
    for feed in source.feeds:
        state = app.archive.feed_state(source.slug, feed.url)
        rows.append(
            {
                "url": feed.url,
                "kind": feed.kind,
                "every_seconds": feed.every_seconds,
                "last_outcome": state.last_outcome,
                "last_poll_at": iso(state.last_poll_at),
                "last_success_at": iso(state.last_success_at),
                "next_poll_at": iso(state.next_poll_at),
                "failures": state.failures,
                "probe": probes.get(feed.url),
            }
        )
    return rows


def probe_row(probe: Probe) -> JsonRow:
    """One probe as data; ``status`` is null if no answer came, ``window_seconds`` if undated."""
    return {
        "source": probe.source,
        "feed": probe.feed,
        "kind": probe.kind,
        "probed_at": iso(probe.probed_at),
        "outcome": probe.outcome,
        "status": probe.status,
        "format": probe.format,
        "entries": probe.entries,
        "dated": probe.dated,
        "newest_at": iso(probe.newest_at),
        "window_seconds": probe.window_seconds,
        "moved_to": probe.moved_to,
        "reason": probe.reason,
        "detail": sentence(probe.reason, probe.detail),
        "suggestions": list(probe.suggestions),
    }


# ── for a terminal ────────────────────────────────────────────────────────────────────────────


def sources_table(rows: Sequence[JsonRow]) -> RenderableType:
    """``source_rows`` for a terminal."""
    names = ("source", "name", "country", "languages", "kinds", "articles", "last poll")
    table = terminal.bare_table(*names, right=("articles",))
    for row in rows:
        last = ", ".join([row["last_outcome"] or "never polled", *row["findings"]])
        table.add_row(
            row["source"],
            row["name"],
            row["country"],
            " ".join(row["languages"]),
            " ".join(row["kinds"]),
            str(row["articles"]),
            Text(last, style="red" if row["findings"] else ""),
        )
    return Group(table, Text(f"\n{len(rows)} sources"))


def source_text(row: JsonRow) -> RenderableType:
    """``source_row`` for a terminal."""
    facts = [
        row["source"],
        row["country"],
        " ".join(row["languages"]),
        row["timezone"],
        row["home"],
    ]
    lines = [
        Text(" · ".join([row["name"], *row["names"].values()]), style="bold"),
        Text(" · ".join(facts)),
        Text(" · ".join(_expectations(row))),
    ]
    for feed in row["feeds"]:
        lines += _feed_lines(feed)
    for finding in row["findings"]:
        since = f"\n{finding['kind']} since {short(finding['opened_at'])}: {finding['proof']}"
        lines.append(Text(since, style="red"))
    return Group(*lines)


def _expectations(row: JsonRow) -> Iterator[str]:
    yield f"{row['articles']} articles kept"
    if row["articles_per_day"] is not None:
        yield f"{row['articles_per_day']} expected a day"
    if row["stale_after_hours"] is not None:
        yield f"stale after {row['stale_after_hours']} h"


def _feed_lines(feed: JsonRow) -> list[Text]:
    last = f"{feed['last_outcome'] or 'never polled'} {short(feed['last_poll_at'])}"
    every = scaffold.format_duration(feed["every_seconds"])
    state = f"  {last} · next {short(feed['next_poll_at'])} · every {every}"
    lines = [Text(f"\n{feed['kind']}  {feed['url']}", style="cyan"), Text(state)]
    return [*lines, *_probe_lines(feed["probe"])] if feed["probe"] else lines


def _probe_lines(row: JsonRow) -> list[Text]:
    line = f"  probed {short(row['probed_at'])}: {row['outcome']}"
    if row["format"]:
        line += f", {row['format']}, {row['entries']} entries over {_window(row['window_seconds'])}"
    advice = [Text(f"  → {one}", style="yellow") for one in _advice(row)]
    return [Text(line, style=_STYLES[row["outcome"]]), *advice]


def probes_table(rows: Sequence[JsonRow]) -> RenderableType:
    """Rows of ``probe_row`` for a terminal: a line each, the suggestions below."""
    names = ("source", "outcome", "status", "format", "entries", "newest", "window", "feed")
    table = terminal.bare_table(*names, right=("entries",))
    for row in rows:
        table.add_row(
            row["source"],
            Text(row["outcome"], style=_STYLES[row["outcome"]]),
            str(row["status"] or "–"),
            row["format"] or "–",
            str(row["entries"]),
            short(row["newest_at"]),
            _window(row["window_seconds"]),
            f"{row['kind']} {_without_host(row['feed'])}",
        )
    advice = [
        Text(f"{row['source']}: {one}  ({row['feed']})", style="yellow")
        for row in rows
        for one in _advice(row)
    ]
    answered = sum(row["outcome"] == "ok" for row in rows)
    total = Text(f"\n{answered} of {len(rows)} feeds answered")
    return Group(table, *([Text(), *advice] if advice else []), total)


def _advice(row: JsonRow) -> Iterator[str]:
    if row["detail"]:
        yield row["detail"]
    yield from row["suggestions"]


def _without_host(feed: str) -> str:
    """A feed's address without its host, which the source implies."""
    parts = urlsplit(feed)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _window(seconds: int | None) -> str:
    return "–" if seconds is None else format_period(timedelta(seconds=seconds))
