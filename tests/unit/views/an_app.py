"""An app for views: what its archive and registers answer is given, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

from crawler.app import App
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.model import (
    ArchivedArticle,
    ConceptProgress,
    FeedState,
    Finding,
    Gap,
    LastIssue,
    OutboxMail,
    Probe,
    Rematch,
    SourceHealth,
    Verdict,
)
from crawler.monitoring import canary
from crawler.monitoring.liveness import Liveness
from crawler.outbox import Recipient
from crawler.seeds import Seeds
from tests.builders import NOW

NEVER = Liveness(state="never")
SUBSCRIBER = Recipient(recipe="daily", channel="smtp", address="a@example.org")
COUNTS = ("articles", "flagged", "sightings", "queued", "rejected", "failed", "polls")


def an_app(
    seeds: Seeds,
    *,
    articles: Sequence[ArchivedArticle] = (),
    findings: Sequence[Finding] = (),
    gaps: Sequence[Gap] = (),
    mails: Sequence[OutboxMail] = (),
    probes: Sequence[Probe] = (),
    verdicts: Sequence[Verdict] = (),
    rematches: Sequence[Rematch] = (),
    concepts: ConceptProgress | None = None,
    alive: Liveness = NEVER,
    last_issue: LastIssue | None = None,
) -> App:
    """An app whose sources were never polled."""
    by_id = {article.id: article for article in articles}
    app = SimpleNamespace(
        clock=lambda: NOW,
        seeds=seeds,
        sources=seeds.sources | canary.its_seeds().sources,
        archive=SimpleNamespace(
            health=lambda slugs: [never_polled(slug) for slug in slugs],
            counts=lambda without: dict.fromkeys(COUNTS, 0) | {"articles": len(by_id)},
            issue_histories=lambda recipe: {},
            subscriptions=lambda recipe: (),
            mails=lambda states: mails,
            feed_state=lambda slug, feed: FeedState(source=slug, feed=feed),
            article=by_id.__getitem__,
        ),
        coverage=SimpleNamespace(findings=lambda: findings, gaps=lambda: gaps),
        canaries=SimpleNamespace(heard=dict),
        loaded=LoadedSeeds(seeds, {}, ()),
        rematches=SimpleNamespace(unfinished=lambda: rematches),
        concept_index=SimpleNamespace(progress=lambda: concepts),
        backups=SimpleNamespace(latest=lambda: None, last_checked=lambda: None),
        mail_hold=SimpleNamespace(current=lambda: None),
        trouble=str,
        liveness=lambda: alive,
        summary=SimpleNamespace(
            kept_since=lambda since: (4, 1),
            last_poll_at=lambda: None,
            last_issue=lambda recipe: last_issue,
            size=lambda: 2_000_000,
            disk_free=lambda: None,
        ),
        outbox=SimpleNamespace(recipients=lambda slug: [SUBSCRIBER]),
        probes=SimpleNamespace(latest=lambda slug: [p for p in probes if p.source == slug]),
        verdicts=SimpleNamespace(latest=lambda slug: [v for v in verdicts if v.topic == slug]),
    )
    return cast(App, app)


def never_polled(source: str) -> SourceHealth:
    """A source of which nothing is known yet."""
    return SourceHealth(
        source=source,
        last_poll_at=None,
        last_success_at=None,
        last_outcome=None,
        failures=0,
        articles=0,
        next_poll_at=None,
    )
