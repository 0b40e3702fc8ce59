"""The configuration read from its file and from the environment."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.config.settings import Config
from crawler.errors import ConfigError

FILE_NAME = "rasd.toml"  # looked for in the current folder when no --config is given


def load(path: Path | None = None) -> Config:
    """The configuration from this file, or from ``rasd.toml`` here if there is one, or defaults.

    ConfigError names the file and the key.
    """
    if path is None and Path(FILE_NAME).is_file():
        path = Path(FILE_NAME)
    data: dict[str, Any] = {}
    if path is not None:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return Config(**data)
    except ValidationError as error:
        where = str(path) if path else "the environment (RASD_*)"
        lines = [
            f"{where}: {'.'.join(map(str, e['loc']))}: {_problem(e['msg'])}" for e in error.errors()
        ]
        raise ConfigError("\n".join(lines)) from error


def _problem(message: str) -> str:
    if message.startswith("Extra inputs"):
        return "unknown key; docs/reference/configuration.md lists them all"
    return message[0].lower() + message[1:]
