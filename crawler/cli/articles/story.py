"""``rasd story``: one story, as the outlets told it."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from crawler.app import App
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.errors import UsageError
from crawler.stories.account import account
from crawler.views.searches import story as view

commands = new_commands()

_NUMBER = re.compile(r"(s?)(\d{1,18})", re.IGNORECASE)


@commands.command()
@pass_app()
def story(
    app: App,
    number: Annotated[
        str, typer.Argument(help="A story (s12), or the id of one of its articles, as search has.")
    ],
    as_json: Json = False,
) -> None:
    """Show who told a story first, and who copied it.

    With the delay of each copy, paragraphs that it dropped (-) or added (+), and how many articles
    each country has.
    """
    given = _NUMBER.fullmatch(number.strip())
    if given is None:
        raise UsageError(f"{number!r} is neither a story (s12) nor the id of an article (15)")
    asked = int(given[2]) if given[1] else app.stories.story_of(int(given[2]))
    found = app.stories.story(asked)
    countries = {slug: source.country for slug, source in app.sources.items()}
    told = account(found.number, found.articles, found.texts, countries)
    print_result(view.story_row(told, countries), as_json, view.story_text)
