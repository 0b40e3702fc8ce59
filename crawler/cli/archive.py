"""The verbs that read the archive or judge texts: ``show``, ``match``; and those that copy it
or put a copy in its place: ``backup``, ``restore``, ``mail``."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler import __version__
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import (
    Json,
    Topic,
    load_seeds,
    new_commands,
    pass_app,
    print_result,
    read_lines,
    read_stdin,
    settings,
)
from crawler.cli.progress import progress, working
from crawler.views import archive, arguments
from crawler.views.fields import JsonRow
from storage import lock, migrations
from storage.backups import making, restoring
from storage.backups.history import SqlBackups
from storage.backups.making import Made
from storage.engine import connect, read_connection

commands = new_commands()
mail = new_commands(help="Keep all mail back, or release it.", no_args_is_help=True)
commands.add_typer(mail, name="mail")
mending = new_commands(no_args_is_help=True)
commands.add_typer(mending, name="archive", help="Mend the archive itself.")


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
    jsonl: Annotated[
        str, typer.Option(help='Lines {"id","title","text","lang"?,"country"?}; - is stdin.')
    ],
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


@commands.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups are; it is made if needed.")],
    keep: Annotated[
        int, typer.Option(min=1, help="Backups of this archive to leave there, the new one too.")
    ] = 7,
    as_json: Json = False,
) -> None:
    """Back up the archive into a new folder.

    The daemon may be at work meanwhile. The copy is opened, counted and hashed before older ones
    are removed.
    """
    url = settings().archive
    with working("copying the archive, and proving the copy"):
        made = making.make(url, folder, keep=keep, rasd=__version__, now=datetime.now(UTC))
    _print(archive.made_row(made, _remember(url, made)), as_json, archive.made_lines)


def _remember(url: str, made: Made) -> bool:
    """Write into the archive that it was backed up, so that the daemon tests the backup; whether
    that could be done: an archive of another version is left as it is."""
    engine = connect(url)
    try:
        with read_connection(engine) as c:
            newest = migrations.is_newest(c)
        if newest:
            SqlBackups(engine).save(made.backup)
        return newest
    finally:
        engine.dispose()


@commands.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="A folder that rasd backup made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the archive that is there aside.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a backup the archive; its mail stays on hold.

    Stop the daemon first. A backup of which one byte was changed is refused, with exit code 65. A
    PostgreSQL database must be empty.
    """
    url = settings().archive
    held = lock.hold(url, pid=os.getpid(), host=socket.gethostname())
    try:
        with working("proving the backup, and copying it"):
            done = restoring.restore(backup, url, replace=replace, now=datetime.now(UTC))
    finally:
        held.release()
    _print(archive.restored_row(done), as_json, archive.restored_lines)


def _print(row: JsonRow, as_json: bool, lines: Callable[[JsonRow], list[str]]) -> None:
    """Lines are not wrapped: the names of folders in them are to be copied."""
    if as_json:
        output.say_json(row, indent=2)
    else:
        output.say("\n".join(lines(row)))


@mail.command()
@pass_app()
def hold(
    app: App,
    reason: Annotated[str, typer.Argument(help="Shown by rasd status.")] = "by hand",
) -> None:
    """Let no mail leave until it is released; digests wait as well."""
    app.mail_hold.hold(reason, app.clock())
    output.say("mail is on hold; rasd mail release ends it")


@mail.command()
@pass_app()
def release(
    app: App,
    drop: Annotated[
        bool, typer.Option("--drop", help="Never send what was queued before the hold.")
    ] = False,
) -> None:
    """Let mail leave again.

    After a restore, what the backup holds as queued was probably sent since: --drop keeps it from
    arriving twice.
    """
    dropped = app.mail_hold.release(drop=drop, now=app.clock())
    if dropped is None:
        output.say("mail was not on hold")
    else:
        output.say(f"mail is released; {dropped} queued before the hold will not be sent")


@mending.callback()
def group() -> None:
    """Mend the archive itself."""


@mending.command("rebuild-index")
@pass_app()
def rebuild_index(app: App) -> None:
    """Make the full-text index anew from the stored articles.

    Works beside the daemon; until it is done, searches may not find everything.
    """
    done = max(progress(app.place.rebuild_index(), "articles indexed"), default=0)
    output.say(f"index rebuilt: {done} articles")
