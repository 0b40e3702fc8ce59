"""Clocks that were wrong: what they wrote is pulled back, and no wait outlasts them."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from crawler.channels.maildir import MaildirChannel
from storage import tables as t
from storage.archive import SqlArchive
from storage.clock_repair import SqlClockRepair
from tests.integration.test_outages import HOSTS, archive, install, make_due, running
from tests.integration.test_outbox import Desk, an_issue, keep, names
from tests.places import PROJECT
from tests.site.wire import Wire

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
AHEAD = NOW + timedelta(days=3)
SET_CLOCK = """
import os, sys
from datetime import datetime as real, timedelta

class datetime(real):
    @classmethod
    def now(cls, tz=None):
        try:
            ahead = float(open(os.environ["TEST_CLOCK"]).read() or 0)
        except (OSError, ValueError):
            ahead = 0.0
        return real.now(tz) + timedelta(seconds=ahead)

import apscheduler.schedulers.base, apscheduler.triggers.interval, apscheduler.triggers.cron
import apscheduler.executors.base, apscheduler.util, apscheduler.job
from crawler import app
for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, apscheduler.job,
               apscheduler.triggers.cron, apscheduler.executors.base, app):
    if hasattr(module, "datetime"):
        module.datetime = datetime
from crawler.__main__ import main
main()
"""


def test_a_clock_that_was_days_ahead_for_a_while_stops_no_watch(tmp_path: Path) -> None:
    """What was planned while it was ahead, by rows or by APScheduler, is planned anew, and a finding
    says so; before, the watch stood still for those days, silently."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    with Wire(HOSTS, addresses=len(HOSTS)) as wire:
        config = install(tmp_path, wire)
        command = [sys.executable, "-c", SET_CLOCK, "--config", str(config), "run"]
        env = {"TEST_CLOCK": str(clock), "PYTHONPATH": str(PROJECT)}
        with running(config, wire, command=command, env=env) as daemon:
            daemon.wait_for("polled source=paper", len(HOSTS))
            clock.write_text(str(3 * 86_400))
            daemon.wait_for("polled source=paper", 2 * len(HOSTS))  # all was due then
            clock.write_text("0")
            daemon.wait_for("polled source=paper", 3 * len(HOSTS))
            daemon.wait_until(lambda: "clock" in _open_findings(archive(config)))
            assert daemon.stop() == 0
        assert daemon.said().count("the clock jumped seconds=") == 2
        assert "Traceback" not in daemon.said()


def test_a_machine_that_was_suspended_catches_up_once(tmp_path: Path) -> None:
    """It is stopped over the time at which the feeds are due: each is asked once when it goes on."""
    with Wire(HOSTS, addresses=len(HOSTS)) as wire:
        config = install(tmp_path, wire)
        with running(config, wire) as daemon:
            daemon.wait_for("polled source=paper", len(HOSTS))
            # Before it is stopped: it may be stopped amid a transaction, and hold the database.
            make_due(archive(config), datetime.now(UTC) + timedelta(seconds=2))
            os.kill(daemon.process.pid, signal.SIGSTOP)
            time.sleep(4)  # eight ticks
            os.kill(daemon.process.pid, signal.SIGCONT)
            daemon.wait_for("polled source=paper", 2 * len(HOSTS))
            begun = time.monotonic()
            daemon.wait_until(lambda: time.monotonic() > begun + 3)
            assert daemon.asked() == 2 * len(HOSTS)
            assert daemon.stop() == 0


def test_times_further_ahead_than_any_rule_are_pulled_back(archive: SqlArchive) -> None:
    """A feed's next poll, a host's hold, an issue's end; a slot of a day to come is free again."""
    stray = an_issue(until=AHEAD)
    archive.queue_issues([stray])
    with archive.engine.begin() as c:
        feed = {"source": "news", "failures": 0, "reason": "", "detail": "", "notes": []}
        c.execute(sa.insert(t.feeds).values(**feed, feed="a", next_poll_at=AHEAD))
        c.execute(sa.insert(t.feeds).values(**feed, feed="b", next_poll_at=NOW + MINUTE))
        hold = {"host": "news.test", "not_before_at": AHEAD, "reason": ""}
        c.execute(sa.insert(t.hosts).values(hold))
    counts = SqlClockRepair(archive.engine).pull_back(NOW)
    assert counts.keys() >= {"feeds.next_poll_at", "hosts.not_before_at", "issues.until"}
    assert [state.feed for state in archive.due_states(NOW)] == ["a"]
    (history,) = archive.issue_histories(stray.recipe).values()
    assert history.last_until == NOW
    assert archive.issued_addresses(stray.recipe, stray.slot) == frozenset()
    assert SqlClockRepair(archive.engine).pull_back(NOW) == {}


def test_a_digest_of_a_day_to_come_does_not_hide_that_days_own(
    archive: SqlArchive, tmp_path: Path
) -> None:
    """A wrong clock makes the issue of a day three days ahead; that day's own is another mail. Under
    one Message-ID a Maildir, and many a mail reader, would keep the first only."""
    desk = Desk(archive)
    desk.subscribe("a@desk.test")
    desk.now = NOW
    assert [names(text) for text in desk.day(0)] == [[]]
    keep(archive, "early", NOW)
    desk.now = AHEAD
    assert [names(text) for text in desk.day(0)] == [["early"]]
    (stray,) = desk.mails
    SqlClockRepair(archive.engine).pull_back(NOW)
    keep(archive, "late", NOW)
    desk.now = AHEAD
    assert [names(text) for text in desk.day(0)] == [["late"]]
    (own,) = desk.mails
    box, sent = MaildirChannel(), replace(own, recipient=str(tmp_path / "box"))
    for mail in (replace(stray, recipient=sent.recipient), sent):
        asyncio.run(box.deliver(mail))
    assert len(list((tmp_path / "box" / "new").iterdir())) == 2
    desk.writer.close()


MINUTE = timedelta(minutes=1)


def _open_findings(path: Path) -> set[str]:
    with closing(sqlite3.connect(path, timeout=60)) as c:
        return {k for (k,) in c.execute("SELECT kind FROM findings WHERE closed_at IS NULL")}
