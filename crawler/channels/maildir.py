"""Into a Maildir: for a reader on the same machine, for tests, for those without a mail server."""

from __future__ import annotations

import mailbox
from pathlib import Path

from crawler.channels import as_email
from crawler.model import Delivery, Message


class MaildirChannel:
    """Delivers into the folder that is the message's recipient."""

    def __init__(self, sender: str = "rasd <rasd@localhost>") -> None:
        self._sender = sender

    async def deliver(self, message: Message) -> Delivery:
        """Sent; also when a message with this Message-ID already lies there (then it is not doubled)."""
        try:
            Path(message.recipient).parent.mkdir(parents=True, exist_ok=True)
            box = mailbox.Maildir(message.recipient, create=True)
            if any(mail["Message-ID"] == message.message_id for mail in box):
                return Delivery(outcome="sent", detail="it was there already")
            box.add(as_email(message, self._sender))
            box.flush()
        except OSError as error:
            return Delivery(outcome="deferred", detail=f"{message.recipient}: {error.strerror}")
        return Delivery(outcome="sent")
