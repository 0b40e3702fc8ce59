"""``rasd saved``: searches with a name, estimated before they are saved."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from crawler import query as queries
from crawler import seeds, spiders
from crawler.app import App
from crawler.app import answers as answering
from crawler.app.estimates import estimate_query
from crawler.cli import output
from crawler.cli.articles.search import WordsCommand
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.cli.progress import progress, working
from crawler.errors import FileNotWrittenError, NotFoundError, QueryError, UsageError
from crawler.query import Knowledge, Query, suggestions
from crawler.query.estimate import Estimate
from crawler.seeds import queries as seed_queries
from crawler.seeds.folder import find_seeds_folder
from crawler.views import archive as archive_view
from crawler.views import arguments
from crawler.views.fields import JsonRow
from crawler.views.searches import comparisons
from crawler.views.searches import saved as view
from crawler.views.seeds import users
from storage.saved_answers import SqlSavedAnswers

LISTING_SECONDS = 2.0  # to count one of many: a list should not take minutes

commands = new_commands()
saved = new_commands(help="Searches with a name: @name in any query.", no_args_is_help=True)
commands.add_typer(saved, name="saved")

Slug = Annotated[str, typer.Argument(help="The name of a saved search, without @.")]
AsTyped = Annotated[
    bool, typer.Option("--exact", help="Only the words as typed, without their other forms.")
]
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
def estimate(app: App, query: Words, as_typed: AsTyped = False, as_json: Json = False) -> None:
    """Say what a query would have found in the last 100 days.

    And on the worst of them, before it is saved or sent to anyone.
    """
    meant = _meant(app, query, as_typed)
    row = view.estimate_row(_estimate(app, meant.query))
    print_result(row, as_json, view.estimate_text)
    _say_also(meant, err=as_json)


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
    as_typed: AsTyped = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Save a search under a name, once its estimate is shown.

    Writes a file into the queries of the seeds folder, with the other forms of its words, as rasd
    search finds them. On a terminal it asks first; elsewhere --yes is needed.
    """
    seed_queries.require_slug(slug)
    path = seed_queries.path_of(slug, app.loaded.files)
    old = app.loaded.files.get(path, "")
    if old and not replace:
        raise UsageError(f"there is a saved search {slug!r} ({path}); --replace takes its place")
    meant = _meant(app, query, as_typed)
    kept_titles = app.seeds.queries[slug].title if old and not title else None
    titles = kept_titles or seed_queries.titles_of(title or (), slug)
    kept_note = seed_queries.note_of(old) if note is None else note
    text = seed_queries.file_text(titles, meant.text, kept_note)
    seeds.load({**app.loaded.files, path: text}, kinds=spiders.kinds())
    _refuse_slips(app, meant.query)
    output.say(_meaning(app, meant.typed))
    _say_also(meant)
    output.say(view.estimate_line(view.estimate_row(_estimate(app, meant.query))))
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
@pass_app(last_good=False)
def check(
    app: App,
    slugs: Annotated[
        list[str] | None, typer.Argument(help="Only these.", show_default=False)
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take what they find now for right.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that the saved searches find what they found.

    The first time it remembers what they find; then it compares, before and after an upgrade, a new
    index, an edit of the seeds. New, deleted and changed articles and edits explain a difference.
    Exit code 1 if one is left that nothing explains.
    """
    for slug in slugs or ():
        _require(app, slug)
    answers = SqlSavedAnswers(app.archive.engine)
    chosen = slugs or list(app.seeds.queries)
    found = answering.check(app.search, answers, app.seeds, chosen, app.clock(), accepting=accept)
    rows = [
        comparisons.comparison_row(one)
        for one in progress(found, "searches checked", total=len(chosen))
    ]
    answering.forget_removed(answers, app.seeds.queries)
    print_result(rows, as_json, comparisons.comparisons_text)
    if not accept and any(not row["is_explained"] for row in rows):
        raise typer.Exit(1)


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


@dataclass(frozen=True, slots=True)
class _Meant:
    """A query as it was typed, and what it means."""

    typed: str
    text: str  # with the other forms of its words
    also: tuple[str, ...]  # these
    query: Query  # without names of saved ones


def _meant(app: App, words: list[str], as_typed: bool) -> _Meant:
    """What somebody means by these words; QueryError if it is nothing."""
    typed = " ".join(" ".join(words).split())
    known = Knowledge(occurring=app.search.occurring)
    read = queries.read(typed, app.seeds.concepts, known, as_typed=as_typed)
    if read.query is None:
        raise QueryError('the query is empty; write a word, a "phrase" or concept:name', typed, 0)
    text = queries.write(read.query) if read.also else typed
    saved_ones = {slug: one.query for slug, one in app.seeds.queries.items()}
    return _Meant(typed, text, read.also, queries.resolve(read.query, saved_ones))


def _say_also(meant: _Meant, *, err: bool = False) -> None:
    if also := archive_view.also_line(meant.also):
        output.say(also, err=err)


def _refuse_slips(app: App, parsed: Query) -> None:
    """Raise UsageError if it asks for a source, label, topic or language that no one knows: the
    archive may hold what the seeds have dropped."""
    slips = list(suggestions.slips(parsed, {}, arguments.names(app.seeds)))
    if slips and not app.search.find(parsed, limit=1):
        raise UsageError("\n".join(slips))


def _estimate(app: App, parsed: Query, seconds: float | None = None) -> Estimate:
    if seconds is not None:  # one of many, and a bar counts those
        return estimate_query(app.search, parsed, app.clock(), seconds=seconds)
    with working("counting"):
        return estimate_query(app.search, parsed, app.clock())


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
