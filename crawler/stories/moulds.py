"""Whether two texts that are nearly the same are one template about different events. Pure.

Two telegrams congratulate two presidents in the same words; two bulletins give the temperatures of
two days. Where such texts differ, each has names or figures that the other has nowhere::

    to his Excellency President Amadou Diallo on the national day of the Republic of Guinea
    to his Excellency President Ion Rusu     on the national day of the Republic of Moldova

A copy that was edited differs in other ways as well: words are added, left out, put another way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from crawler.stories.wording import Wording

MAX_ALIGNED_WORDS = 400  # of each text; a template is shorter
MAX_SWAPPED_WORDS = 6  # of each text in one place: more are another sentence
MIN_LETTERS = 3  # of a name: particles are shorter
SAME_WORD = 0.5  # of the letters: two spellings or forms of one word share more
MIN_SWAPS = 2  # a name that recurs and one more …
MIN_SHORT_SWAPS = 3  # … or so many of a short text, in which names don't recur
MIN_FIGURES = 3  # one or two are a mistake put right, or another count of the same thing


@dataclass(slots=True)
class _Differences:
    """What stands in the places where two texts differ."""

    places: int = 0
    with_names: int = 0  # places where each has words that the other has nowhere
    with_figures: int = 0
    ours: set[str] = field(default_factory=set)  # such words
    theirs: set[str] = field(default_factory=set)
    name_recurs: bool = False

    def are_names(self, least: int) -> bool:
        """Whether most places are filled with words of their own, so many at least."""
        return min(len(self.ours), len(self.theirs)) >= least and 2 * self.with_names > self.places

    def are_figures(self, least: int) -> bool:
        """Whether most places are filled with other figures, so many at least."""
        return self.with_figures >= least and 2 * self.with_figures > self.places


def differ(a: Wording, b: Wording, *, are_short: bool) -> bool:
    """Whether two texts with many words in common tell different events."""
    found = _differences(a, b)
    if found.name_recurs and found.are_names(MIN_SWAPS):
        return True
    if not are_short:
        return found.are_figures(MIN_FIGURES)
    own_words = min(len(found.ours), len(found.theirs))
    names = own_words >= MIN_SHORT_SWAPS and found.with_names >= max(2, found.places / 2)
    return found.with_figures > 0 or names


def _differences(a: Wording, b: Wording) -> _Differences:
    ours, theirs = _counts(a), _counts(b)
    found = _Differences()
    for some, others in _places(a.words, b.words):
        found.places += 1
        own = [word for word in some if word not in theirs]
        other = [word for word in others if word not in ours]
        found.with_figures += _have_figure(own) and _have_figure(other)
        swaps = _swaps(own, other)
        found.with_names += bool(swaps)
        found.ours.update(x for x, _ in swaps)
        found.theirs.update(y for _, y in swaps)
        found.name_recurs |= any(ours[x] > 1 and theirs[y] > 1 for x, y in swaps)
    return found


def _places(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The words of each in every place where the texts differ; one of them may have none there."""
    a, b = a[:MAX_ALIGNED_WORDS], b[:MAX_ALIGNED_WORDS]
    for tag, i, j, k, n in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield a[i:j], b[k:n]


def _swaps(own: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """Each word with each that stands in its place, unless they are too many or alike."""
    if max(len(own), len(other)) > MAX_SWAPPED_WORDS:
        return []
    return [(x, y) for x in _names(own) for y in _names(other) if not _are_alike(x, y)]


def _names(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= MIN_LETTERS and not word.isdecimal()]


def _are_alike(x: str, y: str) -> bool:
    return SequenceMatcher(None, x, y).ratio() >= SAME_WORD


def _have_figure(words: Collection[str]) -> bool:
    return any(word.isdecimal() for word in words)


def _counts(wording: Wording) -> Counter[str]:
    return Counter((*wording.words, *wording.headline.split(" ")))
