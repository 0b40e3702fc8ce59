"""``rasd search``: articles by words and filters, counted, page by page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click.exceptions import NoSuchOption
from typer.core import TyperCommand

from crawler import exports
from crawler import query as queries
from crawler.app import App, knowledge
from crawler.cli import output
from crawler.cli.articles import nothing_found
from crawler.cli.context import Json, Topic, new_commands, pass_app
from crawler.cli.progress import progress
from crawler.exports.formats import STDOUT
from crawler.exports.record import ArticleRecord, article_record, country_of
from crawler.model import SearchFilters, SearchOrder
from crawler.query import Knowledge, Query, suggestions
from crawler.views import archive, arguments
from crawler.views.searches import facets as facets_view

PAGE = 20  # articles: a screen or two

commands = new_commands()


class WordsCommand(TyperCommand):
    """A verb whose arguments are words to look for: one of them may look like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As for any verb; the error for an unknown option says how to look for it as a word."""
        try:
            return super().parse_args(ctx, args)
        except NoSuchOption as error:
            hint = f"as a word to look for it goes behind --: rasd search -- {error.option_name}"
            error.message = f"{error.format_message()}; {hint}"
            error.possibilities = None
            raise


@commands.command(cls=WordsCommand)
@pass_app()
def search(
    app: App,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            help='Words, "phrases", AND OR NOT, NEAR/n, concept:…; none: all articles.',
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="A day (2026-11-23) or an age (7d, 12h).")
    ] = None,
    until: Annotated[str | None, typer.Option(help="A day or an age; exclusive.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may repeat.")] = None,
    topic: Topic = None,
    label: Annotated[
        str | None, typer.Option(help="Only articles with this label; doubtful: the watch list.")
    ] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only this language; may repeat.")] = None,
    theme: Annotated[str | None, typer.Option(help="Only articles about this theme.")] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only articles that name this person or institution.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(help="Only articles that name an actor of this side, such as FR.")
    ] = None,
    sort: Annotated[SearchOrder, typer.Option(help="Which come first.")] = "newest",
    after: Annotated[
        int | None, typer.Option(metavar="ID", help="Go on after this article, the last shown.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Articles at most; else 20, and all into a file.")
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Also count all by source, label, month and others.")
    ] = False,
    file: Annotated[
        str | None,
        typer.Option("--output", metavar="FILE", help="Write all of them to a file; - is stdout."),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format", help="atom, csv, jsonl; else the file's suffix. Alone: to stdout."
        ),
    ] = None,
    as_typed: Annotated[
        bool, typer.Option("--exact", help="Only the words as typed, without their other forms.")
    ] = False,
    bridged: Annotated[
        bool, typer.Option("--bridges", help="Also words that the lexicon says mean the same.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Search the archive, newest first.

    Words that stand side by side must all be there, in any of their forms; the line "also:" says
    in which, and "quotes" keep a word as it is. docs/reference/query-language.md has the language.
    """
    if (file or format_name) and (count or as_json or facets):
        raise typer.BadParameter("--output and --format go without --count, --facets and --json")
    limit = limit and min(limit, sys.maxsize - 1)
    written = " ".join(query or ())
    known = knowledge.of(app.loaded, app.search.occurring)
    meant = queries.read(written, app.seeds.concepts, known, as_typed=as_typed, bridged=bridged)
    parsed = meant.query
    filters = SearchFilters(
        since=arguments.moment(since, app.clock()),
        until=arguments.moment(until, app.clock()),
        sources=tuple(source or ()),
        languages=tuple(lang or ()),
        topic=topic,
        label=label,
        theme=theme,
        actor=actor,
        side=side,
    )
    asked = _Question(" ".join(written.split()), parsed, filters, sort, after)
    if file or format_name:
        found = _export(app, asked, limit, file or STDOUT, format_name)
    elif count:
        found = app.search.count(parsed, filters)
        output.say_json({"count": found}) if as_json else output.say(str(found))
    else:
        found = _print_page(app, asked, limit or PAGE, as_json, facets)
    if also := archive.also_line(meant.also):
        output.say(also, err=as_json or count or bool(file or format_name))
    if (unfinished := app.place.index_progress()) and parsed is not None:
        output.say(f"rasd: {unfinished.sentence}", err=True)
    if not found and after is None:
        _hint(app, parsed, filters)
        if not (file or format_name or count or as_json):
            _show_what_lacked(app, written, filters, None if as_typed else known)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is searched for, in which order, and behind which article."""

    typed: str  # the query, in one line
    parsed: Query | None
    filters: SearchFilters
    order: SearchOrder
    after: int | None


def _print_page(app: App, asked: _Question, limit: int, as_json: bool, with_facets: bool) -> int:
    """Print the next articles, as JSON without how many there are unless facets are asked for; how
    many were printed."""
    page = app.search.page(
        asked.parsed,
        asked.filters,
        limit=limit,
        order=asked.order,
        after=asked.after,
        facets=with_facets,
        counting_seconds=0.0 if as_json and not with_facets else None,
    )
    for note in page.notes:
        output.say(f"rasd: {note}", err=True)
    rows = archive.found_rows(page.articles, app.seeds.sources)
    if as_json:
        output.say_json(facets_view.answer_row(page, rows) if with_facets else rows, indent=2)
        return len(rows)
    if rows or asked.after is None:
        output.show(archive.found_text(rows))
    if rows or asked.after is not None:
        output.say(archive.count_line(page, asked.order, asked.after))
    if with_facets and page.count:
        output.show(facets_view.facets_table(page))
    return len(rows)


def _export(
    app: App, asked: _Question, limit: int | None, target: str, format_name: str | None
) -> int:
    """Write articles to a file, or to stdout, as they are read; how many."""
    about = exports.Export(title=_title(asked), made_at=app.clock())
    write = exports.ARTICLES[exports.format_of(target, format_name, exports.ARTICLES)]
    every = app.search.every(asked.parsed, asked.filters, order=asked.order, after=asked.after)
    wanted = islice(every, limit)
    is_seen = target == STDOUT and sys.stdout.isatty()  # the articles themselves are
    answers = wanted if is_seen else progress(wanted, "articles written")
    found = 0

    def records() -> Iterator[ArticleRecord]:
        nonlocal found
        for kept, answer in answers:
            country = country_of(kept.article.source, app.seeds.sources)
            yield article_record(kept, country=country, answer=answer)
            found += 1

    if target == STDOUT:
        for piece in write(records(), about):
            output.say_bytes(piece)
        return found
    with output.new_file(Path(target)) as new:
        new.writelines(write(records(), about))
    output.say(f"{found} articles in {target}")
    return found


def _title(asked: _Question) -> str:
    """The search in a line, as it was typed and without its times: those of a feed move on."""
    filters = asked.filters
    limits = {
        "source": ", ".join(filters.sources),
        "lang": ", ".join(filters.languages),
        "topic": filters.topic,
        "label": filters.label,
        "theme": filters.theme,
        "actor": filters.actor,
        "side": filters.side,
    }
    words = asked.typed or "all articles"
    return " · ".join([words, *(f"{name} {value}" for name, value in limits.items() if value)])


def _hint(app: App, parsed: Query | None, filters: SearchFilters) -> None:
    """Say which of the names in a search without an answer the seeds don't have."""
    chosen = {
        "lang": filters.languages,
        "source": filters.sources,
        "topic": [filters.topic] if filters.topic else [],
        "label": [filters.label] if filters.label else [],
        "theme": [filters.theme] if filters.theme else [],
        "actor": [filters.actor] if filters.actor else [],
        "side": [filters.side] if filters.side else [],
    }
    for slip in suggestions.slips(parsed, chosen, arguments.names(app.seeds)):
        output.say(f"rasd: {slip}", err=True)


def _show_what_lacked(
    app: App, written: str, filters: SearchFilters, known: Knowledge | None
) -> None:
    """Say without which filter or part of the query there would be an answer; ``known`` None: the
    words as typed."""

    def count(query: Query | None, kept: SearchFilters) -> tuple[int, bool]:
        meant = queries.expand(query, known).query if query and known else query
        page = app.search.page(meant, kept, limit=1)
        return page.count, page.is_exact

    typed = queries.parse(written) if written.strip() else None
    for line in nothing_found.lines(typed, filters, count):
        output.say(line)
