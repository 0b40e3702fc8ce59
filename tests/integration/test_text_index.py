"""A damaged full-text index: it costs no article, searches name it, and it is made anew."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import self_check, text_index
from storage.archive import SqlArchive
from tests import engine
from tests.acceptance.test_river import rasd
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
        c.execute("DELETE FROM article_text")
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


def test_a_sound_index_is_found_sound(archive: SqlArchive) -> None:
    """On both databases, empty or not."""
    assert text_index.problem(archive.engine) == ""
    assert self_check.damage(archive.engine) == self_check.index_damage(archive.engine) == ""
