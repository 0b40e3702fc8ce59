"""What the C library does with memory that is freed: large pieces go back to the system at once."""

from __future__ import annotations

import ctypes
import os

LARGE = 256 * 1024  # bytes; ordinary pages are smaller, bombs and long feeds are not
_M_MMAP_THRESHOLD = -3  # malloc.h


def return_large_blocks() -> None:
    """Have glibc map each large piece by itself; other C libraries go on as they do.

    Left alone, glibc takes the first 8 MB body that is freed for a sign that such pieces are usual, and
    keeps them from then on: after a round of bombs 50 MB were ours for ever. What a user has set by
    ``MALLOC_MMAP_THRESHOLD_`` stands.
    """
    if "MALLOC_MMAP_THRESHOLD_" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE)
