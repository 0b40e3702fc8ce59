"""What is wrong with a source, judged from what the archive knows of it. Pure: time is an argument.

A source is measured against its own past: its rhythm through the week, the length of its own texts.
If most sources fail or fall silent together, our own connection is the likely cause: that is one
finding about the watch (``source`` ""), not a hundred about others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from crawler.model import (
    NO_CONNECTION,
    Burst,
    Cause,
    Finding,
    FindingKind,
    Gap,
    PollOutcome,
    Reason,
    SightingCounts,
    Source,
    TemplateDrift,
    hour_of_week,
    sentence,
)

_Kind = FindingKind | Literal["unreachable"]
"""What is judged of a source: ``unreachable`` becomes a finding only together with others."""

RHYTHM_PERIOD = timedelta(days=28)  # a rhythm is learned from: four of each hour of the week
MIN_HISTORY = timedelta(days=7)  # with less of it, the seed's ``stale_after_hours`` decides
MAX_SILENCE_LIKELIHOOD = 0.001  # a silence less likely than this is a finding …
MIN_SHARE_OF_USUAL = 0.5  # … even at half the usual pace: Ramadan, holidays, August
MAX_SILENCE = timedelta(days=21)  # of a source that once published, however seldom
MIN_SILENCE = timedelta(hours=6)  # a morning without news is no finding
BURST_ENTRIES = 2_000  # first seen within BURST_PERIOD: more than one poll takes up again (R17) …
BURST_PERIOD = timedelta(hours=1)
BURST_AGE = timedelta(days=1)  # … and so long it is reported
GAP_AGE = timedelta(days=7)  # an older gap is in the archive, but is not reported
JUDGED_TEXTS = 20  # newest articles that a source's texts are judged by
MIN_DRIFT_AGE = timedelta(days=2)  # five pages teach a new template, mostly within hours
MIN_FAILURES = 3  # in a row, to make a finding; one bad hour makes none
# By oddity: how many of the newest articles make a finding, and what is wrong with them.
ODDITIES: dict[FindingKind, tuple[int, str]] = {
    "garbled": (1, "could not be decoded: replacement characters stand in them"),
    "low_text": (3, "are pictures with next to no text"),
    "stuck": (1, "broke their reader: judged by title, summary and address alone"),
    "suspicious": (1, "would be flagged by text that no reader sees"),
}
MIN_SHARE_TOGETHER = 0.8  # of the polled sources, failing together: then it is our own fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJump:
    """The machine's clock was set: forward by ``by``, or back if that is negative."""

    at: datetime  # by the clock as it was set
    by: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHistory:
    """How a feed's last poll went."""

    url: str
    outcome: PollOutcome | None
    failures: int
    last_success_at: datetime | None
    lied_at: datetime | None = None
    first_success_at: datetime | None = None
    reason: Reason = ""
    detail: str = ""
    notes: Sequence[Cause] = ()
    last_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHistory:
    """What is measured of one article."""

    characters: int  # of its body
    language: str
    dated: bool  # it has a date of publication
    full: bool  # its text could be read, and there is some
    article_id: int = 0
    oddities: Sequence[str] = ()  # see ``oddities``


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHistory:
    """What the archive knows of one source's past."""

    source: Source
    feeds: Sequence[FeedHistory] = ()  # those that were polled
    first_success_at: datetime | None = None  # the first of any feed; None: no poll ever succeeded
    sightings: SightingCounts | None = None  # of the last RHYTHM_PERIOD; None: nothing new in it
    burst: Burst | None = None  # within the last BURST_AGE; None: there was none
    texts: Sequence[TextHistory] = ()  # the newest first
    walls: int = 0  # pages in an article's place among the last JUDGED_TEXTS pages
    gaps: Sequence[Gap] = ()  # the open ones, oldest first
    drift: TemplateDrift | None = None  # of the last template, if no new one could be learned since
    is_failing: bool = False  # an open finding says so


