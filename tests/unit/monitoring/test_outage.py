"""An outage of the archive: said once, tried again at growing intervals, over once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import structlog.testing

from crawler.errors import LockHeldError, RasdError, StorageError
from crawler.monitoring import outage
from crawler.monitoring.outage import ArchiveWatch

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
FULL = StorageError("full", "no space left")


@dataclass
class Place:
    """A place whose trouble a test chooses."""

    lock: RasdError | None = None
    trouble: StorageError | None = None
    unwritable: StorageError | None = None
    problem: str = ""  # that reading all of it finds
    notes: list[str] = field(default_factory=list)
    probes: int = 0
    readings: int = 0
    ticks: float = 0.0

    def require_lock(self) -> None:
        if self.lock is not None:
            raise self.lock

    def note(self, trouble: str) -> None:
        self.notes.append(trouble)

    def look(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def probe(self) -> None:
        self.probes += 1
        if self.unwritable is not None:
            raise self.unwritable

    def damage(self) -> str:
        self.readings += 1
        return self.problem


def watch_of(place: Place) -> ArchiveWatch:
    return ArchiveWatch(place, lambda: NOW, lambda: place.ticks)


def test_a_trouble_is_logged_once_however_often_it_is_met() -> None:
    """Every job meets it; one line says it, one that it is over, and so does the note."""
    place = Place(unwritable=FULL)
    watch = watch_of(place)
    with structlog.testing.capture_logs() as lines:
        for _ in range(50):
            watch.report(FULL)
        for _ in range(1_000):
            place.ticks += 1
            assert not watch.is_usable()
        place.unwritable = None
        place.ticks += outage.LONGEST_RETRY_SECONDS
        assert watch.is_usable()
    assert [line["log_level"] for line in lines] == ["error", "warning"]
    assert place.notes == ["full since 2026-11-30 08:00 UTC: no space left", ""]


def test_the_waits_double_and_end_at_the_longest() -> None:
    """A thousand seconds of a full disk are nine attempts, not a thousand."""
    place = Place(unwritable=FULL)
    watch, at = watch_of(place), []
    watch.report(FULL)
    for _ in range(1_000):
        place.ticks += 1
        before = place.probes
        watch.is_usable()
        if place.probes > before:
            at.append(place.ticks)
    assert at == [5, 15, 35, 75, 155, 315, 615, 915]


def test_an_outage_soon_after_another_begins_with_its_waits() -> None:
    """A disk that has room for one poll only must not be asked every five seconds."""
    place = Place()
    watch = watch_of(place)
    for _ in range(3):
        watch.report(FULL)
        place.ticks += outage.LONGEST_RETRY_SECONDS
        assert watch.is_usable()
    watch.report(FULL)
    assert watch.outage is not None
    assert watch.outage.retry_at - place.ticks == outage.FIRST_RETRY_SECONDS * 8


def test_a_damaged_archive_is_not_written_until_it_is_read_as_a_whole() -> None:
    """A write that succeeds proves nothing of the pages it doesn't touch; of other troubles it
    does, and reading all would take minutes."""
    place = Place(problem="articles: page 7 is gone")
    watch = watch_of(place)
    watch.report(StorageError("damaged", "malformed"))
    with structlog.testing.capture_logs() as lines:
        for _ in range(10_000):
            place.ticks += 1
            assert not watch.is_usable()
    assert lines == [] and place.probes == 0 and place.readings > 10
    place.problem = ""
    place.ticks += outage.LONGEST_RETRY_SECONDS
    assert watch.is_usable() and place.probes == 1
    before = place.readings
    watch.report(FULL)
    place.ticks += outage.LONGEST_RETRY_SECONDS
    assert watch.is_usable() and place.readings == before


def test_a_server_that_is_away_is_asked_every_twenty_seconds() -> None:
    """Half a minute of maintenance must not cost five."""
    place = Place(trouble=StorageError("unreachable", "refused"))
    watch = watch_of(place)
    assert not watch.is_usable()
    for _ in range(30):
        place.ticks += 1
        watch.is_usable()
    place.trouble = None
    for _ in range(20):
        place.ticks += 1
        watch.is_usable()
    assert watch.outage is None


@pytest.mark.parametrize(
    "error", [LockHeldError("held by pid 7"), StorageError("replaced", "another file")]
)
def test_a_lost_archive_is_lost_for_good(error: RasdError) -> None:
    """Nothing is written from then on, also if the lock is free again: others wrote meanwhile."""
    place = Place()
    watch = watch_of(place)
    if isinstance(error, StorageError):
        place.trouble = error
    else:
        place.lock = error
    assert not watch.is_usable()
    place.trouble = place.lock = None
    place.ticks += 10_000
    assert not watch.is_usable()
    with pytest.raises(StorageError):
        watch.require()
    assert watch.lost is error
