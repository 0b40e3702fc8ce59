"""The verbs about digests: ``digest preview``, ``digest send``, ``subscribe``, ``unsubscribe``."""

from __future__ import annotations

import asyncio
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from crawler import channels, outbox
from crawler.app import App
from crawler.app.estimates import estimate_query
from crawler.channels.mailboxes import NoMailbox
from crawler.cli import output
from crawler.cli.context import new_commands, pass_app
from crawler.digest import rendering
from crawler.errors import FileNotWrittenError
from crawler.outbox.box import FIRST_ISSUE_AGE
from crawler.seeds.digests import DigestRecipe
from crawler.views import arguments, subscribing
from crawler.views.fields import JsonRow
from crawler.views.searches import saved

commands = new_commands()
digest = new_commands(help="Preview or send a digest.", no_args_is_help=True)
commands.add_typer(digest, name="digest")

ESTIMATE_SECONDS = 5.0  # to count what a saved search has found before an address is subscribed
Recipe = Annotated[str | None, typer.Argument(help="A digest of the seeds.")]


@digest.command()
@pass_app()
def preview(
    app: App,
    recipe: Recipe = None,
    since: Annotated[str, typer.Option(help="From a day or an age (1d) on.")] = "1d",
    html: Annotated[Path | None, typer.Option(help="Write the HTML part here.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show the HTML in a browser.")] = False,
) -> None:
    """Print the digest as it would go out now.

    Nothing is sent, and nothing counts as sent. With --html it is written, not printed.
    """
    chosen = _recipe(app, recipe)
    now = app.clock()
    letter = rendering.render(app.outbox.preview(chosen, arguments.moment(since, now) or now))
    if open_it and html is None:
        html = _passing_folder() / "digest.html"
    if html is None:
        output.say(f"{letter.subject}\n\n{letter.text}")
        return
    output.write_file(html, letter.html)
    output.say(f"{html}: {letter.subject}\nnothing was sent")
    if open_it:
        webbrowser.open(html.resolve().as_uri())


def _passing_folder() -> Path:
    """A new folder for a file that a browser is to show."""
    try:
        return Path(tempfile.mkdtemp(prefix="rasd-"))
    except OSError as error:
        raise FileNotWrittenError("digest.html", error, "give --html FILE") from error


@digest.command()
@pass_app(archive="made")
def send(app: App, recipe: Recipe = None) -> None:
    """Send what is new since the last issue, now.

    It goes to every recipient of the digest.
    """
    chosen = _recipe(app, recipe)
    recipients = app.outbox.recipients(chosen.slug)
    if not recipients:
        output.say(
            f"no recipients of {chosen.slug!r} yet: rasd subscribe {chosen.slug} you@example.org"
        )
        raise typer.Exit(1)
    if (hold := app.mail_hold.current()) is not None:
        output.say(f"mail is on hold ({hold.reason}): rasd mail release lets it leave", err=True)
        raise typer.Exit(1)
    queued, done = asyncio.run(app.outbox.send(chosen, recipients))
    counts = f"issues of {chosen.slug!r}: {queued}, recipients: {len(recipients)}"
    output.say(f"{counts}; {outbox.summary(done)}")
    for message, delivery in done:
        if delivery.outcome != "sent":
            why = delivery.detail.removeprefix(f"{message.recipient}: ")
            output.say(f"{delivery.outcome}: {message.recipient}: {why}", err=True)
    if any(delivery.outcome == "dead" for _, delivery in done):
        raise typer.Exit(1)


@commands.command()
@pass_app(archive="made")
def subscribe(
    app: App,
    recipe: Annotated[str, typer.Argument(help="A digest of the seeds.")],
    address: Annotated[str, typer.Argument(help="A mail address, a Maildir's folder …")],
    channel: Annotated[
        str | None,
        typer.Option(help="A channel's name; else inferred from the address."),
    ] = None,
) -> None:
    """Send a digest to an address.

    Says what its saved searches would have brought lately, when the first mail goes, and what it
    will hold. A daemon sends it.
    """
    chosen = _recipe(app, recipe)
    way = channel or channels.of_address(address)
    if way not in channels.names():
        named = repr(channel) if channel else f"takes {address!r}"
        raise typer.BadParameter(f"no channel {named}; known: {channels.described()}")
    stored = channels.checked_address(way, address)
    if isinstance(stored, NoMailbox):
        raise typer.BadParameter(f"{address!r} {stored.why}")
    for slug in chosen.queries:
        output.say(f"@{slug}: {saved.estimate_line(_estimated(app, slug))}")
    app.archive.subscribe(chosen.slug, way, stored, app.clock())
    output.say(
        f"{stored} gets {chosen.slug!r} by {way}, daily at {chosen.hour:%H:%M} {chosen.timezone}"
    )
    for line in subscribing.first_lines(
        chosen,
        app.archive.issue_histories(chosen.slug).get(stored),
        app.clock(),
        looks_back=FIRST_ISSUE_AGE,
        is_watched=app.liveness().is_alive,
    ):
        output.say(line)
    if (held := app.mail_hold.current()) is not None:
        output.say(f"but mail is on hold ({held.reason}): rasd mail release lets it leave")
    if way not in app.outbox.channels:
        output.say(
            f"but [{way}] is not configured in rasd.toml: its mail waits in the outbox until it is"
        )


@commands.command()
@pass_app()
def unsubscribe(app: App, recipe: str, address: str) -> None:
    """Stop sending a digest to an address.

    A mail that waits in the outbox still goes.
    """
    forms = channels.full_addresses(address)
    configured = any(one.address in forms and one.recipe == recipe for one in app.outbox.configured)
    if not any([app.archive.unsubscribe(recipe, form) for form in forms]):
        named = f"; the configuration names {address}: strike it there" if configured else ""
        output.say(f"{address} did not get {recipe!r} by rasd subscribe{named}")
        raise typer.Exit(1)
    if configured:
        output.say(f"{address} still gets {recipe!r}: the configuration names it, strike it there")
    else:
        output.say(f"{address} gets {recipe!r} no longer")
    keys = tuple(f"{recipe}/{form}/" for form in forms)
    waiting = [str(m.id) for m in app.archive.mails(("queued",)) if m.key.startswith(keys)]
    if waiting:
        output.say(f"mail that waits still goes, unless: rasd outbox drop {' '.join(waiting)}")


def _estimated(app: App, slug: str) -> JsonRow:
    """What a saved search would have brought; counted for ESTIMATE_SECONDS at most."""
    asked = app.seeds.queries[slug].query
    found = estimate_query(app.search, asked, app.clock(), seconds=ESTIMATE_SECONDS)
    return saved.estimate_row(found)


def _recipe(app: App, name: str | None) -> DigestRecipe:
    return arguments.one(app.seeds.digests, name, "digest", "the name")
