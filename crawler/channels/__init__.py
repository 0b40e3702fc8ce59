"""Channels: the ways a message leaves, one module each.

Adding a channel is adding its module, with a ``KIND``, and naming it in ``CHANNELS``; it can then
be subscribed to and named in the configuration. A channel that needs settings of its own also
gets their table in ``crawler.config.settings``.
"""

from __future__ import annotations

import os
from pathlib import Path

from crawler.channels import maildir, smtp
from crawler.channels.kind import ChannelKind
from crawler.channels.mailboxes import NoMailbox
from crawler.config import Config
from crawler.ports import Channel

# The order decides whose an address is: the first channel that takes it.
CHANNELS: tuple[ChannelKind, ...] = (smtp.KIND, maildir.KIND)


def open_channels(settings: Config) -> dict[str, Channel]:
    """The channels that are configured, by name."""
    built = {kind.name: kind.build(settings) for kind in CHANNELS}
    return {name: channel for name, channel in built.items() if channel is not None}


def names() -> tuple[str, ...]:
    """The names of all channels, configured or not, sorted."""
    return tuple(sorted(kind.name for kind in CHANNELS))


def described() -> str:
    """All channels with what their addresses are, for people."""
    return ", ".join(f"{kind.name} ({kind.address})" for kind in CHANNELS)


def of_address(address: str) -> str:
    """The name of the channel to which this address belongs; "" if no channel takes it."""
    return next((kind.name for kind in CHANNELS if kind.takes(address)), "")


def checked_address(name: str, address: str, folder: Path = Path()) -> str | NoMailbox:
    """The address as this channel's subscriptions store it, or why it is none of the channel's."""
    kind = next(kind for kind in CHANNELS if kind.name == name)
    checked = kind.checked(address)
    return checked if isinstance(checked, NoMailbox) else full_address(name, checked, folder)


def full_address(name: str, address: str, folder: Path = Path()) -> str:
    """The address as this channel's subscriptions store it: a path is absolute, without ``..``.

    ``folder`` is where a relative path begins; not given: the current one. The daemon runs in
    another folder than the one in which a path was typed.
    """
    is_path = any(kind.is_path for kind in CHANNELS if kind.name == name)
    return os.path.abspath(folder / Path(address).expanduser()) if is_path else address


def full_addresses(address: str) -> tuple[str, ...]:
    """All forms in which an address may be stored, as it was typed first."""
    checked = (checked_address(name, address) for name in names())
    forms = (form for form in checked if not isinstance(form, NoMailbox))
    return tuple(dict.fromkeys((address, *forms)))
