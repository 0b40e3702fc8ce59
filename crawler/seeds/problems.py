"""What is wrong with a file that a shape refused: ``file:line``, what was found, what was meant. Pure."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.seeds.schema import Place

NEAR = 0.5  # of difflib's ratio: among the few keys that can stand there, fo is near enough to of


def line(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a value, or of the nearest thing around it that stands in the file."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def problems(
    path: str, shape: type[BaseModel], error: ValidationError, lines: Mapping[Place, int]
) -> Iterator[str]:
    """A line a trouble; of an unknown key, the near word among those that may still stand there."""
    troubles = error.errors()
    for trouble in troubles:
        if _is_echo(trouble, troubles):
            continue
        level, place = _found(shape, tuple(trouble["loc"]))
        name = place[-1] if place else ""
        at = f"{path}:{line(lines, place) if lines else 1}"
        if trouble["type"] == "extra_forbidden":
            yield f"{at}: unknown key {name!r}{_hint(str(name), level, place, lines)}"
        elif trouble["type"] == "missing":
            yield f"{at}: the key {name!r} is missing"
        else:
            message = trouble["msg"].removeprefix("Value error, ")
            where = ".".join(str(part) for part in place)
            yield f"{at}: {where}: {message[0].lower()}{message[1:]}"


def _hint(name: str, level: Any, place: Place, lines: Mapping[Place, int]) -> str:
    known = sorted(level.model_fields) if _is_shape(level) else []
    absent = [key for key in known if (*place[:-1], key) not in lines]
    near = difflib.get_close_matches(name, absent, n=1, cutoff=NEAR)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"


def _is_echo(trouble: ErrorDetails, troubles: Sequence[ErrorDetails]) -> bool:
    """Whether this is only the other half of a choice: what is no text was looked into as a mapping,
    and that says more."""
    place = trouble["loc"]
    return trouble["type"] == "string_type" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place) - 1] == place[:-1]
        for other in troubles
    )


def _found(shape: Any, place: Place) -> tuple[Any, Place]:
    """(the shape around the last part, the place without the names of choices, which are in no file)."""
    here, around, clean = shape, shape, list[str | int]()
    for part in place:
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
