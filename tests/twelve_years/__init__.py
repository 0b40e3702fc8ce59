"""An archive of twelve years for the questions of analysts: papers, persons' words and events are
invented.

``outlets.yml`` has the papers, ``articles/*.yml`` what they printed, in UTC. An article's ``for``
names the questions to which it belongs, as a careful reader would say, whatever the product finds. ``copies`` are the same dispatch in other papers:

    {in: furat, after: 2h, title: "…", drop: [4], keep: 2, replace: {الأعرجي: الاعرجي}}

``after`` is the delay, ``drop`` the paragraphs that are missing (from 1), ``keep`` how many
paragraphs an abridgement has, ``replace`` what the copy spells otherwise, ``for`` the
questions, if what is left belongs to fewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crawler import matching, reading, seeds, spiders, urls
from crawler.model import Article, ArticleToKeep, FeedEntry, Reading
from crawler.seeds import Seeds
from crawler.seeds.folder import find_seeds_folder, read_seed_files
from crawler.stories import fingerprint
from storage.archive import SqlArchive
from storage.seed_sets import SqlSeedSets
from tests.builders import a_date, a_page, an_article

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When the questions are asked."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_BATCH = 50  # articles written at once
_FIRST_SEEN = timedelta(minutes=10)  # after it was published
_SHARED_SEEDS = ("lexicon/", "topics/", "queries/", "digests/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An article as a paper printed it."""

    at: datetime
    outlet: str
    title: str
    paragraphs: tuple[str, ...]
    answers: frozenset[str]  # names of the questions to which it belongs
    copy_of: str = ""  # the address of the article that it copies

    @property
    def url(self) -> str:
        """Its address, which no other has."""
        return f"https://{self.outlet}.test/{self.at:%Y/%m/%d/%H%M}"

    @property
    def body(self) -> str:
        """Its text, without the headline."""
        return "\n\n".join(self.paragraphs)


@cache
def printed() -> tuple[Printed, ...]:
    """Every article and every copy, by time: the first is article 1 of the archive."""
    files = sorted((FOLDER / "articles").glob("*.yml"))
    rows = (row for file in files for row in yaml.safe_load(file.read_text(encoding="utf-8")))
    found = sorted((one for row in rows for one in _with_copies(row)), key=lambda one: one.at)
    assert len({one.url for one in found}) == len(found), "two articles of a paper in one minute"
    return tuple(found)


def ids_for(question: str) -> set[int]:
    """The ids of the articles that belong to a question."""
    return {id for id, one in enumerate(printed(), 1) if question in one.answers}


def outlets() -> dict[str, Any]:
    """The papers by their slug."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "outlets.yml").read_text(encoding="utf-8"))
    return loaded


def seed_files() -> dict[str, str]:
    """The seeds that come with rasd, with these papers in the place of its sources."""
    shipped = read_seed_files(find_seeds_folder(None))
    files = {name: text for name, text in shipped.items() if name.startswith(_SHARED_SEEDS)}
    for slug, outlet in outlets().items():
        feeds = [{"url": f"https://{slug}.test/feed"}]
        source = {**outlet, "home": f"https://{slug}.test/", "feeds": feeds}
        name = f"sources/{outlet['country'].lower()}/{slug}.yml"
        files[name] = yaml.safe_dump(source, allow_unicode=True)
    return files


def install(folder: Path, archive_url: str) -> Path:
    """Write the seeds and a configuration with this archive; the configuration's path."""
    for name, text in seed_files().items():
        file = folder / "seeds" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    config = folder / "rasd.toml"
    config.write_text(f'archive = "{archive_url}"\nseeds = "seeds"\n', encoding="utf-8")
    config.chmod(0o600)
    return config


@cache
def readings() -> tuple[Reading, ...]:
    """Every article with the matches of all topics, by time."""
    loaded = seeds.load(seed_files(), kinds=spiders.kinds())
    return tuple(_reading(one, loaded) for one in printed())


def fill(archive: SqlArchive, judged: Sequence[Reading]) -> None:
    """Keep the articles as a crawl does, in batches; they are numbered from 1, by time. Keep the
    seeds as a daemon does."""
    keepings = [_to_keep(archive, found) for found in judged]
    ids: list[int] = []
    for first in range(0, len(keepings), _BATCH):
        ids += archive.save_articles(keepings[first : first + _BATCH])
    assert ids == list(range(1, len(judged) + 1))
    SqlSeedSets(archive.engine).save(seed_files(), NOW)


def _with_copies(row: Mapping[str, Any]) -> Iterator[Printed]:
    original = Printed(
        at=_moment(row["at"]),
        outlet=row["in"],
        title=row["title"],
        paragraphs=tuple(row["text"].split("\n\n")),
        answers=frozenset(row.get("for", ())),
    )
    yield original
    for copy in row.get("copies", ()):
        yield _copy(original, copy)


def _copy(original: Printed, copy: Mapping[str, Any]) -> Printed:
    kept = original.paragraphs[: copy.get("keep")]
    left = [text for n, text in enumerate(kept, 1) if n not in copy.get("drop", ())]
    title = copy.get("title", original.title)
    for old, new in copy.get("replace", {}).items():
        title, left = title.replace(old, new), [text.replace(old, new) for text in left]
    number, unit = re.fullmatch(r"(\d+)([mhd])", copy["after"]).groups()  # type: ignore[union-attr]
    return Printed(
        at=original.at + timedelta(**{_UNITS[unit]: int(number)}),
        outlet=copy["in"],
        title=title,
        paragraphs=tuple(left),
        answers=frozenset(copy["for"]) if "for" in copy else original.answers,
        copy_of=original.url,
    )


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def _language(text: str, languages: Sequence[str]) -> str:
    """Arabic by its letters; else the first Latin language of the paper."""
    if re.search(r"[\u0620-\u064a]", text):
        return "ar"
    return next(language for language in languages if language != "ar")


def _reading(one: Printed, loaded: Seeds) -> Reading:
    source = loaded.sources[one.outlet]
    article = an_article(
        one.body,
        source=one.outlet,
        url=one.url,
        headline=one.title,
        lead=one.paragraphs[0],
        language=_language(one.title, source.languages),
        published=a_date(one.at),
        first_seen_at=one.at + _FIRST_SEEN,
    )
    matches = matching.match(article, loaded.topics.values(), country=source.country)
    return Reading(article=article, fingerprint=fingerprint.compute(one.body), matches=matches)


def _to_keep(archive: SqlArchive, found: Reading) -> ArticleToKeep:
    article: Article = found.article
    seen = article.first_seen_at
    entry = FeedEntry(url=article.url, title=article.headline, summary="")
    (sighting,) = archive.record_entries(
        article.source, f"https://{article.source}.test/feed", [(urls.key(entry.url), entry)], seen
    )
    page = a_page("<p>As printed.</p>", url=article.url, requested_url=article.url, fetched_at=seen)
    return ArticleToKeep(sighting=sighting, prepared=reading.prepare(page, found), kept_at=seen)
