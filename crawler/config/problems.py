"""What is wrong with a value, in one line: where it stands, its key, and what is near. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from crawler.config.settings import SECRETS, Config
from crawler.wrong_values import expected, quoted

_ALL_KEYS = "docs/reference/configuration.md lists them all"


def describe(error: ValidationError, place: Callable[[tuple[str, ...]], str]) -> Iterator[str]:
    """Yield a line for each problem; ``place`` says where a key path was set.

    Values are quoted, secrets never.
    """
    for one in error.errors(include_url=False, include_input=True):
        path = tuple(str(part) for part in one["loc"])
        key = ".".join(path)
        if one["type"] == "extra_forbidden":
            yield f"{place(path)}: {key}: unknown key; {_near(path)}"
            continue
        shown = "" if key in SECRETS else quoted(one)
        yield f"{place(path)}: {key}: {expected(one, table='a table')}{shown}"


def _near(path: tuple[str, ...]) -> str:
    """The key that was probably meant: of the same table, else of another one."""
    *tables, name = path
    own = _fields(tables)
    if near := difflib.get_close_matches(name, own, 1):
        return f"did you mean {near[0]!r}?"
    every = {
        f"{table}.{key}" if table else key: key
        for table in ("", *(name for name in Config.model_fields if _fields([name])))
        for key in _fields([table] if table else [])
    }
    same = [full for full, key in every.items() if key == name.replace("-", "_")]
    return f"did you mean {' or '.join(map(repr, same))}?" if same else _ALL_KEYS


def _fields(tables: list[str]) -> list[str]:
    """The keys of the table at this path; numbers stand for the items of a list."""
    model: Any = Config
    for name in tables:
        if name.isdigit():
            continue
        found = model.model_fields.get(name)
        kinds = [found.annotation, *getattr(found.annotation, "__args__", ())] if found else []
        tables_found = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
        if not tables_found:
            return []
        model = tables_found[0]
    return list(model.model_fields)
