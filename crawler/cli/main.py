"""The verbs of ``rasd``: thin. Each opens the app, asks one thing, says it; ``--json`` where it reads.

Imports stand inside the verbs: ``rasd --help`` must not wait for a crawler.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import coverage, pages, topics
from crawler.cli import sources as cli_sources
from crawler.cli.context import (
    GlobalOptions,
    Json,
    Topic,
    load_seeds,
    opened,
    print_result,
    read_lines,
    settings,
)

if TYPE_CHECKING:
    from crawler.app import App
    from crawler.seeds.digests import DigestRecipe

commands = typer.Typer(
    name="rasd",
    help="A press watch that says why it flagged and admits what it could not see.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain text: importing rich would double its time
)
seeds_commands = typer.Typer(help="The files that say what is watched.", no_args_is_help=True)
digest_commands = typer.Typer(help="The digest: look at it, send it.", no_args_is_help=True)
commands.add_typer(seeds_commands, name="seeds")
commands.add_typer(digest_commands, name="digest")
commands.add_typer(coverage.commands)
commands.add_typer(cli_sources.commands, name="sources")
commands.add_typer(pages.commands)
commands.add_typer(topics.commands)


@commands.callback()
def options(
    config: Annotated[
        Path | None, typer.Option(envvar="RASD_CONFIG", help="A TOML file; else ./rasd.toml.")
    ] = None,
    seeds: Annotated[
        Path | None, typer.Option(envvar="RASD_SEEDS", help="A seeds folder of your own.")
    ] = None,
) -> None:
    """Options of every verb."""
    GlobalOptions.config, GlobalOptions.seeds = config, seeds


# ── the loop ──────────────────────────────────────────────────────────────────────────────────


@commands.command()
def run() -> None:
    """Watch: poll what is due, mail digests at their hour, until Ctrl-C."""
    from crawler.daemon.loop import Daemon
    from crawler.engine import embedded

    with opened(locked=True) as app:
        code = embedded.run(lambda stop: Daemon(app, embedded.Engine(app)).run(stop))
    raise typer.Exit(code)


@commands.command()
def poll(
    sources: Annotated[list[str] | None, typer.Argument(help="Slugs; none: all of them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also feeds that are not due.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only feeds that are due (the default).")
    ] = False,
) -> None:
    """Poll once. Exit code 1 only if nothing could be polled."""
    from crawler.daemon.loop import Daemon
    from crawler.engine import embedded

    if due and everything:
        raise typer.BadParameter("--due and --all exclude each other")
    with opened(locked=True) as app:
        chosen = set(sources or ())
        if unknown := sorted(chosen - app.sources.keys()):
            raise typer.BadParameter(f"no source {unknown[0]!r}; rasd status lists them")
        code = embedded.run(
            lambda stop: Daemon(app, embedded.Engine(app)).once(stop, chosen, everything)
        )
    raise typer.Exit(code)


@commands.command()
def status(as_json: Json = False) -> None:
    """What is watched and how it goes: sources, last polls, counts, next runs."""
    from crawler.views import archive

    with opened() as app:
        report = archive.status(app)
    print_result(report, as_json, archive.status_table)


# ── the archive ───────────────────────────────────────────────────────────────────────────────


@commands.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, NEAR/n, concept:…')],
    since: Annotated[
        str | None, typer.Option(help="A day (2026-11-23) or an age (7d, 12h).")
    ] = None,
    until: Annotated[str | None, typer.Option(help="A day or an age; exclusive.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may repeat.")] = None,
    topic: Topic = None,
    label: Annotated[
        str | None, typer.Option(help="Only what has this label; doubtful: the watch list.")
    ] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only this language; may repeat.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: Json = False,
) -> None:
    """Search the archive in the topics' own language; newest first."""
    from crawler import query as queries
    from crawler.cli import suggestions
    from crawler.model import SearchFilters
    from crawler.views import archive, fields

    with opened() as app:
        asked = queries.parse(query) if query.strip() else None
        if asked is not None:
            suggestions.refuse_concepts(asked, query, app.seeds.concepts)
        filters = SearchFilters(
            since=fields.moment(since, app.clock()),
            until=fields.moment(until, app.clock()),
            sources=tuple(source or ()),
            languages=tuple(lang or ()),
            topic=topic,
            label=label,
        )
        found = app.search.find(asked, filters, limit=limit)
        report = archive.found(found)
        chosen = {
            "source": source or [],
            "topic": [topic] if topic else [],
            "label": [label] if label else [],
        }
        slips = (
            [] if found else list(suggestions.slips(asked, chosen, suggestions.names(app.seeds)))
        )
    print_result(report, as_json, archive.found_table)
    for slip in slips:
        typer.echo(f"rasd: {slip}", err=True)


@commands.command()
def show(
    article: Annotated[int, typer.Argument(help="An id, as search shows it.")],
    as_json: Json = False,
) -> None:
    """One article: its text with the proof highlighted, why it was flagged, where its date is from."""
    from crawler.views import archive

    with opened() as app:
        kept = app.archive.article(article)
    print_result(archive.article(kept), as_json, lambda report: archive.article_text(kept))


