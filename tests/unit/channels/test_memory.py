"""The channel that ends in this process."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from crawler.channels.memory import MemoryChannel
from tests.unit.digest.scenes import proven, worded


def test_it_keeps_the_last_message() -> None:
    """Where the canary listens."""
    channel, message = MemoryChannel(), worded(proven())
    assert channel.last is None
    last = replace(message, subject="last")
    for one in (message, last):
        assert asyncio.run(channel.deliver(one)).outcome == "sent"
    assert channel.last == last
