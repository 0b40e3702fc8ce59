"""The verbs of ``rasd sources``: what is watched, whether it answers, and how it grows."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from crawler.cli.context import Json, load_seeds, opened, print_result

if TYPE_CHECKING:
    from crawler.app import App
    from crawler.engine.requester import Requester
    from crawler.model import Feed, Probe, Source
    from crawler.seeds.scaffold import SourceDraft

commands = typer.Typer(
    help="The sources: list, try, find, exchange.", no_args_is_help=True, rich_markup_mode=None
)
_T = TypeVar("_T")


@commands.command("list")
def list_sources(
    country: Annotated[str | None, typer.Option(help="Only this country (MA).")] = None,
    as_json: Json = False,
) -> None:
    """What is watched, and how it goes."""
    from crawler.views.sources import listed, listed_table

    with opened() as app:
        report = listed(app, country)
    print_result(report, as_json, listed_table)


@commands.command()
def show(slug: str, as_json: Json = False) -> None:
    """One source: its seed file, its feeds' state, the last probe, what is wrong."""
    from crawler.views.sources import shown, shown_text

    with opened() as app:
        (source,) = _chosen(app, [slug])
        report = shown(app, source)
    print_result(report, as_json, shown_text)


@commands.command()
def probe(
    slugs: Annotated[list[str] | None, typer.Argument(help="Which sources.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every source.")] = False,
    as_json: Json = False,
) -> None:
    """Ask each feed once, keep no article, say what came and what to write otherwise."""
    from crawler.engine import probes as engine_probes
    from crawler.views.sources import probed, probed_table

    if bool(slugs) == everything:
        raise typer.BadParameter("name sources, or --all")
    with opened() as app:
        chosen = _chosen(app, slugs or sorted(app.sources))
        feeds = [(source, feed) for source in chosen for feed in source.feeds]
        probes = _asked(app, lambda asker: _probe(app, asker, engine_probes.probe, feeds))
    report = [probed(p) for p in probes]
    print_result(report, as_json, probed_table)
    if not any(p.outcome in ("ok", "empty") for p in probes):
        raise typer.Exit(1)


@commands.command()
def discover(
    url: Annotated[str, typer.Argument(help="The outlet's home page.")],
    as_json: Json = False,
) -> None:
    """Look for an outlet's feeds and print a ready seed file, its guesses marked."""
    import json

    from crawler import urls
    from crawler.engine import probes as engine_probes
    from crawler.model import sentence
    from crawler.seeds import scaffold

    home = urls.clean(url if "//" in url else f"https://{url}")
    if home is None:
        raise typer.BadParameter(f"{url!r} is no address that may be asked")
    with opened() as app:
        zones, now = _zones(), app.clock()
        draft, tried, first = _asked(
            app,
            lambda asker: engine_probes.discover(asker, home, zones, now),
            urls.named_ports(home),
        )
    if draft is None:
        heard = sentence(first.reason, first.detail) or f"the server said {first.status}"
        typer.echo(
            f"nothing that can be polled: {len(tried)} places tried; the home page: {heard}",
            err=True,
        )
        raise typer.Exit(1)
    text = scaffold.write(draft)
    if as_json:
        feeds = [{"url": f.url, "kind": f.kind} for f in draft.source.feeds]
        report = {"path": draft.path, "feeds": feeds, "guessed": dict(draft.guessed), "text": text}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    typer.echo(text, nl=False)
    typer.echo(
        f"goes into {draft.path} of your seeds folder, once you have looked it through", err=True
    )


@commands.command("export")
def export_opml(
    opml: Annotated[str, typer.Option(help="The file to write; - is stdout.")],
) -> None:
    """All feeds as OPML 2.0, for other readers or for ``rasd sources import``."""
    from crawler import app as apps
    from crawler.seeds import opml as outlines

    sources = load_seeds().sources.values()
    data = outlines.write(sources, apps.now())
    if opml == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(opml).write_bytes(data)
    except OSError as error:
        raise typer.BadParameter(f"{opml}: {error.strerror}") from error
    typer.echo(f"{sum(len(s.feeds) for s in sources)} feeds of {len(sources)} sources in {opml}")


@commands.command("import")
def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    into: Annotated[
        Path, typer.Option(help="The seeds folder to write into; nothing is overwritten.")
    ],
) -> None:
    """A seed file an outlet; what was guessed is marked in it and said here."""
    from crawler import spiders
    from crawler.seeds.opml import read

    try:
        data = file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error
    imported = read(data, _zones(), spiders.kinds())
    written = 0
    for draft in imported.drafts:
        problem = _write(draft, into)
        if problem:
            imported.left_out.append(problem)
            continue
        written += 1
        guessed = f": look at {', '.join(draft.guessed)}" if draft.guessed else ""
        typer.echo(f"{draft.path}{guessed}")
    for reason in imported.left_out:
        typer.echo(f"left out: {reason}", err=True)
    typer.echo(
        f"{written} seed files written, {len(imported.left_out)} left out; then: rasd seeds check {into}"
    )
    if not written:
        raise typer.Exit(1)


def _write(draft: SourceDraft, into: Path) -> str:
    """Write a draft, unless its place is taken or it would not pass; the reason, or ""."""
    from crawler import seeds, spiders
    from crawler.errors import SeedError
    from crawler.seeds import scaffold

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
    app: App,
    asker: Requester,
    ask: Callable[..., AsyncIterator[Probe]],
    feeds: Sequence[tuple[Source, Feed]],
) -> list[Probe]:
    probes = []
    async for probe in ask(asker, feeds, app.clock):
        app.probes.save(probe)
        probes.append(probe)
    return probes


def _asked(app: App, work: Callable[[Requester], Awaitable[_T]], ports: Sequence[int] = ()) -> _T:
    """What ``work`` gives on the reactor; Ctrl-C ends it with code 1 and nothing kept."""
    import asyncio

    from crawler.engine import embedded
    from crawler.engine.requester import Requester

    asker = Requester(app, ports=ports)
    results: list[_T] = []

    async def main(stop: asyncio.Event) -> int:
        working = asyncio.ensure_future(work(asker))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            await asker.stop()
            working.cancel()
            return 1
        results.append(working.result())
        return 0

    try:
        code = embedded.run(main)
    finally:
        asker.close()
    if code or not results:
        raise typer.Exit(code or 1)
    return results[0]


def _chosen(app: App, slugs: Sequence[str]) -> list[Source]:
    import difflib

    from crawler.errors import NotFoundError

    for slug in slugs:
        if slug not in app.sources:
            near = difflib.get_close_matches(slug, app.sources, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "rasd sources list shows them"
            raise NotFoundError(f"no source {slug!r} in the seeds; {hint}")
    return [app.sources[slug] for slug in slugs]


def _zones() -> dict[str, tuple[str, ...]]:
    from importlib import resources

    from crawler.seeds import scaffold

    return scaffold.zones(
        (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    )
