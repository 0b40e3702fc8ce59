"""Findings: a source is measured against its own past; if most fail together, it is our fault."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from crawler.digest import composition, rendering, wording
from crawler.digest.records import DigestInput
from crawler.model import Burst, Cause, Finding, FindingKind, Gap, SightingCounts, TemplateDrift
from crawler.monitoring import health
from crawler.seeds import Seeds
from tests.builders import NOW, a_source, sighting_counts

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


def a_feed(**changes: object) -> health.FeedHistory:
    """A feed that does well."""
    plain: dict[str, object] = {
        "url": "http://news.test/feed",
        "outcome": "nothing_new",
        "failures": 0,
        "last_success_at": NOW,
    }
    return health.FeedHistory(**(plain | changes))  # type: ignore[arg-type]


def history(slug: str = "news", **changes: object) -> health.SourceHistory:
    """A source that does well."""
    plain: dict[str, object] = {"source": a_source(slug=slug), "feeds": [a_feed()]}
    return health.SourceHistory(**(plain | changes))  # type: ignore[arg-type]


def kinds(*given: health.SourceHistory, now: datetime = NOW) -> list[tuple[str, str]]:
    """(source, kind) of what is found."""
    return [(f.source, f.kind) for f in health.findings(given, now)]


def weeks(
    until: datetime, count: int = 4, friday: bool = True, share: float = 1.0, seed: int = 1
) -> list[datetime]:
    """First sightings of an outlet that works from 7 to 22, two an hour; ``friday`` False: not
    then.
    """
    chance, seen = random.Random(seed), []
    at = until - timedelta(days=7 * count)
    while at < until:
        at += HOUR
        if 7 <= at.hour < 22 and (friday or at.weekday() != 4):
            seen += [at - timedelta(minutes=m) for m in (40, 10) if chance.random() < share]
    return [at for at in seen if at <= until]


def rhythm(seen: list[datetime], first: datetime, now: datetime = NOW) -> SightingCounts | None:
    """What the archive counts of these first sightings."""
    return sighting_counts(seen, max(first, now - health.RHYTHM_PERIOD))


def quiet(
    seen: list[datetime],
    now: datetime,
    first: datetime | None = None,
    jumps: Sequence[health.ClockJump] = (),
) -> bool:
    """Whether a source with these first sightings is silent at this moment."""
    first = first or seen[0] - HOUR
    counts = rhythm(seen, first, now)
    return health.silent(history(sightings=counts, first_success_at=first), now, jumps) is not None


def test_a_source_that_stops_is_silent_within_two_days() -> None:
    """Thirty stories a day, then none."""
    seen = weeks(NOW - timedelta(hours=36))
    assert quiet(seen, NOW)
    assert not quiet(seen, seen[-1] + timedelta(hours=5))


def test_a_free_friday_and_a_night_are_no_alarm() -> None:
    """Its own hours say so: an outlet that never works on Fridays is not silent on one."""
    seen = weeks(FRIDAY - timedelta(hours=12), friday=False)
    for hours in range(0, 24, 2):
        assert not quiet(seen, FRIDAY.replace(hour=0) + hours * HOUR)
    busy = weeks(FRIDAY - timedelta(hours=14))
    assert not quiet(busy, FRIDAY.replace(hour=6))


def test_a_clock_that_was_set_is_no_silence() -> None:
    """Three days ahead for a minute and right again: nothing was missed. A source that is silent
    stays so meanwhile, for the finding that is open must not end and come again."""
    ahead, minute = timedelta(days=3), timedelta(minutes=1)
    forward = health.ClockJump(at=NOW + ahead, by=ahead)
    back = health.ClockJump(at=NOW + minute, by=-ahead)
    talking, silent = weeks(NOW), weeks(NOW - timedelta(hours=36))
    assert quiet(talking, NOW + ahead)
    for now, jumps in ((NOW + ahead, [forward]), (NOW + 2 * minute, [forward, back])):
        assert not quiet(talking, now, jumps=jumps)
        assert quiet(silent, now, jumps=jumps)
    assert quiet(talking, NOW + timedelta(hours=36), jumps=[forward, back])


def test_ramadan_is_no_alarm() -> None:
    """A month at a third of the pace and later hours, after three usual weeks: no day of it
    alarms.
    """
    usual = weeks(NOW - timedelta(days=30))
    fasting = [
        at + 5 * HOUR
        for at in weeks(NOW, count=5, share=0.33, seed=7)
        if at > NOW - timedelta(days=30)
    ]
    seen = sorted(usual + fasting)
    for hours in range(0, 24 * 28, 3):
        now = NOW - timedelta(days=29) + hours * HOUR
        assert not quiet([at for at in seen if now - health.RHYTHM_PERIOD <= at <= now], now)


def test_a_slow_source_is_not_hurried_but_not_forgotten() -> None:
    """One story in three days: silent after three weeks, not before."""
    seen = [NOW - timedelta(days=d) for d in range(27, 0, -3)]
    assert not quiet(seen, NOW + timedelta(days=4))
    assert quiet(seen, NOW + timedelta(days=22))


def test_without_a_past_the_seed_says_what_is_stale() -> None:
    """A week of history is the least; before, twice ``stale_after``."""
    young = history(source=a_source(stale_after_hours=12), first_success_at=NOW - timedelta(days=2))
    assert health.silent(young, NOW) is not None
    assert health.silent(history(first_success_at=NOW - timedelta(days=2)), NOW) is None


def test_silence_of_everything_is_one_finding_about_us() -> None:
    """Five sources stop in the same hour: the fault is ours."""
    seen = weeks(NOW - timedelta(hours=40))
    first = seen[0] - HOUR
    counts = rhythm(seen, first)
    all_ = [history(f"s{n}", sightings=counts, first_success_at=first) for n in range(5)]
    assert kinds(*all_) == [("", "silence")]
    assert ("s0", "silent") in kinds(all_[0], *(history(f"w{n}") for n in range(4)))


def test_no_network_is_one_finding_about_us() -> None:
    """Out of reach together; one alone is a source that fails."""
    lost = a_feed(outcome="failed", failures=4, reason="unreachable", detail="connection refused")
    assert kinds(*(history(f"s{n}", feeds=[lost]) for n in range(4))) == [("", "offline")]
    assert kinds(history("s0", feeds=[lost]), *(history(f"w{n}") for n in range(4))) == [
        ("s0", "failing")
    ]


def test_when_the_network_is_back_no_source_is_found_failing_for_want_of_it() -> None:
    """They are polled again one after the other: those that were not yet are not judged; one that
    is out of reach still is, and so is one that is not for want of a connection."""
    back_at = NOW - HOUR
    outage = Finding(
        source="", kind="offline", proof="", opened_at=back_at - 6 * HOUR, closed_at=back_at
    )
    lost = {"outcome": "failed", "failures": 4, "reason": "unreachable"}
    waiting = history("waiting", feeds=[a_feed(**lost, last_poll_at=back_at - HOUR)])
    polled = history("polled", feeds=[a_feed(**lost, last_poll_at=back_at + HOUR / 2)])
    broken = a_feed(outcome="failed", failures=4, reason="not_found", last_poll_at=back_at - HOUR)
    all_ = [waiting, polled, history("broken", feeds=[broken]), history("well"), history("fine")]
    assert [(f.source, f.kind) for f in health.findings(all_, NOW, outage)] == [
        ("polled", "failing"),
        ("broken", "failing"),
    ]
    going_on = replace(outage, closed_at=None)
    assert [f.source for f in health.findings(all_, NOW, going_on)] == ["broken"]


def test_a_source_that_failed_before_an_outage_is_found_once() -> None:
    """Its finding stays open through the outage and after it, until it answers."""
    outage = Finding(source="", kind="offline", proof="", opened_at=NOW - HOUR)
    lost = a_feed(outcome="failed", failures=4, reason="unreachable", last_poll_at=NOW - HOUR)
    down = history("down", feeds=[lost], is_failing=True)
    others = [history(f"s{n}", feeds=[lost]) for n in range(4)]
    assert [(f.source, f.kind) for f in health.findings([down, *others], NOW, outage)] == [
        ("down", "failing"),
        ("", "offline"),
    ]
    well = [history(f"s{n}") for n in range(4)]
    assert [f.source for f in health.findings([down, *well], NOW, outage)] == ["down"]


@pytest.mark.parametrize(
    ("feed", "kind"),
    [
        ({"outcome": "blocked", "failures": 1, "reason": "forbidden"}, "blocked"),
        ({"outcome": "not_a_feed", "failures": 1, "reason": "not_a_feed"}, "not_a_feed"),
        ({"outcome": "empty", "failures": 3}, "empty"),
        ({"outcome": "failed", "failures": 1, "reason": "tls_error"}, "tls"),
        ({"outcome": "failed", "failures": 1, "detail": "tls_error"}, None),  # read by nobody
        ({"outcome": "failed", "failures": 3, "reason": "server_error"}, "failing"),
        ({"notes": [Cause(reason="moved")]}, "moved"),
        ({"lied_at": NOW - HOUR}, "etag_lie"),
        (
            {
                "notes": [Cause(reason="budget"), Cause(reason="place_limit")],
                "first_success_at": NOW - 9 * HOUR,
            },
            "endless",
        ),
        ({"notes": [Cause(reason="place_limit")], "first_success_at": NOW}, None),
        ({"outcome": "empty", "failures": 1}, None),
        ({"outcome": "failed", "failures": 1, "reason": "server_error"}, None),
    ],
)
def test_what_a_poll_said_is_the_proof(feed: dict[str, object], kind: str | None) -> None:
    """One bad hour is none; a challenge, a stranger's certificate or a parked domain is one at
    once.
    """
    assert kinds(history(feeds=[a_feed(**feed)])) == ([("news", kind)] if kind else [])


def texts(
    count: int, characters: int = 2000, language: str = "ar", dated: bool = True, full: bool = True
) -> list[health.TextHistory]:
    """So many articles alike."""
    return [
        health.TextHistory(characters=characters, language=language, dated=dated, full=full)
    ] * count


@pytest.mark.parametrize(
    ("newest", "kind"),
    [
        (texts(20, 0, full=False), "bodies_empty"),
        (texts(20, 300), "bodies_shrunk"),
        (texts(20, dated=False), "undated"),
        (texts(20, language="es"), "wrong_language"),
        (texts(20), None),
        (texts(19, 0, full=False), None),
    ],
)
def test_texts_are_measured_against_the_source_s_own(
    newest: list[health.TextHistory], kind: str | None
) -> None:
    """Twenty articles are the least to judge by."""
    older = texts(30) if len(newest) == 20 else []
    assert kinds(history(texts=[*newest, *older])) == ([("news", kind)] if kind else [])


def test_a_layout_that_is_not_learned_anew_is_found() -> None:
    """A retired template is a finding after two days without another; its reason is the proof."""
    drift = TemplateDrift(
        source="news", version=3, retired_at=NOW, reason="the body is not in its place"
    )
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    feed = a_feed(last_success_at=later)
    assert kinds(history(feeds=[feed], drift=drift), now=soon) == []
    (found,) = health.findings([history(feeds=[feed], drift=drift)], later)
    assert (found.source, found.kind) == ("news", "template_drift")
    assert "version 3 was retired (the body is not in its place)" in found.proof


def test_walls_before_pages_are_a_block() -> None:
    """Half of the last pages answered by a challenge."""
    assert kinds(history(walls=10)) == [("news", "blocked")]
    assert kinds(history(walls=9)) == []


def test_every_kind_is_worded_in_every_language() -> None:
    """A footer never shows a bare code."""
    for words in wording.WORDINGS.values():
        assert set(words.findings) == set(get_args(FindingKind))


def test_the_digest_s_footer_says_it_in_the_reader_s_words(seeds: Seeds) -> None:
    """Arabic frame: the source's name and what is wrong; a finding about us stands without a
    name.
    """
    recipe = seeds.digests["daily"]
    slug = next(iter(seeds.sources))
    found = [
        Finding(source=slug, kind="silent", proof="p", opened_at=NOW),
        Finding(source="", kind="canary", proof="p", opened_at=NOW),
    ]
    issue = composition.compose(
        DigestInput(
            recipe=recipe,
            topics={t: seeds.topics[t] for t in recipe.topics},
            sources=seeds.sources,
            articles=(),
            findings=found,
            since=NOW - HOUR,
            now=NOW,
        )
    )
    mail = rendering.render(issue)
    for part in (mail.text, mail.html):
        assert "صامتة على غير عادتها" in part and "اختبار المسار الكامل لم ينجح" in part
        assert (seeds.sources[slug].names.get("ar") or seeds.sources[slug].name) in part


def test_a_burst_is_found_with_its_size() -> None:
    """R17: more at once than one poll takes up again."""
    burst = Burst(addresses=2_001, since=NOW - 9 * HOUR)
    (found,) = health.findings([history(burst=burst)], NOW)
    assert found.kind == "burst" and found.proof.startswith("2001 entries first seen since 2026-")


def test_a_long_watched_source_that_stops_is_silent_as_soon_as_a_young_one() -> None:
    """What came before the four weeks that are counted is no silence of the source."""
    seen = weeks(NOW - timedelta(hours=36), count=10)
    assert quiet(seen, NOW, first=seen[0] - timedelta(days=300))
    assert not quiet(seen, seen[-1] + timedelta(hours=5), first=seen[0] - timedelta(days=300))


def test_a_gap_is_news_for_a_week() -> None:
    """Then it stands in the ledger only."""
    gap = Gap(
        source="news", feed="f", from_at=NOW - 9 * HOUR, to_at=NOW, reason="overlap", opened_at=NOW
    )
    assert kinds(history(gaps=[gap])) == [("news", "overflow")]
    assert kinds(history(gaps=[gap]), now=NOW + timedelta(days=8)) == []
