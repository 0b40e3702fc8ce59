"""The end-to-end test: a story of our own is polled, read, matched, kept, queued and delivered.

It takes the same engine, workers, archive and outbox as any story; only its site and its mailbox
are in this process. A language that does not arrive is a finding about ourselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from crawler.app import App
from crawler.engine.embedded import Engine
from crawler.model import SINK, Finding, Poll
from crawler.monitoring import canary
from crawler.outbox import Recipient

STALE = timedelta(hours=2)  # the test runs hourly: two of them in a row did not arrive
PAUSE = timedelta(minutes=5)  # between two ticks, which are seconds apart: something was wrong
WAIT_SECONDS = 120.0  # for the whole way; a round of real polls may stand in front of it


async def run(app: App, engine: Engine, mailing: asyncio.Lock) -> list[Finding]:
    """Run the test once and take its traces out of the archive again.

    Returns one finding if a language did not arrive, else none.
    """
    started_at = app.clock()
    polls: list[Poll] = []
    polling: asyncio.Future[None] | None = None
    try:
        await _forget(app)
        polling = asyncio.ensure_future(_poll(engine, polls))
        async with asyncio.timeout(WAIT_SECONDS):
            await asyncio.shield(polling)
            text = await _deliver(app, mailing, started_at)
        lost = {n: "not in the mail" for n in canary.LANGUAGES if canary.headline(n) not in text}
    except Exception as error:  # whatever breaks on the way is what it is there to find
        lost = {n: f"{type(error).__name__}: {error}"[:200] for n in canary.LANGUAGES}
    details = {p.feed.split("/")[3]: p.explanation or p.outcome for p in polls if p.kept == 0}
    for language in canary.LANGUAGES:
        said = lost.get(language, "")
        if said and language in details:
            said = f"{said}; its poll: {details[language]}"
        await app.writer.soon(partial(app.canaries.write, language, started_at, not said, said))
    if polling is not None:
        # SQLite gives the ids of deleted rows to new ones: none may be written to any more.
        await asyncio.wait([polling])
    await _forget(app)
    return _found(lost, started_at)


async def _forget(app: App) -> None:
    await app.writer.soon(partial(app.canaries.forget, canary.SLUG, canary.SLUG, SINK))


def forget_later(app: App) -> None:
    """Have the traces of a canary that a stop cut off deleted by the writer, without waiting."""
    forget = partial(app.canaries.forget, canary.SLUG, canary.SLUG, SINK)
    app.writer.later(forget, "the removal of the canary's traces")


class Awake:
    """Since when the daemon has been at work without a pause: a machine that slept, a clock that
    was set or an archive that could not be used kept the canary from being sent."""

    def __init__(self) -> None:
        self.since = self._noted_at = datetime.min.replace(tzinfo=UTC)

    def note(self, now: datetime) -> datetime:
        """Note that it is at work; since when it is."""
        if not timedelta(0) <= now - self._noted_at <= PAUSE:
            self.since = now
        self._noted_at = now
        return self.since


def stale(
    heard: Mapping[str, datetime | None], now: datetime, awake_since: datetime
) -> list[Finding]:
    """One finding if a language has not arrived for longer than ``STALE`` while the daemon was at
    work, else none."""
    if now - awake_since <= STALE:
        return []
    old = {
        n: "never heard" if at is None else f"last heard {at:%H:%M} UTC"
        for n, at in heard.items()
        if at is None or now - at > STALE
    }
    return _found(old, now)


async def _poll(engine: Engine, polls: list[Poll]) -> None:
    source = canary.source()
    await engine.poll([(source, feed) for feed in source.feeds], polls.append)


async def _deliver(app: App, mailing: asyncio.Lock, since: datetime) -> str:
    """Deliver its digest through the outbox; the text that arrived, "" if none did."""
    seeds = canary.its_seeds()
    box = replace(app.outbox, seeds=seeds, findings=tuple)
    recipient = Recipient(recipe=canary.SLUG, channel=SINK, address="canary")
    recipe = seeds.digests[canary.SLUG]
    await box.queue(recipe, [recipient], canary.slot(since), app.clock())
    async with mailing:
        await app.outbox.deliver()
    last, app.sink.last = app.sink.last, None
    return last.text if last is not None else ""


def _found(lost: Mapping[str, str], now: datetime) -> list[Finding]:
    if not lost:
        return []
    proof = "; ".join(f"{language}: {said}" for language, said in lost.items())
    return [Finding(source="", kind="canary", proof=proof, opened_at=now)]
