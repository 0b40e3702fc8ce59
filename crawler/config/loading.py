"""The configuration put together: environment, credentials, file, defaults; the first one wins.

Relative paths begin in the folder of the file; those of the environment and, without a file, all
of them in the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.config import archive_url, environment, files, problems
from crawler.config.environment import Given
from crawler.config.settings import Config
from crawler.errors import ConfigError

FILE_NAME = "rasd.toml"  # looked for in the current folder when no --config is given
ARCHIVE_NAME = "rasd.sqlite"
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # systemd's LoadCredential= puts them there
CREDENTIAL_NAMES = ("archive", "smtp.password")  # the keys that may be credentials
DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The effective configuration, and for each key that was set (``smtp.port``) its origin."""

    config: Config
    origins: Mapping[str, str]
    file: Path | None

    def origin(self, key: str) -> str:
        """Where the value of this key is from; ``default`` if nothing set it."""
        tables = (key, key.partition(".")[0])
        return next((self.origins[name] for name in tables if name in self.origins), DEFAULT)


def load(path: Path | None = None, *, seeds: Path | None = None) -> Config:
    """The configuration from this file, or from ``rasd.toml`` here if there is one, or defaults.

    ``seeds`` is the folder chosen on the command line. ConfigError names file or variable and key.
    """
    return load_with_origins(path, seeds=seeds).config


def load_with_origins(path: Path | None = None, *, seeds: Path | None = None) -> Loaded:
    """The same with the origin of each value."""
    if path is None and Path(FILE_NAME).exists():
        path = Path(FILE_NAME)
    text = files.decode(files.read_bytes(path, files.MAX_BYTES), path) if path else ""
    in_file = files.parse_toml(text, path) if path else {}
    given = [
        Given(in_file, dict.fromkeys(_keys(in_file), str(path))),
        _credentials(os.environ),
        environment.read(os.environ),
    ]
    if seeds is not None:
        chosen = "RASD_SEEDS" if os.environ.get("RASD_SEEDS") == str(seeds) else "--seeds"
        given.append(Given({"seeds": str(seeds)}, {"seeds": chosen}))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for one in given:
        values = _merged(values, one.values)
        origins |= one.origins
    config = _validated(values, origins, text, path)
    if path is not None:
        _refuse_open(config, in_file, path)
    config, secret_origins = _with_secrets(config, origins, path)
    folder = path.absolute().parent if path else Path.cwd()
    config = _with_paths(config, origins, folder, has_file=path is not None)
    return Loaded(config=config, origins=origins | secret_origins, file=path)


def _keys(table: Mapping[str, Any], before: str = "") -> list[str]:
    keys = []
    for name, value in table.items():
        deeper = isinstance(value, dict) and not before
        keys += _keys(value, f"{name}.") if deeper else [before + name]
    return keys


def _credentials(environ: Mapping[str, str]) -> Given:
    """Secrets that systemd hands over as files named like their keys."""
    given = Given()
    if not (folder := environ.get(CREDENTIALS)):
        return given
    for key in CREDENTIAL_NAMES:
        if not (path := Path(folder, key)).exists():
            continue
        table, _, name = key.rpartition(".")
        secret = files.read_secret(path, key)
        (given.values.setdefault(table, {}) if table else given.values)[name] = secret
        given.origins[key] = f"credential {path}"
    return given


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[name] = _merged(below, value)
        else:
            merged[name] = value
    return merged


def _validated(
    values: Mapping[str, Any], origins: Mapping[str, str], text: str, path: Path | None
) -> Config:
    def place(key_path: tuple[str, ...]) -> str:
        for length in range(len(key_path), 0, -1):
            origin = origins.get(".".join(key_path[:length]))
            if origin is not None and origin != str(path):
                return f"{origin} in the environment" if _is_variable(origin) else origin
            if line := files.line_of(text, key_path[:length]):
                return f"{path}:{line}"
        return str(path) if path else "the configuration"

    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(problems.describe(error, place))) from error


def _refuse_open(config: Config, in_file: Mapping[str, Any], path: Path) -> None:
    """A secret in a file that everybody can read is none."""
    smtp = in_file.get("smtp")
    if isinstance(smtp, dict) and smtp.get("password"):
        files.refuse_open_secret(path, "smtp.password")
    if "archive" in in_file and archive_url.has_password(str(in_file["archive"])):
        files.refuse_open_secret(path, "the archive's password")


def _with_secrets(
    config: Config, origins: Mapping[str, str], path: Path | None
) -> tuple[Config, dict[str, str]]:
    """The configuration with the passwords that stand in files of their own."""
    if config.smtp.password_file is None:
        return config, {}
    if config.smtp.password:
        if origins.get("smtp.password") == origins.get("smtp.password_file"):
            raise ConfigError(f"{path}: smtp: has both password and password_file; keep one")
        return config, {}  # the environment or a credential says otherwise than the file
    by_file = origins.get("smtp.password_file") == str(path) and path is not None
    folder = path.absolute().parent if path is not None and by_file else Path.cwd()
    secret_file = folder / config.smtp.password_file.expanduser()
    password = files.read_secret(secret_file, "smtp.password")
    smtp = config.smtp.model_copy(update={"password": password, "password_file": secret_file})
    return config.model_copy(update={"smtp": smtp}), {"smtp.password": f"file {secret_file}"}


def _with_paths(
    config: Config, origins: Mapping[str, str], folder: Path, *, has_file: bool
) -> Config:
    """The configuration with absolute paths."""
    here = Path.cwd()

    def base(key: str) -> Path:
        origin = origins.get(key, "")
        return here if _is_variable(origin) or origin.startswith("--") else folder

    if "archive" in origins:
        archive = archive_url.absolute(config.archive, base("archive"))
    else:
        data = folder / "var" if has_file or (folder / "var").is_dir() else _data_folder()
        archive = archive_url.absolute(f"sqlite:///{ARCHIVE_NAME}", data)
    update: dict[str, Any] = {"archive": archive}
    if config.seeds is not None:
        update["seeds"] = base("seeds") / config.seeds.expanduser()
    if "/" in config.crawl.browser:
        browser = base("crawl.browser") / Path(config.crawl.browser).expanduser()
        update["crawl"] = config.crawl.model_copy(update={"browser": str(browser)})
    config = config.model_copy(update=update)
    config.begin_paths_in(base("subscribers"))
    return config


def _is_variable(origin: str) -> bool:
    return origin.upper().startswith(environment.PREFIX)


def _data_folder() -> Path:
    """``$XDG_DATA_HOME/rasd``; a relative value doesn't count (XDG Base Directory 0.8)."""
    given = os.environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(given):
        return Path(given) / "rasd"
    try:
        return Path.home() / ".local" / "share" / "rasd"
    except RuntimeError as error:
        raise ConfigError(
            "no archive is configured and the home folder is not known; "
            "set RASD_ARCHIVE or name a file with --config"
        ) from error
