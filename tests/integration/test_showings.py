"""The same address, a new story or a changed one: it is read again, and nothing is reported twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.site.gazettes import (
    ACCORD,
    EMBASSY,
    LOCAL,
    TRANSFER,
    Gazettes,
    Piece,
    an_outlet,
    at,
    flagged,
    poll,
    rows,
)  # fmt: skip

EVERY = [set[str]()]
FLASH = "/flash-info"


def headlines(config: Path) -> list[str]:
    """Of all articles, in the order in which they were written."""
    return [h for (h,) in rows(config, "SELECT headline FROM articles ORDER BY id")]


def retried(config: Path) -> list[int]:
    """How many pages each poll read again."""
    return [n for (n,) in rows(config, "SELECT retried FROM polls ORDER BY id")]


def test_an_address_that_shows_another_story_each_time_is_read_each_time(tmp_path: Path) -> None:
    """A page of the news of the hour: three stories, three articles with their own proof, and no
    request when nothing has changed."""
    stories = [
        {"headline": p.headline, "paragraphs": p.paragraphs} for p in (ACCORD, LOCAL, EMBASSY)
    ]
    outlet = an_outlet("rivage", "rivage.test", TRANSFER)
    outlet.publish(_at(FLASH, LOCAL))
    with Gazettes(outlet) as site:
        config = site.install(tmp_path)
        poll(config, EVERY)
        for story in stories:
            outlet.change(FLASH, **story)
            poll(config, EVERY * 2)
        assert site.asked("rivage.test").count(FLASH) == 4
    assert flagged(config) == {ACCORD.headline, EMBASSY.headline, TRANSFER.headline}
    assert sorted(headlines(config)) == sorted(
        p.headline for p in (TRANSFER, LOCAL, ACCORD, EMBASSY)
    )
    assert retried(config) == [0, 1, 0, 1, 0, 1, 0]
    assert rows(config, "SELECT count(*) FROM gaps") == [(0,)]
    assert rows(config, "SELECT count(*) FROM polls WHERE seen <> known + new") == [(0,)]
    keys = rows(config, "SELECT url_key FROM sightings WHERE again_of IS NULL")
    assert len(keys) == 2


def test_a_story_that_becomes_news_is_told(tmp_path: Path) -> None:
    """Under the same title a later date; its text says now what it did not. A change that adds
    nothing brings no second article."""
    outlet = an_outlet("rivage", "rivage.test", ACCORD, EMBASSY)
    brief = ("Une délégation étrangère est arrivée mardi à Rabat pour une visite de deux jours.",)
    outlet.publish(_at("/visite-4107", LOCAL))
    outlet.change(
        "/visite-4107", headline="Visite officielle à Rabat", paragraphs=brief,
        updated=at("2026-11-23 08:00"),
    )  # fmt: skip
    with Gazettes(outlet) as site:
        config = site.install(tmp_path)
        poll(config, EVERY)
        outlet.change(
            "/visite-4107", paragraphs=(*brief, *TRANSFER.paragraphs),
            updated=at("2026-11-23 08:30"),
        )  # fmt: skip
        poll(config, EVERY, later=timedelta(hours=1))
        outlet.change(
            "/visite-4107", paragraphs=(*TRANSFER.paragraphs, *brief),
            updated=at("2026-11-23 08:45"),
        )  # fmt: skip
        poll(config, EVERY, later=timedelta(hours=3))
        assert site.asked("rivage.test").count("/visite-4107") == 3
    assert sorted(headlines(config)) == sorted(
        (ACCORD.headline, EMBASSY.headline, *["Visite officielle à Rabat"] * 2)
    )
    assert "Visite officielle à Rabat" in flagged(config)
    kept = "SELECT count(*) FROM sightings WHERE fate = 'kept'"
    assert rows(config, kept) == [(5,)]


def _at(path: str, piece: Piece) -> Piece:
    return replace(piece, path=path)
