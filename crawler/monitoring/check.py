"""The watch looks at itself: signs from the archive, findings back into it.

``health`` judges; this asks and writes. ``rasd run`` does it every few minutes, ``rasd poll`` after
its round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.model import Finding, Source
from crawler.monitoring import health
from crawler.polling import gaps
from crawler.ports import Coverage, SourceHistoryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """Judges the sources it is given; owns no state but the archive's rows."""

    coverage: Coverage
    witness: SourceHistoryReader

    def run(
        self, sources: Iterable[Source], now: datetime, ours: Iterable[Finding] = ()
    ) -> list[Finding]:
        """Find, open and close; what is wrong now. ``ours`` is what others found out about us."""
        watched = list(sources)
        found = [*health.findings(self._signs(watched, now), now), *ours]
        self.coverage.update_findings({"", *(s.slug for s in watched)}, found, now)
        return found

    def _signs(self, sources: list[Source], now: datetime) -> list[health.SourceHistory]:
        feeds: dict[
            str, list[Mapping[str, Any]]
        ] = {}  # by source: of ten thousand, none is sought twice
        for row in self.witness.feeds():
            feeds.setdefault(row["source"], []).append(row)
        seen = self.witness.seen(now - health.HISTORY)
        missing = self.coverage.gaps()
        return [
            health.SourceHistory(
                source=source,
                feeds=[
                    health.FeedHistory(
                        url=row["feed"],
                        outcome=row["last_outcome"],
                        reason=row["reason"],
                        detail=row["detail"],
                        notes=row["notes"],
                        failures=row["failures"],
                        last_success_at=row["last_success_at"],
                        lied_at=row["lied_at"],
                        first_success_at=row["first_success_at"],
                    )
                    for row in feeds.get(source.slug, ())
                ],
                first_success_at=min(
                    (
                        row["first_success_at"]
                        for row in feeds.get(source.slug, ())
                        if row["first_success_at"]
                    ),
                    default=None,
                ),
                seen=seen.get(source.slug, ()),
                texts=[
                    health.TextHistory(
                        characters=row["characters"],
                        language=row["language"],
                        dated=bool(row["dated"]),
                        full=row["extraction"] == "full" and row["characters"] > 0,
                        article_id=row["id"],
                        oddities=health.oddities(row["oddities"], row["extraction"]),
                    )
                    for row in self.witness.texts(source.slug, 3 * health.TEXTS)
                ],
                walls=self.witness.walls(source.slug, health.TEXTS),
                gaps=gaps.pending(missing, source.slug),
            )
            for source in sources
        ]
