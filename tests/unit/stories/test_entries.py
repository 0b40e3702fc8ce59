"""Whether an entry is one that the feed showed before, at another address."""

from __future__ import annotations

import pytest

from crawler.model import FeedEntry
from crawler.stories import entries

SHOWN = FeedEntry(
    url="http://news.test/1", title="المرفأ يعيد فتح أبوابه", guid="7", published="Mon, 23 Nov"
)


@pytest.mark.parametrize(
    ("title", "published", "same"),
    [
        ("المرفأ  يعيد فتح أبوابه ", "Mon, 23 Nov", "known"),
        ("المرفأ يعيد فتح أبوابه غدا", "Mon, 23 Nov", "moved"),
        ("المرفأ يعيد فتح أبوابه", "Tue, 24 Nov", "moved"),
        ("Another story", "Tue, 24 Nov", "other"),
        ("Another story", None, "other"),
        ("", "Mon, 23 Nov", "moved"),
    ],
)  # fmt: skip
def test_a_guid_alone_makes_nothing_known(title: str, published: str | None, same: str) -> None:
    """With title and date, all that differs is the address; with one of them, it is read."""
    entry = FeedEntry(url="http://news.test/2", title=title, guid="7", published=published)
    assert entries.compare(entry, SHOWN) == same


def test_without_dates_the_title_decides() -> None:
    """Session ids in links of a feed that prints no dates; without titles nothing is known."""
    entry = FeedEntry(url="http://news.test/1?sid=2", title="A", guid="7")
    assert entries.compare(entry, FeedEntry(url="http://news.test/1?sid=1", title="A")) == "known"
    untitled = FeedEntry(url="http://news.test/1", guid="7")
    assert entries.compare(untitled, untitled) == "other"


def test_the_closest_of_all_that_were_shown_counts() -> None:
    """A guid that a feed gave to many addresses names none."""
    other = FeedEntry(url="http://news.test/0", title="Z", published="Sun, 22 Nov")
    edited = FeedEntry(url="http://news.test/9", title="Z", published="Mon, 23 Nov")
    assert entries.closest(SHOWN, [(1, other), (2, SHOWN), (3, edited)]) == ("known", 2)
    assert entries.closest(SHOWN, [(1, edited), (2, other), (3, edited)]) == ("moved", 3)
    assert entries.closest(SHOWN, [(1, other)]) == ("other", 0)
    many = [(n, SHOWN) for n in range(entries.MAX_ADDRESSES_OF_GUID + 1)]
    assert entries.closest(SHOWN, many) == ("other", 0)


def test_a_guid_of_several_entries_names_none() -> None:
    """One entry that is listed twice is one."""
    rows = [
        ("a", SHOWN),
        ("a", SHOWN),
        ("b", FeedEntry(url="b", guid="8")),
        ("c", FeedEntry(url="c", guid="8")),
        ("d", FeedEntry(url="d")),
    ]
    assert entries.naming_guids(rows) == {"7"}
