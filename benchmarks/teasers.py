"""Real pages with teasers of other stories put into them and after them.

Each page of ``../shared/data/html`` whose text stands in one element is read as it is, and again
with 4, 8 and 40 teasers (title, excerpt, link, on some a picture and a date), made of the beginnings
of other pages: behind the element with the text, at its end, and between its paragraphs. The
teasers are set in eight markups, of which no class or id says what they are, but for one.

Per markup: F1 without teasers and with them, and the pages whose text was lost (less than half of
what was found without). The bar: F1 not below F1 without − 0.005, no page's text lost.

``python -m benchmarks.teasers`` (``--every``: every page in every way; a seventh of them else)
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from statistics import fmean

import lxml.html
from lxml.html import HtmlElement

from benchmarks.moulds import place_of
from benchmarks.reading import SOURCE
from benchmarks.real_pages import DATA, f1, grams
from crawler.extraction.article import extract
from tests.builders import a_page

SETS = ("aeb", "fundus-us", "readability")
COUNTS = (4, 8, 40)
PLACES = ("after", "at the end", "within")
ONE_OF = 7  # of a page's combinations that are read, unless all are asked for
BAR, LOST = 0.005, 0.5  # of F1 that may be missing; share of the text below which it is lost
TITLE_WORDS, EXCERPT_WORDS = (6, 13), (14, 38)  # words of a title and of an excerpt, from and to
MAX_TITLE, MAX_EXCERPT = 110, 320  # characters of them, in languages that write no spaces


@dataclass(frozen=True)
class Teaser:
    """Another story as a teaser shows it."""

    number: int
    title: str
    excerpt: str

    @property
    def url(self) -> str:
        """Its address, on the page's own site."""
        return f"/2026/11/{self.number}-another-story"


@dataclass(frozen=True)
class RealPage:
    """A page, the text that a reader finds in it, and its true text."""

    name: str
    markup: str
    truth: str
    found: str


Markup = Callable[[Sequence[Teaser]], str]


def main() -> None:
    """Measure and print; exit 1 if a markup is below the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", action="store_true", help="read every combination")
    parser.add_argument("--lost", action="store_true", help="name the pages that lost most")
    asked = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("the shared pages are not on this machine; nothing measured")
    pages = list(real_pages())
    stories = [teaser_of(n, page.truth) for n, page in enumerate(pages)]
    print(f"{len(pages)} pages whose text stands in one element")
    print(f"{'markup':22} {'teasers':>7} {'pages':>6} {'without':>8} {'with':>7} {'diff':>8}  lost")
    sys.exit(bool(measured(pages, stories, every=asked.every, named=asked.lost)))


def measured(
    pages: Sequence[RealPage], stories: Sequence[Teaser], *, every: bool, named: bool
) -> int:
    """Print a line for each markup and number of teasers; how many are below the bar."""
    scores: dict[tuple[str, int], list[tuple[float, float, bool]]] = defaultdict(list)
    worst: list[tuple[float, str]] = []
    for at, page in enumerate(pages):
        for markup, count, place in combinations(at, every=every):
            others = [stories[(at + 1 + step) % len(stories)] for step in range(count)]
            read = ours(with_teasers(page, MARKUPS[markup](others), place))
            before, after = f1(page.found, page.truth), f1(read, page.truth)
            scores[markup, count].append((before, after, is_lost(page.found, read)))
            worst.append((after - before, f"{page.name}, {count} in {markup}, {place}"))
    failed = sum(printed(*key, rows) for key, rows in sorted(scores.items()))
    for diff, what in sorted(worst)[: 25 if named else 0]:
        print(f"  {diff:+.3f} {what}")
    everything = [row for rows in scores.values() for row in rows]
    printed("all", 0, everything)
    return failed


def printed(markup: str, count: int, rows: Sequence[tuple[float, float, bool]]) -> bool:
    """One line; whether it is below the bar."""
    before, after = fmean(row[0] for row in rows), fmean(row[1] for row in rows)
    lost = sum(row[2] for row in rows)
    failed = after < before - BAR or lost > 0
    print(
        f"{markup:22} {count:7} {len(rows):6} {before:8.3f} {after:7.3f} {after - before:+8.3f}"
        f"  {lost}{'  <<<' if failed else ''}"
    )
    return failed


def combinations(at: int, *, every: bool) -> Iterator[tuple[str, int, str]]:
    """The markups, numbers and places in which a page is read."""
    number = 0
    for markup in MARKUPS:
        for count in COUNTS:
            for place in PLACES:
                if every or (number + at) % ONE_OF == 0:
                    yield markup, count, place
                number += 1


def is_lost(before: str, after: str) -> bool:
    """Whether less than half of the text that was found without teasers is found with them."""
    a, b = grams(before), grams(after)
    return sum((a & b).values()) < LOST * sum(a.values())


def ours(markup: str) -> str:
    """rasd's body of a page."""
    return getattr(extract(a_page(markup, entry=None), SOURCE), "body", "")


