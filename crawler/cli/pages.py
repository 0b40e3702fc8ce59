"""The verbs that read pages: ``rasd try`` without storing, ``rasd reread`` what was stored.

A page is parsed in a worker that can be killed; this process only passes its bytes on.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import zlib
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from crawler import app as apps
from crawler.app import App
from crawler.cli import try_page
from crawler.cli.context import (
    Json,
    load_seeds,
    new_commands,
    opened,
    pass_app,
    read_lines,
    settings,
)
from crawler.engine import embedded, requester
from crawler.extraction.templates import TemplateLearner
from crawler.model import ArchivedArticle, Page, PreparedArticle, Rejection, Source
from crawler.views import fields
from crawler.workers.pool import ReaderPool

commands = new_commands()

MAX_PAGE_BYTES = 25 * 1024 * 1024  # bytes of a page that are looked at, after decompression
MAX_BATCH_PAGE_SECONDS = 9.0  # of CPU time for one page of a batch: on a core of its own, its line
# is printed within 10 s


@commands.command("try")
def try_one(
    page: Annotated[
        str | None, typer.Argument(metavar="URL|FILE", help="What to read; FILE may end in .gz.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where FILE was received from.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Read it as this source's; else inferred from the address.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(help='Lines {"file","url","fetched_at"}; answers a JSON line each, in order.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read a page without storing it.

    Prints every field, where it is from, and the matches.
    """

    if (page is None) == (batch is None):
        raise typer.BadParameter("name one URL or FILE, or --batch FILE.jsonl")
    if batch is not None:
        try_batch(batch, source)
        return
    report = (
        _fetched(page or "", source)
        if (page or "").startswith(("http://", "https://"))
        else _filed(page or "", url, source)
    )
    typer.echo(
        json.dumps(report, ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(try_page.lines(report))
    )
    if "error" in report:
        raise typer.Exit(1)


def try_batch(batch: Path, slug: str | None) -> None:
    """Print one JSON line per line of the batch, in order, whatever the pages hold.

    Pages of one host teach a template, as a live source's do; it is dropped with the batch.
    """
    texts = [text for text in read_lines(batch) if text.strip()]
    config = settings()
    found = load_seeds()
    chosen = _chosen(found.sources, slug)
    timeout = min(config.reading.timeout_seconds, MAX_BATCH_PAGE_SECONDS)
    pool = apps.open_reader(
        config, found, timeout_seconds=timeout, template_learner=TemplateLearner()
    )
    pool.start()
    try:
        asyncio.run(
            _answer(
                batch, texts, pool, list(found.sources.values()), chosen, config.reading.workers
            )
        )
    finally:
        pool.stop()


async def _answer(
    batch: Path,
    texts: Sequence[str],
    pool: ReaderPool,
    sources: list[Source],
    chosen: Source | None,
    workers: int,
) -> None:
    """Read as many pages at once as there are workers; print them in the batch's order."""

    in_hand: deque[asyncio.Task[dict[str, Any]]] = deque()
    for number, text in enumerate(texts, 1):
        if len(in_hand) == workers:
            _say(await in_hand.popleft())
        in_hand.append(
            asyncio.ensure_future(
                _tried(text, f"{batch}:{number}", batch.parent, pool, sources, chosen)
            )
        )
    while in_hand:
        _say(await in_hand.popleft())


def _say(report: dict[str, Any]) -> None:
    typer.echo(json.dumps(report, ensure_ascii=False).encode("utf-8", "replace").decode())


async def _tried(
    text: str,
    where: str,
    folder: Path,
    pool: ReaderPool,
    sources: list[Source],
    chosen: Source | None,
) -> dict[str, Any]:
    line = try_page.line(text, where)
    if isinstance(line, str):
        return {"file": None, "error": line}
    try:
        return {"file": line.file} | await _read(line, folder, pool, sources, chosen)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        return {"file": line.file, "error": f"{getattr(error, 'strerror', None) or error}"}


async def _read(
    line: try_page.Line,
    folder: Path,
    pool: ReaderPool,
    sources: list[Source],
    chosen: Source | None,
) -> dict[str, Any]:
    started = time.perf_counter()
    body = await asyncio.to_thread(_bytes, folder / line.file)
    if not body.strip():
        return {"error": "empty file"}
    page = try_page.page(line.url, body, line.fetched_at or apps.now())
    found = await pool.read(page, chosen or try_page.source_of(page.url, sources))
    return try_page.told(found, line.url, time.perf_counter() - started)


def _bytes(path: Path) -> bytes:
    """The file's bytes, gunzipped where its name says so, up to MAX_PAGE_BYTES."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(MAX_PAGE_BYTES)


def _filed(path: str, url: str | None, slug: str | None) -> dict[str, Any]:
    config = settings()
    found = load_seeds()
    chosen = _chosen(found.sources, slug)
    pool = apps.open_reader(config, found)
    pool.start()
    try:
        line = try_page.Line(file=path, url=url, fetched_at=None)
        return asyncio.run(_read(line, Path(), pool, list(found.sources.values()), chosen))
    except (OSError, EOFError, zlib.error) as error:
        raise typer.BadParameter(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    finally:
        pool.stop()


def _fetched(url: str, slug: str | None) -> dict[str, Any]:
    with opened() as app:
        chosen = _chosen(app.sources, slug)
        report: dict[str, Any] = {}

        async def main(stop: asyncio.Event) -> int:
            page = await requester.fetch_page(app, url)
            if isinstance(page, str):
                report["error"] = page
                return 1
            app.reader.start()
            started = time.perf_counter()
            found = await app.reader.read(
                page, chosen or try_page.source_of(page.url, app.sources.values())
            )
            report.update(try_page.told(found, url, time.perf_counter() - started))
            return 0

        embedded.run(main)
    return report


def _chosen(sources: dict[str, Source], slug: str | None) -> Source | None:
    if slug is not None and slug not in sources:
        raise typer.BadParameter(f"no source {slug!r}; rasd status lists them")
    return sources[slug] if slug is not None else None


@commands.command()
@pass_app(locked=True)
def reread(
    app: App,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may repeat.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Kept since a day (2026-11-23) or an age (7d).")
    ] = None,
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Only pages that broke their reader.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read stored pages again with today's code.

    Ids never change. Running it twice changes nothing the second time.
    """
    for slug in source or ():
        _chosen(app.sources, slug)
    app.reader.start()
    pages = app.reprocessing.pages(
        sources=source or (), since=fields.moment(since, app.clock()), broken=quarantined
    )
    report = asyncio.run(_reread(app, pages, as_json))
    typer.echo(json.dumps(report, ensure_ascii=False) if as_json else _summed(report))


async def _reread(
    app: App, pages: Iterable[tuple[ArchivedArticle, Page]], quiet: bool
) -> dict[str, int]:
    """Replace each reading that changed, print each change, and return the counts."""

    counts = {"read": 0, "changed": 0, "unreadable": 0, "without_source": 0}
    async for kept, found in _in_turn(app, pages):
        if found == "no source":
            counts["without_source"] += 1  # its seed is gone: its zone and names are not known
            continue
        counts["read"] += 1
        if not isinstance(found, PreparedArticle) or found.reading.fate == "quarantined":
            counts["unreadable"] += 1  # what an earlier reading found is better than nothing
            continue
        changed = app.reprocessing.replace(kept, found)
        counts["changed"] += bool(changed)
        if changed and not quiet:
            typer.echo(f"{kept.id:>8}  {', '.join(changed)}  {found.reading.article.headline[:60]}")
    return counts


async def _in_turn(
    app: App, pages: Iterable[tuple[ArchivedArticle, Page]]
) -> AsyncIterator[
    tuple[ArchivedArticle, PreparedArticle | Rejection | Literal["no source"] | None]
]:
    """Yield each article with its page's new reading, in the order given.

    Two pages per worker are in flight at a time.
    """

    left = iter(pages)
    while some := list(islice(left, 2 * app.config.reading.workers)):
        owners = [app.sources.get(kept.article.source) for kept, _ in some]
        asked = [
            app.reader.read(page, owner)
            for (_, page), owner in zip(some, owners, strict=True)
            if owner
        ]
        found = iter(await asyncio.gather(*asked))
        for (kept, _), owner in zip(some, owners, strict=True):
            yield kept, next(found) if owner else "no source"


def _summed(report: dict[str, int]) -> str:
    parts = [f"read {report['read']} pages again", f"{report['changed']} articles changed"]
    if report["unreadable"]:
        parts.append(f"{report['unreadable']} left as they are: the page cannot be read now")
    if report["without_source"]:
        parts.append(f"{report['without_source']} of sources that no seed names")
    return ", ".join(parts)
