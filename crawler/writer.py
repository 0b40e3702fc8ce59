"""One thread that writes: what comes while it is at work is committed together, once.

A commit waits for the disk, several milliseconds; the reactor must not wait with it, and ten pages
need not wait ten times. Whoever asked is answered only when his rows are safe.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

MOST_TOGETHER = 64  # works of one transaction: a commit is shared, but nobody waits for long

_T = TypeVar("_T")


class Writer:
    """``interfaces.Writer``; ``together`` opens the transaction that works join."""

    def __init__(self, together: Callable[[], AbstractContextManager[None]]) -> None:
        self._together = together
        self._waiting: deque[tuple[Callable[[], Any], asyncio.Future[Any]]] = deque()
        self._some = threading.Condition()
        self._thread: threading.Thread | None = None
        self._out: set[asyncio.Future[Any]] = set()
        self._closed = False

    def soon(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        """Have this written; the future is done when it is committed."""
        future: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._out.add(future)
        future.add_done_callback(self._out.discard)
        with self._some:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
                self._thread.start()
            self._waiting.append((work, future))
            self._some.notify()
        return future

    async def drain(self) -> None:
        """Until everything asked for so far is committed."""
        while self._out:
            await asyncio.wait(set(self._out))

    def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._some:
            self._closed = True
            self._some.notify()
        if self._thread is not None:
            self._thread.join()

    def _write(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                count = min(len(self._waiting), MOST_TOGETHER)
                works = [self._waiting.popleft() for _ in range(count)]
            self._commit(works)

    def _commit(self, works: list[tuple[Callable[[], Any], asyncio.Future[Any]]]) -> None:
        results: list[tuple[Any, BaseException | None]] = []
        try:
            with self._together():
                for work, _ in works:
                    try:
                        results.append((work(), None))
                    except Exception as error:
                        results.append((None, error))
        except Exception as error:  # the commit itself: nobody's rows are there
            results = [(None, error)] * len(works)
        for (_, future), (answer, failure) in zip(works, results, strict=True):
            loop = future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, future, answer, failure)


def _answer(future: asyncio.Future[Any], answer: Any, failure: BaseException | None) -> None:
    if future.done():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(answer)
