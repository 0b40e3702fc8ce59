"""What is known of a channel before one is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.channels.mailboxes import NoMailbox
from crawler.config import Config
from crawler.ports import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """A kind of channel: how it is named, recognised and built."""

    name: str  # in subscriptions, in the configuration and in the archive's rows
    address: str  # what an address of it is, for messages
    takes: Callable[[str], bool]  # whether this looks like an address of it
    build: Callable[[Config], Channel | None]  # None if it is not configured
    # The address as subscriptions store it, or what is wrong with it.
    checked: Callable[[str], str | NoMailbox] = str
    is_path: bool = False  # its addresses are paths; they are stored absolute, see full_address
