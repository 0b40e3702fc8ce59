"""What is wrong with a source, judged from what the archive holds. Pure: rows and a clock in.

A source is measured against its own past: the hours of its week, the length of its own texts. What
befalls everything at once is one finding about us (``source`` ""), not a hundred about others.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from crawler.model import NO_CONNECTION, Cause, Finding, Gap, Reason, Source, sentence

KINDS = (
    "blocked", "bodies_empty", "bodies_shrunk", "burst", "canary", "empty", "endless", "etag_lie", "failing",
    "garbled", "low_text", "moved", "not_a_feed", "offline", "overflow", "silence", "silent", "stuck",
    "suspicious", "tls", "undated", "wrong_language",
)  # fmt: skip
"""Every kind of finding; ``rendering`` words each for the digest's footer."""

HISTORY = timedelta(days=28)  # of a source's hours: four of each hour of the week
LEAST_HISTORY = timedelta(days=7)  # below, the seed's ``stale_after`` is all we have
UNLIKELY = 0.001  # a silence less likely than that is an alarm …
SLACK = 0.5  # … even if only half as much were published as usual: Ramadan, holidays, August
LONGEST_SILENCE = timedelta(days=21)  # of a source that once published, however seldom
SHORTEST_SILENCE = timedelta(hours=6)  # a morning without news is a morning
BURST = 2_000  # entries first seen within an hour: more than one poll takes up again (R17) …
LATELY = timedelta(days=1)  # … and for so long it is news
RECENT = timedelta(days=7)  # an older gap stands in the ledger, but is no news
TEXTS = 20  # newest articles that texts are judged by
AGAIN = 3  # failures in a row that make a finding; one bad hour is none
ODD = {  # oddity → (how many of the newest articles make a finding, what is wrong with them)
    "garbled": (1, "could not be decoded: replacement characters stand in them"),
    "low_text": (3, "are pictures with next to no text"),
    "stuck": (1, "broke their reader: judged by title, summary and address alone"),
    "suspicious": (1, "would be flagged by text that no reader sees"),
}
EVERYTHING = 0.8  # share of the sources that fall silent together: then it is us


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHistory:
    """How a feed's last poll went."""

    url: str
    outcome: str | None
    failures: int
    last_success_at: datetime | None
    lied_at: datetime | None = None
    first_success_at: datetime | None = None
    reason: Reason = ""
    detail: str = ""
    notes: Sequence[Cause] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHistory:
    """What is measured of one article."""

    characters: int
    language: str
    dated: bool
    full: bool
    article_id: int = 0
    oddities: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHistory:
    """What the archive says of one source: its feeds, its hours, its newest texts (newest first)."""

    source: Source
    feeds: Sequence[FeedHistory] = ()
    first_success_at: datetime | None = None
    seen: Sequence[datetime] = ()  # first sightings of the last HISTORY, oldest first
    texts: Sequence[TextHistory] = ()
    walls: int = 0  # of the newest TEXTS pages asked for, those that a wall answered
    gaps: Sequence[Gap] = field(default_factory=tuple)


def findings(signs: Sequence[SourceHistory], now: datetime) -> list[Finding]:
    """Everything wrong now, the sources in the order given, what is ours last."""
    found: dict[str, dict[str, str]] = {s.source.slug: dict(_of(s, now)) for s in signs}
    ours: dict[str, str] = {}
    polled = [s for s in signs if s.feeds]
    for kind, of_us, proof in (
        ("silent", "silence", "{n} of {all} sources fell silent together"),
        ("unreachable", "offline", "{n} of {all} sources out of reach together"),
    ):
        struck = [slug for slug, kinds in found.items() if kind in kinds]
        if len(struck) >= 3 and len(struck) >= EVERYTHING * len(polled):
            ours[of_us] = proof.format(n=len(struck), all=len(polled))
            for slug in struck:
                found[slug].pop("failing", None)
                del found[slug][kind]
    for kinds in found.values():
        kinds.pop("unreachable", None)  # alone it is a source that fails, and found as that
    found[""] = ours
    return [
        Finding(source=slug, kind=kind, proof=proof, opened_at=now)
        for slug, kinds in found.items()
        for kind, proof in kinds.items()
    ]


