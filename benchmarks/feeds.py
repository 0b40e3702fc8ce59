"""Feeds that other projects test with, read by us and by plain feedparser.

Of gofeed's pairs (a feed, the JSON its authors expect) that have entries: in how many the number of
entries, their links and their titles are the expected ones. Then every file of every corpus and
every hostile file: what kind it was taken for, what raised, the slowest.

``python -m benchmarks.feeds``
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawler.feeds import raw_feed, syndication

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
URL = "http://feeds.test/a/feed.xml"

Rows = list[tuple[str, str]]  # (absolute link or "", plain title)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not DATA.is_dir():
        sys.exit("the shared feeds are not on this machine; nothing measured")
    found = list(pairs())
    ours = [(name, wanted, got) for name, body, wanted in found if (got := read(body)) != wanted]
    plain = [name for name, body, wanted in found if by_feedparser(body) != wanted]
    share = {
        who: 100 * (1 - len(wrong) / len(found))
        for who, wrong in (("rasd", ours), ("feedparser", plain))
    }
    print(
        f"gofeed pairs with entries: {len(found)}; equal: "
        + ", ".join(f"{k} {v:.1f} %" for k, v in share.items())
    )
    for name, wanted, got in ours:
        print(f"  {name}: expected {wanted}, read {got}")
    print("  feedparser differs in:", ", ".join(plain))
    kinds: Counter[str] = Counter()
    slowest = (0.0, "")
    for name, body in corpus():
        began = time.perf_counter()
        kinds[syndication.parse(body, URL, "").kind or "no feed"] += 1
        slowest = max(slowest, (time.perf_counter() - began, name))
    print(f"{sum(kinds.values())} files, nothing raised; slowest {slowest[0]:.2f} s ({slowest[1]})")
    print("  " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a tar."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and (opened := tar.extractfile(member)) is not None:
                yield member.name, opened.read()


def corpus() -> Iterator[tuple[str, bytes]]:
    """Every file of the feeds' corpora and of the hostile ones."""
    for archive in sorted((*DATA.glob("feeds/*.tar.gz"), *DATA.glob("hostile/*.tar.gz"))):
        for name, body in members(archive):
            yield f"{archive.name.partition('.')[0]}:{name}", body


def pairs() -> Iterator[tuple[str, bytes, Rows]]:
    """gofeed's XML files with the entries their authors expect."""
    files = dict(members(DATA / "feeds" / "gofeed.tar.gz"))
    for name, body in sorted(files.items()):
        twin = files.get(str(PurePosixPath(name).with_suffix(".json")))
        if not name.endswith(".xml") or twin is None:
            continue
        wanted = json.loads(twin)
        entries = wanted.get("items") or wanted.get("entries") or []
        if entries:
            yield (
                name.partition("testdata/")[2],
                body,
                [(link(e), title(e.get("title"))) for e in entries],
            )


def link(entry: dict[str, Any]) -> str:
    """The link an expected entry names: gofeed's own choice where it made one, else the first that
    leads to the article itself."""
    if entry.get("link"):
        return urljoin(URL, entry["link"])
    links = entry.get("links") or []
    for one in links:
        if isinstance(one, str):
            return urljoin(URL, one)
        if one.get("rel", "alternate") == "alternate" and one.get("href"):
            return urljoin(URL, one["href"])
    return ""


def title(text: str | None) -> str:
    """A title without markup, as we keep it."""
    return raw_feed.plain_text(text)


def read(body: bytes) -> Rows:
    """What we read."""
    rows = syndication.read_raw_feed(body, "").entries
    return [(urljoin(URL, row.url) if row.url else "", row.title) for row in rows]


def by_feedparser(body: bytes) -> Rows:
    """What feedparser alone reads."""
    parsed: Any = feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL})
    return [
        (urljoin(URL, e.link) if e.get("link") else "", title(unescape(e.get("title") or "")))
        for e in parsed.entries
    ]


if __name__ == "__main__":
    main()
