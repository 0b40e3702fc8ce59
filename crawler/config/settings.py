"""Every key that an installation can set, with its unit, its bounds and its description.

The descriptions are the reference (``docs/reference/configuration.md``). What is watched stands in
seeds, never here.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from crawler.config import archive_url, network
from crawler.config.network import MAX_PORT

SECRETS = frozenset({"archive", "smtp.password"})  # keys whose values no message quotes
A_DAY = 86_400.0  # seconds


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: Any, info: ValidationInfo) -> Any:
        """No ``true`` for a number, and no text with characters that no one types."""
        kind = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool) and kind in (int, float):
            raise ValueError(f"is to be a number, not {str(value).lower()}")
        is_table = isinstance(kind, type) and issubclass(kind, BaseModel)  # its keys are looked at
        for text in () if is_table else _texts(value):
            if found := next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None):
                raise ValueError(f"holds the control character {found!a}")
        return value


def _texts(value: Any) -> list[str]:
    """A text itself; the texts of a list, and of a table with its keys; of anything else, none."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for text in pair if isinstance(text, str)]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


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

    @field_validator("allow")
    @classmethod
    def _places(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            network.parse_place(text)
        return texts

    @field_validator("hosts")
    @classmethod
    def _addresses(cls, hosts: dict[str, str]) -> dict[str, str]:
        for name, address in hosts.items():
            network.check_host(name, address)
        return hosts


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
        le=3_600,
        description="Seconds between two requests to one host. A source's `delay` replaces it, a "
        "`crawl-delay` in robots.txt can only raise it.",
    )
    timeout_seconds: float = Field(
        30.0, gt=0, le=120, description="Seconds for a whole response, body included."
    )
    concurrent_requests: int = Field(
        32, ge=1, le=1_000, description="Requests in flight at the same time in one crawl."
    )
    budget_requests: int = Field(
        400,
        ge=1,
        le=1_000_000,
        description="Requests that one source may cost one crawl, so that a huge source doesn't "
        "hold "
        "the others up. Pages left over stay queued for the next poll; so for the next two keys.",
    )
    budget_bytes: int = Field(
        100_000_000,
        ge=1,
        le=1_000_000_000_000,
        description="Bytes received that one source may cost one crawl.",
    )
    budget_seconds: float = Field(
        600.0, gt=0, le=A_DAY, description="Seconds that one source may cost one crawl."
    )
    browser: str = Field(
        "",
        description="A Chromium for sections with `render: true`: its path, or a name on the PATH; "
        "empty: the first on the PATH.",
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
        le=256,
        description="Worker processes. If not set: one per core that the process may use, but at "
        "least 2 (or a page that hangs would hold up the others) and at most 8 (which "
        "read more than "
        "one process can fetch).",
    )
    timeout_seconds: float = Field(
        10.0,
        gt=0,
        le=3_600,
        description="Seconds of CPU time for one page; then its worker is killed and replaced. A "
        "busy machine costs a page nothing.",
    )
    memory_mb: int = Field(
        512,
        ge=256,
        le=1_048_576,
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
    port: int = Field(587, ge=1, le=MAX_PORT, description="587 for STARTTLS, 465 for TLS.")
    security: Literal["none", "starttls", "tls"] = Field(
        "starttls",
        description="`starttls` is required, never merely tried; certificates are verified.",
    )
    username: str = Field("", description="Empty: no login.")
    password: str = Field(
        "",
        repr=False,
        description="Better in a file of its own (`password_file`), in a systemd credential named "
        "`smtp.password`, or in `RASD_SMTP__PASSWORD`. A file that holds it and can be read by "
        "everybody is refused.",
    )
    password_file: Path | None = Field(
        None, description="A file that holds the password and nothing else."
    )
    sender: str = Field(
        "",
        description="The From address, such as `rasd <rasd@example.org>`; required with a host.",
    )

    @field_validator("host")
    @classmethod
    def _name(cls, host: str) -> str:
        if "://" in host:
            raise ValueError(f"{host!r} has a scheme; write the name alone")
        name, _, port = host.rpartition(":")
        if name and ":" not in name and port.isdigit():
            raise ValueError(f"{host!r} has a port; write host = {name!r} and port = {port}")
        if any(c.isspace() or c in "/@," for c in host):
            raise ValueError(f"{host!r} is no host name")
        return host

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.sender:
            raise ValueError(f"host {self.host!r} without sender, the From address")
        if self.sender and "@" not in self.sender:
            raise ValueError(f"sender {self.sender!r} has no mail address")
        if (self.password or self.password_file) and not self.username:
            raise ValueError("a password without username: there is no login without both")
        return self


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

    digest: str = Field(min_length=1, description="The slug of a digest recipe in the seeds.")
    address: str = Field(min_length=1, description="A mail address, or the folder of a Maildir.")
    channel: str = Field("", description="A channel's name; empty: inferred from the address.")


class Config(_Table):
    """Everything an installation can set; the defaults are safe and make a daemon that works."""

    archive: str = Field(
        "sqlite:///var/rasd.sqlite",
        repr=False,
        description="SQLAlchemy URL of the archive: `sqlite:///relative/path`, "
        "`sqlite:////absolute/path`, or `postgresql://user@host/database` (extra `postgres`). "
        "Without a configuration file: `./var/rasd.sqlite` if there is a folder `var`, else "
        "`$XDG_DATA_HOME/rasd/rasd.sqlite`.",
    )
    seeds: Path | None = Field(
        None, description="A seeds folder of your own; not set: the seeds that come with rasd."
    )
    tick_seconds: float = Field(
        5.0, gt=0, le=300, description="Seconds between two looks at which feeds are due."
    )
    alarms: tuple[str, ...] = Field(
        (),
        description="Mail addresses or Maildir folders that get a mail when the archive can't be "
        "used for longer than a minute, and one when it can. Empty: the digests' recipients.",
    )
    network: NetworkConfig = NetworkConfig()
    crawl: CrawlConfig = CrawlConfig()
    reading: ReadingConfig = ReadingConfig()
    smtp: SmtpConfig = SmtpConfig()
    log: LogConfig = LogConfig()
    subscribers: tuple[Subscriber, ...] = ()

    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @field_validator("archive")
    @classmethod
    def _url(cls, text: str) -> str:
        archive_url.check_url(text)
        return text

    @property
    def folder(self) -> Path:
        """Where the relative paths of ``subscribers`` begin."""
        return self._folder

    def begin_paths_in(self, folder: Path) -> None:
        """Let the relative paths of ``subscribers`` begin in this folder."""
        self._folder = folder
