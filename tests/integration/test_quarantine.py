"""A page that breaks its reader is kept with its bytes, can be listed, and is read by a better
reader.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler import reading
from crawler.cli.main import commands
from crawler.model import Extraction, Page, PreparedArticle, Reading, Source
from crawler.workers.pool import ReaderPool
from storage.archive import SqlArchive, open_archive
from storage.reprocessing import SqlReprocessing
from tests import places
from tests.builders import NOW, a_page, a_source, prepared, save_article
from tests.integration.test_archive import sight

GOOD = (
    "<html><body><article><h1>Water</h1>"
    + "<p>The council decided on the harbour and the road to it.</p>" * 9
    + "</article></body></html>"
)
SEEDS = places.SEEDS


def broken(archive: SqlArchive, why: Extraction = "timeout") -> Page:
    """A page kept as the one that broke its reader."""
    (sighting,) = sight(archive, "/a")
    page = a_page(GOOD, url=sighting.url, requested_url=sighting.url, entry=sighting.entry)
    save_article(archive, sighting, page, reading.unreadable(page, a_source(), (), why), NOW)
    return page


def reprocessing(archive: SqlArchive) -> SqlReprocessing:
    """The archive as reprocessing sees it."""
    return SqlReprocessing(archive.engine, lambda name: None)


@pytest.mark.parametrize("why", ["timeout", "crashed"])
def test_a_page_that_broke_its_reader_is_quarantined_with_its_bytes(
    archive: SqlArchive, why: Extraction
) -> None:
    """R18, F-46: listed with its reason and size; its bytes are all there; title and summary are
    an article.
    """
    page = broken(archive, why)
    (found,) = reprocessing(archive).quarantined()
    assert (found.reason, found.url, found.size, found.since) == (
        why,
        page.url,
        len(page.body),
        NOW,
    )
    ((kept, again),) = reprocessing(archive).pages(broken=True)
    assert again.body == page.body
    assert (kept.article.headline, kept.article.extraction) == ("A title", why)
    assert (
        archive.pending_sightings("news", "http://news.test/feed", NOW) == []
    )  # it is not asked for again


def test_a_better_reader_frees_it_and_twice_is_once(archive: SqlArchive) -> None:
    """Read again, it is kept with its text; what still breaks its reader stays where it is."""
    page, again = broken(archive), reprocessing(archive)
    ((kept, _),) = again.pages(broken=True)
    again.replace(kept, prepared(reading.unreadable(page, a_source(), (), "crashed")))
    assert len(again.quarantined()) == 1
    better = reading.read(page, a_source(), ())
    assert isinstance(better, Reading)
    assert "body" in again.replace(kept, prepared(better))
    assert again.quarantined() == [] and list(again.pages(broken=True)) == []
    assert again.replace(archive.article(kept.id), prepared(better)) == []


def test_the_command_lists_and_reread_frees(tmp_path: Path) -> None:
    """``rasd quarantine`` says what lies there; ``rasd reread --quarantined`` reads just that."""
    url = f"sqlite:///{tmp_path}/rasd.sqlite"
    archive = open_archive(url)
    (sighting,) = archive.record_entries(
        "hespress-ar", "http://news.test/feed", [("news.test/a", a_page(GOOD).entry)], NOW
    )  # type: ignore[list-item]
    page = a_page(GOOD)
    save_article(
        archive,
        sighting,
        page,
        reading.unreadable(page, a_source(slug="hespress-ar"), (), "timeout"),
        NOW,
    )
    archive.close()
    (tmp_path / "rasd.toml").write_text(
        f'archive = "{url}"\n[reading]\nworkers = 1\n', encoding="utf-8"
    )

    def rasd(*words: str) -> str:
        done = CliRunner().invoke(
            commands, ["--config", str(tmp_path / "rasd.toml"), "--seeds", str(SEEDS), *words]
        )
        assert done.exit_code == 0, done.output
        return done.stdout

    (row,) = json.loads(rasd("quarantine", "--json"))
    assert (row["source"], row["reason"], row["bytes"]) == (
        "hespress-ar",
        "timeout",
        len(page.body),
    )
    assert json.loads(rasd("reread", "--quarantined", "--json"))["changed"] == 1
    assert json.loads(rasd("quarantine", "--json")) == []


def once_or_always() -> dict[str, Callable[..., object]]:
    """Readers that die: at the first page only (a file remembers), or at every one."""

    def read(page: Page, source: Source, topics: object, *, template: object = None) -> object:
        marker = Path(page.body.decode())
        if "always" in marker.name or not marker.exists():
            with marker.open("a", encoding="utf-8") as told:
                told.write("died\n")
            os._exit(9)
        return reading.prepare(page, reading.unreadable(page, source, (), "full"))

    return {"read": read}


@pytest.mark.parametrize(
    ("name", "deaths", "found"), [("once", 1, "full"), ("always", 2, "crashed")]
)
def test_a_page_is_blamed_for_the_second_crash(
    tmp_path: Path, name: str, deaths: int, found: str
) -> None:
    """F-46: a worker that somebody else killed costs no page; what kills two is quarantined."""
    pool = ReaderPool((), workers=1, functions=once_or_always)
    pool.start()
    try:
        read = asyncio.run(pool.read(a_page(str(tmp_path / name)), a_source()))
    finally:
        pool.stop()
    assert isinstance(read, PreparedArticle)
    assert read.reading.article.extraction == found
    assert (tmp_path / name).read_text(encoding="utf-8").count("died") == deaths
