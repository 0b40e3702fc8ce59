"""One worker process of the pool, as its parent sees it: its tasks, its limits, its end."""

from __future__ import annotations

import pickle
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from crawler.model import Source, Template
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
class Task:
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


class Worker:
    """One worker process, the data sent to it, and its queued tasks in execution order."""

    def __init__(
        self,
        how: tuple[process.Functions, float, int],
        topics: Sequence[Frame],
        waiting: deque[Task],
        dispatch: Callable[[], None],
    ) -> None:
        self._how, self._topics = how, topics
        self._wall_seconds = WALL_FACTOR * how[1]
        self._waiting, self._dispatch = waiting, dispatch
        self.tasks: deque[Task] = deque()
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

    def use(self, topics: Sequence[Frame]) -> None:
        """Send these topics now, or with the first task."""
        self._topics = topics
        if self._warm:
            self._post(*topics)

    def attach(self, loop: AbstractEventLoop) -> None:
        """Use this loop from now on."""
        self._loop = loop
        if self._pipe is not None:
            self._pipe.attach(loop)
        self._begin()

    def take(self, task: Task) -> None:
        """Queue one more task."""
        self.tasks.append(task)
        if self._pipe is None:
            self.start()
        if self._warm:
            self._send(task)
        if len(self.tasks) == 1:
            self._begin()

    def kill(self) -> list[Task]:
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

    def _send(self, task: Task) -> None:
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

    def _release(self) -> list[Task]:
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
