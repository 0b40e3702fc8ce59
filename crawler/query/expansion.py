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
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from crawler import languages
from crawler.languages import folded_word, given_names, is_frequent
from crawler.languages.given_names import is_arabic
from crawler.languages.names import LATIN_ARTICLES, are_spellings, bare_name, name_spellings
from crawler.query.parser import parse
from crawler.query.suggestions import refuse_concepts
from crawler.query.tree import (
    And,
    Near,
    Or,
    Phrase,
    Query,
    SentenceWithout,
    Word,
    map_children,
    walk,
)

Occurring = Callable[[Collection[str]], Collection[str]]
"""Those of the plain words that stand in some text of the archive; maybe some that don't."""
NAME_GAP = 2  # words between the parts of a name: Qasim Ali al-Araji
Surname = Sequence[str]
"""The spellings of somebody's surname that the lexicon has, as plain words, in both scripts."""
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
    persons: Callable[[], Collection[Surname]] = tuple
    bridges: Callable[[], Collection[Sequence[str]]] = tuple  # words, one said for the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A query with what was added to it."""

    query: Query | None  # None: nothing was asked
    also: tuple[str, ...]  # words and phrases as they are typed, in the order of the query


def read(
    written: str | None,
    concepts: Collection[str],
    known: Knowledge,
    *,
    as_typed: bool = False,
    bridged: bool = False,
) -> Expanded:
    """The query as somebody typed it, with the other forms of its words unless they are meant
    ``as_typed``, and if ``bridged`` with those of the same meaning. No words: no query.

    ``concepts`` are those of the lexicon. Raises QueryError with the place of a mistake.
    """
    if written is None or not written.strip():
        return Expanded(query=None, also=())
    asked = parse(written)
    refuse_concepts(asked, written, concepts)
    return Expanded(query=asked, also=()) if as_typed else expand(asked, known, bridged=bridged)


def expand(asked: Query, known: Knowledge, *, bridged: bool = False) -> Expanded:
    """The query with the other forms of its words and, if ``bridged``, words of the same meaning.
    What is unknown stays; nothing is raised."""
    expander = _Expander(known, bridged=bridged)
    expanded = expander.expand(asked)
    typed = {_key(node.text) for node in walk(asked) if isinstance(node, Word)}
    also = (one for one in dict.fromkeys(expander.also) if _key(one) not in typed)
    return Expanded(query=expanded, also=tuple(also))


class _Expander:
    def __init__(self, known: Knowledge, *, bridged: bool = False) -> None:
        self.known, self.bridged = known, bridged
        self.also: list[str] = []

    def expand(self, node: Query) -> Query:
        match node:
            case Word(text, "forms"):
                return self.either(node, _number(text) or self.meant(text))
            case Word(text, "name"):
                return self.either(node, self.spellings(text))
            case Phrase(words, "name"):
                return self.name(words)
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
        if len(words) == 2 and words[0] in LATIN_ARTICLES:
            others = self.spellings(words[1], is_sure=False)
            return self.either(node, [(words[1],), *others] if others else ())
        return node

    def name(self, words: tuple[str, ...]) -> Query:
        """A name of several words: each in any spelling, with an article or a name between."""
        named = [word for word in words if word not in LATIN_ARTICLES] or list(words)
        parts = [self.either(Word(word, "exact"), self.spellings(word)) for word in named]
        whole = parts[0]
        for part in parts[1:]:
            whole = Near(whole, part, NAME_GAP)
        return whole

    def meant(self, word: str) -> Sequence[tuple[str, ...]]:
        """The forms of a word and, if it is somebody's name, its spellings."""
        found = [*self.forms(word), *self.spellings(word, is_sure=False)]
        if self.bridged:
            found += self.bridge(word)
        return tuple(dict.fromkeys(found))[:MAX_FORMS]

    def bridge(self, word: str) -> Iterator[tuple[str, ...]]:
        """The words that bridges join to this one, in their forms."""
        own = {_key(word), *(_key(variant.form) for variant in languages.variants(word))}
        for bridge in self.known.bridges():
            members = [languages.plain_words(one) for one in bridge]
            if not any(len(words) == 1 and _key(words[0]) in own for words in members):
                continue
            for words in members:
                if len(words) > 1:
                    yield words
                elif _key(words[0]) not in own:
                    yield words
                    yield from self.forms(words[0])

    def spellings(self, name: str, *, is_sure: bool = True) -> Sequence[tuple[str, ...]]:
        """Other spellings of a name, those that occur; none of a word that need not be one."""
        if not name.isalpha() or (not is_sure and is_frequent(name)):
            return ()
        spelled = name_spellings(name)
        there = self.occurring(spelled)
        found = [one for one in spelled if one in there]
        if not is_sure:
            found = [*self.given(name, found), *self.surname(name, found)]
        return [(one,) for one in self.unlike(name, found)]

    def given(self, name: str, spelled: Sequence[str]) -> list[str]:
        """The spellings that are given names, of a given name."""
        return list(filter(_is_given, spelled)) if _is_given(name) else []

    def surname(self, name: str, spelled: Sequence[str]) -> list[str]:
        """The spellings of a surname that fit the person whom the lexicon knows by it."""
        known = [s for s in self.known.persons() if _is_of(name, s)] if spelled else []
        return [one for one in spelled if any(_fits(one, surname) for surname in known)]

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
        return [(form,) for form in self.unlike(word, kept)]

    def unlike(self, word: str, others: Sequence[str]) -> list[str]:
        """The words that differ from this one and each other when they are folded."""
        unique = {folded_word(other): other for other in reversed(others)}
        unique.pop(folded_word(word), None)
        return [*reversed(unique.values())][:MAX_FORMS]

    def occurring(self, words: Collection[str]) -> frozenset[str]:
        occurring = self.known.occurring
        if occurring is None or not words:
            return frozenset(words)
        return frozenset(occurring(words))

    def either(self, node: Query, others: Sequence[tuple[str, ...]]) -> Query:
        """The node or one of these words and phrases, which are noted."""
        if not others:
            return node
        self.also += [" ".join(words) for words in others]
        exact = [Word(w[0], "exact") if len(w) == 1 else Phrase(w) for w in others]
        return Or((node, *exact))


def _is_given(word: str) -> bool:
    return given_names.is_given(bare_name(word))


def _is_of(word: str, surname: Surname) -> bool:
    """Whether the word is the surname as it is spelled in the word's script."""
    script = [one for one in surname if is_arabic(one) == is_arabic(word)]
    return any(are_spellings(word, one) for one in script)


def _fits(word: str, surname: Surname) -> bool:
    """Whether the word spells the surname, in Arabic letters if the lexicon has those."""
    arabic = [one for one in surname if is_arabic(one)]
    return any(are_spellings(word, one) for one in arabic or surname)


def _key(word: str) -> str:
    """The word without its article, folded."""
    return folded_word(bare_name(word))


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
