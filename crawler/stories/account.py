"""What a story tells: who had it first, who copied it and how much later, and what each changed.
Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from crawler.languages import folded_text
from crawler.model import ArchivedArticle
from crawler.stories import copies, likeness, wording
from crawler.stories.wording import Wording

How = Literal["copy", "abridged", "extended", "rewritten"]
WHOLE = 0.95  # of the shorter text's shingles, those that the longer one has: nothing was changed
LONGER = 1.1  # times as many words; a line of an agency's name is no addition
LEFT = 0.5  # of a paragraph's shingles, those that the other text has: it has the paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """An article of a story beside the one that leads it."""

    article: ArchivedArticle
    delay: timedelta  # below zero: dated earlier, and not believed to be the first
    is_timed: bool  # whether both have a time of day; otherwise the delay is one of days
    how: How
    dropped: tuple[str, ...]  # paragraphs of the leading article that it has not …
    added: tuple[str, ...]  # … and those of its own; none of either if it was rewritten


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAccount:
    """A story: the article that leads it, the others by time, and how many each country has."""

    number: int
    first: ArchivedArticle
    others: tuple[Retelling, ...]
    countries: Mapping[str, int]  # articles by country, the most first; "": not known


def account(
    number: int,
    articles: Sequence[ArchivedArticle],
    texts: Mapping[int, int],
    countries: Mapping[str, str],
) -> StoryAccount:
    """What the articles of one story tell.

    ``texts``: the text that each article has, by its id; ``countries``: by source.
    """
    (story,) = copies.group(articles)
    first = story.lead
    of_country = Counter(countries.get(kept.article.source, "") for kept in articles)
    return StoryAccount(
        number=number,
        first=first,
        others=tuple(
            _retelling(first, kept, is_same=texts[kept.id] == texts[first.id])
            for kept in story.copies
        ),
        countries=dict(sorted(of_country.items(), key=lambda one: (-one[1], one[0]))),
    )


def _retelling(first: ArchivedArticle, kept: ArchivedArticle, *, is_same: bool) -> Retelling:
    ours, theirs = (wording.of_article(one.article) for one in (first, kept))
    return Retelling(
        article=kept,
        delay=copies.reported_at(kept) - copies.reported_at(first),
        is_timed=_has_time(first) and _has_time(kept),
        how=_how(ours, theirs) if is_same else "rewritten",
        dropped=tuple(_missing(first, theirs)) if is_same else (),
        added=tuple(_missing(kept, ours)) if is_same else (),
    )


def _how(first: Wording, other: Wording) -> How:
    """Nothing is called abridged in which other words were changed as well."""
    _, contained = likeness.shares(first, other)
    if contained >= WHOLE and len(first.words) >= LONGER * len(other.words):
        return "abridged"
    if contained >= WHOLE and len(other.words) >= LONGER * len(first.words):
        return "extended"
    return "copy"


def _missing(kept: ArchivedArticle, other: Wording) -> Iterator[str]:
    """The paragraphs of an article that another text has not."""
    for paragraph in kept.article.body.split("\n\n"):
        words = folded_text(paragraph).split()
        shingles = wording.sequence(words)
        if shingles and sum(one in other.shingles for one in shingles) < LEFT * len(shingles):
            yield " ".join(paragraph.split())


def _has_time(kept: ArchivedArticle) -> bool:
    published = kept.article.published
    return published is None or published.has_time
