"""The verbs about mail that was queued, and who gets it: ``outbox``, ``subscriptions``,
``forget``."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Annotated

import typer

from crawler import channels
from crawler import outbox as deliveries
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.digest import schedule
from crawler.monitoring.mail import OPEN_STATES
from crawler.views import outbox as view
from crawler.views.fields import iso

commands = new_commands()
outbox = new_commands(help="List, retry or drop mails that are not delivered.")
commands.add_typer(outbox, name="outbox")

Everything = Annotated[bool, typer.Option("--all", help="Also those that were sent or dropped.")]
Ids = Annotated[list[int], typer.Argument(help="Ids, as rasd outbox shows them.")]


@outbox.callback(invoke_without_command=True)
def without_verb(
    context: typer.Context, everything: Everything = False, as_json: Json = False
) -> None:
    """List, retry or drop mails that are not delivered."""
    if context.invoked_subcommand is None:
        list_mails(everything=everything, as_json=as_json)


@outbox.command("list")
@pass_app()
def list_mails(app: App, everything: Everything = False, as_json: Json = False) -> None:
    """List the mails that wait, were refused or may not have arrived."""
    states = (*OPEN_STATES, "sent", "dropped") if everything else OPEN_STATES
    rows = view.mail_rows(app.archive.mails(states), app.clock())
    print_result(rows, as_json, view.mails_table)


@outbox.command()
@pass_app()
def retry(
    app: App,
    ids: Annotated[list[int] | None, typer.Argument(help="Ids, as rasd outbox shows them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are not delivered.")] = False,
) -> None:
    """Try these mails again, now.

    Exit code 1 if one of them is not delivered.
    """
    if bool(ids) == everything:
        raise typer.BadParameter("name the mails by their ids, or say --all")
    wanted = ids or [mail.id for mail in app.archive.mails(OPEN_STATES)]
    queued = app.archive.queue_again(wanted, app.clock())
    _say_which_are_not_open(wanted, queued)
    done = asyncio.run(app.outbox.deliver())
    output.say(f"queued again: {len(queued)}; {deliveries.summary(done)}")
    left = [mail for mail in app.archive.mails(OPEN_STATES) if mail.id in queued]
    for mail in left:
        output.say(f"{mail.id} {mail.state}: {mail.recipient}: {mail.detail}", err=True)
    if left or len(queued) < len(set(wanted)):
        raise typer.Exit(1)


@outbox.command()
@pass_app()
def drop(app: App, ids: Ids) -> None:
    """Give these mails up.

    Stories that a mail would have shown come in the recipient's next digest, unless the mail may
    have arrived (unknown).
    """
    dropped, given_back = app.archive.drop(ids, app.clock())
    _say_which_are_not_open(ids, dropped)
    output.say(f"dropped: {len(dropped)}; articles for the next digests: {given_back}")
    if len(dropped) < len(set(ids)):
        raise typer.Exit(1)


def _say_which_are_not_open(wanted: Collection[int], found: Collection[int]) -> None:
    for number in dict.fromkeys(wanted):
        if number not in found:
            output.say(f"{number}: no mail that waits, was refused or is unknown", err=True)


@commands.command()
@pass_app()
def subscriptions(app: App, as_json: Json = False) -> None:
    """List who gets which digest.

    Those of the configuration first, then those of rasd subscribe.
    """
    configured = [(one.recipe, one.channel, one.address) for one in app.outbox.configured]
    rows = view.subscription_rows(app.archive.subscriptions(), configured)
    for row in rows:
        recipe = app.seeds.digests.get(row["digest"])
        due = recipe and schedule.next_due_at(app.clock(), recipe.hour, recipe.timezone)
        row["next_at"] = iso(due or None)
        row["timezone"] = recipe.timezone if recipe else None
    print_result(rows, as_json, view.subscriptions_text)


@commands.command()
@pass_app()
def forget(
    app: App,
    address: Annotated[str, typer.Argument(help="A mail address, or the folder of a Maildir.")],
) -> None:
    """Erase all that the archive holds of an address.

    Its subscriptions, what its digests showed, and its mails. A backup made earlier keeps them, and
    so do your mail server and its logs. Exit code 1 if nothing was found.
    """
    forms = channels.full_addresses(address)
    erased = app.recipients.erase(forms)
    latest = app.backups.latest()
    output.say("\n".join(view.erased_lines(address, erased, latest)))
    if any(one.address in forms for one in app.outbox.configured):
        output.say(f"the configuration still names {address}: strike it there", err=True)
    if not any((erased.subscriptions, erased.issues, erased.mails)):
        raise typer.Exit(1)
