"""The steps of a poll that need the archive or a reader, carried out beside the event loop.

Reads of the archive run in threads, writes in the writer's: while another process holds the
database, a poll waits and every download goes on.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import structlog
from scrapy.http import Response

from crawler import filetypes
from crawler.errors import NotFoundError, StorageError
from crawler.feeds import overflow, syndication
from crawler.fetch import block_pages
from crawler.fetch.response import freshness, header, is_whole, moved_to, page_of
from crawler.model import Cause, Feed, Page, Reason, Source
from crawler.polling import changes, closing, gap_tracking, outcomes, steps
from crawler.polling.closing import ClosedPoll
from crawler.polling.fetched_page import entry_page
from crawler.polling.gap_tracking import FeedLook, GapReport
from crawler.polling.poll import PollInProgress
from crawler.ports import CrawlServices
from crawler.spiders import requests

log = structlog.get_logger("rasd")
NOT_UNDERSTOOD = Cause(
    reason="not_understood", detail="no answer was understood; the log says more"
)


def wanted(
    services: CrawlServices, kind: str, slug: str | None, feeds: Sequence[tuple[str, str]] | None
) -> Iterator[tuple[Source, Feed]]:
    """The feeds to poll: those of this kind of one source, and those named by (slug, url).

    NotFoundError if there is no such source.
    """
    sources = services.sources
    if slug is not None:
        if slug not in sources:
            raise NotFoundError(f"no source {slug!r} in the seeds")
        yield from ((sources[slug], feed) for feed in sources[slug].feeds if feed.kind == kind)
    for name, url in feeds or ():
        if (source := sources.get(name)) is not None:  # else its seed was deleted just now
            yield from ((source, feed) for feed in source.feeds if feed.url == url)


async def carry_out(services: CrawlServices, poll: PollInProgress, step: steps.Step) -> object:
    """Carry out a step that concerns the archive; its result, as ``steps`` describes it."""
    archive, source, now = services.archive, poll.source.slug, services.clock()
    match step:
        case steps.RecordEntries(entries=entries, gap=gap):
            record = partial(archive.record_entries, source, poll.feed.url, entries, now, gap=gap)
            new = await services.writer.soon(record)
            services.reached("poll.sighted")
            return new
        case steps.FindShown(keys=keys):
            return await asyncio.to_thread(archive.shown_entries, source, keys)
        case steps.RecordAgain(entries=entries):
            shown = [(changes.showing_key(one.url_key, e), one, e) for one, e in entries]
            again = partial(archive.record_again, source, poll.feed.url, shown, now)
            return await services.writer.soon(again)
        case steps.RejectSightings(rejected=rejected):
            await services.writer.soon(partial(archive.reject, rejected, now))
        case steps.SetOutcome():
            return await _set_outcome(services, poll, step, now)
        case steps.FindPending(limit=limit):
            return await asyncio.to_thread(
                archive.pending_sightings, source, poll.feed.url, now, limit
            )
        case steps.FindReach(keys=keys, at=at):
            return await asyncio.to_thread(services.coverage.reaches_back, source, keys, at)
        case steps.UnpackTail(piece=piece):
            return overflow.unpack(piece)
        case steps.Pause():
            await asyncio.sleep(0)
    return None


async def read_window(
    services: CrawlServices, answer: Response, kind: str, options: tuple[object, ...]
) -> object:
    """The answer's body parsed as a feed of this kind, or the name of what broke its reader."""
    content_type = header(answer, "content-type") or ""
    return await services.reader.window(answer.body, answer.url, content_type, kind, *options)


