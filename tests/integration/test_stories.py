"""Stories on both databases: articles are placed when they are kept, read again or deleted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.errors import NotFoundError
from crawler.stories import copies
from storage import tables as t
from storage.archive import SqlArchive
from storage.canaries import SqlCanaries
from storage.reprocessing import SqlReprocessing
from storage.stories.filling import SqlStoryFilling
from storage.stories.reading import SqlStories
from tests.builders import NOW, a_page, a_reading, an_entry, prepared, to_keep
from tests.integration.test_addresses import column, keep, sight
from tests.unit.stories.press import a_press, a_text, edited

DICE = random.Random(11)
TEXT, OTHER = a_text(DICE, 150), a_text(DICE, 150)
DAY = timedelta(days=1)


def kept(archive: SqlArchive, path: str, text: str, source: str = "news", **changes: Any) -> int:
    """Keep an article with this text; its id."""
    (one,) = sight(archive, an_entry(path), source=source)
    return keep(archive, one, text, **({"headline": f"Headline {path}"} | changes))


def stories(archive: SqlArchive) -> list[list[int]]:
    """The articles of each story, by the story's number."""
    found: dict[int, list[int]] = {}
    with archive.engine.connect() as c:
        for row in c.execute(sa.select(t.story_members).order_by("article_id")):
            found.setdefault(row.story_id, []).append(row.article_id)
    return [found[number] for number in sorted(found)]


def keep_all(archive: SqlArchive, texts: Sequence[str], at_once: int) -> None:
    """Keep these texts, so many in one batch."""
    seen = sight(archive, *(an_entry(f"/{n}") for n in range(len(texts))))
    for start in range(0, len(texts), at_once):
        archive.save_articles(
            [
                to_keep(one, a_page("x"), a_reading(text, url=one.url, headline=one.url[-3:]))
                for one, text in list(zip(seen, texts, strict=True))[start : start + at_once]
            ]
        )


def test_what_is_kept_joins_a_story_at_once(archive: SqlArchive) -> None:
    """A copy has its story's number, another text opens one; its articles know it."""
    first, other = kept(archive, "/a", TEXT), kept(archive, "/b", OTHER)
    copy = kept(archive, "/c", edited(DICE, TEXT, changes=2), source="second")
    assert stories(archive) == [[first, copy], [other]]
    story = SqlStories(archive.engine).story(archive.article(copy).story or 0)
    assert [one.id for one in story.articles] == [first, copy]
    assert len(set(story.texts.values())) == 1


def test_a_text_that_holds_two_stories_makes_one_of_them(archive: SqlArchive) -> None:
    """The first number stays; the other one still leads to the story."""
    words = TEXT.split(" ")
    first = kept(archive, "/a", " ".join(words[:110]))
    second = kept(archive, "/b", " ".join(words[40:]))
    told = SqlStories(archive.engine)
    numbers = [told.story_of(one) for one in (first, second)]
    assert len(set(numbers)) == 2
    whole = kept(archive, "/c", TEXT)
    assert stories(archive) == [[first, second, whole]]
    assert [told.story(number).number for number in numbers] == [numbers[0], numbers[0]]


@pytest.mark.parametrize("at_once", [1, 7, 50])
def test_batches_make_no_difference(archive: SqlArchive, at_once: int) -> None:
    """One by one, some or all in one transaction: the stories of comparing them in memory."""
    texts = [one.article.body for one in a_press(40)]
    keep_all(archive, texts, at_once)
    ids = column(archive, "SELECT id FROM articles ORDER BY id")
    articles = [replace(archive.article(n), story=None) for n in ids]
    expected = [[one.id for one in story.members] for story in copies.group(articles)]
    assert sorted(map(sorted, expected)) == sorted(stories(archive))
    assert len(expected) < 40


def test_an_article_that_is_read_again_leaves_and_comes_back(archive: SqlArchive) -> None:
    """With another text it has a story of its own, which it keeps when it is read again; with the
    first text it joins its copies."""
    first, copy = kept(archive, "/a", TEXT), kept(archive, "/b", TEXT, source="second")
    again = SqlReprocessing(archive.engine, lambda name: None)
    told = SqlStories(archive.engine)
    before = told.story_of(first)

    def read(text: str) -> int:
        reading = a_reading(text, headline="Headline /b", source="second")
        again.replace(archive.article(copy), prepared(reading))
        return told.story_of(copy)

    own = read(OTHER)
    assert own != before and stories(archive) == [[first], [copy]]
    assert read(edited(DICE, OTHER, changes=30)) == own
    assert read(TEXT) == before
    assert told.story(own).number == before
    keys = column(archive, "SELECT count(*) FROM copy_keys")
    assert keys == [2 * column(archive, "SELECT count(DISTINCT key) FROM copy_keys")[0]]


def test_what_is_deleted_is_in_no_story(archive: SqlArchive) -> None:
    """The canary leaves nothing; a story that others tell stays."""
    kept(archive, "/a", TEXT, source="canary")
    kept(archive, "/c", OTHER, source="canary")
    stays = kept(archive, "/b", TEXT)
    SqlCanaries(archive.engine).forget("canary", "canary", "sink")
    assert stories(archive) == [[stays]]
    assert column(archive, "SELECT count(*) FROM stories") == [1]
    assert set(column(archive, "SELECT article_id FROM copy_keys")) == {stays}


def test_articles_of_an_earlier_version_are_placed_some_at_a_time(archive: SqlArchive) -> None:
    """A process that was killed goes on; until it is done they are compared when they are read."""
    texts = [one.article.body for one in a_press(30)]
    keep_all(archive, texts, 50)
    expected = stories(archive)
    with archive.engine.begin() as c:
        for table in (t.story_members, t.stories, t.copy_keys):
            c.execute(sa.delete(table))
        c.execute(sa.insert(t.story_progress).values(until_id=30, after_id=0))
    unplaced = copies.group(archive.articles(list(range(1, 31))))
    assert sorted(sorted(one.id for one in s.members) for s in unplaced) == sorted(expected)
    filling = SqlStoryFilling(archive.engine)
    assert filling.remaining() == 30
    assert filling.step(11, NOW) == 11
    late = kept(archive, "/late", texts[20])
    steps = [SqlStoryFilling(archive.engine).step(11, NOW) for _ in range(3)]
    assert steps == [11, 8, 0] and filling.step(11, NOW) == 0 and filling.remaining() == 0
    (joined,) = [story for story in stories(archive) if late in story]
    assert sorted([*(s for s in stories(archive) if s != joined), joined[:-1]]) == sorted(expected)


def test_a_story_that_nothing_tells_is_named(archive: SqlArchive) -> None:
    """No such story, no such article, and an article without a place."""
    told = SqlStories(archive.engine)
    number = kept(archive, "/a", TEXT)
    with archive.engine.begin() as c:
        c.execute(sa.delete(t.story_members))
    with pytest.raises(NotFoundError, match="no story s7 in the archive"):
        told.story(7)
    with pytest.raises(NotFoundError, match="no article 99 in the archive"):
        told.story_of(99)
    with pytest.raises(NotFoundError, match=r"no place among the stories yet.*rasd rematch"):
        told.story_of(number)


def test_one_text_at_a_thousand_addresses_costs_no_more_than_a_few(archive: SqlArchive) -> None:
    """P13: one story with all addresses; a key leads to the newest copies only."""
    keep_all(archive, [TEXT] * 1000, 100)
    (story,) = stories(archive)
    assert len(story) == 1000
    assert column(archive, "SELECT count(*) FROM copy_keys") == [16 * 8]
