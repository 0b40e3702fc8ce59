"""The pool: hostile bytes cost a worker, never the process that asks, and never the next page."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.model import FeedWindow, PreparedArticle
from crawler.workers import process, shared_memory
from crawler.workers.pool import TASKS_PER_WORKER, ReaderPool
from crawler.workers.shared_memory import SLOT_BYTES
from tests.builders import a_page, a_source, an_entry

LIMIT_SECONDS = 1.0  # of CPU time a task


def hostile() -> dict[str, Callable[..., object]]:
    """What a page may do to its reader, and what a busy machine may do to it."""

    def hang() -> None:
        while True:
            pass

    def pause(x: object) -> object:
        os.kill(os.getpid(), signal.SIGSTOP)
        return x

    def first(path: str, broken: Callable[[], object]) -> str:
        if not Path(path).exists():
            Path(path).touch()
            broken()
        return "second"

    return {
        "hang": hang,
        "hang first": lambda path: first(path, hang),
        "wait first": lambda path: first(path, lambda: time.sleep(600)),
        "wait": lambda: time.sleep(600),
        "die": lambda: os._exit(11),
        "hog": lambda: bytearray(2**31),
        "raise": lambda: 1 / 0,
        "echo": lambda x: x,
        "pause": pause,
    }


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    """One worker, a second of CPU time a task."""
    made = ReaderPool((), workers=1, timeout_seconds=LIMIT_SECONDS, functions=hostile)
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("name", "failure"),
    [("hang", "timeout"), ("die", "crashed"), ("hog", "crashed"), ("raise", "crashed")],
)
def test_a_broken_task_is_named_and_the_next_is_answered(
    pool: ReaderPool, name: str, failure: str
) -> None:
    """M15, F-46, F-47: killed or crashed, the worker is replaced."""

    async def both() -> tuple[object, object]:
        return await pool.ask(name), await pool.ask("echo", 7)

    assert asyncio.run(both()) == (failure, 7)


def test_a_page_is_not_given_up_because_the_machine_is_busy(pool: ReaderPool) -> None:
    """C5: a worker that gets no CPU for longer than the limit, in the middle of a page, answers all
    the same: the limit is the worker's own CPU time, not the clock's."""

    async def kept_waiting() -> tuple[object, list[int]]:
        await pool.ask("echo", 1)
        (pid,) = pool.pids
        asked = asyncio.ensure_future(pool.ask("pause", 7))
        await asyncio.to_thread(os.waitid, os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
        await asyncio.wait([asked], timeout=1.5 * LIMIT_SECONDS)
        os.kill(pid, signal.SIGCONT)
        return await asked, [pid]

    answer, pids = asyncio.run(kept_waiting())
    assert answer == 7
    assert pool.pids == pids  # it was no second worker that answered


def test_a_page_that_waits_without_computing_is_given_up_too() -> None:
    """The CPU limit never comes; the wall clock's does, WALL_FACTOR times as late."""
    pool = ReaderPool((), workers=1, timeout_seconds=0.1, functions=hostile)
    pool.start()
    began = time.monotonic()
    try:
        assert asyncio.run(pool.ask("wait")) == "timeout"
    finally:
        pool.stop()
    assert time.monotonic() - began >= 2 * 0.1 * process.WALL_FACTOR  # it was tried twice


@pytest.mark.parametrize("name", ["hang first", "wait first"])
def test_what_ran_out_of_time_is_tried_once_more_by_itself(tmp_path: Path, name: str) -> None:
    """C5: after all that waited, without another request for it."""
    pool = ReaderPool((), workers=1, timeout_seconds=0.1, functions=hostile)
    pool.start()
    ended: list[object] = []

    async def all_at_once() -> None:
        async def ask(name: str, argument: object) -> None:
            ended.append(await pool.ask(name, argument))

        await asyncio.gather(
            ask(name, str(tmp_path / "began")), *(ask("echo", n) for n in range(6))
        )

    try:
        asyncio.run(all_at_once())
    finally:
        pool.stop()
    assert ended == [0, 1, 2, 3, 4, 5, "second"]


ORPHAN = """
import asyncio, os
from crawler.workers.pool import ReaderPool
from tests.integration.test_pool import hostile

async def die(pool):
    await pool.ask("echo", 1)
    print(*pool.pids, flush=True)
    asyncio.ensure_future(pool.ask({name!r}))
    for _ in range(3):
        await asyncio.sleep(0)  # the task goes out
    os._exit(9)

if __name__ == "__main__":
    pool = ReaderPool((), workers=2, timeout_seconds=0.1, functions=hostile)
    pool.start()
    asyncio.run(die(pool))
"""


@pytest.mark.parametrize("name", ["hang", "wait"])
def test_a_dead_parent_leaves_no_worker(name: str) -> None:
    """M15: idle, stuck or waiting, workers end by themselves when the process that asked is gone:
    they hold its output open, and that comes to its end."""
    code = ORPHAN.format(name=name)
    asked = [sys.executable, "-c", code]
    parent = subprocess.run(asked, stdout=subprocess.PIPE, text=True, timeout=500)
    pids = parent.stdout.split()
    assert parent.returncode == 9 and len(pids) == 2
    assert not any(os.path.exists(f"/proc/{pid}/exe") for pid in pids)