def findings(
    histories: Sequence[SourceHistory],
    now: datetime,
    offline: Finding | None = None,
    jumps: Sequence[ClockJump] = (),
) -> list[Finding]:
    """Everything wrong now: the sources in the order given, then the watch itself (``source`` "").

    If most sources are silent or out of reach together, that is one finding about the watch, and
    none about them. Empty if all is well. ``offline``: the last such finding, open or closed. A
    source that was out of reach when it was polled before the end of that is not judged anew until
    it is polled again. ``jumps`` of the clock are no silence.
    """
    online_since = None if offline is None else offline.closed_at or now
    found: dict[str, dict[_Kind, str]] = {
        h.source.slug: dict(_judge(h, now, online_since, jumps)) for h in histories
    }
    were_failing = {h.source.slug for h in histories if h.is_failing}
    ours: dict[_Kind, str] = {}
    together: tuple[tuple[_Kind, FindingKind, str], ...] = (
        ("silent", "silence", "{n} of {all} sources fell silent together"),
        ("unreachable", "offline", "{n} of {all} sources out of reach together"),
    )
    polled = [h for h in histories if h.feeds]
    for kind, of_us, proof in together:
        struck = [slug for slug, kinds in found.items() if kind in kinds]
        if len(struck) >= 3 and len(struck) >= MIN_SHARE_TOGETHER * len(polled):
            ours[of_us] = proof.format(n=len(struck), all=len(polled))
            for slug in struck:
                if slug not in were_failing:
                    found[slug].pop("failing", None)
                del found[slug][kind]
    found[""] = ours
    return [
        Finding(source=slug, kind=kind, proof=proof, opened_at=now)
        for slug, kinds in found.items()
        for kind, proof in kinds.items()
        if kind != "unreachable"  # a single one is reported as failing
    ]


def _judge(
    history: SourceHistory,
    now: datetime,
    online_since: datetime | None,
    jumps: Sequence[ClockJump],
) -> Iterator[tuple[_Kind, str]]:
    """(kind, proof) of everything wrong with one source."""
    yield from _feeds(history, now, online_since)
    if history.walls * 2 >= JUDGED_TEXTS:
        yield (
            "blocked",
            f"{history.walls} of the last {JUDGED_TEXTS} pages were challenges, notices or errors",
        )
    for gap in [g for g in history.gaps if now - g.opened_at < GAP_AGE][-1:]:
        yield (
            "overflow",
            (
                f"nothing overlapped from {gap.from_at:%Y-%m-%d %H:%M} to "
                f"{gap.to_at:%Y-%m-%d %H:%M} UTC"
            ),
        )
    if (burst := history.burst) is not None:
        yield (
            "burst",
            f"{burst.addresses} entries first seen since {burst.since:%Y-%m-%d %H:%M} UTC; "
            "what is not asked for yet is queued",
        )
    yield from _texts(history)
    yield from _odd(history.texts[:JUDGED_TEXTS])
    if (drift := history.drift) is not None and now - drift.retired_at >= MIN_DRIFT_AGE:
        yield (
            "template_drift",
            f"no template since {drift.retired_at:%Y-%m-%d %H:%M} UTC, when version "
            f"{drift.version} "
            f"was retired ({drift.reason}): pages are read without one",
        )
    answers = any(feed.failures == 0 for feed in history.feeds)
    if answers and (proof := silent(history, now, jumps)):
        yield "silent", proof


def _feeds(
    history: SourceHistory, now: datetime, online_since: datetime | None
) -> Iterator[tuple[_Kind, str]]:
    """What the last polls say; their explanation is the proof."""
    for feed in history.feeds:
        proof = f"{feed.url}: {sentence(feed.reason, feed.detail, feed.notes) or feed.outcome}"
        noted = {note.reason for note in feed.notes}
        if feed.lied_at is not None and now - feed.lied_at < timedelta(days=7):
            yield "etag_lie", f"{feed.url}: said that nothing had changed when something had"
        if feed.failures == 0:
            if "moved" in noted:
                yield "moved", proof
            # On a first look all is new, and every list longer than what one poll asks.
            if "place_limit" in noted and feed.last_success_at != feed.first_success_at:
                yield "endless", proof
            continue
        if feed.reason in NO_CONNECTION:
            yield "unreachable", proof
        if feed.reason == "tls_error":
            yield "tls", proof
        elif feed.outcome in ("blocked", "not_a_feed", "empty"):
            if feed.outcome != "empty" or feed.failures >= MIN_FAILURES:
                yield feed.outcome, proof
        elif feed.failures >= MIN_FAILURES and (
            history.is_failing or not _is_of_our_outage(feed, online_since)
        ):
            yield "failing", f"{proof} ({feed.failures} times in a row)"


def _is_of_our_outage(feed: FeedHistory, online_since: datetime | None) -> bool:
    """Whether the feed was out of reach at a time when most were."""
    if online_since is None or feed.last_poll_at is None or feed.reason not in NO_CONNECTION:
        return False
    return feed.last_poll_at <= online_since


