"""Telling terms: words and phrases that example texts use more than other texts do. Pure.

The measure is that of corpus linguistics: the log-likelihood ratio (Dunning 1993, for two corpora
Rayson and Garside 2000) says how sure the difference is, the ratio of both frequencies how large. A
term also has to stand in examples of several events, so that one long report makes none.

Words are compared as matching folds them. Forms of one word are counted together, by the inflection
that covers most of the forms seen: barrage, barrages; سد, السدود stay two.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawler import languages
from crawler.evaluation.labelled import LabelledItem
from crawler.languages import Folded, fold
from crawler.languages.detect import detect
from crawler.model import Language

LONGEST_PHRASE = 3  # words
MIN_LIKELIHOOD = 10.83  # of chi-squared with one degree of freedom: p < 0.001
MIN_RATIO = 4.0  # times as frequent in the examples as elsewhere
MIN_EVENTS = 2
MIN_SHARE = (
    0.05  # of a language's examples: two of a hundred long articles share many words by chance
)
MAX_PER_TEXT = 2  # occurrences counted: a text repeats what it is about, and that is one text
# Without other texts nothing can be compared: then a term has to stand in so many of the examples.
MIN_SHARE_ALONE = 0.25
STOP_SHARE = 0.2  # a word in more of the other texts begins and ends no phrase
ENOUGH_TEXTS = 50  # other texts of a language, from which on they say what is a frequent word
PHRASE_SHARE = 0.8  # of a word's occurrences: the phrase then stands for the word
_VERBS = frozenset({"verb", "name"})  # need an infinitive, a name: neither can be seen in a word
_PLAIN = frozenset({"noun", "plural"})
_WITHIN_PHRASE = re.compile(r"[\s'’ʼ-]*")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingTerm:
    """A word or phrase, as the examples write it, and how often it stands where.

    ``inflect`` names an inflection for each word, "" for none. ``likelihood`` is 0 where there was
    nothing to compare with.
    """

    text: str
    language: Language
    inflect: tuple[str, ...]
    likelihood: float
    texts: int
    of_texts: int
    elsewhere: int
    of_elsewhere: int

    @property
    def share_elsewhere(self) -> float:
        """The share of the other texts in this language that have it."""
        return self.elsewhere / self.of_elsewhere if self.of_elsewhere else 0.0


def language_of(item: LabelledItem) -> Language:
    """The language that the text names, else the one that it is in."""
    return item.language or detect(f"{item.title}\n{item.text}", ())


def find_telling_terms(
    examples: Iterable[LabelledItem],
    others: Iterable[LabelledItem],
    *,
    min_likelihood: float = MIN_LIKELIHOOD,
) -> list[TellingTerm]:
    """The telling terms of each language, the surest first; none of a language without examples."""
    elsewhere = _by_language(others)
    terms = [
        term
        for language, items in _by_language(examples).items()
        for term in _Counts(language, items, elsewhere[language]).telling_terms(min_likelihood)
    ]
    return sorted(terms, key=lambda t: (-t.likelihood, -t.texts, t.text))


def _by_language(items: Iterable[LabelledItem]) -> dict[Language, list[LabelledItem]]:
    found: dict[Language, list[LabelledItem]] = defaultdict(list)
    for item in items:
        found[language_of(item)].append(item)
    found.pop("und", None)
    return found


@dataclass(slots=True)
class _Seen:
    """Where a word or phrase was seen."""

    occurrences: int = 0
    texts: int = 0
    events: set[str] = field(default_factory=set)
    others: int = 0  # occurrences elsewhere
    other_texts: int = 0


class _Counts:
    """The words and phrases of one language's examples, and how often others have them."""

    def __init__(
        self, language: Language, examples: Sequence[LabelledItem], others: Sequence[LabelledItem]
    ) -> None:
        self.language, self.texts, self.other_texts = language, len(examples), 0
        self.words, self.other_words = 0, 0
        folded = [fold(part) for one in examples for part in (one.title, one.text)]
        self._lexemes = _Lexemes(language, folded, _keys(others))
        self._surfaces: dict[Words, Counter[str]] = defaultdict(Counter)
        self._seen: dict[Words, _Seen] = defaultdict(_Seen)
        for n, item in enumerate(examples):
            self._add_example(item, folded[2 * n : 2 * n + 2])
        for item in others:
            self._add_other(item)

    def _add_example(self, item: LabelledItem, parts: Sequence[Folded]) -> None:
        here: Counter[Words] = Counter()
        for part in parts:
            self.words += len(part.words)
            for run in self._lexemes.runs(part):
                for words, first, last in _phrases(run):
                    here[words] += 1
                    start, end = part.starts[first], part.ends[last]
                    self._surfaces[words][part.original[start:end]] += 1
        for words, count in here.items():
            seen = self._seen[words]
            seen.occurrences += min(count, MAX_PER_TEXT)
            seen.texts += 1
            seen.events.add(item.cluster or item.id)

    def _add_other(self, item: LabelledItem) -> None:
        """Count the examples' words and phrases in another text."""
        here: Counter[Words] = Counter()
        self.other_texts += 1
        for part in (fold(item.title), fold(item.text)):
            self.other_words += len(part.words)
            for run in self._lexemes.runs(part):
                here.update(self._known_phrases(run))
        for words, count in here.items():
            self._seen[words].others += min(count, MAX_PER_TEXT)
            self._seen[words].other_texts += 1

    def _known_phrases(self, run: Sequence[tuple[str, int]]) -> Iterator[Words]:
        """What the examples have, too; few words of another text are among them."""
        known = [(word,) in self._seen for word, _ in run]
        for first in range(len(run)):
            words: Words = ()
            for n in range(first, min(first + LONGEST_PHRASE, len(run))):
                words = (*words, run[n][0])
                if not known[n] or words not in self._seen:
                    break
                yield words

    def telling_terms(self, min_likelihood: float) -> Iterator[TellingTerm]:
        """Each word or phrase that passes, unless a part of it tells as much."""
        stops = frozenset(self._stop_words())
        kept: dict[Words, float] = {}
        for words in sorted(self._seen, key=lambda one: (len(one), one)):
            if words[0] in stops or words[-1] in stops:
                continue
            likelihood = self._likelihood(words)
            if likelihood is None or (self.other_words and likelihood < min_likelihood):
                continue
            parts = [part for part in _parts(words) if part in kept]
            if all(self._is_replaced(part, words) for part in parts):
                for part in parts:
                    del kept[part]
                kept[words] = likelihood
        for words, likelihood in kept.items():
            yield self._term(words, likelihood)

    def _stop_words(self) -> Iterator[str]:
        enough = self.other_texts >= ENOUGH_TEXTS
        frequent = _frequent_words(self.language)
        for words, seen in self._seen.items():
            share = seen.other_texts / self.other_texts if self.other_texts else 0.0
            if len(words) == 1 and (
                share > STOP_SHARE
                or (words[0] in frequent and not enough)
                or _begins_with_proclitic(words[0], frequent)
                or len(words[0]) < 2
                or words[0].isdigit()
            ):
                yield words[0]

    def _likelihood(self, words: Words) -> float | None:
        """The log-likelihood ratio of a term; None of one that is too rare or not much more
        frequent here.
        """
        seen = self._seen[words]
        if len(seen.events) < max(MIN_EVENTS, MIN_SHARE * self.texts):
            return None
        if not self.other_words:
            return 0.0 if seen.texts >= MIN_SHARE_ALONE * self.texts else None
        here, there = seen.occurrences / self.words, max(seen.others, 0.5) / self.other_words
        if here < MIN_RATIO * there:
            return None
        return log_likelihood(seen.occurrences, self.words, seen.others, self.other_words)

    def _is_replaced(self, part: Words, whole: Words) -> bool:
        """Whether the longer term says what its part says, and is the rarer elsewhere."""
        a, b = self._seen[part], self._seen[whole]
        return b.occurrences >= PHRASE_SHARE * a.occurrences and b.other_texts < a.other_texts

    def _term(self, words: Words, likelihood: float) -> TellingTerm:
        seen = self._seen[words]
        return TellingTerm(
            text=_written(self._surfaces[words], words),
            language=self.language,
            inflect=tuple(self._lexemes.inflection(word) for word in words),
            likelihood=round(likelihood, 1),
            texts=seen.texts,
            of_texts=self.texts,
            elsewhere=seen.other_texts,
            of_elsewhere=self.other_texts,
        )


