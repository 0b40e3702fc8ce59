"""A damaged full-text index: it costs no article, searches name it, and it is made anew."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler import query
from crawler.errors import IndexUnfinishedError
from crawler.matching import Evaluator
from storage import self_check, text_index
from storage import tables as t
from storage.archive import SqlArchive
from storage.search import SqlSearch
from storage.text_index import making
from tests import engine
from tests.acceptance.test_river import rasd
from tests.integration.test_archive import keep
from tests.integration.test_ways import FEED, MINUTES, desk
from tests.site.wire import Wire

PAGE_BYTES = 4096


def _overwrite(path: Path, name: str, content: Callable[[int], bytes]) -> None:
    """Write over the last pages of one of the index's tables, as a disk may."""
    with closing(sqlite3.connect(path)) as c:
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = c.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE_BYTES)
        file.write(content(PAGE_BYTES))


def zeroed(path: Path) -> None:
    """A block of the index that the disk lost."""
    _overwrite(path, "article_text_data", bytes)


def garbled(path: Path) -> None:
    """A block of something else."""
    _overwrite(path, "article_text_data", os.urandom)


def emptied(path: Path) -> None:
    """All rows deleted by hand: no error at all tells it."""
    with closing(sqlite3.connect(path)) as c:
        c.execute("INSERT INTO article_text (article_text) VALUES ('delete-all')")
        c.commit()


def gutted(path: Path) -> None:
    """The words deleted by hand, but not the list of articles."""
    with closing(sqlite3.connect(path)) as c:
        c.execute("DELETE FROM article_text_data")
        c.commit()


@pytest.mark.parametrize("damage", [zeroed, garbled, emptied, gutted])
def test_a_damaged_index_is_said_polls_keep_and_a_command_rebuilds_it(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    """A search never says "nothing found" for it, nor prints a traceback; what is read meanwhile is
    kept; afterwards everything is found."""
    with Wire(["wire.test"], window=20) as wire:
        paper = wire.papers["wire.test"]
        paper.publish(4, datetime.now(UTC) - 4 * MINUTES, MINUTES)
        config = desk(tmp_path, wire, FEED)
        engine.poll(config)
        damage(tmp_path / "var" / "rasd.sqlite")
        said = rasd(config, "search", "harbour", code=74)
        assert "rasd archive rebuild-index" in said and "Traceback" not in said
        paper.publish(2, datetime.now(UTC), MINUTES)
        engine.poll(config)
    assert "6 in all" in rasd(config, "status")
    rasd(config, "archive", "rebuild-index")
    assert rasd(config, "search", "harbour").count("Item ") == 6
    with closing(sqlite3.connect(tmp_path / "var" / "rasd.sqlite")) as c:
        assert c.execute("SELECT count(*) FROM article_text").fetchone() == (6,)


def test_an_index_is_made_bit_by_bit_and_says_how_far_it_is(
    archive: SqlArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade; what comes in meanwhile is found, and what was begun goes on."""
    monkeypatch.setattr(making, "BEGINNING_SECONDS", 0.0)
    monkeypatch.setattr(making, "ARTICLES_AT_ONCE", 2)
    for n in range(5):
        keep(archive, f"/{n}", "Water rises.")
    with archive.engine.begin() as c:
        c.execute(sa.delete(t.index_states))
    text_index.begin(archive.engine)
    with pytest.raises(IndexUnfinishedError, match=r"2 of 5 articles .* rebuild-index"):
        text_index.require(archive.engine)
    keep(archive, "/new", "Water rises.")
    written = 2
    assert found(archive, "water") == 1 + written
    while more := text_index.complete(archive.engine, seconds=1e-9):
        written += more
        assert text_index.problem(archive.engine) == ""
        assert found(archive, "water") == 1 + written
        text_index.begin(archive.engine)  # as at every start
    assert written == 5
    text_index.require(archive.engine)


def test_an_index_of_other_tokens_is_made_anew(archive: SqlArchive) -> None:
    """A rasd that writes its words in another way must not ask an index of the old ones."""
    keep(archive, "/a", "Water rises.")
    with archive.engine.begin() as c:
        c.execute(sa.update(t.index_states).values(version=0))
    with archive.engine.connect() as c:
        assert text_index.progress(c) is not None
    text_index.begin(archive.engine)
    with archive.engine.connect() as c:
        assert text_index.progress(c) is None
    assert found(archive, "water") == 1


@pytest.mark.parametrize(
    "body", ["word " * 250_000, "the " * 300, "a b " * 9_000, "㍿" * 190 + " word"]
)
def test_what_an_index_cannot_hold_is_found_all_the_same(archive: SqlArchive, body: str) -> None:
    """PostgreSQL's has limits of its own: a token's length, its places, and how far they go."""
    keep(archive, "/a", f"{body} last words")
    for asked, number in {
        '"last words"': 1, 'NOT "last words"': 0, '"words last"': 0, 'NOT "words last"': 1,
        "zebra": 0, "NOT zebra": 1, "last NOT (zebra OR lang:fr)": 1, "lang:en NOT last": 0,
    }.items():  # fmt: skip
        assert found(archive, asked) == number, asked
    with archive.engine.begin() as c:
        for rank in c.execute(sa.select(t.articles.c.rank)).scalars().all():
            text_index.delete(c, rank)
        assert c.execute(sa.text("SELECT count(*) FROM article_text")).scalar() == 0


def found(archive: SqlArchive, asked: str) -> int:
    """How many articles a search finds."""
    return SqlSearch(archive.engine, Evaluator({}, {}), lambda name: ()).count(query.parse(asked))


def test_a_sound_index_is_found_sound(archive: SqlArchive) -> None:
    """On both databases, empty or not."""
    assert text_index.problem(archive.engine) == ""
    assert self_check.damage(archive.engine) == self_check.index_damage(archive.engine) == ""
