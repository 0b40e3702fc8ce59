"""Real pages through the whole river, against their truth.

Serves the pages of ``../shared/data/html/{fundus-us,newspaper4k}`` through feeds on loopback, polls
them with ``rasd poll``, and prints per page: headline, text F1 and date against the truth,
trafilatura's own F1 on the same bytes beside ours, and what was rejected and why. Then the false
``security`` flags among the 107 real articles that name both states, with their proof.

``python -m benchmarks.real_pages``
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import trafilatura

from crawler import app, matching, spiders
from crawler.config import load
from crawler.model import ArchivedArticle
from crawler.seeds.folder import load_seeds
from tests.site.server import Newspaper, send

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT.parent / "shared" / "data"
SETS = ("fundus-us", "newspaper4k")


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not DATA.is_dir():
        sys.exit("the shared pages are not on this machine; nothing measured")
    with tempfile.TemporaryDirectory() as folder:
        for name in SETS:
            measure(name, Path(folder) / name)
    false_alarms()


def measure(name: str, folder: Path) -> None:
    """One set of pages, polled, read, kept and compared."""
    rows = [
        json.loads(line)
        for line in (DATA / "html" / name / "manifest.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    bodies = [gzip.decompress((DATA / "html" / name / row["file"]).read_bytes()) for row in rows]
    with Newspaper(address="127.0.0.3") as paper:
        config = site(paper, folder, rows, bodies)
        polled = subprocess.run(
            [sys.executable, "-m", "crawler", "--config", str(config), "poll", "--all"],
            capture_output=True, text=True, check=False, cwd=PROJECT,
        )  # fmt: skip
    print(f"\n== {name}: {len(rows)} pages\n{polled.stderr.strip().splitlines()[0]}")
    with app.open_app(load(config)) as opened:
        found = {urlsplit(a.article.url).path: a for a, _ in opened.search.find(None, limit=1000)}
        fates = opened.archive.counts()
    ours, theirs, heads, dates = [], [], [], []
    for n, (row, body) in enumerate(zip(rows, bodies, strict=True)):
        kept, truth = found.get(f"/p/{n}"), row["expected"]
        text = truth.get("text") or truth.get("text_beginning") or ""
        peer = trafilatura.extract(body) or ""
        if kept is None:
            print(
                f"  no row of its own   {row['file']} (its canonical address is another"
                " page's of this set)"
            )
            ours += [0.0] if text else []
            theirs += [f1(peer, text)] if text else []
            continue
        if text:
            ours.append(f1(kept.article.body, text))
            theirs.append(f1(peer, text))
        title, date = right_title(kept, truth), right_date(kept, truth)
        heads += [title] if title is not None else []
        dates += [date] if date is not None else []
        marks = {True: "ok", False: "WRONG", None: "–"}
        score = f"{ours[-1]:.3f} (trafilatura {theirs[-1]:.3f})" if text else "no truth"
        print(
            f"  f1 {score}  title {marks[title]:5} date {marks[date]:5} {row['file']}  "
            f"{kept.article.headline[:60]}"
        )
        if date is False:
            said = kept.article.published
            print(
                f"      date: said {said.at if said else None} from "
                f"{said.source if said else '-'}, truth {date_of(truth)}"
            )
        if title is False:
            print(f"      title: truth {truth.get('title')!r}")
    print(
        f"{name}: kept {len(found)} of {len(rows)}, rejected {fates['rejected']}, "
        f"failed {fates['failed']}; "
        f"mean F1 {fmean(ours):.3f}, trafilatura {fmean(theirs):.3f}, ratio "
        f"{fmean(ours) / fmean(theirs):.3f}; "
        f"titles {sum(heads)}/{len(heads)}, dates {sum(dates)}/{len(dates)}"
    )


def site(paper: Newspaper, folder: Path, rows: list[dict[str, Any]], bodies: list[bytes]) -> Path:
    """The pages as one outlet with a feed; the configuration that polls it."""
    base = f"http://pages.test:{paper.port}"
    items = "".join(
        f"<item><link>{base}/p/{n}</link><title>{escape(r['file'])}</title></item>"
        for n, r in enumerate(rows)
    )
    rss = f"<rss version='2.0'><channel><title>pages</title>{items}</channel></rss>".encode()
    paper.answer("/feed", lambda request: send(request, 200, "application/rss+xml", rss))

    def page(body: bytes, charset: str) -> Any:
        def answer(request: BaseHTTPRequestHandler) -> int:
            return send(request, 200, f"text/html{charset}", body)

        return answer

    for n, body in enumerate(bodies):
        paper.answer(f"/p/{n}", page(body, ""))
    source = folder / "seeds" / "sources" / "us" / "pages.yml"
    source.parent.mkdir(parents=True)
    source.write_text(
        f"name: Pages\nhome: {base}/\ncountry: US\nlanguages: [en]\ntimezone: America/New_York\n"
        f'feeds:\n  - {{url: "{base}/feed"}}\n',
        encoding="utf-8",
    )
    config = folder / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{folder}/a.sqlite"\nseeds = "{folder}/seeds"\n[network]\n'
        f'allow = ["{paper.address}/32:{paper.port}"]\n[network.hosts]\n"pages.test" = '
        f'"{paper.address}"\n'
        "[crawl]\ndelay_seconds = 0\n",
        encoding="utf-8",
    )
    return config


def false_alarms() -> None:
    """The real articles that name both states and are no security cooperation."""
    topic = load_seeds(PROJECT / "seeds", spiders.kinds()).topics["morocco-iraq"]
    rows = [
        json.loads(line)
        for line in gzip.decompress((DATA / "text" / "both-dev.jsonl.gz").read_bytes()).splitlines()
    ]
    found = [(row, matching.match_text(row["title"], row["text"], topic)) for row in rows]
    wrong = [(row, m) for row, m in found if "security" in m.labels]
    flagged = sum("bilateral" in m.labels for _, m in found)
    print(
        f"\n== both-dev: {len(rows)} articles, {flagged} flagged bilateral, "
        f"{len(wrong)} falsely flagged security"
    )
    for row, m in wrong:
        print(f"  {row['title']}\n      {' · '.join(mention.text for mention in m.mentions)}")


def f1(found: str, truth: str) -> float:
    """Harmonic mean over multisets of 4-grams of word tokens, as the pages' README scores."""
    a, b = grams(found), grams(truth)
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if common else 0.0


