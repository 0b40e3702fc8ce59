"""The pool of killable workers: hostile bytes can cost a worker, never the parent process.

Each worker is a spawned process. A task that takes too much CPU time or memory has its worker
killed and replaced; a thread cannot be killed and the reactor must not wait, so neither ever parses
what a site sent (M13–M15). The limit is CPU time, which the kernel keeps: a page is not given up
because the machine is busy. Wall time is the backstop for a worker that waits without computing.
What ran out of time is tried once more, by itself: after all that waits, in a worker with no other
task.

::

    ask ─► waiting ─► the worker with the fewest queued tasks ─► answer
              └◄── what a dead worker had queued behind the task it died of

A worker holds its next tasks before it has answered the last, so that it never waits for the
parent.
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

from crawler.extraction.templates import RetiredTemplate, TemplateLearner
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
from crawler.workers import pipe, process, shared_memory
from crawler.workers.process import WALL_FACTOR
from crawler.workers.shared_memory import Frame

WARMING_SECONDS = (
    60.0  # for a worker's imports on a slow machine; the task's own limit starts after
)
ENDING_SECONDS = 1.0  # for a killed process to be gone, so that its exit code can be read
TASKS_PER_WORKER = 3  # one running, the others queued for as long as the parent is busy
Failure = Literal["timeout", "crashed", "stopped"]


@dataclass(slots=True, eq=False)
class _Task:
    """One call of a worker's function, and the future that its answer completes."""

    name: str
    arguments: tuple[Any, ...]
    future: Future[object]
    died: bool = False  # its worker crashed once while it ran
    late: bool = False  # it ran out of time once

    def answer(self, answer: object) -> None:
        """Complete the future, unless it was cancelled or its loop is closed."""
        if not self.future.done() and not self.future.get_loop().is_closed():
            self.future.set_result(answer)


