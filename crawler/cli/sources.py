"""The verbs of ``rasd sources``: what is watched, whether it answers, and how it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from crawler import app as apps
from crawler import exports, seeds, spiders, urls
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import Json, load_seeds, new_commands, pass_app, print_result
from crawler.cli.progress import working
from crawler.engine import embedded, probes
from crawler.engine.requester import Requester
from crawler.errors import NotFoundError, SeedError
from crawler.model import Feed, Probe, Source, sentence
from crawler.seeds import opml as outlines
from crawler.seeds import scaffold
from crawler.seeds.folder import country_zones
from crawler.seeds.scaffold import SourceDraft
from crawler.views import arguments
from crawler.views import sources as view

commands = new_commands()
sources = new_commands(help="List, test, find, import and export sources.", no_args_is_help=True)
commands.add_typer(sources, name="sources")
_T = TypeVar("_T")


@sources.command("list")
@pass_app(archive="optional")
def list_sources(
    app: App,
    country: Annotated[str | None, typer.Option(help="Only this country (MA).")] = None,
    as_json: Json = False,
) -> None:
    """List the sources and how they are doing."""

    report = view.source_rows(app, country)
    print_result(report, as_json, view.sources_table)


@sources.command()
@pass_app(archive="optional")
def show(app: App, slug: str, as_json: Json = False) -> None:
    """Show one source.

    Its seed file, the state of its feeds, the last probe, and what is wrong.
    """

    (source,) = _chosen(app, [slug])
    report = view.source_row(app, source)
    print_result(report, as_json, view.source_text)


@sources.command()
@pass_app(archive="made", last_good=False)
def probe(
    app: App,
    slugs: Annotated[list[str] | None, typer.Argument(help="Which sources.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every source.")] = False,
    as_json: Json = False,
) -> None:
    """Request each feed once and report.

    No article is stored. The report says what the seed file should say instead, if it is wrong.
    """

    if bool(slugs) == everything:
        raise typer.BadParameter("name sources, or --all")
    chosen = _chosen(app, slugs or sorted(app.seeds.sources))
    feeds = [(source, feed) for source in chosen for feed in source.feeds]
    with working(f"requesting {len(feeds)} feeds"):
        made = _on_reactor(app, lambda requester: _probe(app, requester, feeds))
    report = [view.probe_row(p) for p in made]
    print_result(report, as_json, view.probes_table)
    if not any(p.outcome in ("ok", "empty") for p in made):
        raise typer.Exit(1)


@sources.command()
@pass_app(archive="optional")
def discover(
    app: App,
    url: Annotated[str, typer.Argument(help="The outlet's home page.")],
    as_json: Json = False,
) -> None:
    """Find an outlet's feeds and print a seed file.

    Every guess is marked in it.
    """
    written = url if "//" in url or url.startswith("feed:") else f"https://{url}"
    home = urls.read_link(written, "")
    if home is None:
        raise typer.BadParameter(f"{url!r} is no address of a web page")
    zones, now = country_zones(), app.clock()
    with working("looking for feeds"):
        draft, tried, first = _on_reactor(
            app,
            lambda requester: probes.discover(requester, home, zones, now),
            urls.named_ports(home),
        )
    if draft is None:
        problem = sentence(first.reason, first.detail) or f"status {first.status}"
        output.say(
            f"nothing that can be polled: {len(tried)} places tried; the home page: {problem}",
            err=True,
        )
        raise typer.Exit(1)
    text = scaffold.write(draft)
    if as_json:
        feeds = [{"url": f.url, "kind": f.kind} for f in draft.source.feeds]
        report = {"path": draft.path, "feeds": feeds, "guessed": dict(draft.guessed), "text": text}
        output.say_json(report, indent=2)
        return
    output.say(text, end="")
    output.say(
        f"goes into {draft.path} of your seeds folder, once you have looked it through", err=True
    )


@sources.command()
def export(
    file: Annotated[
        str | None, typer.Argument(help="The file to write; - is stdout.", show_default=False)
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="opml …; else the file's suffix."),
    ] = None,
    opml: Annotated[
        str | None, typer.Option(help="The same as FILE --format opml.", metavar="FILE")
    ] = None,
) -> None:
    """Export all sources with their feeds to a file.

    OPML 2.0 is for other feed readers, and for ``rasd sources import``.
    """
    if (file is None) == (opml is None):
        raise typer.BadParameter("name one FILE, or --opml FILE")
    target = file or opml or ""
    name = exports.format_of(target, "opml" if opml else format_name, exports.SOURCES)
    known = load_seeds().sources.values()
    data = exports.SOURCES[name](known, apps.now())
    if target == "-":
        output.say_bytes(data)
        return
    output.write_file(Path(target), data)
    output.say(f"{sum(len(s.feeds) for s in known)} feeds of {len(known)} sources in {target}")


@sources.command("import")
def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    into: Annotated[
        Path, typer.Option(help="The seeds folder to write into; nothing is overwritten.")
    ],
) -> None:
    """Write one seed file per outlet of an OPML file.

    Guesses are marked in the files and listed here.
    """

    try:
        data = file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error
    imported = outlines.parse(data, country_zones(), spiders.kinds())
    written = 0
    for draft in imported.drafts:
        problem = _write(draft, into)
        if problem:
            imported.left_out.append(problem)
            continue
        written += 1
        guessed = f": look at {', '.join(draft.guessed)}" if draft.guessed else ""
        output.say(f"{draft.path}{guessed}")
    for reason in imported.left_out:
        output.say(f"left out: {reason}", err=True)
    counts = f"{written} seed files written, {len(imported.left_out)} left out"
    output.say(f"{counts}; then: rasd seeds check {into}")
    if not written:
        raise typer.Exit(1)


def _write(draft: SourceDraft, into: Path) -> str:
    """Write a draft, unless its place is taken or it would not pass; the reason, or ""."""

    text, place = scaffold.write(draft), into / draft.path
    taken = next(iter(sorted((into / "sources").glob(f"*/{draft.source.slug}.yml"))), None)
    if taken is not None:
        return f"{draft.source.name}: {taken} is there already, and nothing is overwritten"
    try:
        seeds.load({draft.path: text}, kinds=spiders.kinds())
    except SeedError as error:
        return f"{draft.source.name}: {error.problems[0]}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as new:
            new.write(text)
    except OSError as error:
        return f"{draft.source.name}: {place}: {error.strerror}"
    return ""


async def _probe(
    app: App, requester: Requester, feeds: Sequence[tuple[Source, Feed]]
) -> list[Probe]:
    """Request each feed, store each probe and return them all."""
    made = []
    async for probe in probes.probe_feeds(requester, feeds, app.clock):
        app.probes.save(probe)
        made.append(probe)
    return made


def _on_reactor(
    app: App, work: Callable[[Requester], Awaitable[_T]], ports: Sequence[int] = ()
) -> _T:
    """Run ``work`` on the reactor and return its result; Ctrl-C ends it with exit code 1."""
    requester = Requester(app, ports=ports)
    results: list[_T] = []

    async def main(stop: asyncio.Event) -> int:
        working = asyncio.ensure_future(work(requester))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            await requester.stop()
            working.cancel()
            return 1
        results.append(working.result())
        return 0

    try:
        code = embedded.run(main)
    finally:
        requester.close()
    if code or not results:
        raise typer.Exit(code or 1)
    return results[0]


def _chosen(app: App, slugs: Sequence[str]) -> list[Source]:
    for slug in slugs:
        if slug not in app.seeds.sources:
            raise NotFoundError(arguments.no_source(slug, app.seeds.sources))
    return [app.seeds.sources[slug] for slug in slugs]
