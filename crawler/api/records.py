"""Records as a program gets them: one after the other, as JSON objects, or as a table of pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from crawler.api import frame
from crawler.exports.rows import JsonRow

if TYPE_CHECKING:
    from pandas import DataFrame


class Record(Protocol):
    """What can be a JSON object."""

    def row(self) -> JsonRow:
        """The record as JSON has it."""


_R = TypeVar("_R", bound=Record, covariant=True)


class Records(Generic[_R]):
    """Records in their order, read from the archive while you go through them.

    They are not kept: a loop over a million takes the memory of a hundred, and each pass reads the
    archive as it is then. ``list`` keeps them. Going through them is possible while the archive is
    open.
    """

    def __init__(
        self, read: Callable[[], Iterator[_R]], columns: Sequence[str], also: Sequence[str] = ()
    ) -> None:
        self._read, self._columns = read, tuple(columns)
        self.also = tuple(also)  # words that a search looked for beside those of its query

    def __iter__(self) -> Iterator[_R]:
        return self._read()

    def __repr__(self) -> str:
        return "<Records: read on demand by for, list(), rows() or to_pandas()>"

    def rows(self) -> Iterator[JsonRow]:
        """The JSON object of each, as ``rasd search --json`` prints it."""
        return (record.row() for record in self)

    def to_pandas(self) -> DataFrame:
        """All of them as a pandas table, a column a field; ``crawler.api.frame`` has the types.

        Raises MissingExtraError if pandas is not installed.
        """
        return frame.build(self.rows(), self._columns)
