"""Settings of one installation: TOML file, then ``RASD_*`` in the environment, which wins.

``RASD_ARCHIVE=…`` sets a top-level key, ``RASD_SMTP__HOST=…`` one in a table. Every value has its
unit in its name or type and a reason beside it. What is watched stands in seeds, never here.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from crawler.errors import ConfigError

FILE_NAME = "rasd.toml"  # looked for in the current folder when no --config is given


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NetworkConfig(_Table):
    """What may be connected to beyond the public internet. Both are empty unless you say so."""

    allow: tuple[str, ...] = ()  # "127.0.0.2/32:8081": CIDR[:port] of single private places
    hosts: dict[str, str] = {}  # name → address, for newspapers that stand in no DNS


class CrawlConfig(_Table):
    """How politely and how patiently sites are asked."""

    contact: str = ""  # a mail or web address, sent in the User-Agent: sites can reach you
    delay_seconds: Annotated[float, Field(ge=0)] = 1.0  # between two requests to one host
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 30.0  # for a whole response
    concurrent_requests: Annotated[int, Field(ge=1)] = 32
    # What one source may cost one crawl; the pages left over stay queued for the next.
    budget_requests: Annotated[int, Field(ge=1)] = 400
    budget_bytes: Annotated[int, Field(ge=1)] = 100_000_000
    budget_seconds: Annotated[float, Field(gt=0)] = 600.0
    browser: str = ""  # path of a Chromium, for feeds with ``render``; "": the first on the PATH


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReadingConfig(_Table):
    """The worker processes that read pages."""

    # One a core that this process may use. Two at least, or a page that hangs would keep the others
    # waiting; eight at most, which read more than one process can fetch.
    workers: Annotated[int, Field(ge=1)] = Field(default_factory=lambda: min(max(_cores(), 2), 8))
    timeout_seconds: Annotated[float, Field(gt=0)] = 10.0  # a page that takes longer is let go
    memory_mb: Annotated[int, Field(ge=256)] = 512
    templates: bool = True  # learn where a source's articles stand, and read later pages there


class SmtpConfig(_Table):
    """The mail server for digests. Without a host, only Maildir subscriptions are served."""

    host: str = ""
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    sender: str = ""


class Subscriber(_Table):
    """A recipient written into the configuration (or use ``rasd subscribe``)."""

    digest: str
    address: str
    channel: Literal["smtp", "maildir"] = "smtp"


class Config(BaseSettings):
    """Everything an installation can set; the defaults are safe and make a daemon that works."""

    model_config = SettingsConfigDict(
        env_prefix="RASD_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    archive: str = "sqlite:///var/rasd.sqlite"  # or postgresql://…
    seeds: Path | None = None  # a folder of one's own; None: those that came with rasd
    tick_seconds: Annotated[float, Field(gt=0)] = 5.0  # how often due-ness is looked at
    network: NetworkConfig = NetworkConfig()
    crawl: CrawlConfig = CrawlConfig()
    reading: ReadingConfig = ReadingConfig()
    smtp: SmtpConfig = SmtpConfig()
    subscribers: tuple[Subscriber, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values come in as arguments."""
        return env_settings, init_settings


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
            f"{where}: {'.'.join(map(str, e['loc']))}: {_said(e['msg'])}" for e in error.errors()
        ]
        raise ConfigError("\n".join(lines)) from error


def _said(message: str) -> str:
    if message.startswith("Extra inputs"):
        return "unknown key; crawler/config.py lists them all, each with its reason"
    return message[0].lower() + message[1:]