def _of(signs: SourceHistory, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _feeds(signs.feeds, now)
    if signs.walls * 2 >= TEXTS:
        yield "blocked", f"{signs.walls} of the last {TEXTS} pages were challenges or consent walls"
    for gap in [g for g in signs.gaps if now - g.opened_at < RECENT][-1:]:
        yield (
            "overflow",
            f"nothing overlapped from {gap.from_at:%Y-%m-%d %H:%M} to {gap.to_at:%Y-%m-%d %H:%M} UTC",
        )
    if burst := _burst(signs.seen, now):
        yield "burst", burst
    yield from _texts(signs)
    yield from _odd(signs.texts[:TEXTS])
    if any(feed.failures == 0 for feed in signs.feeds) and (said := silent(signs, now)):
        yield "silent", said


def _feeds(feeds: Sequence[FeedHistory], now: datetime) -> Iterator[tuple[str, str]]:
    """What the last polls say; their explanation is the proof."""
    for feed in feeds:
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
            if feed.outcome != "empty" or feed.failures >= AGAIN:
                yield feed.outcome, proof
        elif feed.failures >= AGAIN:
            yield "failing", f"{proof} ({feed.failures} times in a row)"


def _burst(seen: Sequence[datetime], now: datetime) -> str:
    """The proof that very much came at once of late, "" where nothing did."""
    late = seen[bisect_left(seen, now - LATELY) :]
    for last in range(BURST, len(late)):
        if late[last] - late[last - BURST] < timedelta(hours=1):
            return f"{len(late)} entries first seen since {late[0]:%Y-%m-%d %H:%M} UTC; what is not asked for yet is queued"
    return ""


def _texts(signs: SourceHistory) -> Iterator[tuple[str, str]]:
    newest = signs.texts[:TEXTS]
    if len(newest) < TEXTS:
        return
    empty = sum(not t.full for t in newest)
    if empty * 2 > TEXTS:
        yield "bodies_empty", f"{empty} of the last {TEXTS} articles had no text"
    older = [t.characters for t in signs.texts[TEXTS:] if t.full]
    if len(older) >= TEXTS and empty * 2 <= TEXTS:
        now_long, then_long = median(t.characters for t in newest), median(older)
        if now_long * 4 < then_long:
            yield "bodies_shrunk", f"texts have {now_long:.0f} characters, they had {then_long:.0f}"
    undated = sum(not t.dated for t in newest)
    if undated * 4 >= TEXTS * 3:
        yield "undated", f"{undated} of the last {TEXTS} articles carry no date"
    language, count = Counter(t.language for t in newest).most_common(1)[0]
    if language not in (*signs.source.languages, "und") and count * 2 > TEXTS:
        yield "wrong_language", f"{count} of the last {TEXTS} articles are in {language!r}"


def _odd(newest: Sequence[TextHistory]) -> Iterator[tuple[str, str]]:
    """Articles for somebody to look at, by their ids: ``rasd show`` and ``rasd explain`` take them."""
    for oddity, (enough, wrong) in ODD.items():
        struck = [t.article_id for t in newest if oddity in t.oddities]
        if len(struck) >= enough:
            yield (
                oddity,
                f"{len(struck)} of the last {len(newest)} articles {wrong}: {', '.join(map(str, struck))}",
            )


def oddities(stored: Sequence[str], extraction: str) -> tuple[str, ...]:
    """What is strange about an article; one that broke its reader is ``stuck`` besides."""
    return (*stored, "stuck") if extraction in ("timeout", "crashed") else tuple(stored)


def silent(signs: SourceHistory, now: datetime) -> str | None:
    """The proof that a source is silent, or None.

    The entries its own hours of the week let us expect since its last one are counted; it is silent
    when that none came is less likely than UNLIKELY at half its usual pace, and longer than any of
    its silences before. Quiet Fridays and nights are in those hours.
    """
    first = signs.first_success_at
    own = [at for at in signs.seen if first is not None and at > first]
    if first is None:
        return None
    last = own[-1] if own else first
    quiet = now - last
    hours = f"nothing new for {quiet / timedelta(hours=1):.0f} hours"
    if now - first < LEAST_HISTORY:
        stale = timedelta(hours=signs.source.stale_after_hours or 0)
        return f"{hours}; expected within {stale}" if stale and quiet > 2 * stale else None
    if not own:
        return None if quiet < LONGEST_SILENCE else hours
    expected = expected_between(own, first, last, now) * SLACK
    longest = max((b - a for a, b in zip([first, *own], own, strict=False)), default=timedelta(0))
    if quiet > LONGEST_SILENCE:
        return hours
    if quiet > max(SHORTEST_SILENCE, longest * 1.25) and math.exp(-expected) < UNLIKELY:
        return f"{hours}, where its own week lets expect {expected / SLACK:.0f} entries"
    return None


def expected_between(
    seen: Sequence[datetime], first: datetime, start: datetime, end: datetime
) -> float:
    """How many entries the hours of the week from ``start`` to ``end`` usually bring."""
    weeks = max((start - max(first, end - HISTORY)) / timedelta(days=7), 1.0)
    counts = Counter(hour_of_week(at) for at in seen)
    whole = timedelta(hours=1)
    expected, at = 0.0, start
    while at < end:
        step = min(whole, end - at)
        expected += counts[hour_of_week(at)] / weeks * (step / whole)
        at += step
    return expected


def hour_of_week(at: datetime) -> int:
    """0 is Monday 00:00 UTC, 167 Sunday 23:00."""
    return at.weekday() * 24 + at.hour
