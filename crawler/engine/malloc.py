"""Make the C library return large freed blocks to the system at once."""

from __future__ import annotations

import ctypes
import os

MIN_MAPPED_BYTES = 256 * 1024  # ordinary pages are smaller, bombs and long feeds are not
_M_MMAP_THRESHOLD = -3  # malloc.h


def return_large_blocks() -> None:
    """Have glibc map each large block separately; other C libraries are left as they are.

    By default, after the first 8 MB body is freed, glibc expects more of them and keeps such
    blocks: after a round of bombs the process kept 50 MB. A user's ``MALLOC_MMAP_THRESHOLD_`` takes
    precedence.
    """
    if "MALLOC_MMAP_THRESHOLD_" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, MIN_MAPPED_BYTES)
