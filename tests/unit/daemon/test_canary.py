"""When the canary is late: only in the time in which it could have been sent."""

from __future__ import annotations

from datetime import timedelta

from crawler.daemon import canary
from tests.builders import NOW

HOUR, TICK = timedelta(hours=1), timedelta(seconds=5)
HEARD = {"ar": NOW, "fr": NOW, "en": None}


def test_a_canary_is_late_while_the_daemon_is_at_work() -> None:
    """Two of them in a row did not arrive, or none ever did."""
    (finding,) = canary.stale(HEARD, NOW + 3 * HOUR, NOW)
    assert finding.kind == "canary"
    assert "ar: last heard" in finding.proof and "en: never heard" in finding.proof
    assert canary.stale(HEARD | {"en": NOW}, NOW + HOUR, NOW - 9 * HOUR) == []


def test_a_canary_is_not_late_after_a_pause() -> None:
    """A machine that slept, a clock that was set in either direction, an archive that was out."""
    awake = canary.Awake()
    assert awake.note(NOW) == NOW
    assert awake.note(NOW + TICK) == NOW
    for later in (NOW + 72 * HOUR, NOW + HOUR):
        assert awake.note(later) == later
        assert canary.stale(HEARD, later, awake.since) == []
    at = NOW + HOUR
    while at < NOW + 4 * HOUR:
        at += canary.PAUSE
        awake.note(at)
    assert len(canary.stale(HEARD, at, awake.since)) == 1
