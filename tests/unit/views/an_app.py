"""An app for views: what its archive and registers answer is given, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

from crawler.app import App, LoadedSeeds
from crawler.model import (
    ArchivedArticle,
    FeedState,
    Finding,
    Gap,
    OutboxMail,
    Probe,
    Rematch,
    SourceHealth,
    Verdict,
)
from crawler.seeds import Seeds
from tests.builders import NOW


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
) -> App:
    """An app whose sources were never polled."""
    by_id = {article.id: article for article in articles}
    app = SimpleNamespace(
        clock=lambda: NOW,
        seeds=seeds,
        sources=seeds.sources,
        archive=SimpleNamespace(
            health=lambda slugs: [never_polled(slug) for slug in slugs],
            counts=lambda: {"articles": len(by_id)},
            mails=lambda states: mails,
            feed_state=lambda slug, feed: FeedState(source=slug, feed=feed),
            article=by_id.__getitem__,
        ),
        coverage=SimpleNamespace(findings=lambda: findings, gaps=lambda: gaps),
        canaries=SimpleNamespace(heard=dict),
        loaded=LoadedSeeds(seeds, {}, ()),
        rematches=SimpleNamespace(unfinished=lambda: rematches),
        backups=SimpleNamespace(latest=lambda: None, last_checked=lambda: None),
        mail_hold=SimpleNamespace(current=lambda: None),
        trouble=str,
        outbox=SimpleNamespace(recipients=lambda slug: ["a@example.org"]),
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