@pytest.mark.parametrize("name", ["hang", "die"])
def test_what_waited_behind_a_broken_task_is_answered(pool: ReaderPool, name: str) -> None:
    """R18: a worker has several tasks in hand; what breaks it costs no other page."""

    async def at_once() -> list[object]:
        return await asyncio.gather(
            pool.ask("echo", 0), pool.ask(name), *(pool.ask("echo", n) for n in range(1, 6))
        )

    answers = asyncio.run(at_once())
    assert answers == [0, "timeout" if name == "hang" else "crashed", 1, 2, 3, 4, 5]


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_in_the_page_buffer_is_not_the_next_tasks(
    shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of all lengths, many more than there are places, before and after a worker that
    broke: each is answered with its own bytes, also where the system shares no memory."""
    bodies = [
        os.urandom(length)
        for length in (0, 1, SLOT_BYTES - 1, SLOT_BYTES, SLOT_BYTES + 1, 3 * SLOT_BYTES) * 5
    ]
    if not shared:
        monkeypatch.setattr(shared_memory, "new_page_buffer", lambda slots: None)
    pool = ReaderPool((), workers=2, timeout_seconds=5.0, functions=hostile)
    pool.start()

    async def at_once() -> list[object]:
        asked = [pool.ask("echo", body) for body in bodies]
        return await asyncio.gather(*asked[:15], pool.ask("die"), *asked[15:])

    try:
        for _ in range(2):
            answers = asyncio.run(at_once())
            assert answers[:15] + answers[16:] == bodies and answers[15] == "crashed"
    finally:
        pool.stop()


def test_large_tasks_and_answers_pass_through_the_pipe(pool: ReaderPool) -> None:
    """More than a socket holds goes out in pieces while others come in, over one event loop after
    another.
    """
    bodies = [bytes([n]) * 5_000_000 for n in range(4)]

    async def at_once() -> list[object]:
        return await asyncio.gather(*(pool.ask("echo", body) for body in bodies))

    assert asyncio.run(at_once()) == bodies
    assert asyncio.run(at_once()) == bodies


def test_a_worker_that_died_idle_is_replaced(pool: ReaderPool) -> None:
    """A kill from outside costs no caller an answer."""

    async def killed_between() -> tuple[object, object]:
        first = await pool.ask("echo", 1)
        os.kill(pool.pids[0], 9)
        return first, await pool.ask("echo", 2)

    assert asyncio.run(killed_between()) == (1, 2)


def test_a_task_nobody_waits_for_any_more_is_not_given_out(pool: ReaderPool) -> None:
    """What was cancelled while it waited takes no worker's time: it would have broken this one."""

    async def cancelled() -> tuple[object, list[int]]:
        await pool.ask("echo", 0)
        pids = pool.pids
        asked = [asyncio.ensure_future(pool.ask("echo", n)) for n in range(TASKS_PER_WORKER + 1)]
        hung = asyncio.ensure_future(pool.ask("hang"))
        await asyncio.sleep(0)
        hung.cancel()
        await asyncio.gather(*asked)
        return await pool.ask("echo", 9), pids

    assert asyncio.run(cancelled()) == (9, pool.pids)


def _ticks(pid: int) -> str:
    """The CPU time that a process has taken."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]


def test_a_stop_takes_a_hung_worker_with_it(pool: ReaderPool) -> None:
    """What was in hand comes back as stopped, at once, and no process is left behind."""

    async def stopped() -> object:
        await pool.ask("echo", 1)
        before = _ticks(pool.pids[0])
        hung = asyncio.ensure_future(pool.ask("hang"))
        while _ticks(pool.pids[0]) == before:  # until it is in the worker's hands
            await asyncio.sleep(0.01)
        pool.stop()
        return await asyncio.wait_for(hung, 60)

    pids = pool.pids
    assert asyncio.run(stopped()) in ("stopped", "crashed")
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def test_a_page_that_breaks_its_reader_is_still_an_article(topic: object) -> None:
    """R18: headline and address from the feed are matched although nothing could be read."""
    from crawler.matching.topics import Topic

    assert isinstance(topic, Topic)
    pool = ReaderPool((topic,), workers=1, timeout_seconds=1.0)
    pool.start()
    bomb = "<html><body><p " + " ".join(f"a{n}=1" for n in range(120_000)) + ">x</p></body></html>"
    entry = an_entry(title="المغرب والعراق يوقعان اتفاقية تعاون أمني")
    try:
        found = asyncio.run(pool.read(a_page(bomb, entry=entry), a_source()))
    finally:
        pool.stop()
    assert isinstance(found, PreparedArticle)
    assert found.reading.article.extraction in ("timeout", "crashed")
    assert found.reading.matches[0].labels == ("bilateral", "security")


def test_feeds_are_read_in_workers_too() -> None:
    """M20: a feed can be as hostile as a page."""
    pool = ReaderPool((), workers=1)
    pool.start()
    rss = (
        b"<rss version='2.0'><channel><item><link>http://news.test/a</link></item></channel></rss>"
    )
    try:
        found = asyncio.run(pool.window(rss, "http://news.test/feed", "text/xml"))
    finally:
        pool.stop()
    assert isinstance(found, FeedWindow)
    assert [e.url for e in found.entries] == ["http://news.test/a"]


def test_workers_are_as_many_as_cores_and_two_at_least() -> None:
    """A second core is a second page at a time; and a page that hangs never keeps all others
    waiting.
    """
    from crawler import config

    cores = len(os.sched_getaffinity(0))
    assert config.ReadingConfig().workers == min(max(cores, 2), 8)
