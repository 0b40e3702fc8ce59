"""A back-test over a big archive: a changed topic against the current one, every article judged.

Keeps articles through the archive's own ``sight`` and ``keep`` (texts of ``../shared/data/text``,
repeated under changed addresses), says how long that took, then runs ``rasd backtest`` over all of
them with changed copies of each shipped topic and prints its seconds. On a machine that is busy
with other things the processor time says more than the seconds.

``python -m benchmarks.backtest [--articles 100000] [--archive var/big.sqlite] [--workers 2]``

With ``--archive`` the filled archive is kept, and filled up where it is smaller.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler import matching, spiders, urls
from crawler.matching.topics import Topic
from crawler.model import Article, ArticleToKeep, FeedEntry, Page, PublishedDate, Reading
from crawler.reading import prepare
from crawler.seeds.folder import find_seeds_folder, load_seeds
from storage.archive import SqlArchive, open_archive

PROJECT = Path(__file__).resolve().parents[1]
TEXTS = PROJECT.parent / "shared" / "data" / "text"
SETS = ("saudinewsnet.jsonl.gz", "jawhara.jsonl.gz")
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
FEED = "http://news.test/feed"
SIGHTED_AT_ONCE = 500


def main() -> None:
    """Fill, back-test, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fill-only", action="store_true")
    chosen = parser.parse_args()
    if not TEXTS.is_dir():
        sys.exit("the shared texts are not on this machine; nothing measured")
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.archive or Path(folder) / "big.sqlite"
        url = f"sqlite:///{path}"
        topics = tuple(load_seeds(None, spiders.kinds()).topics.values())
        fill(url, topics, chosen.articles)
        if not chosen.fill_only:
            measure(url, chosen.workers)


def fill(url: str, topics: tuple[Topic, ...], wanted: int) -> None:
    """Keep texts until the archive holds ``wanted`` articles; says how long it took."""
    archive = open_archive(url)
    there = archive.counts()["articles"]
    begun = time.perf_counter()
    numbered = itertools.islice(articles(), there, wanted)
    while batch := list(itertools.islice(numbered, SIGHTED_AT_ONCE)):
        keep(archive, batch, topics)
    new = archive.counts()["articles"] - there
    archive.close()
    seconds = time.perf_counter() - begun
    print(f"kept {new:,} articles in {seconds:.0f} s ({there:,} were there)", flush=True)


def keep(archive: SqlArchive, batch: list[Article], topics: tuple[Topic, ...]) -> None:
    """One batch, sighted at once and kept one by one in one transaction, each with its matches."""
    entries = [(a.url_key, FeedEntry(url=a.url, title=a.headline)) for a in batch]
    matched = [matching.match(article, topics) for article in batch]
    sighted = archive.record_entries("news", FEED, entries, FIRST_DAY)
    # One commit a batch, as the crawl's writer does: a disk's flush costs more than all else here.
    with archive.together():
        for sighting, article, matches in zip(sighted, batch, matched, strict=True):
            # Without a signature: nothing here looks for copies.
            reading = Reading(article=article, fingerprint=b"", matches=matches)
            prepared = prepare(page_of(article), reading)
            archive.save_articles(
                [ArticleToKeep(sighting=sighting, prepared=prepared, kept_at=article.first_seen_at)]
            )


def page_of(article: Article) -> Page:
    """The page that the article would have been read from."""
    return Page(
        url=article.url,
        requested_url=article.url,
        fetched_at=article.first_seen_at,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=f"<h1>{article.headline}</h1><p>{article.body}</p>".encode(),
    )


def articles() -> Iterator[Article]:
    """Articles without end: the texts again and again, a minute and an address apart."""
    for number, row in enumerate(itertools.cycle(rows())):
        url = f"http://news.test/{number}"
        at = FIRST_DAY + timedelta(minutes=number)
        body = str(row["text"])
        yield Article(
            source=f"paper-{number % 20:02}",
            url=url,
            canonical_url=url,
            url_key=urls.key(url),
            headline=str(row["title"] or ""),
            lead=body.partition("\n")[0][:400],
            body=body,
            language="ar",
            published=PublishedDate(at=at, source="meta", confidence=0.9, printed=at.isoformat()),
            first_seen_at=at,
        )


def rows() -> Iterator[dict[str, Any]]:
    """The texts of all sets, once."""
    for name in SETS:
        with gzip.open(TEXTS / name, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def measure(url: str, workers: int) -> None:
    """Back-test two changes of each shipped topic: every distance doubled, and no label needing
    another.

    The first is what analysts do all day. The second is the hard case: texts of one side alone pass
    the gate and are judged to the end.
    """
    for path in sorted((find_seeds_folder(None) / "topics").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        changes = {
            "distances doubled": re.sub(r"NEAR/(\d+)", lambda m: f"NEAR/{int(m[1]) * 2}", text),
            "nothing needed": re.sub(r"(?m)^ +needs:.*\n", "", text),
        }
        for name, changed in changes.items():
            if changed != text:
                with tempfile.TemporaryDirectory() as draft:
                    candidate = Path(draft) / path.name
                    candidate.write_text(changed, encoding="utf-8")
                    back_test(name, candidate, url, workers)


def back_test(name: str, candidate: Path, url: str, workers: int) -> None:
    """The verb, in a process of its own, as an analyst runs it."""
    begun, busy = time.perf_counter(), cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "backtest", str(candidate), "--json", "--workers", str(workers)],
        capture_output=True, text=True, check=True, cwd=PROJECT, env=os.environ | {"RASD_ARCHIVE": url},
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    report = json.loads(done.stdout)
    print(
        f"{candidate.stem}, {name}: {report['articles']:,} articles in {seconds:.1f} s "
        f"with {workers} workers "
        f"({cpu_seconds() - busy:.1f} s of processor time; load {os.getloadavg()[0]:.1f}), "
        f"{report['gained']} labels gained, {report['lost']} lost",
        flush=True,
    )


def cpu_seconds() -> float:
    """Processor time of all ended children and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