def log_likelihood(here: int, words_here: int, there: int, words_there: int) -> float:
    """G² of a term in two corpora, by its occurrences and all words of each; 0 for equal rates.

    >>> round(log_likelihood(12, 1_000, 20, 100_000), 1)
    68.8
    """
    rate = (here + there) / (words_here + words_there)
    found = ((here, words_here * rate), (there, words_there * rate))
    return 2 * sum(seen * math.log(seen / expected) for seen, expected in found if seen)


class _Lexemes:
    """Forms of one word as one word: the shortest that an inflection makes the others from."""

    def __init__(
        self, language: Language, texts: Sequence[Folded], elsewhere: Mapping[str, int]
    ) -> None:
        tables = {one.code: one.inflections for one in languages.LANGUAGES}
        self._language = language
        # on a tie the plainer one: what a noun does, an adjective does as well
        names = set(tables.get(language, {})) - _VERBS
        self._names = sorted(names, key=lambda name: (name not in _PLAIN, name))
        counts = Counter(key for text in texts for key, _ in text.words)
        self._of: dict[str, str] = {}
        self._inflections: dict[str, str] = {}
        for word in sorted(counts, key=lambda w: (len(w), w)):
            if word not in self._of and len(word) > 2 and not word.isdigit():
                name, forms = self._family(word, counts)
                self._inflections[word] = name
                self._of |= dict.fromkeys(forms, word)
        self._readings = self._without_proclitics(texts, counts + Counter(elsewhere))

    def _family(self, word: str, counts: Mapping[str, int]) -> tuple[str, set[str]]:
        """The inflection that makes most forms that are seen and in no family yet."""
        best, most = "", {word}
        for name in self._names:
            made = {languages.unaccented(f) for f in languages.inflect(word, name, self._language)}
            forms = {word} | {form for form in made if form in counts and form not in self._of}
            if len(forms) > len(most):
                best, most = name, forms
        return best, most

    @staticmethod
    def _without_proclitics(texts: Sequence[Folded], counts: Mapping[str, int]) -> dict[str, str]:
        """Word → the reading of it that is more often seen: وبغداد → بغداد."""
        readings = {key: forms for text in texts for key, forms in text.words if len(forms) > 1}
        found: dict[str, str] = {}
        for key, forms in readings.items():
            seen = [f for f in forms if counts.get(f, 0) >= counts[key] and f != key]
            if seen:
                found[key] = max(seen, key=lambda f: (counts[f], f))
        return found

    def inflection(self, word: str) -> str:
        """The name of the inflection that a lexeme was gathered by; "" if only one form is seen."""
        return self._inflections.get(word, "")

    def runs(self, text: Folded) -> Iterator[list[tuple[str, int]]]:
        """The words between marks of punctuation, as lexemes with their number in the text."""
        run: list[tuple[str, int]] = []
        for n, (key, forms) in enumerate(text.words):
            gap = text.original[text.ends[n - 1] : text.starts[n]] if n else ""
            if run and not _WITHIN_PHRASE.fullmatch(gap):
                yield run
                run = []
            run.append((self._lexeme(key, forms), n))
        if run:
            yield run

    def _lexeme(self, key: str, forms: frozenset[str]) -> str:
        known = key if key in self._of else self._readings.get(key, key)
        if known not in self._of and len(forms) > 1:
            known = next((f for f in sorted(forms, key=len) if f in self._of), known)
        known = self._readings.get(known, known)
        return self._of.get(known, known)


