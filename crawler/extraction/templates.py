"""Learned templates: news sites print every article into one mould, so later pages are read by place.

::

    page ─► slow reading ─► Sample (selectors that find body, headline, date here) ─┐
                                                             five that agree ─► Template
    page + Template ─► lines in that place ─► doubts? ─► slow reading instead
                                   doubts pile up ─► the template is retired, and learned anew

Pure. A sample names places by every selector that would have found them and nothing else; what holds
on most pages of a source is its template. No page is trusted for being like the last: what is short,
full of links, without its headline or one of every ``CHECKED`` is compared with the slow reading.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.model import Sample, Template

SAMPLES, AGREED = 5, 0.8  # pages a template is learned from, and the share of them that must agree
# … among so many in a row: where most pages need a second opinion, no place is to be trusted
WINDOW = 8
CHECKED = 20  # one page of so many is read slowly as well
AGREEMENT = 0.95  # of the two readings' characters; below it they differ
VERDICTS, DOUBTS, RUN = 8, 5, 3  # retired at five doubts in eight pages, or three in a row
ANCESTORS = 4  # further up than that, names are no longer the place's own
DEEPEST = 40  # steps of the whole way from the top; deeper places are named or not found
PAIRED = 6  # places that are tried as the first of two
NAMES = 4  # of one element; more make selectors that only differ in length

_DUE = (0x10000 // CHECKED).to_bytes(2)
_STABLE = re.compile(
    r"(?!.*\d{3})[A-Za-z_][\w-]{0,60}", re.ASCII
)  # post-2668 names a page, no place


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A template that no longer fits its source's pages, and why it is believed so."""

    source: str
    version: int
    reason: str


def selectors(tree: LexborHTMLParser, node: LexborNode) -> tuple[str, ...]:
    """Every selector of ours that finds this element and no other in the tree, the plainest first."""
    found = []
    for candidate in dict.fromkeys(_candidates(node)):
        hits = tree.css(candidate)
        if len(hits) == 1 and hits[0].mem_id == node.mem_id:
            found.append(candidate)
    return tuple(found)


def _candidates(node: LexborNode) -> Iterator[str]:
    tails = _named(node) or [node.tag or "*"]
    yield from tails
    tail, placed, above = tails[0], _placed(node), node.parent
    for _ in range(ANCESTORS):
        if above is None or above.tag in (None, "html"):
            return
        for name in _named(above) or [above.tag or "*"]:
            yield f"{name} > {tail}"
            yield f"{name} > {placed}"
        tail, placed = f"{above.tag} > {tail}", f"{_placed(above)} > {placed}"
        above = above.parent
    yield from _whole_way(
        node
    )  # the last resort of pages laid out in tables, where nothing has a name


def _named(node: LexborNode) -> list[str]:
    attributes = node.attrs
    names = [f"#{name}" for name in [attributes.get("id") or ""] if _STABLE.fullmatch(name)]
    classes = [c for c in (attributes.get("class") or "").split() if _STABLE.fullmatch(c)][:NAMES]
    names += [f"{node.tag}.{name}" for name in classes]
    names += [f"{node.tag}." + ".".join(classes)] if len(classes) > 1 else []
    if (kind := attributes.get("itemprop") or "") and _STABLE.fullmatch(kind):
        names.append(f"{node.tag}[itemprop={kind}]")
    return names


def _placed(node: LexborNode) -> str:
    number, before = 1, node.prev
    while before is not None:
        number += bool(before.is_element_node)
        before = before.prev
    return f"{node.tag}:nth-child({number})"


def _whole_way(node: LexborNode) -> Iterator[str]:
    steps, here = list[str](), node
    while here.tag != "body" and len(steps) < DEEPEST:
        steps.append(_placed(here))
        if here.parent is None:
            return
        here = here.parent
    if here.tag == "body":
        yield " > ".join(["body", *reversed(steps)])


def checksum(line: str) -> int:
    """What a line is known by from page to page."""
    return zlib.crc32(line.encode("utf-8", "replace"))


def without_furniture(template: Template, paragraphs: Sequence[str]) -> list[str]:
    """The lines that are not said word for word by most pages of the source; all, where none is left."""
    if not template.furniture:
        return list(paragraphs)
    own = [line for line in paragraphs if checksum(line) not in template.furniture]
    return own or list(paragraphs)


