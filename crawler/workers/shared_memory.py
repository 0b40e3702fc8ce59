"""Memory that a worker and its parent share, so that a page's bytes cross without being copied
twice.
"""

from __future__ import annotations

import mmap
import os
from typing import NamedTuple

SLOT_BYTES = 512 * 1024  # of one slot; larger bodies go through the socket

Buffer = bytes | memoryview


class InBuffer(NamedTuple):
    """The place of a frame's bytes in the page buffer."""

    at: int
    length: int


Frame = Buffer | InBuffer
"""What is sent as one unit: bytes, or the place of bytes in the page buffer."""


class PageBuffer:
    """Shared memory in slots, filled in turn.

    With as many slots as tasks that a worker may hold, a slot is free when its turn comes: tasks
    are answered in order, and a worker copies a body out of its slot when it takes the task.
    """

    def __init__(self, slots: int) -> None:
        self._slots, self._turn = slots, 0
        self.descriptor = os.memfd_create("rasd-pages")  # Linux and FreeBSD have it
        os.ftruncate(self.descriptor, slots * SLOT_BYTES)
        self._memory = mmap.mmap(self.descriptor, slots * SLOT_BYTES)

    def write(self, piece: memoryview) -> InBuffer | memoryview:
        """Copy a body into the next slot and return its place; return the body if it is too
        large.
        """
        if len(piece) > SLOT_BYTES:
            return piece
        at = self._turn * SLOT_BYTES
        self._turn = (self._turn + 1) % self._slots
        self._memory[at : at + len(piece)] = piece
        return InBuffer(at, len(piece))

    def close(self) -> None:
        """Free the memory."""
        self._memory.close()
        os.close(self.descriptor)


def new_page_buffer(slots: int) -> PageBuffer | None:
    """A buffer of so many slots; None if the system has no anonymous shared memory."""
    return PageBuffer(slots) if hasattr(os, "memfd_create") else None
