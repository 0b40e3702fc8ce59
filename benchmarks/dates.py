"""Dates of real pages and of printed lines, against their truth; each wrong one is listed.

Pages of ``../shared/data/html`` go through ``reading.read`` as a source without a description; the
printed dates of ``text/morocco-media-fr`` are parsed and compared with what a table of French
months says.

``python -m benchmarks.dates``
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler import dates
from crawler.cli.pages import try_page
from crawler.extraction import article
from crawler.model import Article

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TRUTH = ("publishing_date", "publish_date", "publishedTime", "date", "published")
SETS = ("fundus-us", "newspaper4k", "goose3", "readability")
FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not DATA.is_dir():
        sys.exit("the shared pages are not on this machine; nothing measured")
    printed_lines()
    for name in SETS:
        pages(name)


def printed_lines() -> None:
    """Each printed date of a French press corpus."""
    lines = gzip.decompress((DATA / "text" / "morocco-media-fr.jsonl.gz").read_bytes()).splitlines()
    wrong = [said for line in lines if not right_line(said := json.loads(line)["date"])]
    print(
        f"morocco-media-fr: {len(lines) - len(wrong)} of {len(lines)} printed dates "
        f"right; wrong: {wrong[:20]}"
    )


def right_line(said: str) -> bool:
    """Whether the parsed day is the one its words say."""
    day, month, year = said.split()
    parsed = dates.parse_date(said, zone="UTC")
    truth = (
        int(year),
        1 + next(n for n, name in enumerate(FRENCH) if name.startswith(month.lower().strip("."))),
        int(re.sub(r"\D", "", day)),
    )
    return parsed is not None and (parsed[0].year, parsed[0].month, parsed[0].day) == truth


def pages(name: str) -> None:
    """One set of pages; wrong and missing dates by name."""
    folder, right, wrong, missing, invented = DATA / "html" / name, 0, [], [], []
    rows = [
        json.loads(line)
        for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row in rows:
        truth = next((row["expected"][k] for k in TRUTH if row["expected"].get(k)), None)
        said = published(row, gzip.decompress((folder / row["file"]).read_bytes()))
        if truth is None:
            invented += [(row["file"], said)] if said else []
        elif said is None:
            missing.append((row["file"], truth))
        elif is_right(said.at, str(truth), row):
            right += 1
        else:
            wrong.append(
                (row["file"], truth, f"{said.at:%Y-%m-%d %H:%M}", said.source, said.printed)
            )
    print(
        f"\n{name}: {right} right, {len(wrong)} wrong, {len(missing)} None; "
        f"{len(invented)} said where the set has no truth"
    )
    for kind, found in (("WRONG", wrong), ("none ", missing)):
        for one in found:
            print(f"  {kind} {one}")


def published(row: dict[str, Any], body: bytes) -> Any:
    """The article that we read of a page of an unknown source."""
    page = try_page.page(
        row["url"] or "https://unknown.invalid/a", body, datetime(2026, 11, 24, tzinfo=UTC)
    )
    found = article.extract(page, try_page.neutral(page.url))
    return found.published if isinstance(found, Article) else None


def is_right(at: datetime, truth: str, row: dict[str, Any]) -> bool:
    """Within 90 seconds of the truth, or on its day where it has no time or no zone."""
    parsed = dates.parse_date(truth, zone="UTC")
    if parsed is None:
        return False
    if parsed[1] and re.search(r"[+-]\d\d:?\d\d$|Z$", truth):
        return abs((at - parsed[0]).total_seconds()) < 90
    return abs((at - parsed[0]).total_seconds()) < 86_400


if __name__ == "__main__":
    main()
