"""The daemon in this process, with the real engine, against small papers on loopback."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from crawler.app import open_reader
from crawler.config import Config
from crawler.daemon import canary as canary_run
from crawler.daemon.loop import Daemon
from crawler.fetch import block_pages
from crawler.model import Delivery, Feed, FeedState, Finding, Message, Poll
from crawler.monitoring import canary
from crawler.polling import closing, outcomes
from crawler.seeds import Seeds
from crawler.workers.pool import ReaderPool
from tests import engine
from tests.builders import NOW
from tests.integration.test_outbox import an_issue
from tests.integration.test_ways import FEED, MINUTES, desk
from tests.site.server import send
from tests.site.wire import Wire

KINDS = ("feed", "sitemap")


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    """One worker for all tests of this module."""
    empty = Seeds(sources={}, concepts={}, topics={}, digests={})
    readers = open_reader(Config.model_validate({"reading": {"workers": 1}}), empty)
    readers.start()
    yield readers
    readers.stop()


@pytest.fixture
def wire() -> Iterator[Wire]:
    """One paper with two items."""
    with Wire(["wire.test"]) as papers:
        papers.papers["wire.test"].publish(2, datetime.now(UTC) - 2 * MINUTES, MINUTES)
        yield papers


@pytest.fixture
def daemon(wire: Wire, tmp_path: Path, pool: ReaderPool) -> Iterator[Daemon]:
    """A daemon that watches the paper's feed."""
    with engine.running(desk(tmp_path, wire, FEED), pool) as ready:
        yield ready


def feed_requests(wire: Wire) -> int:
    """How often the feed was requested."""
    return sum(path == "/feed" for _, path, _ in wire.log)


def pass_time(daemon: Daemon, by: timedelta) -> None:
    """Let the daemon's clock go forward."""
    clock = daemon.app.clock
    assert isinstance(clock, engine.Clock)
    clock.forward(by)


async def tick(daemon: Daemon) -> None:
    """One tick, and the rounds that it began."""
    await daemon.tick()
    await engine.rounds_of(daemon)


def lines_of(lines: Sequence[Any], event: str) -> list[Any]:
    """The log's lines of one event."""
    return [line for line in lines if line["event"] == event]


# ── ticks ─────────────────────────────────────────────────────────────────────────────────────


def test_a_feed_is_polled_when_it_is_due_and_not_before(daemon: Daemon, wire: Wire) -> None:
    """A tick polls what the archive's rows say is due; the next one leaves it alone."""

    async def work() -> None:
        for _ in range(3):
            await tick(daemon)
        assert feed_requests(wire) == 1
        assert daemon.app.archive.counts()["articles"] == 2
        pass_time(daemon, timedelta(hours=7))
        await tick(daemon)
        assert feed_requests(wire) == 2

    engine.run(work())


def test_a_feed_in_hand_is_not_polled_a_second_time(daemon: Daemon, wire: Wire) -> None:
    """Rounds go on beside ticks."""

    async def work() -> None:
        await daemon.tick()
        await daemon.tick()
        await daemon.tick()
        await engine.rounds_of(daemon)
        assert feed_requests(wire) == 1
        assert not daemon.engine.in_hand

    engine.run(work())