@commands.command()
def match(
    jsonl: Annotated[str, typer.Option(help='Lines {"id","title","text","lang"?}; - is stdin.')],
    topic: Topic = None,
) -> None:
    """Judge texts without keeping them: a JSON line each with labels, score and mentions."""
    from crawler.views import archive, fields

    seeds = load_seeds()
    chosen = fields.one(seeds.topics, topic or fields.main_topic(seeds), "topic", "--topic")
    lines = sys.stdin if jsonl == "-" else read_lines(Path(jsonl))
    for number, line in enumerate(lines, 1):
        if line.strip():
            judged = archive.judged(line, chosen, f"{jsonl}:{number}")
            typer.echo(json.dumps(judged, ensure_ascii=False))


# ── the digest ────────────────────────────────────────────────────────────────────────────────


@digest_commands.command("preview")
def digest_preview(
    recipe: Annotated[str | None, typer.Argument(help="A digest of the seeds.")] = None,
    since: Annotated[str, typer.Option(help="A day or an age (1d): from when.")] = "1d",
    html: Annotated[Path | None, typer.Option(help="Write the HTML part here.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show the HTML in a browser.")] = False,
) -> None:
    """The digest as it would go out now; nothing is sent or remembered."""
    import tempfile
    import webbrowser

    from crawler.digest import rendering
    from crawler.views import fields

    with opened() as app:
        chosen = _recipe(app, recipe)
        until = app.clock()
        issue = app.outbox.compose(chosen, fields.moment(since, until) or until, until)
        message = rendering.render(
            issue,
            recipient="preview",
            sender_domain="rasd.invalid",
            channel="maildir",
            key="preview",
        )
    if open_it and html is None:
        html = Path(tempfile.mkdtemp(prefix="rasd-")) / "digest.html"
    if html is not None:
        html.write_text(message.html, encoding="utf-8")
    typer.echo(f"{message.subject}\n\n{message.text}")
    if open_it and html is not None:
        webbrowser.open(html.resolve().as_uri())


@digest_commands.command("send")
def digest_send(
    recipe: Annotated[str | None, typer.Argument(help="A digest of the seeds.")] = None,
) -> None:
    """Send what is new since the last issue to every recipient, now."""
    import asyncio

    from crawler import outbox

    with opened() as app:
        chosen = _recipe(app, recipe)
        recipients = app.outbox.recipients(chosen.slug)
        if not recipients:
            typer.echo(
                f"nobody gets {chosen.slug!r} yet: rasd subscribe {chosen.slug} you@example.org"
            )
            raise typer.Exit(1)
        now = app.clock()
        slot = outbox.slot_by_hand(now)
        queued = sum(app.outbox.queue(chosen, r, slot, now) for r in recipients)
        done = asyncio.run(app.outbox.deliver())
    typer.echo(
        f"issues of {chosen.slug!r}: {queued}, recipients: {len(recipients)}; {outbox.summary(done)}"
    )
    if any(delivery.outcome == "dead" for _, delivery in done):
        raise typer.Exit(1)


@commands.command()
def subscribe(
    recipe: Annotated[str, typer.Argument(help="A digest of the seeds.")],
    address: Annotated[str, typer.Argument(help="A mail address, or a Maildir's folder.")],
    channel: Annotated[
        str | None, typer.Option(help="smtp or maildir; told by the address.")
    ] = None,
) -> None:
    """Have a digest sent to an address."""
    with opened() as app:
        chosen = _recipe(app, recipe)
        way = channel or ("smtp" if "@" in address and "/" not in address else "maildir")
        if way not in ("smtp", "maildir"):
            raise typer.BadParameter(f"no channel {way!r}; known: maildir, smtp")
        app.archive.subscribe(chosen.slug, way, address, app.clock())
        waits = way not in app.outbox.channels
    typer.echo(
        f"{address} gets {chosen.slug!r} by {way}, daily at {chosen.hour:%H:%M} {chosen.timezone}"
    )
    if waits:
        typer.echo(
            f"but [{way}] is not configured in rasd.toml: its mail waits in the outbox until it is"
        )


@commands.command()
def unsubscribe(recipe: str, address: str) -> None:
    """Have it sent no more."""
    with opened() as app:
        if not app.archive.unsubscribe(recipe, address):
            typer.echo(f"{address} did not get {recipe!r}")
            raise typer.Exit(1)
    typer.echo(f"{address} gets {recipe!r} no more")


# ── the seeds ─────────────────────────────────────────────────────────────────────────────────


@seeds_commands.command("check")
def seeds_check(
    folder: Annotated[
        Path | None, typer.Argument(help="A seeds folder; else the one in use.")
    ] = None,
) -> None:
    """Validate every file, run the topics' examples, say in one line a file what it holds."""
    from crawler.errors import SeedError
    from crawler.seeds.folder import seed_files, seeds_folder
    from crawler.views import archive

    chosen = seeds_folder(folder or settings().seeds)
    lines, problems = archive.checked(seed_files(chosen), load_seeds(chosen))
    for line in lines:
        typer.echo(line)
    if problems:
        raise SeedError(*problems)


def _recipe(app: App, name: str | None) -> DigestRecipe:
    from crawler.views import fields

    return fields.one(app.seeds.digests, name, "digest", "the name")