def _keys(items: Iterable[LabelledItem]) -> Counter[str]:
    """How often each word stands in these texts."""
    texts = (part for item in items for part in (item.title, item.text))
    return Counter(key for text in texts for key, _ in fold(text).words)


def _phrases(run: Sequence[tuple[str, int]]) -> Iterator[tuple[Words, int, int]]:
    """All runs of one to three words, each with the numbers of its first and last word."""
    for first in range(len(run)):
        for last in range(first, min(first + LONGEST_PHRASE, len(run))):
            yield tuple(word for word, _ in run[first : last + 1]), run[first][1], run[last][1]


def _parts(words: Words) -> Iterator[Words]:
    """All shorter runs within a phrase."""
    for size in range(1, len(words)):
        for first in range(len(words) - size + 1):
            yield words[first : first + size]


def _written(surfaces: Counter[str], words: Words) -> str:
    """How the lexicon writes it: as the texts do, in lower case if that is seen, without what
    stands before an Arabic word: بطنجة → طنجة.
    """
    best = min(
        surfaces,
        key=lambda s: (
            tuple(t.text for t in fold(s).tokens) != words,
            s != s.lower() and s.lower() in surfaces,
            s.isupper() and len(surfaces) > 1,
            len(s),
            -surfaces[s],
            s,
        ),
    )
    first = fold(best).words[0][0]
    if first != words[0] and first.endswith(words[0]):
        best = best[len(first) - len(words[0]) :]
    return " ".join(best.split())


def _begins_with_proclitic(word: str, frequent: frozenset[str]) -> bool:
    """Whether it is a frequent word behind a letter that is written together with it: وأن."""
    readings = {form for _, forms in fold(word).words for form in forms}
    return any(form in frequent and len(form) < len(word) for form in readings)


def _frequent_words(language: Language) -> frozenset[str]:
    tables = (one.words for one in languages.LANGUAGES if one.code == language)
    return frozenset(token.text for words in tables for token in fold(words).tokens)
