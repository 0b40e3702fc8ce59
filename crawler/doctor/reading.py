"""The network guard and the workers, tried as a daemon tries them at its start.

The guard is asked for a port of this machine, where nothing listens; the workers read a page of our
own. An empty archive in a temporary folder stands in for the real one.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime

from crawler.app import App, open_app
from crawler.config import Config
from crawler.engine import embedded
from crawler.errors import GuardError
from crawler.model import Page, PreparedArticle
from crawler.monitoring import canary
from crawler.monitoring.doctor import Check, fail, ok

READ_SECONDS = 120.0  # for a worker to start and to read a page


def checks(chosen: Config, now: Callable[[], datetime]) -> Iterator[Check]:
    """The guard, then the workers."""
    with tempfile.TemporaryDirectory(prefix="rasd-") as folder:
        alone = chosen.model_copy(update={"archive": f"sqlite:///{folder}/rasd.sqlite"})
        found: list[Check] = []
        with open_app(alone, seedless=True) as app:

            async def both(stop: asyncio.Event) -> int:
                found.append(await _guard(app))
                found.append(await _workers(app, now()))
                return 0

            embedded.run(both)
    yield from found


async def _guard(app: App) -> Check:
    name, page = "network guard", "docs/explanation/security.md"
    try:
        await embedded.Engine(app).prove_guard()
    except GuardError as error:
        advice = "the daemon won't start: mend [network], or install what requirements.lock names"
        return fail(name, str(error), advice, page)
    return ok(name, "a request to this machine was refused, as it must be")


async def _workers(app: App, now: datetime) -> Check:
    name, advice = "workers", "look at memory limits; reading.memory_mb, reading.workers"
    url, source = f"{canary.BASE}/en/{canary.slot(now)}", canary.source()
    made = canary.answer(f"/en/{canary.slot(now)}", now)
    assert made is not None
    kind, body = made
    page = Page(
        url=url,
        requested_url=url,
        fetched_at=now,
        status=200,
        headers=(("content-type", kind),),
        body=body,
    )
    app.reader.start()
    try:
        async with asyncio.timeout(READ_SECONDS):
            read = await app.reader.read(page, source)
    except TimeoutError:
        return fail(name, f"none answered within {READ_SECONDS:.0f} s", advice)
    finally:
        app.reader.stop()
    if not isinstance(read, PreparedArticle) or read.reading.article.extraction != "full":
        return fail(name, "a page of our own could not be read", advice)
    if not any(match.labels for match in read.reading.matches):
        return fail(name, "a page of our own was read and not flagged", "report it")
    return ok(name, f"{app.config.reading.workers} configured; one read a page and flagged it")
