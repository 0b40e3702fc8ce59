"""The verbs that read the archive or judge texts: ``status``, ``search``, ``show``, ``match``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler import query as queries
from crawler.app import App
from crawler.cli import output, suggestions
from crawler.cli.context import (
    Json,
    Topic,
    load_seeds,
    new_commands,
    pass_app,
    print_result,
    read_lines,
    read_stdin,
)
from crawler.model import SearchFilters
from crawler.views import archive, arguments
from crawler.views import status as status_view

commands = new_commands()


@commands.command()
@pass_app()
def status(app: App, as_json: Json = False) -> None:
    """Show sources, last polls, counts and next runs."""
    print_result(status_view.status_row(app), as_json, status_view.status_text)


@commands.command()
@pass_app()
def search(
    app: App,
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, NEAR/n, concept:…')],
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
    limit: Annotated[int, typer.Option(min=1, help="Articles at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Search the archive, newest first.

    The query language is that of topics; docs/reference/query-language.md describes it.
    """
    parsed = queries.parse(query) if query.strip() else None
    if parsed is not None:
        suggestions.refuse_concepts(parsed, query, app.seeds.concepts)
    filters = SearchFilters(
        since=arguments.moment(since, app.clock()),
        until=arguments.moment(until, app.clock()),
        sources=tuple(source or ()),
        languages=tuple(lang or ()),
        topic=topic,
        label=label,
    )
    found = app.search.find(parsed, filters, limit=limit)
    print_result(archive.found_rows(found), as_json, archive.found_text)
    if not found:
        chosen = {
            "source": source or [],
            "topic": [topic] if topic else [],
            "label": [label] if label else [],
        }
        for slip in suggestions.slips(parsed, chosen, suggestions.names(app.seeds)):
            output.say(f"rasd: {slip}", err=True)


@commands.command()
@pass_app()
def show(
    app: App,
    article: Annotated[int, typer.Argument(help="An id, as search shows it.")],
    as_json: Json = False,
) -> None:
    """Show one article with its proof highlighted.

    Also why it was flagged, and where its date is from.
    """
    report = archive.article_row(app.archive.article(article))
    print_result(report, as_json, archive.article_text)


@commands.command()
def match(
    jsonl: Annotated[str, typer.Option(help='Lines {"id","title","text","lang"?}; - is stdin.')],
    topic: Topic = None,
) -> None:
    """Judge texts without storing them.

    Prints a JSON line for each, with labels, score and mentions.
    """
    seeds = load_seeds()
    chosen = arguments.one(seeds.topics, topic or arguments.main_topic(seeds), "topic", "--topic")
    lines = read_stdin() if jsonl == "-" else read_lines(Path(jsonl))
    for number, line in enumerate(lines, 1):
        if line.strip():
            judged = archive.judged_row(line, chosen, f"{jsonl}:{number}")
            output.say_json(judged)
