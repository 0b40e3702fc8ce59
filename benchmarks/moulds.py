"""Templates on moulds that are not of our making, and on four that are.

Each mould is made while this runs: of a real page of ``../shared/data/html`` its article is taken
out (the element whose paragraphs are the true text), and 40 pages are printed into what is left,
with other headlines, dates, side-bar links and 3–14 paragraphs of our own, in Arabic, French or
English. Three foreign pages (other sites' real ones) are mixed into each run; one mould is
another from its 21st page on.

Per mould: F1 by the template path and by the slow path on the same pages (the bar: not below slow −
0.002), the share of own pages read by template once it is learned, the share of those pages under
their own headline, and what drift was found when; then the headlines of all moulds (the bar: 99 %).

``python -m benchmarks.moulds``
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import fmean
from urllib.parse import urlsplit

import lxml.html
from lxml.html import HtmlElement

from benchmarks.presses import FRAMES, Copy, Press, copies, walled
from benchmarks.real_pages import DATA, f1
from crawler.extraction import article
from crawler.extraction.templates import RetiredTemplate, TemplateLearner
from crawler.model import Page
from tests.builders import a_page, a_source

SETS = {"aeb": 8, "fundus-us": 5, "readability": 5}  # real pages taken of each
RUN, CHANGED, FOREIGN = (
    40,
    20,
    (9, 18, 30),
)  # own pages; from where one mould is another; before which a foreign page stands
FULL, STUB = (3, 14), (1, 3)  # paragraphs of a page, and of one of which only the beginning is free
HEADLINE_BAR = 0.99  # of the own pages behind a learned template that have their own headline
BAR = 0.002  # of F1 that the template path may be below the slow path
COVERED = (
    0.95  # of a page's true text that must stand in one element's paragraphs to be taken out of it
)


@dataclass(frozen=True)
class Printed:
    """A page, its true text, and whether it is of the mould."""

    page: Page
    truth: str
    headline: str = ""
    own: bool = True


@dataclass
class Headlines:
    """How many headlines of own pages were right: behind a learned template, and read slowly."""

    pages: int = 0
    right: int = 0
    slow_right: int = 0


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not DATA.is_dir():
        sys.exit("the shared pages are not on this machine; nothing measured")
    real = list(presses())
    print(f"{'mould':44} {'template':>9} {'slow':>7} {'diff':>8}  by template  drift")
    failed, heads = 0, Headlines()
    for number, (name, press, foreign) in enumerate(real):
        failed += measured(name, run_of(name, press, None, foreign, number), heads)
    (_, first, foreign), (_, second, _) = real[0], real[1]
    failed += measured(
        "changes midway", run_of("changed", first, second, foreign, 77), heads, changed=True
    )
    for number, (name, frame) in enumerate(FRAMES.items()):
        printed = run_of(name, frame, None, real[number][2], 90 + number)
        failed += measured(f"ours: {name}", printed, heads)
    print(f"\n{failed} moulds below the bar or with drift where there was none")
    share = heads.right / max(heads.pages, 1)
    print(
        f"headlines: {heads.right} of {heads.pages} own pages behind a template under their own "
        f"({share:.1%}{'' if share >= HEADLINE_BAR else '  <<<'}); "
        f"slow path {heads.slow_right / max(heads.pages, 1):.1%}"
    )


def measured(name: str, printed: list[Printed], heads: Headlines, *, changed: bool = False) -> bool:
    """One line; whether the mould failed."""
    source, moulds = a_source(languages=("ar", "fr", "en")), TemplateLearner()
    by_template, slowly, places, drifts = list[float](), list[float](), 0, list[int]()
    learned, own, headed = 0, 0, 0
    for at, one in enumerate(printed):
        template = moulds.current(source.slug)
        found = article.extract_with_evidence(one.page, source, template=template)
        slow = article.extract_with_evidence(one.page, source)
        assert isinstance(found, article.Extracted) and isinstance(slow, article.Extracted)
        change = moulds.observe(
            source.slug, read_by=template, sample=found.sample, doubt=found.doubt
        )
        by_template.append(f1(found.article.body, one.truth))
        slowly.append(f1(slow.article.body, one.truth))
        own += one.own
        if template is not None and one.own:
            learned += 1
            places += found.article.reader == "template"
            headed += _same(found.article.headline, one.headline)
            heads.slow_right += _same(slow.article.headline, one.headline)
        if isinstance(change, RetiredTemplate):
            drifts.append(sum(p.own for p in printed[: at + 1]) - CHANGED if changed else own)
    heads.pages, heads.right = heads.pages + learned, heads.right + headed
    fast, all_slow = fmean(by_template), fmean(slowly)
    wrong = [d > 0 for d in drifts] != [True] if changed else bool(drifts)
    failed = fast < all_slow - BAR or wrong
    said = (
        "drift " + (", ".join(f"after {d} pages" for d in drifts) or "none")
        if learned
        else "no template: its text has no place of its own"
    )
    print(
        (
            f"{name[:44]:44} {fast:9.3f} {all_slow:7.3f} {fast - all_slow:+8.3f}  "
            f"{places:3}/{learned:<3} {places / max(learned, 1):4.0%}  "
            f"headlines {headed / max(learned, 1):4.0%}  "
            f"{said}{'  <<<' if failed else ''}"
        ),
        flush=True,
    )
    return failed


def run_of(
    name: str, press: Press, later: Press | None, foreign: list[Printed], seed: int
) -> list[Printed]:
    """The run of a mould: its own pages with the foreign ones between them."""
    host = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "mould"
    printed = []
    for number, copy in enumerate(copies(RUN, seed, STUB if press is walled else FULL)):
        if number in FOREIGN:
            odd = foreign[FOREIGN.index(number)]
            url = f"http://{host}.test/special/{number}"
            printed.append(replace(odd, page=replace(odd.page, url=url, requested_url=url)))
        made = later if later is not None and number >= CHANGED else press
        url = f"http://{host}.test/news/2026/{4000 + 7 * number}"
        page = a_page(made(copy), url=url, requested_url=url, entry=None)
        printed.append(Printed(page, "\n".join(copy.paragraphs), copy.headline))
    return printed


# ── moulds from real pages ────────────────────────────────────────────────────────────────────


def presses() -> Iterator[tuple[str, Press, list[Printed]]]:
    """(name, the press made of a real page, three other sites' pages), one a host."""
    taken = []
    for name, wanted in SETS.items():
        rows = [
            json.loads(line)
            for line in (DATA / "html" / name / "manifest.jsonl")
            .read_text(encoding="utf-8")
            .splitlines()
        ]
        rows = sorted(
            (r for r in rows if r["expected"].get("text")),
            key=lambda r: hashlib.sha256(r["file"].encode()).hexdigest(),
        )
        hosts: set[str] = set()
        for row in rows:
            host = urlsplit(row["url"] or "").hostname or row.get("publisher") or row["file"]
            body = gzip.decompress((DATA / "html" / name / row["file"]).read_bytes())
            press = None if host in hosts else press_of(body, row["expected"])
            if press is not None:
                hosts.add(host)
                taken.append(
                    (
                        f"{name} {host}",
                        press,
                        Printed(a_page(body, entry=None), row["expected"]["text"], own=False),
                    )
                )
            if len(hosts) == wanted:
                break
    for at, (label, press, _) in enumerate(taken):
        others = [taken[(at + step) % len(taken)][2] for step in (1, 3, 5)]
        yield label, press, others


def press_of(body: bytes, expected: dict[str, str]) -> Press | None:
    """A press made of a real page; None where its text cannot be taken out as one."""
    text, title = expected["text"], expected.get("title") or ""
    try:
        tree = lxml.html.document_fromstring(body.decode("utf-8"))
    except (ValueError, lxml.etree.ParserError):
        return None
    stands = place_of(tree, text)
    if stands is None:
        return None
    box, paragraphs = stands
    for n, paragraph in enumerate(paragraphs):
        paragraph.set("data-mould", f"p{n}")
    box.set("data-mould", "box")
    heads = [h for h in tree.iter("h1") if not title or _same(h.text_content(), title)][:1]
    for head in heads:
        head.set("data-mould", "head")
    frame = lxml.html.tostring(tree, encoding="unicode")
    return lambda copy: print_into(frame, copy)


def place_of(tree: HtmlElement, text: str) -> tuple[HtmlElement, list[HtmlElement]] | None:
    """The element whose own children are nearly all of the text, and those children."""
    whole = _letters(text)
    held: dict[HtmlElement, list[HtmlElement]] = {}
    for node in tree.iter("p", "div"):
        said = _letters(node.text_content())
        if len(said) > 30 and said in whole and (node.tag == "p" or not node.xpath(".//p|.//div")):
            held.setdefault(node.getparent(), []).append(node)
    best = max(
        held, key=lambda box: sum(len(_letters(p.text_content())) for p in held[box]), default=None
    )
    if best is None or len(held[best]) < 4:
        return None
    size = sum(len(_letters(p.text_content())) for p in held[best])
    return (best, held[best]) if size >= COVERED * len(whole) else None


def print_into(frame: str, copy: Copy) -> str:
    """The frame with this copy in it."""
    tree = lxml.html.document_fromstring(frame)
    box = tree.xpath("//*[@data-mould='box']")[0]
    old = tree.xpath("//*[starts-with(@data-mould,'p')]")
    for node, paragraph in zip(old, copy.paragraphs, strict=False):
        _say(node, paragraph)
    last = old[min(len(old), len(copy.paragraphs)) - 1]
    for node in old[len(copy.paragraphs) :]:
        node.getparent().remove(node)
    for paragraph in copy.paragraphs[len(old) :]:
        extra = lxml.html.Element(last.tag, {k: v for k, v in last.attrib.items() if k == "class"})
        extra.text = paragraph
        last.addnext(extra)
        last = extra
    inside = set(box.iter())
    _rename(tree, copy)
    _date(tree, copy)
    for number, link in enumerate(
        a
        for a in tree.iter("a")
        if a not in inside and len(a.text_content().strip()) > 25 and not len(a)
    ):
        link.text = copy.links[number % len(copy.links)]
    for node in tree.xpath("//*[@data-mould]"):
        del node.attrib["data-mould"]
    return "<!doctype html>" + lxml.html.tostring(tree, encoding="unicode")


def _rename(tree: HtmlElement, copy: Copy) -> None:
    for head in tree.xpath("//*[@data-mould='head']"):
        _say(head, copy.headline)
    for title in tree.iter("title"):
        cut = re.search(r"\s[|–—-]\s[^|–—-]{2,40}$", title.text or "")
        title.text = copy.headline + (cut[0] if cut else "")
    for meta in tree.xpath("//meta[contains(@property,'title') or contains(@name,'title')]"):
        meta.set("content", copy.headline)
    for script in tree.xpath("//script[@type='application/ld+json']"):
        said = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": copy.headline,
            "datePublished": copy.at.isoformat(),
        }
        script.text = json.dumps(said)


def _date(tree: HtmlElement, copy: Copy) -> None:
    for meta in tree.xpath(
        "//meta[contains(@property,'published_time') or contains(@property,'modified_time')]"
    ):
        meta.set("content", copy.at.isoformat())
    for moment in tree.iter("time"):
        moment.set("datetime", copy.at.isoformat())
        _say(moment, f"{copy.at:%d/%m/%Y %H:%M}")


def _say(node: HtmlElement, text: str) -> None:
    for child in list(node):
        node.remove(child)
    node.text = text


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _same(a: str, b: str) -> bool:
    return _letters(a) == _letters(b) != ""


if __name__ == "__main__":
    main()