def feed_answer(
    services: CrawlServices,
    poll: PollInProgress,
    answer: Response,
    depth: int,
    instead: str | None = None,
) -> steps.FeedAnswer:
    """A response to a request for one URL of a feed, as a poll takes it; ``instead`` as there."""
    now, fingerprint = services.clock(), None
    if answer.status in outcomes.READ_STATUSES and poll.compares_bodies:
        how = repr(
            (poll.feed.links, poll.feed.next_page_selector)
        ).encode()  # other selectors, other entries
        fingerprint = hashlib.sha256(how + syndication.identifying_bytes(answer.body)).hexdigest()
    return steps.FeedAnswer(
        received_at=now,
        status=answer.status,
        depth=depth,
        content_type=header(answer, "content-type") or "",
        etag=header(answer, "etag"),
        last_modified=header(answer, "last-modified"),
        fresh_for=freshness(answer, now),
        moved_to=moved_to(answer),
        fingerprint=fingerprint,
        refusal=filetypes.refusal(answer.body),
        instead=instead,
        whole=is_whole(answer),
    )


async def page(
    services: CrawlServices,
    step: steps.ReadFetched | steps.ReadEntry | steps.ReadInline | steps.ReadStored,
    answer: Response | None,
) -> Page | None:
    """The page that a step has read; None if the archive no longer has it."""
    sighting, now = step.sighting, services.clock()
    if isinstance(step, steps.ReadStored):
        return await asyncio.to_thread(services.archive.unread_page, sighting)
    if isinstance(step, steps.ReadInline):
        return requests.inline_page(sighting, step.article, now)
    if isinstance(step, steps.ReadEntry):
        return entry_page(sighting, now)
    return page_of(answer, sighting.url, now, sighting.entry) if answer is not None else None


def block_page(answer: Response, step: steps.IdentifyBlockPage, home: str) -> Reason | None:
    """The kind of page that stands in the way of what was requested; None if none does."""
    return block_pages.block_kind(
        answer.body,
        answer.url,
        step.requested_url,
        home,
        headline=step.headline,
        content_type=(header(answer, "content-type") or "").lower(),
    )


async def _set_outcome(
    services: CrawlServices, poll: PollInProgress, step: steps.SetOutcome, now: datetime
) -> bool:
    """Written with whatever else is being written: a site that is down fails by the hundred."""
    write = partial(
        services.archive.set_outcome,
        step.sighting,
        step.fate,
        step.cause,
        now,
        next_try_at=step.next_try_at,
    )
    try:
        await services.writer.soon(write)
    except StorageError:  # its watch has said so; the page stays queued
        return False
    except Exception as error:  # the database's; the page stays queued and is counted so
        problem = f"{type(error).__name__}: {error}"
        note_not_written(poll, step.sighting.url, problem)
        return False
    return True


def note_not_written(poll: PollInProgress, url: str, problem: str) -> None:
    """Note that a page could not be written, and log the first such page of the poll."""
    detail = " ".join(problem.split())[: closing.MAX_ERROR_CHARACTERS]
    if poll.note(Cause(reason="not_written", detail=detail)):
        log.error("page_not_written", source=poll.source.slug, url=url, error=problem)


def not_understood(error: BaseException | None) -> Cause:
    """The cause of a page that broke a spider or a pipeline."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return Cause(reason="not_understood", detail=said[: closing.MAX_ERROR_CHARACTERS])


async def close(
    services: CrawlServices, poll: PollInProgress
) -> tuple[ClosedPoll, Exception | None]:
    """Judge what a complete poll means for its source's gaps, close it and write it.

    Returns what was to be written, and the error if the archive did not take it.
    """
    services.reached("poll.closing")
    look = poll.look()
    if look is not None:
        poll.assess(await _assess(services, look))
    row, state = poll.close(services.clock())
    report = poll.report
    closed = ClosedPoll(poll=row, state=state, gaps=report.changed, make_due=report.opened)
    write = partial(closing.write, services.archive, services.coverage, closed)
    try:
        await services.writer.soon(write)
    except Exception as error:  # the database's, or a row that contradicts itself
        return closed, error
    return closed, None


async def _assess(services: CrawlServices, look: FeedLook) -> GapReport:
    try:
        return await asyncio.to_thread(
            gap_tracking.assess, services.coverage, look, services.clock()
        )
    except StorageError:  # its watch has said so
        return GapReport()
    except Exception:  # the database's; the poll is closed all the same
        log.exception("gaps could not be judged", source=look.source, feed=look.feed)
        return GapReport()
