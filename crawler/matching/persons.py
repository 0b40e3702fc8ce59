"""Surname coreference: after a full name, the surname alone means the same person. Pure.

::

    "وزير العدل عبد اللطيف وهبي … قال وهبي"      the second is the same minister
    "المدرب عبد الواحد العراقي … قال العراقي"      neither means the country
    "الوزير العراقي"                             the country, also in that text: it follows its noun

Full names are recognised by their structure (``languages.given_names``), not by a list of people.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from crawler.languages import Folded, folded_word, given_names, visible_text
from crawler.languages.names import LATIN_ARTICLES
from crawler.matching.term_index import Entry, Occurrence

_OF_ORIGIN = frozenset({"الاصل", "الجنسيه", "المولد", "المنشا"})  # behind an adjective: no surname
_ABD = frozenset({"عبد"})
_PREFIX_LETTERS = frozenset({"و", "ف", "ل", "ب"})


class Person(NamedTuple):
    """A person with a full name in the text: the surname's forms, and where the full name
    stands.
    """

    surname: frozenset[str]
    given: frozenset[str]  # plain words before the surname
    entry: Entry | None  # the term of an actor; None for anybody else
    named: str  # in full, as the text has it
    first: int  # the surname's word
    concept: str  # whose term the full name, or the demonym in it, is


def find_full_names(folded: Folded, finds: Sequence[Occurrence]) -> Iterator[Person]:
    """Yield the persons with a full name in the text: actors, and people whose surname is a
    demonym.
    """
    for find in finds:
        n = find.last
        if find.entry.surname_entry is not None:
            words = _given_names(folded, find.first, n)
            text = folded.original[folded.starts[find.first] : folded.ends[n]]
            surname = find.entry.surname_entry.pattern[0]
            yield Person(surname, words, find.entry, text, n, find.entry.concept)
        elif is_demonym(folded, find) and not _states_origin(folded, n):
            first = _full_name_start(folded, n)
            if first is not None:
                words = _given_names(folded, first, n)
                text = folded.original[folded.starts[first] : folded.ends[n]]
                yield Person(find.entry.demonym, words, None, text, n, find.entry.concept)


def is_demonym(folded: Folded, find: Occurrence) -> bool:
    """Whether the occurrence is a country's adjective in a form that may be a surname."""
    return not find.entry.demonym.isdisjoint(folded.forms[find.last])


def find_surnames(
    folded: Folded, people: Sequence[tuple[Person, int]], demonyms: Container[int]
) -> dict[int, Person]:
    """The words at which a surname stands for a person.

    Each person comes with the word after which the surname alone is accepted. ``demonyms`` are the
    words that may also be a country's adjective.
    """
    wanted = frozenset(form for person, _ in people for form in person.surname)
    found: dict[int, Person] = {}
    for n, forms in enumerate(folded.forms):
        if wanted.isdisjoint(forms):
            continue
        for person, after in people:
            if (
                n > after
                and not person.surname.isdisjoint(forms)
                and _is_bare(folded, n, person, n in demonyms)
            ):
                found[n] = person
                break
    return found


def _full_name_start(folded: Folded, n: int) -> int | None:
    """The first word of the full name that ends with this surname; None if it is not a full
    name.
    """
    if not _is_joined_to_next(folded, n - 1):
        return None
    if not given_names.is_arabic(folded.text(n)):
        article = n - 1
        if (
            folded.text(article) not in LATIN_ARTICLES
            or not _is_capital(folded, n)
            or not _is_joined_to_next(folded, n - 2)
        ):
            return None
        return (
            n - 2
            if given_names.is_given(_folded_word_at(folded, n - 2)) and _is_capital(folded, n - 2)
            else None
        )
    before = _folded_word_at(folded, n - 1)
    second = _folded_word_at(folded, n - 2) if _is_joined_to_next(folded, n - 2) else ""
    if _is_name(before):
        return n - 1
    if given_names.is_also_given(before) and (_is_name(second) or second in given_names.TITLES):
        return n - 1
    if _is_in(second, _ABD) and before.startswith("ال"):
        return n - 2
    if before == "الدين" and _is_in(second, given_names.BEFORE_ALDIN):
        return n - 2
    return n - 2 if _is_in(second, given_names.KUNYAS) and not before.startswith("ال") else None


