"""``rasd saved``: searches with a name, estimated before they are saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler import query as queries
from crawler import seeds, spiders
from crawler.app import App
from crawler.app.estimates import estimate_query
from crawler.cli import output
from crawler.cli.articles.search import WordsCommand
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.cli.progress import progress
from crawler.errors import FileNotWrittenError, NotFoundError, UsageError
from crawler.query import Query, suggestions
from crawler.query.estimate import Estimate
from crawler.seeds import queries as seed_queries
from crawler.seeds.folder import find_seeds_folder
from crawler.views import arguments
from crawler.views.fields import JsonRow
from crawler.views.searches import saved as view
from crawler.views.seeds import users

LISTING_SECONDS = 2.0  # to count one of many: a list should not take minutes

commands = new_commands()
saved = new_commands(help="Searches with a name: @name in any query.", no_args_is_help=True)
commands.add_typer(saved, name="saved")

Slug = Annotated[str, typer.Argument(help="The name of a saved search, without @.")]
Words = Annotated[list[str], typer.Argument(help="A query, as rasd search takes it.")]


@saved.command("list")
@pass_app()
def list_saved(app: App, as_json: Json = False) -> None:
    """List the saved searches, and what each has found lately.

    The counts are of the last 100 days, and of the worst of them.
    """
    slugs = list(app.seeds.queries)
    rows = [
        _row(app, slug, _estimate(app, app.seeds.queries[slug].query, LISTING_SECONDS))
        for slug in progress(slugs, "searches counted", total=len(slugs))
    ]
    print_result(rows, as_json, view.saved_table)


@saved.command()
@pass_app()
def show(app: App, slug: Slug, as_json: Json = False) -> None:
    """Show a saved search: its query, in words, who uses it, what it finds."""
    _require(app, slug)
    row = _row(app, slug, _estimate(app, app.seeds.queries[slug].query))
    row["used_by"] = _users(app, slug)
    print_result(row, as_json, view.one_text)


@saved.command(cls=WordsCommand)
@pass_app()
def estimate(app: App, query: Words, as_json: Json = False) -> None:
    """Say what a query would have found in the last 100 days.

    And on the worst of them, before it is saved or sent to anyone.
    """
    _, parsed = _parsed(app, query)
    row = view.estimate_row(_estimate(app, parsed))
    print_result(row, as_json, view.estimate_text)


@saved.command(cls=WordsCommand)
@pass_app(last_good=False)
def save(
    app: App,
    slug: Slug,
    query: Words,
    title: Annotated[
        list[str] | None, typer.Option(help="A title, such as 'fr: visites'; may repeat.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A comment at the head of the file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Take its place.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Save a search under a name, once its estimate is shown.

    Writes a file into the queries of the seeds folder. On a terminal it asks first; elsewhere --yes
    is needed.
    """
    seed_queries.require_slug(slug)
    path = seed_queries.path_of(slug, app.loaded.files)
    old = app.loaded.files.get(path, "")
    if old and not replace:
        raise UsageError(f"there is a saved search {slug!r} ({path}); --replace takes its place")
    written, parsed = _parsed(app, query)
    kept_titles = app.seeds.queries[slug].title if old and not title else None
    titles = kept_titles or seed_queries.titles_of(title or (), slug)
    kept_note = seed_queries.note_of(old) if note is None else note
    text = seed_queries.file_text(titles, written, kept_note)
    seeds.load({**app.loaded.files, path: text}, kinds=spiders.kinds())
    _refuse_slips(app, parsed)
    output.say(_meaning(app, written))
    output.say(view.estimate_line(view.estimate_row(_estimate(app, parsed))))
    if not _is_confirmed(yes):
        output.say("not saved")
        raise typer.Exit(1)
    file = find_seeds_folder(app.config.seeds) / path
    _make_folder(file.parent)
    output.write_file(file, text)
    output.say(f"saved in {file}: @{slug}")
    if used := old and _users(app, slug):
        output.say(f"it is used by {', '.join(used)}: rasd seeds check judges topics' examples")


@saved.command()
@pass_app(last_good=False, archive="optional")
def remove(app: App, slug: Slug) -> None:
    """Remove a saved search that nothing in the seeds names.

    Prints its query, so that it can be saved again.
    """
    _require(app, slug)
    if used := _users(app, slug):
        raise UsageError(f"@{slug} is used by {', '.join(used)}; take it out there first")
    path = seed_queries.path_of(slug, app.loaded.files)
    file = find_seeds_folder(app.config.seeds) / path
    try:
        file.unlink()
    except OSError as error:
        raise FileNotWrittenError(file, error) from error
    output.say(f"removed {file}: {seed_queries.written_query(path, app.loaded.files[path])}")


def _parsed(app: App, words: list[str]) -> tuple[str, Query]:
    """The query as written and its tree without names of saved ones; QueryError if it means
    nothing."""
    written = " ".join(" ".join(words).split())
    parsed = queries.parse(written)
    suggestions.refuse_concepts(parsed, written, app.seeds.concepts)
    known = {slug: one.query for slug, one in app.seeds.queries.items()}
    return written, queries.resolve(parsed, known)


def _refuse_slips(app: App, parsed: Query) -> None:
    """Raise UsageError if it asks for a source, label, topic or language that no one knows: the
    archive may hold what the seeds have dropped."""
    slips = list(suggestions.slips(parsed, {}, arguments.names(app.seeds)))
    if slips and not app.search.find(parsed, limit=1):
        raise UsageError("\n".join(slips))


def _estimate(app: App, parsed: Query, seconds: float | None = None) -> Estimate:
    if seconds is not None:
        return estimate_query(app.search, parsed, app.clock(), seconds=seconds)
    return estimate_query(
        app.search, parsed, app.clock(), shown=lambda found: progress(found, "articles counted")
    )


def _row(app: App, slug: str, estimate: Estimate) -> JsonRow:
    path = seed_queries.path_of(slug, app.loaded.files)
    written = seed_queries.written_query(path, app.loaded.files[path])
    titles = app.seeds.queries[slug].title
    return view.saved_row(slug, path, titles, written, _meaning(app, written), estimate)


def _meaning(app: App, written: str) -> str:
    parsed = queries.parse(written)
    names = set(queries.concept_names(parsed))
    titles = {name: app.seeds.concepts[name].title for name in names}
    return queries.describe(parsed, "en", titles)


def _require(app: App, slug: str) -> None:
    if slug not in app.seeds.queries:
        raise NotFoundError(suggestions.unknown("saved search", slug, app.seeds.queries))


def _users(app: App, slug: str) -> list[str]:
    path = seed_queries.path_of(slug, app.loaded.files)
    return users(app.loaded.files, path, spiders.kinds())


def _is_confirmed(yes: bool) -> bool:
    if yes:
        return True
    if not _has_terminal():
        raise UsageError("not saved: there is no terminal to ask on; --yes saves without asking")
    output.say("save it? [y/N] ", end="")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _has_terminal() -> bool:
    return sys.stdin.isatty()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWrittenError(folder, error) from error
