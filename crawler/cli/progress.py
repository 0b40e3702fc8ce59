"""How far a long verb is, on stderr: on a terminal only, and once it has taken LATE_SECONDS.

The bar is gone when the verb is done; a log, a pipe or a file never sees it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from crawler.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress

LATE_SECONDS = 2.0  # what takes less needs no bar

_T = TypeVar("_T")


def progress(items: Iterable[_T], what: str, total: int | None = None) -> Iterator[_T]:
    """The items, one by one, counted under ``what`` ("pages read"); ``total`` of them, if known."""
    if not sys.stderr.isatty():
        yield from items
        return
    began, done, bar = time.monotonic(), 0, None
    try:
        for item in items:
            if bar is None and time.monotonic() - began >= LATE_SECONDS:
                bar = _started()
                task = bar.add_task(what, total=total)
            if bar is not None:
                bar.update(task, completed=done)
            yield item
            done += 1
    finally:
        if bar is not None:
            bar.stop()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something is going on of which no one knows how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    done = Event()
    shown = Thread(target=_show_until, args=(done, what), daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


def _show_until(done: Event, what: str) -> None:
    if done.wait(LATE_SECONDS):
        return
    bar = _started()
    bar.add_task(what, total=None)
    try:
        done.wait()
    finally:
        bar.stop()


def _started() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=output.error_console(),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # else lines of the answer would go to stderr
        redirect_stderr=True,
    )
    shown.start()
    return shown