def grams(text: str) -> Counter[tuple[str, ...]]:
    """4-grams of \\w+ tokens of the NFKC lower-cased text."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    return Counter(tuple(words[n : n + 4]) for n in range(max(len(words) - 3, 0)))


def right_title(kept: ArchivedArticle, truth: dict[str, Any]) -> bool | None:
    """Whether the headline's tokens are the expected ones; None where there is no truth."""
    if not truth.get("title"):
        return None
    return re.findall(r"\w+", kept.article.headline.lower()) == re.findall(
        r"\w+", truth["title"].lower()
    )


def date_of(truth: dict[str, Any]) -> str | None:
    """The true date as printed in the manifest."""
    return truth.get("publishing_date") or truth.get("published") or truth.get("date")


def right_date(kept: ArchivedArticle, truth: dict[str, Any]) -> bool | None:
    """Within 90 seconds of the truth, or on its day where the truth has no time."""
    printed = date_of(truth)
    if not printed:
        return None
    try:
        wanted = datetime.fromisoformat(str(printed))
    except ValueError:
        return None
    said = kept.article.published
    if said is None:
        return False
    if wanted.tzinfo is None:
        return said.at.date() == wanted.date()
    return abs((said.at - wanted.astimezone(UTC)).total_seconds()) < 90


if __name__ == "__main__":
    main()
