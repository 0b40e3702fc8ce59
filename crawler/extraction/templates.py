"""Learn where a source's articles are: news sites use one template for every article. Pure.

::

    page ─► slow reading ─► Sample (selectors that find body, headline, date) ─┐
                                                      five that agree ─► Template
    page + Template ─► lines in that place ─► doubts? ─► slow reading instead
                                   too many doubts ─► the template is retired and learned anew

A sample has every selector that finds its element and nothing else; those that most pages of a
source share are its template. A page is read slowly too if the text in the template's place is
short, linked or lacks its headline, and for one of every ``VERIFY_EVERY`` URLs. State is in memory
only.
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

SAMPLES_NEEDED, MIN_AGREED_SHARE = (
    5,
    0.8,
)  # pages a template is learned from, and the share of them that must agree
# … among so many in a row: where most pages need a second opinion, no place is to be trusted
SAMPLE_WINDOW = 8
VERIFY_EVERY = 20  # one page of so many is read slowly as well
MIN_AGREEMENT = 0.95  # of the two readings' characters; below it they differ
VERDICT_WINDOW, MAX_DOUBTS, MAX_DOUBT_RUN = (
    8,
    5,
    3,
)  # retired at five doubts in eight pages, or three in a row
TEXT_BESIDE = "text stands beside its place"  # a doubt of which two in the window are enough
MAX_TEXT_BESIDE = 2
MIN_EXCERPT_CHARACTERS = 80  # characters of a paragraph that boxes show of other stories
MAX_ANCESTORS = 4  # further up than that, names are no longer the place's own
MAX_SELECTOR_STEPS = 40  # steps of the whole way from the top; deeper places are named or not found
MAX_PAIRED_PLACES = 6  # places that are tried as the first of two
MAX_CLASS_NAMES = 4  # of one element; more make selectors that only differ in length

_VERIFY_BELOW = (0x10000 // VERIFY_EVERY).to_bytes(2)
_STABLE_NAME = re.compile(
    r"(?!.*\d{3})[A-Za-z_][\w-]{0,60}", re.ASCII
)  # post-2668 names a page, no place


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredTemplate:
    """A template that no longer fits its source's pages, and the most frequent reason."""

    source: str
    version: int
    reason: str


def unique_selectors(tree: LexborHTMLParser, node: LexborNode) -> tuple[str, ...]:
    """All selectors that find this element and no other in the tree, simplest first."""
    tails = _name_selectors(node) or [node.tag or "*"]
    alone = _finds_only(tree, tails[0], node)

    def finds_it(selector: str) -> bool:
        # What narrows a selector that finds this element alone finds no other; looking through the
        # whole page takes long.
        if alone and selector.endswith(f" > {tails[0]}"):
            return node.css_matches(selector)
        return alone if selector == tails[0] else _finds_only(tree, selector, node)

    return tuple(filter(finds_it, dict.fromkeys(_candidates(node, tails))))


def _finds_only(tree: LexborHTMLParser, selector: str, node: LexborNode) -> bool:
    hits = tree.css(selector)
    return len(hits) == 1 and hits[0].mem_id == node.mem_id


def _candidates(node: LexborNode, tails: Sequence[str]) -> Iterator[str]:
    yield from tails
    tail, placed, above = tails[0], _nth_child(node), node.parent
    for _ in range(MAX_ANCESTORS):
        if above is None or above.tag in (None, "html"):
            return
        for name in _name_selectors(above) or [above.tag or "*"]:
            yield f"{name} > {tail}"
            yield f"{name} > {placed}"
        tail, placed = f"{above.tag} > {tail}", f"{_nth_child(above)} > {placed}"
        above = above.parent
    yield from _path_from_body(
        node
    )  # the last resort of pages laid out in tables, where nothing has a name


def _name_selectors(node: LexborNode) -> list[str]:
    attributes = node.attrs
    names = [f"#{name}" for name in [attributes.get("id") or ""] if _STABLE_NAME.fullmatch(name)]
    classes = [c for c in (attributes.get("class") or "").split() if _STABLE_NAME.fullmatch(c)][
        :MAX_CLASS_NAMES
    ]
    names += [f"{node.tag}.{name}" for name in classes]
    names += [f"{node.tag}." + ".".join(classes)] if len(classes) > 1 else []
    if (kind := attributes.get("itemprop") or "") and _STABLE_NAME.fullmatch(kind):
        names.append(f"{node.tag}[itemprop={kind}]")
    return names


def _nth_child(node: LexborNode) -> str:
    number, before = 1, node.prev
    while before is not None:
        number += bool(before.is_element_node)
        before = before.prev
    return f"{node.tag}:nth-child({number})"


def _path_from_body(node: LexborNode) -> Iterator[str]:
    steps, here = list[str](), node
    while here.tag != "body" and len(steps) < MAX_SELECTOR_STEPS:
        steps.append(_nth_child(here))
        if here.parent is None:
            return
        here = here.parent
    if here.tag == "body":
        yield " > ".join(["body", *reversed(steps)])


def checksum(line: str) -> int:
    """A checksum by which a line is recognised on other pages."""
    return zlib.crc32(line.encode("utf-8", "replace"))


