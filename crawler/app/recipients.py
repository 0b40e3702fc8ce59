"""Who gets mail by the configuration: subscribers of digests, and of alarms about the archive."""

from __future__ import annotations

from pathlib import Path

from crawler import channels, seeds
from crawler.channels.mailboxes import NoMailbox
from crawler.channels.smtp import sender_of
from crawler.config import Config, Subscriber
from crawler.errors import ConfigError
from crawler.outbox import Recipient


def configured(settings: Config, found: seeds.Seeds) -> tuple[Recipient, ...]:
    """The recipients that the configuration names; ConfigError for an unknown digest or channel."""
    for subscriber in settings.subscribers:
        if subscriber.digest not in found.digests:
            raise ConfigError(
                f"subscribers: no digest {subscriber.digest!r} in the seeds for "
                f"{subscriber.address}; "
                f"known: {', '.join(found.digests)}"
            )
    return tuple(_recipient(subscriber, settings.folder) for subscriber in settings.subscribers)


def require_sender(settings: Config) -> None:
    """ConfigError for a sender that is none: at the start, rather than when a digest is due."""
    sender_of(settings)


def of_alarms(settings: Config) -> list[Recipient]:
    """The recipients of a mail about the archive, when it can't be used; none if none are named."""
    return [
        Recipient(recipe="", channel=way, address=channels.full_address(way, address))
        for address in settings.alarms
        if (way := channels.of_address(address))
    ]


def _recipient(named: Subscriber, folder: Path) -> Recipient:
    """A configured subscriber with its channel; raises ConfigError if there is no such channel."""
    way = named.channel or channels.of_address(named.address)
    if way not in channels.names():
        raise ConfigError(
            f"subscribers: no channel {way!r} for {named.address}; "
            f"known: {', '.join(channels.names())}"
        )
    address = channels.checked_address(way, named.address, folder)
    if isinstance(address, NoMailbox):
        raise ConfigError(f"subscribers: {named.address!r} {address.why}")
    return Recipient(recipe=named.digest, channel=way, address=address)
