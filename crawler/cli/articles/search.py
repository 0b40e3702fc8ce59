"""``rasd search``: articles by words and filters, counted, page by page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click.exceptions import NoSuchOption
from typer.core import TyperCommand

from crawler import exports
from crawler import query as queries
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import Json, Topic, new_commands, pass_app
from crawler.cli.progress import progress
from crawler.exports.formats import STDOUT
from crawler.exports.record import ArticleRecord, article_record, country_of
from crawler.model import ArchivedArticle, Match, SearchFilters, SearchOrder
from crawler.query import Query, suggestions
from crawler.views import archive, arguments

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
    sort: Annotated[SearchOrder, typer.Option(help="Which come first.")] = "newest",
    after: Annotated[
        int | None, typer.Option(metavar="ID", help="Go on after this article, the last shown.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Articles at most; else 20, and all into a file.")
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    file: Annotated[
        str | None,
        typer.Option("--output", metavar="FILE", help="Write all of them to a file; - is stdout."),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="csv or jsonl; else the file's suffix. Alone: to stdout."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Search the archive, newest first.

    Words that stand side by side must all be there. The query language is that of topics;
    docs/reference/query-language.md describes it.
    """
    if (file or format_name) and (count or as_json):
        raise typer.BadParameter("--output and --format go with neither --count nor --json")
    limit = limit and min(limit, sys.maxsize - 1)
    written = " ".join(query or ())
    parsed = queries.parse(written) if written.strip() else None
    if parsed is not None:
        suggestions.refuse_concepts(parsed, written, app.seeds.concepts)
    filters = SearchFilters(
        since=arguments.moment(since, app.clock()),
        until=arguments.moment(until, app.clock()),
        sources=tuple(source or ()),
        languages=tuple(lang or ()),
        topic=topic,
        label=label,
    )
    if file or format_name:
        target = file or STDOUT
        write = exports.ARTICLES[exports.format_of(target, format_name, exports.ARTICLES)]
        answers = app.search.every(parsed, filters, order=sort, after=after)
        found = _export(app, islice(answers, limit), write, target)
    elif count:
        found = app.search.count(parsed, filters)
        output.say_json({"count": found}) if as_json else output.say(str(found))
    elif as_json:
        page = app.search.page(
            parsed, filters, limit=limit or PAGE, order=sort, after=after, counting_seconds=0
        )
        found = len(page.articles)
        output.say_json(archive.found_rows(page.articles, app.seeds.sources), indent=2)
    else:
        page = app.search.page(parsed, filters, limit=limit or PAGE, order=sort, after=after)
        found = len(page.articles)
        if found or after is None:
            rows = archive.found_rows(page.articles, app.seeds.sources)
            output.show(archive.found_text(rows))
        if found or after is not None:
            output.say(archive.count_line(page, sort, after))
    if not found and after is None:
        _hint(app, parsed, filters)


def _export(
    app: App,
    answers: Iterable[tuple[ArchivedArticle, Match | None]],
    write: Callable[[Iterable[ArticleRecord]], Iterable[bytes]],
    target: str,
) -> int:
    """Write articles to a file, or to stdout, as they are read; how many."""
    found = 0

    def records() -> Iterator[ArticleRecord]:
        nonlocal found
        for kept, answer in answers:
            country = country_of(kept.article.source, app.seeds.sources)
            yield article_record(kept, country=country, answer=answer)
            found += 1

    if target != STDOUT or not sys.stdout.isatty():  # else the articles themselves are seen
        answers = progress(answers, "articles written")
    if target == STDOUT:
        for piece in write(records()):
            output.say_bytes(piece)
        return found
    with output.new_file(Path(target)) as new:
        new.writelines(write(records()))
    output.say(f"{found} articles in {target}")
    return found


def _hint(app: App, parsed: Query | None, filters: SearchFilters) -> None:
    """Say which of the names in a search without an answer the seeds don't have."""
    chosen = {
        "lang": filters.languages,
        "source": filters.sources,
        "topic": [filters.topic] if filters.topic else [],
        "label": [filters.label] if filters.label else [],
    }
    for slip in suggestions.slips(parsed, chosen, arguments.names(app.seeds)):
        output.say(f"rasd: {slip}", err=True)
