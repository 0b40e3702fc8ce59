"""One thread that writes: what comes while it is at work is committed together, once.

A commit waits for the disk, several milliseconds; the reactor must not wait with it, and ten pages
need not wait ten times. Whoever asked is answered only when his rows are safe. In a burst the thread
lets a few works gather: a commit for each would cost as much as all that is written with it, and what
is of one kind can be written by one statement for all.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from crawler.ports import BatchTransaction

MOST_TOGETHER = 64  # works of one transaction: a commit is shared, but nobody waits for long
GATHERING_SECONDS = (
    0.05  # that a burst's works wait for each other; one that comes alone waits for nobody
)
QUIET_SECONDS = 0.01  # without another work: the burst is over

_T = TypeVar("_T")
_W = TypeVar("_W")


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """``many`` is called with ``one`` and, where several works are of one kind, with theirs."""

    many: Callable[[Sequence[Any]], Sequence[Any]]
    one: Any
    future: asyncio.Future[Any]
    patient: bool  # may wait for others

    def alone(self) -> Any:
        """Do it."""
        return self.many([self.one])[0]


class Writer:
    """``together`` opens the transaction that works join, ``savepoints`` or not."""

    def __init__(self, together: BatchTransaction) -> None:
        self._together = together
        self._waiting: deque[_Work] = deque()
        self._some = threading.Condition()
        self._thread: threading.Thread | None = None
        self._out: set[asyncio.Future[Any]] = set()
        self._closed = False
        self._gathering = False
        self._hurried = False  # somebody waits until everything is written

    def soon(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        """Have this written; the future is done when it is committed."""
        return self._ask(_one_by_one, work, patient=False)

    def gathered(self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W) -> asyncio.Future[_T]:
        """As ``soon``, for work of which ``many`` can do several at once, and which waits for others in a burst.

        What is written in one transaction may be so in another order than it was asked for.
        """
        return self._ask(many, one, patient=True)

    def _ask(
        self, many: Callable[[Sequence[_W]], Sequence[_T]], one: _W, *, patient: bool
    ) -> asyncio.Future[_T]:
        future: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._out.add(future)
        future.add_done_callback(self._out.discard)
        with self._some:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
                self._thread.start()
            self._waiting.append(_Work(many, one, future, patient))
            if not self._gathering or self._is_enough():
                self._some.notify()
        return future

    async def drain(self) -> None:
        """Until everything asked for so far is committed."""
        with self._some:
            self._hurried = True
            self._some.notify()
        while self._out:
            await asyncio.wait(set(self._out))
        self._hurried = False

    def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._some:
            self._closed = True
            self._some.notify()
        if self._thread is not None:
            self._thread.join()

    def _write(self) -> None:
        burst = False
        while works := self._next(burst):
            burst = len(works) > 1
            self._commit(works)

    def _next(self, burst: bool) -> list[_Work]:
        """What is to be written next; nothing at the end."""
        with self._some:
            self._some.wait_for(lambda: self._waiting or self._closed)
            if burst:
                self._gather()
            count = min(len(self._waiting), MOST_TOGETHER)
            return [self._waiting.popleft() for _ in range(count)]

    def _gather(self) -> None:
        """Wait for a burst's next works, as long as they come."""
        self._gathering = True
        ends_at, seen = monotonic() + GATHERING_SECONDS, 0
        while seen < len(self._waiting) and not self._is_enough() and monotonic() < ends_at:
            seen = len(self._waiting)
            self._some.wait(QUIET_SECONDS)
        self._gathering = False

    def _is_enough(self) -> bool:
        waiting = self._waiting
        return (
            self._closed
            or self._hurried
            or len(waiting) >= MOST_TOGETHER
            or not all(work.patient for work in waiting)
        )

    def _commit(self, works: list[_Work]) -> None:
        try:
            results = self._tried(works)
        except Exception as error:  # the commit itself: nobody's rows are there
            results = [(None, error)] * len(works)
        for work, (answer, failure) in zip(works, results, strict=True):
            loop = work.future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, work.future, answer, failure)

    def _tried(self, works: list[_Work]) -> list[tuple[Any, BaseException | None]]:
        """Every work's answer or failure. All but a few succeed: only where one fails, all are undone
        and done again, each so that it can be undone by itself, which costs two statements a work."""
        try:
            with self._together(savepoints=False):
                return [(answer, None) for answer in _done(works)]
        except _Failed:
            pass
        results: list[tuple[Any, BaseException | None]] = []
        with self._together(savepoints=True):
            for work in works:
                try:
                    results.append((work.alone(), None))
                except Exception as error:
                    results.append((None, error))
        return results


class _Failed(Exception):
    """A work failed, not the commit."""


def _one_by_one(works: Sequence[Callable[[], _T]]) -> list[_T]:
    return [work() for work in works]


def _done(works: Sequence[_Work]) -> list[Any]:
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
        raise _Failed from error
    return answers


def _answer(future: asyncio.Future[Any], answer: Any, failure: BaseException | None) -> None:
    if future.done():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(answer)
