"""The verbs that poll: ``rasd run``, ``rasd poll``."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from typer.exceptions import TyperException

from crawler import logs  # before the others: how it imports structlog
from crawler.app import App
from crawler.cli import asking
from crawler.cli.context import new_commands, opened
from crawler.daemon.loop import Daemon
from crawler.engine import embedded
from crawler.errors import LockHeldError, RasdError
from crawler.views import arguments

commands = new_commands()
log = logs.get_logger("rasd")


@commands.command()
def run() -> None:
    """Watch: poll what is due and mail digests, until Ctrl-C."""
    with _all_in_the_log(), opened(locked=True, archive="made") as app:
        code = embedded.run(lambda stop: Daemon(app, embedded.Engine(app)).run(stop))
    raise typer.Exit(code)


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
    with _all_in_the_log():
        code = _poll_here(chosen, everything)
    raise typer.Exit(_ask(chosen, wait, code) if isinstance(code, LockHeldError) else code)


def _poll_here(chosen: Sequence[str], everything: bool) -> int | LockHeldError:
    """The exit code; or who holds the archive, if it can be asked for these sources."""
    try:
        with opened(locked=True, last_good=False, archive="made") as app:
            _require_known(app, chosen)
            daemon = Daemon(app, embedded.Engine(app))
            return embedded.run(lambda stop: daemon.once(stop, set(chosen), everything))
    except LockHeldError as held:
        if chosen or everything:
            return held
        said = "if it is `rasd run`, it polls what is due; name sources, and it polls them now"
        raise LockHeldError(f"{held}; {said}") from None


@contextmanager
def _all_in_the_log() -> Iterator[None]:
    """Write whatever goes to stderr as log lines, also what ends the command; a wrong argument is
    no such thing."""
    asked = os.environ.get("RASD_LOG__FORMAT")  # until the configuration has been read
    logs.set_up(form="json" if asked == "json" else "console")
    with logs.whole_stderr():
        try:
            yield
        except RasdError as error:
            for line in str(error).splitlines():
                log.error("rasd can't go on", error=line, exit_code=error.exit_code)
            raise typer.Exit(error.exit_code) from error
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except Exception as error:
            log.critical("rasd broke", exc_info=error)
            raise typer.Exit(1) from error


def _ask(chosen: Sequence[str], wait: int, held: LockHeldError) -> int:
    with opened(last_good=False) as app:
        _require_known(app, chosen)
        return asking.ask_for_poll(app, chosen, wait, held)


def _require_known(app: App, chosen: Collection[str]) -> None:
    if unknown := sorted(set(chosen) - app.seeds.sources.keys()):
        raise typer.BadParameter(arguments.no_source(unknown[0], app.seeds.sources))
