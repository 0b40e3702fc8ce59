"""Describe why a file doesn't fit its shape: ``file:line: what was found; what to write``. Pure."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.seeds.schema import KeyPath
from crawler.wrong_values import expected, quoted

_TABLE = "keys with values"  # what a mapping is called in a message
_OF_A_KEY = "[key]"  # the last part of a path that leads to a key instead of its value
MAX_MESSAGE = 400  # characters of a problem: a value of a megabyte is no message
# of difflib's ratio: among the few keys that can stand there, fo is near enough to of
MIN_KEY_SIMILARITY = 0.5


def one_line(problem: str) -> str:
    """The problem as it may be printed: in one line, without control characters, of bounded
    length."""
    line = " ".join(problem.split("\n"))
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line[: 2 * MAX_MESSAGE])
    if len(shown) <= MAX_MESSAGE:
        return shown
    half = MAX_MESSAGE // 2  # the end says what to do
    return f"{shown[:half]} … {line[-half:] if line[-half:].isprintable() else ''}"


def nearest_line(lines: Mapping[KeyPath, int], key_path: KeyPath) -> int:
    """The line of a value, or of the nearest mapping around it that is in the file."""
    while key_path not in lines:
        key_path = key_path[:-1]
    return lines[key_path]


def describe_problems(
    path: str, shape: type[BaseModel], error: ValidationError, lines: Mapping[KeyPath, int]
) -> Iterator[str]:
    """Yield one line per error; for an unknown key, a similar key that may still be added there."""
    troubles = error.errors()
    for trouble in troubles:
        if _is_echo(trouble, troubles):
            continue
        level, key_path = _resolve_shape(shape, tuple(trouble["loc"]))
        name = key_path[-1] if key_path else ""
        at = f"{path}:{nearest_line(lines, key_path) if lines else 1}"
        if trouble["type"] == "extra_forbidden":
            yield f"{at}: unknown key {name!r}{_hint(str(name), level, key_path, lines)}"
        elif trouble["type"] == "missing":
            yield f"{at}: the key {name!r} is missing"
        elif not key_path:
            yield f"{at}: keys were expected, such as {_first_key(shape)}: …"
        else:
            where = ".".join(str(part) for part in key_path)
            subject = ""
            if key_path[-1] == _OF_A_KEY:
                where = where.rpartition(".")[0]
                subject = "a key " if trouble["type"] == "string_type" else ""
            wanted = expected(trouble, table=_TABLE)
            if _other(trouble, troubles, "model_type"):
                wanted += f", or {_TABLE}"
            yield f"{at}: {where}: {subject}{wanted}{quoted(trouble)}"


def _first_key(shape: type[BaseModel]) -> str:
    return next(iter(shape.model_fields))


def _hint(name: str, level: Any, key_path: KeyPath, lines: Mapping[KeyPath, int]) -> str:
    if name in (retired := getattr(level, "retired", {})):
        return f"; {retired[name]}"
    known = sorted(level.model_fields) if _is_shape(level) else []
    absent = [key for key in known if (*key_path[:-1], key) not in lines]
    near = difflib.get_close_matches(name, absent, n=1, cutoff=MIN_KEY_SIMILARITY)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"


def _is_echo(trouble: ErrorDetails, troubles: Sequence[ErrorDetails]) -> bool:
    """Whether this error only repeats another one: the other alternative of a union says more."""
    key_path = trouble["loc"]
    if trouble["type"] == "model_type":
        return _other(trouble, troubles, "string_type")
    if trouble["type"] == "literal_error" and _other(trouble, troubles, "value_error"):
        return True
    return trouble["type"] == "string_type" and any(
        len(other["loc"]) > len(key_path) and other["loc"][: len(key_path) - 1] == key_path[:-1]
        for other in troubles
    )


def _other(trouble: ErrorDetails, troubles: Sequence[ErrorDetails], kind: str) -> bool:
    """Whether another alternative for the same value has an error of this type."""
    around = trouble["loc"][:-1]
    return any(t["type"] == kind and t["loc"][:-1] == around and t is not trouble for t in troubles)


def _resolve_shape(shape: Any, key_path: KeyPath) -> tuple[Any, KeyPath]:
    """(the shape around the last key, the path without names of union members, which are in no
    file).
    """
    here, around, clean = shape, shape, list[str | int]()
    for part in key_path:
        around = here
        here = _without_none(here)
        if get_origin(here) in (Union, types.UnionType):
            here = next((a for a in get_args(here) if getattr(a, "__name__", "") == part), None)
            continue
        around = here
        clean.append(part)
        if _is_shape(here):
            field = here.model_fields.get(str(part))
            here = field.annotation if field else None
        else:
            here = (get_args(here) or (None,))[-1]  # of a list its items, of a mapping its values
    return around, tuple(clean)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    left = [a for a in get_args(annotation) if a is not type(None)]
    return left[0] if len(left) == 1 else annotation


def _is_shape(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