def needs_verification(url: str) -> bool:
    """Whether this page is among those that are read slowly as well: chosen by its address, so that
    reading a page again comes to the same. A checksum will not do: of addresses that count up it takes runs."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=2).digest() < _DUE


def learn(source: str, version: int, samples: Sequence[Sample]) -> Template | None:
    """The places that most of these pages agree on; None where the body has none."""
    need = AGREED * len(samples)
    body = _agreed([s.body for s in samples], need)
    if body is None or len(samples) < SAMPLES:
        return None
    there = [s for s in samples if not _parts(body).isdisjoint(s.body)]
    return Template(
        source=source,
        version=version,
        body=body,
        headline=_agreed([s.headline for s in samples], need),
        date=_agreed([s.date for s in samples], need),
        length=min(s.length for s in there),
        linked=max(s.linked for s in there),
        share=min(s.share for s in there),
        furniture=_furniture(there, need),
    )


def _furniture(samples: Sequence[Sample], need: float) -> tuple[int, ...]:
    said = Counter(line for sample in samples for line in set(sample.lines))
    return tuple(sorted(line for line, pages in said.items() if pages >= need))


def _agreed(places: Sequence[tuple[str, ...]], need: float) -> str | None:
    """The place that most pages have, else the two that most have one of: a source that prints its
    news into one mould and its opinions into another."""
    votes = Counter(name for names in places for name in names)
    newest_first = [name for names in reversed(places) for name in names]
    if one := next((name for name in newest_first if votes[name] >= need), None):
        return one
    for first in sorted(dict.fromkeys(newest_first), key=lambda name: -votes[name])[:PAIRED]:
        others = [names for names in places if first not in names]
        left = Counter(name for names in others for name in names)
        for second in newest_first:
            if min(votes[first], left[second]) > 1 and votes[first] + left[second] >= need:
                return f"{first}, {second}"
    return None


def _parts(body: str) -> frozenset[str]:
    return frozenset(body.split(", "))


class TemplateLearner:
    """The templates in use, and what their pages have said of them. Knows no clock and no archive."""

    def __init__(
        self, templates: Iterable[Template] = (), versions: Iterable[tuple[str, int]] = ()
    ) -> None:
        self._templates = {template.source: template for template in templates}
        self._versions = dict(versions) | {t.source: t.version for t in self._templates.values()}
        self._samples: dict[str, deque[Sample | None]] = {}  # None: a page that taught nothing
        self._verdicts: dict[str, deque[str]] = {}

    def of(self, source: str) -> Template | None:
        """The source's template, where one is in use."""
        return self._templates.get(source)

    def observe(
        self, source: str, *, read_by: Template | None, sample: Sample | None, doubt: str
    ) -> Template | Drift | None:
        """Take what one page taught; a new Template or a Drift where that changed something.

        ``read_by`` is the template the page was read with: pages still under way when it was
        retired say nothing about its successor.
        """
        current = self._templates.get(source)
        if sample is not None or read_by is None:
            self._samples.setdefault(source, deque(maxlen=WINDOW)).append(sample)
        if current is None:
            return self._try_to_learn(source)
        if read_by is None or read_by.version != current.version:
            return None
        verdicts = self._verdicts.setdefault(source, deque(maxlen=VERDICTS))
        verdicts.append(doubt)
        doubts = [said for said in verdicts if said]
        run = list(verdicts)[-RUN:]
        if len(doubts) < DOUBTS and not (len(run) == RUN and all(run)):
            return None
        return self._retire(current, doubts)

    def _try_to_learn(self, source: str) -> Template | None:
        samples = [s for s in self._samples.get(source, ()) if s is not None][-SAMPLES:]
        if len(samples) < SAMPLES:
            return None
        template = learn(source, self._versions.get(source, 0) + 1, samples)
        if template is not None:
            self._templates[source] = template
            self._versions[source] = template.version
            self._verdicts.pop(source, None)
        return template

    def _retire(self, template: Template, doubts: Sequence[str]) -> Drift:
        source = template.source
        del self._templates[source]
        old = list(self._samples.get(source, ()))[-RUN:]  # what was sampled since the doubts began
        self._samples[source] = deque(old, maxlen=WINDOW)
        reason = Counter(doubts).most_common(1)[0][0]
        return Drift(source=source, version=template.version, reason=reason)
