"""``rasd``: the options before the verb, and the table of verbs.

A verb's module is imported when the verb is called: ``rasd --help`` waits for no crawler. Each verb
opens the app, makes one call and prints the answer; ``--json`` where it reads.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from crawler import __version__
from crawler.cli import examples, output
from crawler.cli.context import GlobalOptions
from crawler.foreign_text import printable

VERBS = {
    "run": ("watch", "Watch: poll what is due and mail digests, until Ctrl-C."),
    "poll": ("watch", "Poll once what is due."),
    "status": ("health.status", "Show whether all is well: daemon, digests, mail, sources."),
    "doctor": ("health.doctor", "Examine the installation and say what to mend."),
    "search": ("articles.search", "Search the archive, newest first."),
    "saved": ("articles.saved", "Searches with a name: @name in any query."),
    "story": ("articles.story", "Show who told a story first, and who copied it."),
    "show": ("archive", "Show one article with its proof highlighted."),
    "match": ("archive", "Judge texts without storing them."),
    "subscribe": ("digests", "Send a digest to an address."),
    "unsubscribe": ("digests", "Stop sending a digest to an address."),
    "forget": ("outbox", "Erase all that the archive holds of an address."),
    "subscriptions": ("outbox", "List who gets which digest."),
    "outbox": ("outbox", "List, retry or drop mails that are not delivered."),
    "config": ("configuration", "Show each setting and where it is from."),
    "seeds": ("configuration", "Check the files that define what is watched."),
    "digest": ("digests", "Preview or send a digest."),
    "gaps": ("coverage", "List intervals in which stories may have been missed."),
    "findings": ("coverage", "List what is wrong with sources or with rasd itself."),
    "quarantine": ("coverage", "List pages that broke the reader."),
    "sources": ("sources", "List, test, find, import and export sources."),
    "try": ("pages.verbs", "Read a page without storing it."),
    "reread": ("pages.verbs", "Read stored pages again with today's code."),
    "topic": ("topics.drafting", "Propose a topic from example texts."),
    "eval": ("topics.judging", "Measure a topic on labelled texts."),
    "explain": ("topics.judging", "Explain why an article was flagged or not."),
    "rematch": ("topics.judging", "Judge stored articles again with today's topics."),
    "term": ("topics.judging", "Preview what a new term would match."),
    "judge": ("topics.judging", "Record whether an article was flagged rightly."),
    "doubtful": ("topics.judging", "List articles that scored just under the line."),
    "archive": ("archive", "Mend the archive itself."),
    "backtest": ("topics.judging", "Compare a changed topic with the archive."),
    "fit": ("topics.fitting", "Fit a topic's points to judged texts."),
    "backup": ("archive", "Back up the archive into a new folder."),
    "restore": ("archive", "Make a backup the archive; its mail stays on hold."),
    "mail": ("archive", "Keep all mail back, or release it."),
}
"""Verb or group → its module in this package, and the first sentence of its help."""

GROUPS = {
    "Watch": ("run", "poll", "status", "findings", "gaps", "quarantine"),
    "Ask the archive": ("search", "saved", "show", "story", "explain", "match"),
    "Digests and mail": (
        *("digest", "subscribe", "unsubscribe", "subscriptions", "forget"),
        *("outbox", "mail"),
    ),
    "Topics": (*("topic", "term", "judge", "doubtful", "eval", "fit", "backtest", "rematch"),),
    "Sources, seeds, configuration": ("sources", "try", "seeds", "config"),
    "Care of the archive": ("doctor", "backup", "restore", "reread", "archive"),
}
"""The headings of ``rasd --help`` with their verbs, in its order."""

BEFORE_THE_VERB = ("--config", "--seeds")  # no verb has an option of these names


class LazyGroup(TyperGroup):
    """The verbs of ``VERBS``, each imported when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs, in the order of the help."""
        return [verb for verbs in GROUPS.values() for verb in verbs]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb of this name; None if there is none."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"crawler.cli.{VERBS[cmd_name][0]}")
        gc.freeze()  # modules are no garbage, now or later
        gc.enable()
        command = typer.main.get_group(module.commands).commands[cmd_name]
        for name, below in getattr(command, "commands", {}).items():
            below.epilog = examples.shown(f"{cmd_name} {name}")
        command.epilog = examples.shown(cmd_name)
        return command

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """The arguments parsed, Arabic among them whatever the locale."""
        with _printable_errors():
            return super().make_context(info_name, output.read_arguments(args), parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb."""
        with _printable_errors():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that the first word names; a slip gets the nearest names as a suggestion, and a
        common option behind the verb its place.
        """
        if args and args[0] not in VERBS and (near := get_close_matches(args[0], VERBS)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {' or '.join(map(repr, near))}?")
        given = (word.partition("=")[0] for word in args[1 : [*args, "--"].index("--")])
        if late := next((word for word in given if word in BEFORE_THE_VERB), None):
            ctx.fail(f"{late} goes before the command: rasd {late} … {args[0]}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of verbs in ``--help``, from the tables alone."""
        width = max(map(len, VERBS))
        for heading, verbs in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(verb.ljust(width), VERBS[verb][1]) for verb in verbs])


@contextmanager
def _printable_errors() -> Iterator[None]:
    """A usage error names what was given, and no class of Python's: the name of a file may hold an
    escape."""
    try:
        yield
    except TyperException as error:
        if hasattr(error, "message"):
            error.message = printable(str(error.message).removeprefix("Value error, "))
        raise


commands = typer.Typer(
    cls=LazyGroup,
    name="rasd",
    help="A press watch that says why it flagged and admits what it could not see.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain text: importing rich would double its time
)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.say(f"rasd {__version__}")
        raise typer.Exit


@commands.callback()
def options(
    config: Annotated[
        Path | None, typer.Option(envvar="RASD_CONFIG", help="A TOML file; else ./rasd.toml.")
    ] = None,
    seeds: Annotated[
        Path | None, typer.Option(envvar="RASD_SEEDS", help="A seeds folder of your own.")
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options of every verb."""
    GlobalOptions.config, GlobalOptions.seeds = config, seeds
