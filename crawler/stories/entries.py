"""Whether an entry is one that the same feed showed before, at another address. Pure.

A guid names an entry within its feed, but not every feed keeps to that: some give all entries one
guid, or use one again years later. So a guid alone makes nothing known: the entry must have the
title and the date that it had, as it does where only a session id in its link is new. Where a title
or date was changed too, the address was corrected, or it is another story: it is read, and what it
says decides (``stories.identity``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from crawler.model import FeedEntry

MAX_ADDRESSES_OF_GUID = 5  # of an entry whose address is corrected; a guid with more names nothing

Sameness = Literal["known", "moved", "other"]


def compare(entry: FeedEntry, before: FeedEntry) -> Sameness:
    """What an entry is that has the guid of one shown before: ``known``, nothing need be read;
    ``moved``, it may be the same under a corrected address; ``other``.
    """
    title, title_before = _words(entry.title), _words(before.title)
    same_title = bool(title) and title == title_before
    same_date = (entry.published or entry.updated) == (before.published or before.updated)
    if same_title and same_date and not (entry.identity and not before.identity):
        return "known"  # else it was taken for what the page at a shared address shows
    dated = bool(entry.published or entry.updated)
    return "moved" if same_title or (same_date and dated) else "other"


def closest(entry: FeedEntry, shown: Sequence[tuple[int, FeedEntry]]) -> tuple[Sameness, int]:
    """What an entry is, of all (number, entry) that the feed showed under its guid, and the number
    of the one that it is. ``other`` if the guid names too many.
    """
    if len(shown) <= MAX_ADDRESSES_OF_GUID:
        found = [(compare(entry, before), number) for number, before in reversed(shown)]
        for same in ("known", "moved"):
            for one in found:
                if one[0] == same:
                    return one
    return "other", 0


def naming_guids(entries: Iterable[tuple[str, FeedEntry]]) -> frozenset[str]:
    """The guids that name one entry each; entries are (url key, entry)."""
    used = Counter(guid for guid, _ in {(e.guid, key) for key, e in entries} if guid)
    return frozenset(guid for guid, times in used.items() if times == 1)


def _words(title: str) -> str:
    return " ".join(title.split()).casefold()