def test_a_feed_stays_in_hand_though_another_kind_s_crawl_breaks(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the next tick would poll it a second time beside the first."""
    source = daemon.app.seeds.sources["wire"]
    feeds = [(source, Feed(url=f"http://wire.test/{kind}", kind=kind)) for kind in KINDS]

    async def work() -> set[tuple[str, str]]:
        may_end = asyncio.Event()

        async def crawl(kind: str, *args: object) -> None:
            if kind == KINDS[0]:
                raise RuntimeError("no spider")
            await may_end.wait()

        monkeypatch.setattr(daemon.engine, "_crawl", crawl)
        polling = asyncio.create_task(daemon.engine.poll(feeds))
        for _ in range(10):
            await asyncio.sleep(0)
        in_hand = set(daemon.engine.in_hand)
        may_end.set()
        with pytest.raises(RuntimeError, match="no spider"):
            await polling
        return in_hand

    assert ("wire", feeds[1][1].url) in engine.run(work())
    assert daemon.engine.in_hand == set()


def test_a_round_that_breaks_is_logged_and_the_next_one_polls(
    daemon: Daemon, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What broke one round says nothing of the next."""

    async def broken(*args: object, **more: object) -> None:
        raise RuntimeError("no crawl")

    async def work() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(daemon.engine, "poll", broken)
            await tick(daemon)
        await asyncio.sleep(0)
        assert feed_requests(wire) == 0
        await tick(daemon)
        assert feed_requests(wire) == 1

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    assert len(lines_of(lines, "a round of polls broke")) == 1


# ── polls that cannot be written ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("polled_before", [False, True])
def test_a_poll_that_cannot_be_written_is_repeated_only_after_its_back_off(
    daemon: Daemon, wire: Wire, monkeypatch: pytest.MonkeyPatch, polled_before: bool
) -> None:
    """A full disk neither silences a feed that has no row yet, nor has one asked at every tick; the
    trouble is a finding, and ends with its cause."""

    def full(poll: Poll, state: FeedState) -> None:
        raise OSError("disk full")

    async def work() -> None:
        if polled_before:
            await tick(daemon)
            pass_time(daemon, timedelta(hours=7))
        before = feed_requests(wire)
        with monkeypatch.context() as patched:
            patched.setattr(daemon.app.archive, "close_poll", full)
            for _ in range(5):
                await tick(daemon)
            assert feed_requests(wire) == before + 1
            assert [f.kind for f in daemon.engine.unwritten.findings()] == ["unwritten"]
            pass_time(daemon, timedelta(hours=7))
            for _ in range(5):
                await tick(daemon)
            assert feed_requests(wire) == before + 2
        pass_time(daemon, timedelta(hours=7))
        polls = daemon.app.archive.counts()["polls"]
        await tick(daemon)
        assert daemon.app.archive.counts()["polls"] > polls
        assert daemon.engine.unwritten.findings() == []

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    refused = lines_of(lines, "a poll could not be closed")
    assert [line["attempt"] for line in refused] == [1]  # the finding is open until it is over
    assert "disk full" in refused[0]["error"]


def test_a_poll_is_written_late_without_a_second_request(
    daemon: Daemon, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is kept in memory: once the archive takes it, the feed's plan is as if nothing was."""

    def locked(poll: Poll, state: FeedState) -> None:
        raise sqlite3.OperationalError("database is locked")

    async def work() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(daemon.app.archive, "close_poll", locked)
            await tick(daemon)
        assert daemon.app.archive.counts()["polls"] == 0
        pass_time(daemon, closing.FIRST_RETRY)
        await tick(daemon)
        assert daemon.app.archive.counts()["polls"] == 1
        assert feed_requests(wire) == 1

    engine.run(work())


def test_polls_are_written_late_together(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by itself, a hundred would keep a tick waiting for an hour while the archive is locked."""
    unwritten, now = daemon.engine.unwritten, daemon.app.clock()
    for n in range(3):
        row = Poll(source="wire", feed=f"http://wire.test/{n}", started_at=now, ended_at=now,
                   outcome="nothing_new")  # fmt: skip
        poll = closing.ClosedPoll(poll=row, state=FeedState(source="wire", feed=row.feed))
        unwritten.refused(poll, OSError("locked"), now)
    pass_time(daemon, 2 * closing.FIRST_RETRY)
    handed_over: list[asyncio.Future[None]] = []

    class Locked:
        def soon(self, work: object) -> asyncio.Future[None]:
            handed_over.append(asyncio.get_running_loop().create_future())
            return handed_over[-1]

    async def work() -> int:
        writing = asyncio.create_task(daemon.engine.write_again())
        for _ in range(10):
            await asyncio.sleep(0)
        count = len(handed_over)
        while not writing.done():
            for future in handed_over:
                if not future.done():
                    future.set_result(None)
            await asyncio.sleep(0)
        return count

    monkeypatch.setattr(daemon.app, "writer", Locked())
    assert engine.run(work()) == 3
    assert len(unwritten) == 0
    monkeypatch.undo()


def test_a_page_that_cannot_be_written_is_counted_and_logged_once(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has failed with its reason and is tried again; the poll says so, and balances."""

    def full(*args: object) -> None:
        raise OSError("disk full")

    async def work() -> None:
        polls: list[Poll] = []
        with monkeypatch.context() as patched:
            patched.setattr(daemon.app.archive, "save_articles", full)
            await daemon.engine.poll(watched(daemon), polls.append)
        (poll,) = polls
        assert (poll.new, poll.failed, poll.kept, poll.balances) == (2, 2, 0, True)
        assert "disk full" in poll.explanation
        assert daemon.app.archive.counts()["failed"] == 2
        pass_time(daemon, timedelta(hours=7))
        await daemon.engine.poll(watched(daemon), polls.append)
        assert daemon.app.archive.counts()["articles"] == 2

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    assert len(lines_of(lines, "page_not_written")) == 1


def watched(daemon: Daemon) -> list[Any]:
    """All that the daemon watches."""
    sources = daemon.app.seeds.sources.values()
    return [(source, feed) for source in sources for feed in source.feeds]


# ── a database that another process holds ─────────────────────────────────────────────────────


def test_a_page_that_breaks_its_spider_is_fetched_a_few_times_only(
    daemon: Daemon, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt counts, and in the end the page has failed, with the error."""

    def broken(*args: object) -> None:
        raise ValueError("no such page")

    monkeypatch.setattr(block_pages, "block_kind", broken)
    for _ in range(outcomes.MAX_PAGE_ATTEMPTS + 2):
        engine.run(tick(daemon))
        pass_time(daemon, timedelta(hours=25))
    assert sum(path == "/a/0" for _, path, _ in wire.log) == outcomes.MAX_PAGE_ATTEMPTS
    counts = daemon.app.archive.counts()
    assert (counts["queued"], counts["failed"]) == (0, 2)


def test_a_locked_archive_delays_a_poll_and_not_the_loop(daemon: Daemon, wire: Wire) -> None:
    """While another connection holds the write lock, a poll that opened a gap waits to be closed;
    the loop goes on, and so would every download."""
    lock = Lock(str(daemon.app.archive.engine.url.database), seconds=6.0)

    async def work() -> None:
        await tick(daemon)
        pass_time(daemon, timedelta(hours=7))
        wire.papers["wire.test"].publish(40, datetime.now(UTC), timedelta(seconds=0.01))
        daemon.app.reached = lock.hold_at("poll.closing")
        async with engine.Pulse() as pulse:
            await tick(daemon)
        assert lock.was_held
        waited_for_turn = pulse.longest_of_a_thread_seconds
        assert pulse.longest_seconds < waited_for_turn + lock.seconds / 10
        assert len(daemon.app.coverage.gaps()) == 1

    engine.run(work())
    lock.join()


class Lock:
    """The archive's write lock, held for a while by another connection in another thread."""

    def __init__(self, path: str, seconds: float) -> None:
        self.seconds, self._path = seconds, path
        self._held = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    @property
    def was_held(self) -> bool:
        """Whether it came to that."""
        return self._held.is_set()

    def hold_at(self, failpoint: str) -> Callable[[str], None]:
        """A failpoint that takes the lock when this one is reached first."""

        def reached(name: str) -> None:
            if name == failpoint and not self._held.is_set():
                self._thread.start()
                self._held.wait(60)

        return reached

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _hold(self) -> None:
        other = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self._held.set()
        threading.Event().wait(self.seconds)
        other.execute("COMMIT")
        other.close()


# ── findings ──────────────────────────────────────────────────────────────────────────────────


def test_checks_at_the_same_time_log_a_finding_once(daemon: Daemon) -> None:
    """A clock that was set, an inspection and the canary each ask for a check of their own."""
    proof = Finding(source="", kind="canary", proof="not in the mail", opened_at=NOW)
    daemon._canary_findings = [proof]

    async def work() -> None:
        await asyncio.gather(*(daemon._check() for _ in range(4)))

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    assert len(lines_of(lines, "found")) == 1
    assert len(daemon.app.coverage.findings(everything=True)) == 1


# ── the end of a run ──────────────────────────────────────────────────────────────────────────


def test_a_run_ends_when_it_is_stopped(daemon: Daemon, wire: Wire) -> None:
    """It polls what is due until then, and its exit code is 0."""

    async def work() -> int:
        stop = asyncio.Event()
        wire.answers["/feed"] = lambda request: stopping(request, stop)
        return await daemon.run(stop)

    loop = engine.loop()

    def stopping(request: Any, stop: asyncio.Event) -> int:
        loop.call_soon_threadsafe(stop.set)
        return send(request, 503, "text/plain", b"later")

    assert engine.run(work()) == 0
    assert feed_requests(wire) == 1


def test_a_canary_that_takes_too_long_is_forgotten_after_its_polls(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite gives the ids of deleted rows to new ones: what a canary's poll wrote later would be
    written to another source's page."""
    happened: list[str] = []

    async def slow(*args: object) -> None:
        while happened.count("canary") < len(canary.LANGUAGES):  # its outcome is written
            await asyncio.sleep(0)
        happened.append("polled")

    monkeypatch.setattr(canary_run, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(daemon.engine, "poll", slow)
    canaries = daemon.app.canaries
    monkeypatch.setattr(canaries, "forget", lambda *of: happened.append("forgotten"))
    monkeypatch.setattr(canaries, "write", lambda *of: happened.append("canary"))
    (finding,) = engine.run(canary_run.run(daemon.app, daemon.engine, asyncio.Lock()))
    assert "TimeoutError" in finding.proof
    assert happened == ["forgotten", *["canary"] * len(canary.LANGUAGES), "polled", "forgotten"]


def test_a_stop_leaves_nothing_of_a_canary(daemon: Daemon, wire: Wire) -> None:
    """A canary that the stop cut off has left rows: they meet no count and no search until the
    next.
    """

    async def work() -> tuple[int, int]:
        source = canary.source()
        await daemon.engine.poll([(source, source.feeds[0])], lambda poll: None)
        before = daemon.app.archive.counts()["sightings"]
        stop = asyncio.Event()
        stop.set()
        assert await daemon.run(stop) == 0
        await daemon.app.writer.drain()
        return before, daemon.app.archive.counts()["sightings"]

    wire.answers["/feed"] = lambda request: send(request, 503, "text/plain", b"later")
    assert engine.run(work()) == (1, 0)


def test_a_mail_in_hand_at_a_stop_is_delivered(daemon: Daemon) -> None:
    """The scheduler cancels its jobs when it ends; the mail would be one of unknown fate."""
    stop, mails = asyncio.Event(), list[Message]()

    class Slow:
        async def deliver(self, message: Message) -> Delivery:
            stop.set()
            while not daemon.app.stopping:
                await asyncio.sleep(0)
            await asyncio.sleep(0.1)
            mails.append(message)
            return Delivery(outcome="sent")

    daemon.app.outbox = replace(daemon.app.outbox, channels={"smtp": Slow()})
    daemon.app.archive.queue_issues([an_issue()])
    assert engine.run(daemon.run(stop)) == 0
    assert len(mails) == 1
    assert daemon.app.archive.mails(("sending",)) == []


def test_a_single_round_that_is_stopped_is_awaited(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks it then is logged, and no exception is left without a reader."""

    async def work() -> int:
        stop = asyncio.Event()

        async def broken(*args: object, **more: object) -> None:
            stop.set()
            while not daemon.app.stopping:
                await asyncio.sleep(0)
            raise RuntimeError("cut off")

        monkeypatch.setattr(daemon.engine, "poll", broken)
        return await daemon.once(stop, set(), everything=True)

    with structlog.testing.capture_logs() as lines:
        assert engine.run(work()) == 0
    assert len(lines_of(lines, "a round of polls broke")) == 1


def test_what_breaks_a_scheduled_job_is_logged(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the job's name, in the same log as everything else; the daemon goes on."""

    async def work() -> int:
        stop = asyncio.Event()

        def broken() -> int:
            daemon.app.stopping = True  # nothing is to be polled
            engine.loop().call_soon_threadsafe(stop.set)
            raise RuntimeError("no outbox")

        monkeypatch.setattr(type(daemon.app.outbox), "queue_due", lambda self: broken())
        return await daemon.run(stop)

    with structlog.testing.capture_logs() as lines:
        assert engine.run(work()) == 0
    (line,) = lines_of(lines, "a scheduled job broke")
    assert line["job"] == "outbox"


def test_a_job_that_a_stop_cuts_off_is_no_error(daemon: Daemon) -> None:
    """The scheduler would log a traceback for it."""

    async def work() -> None:
        cut_off = asyncio.create_task(daemon.jobs.run("outbox", asyncio.Event().wait))
        await asyncio.sleep(0)
        daemon._leaving.set()
        cut_off.cancel()
        await cut_off
        assert not cut_off.cancelled()

    engine.run(work())


def test_a_job_that_breaks_each_time_is_one_traceback_and_its_end_a_line(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick that breaks does so every five seconds: 17,000 tracebacks a day."""
    broken = True

    async def work() -> None:
        if broken:
            raise RuntimeError(f"at {time.monotonic()}")

    async def a_day() -> None:
        nonlocal broken
        for _ in range(100):
            await daemon.jobs.run("outbox", work)
        broken = False
        await daemon.jobs.run("outbox", work)
        await daemon.jobs.run("outbox", work)

    with structlog.testing.capture_logs() as lines:
        engine.run(a_day())
    assert [(line["event"], line["job"], line.get("times")) for line in lines] == [
        ("a scheduled job broke", "outbox", None),
        ("a scheduled job works again", "outbox", 100),
    ]


def test_the_end_of_a_finding_is_a_line_too(daemon: Daemon) -> None:
    """Who reads only warnings sees both."""
    now = daemon.app.clock()
    ours = Finding(source="", kind="storage", proof="full", opened_at=now)
    with structlog.testing.capture_logs() as lines:
        daemon._judge_health([ours])
        daemon._judge_health([ours])
        daemon._judge_health([])
        daemon._judge_health([])
    said = [(line["event"], line["kind"]) for line in lines if line.get("kind") == "storage"]
    assert said == [("found", "storage"), ("found no more", "storage")]
