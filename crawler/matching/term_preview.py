"""Preview a term before it is added to the lexicon: its forms, overlaps, and how broad it is.
Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.languages import fold, index_keys
from crawler.matching.term_index import Pattern, Vocabulary, term_patterns
from crawler.matching.topics import Concept, Term
from crawler.model import ArchivedArticle, Language

PREVIEW_CONCEPT = "term"  # the concept that a term on trial makes
MAX_TERM_SHARE = 0.02  # of all articles: one in fifty tells no story from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A concept that finds the term's own text already, ``whole`` or only a part of it."""

    concept: str
    term: str  # as the lexicon writes it
    whole: bool
    only_in: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPreview:
    """What a term would match; each pattern has the matching folded forms of each word."""

    term: Term
    patterns: tuple[Pattern, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where the archive has a term. With ``more``, counting stopped at ``found``."""

    found: int
    articles: int  # in the whole archive
    more: bool
    by_source: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[Language, int], ...]
    written: tuple[tuple[str, int], ...]  # as the texts write it, commonest first

    @property
    def share(self) -> float:
        """The share of all articles, 0–1; a lower bound if counting stopped."""
        return self.found / self.articles if self.articles else 0.0

    @property
    def too_broad(self) -> bool:
        """Whether so many articles have the term that it distinguishes little."""
        return self.share > MAX_TERM_SHARE


def preview_concept(term: Term) -> Concept:
    """The term as a concept of its own, for a query."""
    return Concept(name=PREVIEW_CONCEPT, title={"en": term.text}, terms=(term,))


def preview_term(term: Term, concepts: Mapping[str, Concept]) -> TermPreview:
    """The term's patterns, and the concepts that find it or a part of it already."""
    folded = fold(term.text)
    last = len(folded.tokens) - 1
    found: dict[tuple[str, str, tuple[Language, ...]], bool] = {}
    for find in Vocabulary(concepts).term_index.scan(folded):
        key = (find.entry.concept, find.entry.text, find.entry.only_in)
        found[key] = found.get(key, False) or (find.first == 0 and find.last == last)
    holders = [
        Holder(concept=concept, term=text, whole=whole, only_in=only_in)
        for (concept, text, only_in), whole in found.items()
    ]
    holders.sort(key=lambda h: (not h.whole, h.concept, h.term))
    return TermPreview(term=term, patterns=tuple(term_patterns(term)), holders=tuple(holders))


def matching_keys(forms: frozenset[str]) -> list[str]:
    """All index keys of words that have one of these forms, with articles and proclitics,
    shortest first.
    """
    keys = {key for form in forms for key in index_keys(form)}
    fitting = {key for key in keys if any(token.forms & forms for token in fold(key).tokens)}
    return sorted(fitting, key=lambda key: (len(key), key))


def count_spread(
    answers: Sequence[tuple[ArchivedArticle, Sequence[str]]], *, articles: int, limit: int
) -> Spread:
    """Count where the term was found; each article comes with the spellings that its text uses."""
    return Spread(
        found=len(answers),
        articles=articles,
        more=len(answers) >= limit,
        by_source=_count_names(kept.article.source for kept, _ in answers),
        by_language=_count_names(kept.article.language for kept, _ in answers),
        written=_count_names(text for _, texts in answers for text in texts),
    )


def _count_names(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(names)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
