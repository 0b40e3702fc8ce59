"""Rows as a table of pandas, whose columns have one type, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from crawler.errors import MissingExtraError
from crawler.exports.record import ArticleRecord
from crawler.exports.rows import JsonRow

if TYPE_CHECKING:
    from pandas import DataFrame

_NUMBERS = {int: "int64", float: "float64", bool: "boolean"}


def build(rows: Iterable[JsonRow], columns: Sequence[str]) -> DataFrame:
    """A column a field of the article record, any others as they are.

    Times are ``datetime64[us, UTC]``, yes or no is ``boolean``, which has a value for unknown,
    text is what this pandas takes for text; lists and objects stay what they are. A table without
    rows, or with nothing but unknown in a column, has the same types.

    Raises MissingExtraError if pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise MissingExtraError("to_pandas", "pandas", str(error)) from error
    frame = pandas.DataFrame(list(rows), columns=list(columns))
    text = pandas.Series([""]).dtype  # object before pandas 3
    for name, hint in get_type_hints(ArticleRecord).items():
        kind = _known_type(hint)
        if kind is datetime:
            frame[name] = pandas.to_datetime(frame[name], utc=True).dt.as_unit("us")
        elif kind in _NUMBERS:
            frame[name] = frame[name].astype(_NUMBERS[kind])
        elif kind is str:
            frame[name] = frame[name].astype(text)
    return frame


def _known_type(hint: Any) -> Any:
    """The type of a value that is not None; text for one of several words."""
    if NoneType in get_args(hint):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    return str if get_origin(hint) is Literal else hint
