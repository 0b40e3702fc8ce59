"""Golden pages of an installation: a page as it was received, with the article that it holds.

::

    FOLDER/<source>/<name>.html    the bytes
    FOLDER/<source>/<name>.json    url, fetched_at, status, headers; ``article``, what is to be read

``rasd try --save`` writes what is read today; a person corrects ``article`` where that is wrong.
``rasd try --check`` reads the pages again and says which differ. Only the owner may read the files:
a page belongs to its outlet.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.errors import InvalidFileError
from crawler.model import Page
from crawler.views.fields import JsonRow

FIELDS = (
    *("canonical_url", "headline", "lead", "body", "published_at", "modified_at"),
    *("language", "authors", "section", "image"),
)
"""What is compared of an article."""
_HEADERS = frozenset({"content-language", "content-type", "date", "last-modified"})  # no cookie
_MAX_NAME = 80  # characters
_MAX_SHOWN = 60  # characters of a value in a difference


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenPage:
    """A golden page as it stands in its folder."""

    source: str
    name: str
    page: Page
    article: Mapping[str, Any]


def save(folder: Path, source: str, page: Page, row: JsonRow, *, overwrite: bool) -> Path:
    """Write a page with the article read of it; the path of its JSON file.

    Raises FileExistsError if it is there already, unless ``overwrite``.
    """
    place = folder / source / _name(page.url)
    document = {
        "url": page.url,
        "fetched_at": page.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        "status": page.status,
        "headers": {k: v for k, v in page.headers if k.lower() in _HEADERS},
        "article": {name: row[name] for name in FIELDS},
    }
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = place.with_name(f"{place.name}.json")
    _write(written, text.encode(), overwrite)
    _write(place.with_name(f"{place.name}.html"), page.body, True)
    return written


def _name(url: str) -> str:
    """A file's name made of the address's last words: ``/news/2026/a-title.html`` → a-title."""
    parts = urlsplit(url)
    words = PurePosixPath(unquote(parts.path)).stem or "page"
    made = re.sub(r"[^\w-]+", "-", f"{words}-{parts.query}" if parts.query else words)
    return made.strip("-")[:_MAX_NAME].encode()[:200].decode(errors="ignore") or "page"


def _write(path: Path, data: bytes, overwrite: bool) -> None:
    if overwrite:
        path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def read_all(folder: Path) -> Iterator[GoldenPage]:
    """The golden pages of a folder, by source and name. Raises InvalidFileError for one that can't
    be read."""
    for path in sorted(folder.glob("*/*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            page = Page(
                url=document["url"],
                requested_url=document["url"],
                fetched_at=datetime.fromisoformat(document["fetched_at"]),
                status=document.get("status", 200),
                headers=tuple(document.get("headers", {}).items()),
                body=path.with_suffix(".html").read_bytes(),
            )
            article = dict(document["article"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            said = "is missing" if isinstance(error, KeyError) else ""
            raise InvalidFileError(f"{path}:1: no golden page: {error} {said}".rstrip()) from error
        yield GoldenPage(source=path.parent.name, name=path.stem, page=page, article=article)


def sources_of(folder: Path) -> frozenset[str]:
    """The slugs of the sources that have a golden page in this folder."""
    return frozenset(path.parent.name for path in folder.glob("*/*.json"))


def differences(golden: GoldenPage, row: JsonRow) -> list[str]:
    """What the page is read as now and is not to be, a line a field; empty if all is as it was."""
    if "error" in row:
        return [f"cannot be read: {row['error']}"]
    return [
        f"{name}: {_shown(golden.article[name], row.get(name))}"
        for name in FIELDS
        if name in golden.article and golden.article[name] != row.get(name)
    ]


def _shown(wanted: Any, found: Any) -> str:
    """Both values, long texts from where they part."""
    if isinstance(wanted, str) and isinstance(found, str):
        parting = (n for n, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b)
        same = next(parting, min(len(wanted), len(found)))
        start = max(0, same - _MAX_SHOWN // 3)
        wanted, found = wanted[start:], found[start:]
    return f"{_short(found)} instead of {_short(wanted)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
