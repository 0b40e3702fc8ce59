"""The mail about the archive itself."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
import structlog.testing

from crawler.daemon import alarm
from crawler.daemon.alarm import Alarm
from crawler.errors import StorageError
from crawler.model import Delivery, Message
from crawler.monitoring.outage import Outage
from crawler.outbox import Recipient
from tests.builders import NOW


class Silent:
    """A channel whose server never answers one address."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def deliver(self, message: Message) -> Delivery:
        if message.recipient == "hangs@example.org":
            await asyncio.Event().wait()
        self.sent.append(message.recipient)
        return Delivery(outcome="sent")


def test_a_server_that_never_answers_holds_up_no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others get their mail at once; it is tried again later, and they are not."""
    monkeypatch.setattr(alarm, "SEND_SECONDS", 0.05)
    channel = Silent()
    told = Alarm({"smtp": channel}, lambda: NOW, "example.org")
    names = ("hangs@example.org", "a@example.org", "b@example.org")
    told.remember([Recipient(recipe="daily", channel="smtp", address=name) for name in names])
    outage = Outage(
        error=StorageError("full", "no space left"),
        since=NOW,
        began=monotonic() - 2 * alarm.AFTER_SECONDS,
        retry_at=0.0,
    )

    async def two_ticks() -> None:
        await told.tell(outage)
        told._tried_at -= alarm.AGAIN_SECONDS
        await told.tell(outage)

    asyncio.run(asyncio.wait_for(two_ticks(), 10))
    assert sorted(channel.sent) == ["a@example.org", "b@example.org"]


def test_an_alarm_that_cannot_be_sent_is_one_line_until_it_can() -> None:
    """The archive's server and the mail server may be one machine: a day's attempts are 144."""

    class Away:
        here = False

        async def deliver(self, message: Message) -> Delivery:
            if not self.here:
                return Delivery(outcome="deferred", fault="server", detail="refused")
            return Delivery(outcome="sent")

    channel = Away()
    told = Alarm({"smtp": channel}, lambda: NOW, "example.org")
    told.remember([Recipient(recipe="daily", channel="smtp", address="a@example.org")])
    outage = Outage(
        error=StorageError("unreachable", "refused"),
        since=NOW,
        began=monotonic() - 2 * alarm.AFTER_SECONDS,
        retry_at=0.0,
    )

    async def a_day() -> None:
        for attempt in range(145):
            channel.here = attempt == 144
            told._tried_at -= alarm.AGAIN_SECONDS
            await told.tell(outage)

    with structlog.testing.capture_logs() as lines:
        asyncio.run(a_day())
    assert [line["event"] for line in lines] == [
        "an alarm could not be sent",
        "alarms can be sent again",
    ]
    assert lines[1]["times"] == 144