def _texts(history: SourceHistory) -> Iterator[tuple[_Kind, str]]:
    """What the newest texts say, beside the source's older ones; nothing if they are too few."""
    newest = history.texts[:JUDGED_TEXTS]
    if len(newest) < JUDGED_TEXTS:
        return
    empty = sum(not t.full for t in newest)
    if empty * 2 > JUDGED_TEXTS:
        yield "bodies_empty", f"{empty} of the last {JUDGED_TEXTS} articles had no text"
    older = [t.characters for t in history.texts[JUDGED_TEXTS:] if t.full]
    if len(older) >= JUDGED_TEXTS and empty * 2 <= JUDGED_TEXTS:
        now_long, then_long = median(t.characters for t in newest), median(older)
        if now_long * 4 < then_long:
            yield "bodies_shrunk", f"texts have {now_long:.0f} characters, they had {then_long:.0f}"
    undated = sum(not t.dated for t in newest)
    if undated * 4 >= JUDGED_TEXTS * 3:
        yield "undated", f"{undated} of the last {JUDGED_TEXTS} articles carry no date"
    language, count = Counter(t.language for t in newest).most_common(1)[0]
    if language not in (*history.source.languages, "und") and count * 2 > JUDGED_TEXTS:
        yield (
            "wrong_language",
            f"{count} of the last {JUDGED_TEXTS} articles are in {language!r}",
        )


def _odd(newest: Sequence[TextHistory]) -> Iterator[tuple[_Kind, str]]:
    """Articles to be looked at, named by the ids that ``rasd show`` and ``rasd explain`` take."""
    for oddity, (enough, wrong) in ODDITIES.items():
        struck = [t.article_id for t in newest if oddity in t.oddities]
        if len(struck) >= enough:
            yield (
                oddity,
                (
                    f"{len(struck)} of the last {len(newest)} articles {wrong}: "
                    f"{', '.join(map(str, struck))}"
                ),
            )


def oddities(stored: Sequence[str], extraction: str) -> tuple[str, ...]:
    """An article's oddities, and ``stuck`` if its page broke the reader."""
    return (*stored, "stuck") if extraction in ("timeout", "crashed") else tuple(stored)


def silent(history: SourceHistory, now: datetime, jumps: Sequence[ClockJump] = ()) -> str | None:
    """The proof that a source is silent, or None if it is not.

    A source is silent if, at MIN_SHARE_OF_USUAL of its usual pace, it is unlikely that nothing came
    since its last entry, and the silence is longer than any before. Quiet Fridays and nights are in
    its usual pace. With less than MIN_HISTORY the seed's ``stale_after_hours`` decides. By what the
    clock was set since its last entry, no time went by.
    """
    first, counts = history.first_success_at, history.sightings
    if first is None:
        return None
    start = max(first, now - RHYTHM_PERIOD)
    last = counts.last_at if counts is not None else start
    now -= sum((jump.by for jump in jumps if jump.at > last), timedelta(0))
    quiet = now - last
    hours = f"nothing new for {quiet / timedelta(hours=1):.0f} hours"
    if now - first < MIN_HISTORY:
        stale = timedelta(hours=history.source.stale_after_hours or 0)
        return f"{hours}; expected within {stale}" if stale and quiet > 2 * stale else None
    if counts is None:
        return hours if quiet >= MAX_SILENCE else None
    if quiet > MAX_SILENCE:
        return hours
    longest = max(counts.first_at - start, counts.longest_pause)
    expected = expected_between(counts.by_hour, start, last, now)
    likelihood = math.exp(-expected * MIN_SHARE_OF_USUAL)
    if quiet > max(MIN_SILENCE, longest * 1.25) and likelihood < MAX_SILENCE_LIKELIHOOD:
        return f"{hours}, where its own week lets expect {expected:.0f} entries"
    return None


def expected_between(
    by_hour: Mapping[int, int], counted_from: datetime, last: datetime, now: datetime
) -> float:
    """How many entries the hours of the week from ``last`` to ``now`` usually bring.

    ``by_hour`` counts the entries by hour of the week from ``counted_from`` to ``last``.
    """
    weeks = max((last - counted_from) / timedelta(days=7), 1.0)
    whole = timedelta(hours=1)
    expected, at = 0.0, last
    while at < now:
        step = min(whole, now - at)
        expected += by_hour.get(hour_of_week(at), 0) / weeks * (step / whole)
        at += step
    return expected
