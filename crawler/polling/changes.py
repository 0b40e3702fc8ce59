"""Which known addresses are read again: those at which a feed shows something else by now. Pure.

Another title is another story, or the same one told anew; a later date says that the page was
edited. A page is not asked again and again because its feed prints a new date each time: a look
that found nothing new doubles the pause before the next one, and dates that move with most of a
window say nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from crawler.languages import folded_text
from crawler.model import FeedEntry, ShownEntry
from crawler.polling.window import parse_date

PAUSE = timedelta(minutes=15)  # between two looks at one address, if the last found nothing new …
MAX_DOUBLINGS = 5  # … doubled each time, up to eight hours
MAX_AGAIN = 50  # addresses that one poll reads again; the others still differ at the next one
MIN_MOVED = 8  # dates that moved together and say nothing, if they are most of the window

Change = Literal["", "title", "date"]


def choose(
    entries: Mapping[str, FeedEntry], shown: Iterable[ShownEntry], zone: str, now: datetime
) -> list[tuple[ShownEntry, FeedEntry]]:
    """The known addresses to be read again, with what the feed shows there now.

    ``entries`` are those of the window by url key, ``shown`` what is remembered of them.
    """
    pairs = [(one, entries[one.url_key]) for one in shown if one.url_key in entries]
    changes = [change_of(one, entry, zone) for one, entry in pairs]
    moved = changes.count("date")
    senseless = moved >= MIN_MOVED and 2 * moved > len(pairs)
    chosen = [
        (one, entry)
        for (one, entry), change in zip(pairs, changes, strict=True)
        if change and not (change == "date" and senseless) and _is_time(one, change, now)
    ]
    return chosen[:MAX_AGAIN]


def change_of(shown: ShownEntry, entry: FeedEntry, zone: str) -> Change:
    """What a feed shows otherwise than the last time: the title, or a later date; "" if neither."""
    if _is_retitled(shown.title, entry.title):
        return "title"
    before = _latest(shown.published, shown.updated, zone)
    after = _latest(entry.published, entry.updated, zone)
    return "date" if before is not None and after is not None and after > before else ""


def showing_key(url_key: str, entry: FeedEntry) -> str:
    """The key of what is shown at an address: another title or date has another one."""
    said = "\n".join((entry.title, entry.published or "", entry.updated or ""))
    return f"{url_key}#{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _is_retitled(before: str, after: str) -> bool:
    """Whether the words are others; capitals and marks make no difference, nor does no title."""
    if not before or not after or before == after:
        return False
    return folded_text(before) != folded_text(after)


def _latest(published: str | None, updated: str | None, zone: str) -> datetime | None:
    moments = (parse_date(printed, zone) for printed in (published, updated))
    return max((at for at in moments if at is not None), default=None)


def _is_time(shown: ShownEntry, change: Change, now: datetime) -> bool:
    """Whether enough time has gone by since the last look. After a look that found a new story,
    another title is followed at once."""
    if change == "title" and not shown.fruitless:
        return True
    pause: timedelta = PAUSE * 2 ** min(shown.fruitless, MAX_DOUBLINGS)
    return now >= shown.looked_at + pause
