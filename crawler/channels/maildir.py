"""Delivery into a Maildir: for a reader on the same machine, for tests, and without a mail server.

A message's file name holds a token of its Message-ID, so that the names in ``new`` and ``cur`` tell
whether it was delivered; no mail of the folder is parsed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.channels.email import as_email
from crawler.channels.kind import ChannelKind
from crawler.model import Delivery, Message

DEFAULT_SENDER = "rasd <rasd@localhost>"
TOKEN_CHARS = 32  # 128 bits
_NAME_OF_OURS = re.compile(rf"[.]rasd-[0-9a-f]{{{TOKEN_CHARS}}}(?:[:,]|$)")
_DELIVERED_AT = re.compile(r"(\d+)[.]")  # a Maildir's names begin with the delivery's Unix time
MAX_HEADER_BYTES = 65_536  # read of a mail that was delivered under another name


class MaildirChannel:
    """Delivers into the folder that is the message's recipient."""

    def __init__(self, sender: str = DEFAULT_SENDER) -> None:
        self._sender = sender

    async def deliver(self, message: Message) -> Delivery:
        """Sent, also if the message is there already (it is not doubled); deferred if the folder
        cannot be written."""
        return await asyncio.to_thread(self._deliver, message)

    def _deliver(self, message: Message) -> Delivery:
        folder = Path(message.recipient)
        try:
            for name in ("tmp", "new", "cur"):
                (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_there(folder, message):
                return Delivery(outcome="sent", detail="it was there already")
            _write(folder, _file_name(message), as_email(message, self._sender).as_bytes())
        except OSError as error:
            return Delivery(outcome="deferred", detail=f"{message.recipient}: {error.strerror}")
        return Delivery(outcome="sent")


KIND = ChannelKind(
    name="maildir",
    address="a Maildir's folder",
    takes=lambda address: bool(address) and ("/" in address or "@" not in address),
    build=lambda settings: MaildirChannel(),
    is_path=True,
)


def _token(message: Message) -> str:
    return hashlib.sha256(message.message_id.encode()).hexdigest()[:TOKEN_CHARS]


def _file_name(message: Message) -> str:
    return f"{int(message.created_at.timestamp())}.rasd-{_token(message)}"


def _is_there(folder: Path, message: Message) -> bool:
    ours = f".rasd-{_token(message)}"
    older = []
    for path in _mails(folder):
        if ours in path.name:
            return True
        if _is_candidate(path.name, message):
            older.append(path)
    return any(_has_message_id(path, message.message_id) for path in older)


def _mails(folder: Path) -> Iterator[Path]:
    for name in ("new", "cur"):
        with os.scandir(folder / name) as entries:
            yield from (Path(entry.path) for entry in entries)


def _is_candidate(name: str, message: Message) -> bool:
    """Whether an earlier rasd, which named files otherwise, may have delivered the message under
    this name: not before the message was made. Those are few, whatever the folder holds."""
    delivered = _DELIVERED_AT.match(name)
    return (
        delivered is not None
        and _NAME_OF_OURS.search(name) is None
        and int(delivered[1]) >= int(message.created_at.timestamp())
    )


def _has_message_id(path: Path, message_id: str) -> bool:
    """Whether the mail's header holds this Message-ID; False for a file that has just gone."""
    try:
        with path.open("rb") as file:
            head = file.read(MAX_HEADER_BYTES)
    except FileNotFoundError:
        return False
    header = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    # Ids of earlier versions could end with two brackets; mails were written with one.
    return message_id.partition(">")[0].encode() in header


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write to ``tmp``, then move to ``new``: a mail reader never sees half a mail."""
    written = folder / "tmp" / name
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / "new" / name)
