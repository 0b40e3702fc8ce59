"""What is made of what ``rasd doctor`` measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.model import Backup
from crawler.monitoring import doctor, liveness
from crawler.monitoring.doctor import Check
from tests.builders import NOW
from tests.unit.monitoring.test_liveness import a_run
from tests.unit.monitoring.test_offices import a_concept
from tests.unit.monitoring.test_severity import a_finding

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RELEASED = date(2026, 11, 1)
BACKUP = Backup(folder="/b", made_at=NOW - DAY, size=1, articles=1, checked_at=NOW - DAY)
RUN = a_run()


def backup(**changes: object) -> Backup:
    """One of yesterday, tested."""
    return Backup(**{name: getattr(BACKUP, name) for name in BACKUP.__dataclass_fields__} | changes)  # type: ignore[arg-type]


def a_zone(*missing: str, differing: str = "", tables: tuple[str, str] = ("2026a", "")) -> Check:
    """The check of ten zones."""
    days = {differing: date(2026, 12, 1)} if differing else {}
    return doctor.zones(missing, days, tables, 10, NOW)


# What was measured, the outcome, and a word of what is said of it.
CHECKS: list[tuple[Callable[[], Check], str, str]] = [
    (lambda: doctor.disk(5_000_000_000), "ok", "5.0 GB"),
    (lambda: doctor.disk(500_000_000), "warn", "0.5 GB"),
    (lambda: doctor.disk(50_000_000), "fail", "0.1 GB"),
    (lambda: doctor.clock(NOW, True, [], RELEASED), "ok", "synchronised; no server has answered"),
    (lambda: doctor.clock(NOW, None, [], RELEASED), "ok", "time service unknown"),
    (lambda: doctor.clock(NOW, False, [], RELEASED), "warn", "not synchronised"),
    (lambda: doctor.clock(NOW, False, [SECOND], RELEASED), "ok", "1 s ahead of the nearest of 1"),
    (lambda: doctor.clock(NOW, True, [-300 * SECOND], RELEASED), "warn", "300 s behind"),
    # An answer of a cache is old; the nearest is right.
    (lambda: doctor.clock(NOW, None, [9000 * SECOND, SECOND], RELEASED), "ok", "nearest of 2"),
    (lambda: doctor.clock(NOW, True, [DAY, 2 * DAY], RELEASED), "fail", "86400 s ahead"),
    (lambda: doctor.clock(NOW, True, [], date(2027, 1, 1)), "fail", "before this rasd was made"),
    (lambda: a_zone(), "ok", "10 zones, tzdata 2026a, system unknown"),
    (lambda: a_zone("Mars/Base"), "fail", "no table of Mars/Base"),
    (lambda: a_zone(differing="Asia/X"), "warn", "differ for Asia/X from 2026-12-01"),
    (lambda: a_zone(tables=("2024a", "2023c")), "warn", "by decree"),
    (lambda: a_zone(tables=("2024a", "2026a")), "ok", "system 2026a"),
    (lambda: a_zone(tables=("", "")), "ok", "not installed"),
    (lambda: doctor.modes([], 2), "ok", "2 files"),
    (lambda: doctor.modes(["/x (644)"], 2), "warn", "/x (644)"),
    (lambda: doctor.damage("", "9 MB read"), "ok", "9 MB read"),
    (lambda: doctor.damage("articles: odd", ""), "fail", "articles: odd"),
    (lambda: doctor.write_ahead_log("wal", 1), "ok", "mode wal"),
    (lambda: doctor.write_ahead_log("delete", 0), "warn", "mode delete"),
    (lambda: doctor.write_ahead_log("wal", 10**9), "warn", "1000.0 MB"),
    (lambda: doctor.saved_searches([], "2"), "ok", "never checked"),
    (lambda: doctor.saved_searches([("2", NOW), ("2", NOW - DAY)], "2"), "ok", "since 2026-11-22"),
    (lambda: doctor.saved_searches([("2", NOW), ("1", NOW)], "2"), "warn", "by rasd 1 last"),
    (lambda: doctor.backups(None, None, NOW), "warn", "none was ever made"),
    (lambda: doctor.backups(BACKUP, BACKUP, NOW), "ok", "tested 2026-11-22"),
    (lambda: doctor.backups(BACKUP, None, NOW), "ok", "in /b"),
    (lambda: doctor.backups(backup(made_at=NOW - 9 * DAY), None, NOW), "warn", "9 days old"),
    (lambda: doctor.backups(BACKUP, backup(failure="cut"), NOW), "fail", "cut"),
    (lambda: doctor.daemon(liveness.judge([], None, NOW)), "warn", "none was ever"),
    (lambda: doctor.daemon(liveness.judge([RUN], (7, "press1"), NOW)), "ok", "pid 7"),
    (lambda: doctor.daemon(liveness.judge([RUN], None, NOW)), "warn", "vanished, 2026-11-23 09:59"),
    (lambda: doctor.answers({}, NOW), "warn", "ever polled"),
    (lambda: doctor.answers({"a": None}, NOW), "warn", "ever polled"),
    (lambda: doctor.answers({"a": NOW, "b": NOW - 3 * DAY}, NOW), "ok", "1 of 2 sources"),
    (lambda: doctor.answers({"a": NOW - 3 * DAY}, NOW), "warn", "the last at 2026-11-20"),
    (lambda: doctor.findings([a_finding("silent", "a")]), "ok", "none"),
    (lambda: doctor.findings([a_finding("offline")]), "warn", "offline: "),
    (lambda: doctor.office_holders([], NOW), "ok", "every office"),
    (lambda: doctor.office_holders([a_concept("Reed, mayor, 2026-10-01")], NOW), "warn", "Reed"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "outcome", "said"), CHECKS)
def test_each_measure_has_its_outcome(made: Callable[[], Check], outcome: str, said: str) -> None:
    """What is not well comes with advice, and with a page that exists if it names one."""
    check = made()
    assert check.outcome == outcome and said in check.found, check
    assert bool(check.advice) == (outcome != "ok")
    root = Path(__file__).resolve().parents[3]
    assert not check.page or (root / check.page).is_file()


def test_a_certificate_that_ends_within_a_fortnight_is_soon() -> None:
    """It is renewed a month ahead where someone looks after it."""
    assert doctor.certificate(NOW + 13 * DAY, NOW) == ("certificate until 2026-12-06", True)
    assert doctor.certificate(NOW + 15 * DAY, NOW)[1] is False
    assert doctor.certificate(None, NOW) == ("no certificate", False)


def test_outcomes_are_counted() -> None:
    """Each, also those that no check has."""
    checks = [doctor.ok("a", "b"), doctor.fail("c", "d", "e"), doctor.ok("f", "g")]
    assert doctor.summary(checks) == {"ok": 2, "warn": 0, "fail": 1}
