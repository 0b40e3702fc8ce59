"""Killable readers: hostile bytes can cost a worker, never the process that asks.

Each worker is a spawned process. A task that takes too much CPU time or memory has its worker
killed and replaced; a thread cannot be killed and the reactor must not wait, so neither ever parses
what a site sent (M13–M15). The limit is CPU time, which the kernel keeps: a page is not given up
because the machine is busy. Wall time is the backstop for a worker that waits without computing.

::

    ask ─► waiting ─► the worker with the least in hand ─► answer
              └◄── what a dead worker had in hand behind the task it died of

A worker has its next tasks in hand before it has answered the last, so that it never waits for us.
"""

from __future__ import annotations

import asyncio
import pickle
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from crawler.extraction.templates import Drift, TemplateLearner
from crawler.matching.topics import Topic
from crawler.model import (
    Extraction,
    FeedWindow,
    Page,
    PreparedArticle,
    Reading,
    Rejection,
    Source,
    Template,
)
from crawler.workers import process
from crawler.workers.process import WALL_FACTOR, Frame

WARMING_SECONDS = (
    60.0  # for a worker's imports on a slow machine; the task's own limit starts after
)
ENDING_SECONDS = 1.0  # for a killed process to be gone, so that its exit code can be read
IN_HAND = 3  # tasks a worker: one at work, the others for as long as we are busy ourselves
Failure = Literal["timeout", "crashed", "stopped"]


@dataclass(slots=True, eq=False)
class _Task:
    """What is asked of a worker, and of whom the answer is awaited."""

    name: str
    arguments: tuple[Any, ...]
    future: Future[object]
    died: bool = False  # with a worker that had it in hand, once

    def answer(self, answer: object) -> None:
        """Wakes who asked, if somebody still does."""
        if not self.future.done() and not self.future.get_loop().is_closed():
            self.future.set_result(answer)


