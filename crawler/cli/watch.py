"""The verbs that poll: ``rasd run``, ``rasd poll``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

import typer

from crawler import logs  # noqa: F401  before the others: how it imports structlog
from crawler.app import App
from crawler.cli import asking
from crawler.cli.context import new_commands, opened, pass_app
from crawler.daemon.loop import Daemon
from crawler.engine import embedded
from crawler.errors import LockHeldError

commands = new_commands()


@commands.command()
@pass_app(locked=True, archive="made")
def run(app: App) -> None:
    """Watch: poll what is due and mail digests, until Ctrl-C."""
    raise typer.Exit(embedded.run(lambda stop: Daemon(app, embedded.Engine(app)).run(stop)))


@commands.command()
def poll(
    sources: Annotated[list[str] | None, typer.Argument(help="Slugs; none: all of them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also feeds that are not due.")] = False,
    wait: Annotated[
        int, typer.Option(min=1, help="Seconds to wait for a running daemon's answer.")
    ] = 300,
) -> None:
    """Poll once what is due.

    Named sources are polled whether they are due or not. While `rasd run` works on the archive, it
    is asked for the poll. Exit code 1 only if nothing could be polled.
    """
    chosen = list(dict.fromkeys(sources or ()))
    try:
        with opened(locked=True, last_good=False, archive="made") as app:
            _require_known(app, chosen)
            daemon = Daemon(app, embedded.Engine(app))
            code = embedded.run(lambda stop: daemon.once(stop, set(chosen), everything))
    except LockHeldError as held:
        if not chosen and not everything:
            said = "if it is `rasd run`, it polls what is due; name sources, and it polls them now"
            raise LockHeldError(f"{held}; {said}") from None
        code = _ask(chosen, wait, held)
    raise typer.Exit(code)


def _ask(chosen: Sequence[str], wait: int, held: LockHeldError) -> int:
    with opened(last_good=False) as app:
        _require_known(app, chosen)
        return asking.ask_for_poll(app, chosen, wait, held)


def _require_known(app: App, chosen: Collection[str]) -> None:
    if unknown := sorted(set(chosen) - app.sources.keys()):
        raise typer.BadParameter(f"no source {unknown[0]!r}; rasd status lists them")
