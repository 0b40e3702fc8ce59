"""Which known addresses are read again, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.model import FeedEntry, ShownEntry
from crawler.polling import changes, steps
from crawler.polling.changes import choose
from tests.builders import NOW
from tests.unit.polling.driver import (
    World,
    a_poll,
    a_window,
    an_answer,
    fetched,
    of_type,
    settle_all,
)  # fmt: skip

ZONE = "Africa/Casablanca"
MINUTE = timedelta(minutes=1)
TITLE = "Le port de Tanger ferme trois jours"


def an_entry(number: int = 1, **changed: Any) -> FeedEntry:
    """What the feed shows now."""
    plain = FeedEntry(
        url=f"http://news.test/{number}", title=TITLE, published="Mon, 23 Nov 2026 08:00:00 GMT"
    )
    return replace(plain, **changed)


def shown(number: int = 1, **changed: Any) -> ShownEntry:
    """What it showed last, an hour ago."""
    plain = ShownEntry(
        sighting_id=number,
        url_key=f"news.test/{number}",
        title=TITLE,
        published="Mon, 23 Nov 2026 08:00:00 GMT",
        updated=None,
        looked_at=NOW - timedelta(hours=1),
        fruitless=0,
    )
    return replace(plain, **changed)


def chosen(*pairs: tuple[ShownEntry, FeedEntry]) -> list[int]:
    """The first sightings of the addresses that are read again."""
    entries = {one.url_key: entry for one, entry in pairs}
    found = choose(entries, [one for one, _ in pairs], ZONE, NOW)
    return [one.sighting_id for one, _ in found]


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        ({}, ""),
        ({"title": "LE PORT de Tanger ferme : trois jours"}, ""),
        ({"title": ""}, ""),
        ({"summary": "Autre chose."}, ""),
        ({"title": "La grève des dockers gagne Casablanca"}, "title"),
        ({"title": "إغلاق ميناء طنجة ثلاثة أيام"}, "title"),
        ({"published": "Mon, 23 Nov 2026 09:00:00 +0100"}, ""),
        ({"published": "2026-11-23T08:00:00Z"}, ""),
        ({"published": "Mon, 23 Nov 2026 07:00:00 GMT"}, ""),
        ({"published": None}, ""),
        ({"published": "bientôt"}, ""),
        ({"published": "Mon, 23 Nov 2026 09:30:00 GMT"}, "date"),
        ({"updated": "2026-11-23T09:30:00Z"}, "date"),
    ],
)
def test_another_title_or_a_later_date_is_a_change(entry: dict[str, Any], change: str) -> None:
    """The same words or the same moment, written another way, are none; nor is an earlier date."""
    assert changes.change_of(shown(), an_entry(**entry), ZONE) == change


def test_a_date_that_comes_to_an_undated_entry_is_no_change() -> None:
    """Nothing says that the page was edited."""
    assert changes.change_of(shown(published=None), an_entry(), ZONE) == ""


LATER = {"published": "Mon, 23 Nov 2026 09:30:00 GMT"}
OTHER = {"title": "La grève des dockers gagne Casablanca"}


@pytest.mark.parametrize(
    ("entry", "fruitless", "minutes", "read"),
    [
        (OTHER, 0, 0, True),
        (OTHER, 1, 29, False),
        (OTHER, 1, 30, True),
        (LATER, 0, 14, False),
        (LATER, 0, 15, True),
        (LATER, 1, 29, False),
        (LATER, 5, 8 * 60 - 1, False),
        (LATER, 5, 8 * 60, True),
        (LATER, 900, 8 * 60, True),
    ],
)
def test_each_look_that_found_nothing_doubles_the_pause(
    entry: dict[str, Any], fruitless: int, minutes: int, read: bool
) -> None:
    """Up to eight hours; a new title is followed at once if the look before found a new story."""
    known = shown(looked_at=NOW - minutes * MINUTE, fruitless=fruitless)
    assert bool(chosen((known, an_entry(**entry)))) is read


def test_dates_that_move_with_most_of_the_window_say_nothing() -> None:
    """A feed that prints the hour of its making at each entry; a new title still counts."""
    moved = [(shown(n), an_entry(n, **LATER)) for n in range(1, 10)]
    still = [(shown(n), an_entry(n)) for n in range(10, 15)]
    retitled = (shown(20), an_entry(20, **OTHER, **LATER))
    assert chosen(*moved, *still, retitled) == [20]
    assert chosen(*moved[:2], *still) == [1, 2]
    assert chosen(*moved[:5]) == [1, 2, 3, 4, 5]


def test_one_poll_reads_so_many_again_and_the_next_one_others() -> None:
    """An outlet that changed all of its titles is not asked for everything at once."""
    retitled = [(shown(n), an_entry(n, **OTHER)) for n in range(1, 80)]
    assert len(chosen(*retitled)) == changes.MAX_AGAIN


def test_what_is_shown_has_a_key_of_its_own() -> None:
    """The same title and date have the same one, whatever else the entry says."""
    key = changes.showing_key("news.test/1", an_entry())
    assert key.startswith("news.test/1#")
    assert key == changes.showing_key("news.test/1", an_entry(summary="Autre chose."))
    assert key != changes.showing_key("news.test/1", an_entry(**OTHER))
    assert key != changes.showing_key("news.test/1", an_entry(**LATER))


def test_a_poll_reads_a_known_page_again_and_counts_it_as_retried() -> None:
    """It is no new entry: the row balances, and the window is a known one."""
    window = a_window("/known", "/1")
    window = replace(window, entries=(window.entries[0], an_entry(1, **OTHER)))
    world = World(window=window, known={"/known", "/1"}, shown=[shown()])
    poll = a_poll()
    done = world.run(poll.received(an_answer()))
    assert of_type(steps.FindShown, done)[0].keys == ["news.test/1", "news.test/known"]
    assert fetched(done) == ["/1"]
    settle_all(poll)
    row, _ = poll.close(NOW)
    assert (row.outcome, row.seen, row.known, row.new, row.retried) == ("nothing_new", 2, 2, 0, 1)
    assert row.balances


def test_a_post_that_comes_whole_is_read_again_without_a_request() -> None:
    """Its text came with the window."""
    window = a_window("/1", articles=(b"{}",))
    window = replace(window, entries=(an_entry(1, **OTHER),))
    done = World(window=window, known={"/1"}, shown=[shown()]).run(a_poll().received(an_answer()))
    assert [step.article for step in of_type(steps.ReadInline, done)] == [b"{}"]
    assert fetched(done) == []
