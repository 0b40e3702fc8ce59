"""The archive's URL as people write it: judged, made absolute, and shown without its password.

No message quotes the URL: whatever its parts are taken for, one of them may be a password.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from crawler.config.network import MAX_PORT

SQLITE, POSTGRES = ("sqlite", "sqlite+pysqlite"), ("postgresql", "postgres", "postgresql+psycopg")
_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
EXAMPLES = "write sqlite:///path or postgresql://user@host/database"


def check_url(text: str) -> URL:
    """The URL, if it names an archive that rasd can work with; ValueError says why not."""
    if "://" not in text:
        path = text.removeprefix("sqlite:").lstrip("/")
        meant = f"; did you mean 'sqlite:///{path}'?" if path and "@" not in text else ""
        raise ValueError(f"no URL, {EXAMPLES}{meant}")
    scheme, _, rest = text.partition("://")
    if scheme not in (*SQLITE, *POSTGRES):
        near = difflib.get_close_matches(scheme, ("sqlite", "postgresql"), 1)
        hint = f"did you mean {near[0]!r}?" if near else EXAMPLES
        raise ValueError(f"no database {scheme!r}; {hint}")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError(f"cannot be read as a URL, {EXAMPLES}") from error
    if scheme in SQLITE:
        _check_sqlite(url, rest)
    else:
        _check_postgres(url, rest)
    return url


def _check_sqlite(url: URL, rest: str) -> None:
    if url.host or url.username or url.port:
        raise ValueError(f"two slashes name a host; did you mean 'sqlite:///{rest}'?")
    if url.query:
        raise ValueError("a SQLite archive takes no options after '?'")
    if not url.database or url.database == ":memory:":
        raise ValueError("names no file; an archive in memory would be gone with its process")
    if url.database.endswith("/") or os.path.isdir(Path(url.database).expanduser()):
        raise ValueError(f"{url.database!r} is a folder; name a file in it")


def _check_postgres(url: URL, rest: str) -> None:
    if rest.partition("?")[0].count("@") > 1:
        raise ValueError("has two @; write the one in the password as %40")
    if _SECRET_OPTIONS & {name.lower() for name in url.query}:
        raise ValueError("a password stands before the @, as user:password@host")
    if not url.database:
        raise ValueError("names no database: postgresql://user@host/database")
    if url.port is not None and not 1 <= url.port <= MAX_PORT:
        raise ValueError(f"no port {url.port}")


def absolute(text: str, folder: Path) -> str:
    """The URL with the path of a SQLite archive made absolute: relative ones begin in this folder.

    ``~`` is the user's home.
    """
    url = make_url(text)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return text
    path = folder.absolute() / Path(url.database).expanduser()
    return url.set(database=str(path)).render_as_string(hide_password=False)


def has_password(text: str) -> bool:
    """Whether the URL holds a secret."""
    try:
        return bool(make_url(text).password)
    except (ArgumentError, ValueError):
        return "@" in text


def shown(text: str) -> str:
    """The URL as people may see it: as it was written, without its password."""
    url = make_url(text)
    if not url.password:
        return text
    return url.render_as_string(hide_password=True)
