"""The verbs that read pages: ``rasd try`` without storing, ``rasd reread`` what was stored.

A page is parsed in a worker that can be killed; this process only passes its bytes on.
"""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections import deque
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler import app as apps
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import (
    Json,
    load_seeds,
    new_commands,
    opened,
    pass_app,
    read_lines,
    settings,
)
from crawler.cli.pages import golden, try_page
from crawler.cli.progress import progress
from crawler.engine import embedded, requester
from crawler.extraction.templates import TemplateLearner
from crawler.model import ArchivedArticle, Page, PreparedArticle, Rejection, Source
from crawler.views import arguments
from crawler.views.fields import JsonRow
from crawler.views.page import NO_ADDRESS, page_lines, page_row
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
    save: Annotated[
        Path | None,
        typer.Option(help="Also write it as a golden page of its source into this folder."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="With --save, also if it is there already.")
    ] = False,
    check: Annotated[
        Path | None, typer.Option(help="Read the golden pages of this folder again.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read a page without storing it.

    Prints every field, where it is from, and the matches. --check prints the golden pages that are
    read otherwise than they say; exit code 1 if there are any.
    """
    if sum(given is not None for given in (page, batch, check)) != 1:
        raise typer.BadParameter("name one URL or FILE, or --batch FILE.jsonl, or --check FOLDER")
    if batch is not None:
        try_batch(batch, source)
        return
    if check is not None:
        _check_golden(check)
        return
    given = page or ""
    keep = _Keeping(folder=save, overwrite=overwrite)
    is_address = given.startswith(("http://", "https://"))
    row = _from_web(given, source, keep) if is_address else _from_file(given, url, source, keep)
    if as_json:
        output.say_json(row, indent=2)
    else:
        output.say("\n".join(page_lines(row)))
    if "error" in row:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keeping:
    """Where a page that was read becomes a golden one, if it is to."""

    folder: Path | None = None
    overwrite: bool = False

    def __call__(self, page: Page, source: Source, row: JsonRow) -> None:
        if self.folder is None or "error" in row:
            return
        if page.url == NO_ADDRESS:
            raise typer.BadParameter("a golden page needs its address: add --url")
        try:
            path = golden.save(self.folder, source.slug, page, row, overwrite=self.overwrite)
        except FileExistsError as error:
            said = f"{error.filename} is there already; --overwrite replaces it"
            raise typer.BadParameter(said) from error
        except OSError as error:
            raise typer.BadParameter(f"{error.filename}: {error.strerror}") from error
        output.say(f"golden page: {path}; correct in it what is read wrongly", err=True)


def _check_golden(folder: Path) -> None:
    """Read the golden pages again, print what differs and a verdict; exit code 1 if any does."""
    pages = list(golden.read_all(folder))
    if not pages:
        raise typer.BadParameter(f"{folder}: no golden page; rasd try URL --save {folder}")
    with _page_reader(None) as reader:
        rows = asyncio.run(_read_golden(reader, pages))
    differ = 0
    for page, row in zip(pages, rows, strict=True):
        lines = golden.differences(page, row)
        differ += bool(lines)
        for line in lines:
            output.say(f"{page.source}/{page.name}: {line}")
    counted = f"{len(pages)} golden page{'s' * (len(pages) != 1)}"
    output.say(f"{counted}: {f'{differ} read otherwise' if differ else 'all read as they say'}")
    if differ:
        raise typer.Exit(1)


async def _read_golden(reader: PageReader, pages: Sequence[golden.GoldenPage]) -> list[JsonRow]:
    """Each page read as its source's, one after the other: none waits for long."""
    known = {source.slug: source for source in reader.sources}
    return [
        await replace(reader, chosen=known.get(one.source)).read(one.page, one.page.url)
        for one in pages
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """Reads given pages in the workers of ``pool``, as pages of ``chosen`` or of their address."""

    pool: ReaderPool
    sources: Collection[Source]
    chosen: Source | None
    keep: Callable[[Page, Source, JsonRow], None] = lambda page, source, row: None

    async def read(self, page: Page, url: str | None) -> JsonRow:
        """The row of ``rasd try`` for a page that was given this address."""
        started = time.perf_counter()
        source = self.chosen or try_page.source_of(page.url, self.sources)
        found = await self.pool.read(page, source)
        row = page_row(found, url, time.perf_counter() - started)
        self.keep(page, source, row)
        return row

    async def read_file(self, line: try_page.Line, folder: Path) -> JsonRow:
        """The row for a file, which may be gzipped; OSError, EOFError or zlib.error if it is not
        readable."""
        body = await asyncio.to_thread(_bytes, folder / line.file)
        if not body.strip():
            return {"error": "empty file"}
        return await self.read(
            try_page.page(line.url, body, line.fetched_at or apps.now()), line.url
        )

    async def read_line(self, text: str, where: str, folder: Path) -> JsonRow:
        """The row for a line of a batch, with ``file`` and perhaps ``error``; raises nothing."""
        line = try_page.line(text, where)
        if isinstance(line, str):
            return {"file": None, "error": line}
        try:
            return {"file": line.file} | await self.read_file(line, folder)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            return {"file": line.file, "error": f"{getattr(error, 'strerror', None) or error}"}


def try_batch(batch: Path, slug: str | None) -> None:
    """Print one JSON line per line of the batch, in order, whatever the pages hold.

    Pages of one host teach a template, as a live source's do; it is dropped with the batch.
    """
    texts = [text for text in read_lines(batch) if text.strip()]
    seconds = min(settings().reading.timeout_seconds, MAX_BATCH_PAGE_SECONDS)
    with _page_reader(slug, timeout_seconds=seconds, learner=TemplateLearner()) as reader:
        asyncio.run(_answer(batch, texts, reader))


async def _answer(batch: Path, texts: Sequence[str], reader: PageReader) -> None:
    """Read as many pages at once as there are workers; print them in the batch's order."""
    workers = settings().reading.workers
    in_hand: deque[asyncio.Task[JsonRow]] = deque()
    for number, text in enumerate(texts, 1):
        if len(in_hand) == workers:
            output.say_json(await in_hand.popleft())
        reading = reader.read_line(text, f"{batch}:{number}", batch.parent)
        in_hand.append(asyncio.ensure_future(reading))
    while in_hand:
        output.say_json(await in_hand.popleft())


def _bytes(path: Path) -> bytes:
    """The file's bytes, gunzipped if its name ends in .gz, up to MAX_PAGE_BYTES."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(MAX_PAGE_BYTES)


@contextmanager
def _page_reader(
    slug: str | None,
    *,
    timeout_seconds: float | None = None,
    learner: TemplateLearner | None = None,
    keep: _Keeping | None = None,
) -> Iterator[PageReader]:
    """A reader with workers of its own and no archive; they end with the block."""
    found = load_seeds()
    chosen = _chosen(found.sources, slug)
    pool = apps.open_reader(
        settings(),
        found,
        to_keep=False,
        timeout_seconds=timeout_seconds,
        template_learner=learner,
    )
    pool.start()
    try:
        yield PageReader(
            pool=pool, sources=found.sources.values(), chosen=chosen, keep=keep or _Keeping()
        )
    finally:
        pool.stop()


def _from_file(path: str, url: str | None, slug: str | None, keep: _Keeping) -> JsonRow:
    line = try_page.Line(file=path, url=url, fetched_at=None)
    try:
        with _page_reader(slug, keep=keep) as reader:
            return asyncio.run(reader.read_file(line, Path()))
    except (OSError, EOFError, zlib.error) as error:
        raise typer.BadParameter(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _from_web(url: str, slug: str | None, keep: _Keeping) -> JsonRow:
    row: JsonRow = {}
    with opened(archive="optional") as app:
        chosen = _chosen(app.seeds.sources, slug)
        reader = PageReader(pool=app.reader, sources=app.sources.values(), chosen=chosen, keep=keep)

        async def main(stop: asyncio.Event) -> int:
            page = await requester.fetch_page(app, url)
            if isinstance(page, str):
                row["error"] = page
                return 1
            app.reader.start()
            row.update(await reader.read(page, url))
            return 0

        embedded.run(main)
    return row


def _chosen(sources: Mapping[str, Source], slug: str | None) -> Source | None:
    if slug is not None and slug not in sources:
        raise typer.BadParameter(arguments.no_source(slug, sources))
    return sources[slug] if slug is not None else None


@commands.command()
@pass_app(locked=True, last_good=False)
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
        _chosen(app.seeds.sources, slug)
    app.reader.start()
    pages = app.reprocessing.pages(
        sources=source or (), since=arguments.moment(since, app.clock()), broken=quarantined
    )
    report = asyncio.run(_reread(app, progress(pages, "pages read again"), as_json))
    if as_json:
        output.say_json(report)
    else:
        output.say(_summed(report))


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
            output.say(f"{kept.id:>8}  {', '.join(changed)}  {found.reading.article.headline[:60]}")
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
        readings = [
            app.reader.read(page, owner)
            for (_, page), owner in zip(some, owners, strict=True)
            if owner
        ]
        found = iter(await asyncio.gather(*readings))
        for (kept, _), owner in zip(some, owners, strict=True):
            yield kept, next(found) if owner else "no source"


def _summed(report: dict[str, int]) -> str:
    parts = [f"read {report['read']} pages again", f"{report['changed']} articles changed"]
    if report["unreadable"]:
        parts.append(f"{report['unreadable']} left as they are: the page cannot be read now")
    if report["without_source"]:
        parts.append(f"{report['without_source']} of sources that no seed names")
    return ", ".join(parts)
