"""A term tried out before it goes into the lexicon: all it will match, who holds it already, how broad it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.languages import fold, index_keys
from crawler.matching.term_index import Pattern, Vocabulary, patterns
from crawler.matching.topics import Concept, Term
from crawler.model import ArchivedArticle, Language

NAME = "term"  # the concept that a term on trial makes
TOO_BROAD = 0.02  # of all articles: one in fifty tells no story from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A concept that finds something in the term's own text: ``whole`` or only a part of it."""

    concept: str
    term: str  # as the lexicon writes it
    whole: bool
    only_in: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPreview:
    """What a term would match. Each pattern says per word the folded forms that fit."""

    term: Term
    patterns: tuple[Pattern, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where a term stands in the archive. ``more``: counting stopped at ``found``."""

    found: int
    articles: int  # in the whole archive
    more: bool
    by_source: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[Language, int], ...]
    written: tuple[tuple[str, int], ...]  # as the texts write it, commonest first

    @property
    def share(self) -> float:
        """Of all articles; at least this where counting stopped."""
        return self.found / self.articles if self.articles else 0.0

    @property
    def too_broad(self) -> bool:
        """Whether the term stands in so many articles that it tells little."""
        return self.share > TOO_BROAD


def concept(term: Term) -> Concept:
    """The term alone, as a concept that a query can ask for."""
    return Concept(name=NAME, title={"en": term.text}, terms=(term,))


def preview(term: Term, concepts: Mapping[str, Concept]) -> TermPreview:
    """Its patterns, and the concepts of the lexicon that already find it or a part of it."""
    folded = fold(term.text)
    last = len(folded.tokens) - 1
    found: dict[tuple[str, str, tuple[Language, ...]], bool] = {}
    for find in Vocabulary(concepts).terms.scan(folded):
        key = (find.entry.concept, find.entry.text, find.entry.only_in)
        found[key] = found.get(key, False) or (find.first == 0 and find.last == last)
    holders = [
        Holder(concept=concept, term=text, whole=whole, only_in=only_in)
        for (concept, text, only_in), whole in found.items()
    ]
    holders.sort(key=lambda h: (not h.whole, h.concept, h.term))
    return TermPreview(term=term, patterns=tuple(patterns(term)), holders=tuple(holders))


def unfolded(forms: frozenset[str]) -> list[str]:
    """Every index key whose word is read as one of these forms: with article and proclitics, shortest first."""
    keys = {key for form in forms for key in index_keys(form)}
    fitting = {key for key in keys if any(token.forms & forms for token in fold(key).tokens)}
    return sorted(fitting, key=lambda key: (len(key), key))


def spread(
    answers: Sequence[tuple[ArchivedArticle, Sequence[str]]], *, articles: int, limit: int
) -> Spread:
    """Where the term was found: each article with the term as its text writes it."""
    return Spread(
        found=len(answers),
        articles=articles,
        more=len(answers) >= limit,
        by_source=_common(kept.article.source for kept, _ in answers),
        by_language=_common(kept.article.language for kept, _ in answers),
        written=_common(text for _, texts in answers for text in texts),
    )


def _common(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(names)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
