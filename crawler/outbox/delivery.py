"""What is queued is claimed, delivered and closed, a few messages at a time.

::

    take over what ended processes left ─► up to PARALLEL lanes: claim ─► channel ─► outcome

Whatever a channel does, its message has an outcome: an error, a hang or a wrong answer makes it
``unknown``. A mail server that is down is not asked for each message: the others of its channel
wait for the next run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from crawler.digest.direction import one_line
from crawler.model import Delivery, Message, QueuedMessage
from crawler.monitoring.spells import Spells, kind_of
from crawler.outbox import owners
from crawler.ports import Channel, Clock, DigestArchive, Writer

_T = TypeVar("_T")
log = structlog.get_logger("rasd")
PARALLEL = 4  # deliveries at a time: a slow one holds back no other
DELIVERY_SECONDS = 300.0  # for one delivery; no mail server needs so long
LEASE = timedelta(hours=1)  # then a claim is over, whatever became of its owner
MAX_DETAIL_CHARS = 500  # of what a server says
CLOSING_WAITS = (1.0, 4.0, 16.0)  # seconds before an outcome that was not written is written again


@dataclass(slots=True, kw_only=True)
class DeliveryRun:
    """One run over what is due. ``done`` holds each message with its outcome."""

    archive: DigestArchive
    channels: Mapping[str, Channel]
    clock: Clock
    writer: Writer
    spells: Spells = field(default_factory=Spells)
    owner: str = field(default_factory=owners.this_process)
    done: list[tuple[Message, Delivery]] = field(default_factory=list)
    _down: set[str] = field(default_factory=set)  # channels whose server does not answer
    _stopping: bool = False
    _lanes: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> list[tuple[Message, Delivery]]:
        """Deliver what is due. If the caller is cancelled, the messages in hand are still
        delivered, and no other."""
        await self._take_over()
        self._open_lane()
        try:
            while waiting := [lane for lane in self._lanes if not lane.done()]:
                await asyncio.wait(waiting)
        except asyncio.CancelledError:
            self._stopping = True
            for lane in self._lanes:
                lane.cancel()
            await asyncio.wait(self._lanes)
            raise
        for lane in self._lanes:
            lane.result()  # raises what broke it
        return self.done

    def _open_lane(self) -> None:
        if len(self._lanes) < PARALLEL and not self._stopping:
            self._lanes.append(asyncio.create_task(self._lane()))

    async def _lane(self) -> None:
        while await _to_its_end(self._deliver_next()):
            pass

    async def _take_over(self) -> None:
        """Make ``unknown`` what processes that have ended, or ended long ago, left behind."""
        now = self.clock()
        claims = await asyncio.to_thread(self.archive.mails, ("sending",))
        left = [
            claim
            for claim in claims
            if claim.claimed_at is None
            or owners.is_gone(claim.claimed_by)
            or now - claim.claimed_at > LEASE
        ]
        if left and (n := await self.writer.soon(partial(self.archive.recover, left, now))):
            log.warning("mails whose delivery is unknown after a crash", count=n)

    async def _deliver_next(self) -> bool:
        """Claim a message, deliver it and write the outcome; False if none is due."""
        skipped = frozenset(self._down)
        claim = partial(self.archive.claim_message, self.clock(), self.owner, without=skipped)
        if (queued := await self.writer.soon(claim)) is None:
            return False
        self._open_lane()
        delivery = await self._delivered(queued.message)
        if delivery.fault == "server":
            self._down.add(queued.message.channel)
        await self._close(queued, delivery)
        self.done.append((queued.message, delivery))
        self._tell(queued, delivery)
        return True

    def _tell(self, queued: QueuedMessage, delivery: Delivery) -> None:
        """Log what was not delivered: each mail once, and a server that is down or a setup that
        keeps mail from leaving once for all, until it is over."""
        channel = queued.message.channel
        if delivery.fault:
            if self.spells.failed(("mail", channel), delivery.fault):
                log.warning(
                    "mail can't be delivered",
                    channel=channel,
                    fault=delivery.fault,
                    why=delivery.detail,
                )
            return
        if delivery.outcome == "sent" and (ended := self.spells.worked(("mail", channel))):
            log.warning(
                "mail can be delivered again",
                channel=channel,
                times=ended.times,
                seconds=ended.seconds,
            )
        told = {"mail": queued.id, "outcome": delivery.outcome, "why": delivery.detail}
        if delivery.outcome == "deferred":
            if self.spells.failed(("deferred", queued.id)):
                log.info("not_delivered", **told)
            return
        self.spells.worked(("deferred", queued.id))
        if delivery.outcome != "sent":
            log.warning("not_delivered", **told)

    async def _delivered(self, message: Message) -> Delivery:
        """What became of it, whatever the channel does."""
        channel = self.channels.get(message.channel)
        if channel is None:
            why = f"channel {message.channel!r} is not configured"
            return Delivery(outcome="deferred", fault="setup", detail=why)
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                delivery = await channel.deliver(message)
            why = _plain(delivery.detail)
            if ended := self.spells.worked(("channel", message.channel)):
                log.warning(
                    "a channel works again",
                    channel=message.channel,
                    times=ended.times,
                    seconds=ended.seconds,
                )
            return Delivery(outcome=delivery.outcome, fault=delivery.fault, detail=why)
        except TimeoutError as error:
            why = str(error) or f"no end after {DELIVERY_SECONDS:.0f} seconds"
        except asyncio.CancelledError:  # this task is never cancelled: it is the channel's own
            why = "the channel cancelled itself"
        except Exception as error:  # a fault of the channel; the message may have left
            if self.spells.failed(("channel", message.channel), kind_of(error)):
                log.exception("a channel broke", channel=message.channel)
            why = f"{type(error).__name__}: {error}"
        return Delivery(outcome="unknown", detail=_plain(why))

    async def _close(self, queued: QueuedMessage, delivery: Delivery) -> None:
        """Write the outcome; an archive that cannot be written just now is given time, since a mail
        without its outcome is sent again."""
        for wait in (*CLOSING_WAITS, None):
            write = partial(self.archive.close_message, queued, delivery, self.clock())
            try:
                await self.writer.soon(write)
                return
            except Exception:
                if wait is None:
                    raise
                await asyncio.sleep(wait)


def _plain(detail: str) -> str:
    """What a server said, on one line, without what a terminal or a database would stumble over."""
    text = detail.encode("utf-8", "replace").decode("utf-8")
    return one_line(text)[:MAX_DETAIL_CHARS]


async def _to_its_end(work: Coroutine[Any, Any, _T]) -> _T:
    """The result of this work, which goes on if the caller is cancelled; the caller then ends
    after it."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
