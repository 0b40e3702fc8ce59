"""Raw FTS5 and tantivy beside rasd's archive: the same texts, words cut as those tools cut them.

FTS5 has ``detail=full`` and its own ``unicode61``; tantivy its default tokenizer. Neither folds
Arabic, so a word finds what is written as it is, fewer articles than rasd finds: their latencies
are a floor, not an equal. The insert rate is of their index and its copy of the text alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import archive_questions as questions
from benchmarks.archive import BATCH, PAGE, say_latencies, texts

_Ask = list[Callable[[], object]]


def measure_peers(folder: Path, articles: int) -> None:
    """Fill and ask each peer that is installed; prints a line each."""
    measure_fts5(folder / "raw.sqlite", articles)
    try:
        import tantivy
    except ImportError:
        print("tantivy is not installed: make peers")
        return
    measure_tantivy(tantivy, folder / "tantivy", articles)


def measure_fts5(path: Path, articles: int) -> None:
    """SQLite's FTS5 alone, filled in batches of BATCH as the archive is."""
    with sqlite3.connect(path, isolation_level=None) as c:
        c.execute("PRAGMA journal_mode=WAL")
        c.execute("CREATE VIRTUAL TABLE raw USING fts5(headline, body, tokenize='unicode61')")
        begun = time.perf_counter()
        for start in range(0, articles, BATCH):
            c.execute("BEGIN")
            c.executemany(
                "INSERT INTO raw (rowid, headline, body) VALUES (?, ?, ?)",
                [
                    (n, *texts()[n % len(texts())])
                    for n in range(start, min(start + BATCH, articles))
                ],
            )
            c.execute("COMMIT")
        seconds = time.perf_counter() - begun
        size = path.stat().st_size
        print(
            f"raw FTS5, {articles:,} articles: {articles / seconds:,.0f} a second;"
            f" {size / articles:,.0f} bytes an article",
            flush=True,
        )

        def asking(matches: Sequence[str]) -> _Ask:
            sql = f"SELECT rowid, headline, body FROM raw WHERE raw MATCH ? ORDER BY rowid DESC LIMIT {PAGE}"
            return [lambda m=m: c.execute(sql, (m,)).fetchall() for m in matches]  # type: ignore[misc]

        two = [" AND ".join(f'"{w}"' for w in q.split()) for q in questions.TWO_WORDS]
        say_latencies("two words", asking(two), None)
        say_latencies("easy phrases", asking(questions.EASY_PHRASES), None)
        say_latencies("hard phrases", asking(questions.HARD_PHRASES), None)
        near = [_near(q) for q in questions.NEAR]
        say_latencies("near", asking(near), None)
    c.close()


def _near(question: str) -> str:
    left, operator, right = question.split()
    return f'NEAR("{left}" "{right}", {operator.partition("/")[2]})'


def measure_tantivy(tantivy: object, folder: Path, articles: int) -> None:
    """tantivy with its defaults; one commit at the end, as its documents advise."""
    t: object = tantivy
    folder.mkdir()
    builder = t.SchemaBuilder()  # type: ignore[attr-defined]
    builder.add_integer_field("at", stored=True, indexed=True, fast=True)
    builder.add_text_field("headline", stored=True)
    builder.add_text_field("body", stored=True)
    schema = builder.build()
    index = t.Index(schema, path=str(folder))  # type: ignore[attr-defined]
    writer = index.writer(256_000_000, 1)
    begun = time.perf_counter()
    for n in range(articles):
        headline, body = texts()[n % len(texts())]
        document = t.Document(headline=[headline], body=[body])  # type: ignore[attr-defined]
        document.add_integer("at", n)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - begun
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(
        f"tantivy, {articles:,} articles: {articles / seconds:,.0f} a second;"
        f" {size / articles:,.0f} bytes an article",
        flush=True,
    )
    index.reload()
    searcher = index.searcher()

    def asking(written: Sequence[str], *, every: bool = False) -> _Ask:
        parsed = [
            index.parse_query(q, ["headline", "body"], conjunction_by_default=every)
            for q in written
        ]
        return [lambda q=q: _newest(searcher, q) for q in parsed]  # type: ignore[misc]

    say_latencies("two words", asking(questions.TWO_WORDS, every=True), None)
    say_latencies("easy phrases", asking(questions.EASY_PHRASES), None)
    say_latencies("hard phrases", asking(questions.HARD_PHRASES), None)


def _newest(searcher: object, asked: object) -> list[object]:
    found = searcher.search(asked, PAGE, order_by_field="at")  # type: ignore[attr-defined]
    return [searcher.doc(address) for _, address in found.hits]  # type: ignore[attr-defined]