def remove_furniture(template: Template, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs that most pages of the source do not repeat; all of them if none would be
    left. A long first one stays: other pages may have shown it as their box's excerpt.
    """
    kept = 1 if paragraphs and len(paragraphs[0]) >= MIN_EXCERPT_CHARACTERS else 0
    left = own_lines(template, paragraphs[kept:])
    return [*paragraphs[:kept], *left] if kept or left else list(paragraphs)


def own_lines(template: Template, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs that most pages of the source do not repeat."""
    furniture = frozenset(template.furniture)
    return [line for line in paragraphs if not furniture or checksum(line) not in furniture]


def needs_verification(url: str) -> bool:
    """Whether the page is read slowly as well, decided by its URL, so that the result is
    repeatable.

    A checksum would not do: for consecutive URLs it selects runs.
    """
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=2).digest() < _VERIFY_BELOW


def learn_template(source: str, version: int, samples: Sequence[Sample]) -> Template | None:
    """The selectors that most of these pages agree on, or None if they have none for the body."""
    need = MIN_AGREED_SHARE * len(samples)
    body = _most_common([s.body for s in samples], need)
    if body is None or len(samples) < SAMPLES_NEEDED:
        return None
    there = [s for s in samples if not _parts(body).isdisjoint(s.body)]
    return Template(
        source=source,
        version=version,
        body=body,
        headline=_most_common([s.headline for s in samples], need),
        date=_most_common([s.date for s in samples], need),
        length=min(s.length for s in there),
        linked=max(s.linked for s in there),
        share=min(s.share for s in there),
        furniture=_furniture(there, need),
        beside=tuple(sorted({kind for s in samples for kind in s.beside})),
    )


def _furniture(samples: Sequence[Sample], need: float) -> tuple[int, ...]:
    said = Counter(line for sample in samples for line in set(sample.lines))
    return tuple(sorted(line for line, pages in said.items() if pages >= need))


def _most_common(places: Sequence[tuple[str, ...]], need: float) -> str | None:
    """The selector that most pages have, or two of which most pages have one.

    Two occur if a source has different templates for news and opinions.
    """
    votes = Counter(name for names in places for name in names)
    newest_first = [name for names in reversed(places) for name in names]
    if one := next((name for name in newest_first if votes[name] >= need), None):
        return one
    for first in sorted(dict.fromkeys(newest_first), key=lambda name: -votes[name])[
        :MAX_PAIRED_PLACES
    ]:
        others = [names for names in places if first not in names]
        left = Counter(name for names in others for name in names)
        for second in newest_first:
            if min(votes[first], left[second]) > 1 and votes[first] + left[second] >= need:
                return f"{first}, {second}"
    return None


def _parts(body: str) -> frozenset[str]:
    return frozenset(body.split(", "))


class TemplateLearner:
    """The templates in use, and the samples and doubts of their pages. State is in memory only."""

    def __init__(
        self, templates: Iterable[Template] = (), versions: Iterable[tuple[str, int]] = ()
    ) -> None:
        self._templates = {template.source: template for template in templates}
        self._versions = dict(versions) | {t.source: t.version for t in self._templates.values()}
        self._samples: dict[str, deque[Sample | None]] = {}  # None: a page that taught nothing
        self._verdicts: dict[str, deque[str]] = {}

    def current(self, source: str) -> Template | None:
        """The source's template in use, or None."""
        return self._templates.get(source)

    def observe(
        self, source: str, *, read_by: Template | None, sample: Sample | None, doubt: str
    ) -> Template | RetiredTemplate | None:
        """Record what a page taught; return the template if one was learned or retired by that,
        else None.

        ``read_by`` is the template that was used: a page that was still being read when its
        template was retired says nothing about the next one.
        """
        current = self._templates.get(source)
        if sample is not None or read_by is None:
            self._samples.setdefault(source, deque(maxlen=SAMPLE_WINDOW)).append(sample)
        if current is None:
            return self._try_to_learn(source)
        if read_by is None or read_by.version != current.version:
            return None
        verdicts = self._verdicts.setdefault(source, deque(maxlen=VERDICT_WINDOW))
        verdicts.append(doubt)
        doubts = [said for said in verdicts if said]
        run = list(verdicts)[-MAX_DOUBT_RUN:]
        moved = doubts.count(TEXT_BESIDE) >= MAX_TEXT_BESIDE
        if len(doubts) < MAX_DOUBTS and not moved and not (len(run) == MAX_DOUBT_RUN and all(run)):
            return None
        return self._retire(current, doubts)

    def _try_to_learn(self, source: str) -> Template | None:
        samples = [s for s in self._samples.get(source, ()) if s is not None][-SAMPLES_NEEDED:]
        if len(samples) < SAMPLES_NEEDED:
            return None
        template = learn_template(source, self._versions.get(source, 0) + 1, samples)
        if template is not None:
            self._templates[source] = template
            self._versions[source] = template.version
            self._verdicts.pop(source, None)
        return template

    def _retire(self, template: Template, doubts: Sequence[str]) -> RetiredTemplate:
        source = template.source
        del self._templates[source]
        old = list(self._samples.get(source, ()))[
            -MAX_DOUBT_RUN:
        ]  # what was sampled since the doubts began
        self._samples[source] = deque(old, maxlen=SAMPLE_WINDOW)
        reason = Counter(doubts).most_common(1)[0][0]
        return RetiredTemplate(source=source, version=template.version, reason=reason)