class ReaderPool:
    """Reads pages and feeds in worker processes; the ``Reader`` of a crawl.

    Topics are sent to each worker once, at its start; a source and its template once per version.
    What pages teach about templates comes back with their readings; ``learned`` is called with each
    change. Use it on one event loop at a time, in its thread. ``timeout_seconds`` is the CPU time
    of a task, ``memory_mb`` what a task may take on top of the imports.
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
        learned: Callable[[Template | RetiredTemplate], None] = lambda change: None,
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
        """Start the workers; they import in the background. Does nothing if they are started."""
        if self._workers or self._stopped:
            return
        topics = pipe.frames("topics", self._topics)
        for _ in range(self._count):
            worker = _Worker(
                (self._functions, self._timeout, self._memory_mb),
                topics,
                self._waiting,
                self._dispatch,
            )
            worker.start()
            self._workers.append(worker)

    def stop(self) -> None:
        """Kill the workers at once; calls that are not answered return ``stopped``."""
        self._stopped = True
        for worker in self._workers:
            self._waiting += worker.kill()
        while self._waiting:
            self._waiting.popleft().answer("stopped")

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction:
        """Return the parsed window of a feed of this kind, or why parsing failed."""
        answer = await self.ask(kind, body, url, content_type, *options)
        if isinstance(answer, FeedWindow):
            return answer
        return "timeout" if answer == "timeout" else "crashed"

    async def read(self, page: Page, source: Source) -> PreparedArticle | Rejection | None:
        """The page's article, ready for the archive, or why it is none; None if the pool was
        stopped.

        If the page broke its worker, the article is made of the feed's entry, and its
        ``extraction`` says how the worker ended: ``timeout`` or ``crashed``.
        """
        template = (
            self._template_learner.current(source.slug)
            if self._template_learner is not None
            else None
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
        """Return the answer of a worker's function, or how the call failed."""
        if self._stopped or not self._workers:
            return "stopped"
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            for worker in self._workers:
                worker.attach(loop)
        task = _Task(name, arguments, loop.create_future())
        self._waiting.append(task)
        self._dispatch()
        return await task.future

    def _dispatch(self) -> None:
        """Give waiting tasks to the workers with the fewest tasks, late ones to idle workers."""
        while self._waiting and not self._stopped:
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            most = 1 if self._waiting[0].late else TASKS_PER_WORKER
            if len(worker.tasks) >= most:
                return
            task = self._waiting.popleft()
            if not task.future.done():  # cancelled tasks need no answer
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
    """One worker process, the data sent to it, and its queued tasks in execution order."""

    def __init__(
        self,
        how: tuple[process.Functions, float, int],
        topics: Sequence[Frame],
        waiting: deque[_Task],
        dispatch: Callable[[], None],
    ) -> None:
        self._how, self._topics = how, topics
        self._wall_seconds = WALL_FACTOR * how[1]
        self._waiting, self._dispatch = waiting, dispatch
        self.tasks: deque[_Task] = deque()
        self._process: BaseProcess | None = None
        self._pipe: pipe.Pipe | None = None
        self._page_buffer: shared_memory.PageBuffer | None = None
        self._loop: AbstractEventLoop | None = None
        self._timer: TimerHandle | None = None
        self._warm = False
        self._known: dict[str, tuple[Source, Template | None]] = {}  # as the worker has them

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start a new process, which has no data yet."""
        self._page_buffer = shared_memory.new_page_buffer(TASKS_PER_WORKER)
        self._process, end = process.spawn(*self._how, self._page_buffer)
        self._pipe = pipe.Pipe(end, self._on_frame, self._on_end)
        self._warm, self._known = False, {}
        if self._loop is not None:
            self._pipe.attach(self._loop)

    def attach(self, loop: AbstractEventLoop) -> None:
        """Use this loop from now on."""
        self._loop = loop
        if self._pipe is not None:
            self._pipe.attach(loop)
        self._begin()

    def take(self, task: _Task) -> None:
        """Queue one more task."""
        self.tasks.append(task)
        if self._pipe is None:
            self.start()
        if self._warm:
            self._send(task)
        if len(self.tasks) == 1:
            self._begin()

    def kill(self) -> list[_Task]:
        """Kill the process, wait for its end, and return the tasks it held."""
        left = self._release()
        if self._process is not None:
            self._process.join()
        return left

    def _begin(self) -> None:
        """Start the wall time of the first task: the worker runs its tasks one after the other."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.tasks and self._loop is not None:
            seconds = self._wall_seconds if self._warm else WARMING_SECONDS
            self._timer = self._loop.call_later(seconds, self._late)

    def _on_frame(self, frame: memoryview) -> None:
        try:
            message = pickle.loads(frame)
        except Exception:  # whatever broke it: what follows makes no sense either
            self._on_end()
            return
        if not self._warm:
            self._warm = True
            self._post(*self._topics)
            for task in self.tasks:
                self._send(task)
        else:
            done, answer = message
            self.tasks.popleft().answer(answer if done else "crashed")
        self._begin()
        self._dispatch()

    def _post(self, *frames: Frame) -> None:
        assert self._pipe is not None
        self._pipe.send(*frames)

    def _send(self, task: _Task) -> None:
        """Send a task; a page's source by its slug alone if the worker has it."""
        arguments = task.arguments
        if task.name == "read":
            page, source, template = arguments
            known = (source, template)
            if self._known.get(source.slug) != known:
                self._post(*pipe.frames("know", (source.slug, *known)))
                self._known[source.slug] = known
            arguments = (page, source.slug)
        self._post(*pipe.frames(task.name, arguments, self._page_buffer))

    def _late(self) -> None:
        """End the running task, unless its answer has arrived in the meantime.

        A worker whose imports take so long may stand on a busy machine, as a crashed one may.
        """
        task = self.tasks[0]
        if self._pipe is not None:
            self._pipe.receive()
        if self.tasks and self.tasks[0] is task and self._pipe is not None:
            if self._warm:
                self._out_of_time()
            else:
                self._crashed()

    def _on_end(self) -> None:
        """The process ended: for its CPU time, or it crashed."""
        if self._exit_code() == -process.OUT_OF_TIME:
            self._out_of_time()
        else:
            self._crashed()

    def _out_of_time(self) -> None:
        """Replace the process; its task is tried once more after all others (C5).

        The machine may have been suspended, or so busy that its caches served others.
        """
        task = self.tasks[0] if self.tasks else None
        if task is None or task.late:
            self._replace("timeout")
        else:
            task.late = True
            self._waiting.append(self.tasks.popleft())
            self._replace(None)

    def _crashed(self) -> None:
        """Replace the process; the first crash of a task may have another cause, so it is tried
        once more at once (F-46).
        """
        task = self.tasks[0] if self.tasks else None
        if task is None or task.died:
            self._replace("crashed")
        else:
            task.died = True
            self._replace(None)

    def _exit_code(self) -> int | None:
        """The exit code; a process that only closed its pipe is killed first."""
        if self._process is None:
            return None
        self._process.kill()
        self._process.join(ENDING_SECONDS)
        return self._process.exitcode

    def _replace(self, failure: Failure | None) -> None:
        """Release the process and start another.

        The running task gets ``failure`` as its answer, or is queued again if it is None; the other
        tasks wait for another worker.
        """
        was_warm, left = self._warm, self._release()
        if left and failure is not None:
            left.pop(0).answer(failure)
        self._waiting.extendleft(reversed(left))
        if was_warm:  # what never came to life is started again when there is something to do
            self.start()
        self._dispatch()

    def _release(self) -> list[_Task]:
        left = list(self.tasks)
        self.tasks.clear()
        self._warm = False
        if self._timer is not None:
            self._timer.cancel()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._page_buffer is not None:
            self._page_buffer.close()
            self._page_buffer = None
        if self._process is not None:
            self._process.kill()  # it is waited for when the next process is started
        return left


def reading_functions() -> dict[str, Callable[..., object]]:
    """A worker's functions by name, feeds by their kind; the imports happen in the worker."""
    from crawler import feeds, reading

    return {"read": reading.read_for_archive, **feeds.load_parsers()}
