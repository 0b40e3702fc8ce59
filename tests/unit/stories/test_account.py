"""Who told a story first, who copied it, and what each changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from crawler.model import ArchivedArticle
from crawler.stories.account import StoryAccount, account
from tests.builders import NOW, a_date, kept

PARAGRAPHS = (
    "The two ministers met in the old customs house of the port on Tuesday morning.",
    "They agreed that ferries will carry lorries between both towns twice a day from May.",
    "A joint committee will set the fares before the end of the month, the statement says.",
    "Hauliers of both countries had asked for the line for more than eleven years.",
)
OWN = "Our correspondent adds that the quay must be dredged before any ferry can moor."
COUNTRIES = {"first": "MA", "second": "IQ", "third": "MA"}


def printed(number: int, source: str, *paragraphs: str, minutes: int = 0) -> ArchivedArticle:
    """An article of the story that an outlet printed so long after the first."""
    published = a_date(NOW + timedelta(minutes=minutes))
    text = "\n\n".join(paragraphs)
    found = kept(
        number, text, source=source, published=published, headline=f"H {number}",
        first_seen_at=NOW + timedelta(days=1),
    )  # fmt: skip
    return replace(found, story=7)


def told(*articles: ArchivedArticle, texts: dict[int, int] | None = None) -> StoryAccount:
    """The account of a story of one text."""
    return account(7, articles, texts or {one.id: 7 for one in articles}, COUNTRIES)


def test_the_first_leads_and_copies_have_their_delay() -> None:
    """In whatever order they were kept; each country is counted, the most first."""
    late = printed(1, "second", *PARAGRAPHS, minutes=145)
    first = printed(2, "first", *PARAGRAPHS)
    third = printed(3, "third", *PARAGRAPHS, minutes=20)
    found = told(late, first, third)
    assert (found.number, found.first.id) == (7, 2)
    delays = [(one.article.id, one.delay, one.how) for one in found.others]
    minutes = [timedelta(minutes=n) for n in (20, 145)]
    assert delays == [(3, minutes[0], "copy"), (1, minutes[1], "copy")]
    assert all(one.is_timed and not one.dropped and not one.added for one in found.others)
    assert list(found.countries.items()) == [("MA", 2), ("IQ", 1)]


def test_a_copy_tells_what_it_dropped_and_added() -> None:
    """Whole paragraphs; a word put another way is no other paragraph."""
    first = printed(1, "first", *PARAGRAPHS)
    edited = PARAGRAPHS[0].replace("on Tuesday", "this Tuesday")
    short = printed(2, "second", edited, *PARAGRAPHS[1:3], minutes=5)
    longer = printed(3, "third", *PARAGRAPHS, OWN, minutes=9)
    shorter, extended = told(first, short, longer).others
    assert (shorter.dropped, shorter.added) == ((PARAGRAPHS[3],), ())
    assert (extended.how, extended.dropped, extended.added) == ("extended", (), (OWN,))
    (cut,) = told(first, printed(2, "second", *PARAGRAPHS[:2])).others
    assert (cut.how, cut.dropped) == ("abridged", PARAGRAPHS[2:])


def test_other_words_are_a_rewriting_and_days_without_hours_have_no_minutes() -> None:
    """Nothing is dropped where other words are used."""
    first, other = printed(1, "first", *PARAGRAPHS), printed(2, "nowhere", OWN, minutes=60)
    published: Any = replace(a_date(), has_time=False)
    day = replace(other, article=replace(other.article, published=published))
    found = told(first, day, texts={1: 7, 2: 8})
    (one,) = found.others
    assert (one.how, one.dropped, one.added, one.is_timed) == ("rewritten", (), (), False)
    assert list(found.countries.items()) == [("", 1), ("MA", 1)]
