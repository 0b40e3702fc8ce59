"""Records as bytes, on their way between the pool and its workers.

A pickle whose frozen records are taken apart and made again in C: a frozen dataclass with slots
pickles itself in Python, field by field, which took as long as all else that a page's answer needs.
"""

from __future__ import annotations

import io
import operator
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast

PROTOCOL = 5  # has buffers that travel beside the pickle

_Buffers = Callable[[pickle.PickleBuffer], object]


def pack(message: object, beside: _Buffers | None = None) -> bytes:
    """The message as bytes that ``pickle.loads`` reads; ``beside`` is called with each
    PickleBuffer, whose bytes are then not among them."""
    packed = io.BytesIO()
    pickler = pickle.Pickler(packed, PROTOCOL, buffer_callback=beside)
    pickler.dispatch_table = cast("Any", _REDUCERS)
    pickler.dump(message)
    return packed.getvalue()


_Reducer = Callable[[Any], tuple[Callable[..., Any], tuple[Any, ...]]]  # see object.__reduce__


class _Reducers(dict[type, _Reducer]):
    """How each kind of record is taken apart, noted when it is met first; KeyError for others,
    which pickle takes apart itself."""

    def __missing__(self, kind: type) -> _Reducer:
        if not (is_dataclass(kind) and "__slots__" in vars(kind) and len(fields(kind)) > 1):
            raise KeyError(kind)
        values = operator.attrgetter(*(field.name for field in fields(kind)))
        self[kind] = lambda record: (_remade, (kind, values(record)))
        return self[kind]


_REDUCERS = _Reducers()


def _remade(kind: type, values: tuple[object, ...]) -> object:
    record: object = object.__new__(kind)
    for put, value in zip(_slots(kind), values, strict=True):
        put(record, value)
    return record


@cache  # a few dozen kinds
def _slots(kind: type) -> tuple[Callable[[object, object], None], ...]:
    """What writes each field of a record of this kind."""
    assert is_dataclass(kind)
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))