# ── pages and teasers ─────────────────────────────────────────────────────────────────────────


def real_pages() -> Iterator[RealPage]:
    """The pages whose true text stands in one element, that element marked."""
    for name in SETS:
        for line in (DATA / "html" / name / "manifest.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            text = row["expected"].get("text")
            body = gzip.decompress((DATA / "html" / name / row["file"]).read_bytes())
            if text and (marked := mark_text(body, text)):
                yield RealPage(f"{name}/{row['file']}", marked, text, ours(marked))


def mark_text(body: bytes, text: str) -> str | None:
    """The page with its text's element and one paragraph marked; None where it has no such."""
    try:
        tree = lxml.html.document_fromstring(body.decode("utf-8"))
    except (ValueError, lxml.etree.ParserError):
        return None
    stands = place_of(tree, text)
    if stands is None or stands[0].tag == "body":
        return None
    box, paragraphs = stands
    box.set("data-box", "")
    paragraphs[len(paragraphs) // 2].set("data-middle", "")
    return "<!doctype html>" + lxml.html.tostring(tree, encoding="unicode")


def with_teasers(page: RealPage, teasers: str, place: str) -> str:
    """The page with teasers behind its text's element, at its end, or between its paragraphs."""
    tree = lxml.html.document_fromstring(page.markup)
    put: list[HtmlElement] = lxml.html.fragments_fromstring(teasers)
    box, middle = tree.xpath("//*[@data-box]")[0], tree.xpath("//*[@data-middle]")[0]
    if place == "at the end":
        box.extend(put)
    else:
        for node in reversed(put):
            put_behind(box if place == "after" else middle, node)
    return "<!doctype html>" + lxml.html.tostring(tree, encoding="unicode")


def put_behind(before: HtmlElement, node: HtmlElement) -> None:
    """Put an element behind another and its tail."""
    node.tail, before.tail = before.tail, None
    before.addnext(node)


def teaser_of(number: int, text: str) -> Teaser:
    """A teaser made of a story's beginning: a title, and an excerpt that may be cut."""
    words = re.findall(r"\S+", text)
    titled = TITLE_WORDS[0] + number % (TITLE_WORDS[1] - TITLE_WORDS[0])
    told = EXCERPT_WORDS[0] + (number * 7) % (EXCERPT_WORDS[1] - EXCERPT_WORDS[0])
    title = " ".join(words[:titled])[:MAX_TITLE]
    excerpt = " ".join(words[titled : titled + told])[:MAX_EXCERPT]
    end = (".", "…", " [...]")[number % 3]
    return Teaser(number, escape(title.rstrip(".,:;")), escape(excerpt.rstrip(".,:;")) + end)


# ── markups ───────────────────────────────────────────────────────────────────────────────────


def set_in(item: str, *, inside: str = "<div>{}</div>") -> Markup:
    """A markup that repeats one item: its pieces are the teaser's fields."""
    return lambda teasers: inside.format(
        "".join(
            item.format(n=t.number, url=t.url, title=t.title, excerpt=t.excerpt) for t in teasers
        )
    )


MARKUPS: dict[str, Markup] = {
    "unnamed div": set_in(
        "<div><h3><a href='{url}'>{title}</a></h3><p>{excerpt}</p></div>",
        inside="<div class='row'>{}</div>",
    ),
    "list": set_in(
        "<li><h4><a href='{url}'>{title}</a></h4><p>{excerpt}</p></li>", inside="<ul>{}</ul>"
    ),
    "article": set_in(
        "<article><h3><a href='{url}'>{title}</a></h3><p>{excerpt}</p></article>",
        inside="<section>{}</section>",
    ),
    "numbered classes": set_in(
        "<div class='item item_0_{n} post-9{n}'><div class='k1'><a href='{url}'><img src='/{n}.jpg'>"
        "</a></div><div class='k2'><h2 class='t{n}'><a href='{url}'>{title}</a></h2><time>28/11/2026"
        "</time><div class='k3'>{excerpt}</div></div></div>"
    ),
    "named related": set_in(
        "<article class='post'><a href='{url}'><img src='/{n}.jpg'></a><h3><a href='{url}'>{title}"
        "</a></h3><p>{excerpt} <a href='{url}'>Read</a></p></article>",
        inside="<div class='related-posts'><h2>More</h2>{}</div>",
    ),
    "linked card": set_in(
        "<div class='c'><a href='{url}'><h3>{title}</h3><p>{excerpt}</p></a></div>",
        inside="<div class='cs'>{}</div>",
    ),
    "table": set_in(
        "<tr><td><a href='{url}'><img src='/{n}.jpg'></a></td><td><a href='{url}'><b>{title}</b></a>"
        "<br>{excerpt}</td></tr>",
        inside="<table>{}</table>",
    ),
    "title and paragraph": set_in("<h3><a href='{url}'>{title}</a></h3><p>{excerpt}</p>"),
}


if __name__ == "__main__":
    main()
