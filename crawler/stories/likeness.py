"""Whether two articles are copies of one text, told from their words. Pure.

Compared are shingles, exactly. Two texts are copies if they share most of them (``copy``), if one
is an abridgement of the other (``abridgement``), or if they are short and few words differ
(``short``); under one headline less is enough (``headline``). No copies are

- texts of one template about different events: where they differ, each has names or figures of its
  own (congratulations to two presidents, the weather of two days);
- different stories under the headline of one column;
- a text and another that quotes it, or a round-up that has it as one of its items: the shorter one
  does not begin where the longer one does.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from crawler.stories import moulds
from crawler.stories.wording import SHINGLE_WORDS, Wording, sequence

Likeness = Literal["copy", "abridgement", "short", "headline"]
# Of the shingles of both texts, those they share. Agency copies with another first line are above.
COPY_SHARE = 0.61
ABRIDGEMENT_SHARE = 0.805  # of the shorter text's shingles, those that the longer one has
LONG_ABRIDGEMENT = 0.45  # of the longer text's length: no quotation is as long
MAX_OPENING_WORDS = 60  # of the longer text, among which the shorter one begins
HEADLINE_SHARE = 0.2  # of the shorter text's shingles, under one headline of two outlets …
COLUMN_SHARE = 0.5  # … and of one, whose column it may be, with the same words around other news
SHORT_WORDS = 60  # a changed word changes five shingles, which is much of a short text
SHORT_SHARE = 0.85  # of the words, those that stand in both in one order


def compare(a: Wording, b: Wording) -> Likeness | None:
    """What makes two articles copies; None if they are none."""
    same_headline = a.headline == b.headline
    if not (a.has_text and b.has_text):
        return "headline" if _same_teaser(a, b, same_headline=same_headline) else None
    if a.words == b.words:
        return "copy"
    likeness = _by_text(a, b) or _by_headline(a, b, same_headline=same_headline)
    are_short = max(len(a.words), len(b.words)) <= SHORT_WORDS
    if likeness is None or moulds.differ(a, b, are_short=are_short):
        return None
    return likeness


def shares(a: Wording, b: Wording) -> tuple[float, float]:
    """Of the shingles of both texts those they share, and of the shorter text's shingles: 0–1."""
    common = len(a.shingles & b.shingles)
    least = min(len(a.shingles), len(b.shingles))
    if not least:
        return 0.0, 0.0
    return common / (len(a.shingles) + len(b.shingles) - common), common / least


def _by_text(a: Wording, b: Wording) -> Likeness | None:
    shared, contained = shares(a, b)
    if shared >= COPY_SHARE:
        return "copy"
    shorter, longer = sorted((a, b), key=lambda one: len(one.words))
    if contained >= ABRIDGEMENT_SHARE and _begins_in(shorter, longer):
        return "abridgement"
    if len(longer.words) <= SHORT_WORDS and _in_one_order(a, b) >= SHORT_SHARE:
        return "short"
    return None


def _by_headline(a: Wording, b: Wording, *, same_headline: bool) -> Likeness | None:
    least = COLUMN_SHARE if a.source == b.source else HEADLINE_SHARE
    if same_headline and a.has_headline and shares(a, b)[1] >= least:
        return "headline"
    return None


def _same_teaser(a: Wording, b: Wording, *, same_headline: bool) -> bool:
    """Without a text, the headline decides, unless one outlet has it over different teasers: then
    it is that of a column."""
    if not (same_headline and a.has_headline):
        return False
    return a.source != b.source or a.words == b.words


def _begins_in(shorter: Wording, longer: Wording) -> bool:
    """Whether the longer text goes on where the shorter one ends: it begins with its beginning, or
    is not much longer."""
    if len(shorter.words) >= LONG_ABRIDGEMENT * len(longer.words):
        return True
    opening = set(sequence(longer.words[: MAX_OPENING_WORDS + SHINGLE_WORDS]))
    quarter = max(len(shorter.words) // 4, 2 * SHINGLE_WORDS) + SHINGLE_WORDS
    return not opening.isdisjoint(sequence(shorter.words[:quarter]))


def _in_one_order(a: Wording, b: Wording) -> float:
    return SequenceMatcher(None, a.words, b.words, autojunk=False).ratio()
