"""An archive of many articles, for what asks how long a verb takes or what it loads."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from crawler.seeds.folder import find_seeds_folder, read_seed_files
from storage.archive import open_archive
from storage.seed_sets import SqlSeedSets
from tests.builders import NOW, a_page, a_reading, an_entry, save_article
from tests.site import press

FEED = "http://news.test/feed"
MANY = 1_000  # articles


def write(folder: Path, count: int = MANY) -> Path:
    """A configuration with an archive as a daemon leaves it: ``count`` articles, the stories of
    ``tests/site`` over and over, and the seeds that come with rasd as the last good ones."""
    config = folder / "rasd.toml"
    file = folder / "rasd.sqlite"
    config.write_text(f'archive = "sqlite:///{file}"\n', encoding="utf-8")
    archive = open_archive(f"sqlite:///{file}")
    for number, story in enumerate(islice(cycle(press.load()), count)):
        url = f"http://news.test/{number}"
        (sighting,) = archive.record_entries("news", FEED, [(url, an_entry(f"/{number}"))], NOW)
        text = "\n\n".join((f"Number {number}.", *story.paragraphs))
        found = a_reading(text, url=url, headline=story.headline, language=story.paper)
        at = NOW + timedelta(minutes=number)
        save_article(archive, sighting, a_page(text, url=url), found, at)
    SqlSeedSets(archive.engine).save(read_seed_files(find_seeds_folder(None)), NOW)
    archive.close()
    return config
