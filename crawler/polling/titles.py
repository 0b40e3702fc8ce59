"""Whether a title and a text, or two titles, are of one story, by the words that they share. Pure.

They are held to be of one story unless they surely are not: a title that was reworded keeps a
third of its words, and a text has as many of its title's, if both are in one language.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.languages import folded_text
from crawler.languages.detect import detect
from crawler.model import Article

MIN_WORDS = 4  # of a title, of three letters or more, to tell by
MAX_SHARE_OF_ANOTHER = 0.34  # of its words
MAX_COMPARED_CHARACTERS = 30_000  # of a text; what it is about stands at its beginning
_PROCLITICS = "وفبكل"  # of an Arabic word: والمغرب and بالمغرب are المغرب


def tells_of(title: str, article: Article, languages: Sequence[str]) -> bool:
    """Whether an article may be the one that a feed gave this title; ``languages``: its source's.

    True also where that can't be told: a short title, one in another language than the article.
    """
    words = _words(title)
    if len(words) < MIN_WORDS:
        return True
    text = "\n".join((article.headline, article.lead, article.body))[:MAX_COMPARED_CHARACTERS]
    if _shared(words, _words(text)) >= MAX_SHARE_OF_ANOTHER * len(words):
        return True
    spoken = detect(title, tuple(languages))
    return spoken != "und" and article.language not in (spoken, "und")


def are_apart(title: str, other: str) -> bool:
    """Whether neither of two titles is the other one, reworded; False if they are too short."""
    words, others = sorted((_words(title), _words(other)), key=len)
    return len(words) >= MIN_WORDS and _shared(words, others) < MAX_SHARE_OF_ANOTHER * len(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in folded_text(text).split() if len(word) > 2)


def _shared(words: frozenset[str], others: frozenset[str]) -> int:
    bare = {word.lstrip(_PROCLITICS) for word in others}
    return sum(word in others or word.lstrip(_PROCLITICS) in bare for word in words)
