"""Settings in the environment: ``RASD_ARCHIVE``, ``RASD_SMTP__HOST``. Pure: it is an argument."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from crawler.config.settings import Config
from crawler.errors import ConfigError

PREFIX, DELIMITER = "RASD_", "__"
NOT_SETTINGS = frozenset(
    {
        "RASD_CONFIG",  # --config
        "RASD_CRASH_AT",  # crawler.failpoints
        "RASD_REQUIRE", "RASD_TEST_POSTGRES", "RASD_FORTNIGHT",  # of the tests
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """Values as a nested table, and for each key (``smtp.port``) where it is from."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)


def names() -> dict[str, tuple[str, ...]]:
    """Every name that sets a key or a table, with the key's path."""
    return {PREFIX + DELIMITER.join(path).upper(): path for path, _ in _paths()}


def _paths() -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    for name, top in Config.model_fields.items():
        yield (name,), top
        if isinstance(table := top.annotation, type) and issubclass(table, BaseModel):
            for key, inner in table.model_fields.items():
                yield (name, key), inner


def read(environ: Mapping[str, str]) -> Given:
    """What these variables set. ConfigError names one that sets nothing, or is no JSON where a
    table or a list is expected; it quotes no value."""
    known, fields = names(), dict(_paths())
    given, problems = Given(), []
    for variable in sorted(environ, key=lambda one: (one.count(DELIMITER), one)):
        name = variable.upper()
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(f"{variable} in the environment: unknown name{hint}")
            continue
        path = known[name]
        try:
            value = _value(environ[variable], fields[path])
        except ValueError as error:
            problems.append(f"{variable} in the environment: {error}")
            continue
        _put(given, path, value, variable)
    if problems:
        raise ConfigError("\n".join(problems))
    return given


def _value(text: str, of: FieldInfo) -> Any:
    try:
        text = os.fsencode(text).decode("utf-8")  # whatever the locale took it for
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    kind = of.annotation
    is_table = isinstance(kind, type) and issubclass(kind, BaseModel)
    if not is_table and get_origin(kind) not in (tuple, dict):
        return text
    form = "a list" if get_origin(kind) is tuple else "a table"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON; {form} is expected, such as {_example(kind)}") from error
    if not isinstance(value, list if form == "a list" else dict):
        raise ValueError(f"JSON, but not {form}, such as {_example(kind)}")
    return value


def _example(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return '["…"]' if get_args(kind)[0] is str else '[{"key": "…"}]'
    return '{"key": "…"}'


def _put(given: Given, path: tuple[str, ...], value: Any, variable: str) -> None:
    table = given.values
    for name in path[:-1]:
        table = table.setdefault(name, {})
    table[path[-1]] = value
    if isinstance(value, dict) and len(path) == 1:
        given.origins.update({f"{path[0]}.{key}": variable for key in value})
    else:
        given.origins[".".join(path)] = variable
