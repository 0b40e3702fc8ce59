"""Which rows of a long sitemap are taken, and which files of an index are looked into. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, zip_longest
from typing import NamedTuple

SHORT_INDEX = 12  # stale files; more are months or years
STALE_FILES = 3  # of a short index that are looked into at one poll
_NEVER = datetime.min.replace(tzinfo=UTC)
_GOLDEN = 0x9E3779B9  # 2³² divided by the golden ratio: its multiples spread evenly
_ALL = 1 << 32


class DatedRow(NamedTuple):
    """A row and the moment its date means; None without one."""

    at: datetime | None
    number: int  # its place in the file, from 0
    fields: dict[str, str]


class BothEnds:
    """The newest rows of a list; of those with one date, or none, the first and the last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._from_start: list[tuple[datetime, int, DatedRow]] = []  # heaps: the worst on top
        self._from_end: list[tuple[datetime, int, DatedRow]] = []
        self._at_one_end: set[int] = set()  # numbers of rows that only one of them has
        self._count = 0
        self._undated = 0
        self._dropped = 0

    def add(self, row: DatedRow) -> list[DatedRow]:
        """Take a row; those that are given up for it."""
        self._count += 1
        self._undated += row.at is None
        at = row.at or _NEVER
        given_up = (
            _keep(self._from_start, (at, -row.number, row), self._most),
            _keep(self._from_end, (at, row.number, row), self._most),
        )
        return [one for one in given_up if one is not None and self._is_in_neither(one)]

    def _is_in_neither(self, row: DatedRow) -> bool:
        """Whether a row that was given up at one end was given up at the other before."""
        if row.number in self._at_one_end:
            self._at_one_end.discard(row.number)
            return True
        self._at_one_end.add(row.number)
        return False

    @property
    def left_out(self) -> int:
        """How many rows were not taken."""
        return max(self._count - self._dropped - self._most, 0)

    def limit_undated(self, most: int) -> int:
        """Drop the undated rows but so many, from both ends; how many were dropped."""
        undated = [row for row in self._rows() if row.at is None]
        kept = {row.number for row in _ends(undated, most)}
        for heap in (self._from_start, self._from_end):
            heap[:] = [one for one in heap if one[2].at is not None or one[2].number in kept]
            heapq.heapify(heap)
        self._dropped = self._undated - len(kept)
        return self._dropped

    def chosen(self) -> tuple[list[DatedRow], list[DatedRow]]:
        """The rows that are taken, newest first, and those given up at the end. Rows of one date
        are taken from both ends by turns.
        """
        rows = sorted(self._rows(), key=lambda row: (row.at or _NEVER, -row.number), reverse=True)
        chosen: list[DatedRow] = []
        for _, same in groupby(rows, key=lambda row: row.at):
            room = self._most - len(chosen)
            chosen += _by_turns(_ends(list(same), room))
        taken = {row.number for row in chosen}
        return chosen, [row for row in rows if row.number not in taken]

    def _rows(self) -> list[DatedRow]:
        heaps = (*self._from_start, *self._from_end)
        return list({row.number: row for _, _, row in heaps}.values())


def _keep(
    heap: list[tuple[datetime, int, DatedRow]], one: tuple[datetime, int, DatedRow], most: int
) -> DatedRow | None:
    if len(heap) < most:
        heapq.heappush(heap, one)
        return None
    return (heapq.heapreplace(heap, one) if one > heap[0] else one)[2]


def _ends(rows: Sequence[DatedRow], most: int) -> list[DatedRow]:
    """At most so many rows in their order: the first half of them, and the last."""
    rows = sorted(rows, key=lambda row: row.number)
    if len(rows) <= most:
        return rows
    tail = most // 2
    return [*rows[: most - tail], *rows[len(rows) - tail :]]


def _by_turns(rows: Sequence[DatedRow]) -> Iterator[DatedRow]:
    """The first, the last, the second, the last but one …"""
    half = (len(rows) + 1) // 2
    for first, last in zip_longest(rows[:half], reversed(rows[half:])):
        yield first
        if last is not None:
            yield last


def stale_files(stale: Sequence[DatedRow], turn: int, *, any_fresh: bool) -> list[DatedRow]:
    """The files to look into though their index dates them long ago: others at each turn.

    Of a short index, which names kinds of pages, several; of a long one, which names an outlet's
    past by months, one. If no file is fresh, the index itself is doubtful: then also the newest,
    the last and the first.
    """
    if not stale:
        return []
    count = STALE_FILES if len(stale) <= SHORT_INDEX else 1
    first = (turn * _GOLDEN % _ALL) * len(stale) // _ALL
    chosen = [stale[(first + n * len(stale) // count) % len(stale)] for n in range(count)]
    if not any_fresh:
        newest = max(stale, key=lambda row: (row.at or _NEVER, row.number))
        chosen = [newest, stale[-1], stale[0], *chosen]
    return list({row.number: row for row in chosen}.values())
