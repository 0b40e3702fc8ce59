"""What a person means by the words of a search: their other forms, spellings and synonyms. Pure.

``expand`` rewrites a tree with nodes that it has already: a word becomes an OR of words. So what
evaluates a query knows nothing of expansions. Only what is typed into a search is expanded; rules
of topics and saved searches are read as they are written, and so is what stands in quotes.

>>> from crawler.query import parse, write
>>> write(expand(parse("convention"), Knowledge()).query)
'convention OR "conventions"'
>>> expand(parse('"convention"'), Knowledge()).also
()
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawler import languages
from crawler.languages import folded_word
from crawler.query.parser import parse
from crawler.query.suggestions import refuse_concepts
from crawler.query.tree import (
    And,
    Or,
    Phrase,
    Query,
    SentenceWithout,
    Word,
    map_children,
)

Occurring = Callable[[Collection[str]], Collection[str]]
"""Those of the plain words that stand in some text of the archive; maybe some that don't."""
MAX_FORMS = 40  # that are added to one word: more are none that a reader would check
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_THOUSANDS = re.compile("[0-9]{3}")
_FIRST_DIGITS = re.compile("[1-9][0-9]{0,2}")
_ELIDED = frozenset("c d j l m n qu s t".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What an installation knows of words.

    ``occurring`` None: nothing is known of the archive; then all regular forms are taken, and none
    that depends on another.
    """

    occurring: Occurring | None = None
    bridges: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A query with what was added to it."""

    query: Query | None  # None: nothing was asked
    also: tuple[str, ...]  # words and phrases as they are typed, in the order of the query


def read(
    written: str | None, concepts: Collection[str], known: Knowledge, *, as_typed: bool = False
) -> Expanded:
    """The query as somebody typed it, with the other forms of its words unless they are meant
    ``as_typed``. No words: no query.

    ``concepts`` are those of the lexicon. Raises QueryError with the place of a mistake.
    """
    if written is None or not written.strip():
        return Expanded(query=None, also=())
    asked = parse(written)
    refuse_concepts(asked, written, concepts)
    return Expanded(query=asked, also=()) if as_typed else expand(asked, known)


def expand(asked: Query, known: Knowledge) -> Expanded:
    """The query with the other forms of its words. Raises nothing: what is unknown stays."""
    expander = _Expander(known)
    expanded = expander.expand(asked)
    return Expanded(query=expanded, also=tuple(dict.fromkeys(expander.also)))


class _Expander:
    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self.also: list[str] = []

    def expand(self, node: Query) -> Query:
        match node:
            case Word(text, "forms"):
                return self.either(node, _number(text) or self.forms(text))
            case Phrase(words, "forms"):
                return self.phrase(node, words)
            case And(parts):
                return _all([self.expand(part) for part in _join_numbers(parts)])
            case SentenceWithout(left, right):
                return SentenceWithout(self.expand(left), right)
        return map_children(node, self.expand)

    def phrase(self, node: Phrase, words: tuple[str, ...]) -> Query:
        """A number with separators; a word behind an elided article (l'accord); else as it is."""
        if _is_grouped(words):
            return self.either(node, [("".join(words),)])
        if len(words) == 2 and words[0] in _ELIDED:
            return self.either(node, [(words[1],), *self.forms(words[1])])
        return node

    def forms(self, word: str) -> Sequence[tuple[str, ...]]:
        """The other forms of a word, those that occur if that is known."""
        found = languages.variants(word) if word.isalpha() else ()
        candidates = dict.fromkeys(form for v in found for form in (v.form, *v.unless))
        there = self.occurring(tuple(candidates))
        knows = self.known.occurring is not None
        kept = [
            v.form
            for v in found
            if v.form in there and (there.isdisjoint(v.unless) if knows else not v.unless)
        ]
        unique = {folded_word(form): form for form in reversed(kept)}
        unique.pop(folded_word(word), None)
        return [(form,) for form in reversed(unique.values())][:MAX_FORMS]

    def occurring(self, words: Collection[str]) -> frozenset[str]:
        occurring = self.known.occurring
        return frozenset(words if occurring is None else occurring(words) if words else ())

    def either(self, node: Query, others: Sequence[tuple[str, ...]]) -> Query:
        """The node or one of these words and phrases, which are noted."""
        if not others:
            return node
        self.also += [" ".join(words) for words in others]
        exact = [Word(w[0], "exact") if len(w) == 1 else Phrase(w) for w in others]
        return Or((node, *exact))


def _number(word: str) -> Sequence[tuple[str, ...]]:
    """A number of four digits or more with its thousands apart: 1200 → 1 200; years aren't."""
    if not (word.isascii() and word.isdigit()) or len(word) < 4 or _YEAR.fullmatch(word):
        return []
    first = len(word) % 3 or 3
    return [(word[:first], *(word[n : n + 3] for n in range(first, len(word), 3)))]


def _is_grouped(words: Sequence[str]) -> bool:
    """Whether the words are a number in groups of three digits: 1.200, 10,000."""
    first, *rest = words
    return bool(rest) and _starts_number(first) and all(map(_THOUSANDS.fullmatch, rest))


def _starts_number(word: str) -> bool:
    return _FIRST_DIGITS.fullmatch(word) is not None


def _join_numbers(parts: tuple[Query, ...]) -> Iterator[Query]:
    """The parts of an AND, in which digits that were typed apart (10 000) are one number."""
    run: list[str] = []
    for part in parts:
        word = part.text if isinstance(part, Word) and part.spelling == "forms" else ""
        if run and _THOUSANDS.fullmatch(word):
            run.append(word)
            continue
        yield from _joined(run)
        run = [word] if _starts_number(word) else []
        if not run:
            yield part
    yield from _joined(run)


def _joined(run: list[str]) -> Iterator[Query]:
    if run:
        yield Phrase(tuple(run), "forms") if len(run) > 1 else Word(run[0])


def _all(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else And(tuple(parts))
