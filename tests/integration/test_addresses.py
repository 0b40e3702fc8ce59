"""Addresses on both databases: whose they are, what is shown there, and which are one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import urls
from crawler.model import Cause, FeedEntry, Sighting
from crawler.polling.changes import showing_key
from crawler.stories import fingerprint
from storage.archive import SqlArchive
from storage.coverage import SqlCoverage
from tests.builders import NOW, a_page, a_reading, an_entry, save_article, to_keep

FEED = "http://news.test/feed"
HOUR = timedelta(hours=1)
TEXT = " ".join(f"le conseil a voté la mesure numéro {n} après un long débat" for n in range(9))


def sight(
    archive: SqlArchive, *entries: FeedEntry, source: str = "news", at: datetime = NOW
) -> list[Sighting]:
    """Sight these entries; what was new."""
    keyed = [(urls.key(e.url), e) for e in entries]
    return list(archive.record_entries(source, FEED, keyed, at))


def keep(archive: SqlArchive, sighting: Sighting, text: str = TEXT, **changes: Any) -> int:
    """Keep the page of a sighting; the article's id."""
    plain: dict[str, Any] = {"source": sighting.source, "url": sighting.url}
    reading = a_reading(text, **(plain | changes))
    signed = replace(reading, fingerprint=fingerprint.compute(text))
    return save_article(archive, sighting, a_page("x"), signed)


def column(archive: SqlArchive, statement: str) -> list[Any]:
    """The first column of what an SQL statement selects."""
    with archive.engine.connect() as c:
        return list(c.execute(sa.text(statement)).scalars())


def test_an_address_is_new_for_each_source(archive: SqlArchive) -> None:
    """Whatever became of it elsewhere: rejected, or kept as an article."""
    (other,) = sight(archive, an_entry("/a"), source="other")
    archive.reject([(other, Cause(reason="offsite"))], NOW)
    (mine,) = sight(archive, an_entry("/a"))
    number = keep(archive, mine)
    assert sight(archive, an_entry("/a")) == []
    (third,) = sight(archive, an_entry("/a"), source="third")
    assert keep(archive, third) == number
    assert SqlCoverage(archive.engine).unseen("fourth", ["news.test/a"]) == 1


def test_what_is_shown_at_an_address_is_remembered(archive: SqlArchive) -> None:
    """The last title and dates of what was read, not of what waits; looks that found no other
    article are counted."""
    first, waiting = sight(
        archive, an_entry("/a", published="Mon, 23 Nov 2026 08:00:00 GMT"), an_entry("/b")
    )
    number = keep(archive, first)
    (shown,) = archive.shown_entries("news", ["news.test/a", "news.test/b", "news.test/c"])
    assert (shown.sighting_id, shown.title, shown.fruitless) == (first.id, "A title", 0)
    assert (shown.published, shown.updated) == ("Mon, 23 Nov 2026 08:00:00 GMT", None)
    assert archive.shown_entries("other", ["news.test/a"]) == []
    for hour, title in enumerate(("Another", "A third"), 1):
        entry = an_entry("/a", title=title, updated="2026-11-23T12:00:00Z")
        key = showing_key("news.test/a", entry)
        at = NOW + hour * HOUR
        (again,) = archive.record_again("news", FEED, [(key, shown, entry)], at)
        assert archive.record_again("news", FEED, [(key, shown, entry)], at) == []
        assert {s.id: s.again_of for s in archive.pending_sightings("news", FEED, NOW)} == {
            waiting.id: None, again.id: first.id,
        }  # fmt: skip
        assert keep(archive, again) == number
        (shown,) = archive.shown_entries("news", ["news.test/a"])
        assert (shown.sighting_id, shown.title, shown.fruitless) == (first.id, title, hour)
        assert (shown.looked_at, shown.updated) == (at, "2026-11-23T12:00:00Z")
    counts = SqlCoverage(archive.engine)
    assert counts.count_since("news", NOW) == 2
    assert len(counts.newest("news", FEED, NOW + 3 * HOUR, 9)) == 2


def test_another_story_at_an_address_is_an_article_with_its_own_page(archive: SqlArchive) -> None:
    """It can be read again by itself; the page of a look for nothing is not stored."""
    (first,) = sight(archive, an_entry("/a"))
    number = keep(archive, first)
    (shown,) = archive.shown_entries("news", ["news.test/a"])
    entries = [an_entry("/a", title=title) for title in ("Another", "A third")]
    same, other = (
        archive.record_again("news", FEED, [(showing_key("news.test/a", e), shown, e)], NOW)[0]
        for e in entries
    )
    assert keep(archive, same) == number
    second = keep(archive, other, "Autre chose. " + TEXT[::-1], headline="A third")
    assert second != number
    assert archive.article(second).article.url == archive.article(number).article.url
    stored = column(archive, "SELECT sighting_id FROM snapshots ORDER BY sighting_id")
    assert stored == [first.id, other.id]
    (shown,) = archive.shown_entries("news", ["news.test/a"])
    assert (shown.title, shown.fruitless) == ("A third", 0)


@pytest.mark.parametrize("together", [True, False])
def test_a_claim_on_an_address_is_settled_in_any_batch(archive: SqlArchive, together: bool) -> None:
    """In one transaction or in several: the page that claims another story's address is marked, and
    the story is not; a copy of the story that claims it is the story, at its address."""
    claims = {"claimed_key": "news.test/s", "canonical_url": "http://news.test/s"}
    pages = [
        ("/forum", {"headline": "Your say", **claims}),
        ("/copy", claims),
        ("/s", {}),
    ]
    keepings = []
    for path, changes in pages:
        (sighting,) = sight(archive, an_entry(path))
        found = a_reading(TEXT, url=sighting.url, **changes)
        keepings.append(to_keep(sighting, a_page("x"), found))
    batches = [keepings] if together else [[keeping] for keeping in keepings]
    ids = [number for batch in batches for number in archive.save_articles(batch)]
    assert ids[1] == ids[2] != ids[0]
    forum, story = (archive.article(n).article for n in (ids[0], ids[2]))
    assert (forum.canonical_url, forum.oddities) == (forum.url, ("canonical_disputed",))
    assert (story.url, story.url_key, story.claimed_key) == (
        "http://news.test/s", "news.test/s", None,
    )  # fmt: skip


def test_a_parameter_is_learned_and_old_addresses_are_known_without_it(
    archive: SqlArchive,
) -> None:
    """From the third story that was found under two values; the window then overlaps the earlier
    one, and only this source forgets the parameter."""
    coverage = SqlCoverage(archive.engine)
    later = NOW + HOUR
    for number in range(3):
        assert archive.meaningless_parameters() == {}
        for value, at in (("x", NOW), ("y", later)):
            (one,) = sight(archive, an_entry(f"/{number}?sid={value}"), at=at)
            keep(archive, one, f"{number} {TEXT}", headline=f"Story {number}")
    assert archive.meaningless_parameters() == {"news": {"sid"}}
    assert sight(archive, an_entry("/0"), an_entry("/1"), an_entry("/2")) == []
    assert archive.counts()["articles"] == 3
    assert coverage.reaches_back("news", ["news.test/1?sid=y"], NOW)
    assert not coverage.reaches_back("news", ["news.test/1?sid=z"], NOW)
