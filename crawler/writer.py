"""The writer of the running process: works go to one thread, several to a transaction.

A commit waits for the disk, several milliseconds; the reactor must not wait with it, and ten pages
need not wait ten times.

::

    soon, gathered ─► waiting ─► up to MAX_WORKS in one transaction ─► commit ─► their futures
                        ▲ while one commit is made, the next works gather

A lone work is written at once. In a burst, works that can wait (``gathered``) wait up to
GATHERING_SECONDS for others: a commit for each would cost as much as all that is written with it,
and what is of one kind can be written by one statement for all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog

from crawler.errors import StorageError
from crawler.monitoring.spells import Spells, kind_of
from crawler.ports import BatchTransaction

MAX_WORKS = 64  # in one transaction: they share a commit, and none waits long for it
GATHERING_SECONDS = 0.05  # that the works of a burst wait for others at most …
QUIET_SECONDS = 0.01  # … and if for so long none came, the burst is over

log = structlog.get_logger("rasd")
_T = TypeVar("_T")
_W = TypeVar("_W")


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """``many`` is called with ``one`` and, if several works are of one kind, with theirs."""

    many: Callable[[Sequence[Any]], Sequence[Any]]
    one: Any
    future: asyncio.Future[Any]
    patient: bool  # may wait for others

    def alone(self) -> Any:
        """Do it."""
        return self.many([self.one])[0]


_Result = tuple[Any, BaseException | None]  # of one work: its answer, or why it failed


class Writer:
    """``ports.Writer``; ``together`` opens the transaction that works join, ``savepoints`` or not;
    ``before`` is called before each, and its error is that of all works.

    Used on one event loop at a time, by its thread.
    """

    def __init__(
        self, together: BatchTransaction, before: Callable[[], None] = lambda: None
    ) -> None:
        self._together, self._before = together, before
        self._thread = ThreadPoolExecutor(1, "writer")
        self._waiting: deque[_Work] = deque()
        self._unfinished: set[asyncio.Future[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None  # starts the next transaction
        self._gathers_until = 0.0  # by the loop's clock
        self._writing = False
        self._burst = False
        self._drains = 0  # callers of ``drain``, for whom nothing is held back
        self._closed = False
        self._spells = Spells()

    def soon(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        """Have this written; the future completes after the commit."""
        return self._add(_one_by_one, work, patient=False)

    def later(self, work: Callable[[], object], what: str) -> None:
        """Have this written by ``soon``, without waiting; if it fails, a log line names
        ``what``."""
        self.soon(work).add_done_callback(partial(self._log_end, what))

    def gathered(self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W) -> asyncio.Future[_T]:
        """As ``soon``, for work of which ``many`` can do several at once, and which waits for
        others in a burst. What is written in one transaction may be so in another order than
        given."""
        return self._add(many, one, patient=True)

    async def drain(self) -> None:
        """Return when everything handed over before this call is committed or has failed."""
        unfinished = set(self._unfinished)
        self._drains += 1
        self._plan()
        try:
            if unfinished:
                await asyncio.wait(unfinished)
        finally:
            self._drains -= 1

    def close(self) -> None:
        """Write what waits, then end the thread; what is handed over afterwards is a
        RuntimeError."""
        self._closed = True
        self._thread.shutdown()
        while works := self._next():
            _answer(works, self._commit(works))

    def _log_end(self, what: str, future: asyncio.Future[Any]) -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, StorageError):  # its watch has said so
            return
        if error is not None:
            if self._spells.failed(what, kind_of(error)):
                log.error("not written", what=what, error=f"{type(error).__name__}: {error}")
        elif ended := self._spells.worked(what):
            log.warning("written again", what=what, times=ended.times, seconds=ended.seconds)

    def _add(
        self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W, *, patient: bool
    ) -> asyncio.Future[_T]:
        if self._closed:
            raise RuntimeError("the writer is closed")
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._timer, self._writing = loop, None, False
        future: asyncio.Future[_T] = loop.create_future()
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        self._waiting.append(_Work(many, one, future, patient))
        self._plan()
        return future

    def _plan(self) -> None:
        """Have the next transaction start at the end of this turn of the loop; in a burst later,
        unless enough works wait or one of them is impatient."""
        if self._loop is None or self._writing or not self._waiting:
            return
        gathers = self._burst and not self._drains and len(self._waiting) < MAX_WORKS
        gathers = gathers and all(work.patient for work in self._waiting)
        now = self._loop.time()
        if self._timer is None:
            self._gathers_until = now + GATHERING_SECONDS
        else:
            self._timer.cancel()
        seconds = min(QUIET_SECONDS, self._gathers_until - now) if gathers else 0
        self._timer = self._loop.call_later(seconds, self._start)

    def _start(self) -> None:
        self._timer = None
        if self._loop is not None and (works := self._next()):
            self._writing, self._burst = True, len(works) > 1
            done = self._loop.run_in_executor(self._thread, self._commit, works)
            done.add_done_callback(partial(self._finish, works))

    def _finish(self, works: Sequence[_Work], done: asyncio.Future[list[_Result]]) -> None:
        self._writing = False
        _answer(works, done.result())
        self._plan()

    def _next(self) -> list[_Work]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_WORKS))]

    def _commit(self, works: list[_Work]) -> list[_Result]:
        try:
            self._before()
            return self._results(works)
        except Exception as error:  # the commit itself: no row of any is there
            return [(None, error)] * len(works)

    def _results(self, works: list[_Work]) -> list[_Result]:
        """Every work's answer or failure. All but a few succeed: only if one fails, all are undone
        and done again, each so that it can be undone by itself, which costs two statements a
        work."""
        try:
            with self._together(savepoints=False):
                return [(answer, None) for answer in _answers(works)]
        except _WorkError:
            pass
        results: list[_Result] = []
        with self._together(savepoints=True):
            for work in works:
                try:
                    results.append((work.alone(), None))
                except Exception as error:
                    results.append((None, error))
        return results


class _WorkError(Exception):
    """A work failed, not the commit."""


def _one_by_one(works: Sequence[Callable[[], _T]]) -> list[_T]:
    return [work() for work in works]


def _answers(works: Sequence[_Work]) -> list[Any]:
    """Every work's answer; works of one kind are done where the first of them stands."""
    kinds: dict[Callable[..., Any], list[int]] = {}
    for place, work in enumerate(works):
        kinds.setdefault(work.many, []).append(place)
    answers: list[Any] = [None] * len(works)
    try:
        for many, places in kinds.items():
            found = many([works[place].one for place in places])
            for place, answer in zip(places, found, strict=True):
                answers[place] = answer
    except Exception as error:
        raise _WorkError from error
    return answers


def _answer(works: Sequence[_Work], results: Sequence[_Result]) -> None:
    for work, (answer, failure) in zip(works, results, strict=True):
        if work.future.done() or work.future.get_loop().is_closed():
            continue
        if failure is not None:
            work.future.set_exception(failure)
        else:
            work.future.set_result(answer)
