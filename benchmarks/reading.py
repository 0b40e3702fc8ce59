"""Quality and speed of reading, peers beside us, from one configuration in one run.

For each set of ``../shared/data/html``: F1 of ours and of each peer by the
article-extraction-benchmark's own evaluation and as mean over pages, for the half of pages that
rules were made on (even sha256 of the file's name), the half held out, and all; how many
standfirsts are kept; then CPU time a page against trafilatura with metadata, by the slow path and by the template path (each page read
again with the template it teaches), and how much two workers of the pool do against one.

``python -m benchmarks.reading`` (peers: ``pip install -e '.[bench]'``)
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from statistics import fmean
from typing import Any

import trafilatura

from benchmarks.real_pages import DATA, f1
from crawler.extraction import metadata, templates
from crawler.extraction.article import extract, extract_with_evidence
from crawler.model import Page, Rejection, Template
from crawler.workers.pool import ReaderPool
from tests.builders import a_page, a_source

SETS = ("aeb", "fundus-us", "readability")
STANDFIRSTS = ("fundus-us",)  # sets whose true texts begin with the standfirst
SOURCE = a_source(languages=("en",), timezone="America/New_York", country="US")
Reader = Callable[[bytes], str]
# pages asked of the pool, at least: of 28, one long page at the end is a tenth of all that is
# measured
AT_ONCE = 400


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not DATA.is_dir():
        sys.exit("the shared pages are not on this machine; nothing measured")
    readers = {"rasd": ours, **peers()}
    for name in SETS:
        rows = [
            json.loads(line)
            for line in (DATA / "html" / name / "manifest.jsonl")
            .read_text(encoding="utf-8")
            .splitlines()
        ]
        rows = [row for row in rows if row["expected"].get("text")]
        pages = [gzip.decompress((DATA / "html" / name / row["file"]).read_bytes()) for row in rows]
        print(f"\n== {name}: {len(rows)} pages")
        for reader, read in readers.items():
            quality(reader, read, rows, pages)
        if name in STANDFIRSTS:
            standfirsts(rows, pages)
        speed(rows, pages)


def standfirsts(rows: list[dict[str, Any]], pages: list[bytes]) -> None:
    """How many first paragraphs of the true texts stand in lead or body, and which do not."""
    lost = []
    for row, body in zip(rows, pages, strict=True):
        found = extract(page_of(row, body), SOURCE)
        text = "" if isinstance(found, Rejection) else f"{found.lead} {found.body}"
        first = row["expected"]["text"].split("\n")[0]
        wanted, got = (" ".join(re.findall(r"\w+", t.casefold())) for t in (first, text))
        if wanted not in got:
            lost.append(row["file"].removesuffix(".html.gz"))
    said = f" (lost: {', '.join(lost)})" if lost else ""
    print(f"  standfirsts: {len(rows) - len(lost)} of {len(rows)} in lead or body{said}")


def quality(name: str, read: Reader, rows: list[dict[str, Any]], pages: list[bytes]) -> None:
    """One line: F1 on the tuned half, the held-out half, all; seconds a page."""
    began = time.process_time()
    texts = [quiet(read, page) for page in pages]
    took = (time.process_time() - began) / len(pages) * 1000
    said = []
    for half in ("tuned", "held out", "all"):
        chosen = [
            (t, r["expected"]["text"])
            for t, r in zip(texts, rows, strict=True)
            if half in ("all", side(r["file"]))
        ]
        said.append(
            f"{half} {evaluate(chosen):.3f} (page mean {fmean(f1(a, b) for a, b in chosen):.3f})"
        )
    print(f"  {name:22} {took:6.1f} ms a page  " + "  ".join(said))


def speed(rows: list[dict[str, Any]], pages: list[bytes]) -> None:
    """CPU a page of both paths and of trafilatura with metadata, and the ratios."""
    asked = [page_of(row, body) for row, body in zip(rows, pages, strict=True)]
    taught = [(page, template) for page in asked if (template := template_of(page)) is not None]
    for page, template in taught:
        extract_with_evidence(page, SOURCE, template=template)  # warm
    peer = timed([lambda p=p: trafilatura.extract(p.body, with_metadata=True) for p in asked])
    slow = timed([lambda p=p: extract_with_evidence(p, SOURCE) for p in asked])
    peer_taught = timed(
        [lambda p=p: trafilatura.extract(p.body, with_metadata=True) for p, _ in taught]
    )
    by_place = timed(
        [lambda p=p, t=t: extract_with_evidence(p, SOURCE, template=t) for p, t in taught]
    )
    print(
        f"  speed: slow path {slow:.1f} ms, {peer / slow:.1f} x trafilatura with "
        f"metadata ({peer:.1f} ms); "
        f"template path {by_place:.1f} ms on {len(taught)} pages, {peer_taught / by_place:.1f} x"
    )
    many = asked * -(-AT_ONCE // len(asked))
    one, two = pooled(many, 1), pooled(many, 2)
    print(
        f"  pool: one worker {len(many) / one:.0f} pages a second, two "
        f"{len(many) / two:.0f}: {one / two:.2f} x ({len(many)} pages at once)"
    )


def pooled(asked: list[Page], workers: int) -> float:
    """Seconds that so many warm workers take for the pages, slow path; the best of three."""
    pool = ReaderPool((), workers=workers)
    pool.start()

    async def all_of_them() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(pool.read(page, SOURCE) for page in asked))
        return time.perf_counter() - began

    try:
        return min([asyncio.run(all_of_them()) for _ in range(4)][1:])  # the first warms them
    finally:
        pool.stop()


def template_of(page: Page) -> Template | None:
    """The template that this page alone teaches; pages that are due for a check are left out."""
    found = extract_with_evidence(page, SOURCE)
    sample = getattr(found, "sample", None)
    if sample is None or templates.needs_verification(page.url):
        return None
    alone = replace(sample, lines=())  # or all of its lines would be ones that pages repeat
    return templates.learn_template("bench", 1, [alone] * templates.SAMPLES_NEEDED)


def timed(tasks: list[Callable[[], object]]) -> float:
    """CPU milliseconds a task, in the best of three rounds: one of fundus-us by template takes
    0.1 s, which whatever else runs on the machine can double."""
    return min(_round(tasks) for _ in range(3)) / max(len(tasks), 1) * 1000


def _round(tasks: list[Callable[[], object]]) -> float:
    began = time.process_time()
    for task in tasks:
        task()
    return time.process_time() - began


def ours(body: bytes) -> str:
    """rasd's body."""
    return getattr(extract(a_page(body, entry=None), SOURCE), "body", "")