class ReaderPool:
    """Reads pages and feeds in worker processes; the ``Reader`` of a crawl.

    The topics go to each worker once, at its start; a source and its template once a version. What
    pages teach about templates comes back with their readings: ``learned`` is told what changed.
    Used on one event loop at a time, by its thread. ``timeout_seconds`` is CPU time a task.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        *,
        workers: int = 2,
        timeout_seconds: float = 10.0,
        memory_mb: int = 512,
        functions: process.Functions | None = None,
        template_learner: TemplateLearner | None = None,
        learned: Callable[[Template | Drift], None] = lambda change: None,
    ) -> None:
        self._topics = tuple(topics)
        self._template_learner, self._learned = template_learner, learned
        self._functions = functions or reading_functions
        self._timeout, self._memory_mb = timeout_seconds, memory_mb
        self._count = workers
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._loop: AbstractEventLoop | None = None
        self._stopped = False

    def start(self) -> None:
        """Start the workers; they import in the background. Twice is once."""
        if self._workers or self._stopped:
            return
        topics = process.frames("topics", self._topics)
        for _ in range(self._count):
            worker = _Worker(
                (self._functions, self._timeout, self._memory_mb),
                topics,
                self._waiting,
                self._hand_out,
            )
            worker.start()
            self._workers.append(worker)

    def stop(self) -> None:
        """Kill the workers at once: what they had in hand comes back as stopped."""
        self._stopped = True
        for worker in self._workers:
            self._waiting += worker.kill()
        while self._waiting:
            self._waiting.popleft().answer("stopped")

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction:
        """What a feed of this kind shows in these bytes, or how reading it failed."""
        answer = await self.ask(kind, body, url, content_type, *options)
        if isinstance(answer, FeedWindow):
            return answer
        return "timeout" if answer == "timeout" else "crashed"

    async def read(self, page: Page, source: Source) -> PreparedArticle | Rejection | None:
        """The page's article, ready for the archive, or why it is none; None if the pool was stopped.

        If the page broke its worker, the article is made of the feed's entry, and its
        ``extraction`` says how the worker ended: ``timeout`` or ``crashed``.
        """
        template = (
            self._template_learner.of(source.slug) if self._template_learner is not None else None
        )
        answer = await self.ask("read", page, source, template)
        if isinstance(answer, PreparedArticle):
            self._learn(source, template, answer.reading)
        if isinstance(answer, PreparedArticle | Rejection):
            return answer
        if answer == "stopped":
            return None
        from crawler import reading  # with its libraries: no verb needs them that reads no page

        how: Extraction = "timeout" if answer == "timeout" else "crashed"
        return reading.prepare(page, reading.unreadable(page, source, self._topics, how))

    def _learn(self, source: Source, template: Template | None, found: Reading) -> None:
        if self._template_learner is None:
            return
        change = self._template_learner.observe(
            source.slug, read_by=template, sample=found.sample, doubt=found.doubt
        )
        if change is not None:
            self._learned(change)

    async def ask(self, name: str, *arguments: object) -> object | Failure:
        """What a worker's function answers, or the Failure's name."""
        if self._stopped or not self._workers:
            return "stopped"
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            for worker in self._workers:
                worker.attach(loop)
        task = _Task(name, arguments, loop.create_future())
        self._waiting.append(task)
        self._hand_out()
        return await task.future

    def _hand_out(self) -> None:
        """Give what waits to the workers that have the least in hand."""
        while self._waiting and not self._stopped:
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            if len(worker.tasks) >= IN_HAND:
                return
            task = self._waiting.popleft()
            if not task.future.done():  # nobody waits for what was cancelled
                worker.take(task)

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [pid for worker in self._workers if (pid := worker.pid) is not None]


class _Worker:
    """One process, what it was told, and the tasks it has in hand, the one at work first."""

    def __init__(
        self,
        how: tuple[process.Functions, float, int],
        topics: Sequence[Frame],
        waiting: deque[_Task],
        hand_out: Callable[[], None],
    ) -> None:
        self._how, self._topics = how, topics
        self._wall_seconds = WALL_FACTOR * how[1]
        self._waiting, self._hand_out = waiting, hand_out
        self.tasks: deque[_Task] = deque()
        self._process: BaseProcess | None = None
        self._pipe: process.Pipe | None = None
        self._shelf: process.Shelf | None = None
        self._loop: AbstractEventLoop | None = None
        self._timer: TimerHandle | None = None
        self._warm = False
        self._known: dict[str, tuple[Source, Template | None]] = {}  # what the worker was told

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """A new process, to which everything is still to be told."""
        self._shelf = process.new_shelf(IN_HAND)
        self._process, end = process.spawn(*self._how, self._shelf)
        self._pipe = process.Pipe(end, self._heard, self._ended)
        self._warm, self._known = False, {}
        if self._loop is not None:
            self._pipe.attach(self._loop)

    def attach(self, loop: AbstractEventLoop) -> None:
        """Live on this loop from now on."""
        self._loop = loop
        if self._pipe is not None:
            self._pipe.attach(loop)
        self._begin()

    def take(self, task: _Task) -> None:
        """One more task."""
        self.tasks.append(task)
        if self._pipe is None:
            self.start()
        if self._warm:
            self._send(task)
        if len(self.tasks) == 1:
            self._begin()

    def kill(self) -> list[_Task]:
        """Gone before this returns; what it had in hand."""
        left = self._let_go()
        if self._process is not None:
            self._process.join()
        return left

    def _begin(self) -> None:
        """The first task's time begins: the worker, which does one after the other, is at it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.tasks and self._loop is not None:
            seconds = self._wall_seconds if self._warm else WARMING_SECONDS
            self._timer = self._loop.call_later(seconds, self._late)

    def _heard(self, frame: memoryview) -> None:
        try:
            said = pickle.loads(frame)
        except Exception:  # whatever broke it: what follows makes no sense either
            self._ended()
            return
        if not self._warm:
            self._warm = True
            self._tell(*self._topics)
            for task in self.tasks:
                self._send(task)
        else:
            done, answer = said
            self.tasks.popleft().answer(answer if done else "crashed")
        self._begin()
        self._hand_out()

    def _tell(self, *frames: Frame) -> None:
        assert self._pipe is not None
        self._pipe.send(*frames)

    def _send(self, task: _Task) -> None:
        """A page's source goes by its name alone where the worker knows it."""
        arguments = task.arguments
        if task.name == "read":
            page, source, template = arguments
            known = (source, template)
            if self._known.get(source.slug) != known:
                self._tell(*process.frames("know", (source.slug, *known)))
                self._known[source.slug] = known
            arguments = (page, source.slug)
        self._tell(*process.frames(task.name, arguments, self._shelf))

    def _late(self) -> None:
        """The task at work waited for too long, unless its answer came while we were busy."""
        task = self.tasks[0]
        if self._pipe is not None:
            self._pipe.look()
        if self.tasks and self.tasks[0] is task and self._pipe is not None:
            self._lose("timeout" if self._warm else "crashed")

    def _ended(self) -> None:
        """The kernel ended it for its CPU time, or it crashed: of something else, perhaps; a second
        crash says that it was the task (F-46)."""
        task = self.tasks[0] if self.tasks else None
        if self._exit_code() == -workers.OUT_OF_TIME:
            self._lose("timeout")
        elif task is not None and not task.died:
            task.died = True
            self._lose(None)
        else:
            self._lose("crashed")

    def _exit_code(self) -> int | None:
        """What the process ended with, if it had; it is killed if it had only closed its pipe."""
        if self._process is None:
            return None
        self._process.kill()
        self._process.join(ENDING_SECONDS)
        return self._process.exitcode

    def _lose(self, failure: Failure | None) -> None:
        """The process is no more; the task at work gets this answer (None: it is asked again), the
        others wait for another worker."""
        was_warm, left = self._warm, self._let_go()
        if left and failure is not None:
            left.pop(0).answer(failure)
        self._waiting.extendleft(reversed(left))
        if was_warm:  # what never came to life is started again when there is something to do
            self.start()
        self._hand_out()

    def _let_go(self) -> list[_Task]:
        left = list(self.tasks)
        self.tasks.clear()
        self._warm = False
        if self._timer is not None:
            self._timer.cancel()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._shelf is not None:
            self._shelf.close()
            self._shelf = None
        if self._process is not None:
            self._process.kill()  # it is waited for when the next process is started
        return left


def reading_functions() -> dict[str, Callable[..., object]]:
    """What a worker can do, feeds by their kind; imported in the worker."""
    from crawler import feeds, reading

    return {"read": reading.read_for_archive, **feeds.load_parsers()}
