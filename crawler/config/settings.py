"""Settings of one installation: TOML file, then ``RASD_*`` in the environment, which wins.

``RASD_ARCHIVE=…`` sets a top-level key, ``RASD_SMTP__HOST=…`` one in a table. Every value has its
unit in its name or type; its description is the reference (``docs/reference/configuration.md``).
What is watched stands in seeds, never here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NetworkConfig(_Table):
    """What may be connected to beyond the public internet: nothing, unless you name it."""

    allow: tuple[str, ...] = Field(
        (),
        description="Single private places that may be connected to, as `CIDR[:port]`, such as "
        "`127.0.0.2/32:8081`; for newspapers inside your own network. All of 127.0.0.1 is refused.",
    )
    hosts: dict[str, str] = Field(
        {}, description="Host name → IP address, for names that are in no DNS."
    )


class CrawlConfig(_Table):
    """How politely and how patiently sites are polled."""

    contact: str = Field(
        "",
        description="A mail or web address that is sent in the User-Agent, so that sites can reach "
        "you.",
    )
    delay_seconds: float = Field(
        1.0,
        ge=0,
        description="Seconds between two requests to one host. A source's `delay` replaces it, a "
        "`crawl-delay` in robots.txt can only raise it.",
    )
    timeout_seconds: float = Field(
        30.0, gt=0, le=120, description="Seconds for a whole response, body included."
    )
    concurrent_requests: int = Field(
        32, ge=1, description="Requests in flight at the same time in one crawl."
    )
    budget_requests: int = Field(
        400,
        ge=1,
        description="Requests that one source may cost one crawl, so that a huge source doesn't "
        "hold "
        "the others up. Pages left over stay queued for the next poll; so for the next two keys.",
    )
    budget_bytes: int = Field(
        100_000_000, ge=1, description="Bytes received that one source may cost one crawl."
    )
    budget_seconds: float = Field(
        600.0, gt=0, description="Seconds that one source may cost one crawl."
    )
    browser: str = Field(
        "",
        description="Path of a Chromium, for sections with `render: true`; empty: the first on the "
        "PATH.",
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReadingConfig(_Table):
    """The worker processes that read pages."""

    workers: int = Field(
        default_factory=lambda: min(max(_cores(), 2), 8),
        ge=1,
        description="Worker processes. If not set: one per core that the process may use, but at "
        "least 2 (or a page that hangs would hold up the others) and at most 8 (which "
        "read more than "
        "one process can fetch).",
    )
    timeout_seconds: float = Field(
        10.0,
        gt=0,
        description="Seconds of CPU time for one page; then its worker is killed and replaced. A "
        "busy machine costs a page nothing.",
    )
    memory_mb: int = Field(
        512,
        ge=256,
        description="Megabytes that a page may cost a worker, on top of what its libraries take.",
    )
    templates: bool = Field(
        True,
        description=(
            "Learn where a source's articles stand on its pages, and read later pages there."
        ),
    )


class SmtpConfig(_Table):
    """The mail server for digests. Without a host, only Maildir subscriptions are served."""

    host: str = Field("", description="Its name; empty: no mail is sent by SMTP.")
    port: int = Field(587, description="587 for STARTTLS, 465 for TLS.")
    security: Literal["none", "starttls", "tls"] = Field(
        "starttls",
        description="`starttls` is required, never merely tried; certificates are verified.",
    )
    username: str = Field("", description="Empty: no login.")
    password: str = Field(
        "", description="Better set by `RASD_SMTP__PASSWORD`: a file is easily read by others."
    )
    sender: str = Field("", description="The From address, such as `rasd <rasd@example.org>`.")


class LogConfig(_Table):
    """What is written to stderr, and how."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        description="The least level that is written. Libraries (Scrapy, Twisted, APScheduler) are "
        "heard from `warning` on; with `debug` from `debug` on, which is every request.",
    )
    format: Literal["console", "json"] = Field(
        "console",
        description="`console`: a line of `key=value` pairs; `json`: one JSON object per line, for "
        "programs that collect logs. Times are ISO 8601 in UTC in both.",
    )


class Subscriber(_Table):
    """A recipient that is written into the configuration; `rasd subscribe` stores others."""

    digest: str = Field(description="The slug of a digest recipe in the seeds.")
    address: str = Field(description="A mail address, or the folder of a Maildir.")
    channel: str = Field("", description="A channel's name; empty: inferred from the address.")


class Config(BaseSettings):
    """Everything an installation can set; the defaults are safe and make a daemon that works."""

    model_config = SettingsConfigDict(
        env_prefix="RASD_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    archive: str = Field(
        "sqlite:///var/rasd.sqlite",
        description="SQLAlchemy URL of the archive: `sqlite:///relative/path`, "
        "`sqlite:////absolute/path`, or `postgresql://user@host/database` (extra `postgres`).",
    )
    seeds: Path | None = Field(
        None, description="A seeds folder of your own; not set: the seeds that come with rasd."
    )
    tick_seconds: float = Field(
        5.0, gt=0, description="Seconds between two looks at which feeds are due."
    )
    network: NetworkConfig = NetworkConfig()
    crawl: CrawlConfig = CrawlConfig()
    reading: ReadingConfig = ReadingConfig()
    smtp: SmtpConfig = SmtpConfig()
    log: LogConfig = LogConfig()
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
