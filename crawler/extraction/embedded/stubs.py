"""Whether a text is the whole of which a page shows a stub, and the share of words in common.
Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawler.extraction import html, metadata
from crawler.extraction.embedded.paragraphs import find_article_text, split_glued
from crawler.extraction.embedded.scripts import find_values

# a text elsewhere must be so much longer than what the page shows to be preferred …
MIN_FULLER_RATIO = 1.3
MAX_STUB_CHARACTERS = 100  # characters; what is shorter is a notice in place of the text
MIN_OVERLAP = 0.7  # … and hold so much of it: a stub and its whole, not two articles
# the same of data, which have captions too, for a page that shows more than a paragraph
MIN_DRAWN_RATIO, MIN_DRAWN_OVERLAP, MIN_DRAWN_CHARACTERS = 1.5, 0.8, 300
MAX_HALF_RENDERED_CHARACTERS = 1_500  # characters; a page that shows more is not looked into

_WORD = re.compile(r"\w+")


def find_framework_text(shown: Sequence[str], written: bytes, titles: Sequence[str]) -> list[str]:
    """The paragraphs that the page's scripts have and of which it shows a part or nothing; empty
    if it shows enough, or if they have none.
    """
    if sum(map(len, shown)) >= MAX_HALF_RENDERED_CHARACTERS:
        return []
    values = find_values(written)
    whole = find_article_text(values, titles, to_lines, shown)
    drawn = sum(map(len, shown)) >= MIN_DRAWN_CHARACTERS
    share = MIN_DRAWN_OVERLAP if drawn else MIN_OVERLAP
    return whole if _is_fuller(whole, shown, MIN_DRAWN_RATIO, share) else []


def find_whole(shown: Sequence[str], markup: str) -> list[str]:
    """The paragraphs of a text written elsewhere, if the shown ones are a stub of it; else
    empty.
    """
    if len(markup) <= MIN_FULLER_RATIO * sum(map(len, shown)):
        return []
    whole = [piece for line in to_lines(markup) for piece in split_glued(line)]
    return whole if _is_fuller(whole, shown) else []


def is_shown(shown: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the page shows words of a text, and these are the text's."""
    return bool(shown) and overlap(shown, whole) >= MIN_OVERLAP


def to_lines(markup: str) -> list[str]:
    """The lines of a piece of markup that are not empty."""
    lines = metadata.markup_to_text(markup).splitlines()
    return [line for raw in lines if (line := html.squeeze(raw))]


def overlap(part: Sequence[str], whole: Sequence[str]) -> float:
    """The share of a text's words that the other one has too."""
    a, b = _count_words(part), _count_words(whole)
    return sum((a & b).values()) / max(sum(a.values()), 1)


def agreement(a: Sequence[str], b: Sequence[str]) -> float:
    """The share of words that two texts have in common, 0–1."""
    if a == b:
        return 1.0
    x, y = _count_words(a), _count_words(b)
    return 2 * sum((x & y).values()) / max(sum(x.values()) + sum(y.values()), 1)


def _is_fuller(
    whole: Sequence[str],
    part: Sequence[str],
    ratio: float = MIN_FULLER_RATIO,
    share: float = MIN_OVERLAP,
) -> bool:
    """Whether a text is much longer than what the page shows, and has all of it."""
    size = sum(map(len, part))
    return sum(map(len, whole)) > ratio * size and (
        size < MAX_STUB_CHARACTERS or overlap(part, whole) >= share
    )


def _count_words(paragraphs: Sequence[str]) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(paragraphs)))
