"""A desk as small as it can be: two outlets, one topic, a handful of articles that it has judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from crawler import matching, seeds, urls
from crawler.matching.topics import Topic
from crawler.model import Reading
from crawler.stories import fingerprint
from storage.archive import SqlArchive, open_archive
from tests.builders import NOW, a_date, a_page, an_article, an_entry, save_article
from tests.unit.small_seeds import FILES

SEEDS = FILES | {
    "topics/water.yml": """
title: {ar: المياه, en: Water}
labels:
  rivers:
    title: {ar: أنهار, en: Rivers}
    rule: concept:river
  floods:
    title: {ar: فيضانات, en: Floods}
    needs: rivers
    rule: concept:river
    start: -10
    doubtful_from: -20
    speaks_for:
      a flood and a river: {points: 30, rule: concept:flood NEAR/12 concept:river}
"""
}

FLOOD = (
    "The river rose by a metre on Monday night, and a flood is feared in the old town.\n\n"
    "Schools along the banks stay closed until Thursday, the governor said, while engineers look at"
    " the dams upstream and soldiers carry sand to the lowest streets of the harbour."
)


def install(folder: Path, archive_url: str | None = None) -> Path:
    """A configuration with its seeds and a filled archive in this folder; the path of the
    configuration."""
    for name, text in SEEDS.items():
        file = folder / "seeds" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    url = archive_url or f"sqlite:///{folder}/rasd.sqlite"
    config = folder / "rasd.toml"
    config.write_text(f'archive = "{url}"\nseeds = "seeds"\n', encoding="utf-8")
    config.chmod(0o600)
    with closing(open_archive(url)) as archive:
        fill(archive)
    return config


def fill(archive: SqlArchive) -> None:
    """Keep the articles, numbered from 1 in the order in which they are listed."""
    (topic,) = seeds.load(SEEDS, kinds=["feed", "sitemap"]).topics.values()
    for number, changes in enumerate(_articles(), 1):
        keep(archive, topic, f"/{number}", **changes)


def keep(archive: SqlArchive, topic: Topic, path: str, body: str, **changes: Any) -> int:
    """Sight, judge and keep an article; its id."""
    source = changes.get("source", "une")
    entry = an_entry(url=f"https://{source}.test{path}")
    (sighting,) = archive.record_entries(
        source, f"https://{source}.test/feed", [(urls.key(entry.url), entry)], NOW
    )
    article = an_article(body, url=entry.url, **{"source": source} | changes)
    match = matching.get_matcher(topic).match(matching.article_fields(article))
    matches = (match,) if match.labels or match.doubtful else ()
    reading = Reading(article=article, fingerprint=fingerprint.compute(body), matches=matches)
    return save_article(archive, sighting, a_page("<p>Words.</p>", entry=entry), reading)


def _articles() -> Iterator[dict[str, Any]]:
    day = timedelta(days=1)
    yield {
        "headline": "Flood feared as river rises", "body": FLOOD, "published": a_date(NOW - day),
        "authors": ("A. Writer",),
    }  # fmt: skip
    yield {
        "headline": "فيضان بعد ارتفاع نهر المدينة", "language": "ar", "source": "nahr",
        "body": "فاض نهر المدينة ليلة الاثنين بعد فيضان كبير. وأغلقت المدارس.", "published": a_date(NOW),
    }  # fmt: skip
    yield {
        "headline": "River rises: flood feared in the old town", "source": "nahr",
        "body": FLOOD, "published": a_date(NOW - day + timedelta(hours=2)),
    }  # fmt: skip
    yield {"headline": "The weather", "body": "It is fine.", "published": a_date(NOW - 30 * day)}
    undated = replace(a_date(NOW - 2 * day), has_time=False)
    yield {"headline": "A quiet river", "body": "The river is low.", "published": undated}
