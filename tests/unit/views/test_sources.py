"""What ``rasd sources`` prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawler.model import Finding, Probe
from crawler.seeds import Seeds
from crawler.views import fields, sources
from tests.builders import NOW
from tests.unit.views.an_app import an_app
from tests.unit.views.terminal import printed

PROBE = Probe(
    source="news",
    feed="http://news.test/feed?all=1",
    kind="feed",
    probed_at=NOW,
    outcome="ok",
    status=200,
    format="rss20",
    entries=9,
    dated=9,
    newest_at=NOW,
    window_seconds=7200,
    suggestions=("write kind: sitemap",),
)


def a_row(**changes: Any) -> dict[str, Any]:
    """A source as ``rasd sources show`` has it."""
    feed = {
        "url": "http://news.test/feed", "kind": "feed", "every_seconds": 1800, "failures": 0,
        "last_outcome": None, "last_poll_at": None, "last_success_at": None, "next_poll_at": None,
        "probe": sources.probe_row(PROBE),
    }  # fmt: skip
    return {
        "source": "news",
        "name": "The News",
        "names": {"fr": "La Une"},
        "home": "http://news.test/",
        "country": "MA",
        "languages": ["fr", "en"],
        "timezone": "UTC",
        "hosts": [],
        "kinds": ["feed"],
        "articles_per_day": 40,
        "stale_after_hours": 6,
        "articles": 3,
        "feeds": [feed],
        "last_outcome": None,
        "findings": [],
    } | changes


def test_one_source_on_a_terminal() -> None:
    """What is expected, each feed's state and probe, each finding since when."""
    finding = Finding(source="news", kind="silent", proof="3 days", opened_at=NOW)
    text = printed(sources.source_text(a_row(findings=[fields.finding_row(finding)])))
    for line in (
        "The News · La Une",
        "news · MA · fr en · UTC · http://news.test/",
        "3 articles kept · 40 expected a day · stale after 6 h",
        "never polled – · next – · every 30m",
        "probed 2026-11-23 10:00: ok, rss20, 9 entries over 2 h",
        "→ write kind: sitemap",
        "silent since 2026-11-23 10:00: 3 days",
    ):
        assert line in text
    (feed,) = a_row()["feeds"]
    bare = a_row(articles_per_day=None, stale_after_hours=None, feeds=[feed | {"probe": None}])
    text = printed(sources.source_text(bare))
    assert "3 articles kept\n" in text.replace(" \n", "\n") and "probed" not in text


def test_the_list_of_sources_on_a_terminal() -> None:
    """Findings stand beside the last outcome."""
    rows = [a_row(), a_row(source="odd", last_outcome="failed", findings=["silent"])]
    text = printed(sources.sources_table(rows))
    assert "never polled" in text and "failed, silent" in text and "2 sources" in text


def test_probes_on_a_terminal() -> None:
    """A line each without the host, advice below, and how many answered."""
    failed = Probe(
        source="odd",
        feed="http://odd.test/x",
        kind="feed",
        probed_at=NOW,
        outcome="failed",
        reason="timeout",
        detail="30 s",
    )
    rows = [sources.probe_row(probe) for probe in (PROBE, failed)]
    text = printed(sources.probes_table(rows))
    assert "feed /feed?all=1" in text and "1 of 2 feeds answered" in text
    assert "news: write kind: sitemap  (http://news.test/feed?all=1)" in text
    assert "odd: timeout: 30 s  (http://odd.test/x)" in text


def test_sources_are_listed_by_country(seeds: Seeds) -> None:
    """With their own findings only."""
    source = next(iter(seeds.sources.values()))
    silent = Finding(source=source.slug, kind="silent", proof="3 days", opened_at=NOW)
    app = an_app(seeds, findings=[silent])
    rows = sources.source_rows(app, source.country.lower())
    assert {row["country"] for row in rows} == {source.country}
    assert [row["source"] for row in rows if row["findings"]] == [source.slug]
    assert len(sources.source_rows(app, None)) == len(seeds.sources)


def test_a_source_has_its_feeds_with_the_last_probe_of_each(seeds: Seeds) -> None:
    """A feed that was never probed has none."""
    source = next(s for s in seeds.sources.values() if len(s.feeds) > 1)
    probe = replace(PROBE, source=source.slug, feed=source.feeds[0].url)
    silent = Finding(source=source.slug, kind="silent", proof="3 days", opened_at=NOW)
    row = sources.source_row(an_app(seeds, probes=[probe], findings=[silent]), source)
    assert [feed["url"] for feed in row["feeds"]] == [feed.url for feed in source.feeds]
    assert [bool(feed["probe"]) for feed in row["feeds"]][:2] == [True, False]
    assert row["findings"] == [fields.finding_row(silent)]
    assert "never polled" in printed(sources.source_text(row))
