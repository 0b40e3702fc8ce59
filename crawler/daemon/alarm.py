"""A mail about the archive itself, when the archive can't tell: past the outbox, which is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from html import escape
from time import monotonic
from uuid import uuid4

import structlog

from crawler.model import Message
from crawler.monitoring.outage import Outage
from crawler.monitoring.spells import Spells
from crawler.outbox import Recipient
from crawler.ports import Channel, Clock

log = structlog.get_logger("rasd")
AFTER_SECONDS = 60.0  # a server that is restarted needs no mail
AGAIN_SECONDS = 600.0  # between two attempts at a mail that could not be sent
SEND_SECONDS = 30.0  # for a mail: ticks wait for it, and the service manager for ticks
_BEGIN = (
    "rasd: the archive can't be used / l'archive est inutilisable / تعذّر استعمال الأرشيف",
    "rasd can't store what it reads: no feed is polled and no digest is made until it can.\n"
    "rasd ne peut rien enregistrer : aucun flux n'est lu, aucune lettre n'est envoyée.\n"
    "لا يستطيع رصد حفظ ما يقرأ: لا تُجلب الخلاصات ولا تُرسل النشرات حتى يعود الأرشيف.\n",
)
_END = (
    "rasd: the archive can be used again / l'archive est de nouveau utilisable / عاد الأرشيف",
    "rasd goes on; what was due meanwhile is polled now.\n"
    "rasd reprend ; ce qui était dû entre-temps est lu maintenant.\n"
    "عاد رصد إلى العمل، ويُجلب الآن ما تأخّر.\n",
)


class Alarm:
    """Tells of an outage that lasts, and of its end; each once to each address."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        clock: Clock,
        sender_domain: str,
        spells: Spells | None = None,
    ) -> None:
        self._spells = spells or Spells()
        self._channels, self._clock, self._domain = channels, clock, sender_domain
        self._recipients: dict[tuple[str, str], Recipient] = {}
        self._told: set[tuple[str, str]] = set()
        self._tried_at = -AGAIN_SECONDS

    def remember(self, recipients: Collection[Recipient]) -> None:
        """Whom to tell; asked while the archive can still say it."""
        self._recipients = {(r.channel, r.address): r for r in recipients}

    async def tell(self, outage: Outage) -> None:
        """Tell of an outage that has lasted long enough those that were not told yet."""
        now = monotonic()
        if now - outage.began < AFTER_SECONDS or now - self._tried_at < AGAIN_SECONDS:
            return
        self._tried_at = now
        self._told |= await self._send_all(
            self._recipients.keys() - self._told, _BEGIN, outage.text
        )

    async def over(self) -> None:
        """Send those who got a mail about the outage one about its end."""
        told, self._told, self._tried_at = self._told, set(), -AGAIN_SECONDS
        await self._send_all(told, _END, "")

    async def _send_all(
        self, keys: Collection[tuple[str, str]], words: tuple[str, str], more: str
    ) -> set[tuple[str, str]]:
        """Send one mail to each, all at once; returns those who got theirs or never will."""
        done = await asyncio.gather(*(self._send(key, words, more) for key in keys))
        return {key for key, is_done in zip(keys, done, strict=True) if is_done}

    async def _send(self, key: tuple[str, str], words: tuple[str, str], more: str) -> bool:
        name, address = key
        if (channel := self._channels.get(name)) is None:
            return True
        number, (subject, text) = uuid4().hex, words
        text = f"{text}\n{more}\n" if more else text
        message = Message(
            key=f"alarm/{number}",
            message_id=f"<alarm-{number}@{self._domain}>",
            channel=name,
            recipient=address,
            subject=subject,
            text=text,
            html=f"<pre>{escape(text)}</pre>",
            language="en",
            direction="ltr",
            created_at=self._clock(),
        )
        try:
            async with asyncio.timeout(SEND_SECONDS):
                delivery = await channel.deliver(message)
        except Exception as error:  # it must not end the watch that waits for the archive
            self._not_sent(name, str(error) or type(error).__name__)
            return False
        if delivery.outcome == "deferred":
            self._not_sent(name, delivery.detail)
            return False
        if ended := self._spells.worked(("alarm", name)):
            log.warning(
                "alarms can be sent again",
                channel=name,
                times=ended.times,
                seconds=ended.seconds,
            )
        return True

    def _not_sent(self, channel: str, error: str) -> None:
        if self._spells.failed(("alarm", channel)):
            log.warning("an alarm could not be sent", channel=channel, error=error[:200])