def page_of(row: dict[str, Any], body: bytes) -> Page:
    """The page at its own address."""
    url = row["url"] or f"http://pages.test/{row['file']}"
    return replace(a_page(body, entry=None), url=url, requested_url=url)


def peers() -> dict[str, Reader]:
    """The peers that are installed."""
    found: dict[str, Reader] = {
        "trafilatura": lambda b: trafilatura.extract(b, include_comments=False) or "",
        "trafilatura fast": lambda b: (
            trafilatura.extract(b, include_comments=False, fast=True) or ""
        ),
        "trafilatura precision": lambda b: (
            trafilatura.extract(b, include_comments=False, favor_precision=True) or ""
        ),
    }
    try:
        import lxml.html
        from newspaper import Article
        from readability import Document
        from resiliparse.extract.html2text import extract_plain_text
        from tldextract import TLDExtract, tldextract
    except ImportError:
        print("resiliparse, readability-lxml and newspaper4k are not installed: make peers")
        return found

    # newspaper4k asks for a list of suffixes over the network where nobody stops it.
    tldextract.TLD_EXTRACTOR = TLDExtract(suffix_list_urls=(), cache_dir=None)

    def newspaper(body: bytes) -> str:
        article = Article("http://pages.test/", language="en", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return str(article.text)

    def readable(body: bytes) -> str:
        return str(Document(body.decode("utf-8", "replace")).summary())

    found["resiliparse"] = lambda b: extract_plain_text(
        b.decode("utf-8", "replace"), main_content=True
    )
    found["newspaper4k"] = newspaper
    # readability-lxml gives markup: its text a line a block, as browsers show it, and a line a
    # text node, which cuts words at inline elements as html/readability's own truth does ("Z
    # imbabwe").
    found["readability-lxml"] = lambda b: metadata.markup_to_text(readable(b))
    found["… a line a node"] = lambda b: "\n".join(lxml.html.fromstring(readable(b)).itertext())
    return found


def quiet(read: Reader, page: bytes) -> str:
    """What a reader finds; "" where it breaks."""
    try:
        return read(page)
    except Exception:
        return ""


def side(file: str) -> str:
    """Which half a page belongs to."""
    return "held out" if int(hashlib.sha256(file.encode()).hexdigest(), 16) % 2 else "tuned"


def evaluate(pairs: list[tuple[str, str]]) -> float:
    """F1 of mean precision and mean recall over 4-grams, as the article-extraction-benchmark has
    it.
    """
    precisions, recalls = [], []
    for found, truth in pairs:
        a, b = _grams(found), _grams(truth)
        common = sum((a & b).values())
        if a:
            precisions.append(common / sum(a.values()))
        recalls.append(common / sum(b.values()) if b else 1.0)
    precision, recall = fmean(precisions), fmean(recalls)
    return 2 * precision * recall / (precision + recall)


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return (
        Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))
        if words
        else Counter()
    )


if __name__ == "__main__":
    main()
