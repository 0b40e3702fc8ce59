"""The health check: reads each source's history, judges it, and opens and closes findings.

``health`` judges; this reads and writes. ``rasd run`` does it every few minutes, ``rasd poll``
after its round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.model import Finding, Gap, SightingCounts, Source, TemplateDrift
from crawler.monitoring import health
from crawler.polling import gaps
from crawler.ports import Coverage, SourceHistoryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """Judges the sources it is given; keeps no state but the archive's rows."""

    coverage: Coverage
    history: SourceHistoryReader
    drifts: Callable[[], Mapping[str, TemplateDrift]] = dict  # by source; none if none are learned

    def run(
        self,
        sources: Iterable[Source],
        now: datetime,
        ours: Iterable[Finding] = (),
        jumps: Sequence[health.ClockJump] = (),
    ) -> list[Finding]:
        """Judge these sources, open and close findings in the archive, and return those of now.

        ``ours`` are findings about the watch itself that others made, ``jumps`` how the clock was
        set lately.
        """
        checked = list(sources)
        offline = self.coverage.last_finding("", "offline")
        found = [*health.findings(self._histories(checked, now), now, offline, jumps), *ours]
        self.coverage.update_findings({"", *(s.slug for s in checked)}, found, now)
        return found

    def _histories(self, sources: Sequence[Source], now: datetime) -> list[health.SourceHistory]:
        feeds: dict[str, list[Mapping[str, Any]]] = {}  # by source, so that none is searched for
        for row in self.history.feeds():
            feeds.setdefault(row["source"], []).append(row)
        bursts = self.history.bursts(
            now - health.BURST_AGE, health.BURST_ENTRIES, health.BURST_PERIOD
        )
        open_gaps, drifts = self.coverage.gaps(), self.drifts()
        failing = {f.source for f in self.coverage.findings() if f.kind == "failing"}
        return [
            health.SourceHistory(
                source=source,
                feeds=[_feed(row) for row in feeds.get(source.slug, ())],
                first_success_at=(first := _first_success(feeds.get(source.slug, ()))),
                sightings=self._rhythm(source, first, now),
                burst=bursts.get(source.slug),
                texts=[_text(row) for row in self._newest_texts(source)],
                walls=self.history.walls(source.slug, health.JUDGED_TEXTS),
                gaps=_judged(gaps.pending(open_gaps, source.slug), feeds.get(source.slug, ())),
                drift=drifts.get(source.slug),
                is_failing=source.slug in failing,
            )
            for source in sources
        ]

    def _rhythm(
        self, source: Source, first_success_at: datetime | None, now: datetime
    ) -> SightingCounts | None:
        """What stood in the feeds at the first poll was published before it and does not count."""
        if first_success_at is None:
            return None
        after = max(first_success_at, now - health.RHYTHM_PERIOD)
        return self.history.sighting_counts(source.slug, after)

    def _newest_texts(self, source: Source) -> Sequence[Mapping[str, Any]]:
        """Those that are judged, and the older ones that they are measured by."""
        return self.history.texts(source.slug, 3 * health.JUDGED_TEXTS)


def _judged(open_gaps: Iterable[Gap], rows: Sequence[Mapping[str, Any]]) -> list[Gap]:
    """The gaps whose polls are over. Until then they are suspected: the pages of that poll may show
    that session ids make known stories look new."""
    polled = {row["feed"]: row["last_poll_at"] for row in rows if row["last_poll_at"]}
    return [gap for gap in open_gaps if gap.feed in polled and polled[gap.feed] >= gap.to_at]


def _first_success(rows: Sequence[Mapping[str, Any]]) -> datetime | None:
    return min((row["first_success_at"] for row in rows if row["first_success_at"]), default=None)


def _feed(row: Mapping[str, Any]) -> health.FeedHistory:
    return health.FeedHistory(
        url=row["feed"],
        outcome=row["last_outcome"],
        reason=row["reason"],
        detail=row["detail"],
        notes=row["notes"],
        last_poll_at=row["last_poll_at"],
        failures=row["failures"],
        last_success_at=row["last_success_at"],
        lied_at=row["lied_at"],
        first_success_at=row["first_success_at"],
    )


def _text(row: Mapping[str, Any]) -> health.TextHistory:
    return health.TextHistory(
        characters=row["characters"],
        language=row["language"],
        dated=bool(row["dated"]),
        full=row["extraction"] == "full" and row["characters"] > 0,
        article_id=row["id"],
        oddities=health.oddities(row["oddities"], row["extraction"]),
    )
