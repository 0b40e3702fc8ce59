"""A channel that ends in this process: where the canary's mail arrives."""

from __future__ import annotations

from crawler.model import Delivery, Message


class MemoryChannel:
    """Keeps the last message delivered."""

    def __init__(self) -> None:
        self.last: Message | None = None

    async def deliver(self, message: Message) -> Delivery:
        """Always sent."""
        self.last = message
        return Delivery(outcome="sent")
