"""Mark the lines of a page that belong to other stories. Pure.

Teasers are found by ``teasers``. If a page had no text left without them, it is a list of stories,
and all of it stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.blocks import PageLines
from crawler.extraction.teasers import (
    MIN_TEASERS,
    TeaserFinder,
    is_prose_like,
)

RUN_WORDS = 4  # words by which a paragraph is recognised
MIN_MARKED_SHARE = 0.7  # share of a paragraph's runs of words from which it is a marked one
_WORD = re.compile(r"\w+")


def mark_other_stories(found: PageLines) -> None:
    """Mark the lines of teasers, in place."""
    if len(found.links) < MIN_TEASERS:
        return
    taken = TeaserFinder(found).teasers()
    others = (line for number, line in enumerate(found.lines) if number not in taken)
    if any(map(is_prose_like, others)):
        for number in taken:
            found.lines[number].aside = found.lines[number].foreign = True


def drop_foreign(found: PageLines, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, as another reader found them on the page, without those marked here."""
    marked = [_WORD.findall(line.text) for line in found.lines if line.foreign]
    if not marked:
        return list(paragraphs)
    known = {run for words in marked for run in _runs(words)}
    return [
        paragraph
        for paragraph in paragraphs
        if not (runs := _runs(_WORD.findall(paragraph)))
        or sum(run in known for run in runs) < MIN_MARKED_SHARE * len(runs)
    ]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each run of so many words; all of them, if they are fewer."""
    size = min(len(words), RUN_WORDS)
    return [tuple(words[n : n + size]) for n in range(len(words) - size + 1)] if words else []
