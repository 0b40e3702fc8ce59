"""Whether an entry is one that the same feed showed before, at another address. Pure.

A guid names an entry within its feed, but not every feed keeps to that: some give all entries one
guid, or use one again years later. So a guid alone makes nothing known: the entry must have the
title and the date that it had, as it does where only a session id in its link is new. Where a title
or date was changed too, the address was corrected, or it is another story: it is read, and what it
says decides (``stories.identity``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from crawler import urls
from crawler.model import FeedEntry
from crawler.stories.identity import path_of

MAX_ADDRESSES_OF_GUID = 5  # of an entry whose address is corrected; a guid with more names nothing

Sameness = Literal["known", "moved", "other"]


def compare(entry: FeedEntry, before: FeedEntry) -> Sameness:
    """What an entry is that has the guid of one shown before: ``known``, nothing need be read;
    ``moved``, it may be the same under a corrected address; ``other``.

    Without a date, a title alone does not say that it is the same: columns keep theirs.
    """
    title, title_before = _words(entry.title), _words(before.title)
    same_title = bool(title) and title == title_before
    same_date = (entry.published or entry.updated) == (before.published or before.updated)
    dated = bool(entry.published or entry.updated)
    same_place = dated or path_of(urls.key(entry.url)) == path_of(urls.key(before.url))
    told_apart = bool(entry.identity) and not before.identity
    if same_title and same_date and same_place and not told_apart:
        return "known"  # else it was taken for what the page at a shared address shows
    return "moved" if same_title or (same_date and dated) else "other"


def closest(
    entry: FeedEntry, shown: Sequence[tuple[int, FeedEntry]], lost: Collection[int] = ()
) -> tuple[Sameness, int]:
    """What an entry is, of all (number, entry) that the feed showed under its guid, and the number
    of the one that it is. ``other`` if the guid names too many.

    ``lost``: the numbers of those whose page was given up. At another address the entry may be had
    after all, so it has ``moved``, unless that was hoped for too often.
    """
    if len(shown) > MAX_ADDRESSES_OF_GUID:
        return "other", 0
    found = [(compare(entry, before), number) for number, before in reversed(shown)]
    known = [number for same, number in found if same == "known"]
    if known:
        hopeless = len(shown) == MAX_ADDRESSES_OF_GUID
        kept = [number for number in known if hopeless or number not in lost]
        return ("known", kept[0]) if kept else ("moved", known[0])
    return next((one for one in found if one[0] == "moved"), ("other", 0))


def naming_guids(entries: Iterable[tuple[str, FeedEntry]]) -> frozenset[str]:
    """The guids that name one entry each; entries are (url key, entry)."""
    used = Counter(guid for guid, _ in {(e.guid, key) for key, e in entries} if guid)
    return frozenset(guid for guid, times in used.items() if times == 1)


def _words(title: str) -> str:
    return " ".join(title.split()).casefold()
