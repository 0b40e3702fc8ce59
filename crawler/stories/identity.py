"""Which pages are one article: what a page says of its own address is held against what is stored.
Pure.

A page has the address where it was found, and may claim another one as its canonical address. The
claim is believed as long as every page that claims the address, and the page found there, tell the
same; otherwise each is an article of its own::

    found where an article was found ──────────────────────► that article
    claims what others claim, or is claimed by others ──┬──► tells the same: that article
                                                        └──► does not: an article of its own, and
                                                             the claim is disputed
    claims nothing, is not claimed ────────────────────────► an article of its own

A page whose address was corrected is the article that it was, at its new address, unless it tells
another story or has a label that it had not. Its entry in the feed has the guid that it had.

A page that is read again, because its feed shows something else there, is the article that it was,
unless it tells another story or has a label that it had not.

One text of a source under two addresses that differ in their parameters is one article: what
differs is the number of a session, or keeps stored copies from being used.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.languages import folded_text
from crawler.stories import fingerprint

SAME_SIMILARITY = 0.9  # share of shingles; the same text in another layout stays above it
RELATED_SIMILARITY = 0.5  # share of shingles; a story that was told on keeps as much of its text
_NAMES_ARTICLE = re.compile(r"/[^/]*(?:-[^/-]+-|\d{3})[^/]*$")  # words or a number, at its end
MAX_COMPARED = 8  # pages that claim one address, or have one headline, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """What is compared of an article."""

    number: int  # any number that names the article
    headline_key: int | None = None  # as ``headline_key`` makes it
    url_key: str  # of the address where it was found
    claimed_key: str | None = None  # of the canonical address, where that is another
    headline: str
    lead: str
    fingerprint: bytes  # empty: too short to compare
    labels: frozenset[tuple[str, str]] = frozenset()  # (topic, label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a page belongs."""

    same_as: int | None = None  # the number of the article that it is; None: a new one
    leads: bool = False  # that article, found elsewhere, belongs at the address of this page
    by_parameters: bool = False  # that article's address differs in its parameters alone
    disputed: frozenset[int] = frozenset()  # the articles whose claim is not believed any more


@dataclass(slots=True)
class KnownPages:
    """The articles among which new pages are placed, one after the other."""

    _found: dict[str, KnownPage] = field(default_factory=dict)
    _claiming: defaultdict[str, list[KnownPage]] = field(default_factory=lambda: defaultdict(list))
    _titled: defaultdict[int, list[KnownPage]] = field(default_factory=lambda: defaultdict(list))

    def add(self, pages: Iterable[KnownPage]) -> None:
        """Take these articles as known."""
        for page in pages:
            self._found.setdefault(page.url_key, page)
            if page.claimed_key is not None:
                self._claiming[page.claimed_key].append(page)
            if page.headline_key is not None:
                self._titled[page.headline_key].append(page)

    def place(self, page: KnownPage) -> Placement:
        """Where this page belongs; if it is a new article, it is known from now on."""
        if (known := self._found.get(page.url_key)) is not None:
            return Placement(same_as=known.number)
        claimants = list(self._claiming.get(page.url_key, ()))
        claimed = page.claimed_key
        target = self._found.get(claimed) if claimed is not None else None
        rivals = list(self._claiming.get(claimed, ())) if claimed is not None else []
        for other in (*claimants, *([target] if target else ()), *rivals):
            if tells_same(page, other):
                return self._joined(page, other)
        for other in self._same_text(page):
            if self._differ_in_parameters(page, other):
                self._found[page.url_key] = other
                return Placement(same_as=other.number, by_parameters=True)
        self.add([page])
        disputed = {other.number for other in (*claimants, *rivals)}
        if target is not None or rivals:
            disputed.add(page.number)
        return Placement(disputed=frozenset(disputed))

    def place_moved(self, page: KnownPage, earlier: Iterable[KnownPage]) -> Placement:
        """Where a page belongs whose address was corrected, perhaps; ``earlier``: the articles that
        its entry led to before."""
        if page.url_key not in self._found:
            for other in earlier:
                if tells_same(page, other) or adds_nothing(page, other):
                    self._found[page.url_key] = other
                    return Placement(same_as=other.number, leads=True)
        return self.place(page)

    def place_again(self, page: KnownPage, earlier: Iterable[KnownPage]) -> Placement:
        """Where a page belongs that is read again; ``earlier``: the articles found there before."""
        if (known := self._found.get(page.url_key)) is not None:
            return Placement(same_as=known.number)
        if same := self._same_text(page):  # a story that moved from one place to the next
            return Placement(same_as=same[0].number)
        for other in earlier:
            if tells_same(page, other) or adds_nothing(page, other):
                return Placement(same_as=other.number)
        self.add([page])
        return Placement()

    @staticmethod
    def _differ_in_parameters(page: KnownPage, other: KnownPage) -> bool:
        """Where the path does not name the article, a parameter may: then every word counts."""
        path = path_of(page.url_key)
        named = _NAMES_ARTICLE.search(path) is not None
        same_words = page.fingerprint == other.fingerprint
        return path == path_of(other.url_key) and (named or same_words)

    def _same_text(self, page: KnownPage) -> list[KnownPage]:
        """The articles of the source that tell the same, whatever their address."""
        titled = self._titled.get(page.headline_key, ()) if page.headline_key is not None else ()
        return [other for other in titled if tells_same(page, other)]

    def _joined(self, page: KnownPage, other: KnownPage) -> Placement:
        self._found[page.url_key] = other
        return Placement(same_as=other.number, leads=other.claimed_key == page.url_key)


@lru_cache(maxsize=64)  # asked for when a page is placed, and again when it is written
def headline_key(source: str, headline: str) -> int | None:
    """A number that is the same for one headline of a source; None without a headline.

    It has 64 bits, with a sign.
    """
    words = folded_text(headline)
    if not words:
        return None
    return int.from_bytes(hashlib.sha256(f"{source}\n{words}".encode()).digest()[:8], signed=True)


def path_of(url_key: str) -> str:
    """The key without its parameters and what was shown there."""
    return url_key.partition("#")[0].partition("?")[0]


def adds_nothing(page: KnownPage, earlier: KnownPage) -> bool:
    """Whether a page tells an earlier story again, with another headline or another text, and says
    nothing more of any topic."""
    same_headline = folded_text(page.headline) == folded_text(earlier.headline)
    likeness = fingerprint.similarity(page.fingerprint, earlier.fingerprint)
    related = same_headline or likeness >= RELATED_SIMILARITY
    return related and page.labels <= earlier.labels


def tells_same(page: KnownPage, other: KnownPage) -> bool:
    """Whether two pages have one headline and one text.

    Texts too short for a fingerprint are compared by their beginning.
    """
    if folded_text(page.headline) != folded_text(other.headline):
        return False
    if not page.fingerprint or not other.fingerprint:
        same_length = bool(page.fingerprint) == bool(other.fingerprint)
        return same_length and folded_text(page.lead) == folded_text(other.lead)
    return fingerprint.similarity(page.fingerprint, other.fingerprint) >= SAME_SIMILARITY