def _is_bare(folded: Folded, n: int, person: Person, demonym: bool) -> bool:
    """Whether the surname stands alone: it is neither an adjective nor part of another person's
    name.
    """
    if not given_names.is_arabic(folded.text(n)):
        return _is_bare_in_latin(folded, n, person, demonym)
    before = _folded_word_at(folded, n - 1) if _is_joined_to_next(folded, n - 1) else ""
    titled = _without_article(before) in given_names.TITLES
    if before in person.given:
        return True
    if (
        demonym
        and not titled
        and (_is_definite(before) or before.endswith(("ه", "ها", "هم", "هما")))
    ):
        return False  # the adjective of the noun before it: نظيره العراقي
    if _is_name(before) or _is_in(before, given_names.KUNYAS) or _is_in(before, _ABD):
        return False
    if not _is_first(_folded_word_at(folded, n)):
        return True
    known = titled or _is_in(before, given_names.SPEECH_VERBS)
    return known and not (
        _is_joined_to_next(folded, n) and _is_first(_folded_word_at(folded, n + 1))
    )  # حسين is a first name of many


def _is_bare_in_latin(folded: Folded, n: int, person: Person, demonym: bool) -> bool:
    if not _is_capital(folded, n):
        return False
    k, article = n - 1, False
    if k >= 0 and _is_joined_to_next(folded, k) and folded.text(k) in LATIN_ARTICLES:
        k, article = k - 1, True
    before = folded.text(k) if k >= 0 and _is_joined_to_next(folded, k) else ""
    if before in given_names.TITLES or before in person.given:
        return True
    if demonym and not article:
        return False  # "Iraqi" alone stays the adjective
    if given_names.is_given(before):
        return False
    opens = k <= 0 or folded.sentence(k - 1) != folded.sentence(k)
    first = given_names.is_given(folded.text(n))
    if before and _is_capital(folded, k) and (first or not (opens or _is_loud(folded, k))):
        return False
    return not (first and _is_joined_to_next(folded, n) and _is_capital(folded, n + 1))


def _states_origin(folded: Folded, n: int) -> bool:
    return n + 1 < len(folded.forms) and _folded_word_at(folded, n + 1) in _OF_ORIGIN


def _is_name(word: str) -> bool:
    return given_names.is_given(word) or (
        word[:1] in _PREFIX_LETTERS and given_names.is_given(word[1:])
    )


def _is_in(word: str, table: Container[str]) -> bool:
    return word in table or (word[:1] in _PREFIX_LETTERS and word[1:] in table)


def _is_definite(word: str) -> bool:
    return word.removeprefix("و").startswith(("ال", "لل", "بال", "كال"))


def _without_article(word: str) -> str:
    """The word without its article and prefixes, as listed among titles."""
    for head in ("وال", "فال", "بال", "ال", "ولل", "لل"):
        if word.startswith(head):
            return word[len(head) :]
    return word


def _folded_word_at(folded: Folded, n: int) -> str:
    """The word as folded letters with its prefixes; "" outside the text."""
    return (
        folded_word(folded.original[folded.starts[n] : folded.ends[n]])
        if 0 <= n < len(folded.forms)
        else ""
    )


def _is_joined_to_next(folded: Folded, n: int) -> bool:
    """Whether only a space, a hyphen or an apostrophe separates the word from the next."""
    if not 0 <= n < len(folded.forms) - 1:
        return False
    between = folded.original[folded.ends[n] : folded.starts[n + 1]]
    if between != " ":
        between = visible_text(between)
        if len(between) > 3 or between.strip(" -‐‑'’."):
            return False
    return folded.sentence(n) == folded.sentence(n + 1)


def _given_names(folded: Folded, first: int, surname: int) -> frozenset[str]:
    """The plain given names; الدين of جمال الدين is not one by itself."""
    return frozenset(
        word
        for n in range(first, surname)
        if not (word := _folded_word_at(folded, n)).startswith("ال")
    )


def _is_first(word: str) -> bool:
    return _is_name(word) or given_names.is_also_given(word)


def _is_loud(folded: Folded, n: int) -> bool:
    """Whether the word is in capitals, as headlines may be."""
    return folded.original[folded.starts[n] : folded.ends[n]].isupper()


def _is_capital(folded: Folded, n: int) -> bool:
    return folded.original[folded.starts[n]].isupper()
