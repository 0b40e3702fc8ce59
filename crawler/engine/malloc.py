"""Have the C library keep less memory: large freed blocks go back to the system at once, and all
threads take theirs from one heap."""

from __future__ import annotations

import ctypes
import os

MIN_MAPPED_BYTES = 256 * 1024  # ordinary pages are smaller, bombs and long feeds are not
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # malloc.h


def return_large_blocks() -> None:
    """Have glibc map each large block separately; other C libraries are left as they are.

    By default, after the first 8 MB body is freed, glibc expects more of them and keeps such
    blocks: after a round of bombs the process kept 50 MB. A user's ``MALLOC_MMAP_THRESHOLD_`` takes
    precedence.
    """
    _set(_M_MMAP_THRESHOLD, MIN_MAPPED_BYTES, unless="MALLOC_MMAP_THRESHOLD_")


def share_one_heap() -> None:
    """Have threads that start from now on share the main thread's heap.

    By default each gets one of its own, whose free blocks serve no other: 7 MB in the daemon. Ours
    hold the interpreter's lock while they allocate, so that none waits for another. A user's
    ``MALLOC_ARENA_MAX`` takes precedence.
    """
    _set(_M_ARENA_MAX, 1, unless="MALLOC_ARENA_MAX")


def _set(parameter: int, value: int, *, unless: str) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None and unless not in os.environ:
        mallopt(parameter, value)
