"""Persons in a text: whom it names in full, it may name by the bare surname from there on. Pure.

::

    "وزير العدل عبد اللطيف وهبي … قال وهبي"      the second is the same minister
    "المدرب عبد الواحد العراقي … قال العراقي"      neither is the country whose adjective the surname is
    "الوزير العراقي"                             is the country's, also in that text: it follows its noun

What is a full name follows from how names are built (``languages.given``), not from a list of people.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from crawler.languages import Folded, folded_word, given_names, visible_text
from crawler.matching.term_index import ARTICLES, Entry, Find

_OF_ORIGIN = frozenset({"الاصل", "الجنسيه", "المولد", "المنشا"})  # behind an adjective: no surname
_SLAVE = frozenset({"عبد"})
_WRITTEN_ON = frozenset({"و", "ف", "ل", "ب"})


class Person(NamedTuple):
    """Somebody named in full: the forms of the surname, and where the text named him."""

    surname: frozenset[str]
    given: frozenset[str]  # plain words before the surname
    entry: Entry | None  # the term of an actor; None for anybody else
    named: str  # in full, as the text has it
    first: int  # the surname's word


def named(folded: Folded, finds: Sequence[Find]) -> Iterator[Person]:
    """The persons whom a text names in full: its actors, and who bears a country's adjective as a name."""
    for find in finds:
        n = find.last
        if find.entry.bare is not None:
            words = _given(folded, find.first, n)
            text = folded.original[folded.starts[find.first] : folded.ends[n]]
            yield Person(find.entry.bare.pattern[0], words, find.entry, text, n)
        elif is_demonym(folded, find) and not _of_origin(folded, n):
            first = _begins(folded, n)
            if first is not None:
                words = _given(folded, first, n)
                text = folded.original[folded.starts[first] : folded.ends[n]]
                yield Person(find.entry.demonym, words, None, text, n)


def is_demonym(folded: Folded, find: Find) -> bool:
    """Whether the find is a country's adjective in the form that may be somebody's surname."""
    return not find.entry.demonym.isdisjoint(folded.forms[find.last])


def surnames(
    folded: Folded, people: Sequence[tuple[Person, int]], demonyms: Container[int]
) -> dict[int, Person]:
    """The words at which a surname stands for a person; each is given with the word after which it may.

    ``demonyms`` are the words that may also be the adjective of a country.
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


def _begins(folded: Folded, n: int) -> int | None:
    """The first word of the full name whose surname the word is; None if it is none."""
    if not _touch(folded, n - 1):
        return None
    if not given_names.is_arabic(folded.text(n)):
        article = n - 1
        if (
            folded.text(article) not in ARTICLES
            or not _is_capital(folded, n)
            or not _touch(folded, n - 2)
        ):
            return None
        return (
            n - 2
            if given_names.is_given(_plain(folded, n - 2)) and _is_capital(folded, n - 2)
            else None
        )
    before = _plain(folded, n - 1)
    second = _plain(folded, n - 2) if _touch(folded, n - 2) else ""
    if _is_name(before):
        return n - 1
    if given_names.is_also_given(before) and (_is_name(second) or second in given_names.TITLES):
        return n - 1
    if _is_in(second, _SLAVE) and before.startswith("ال"):
        return n - 2
    if before == "الدين" and _is_in(second, given_names.BEFORE_ALDIN):
        return n - 2
    return n - 2 if _is_in(second, given_names.KUNYAS) and not before.startswith("ال") else None


def _is_bare(folded: Folded, n: int, person: Person, demonym: bool) -> bool:
    """Whether the surname stands alone: no adjective of the noun before it, no other person's name."""
    if not given_names.is_arabic(folded.text(n)):
        return _is_bare_in_latin(folded, n, person, demonym)
    before = _plain(folded, n - 1) if _touch(folded, n - 1) else ""
    titled = _untitled(before) in given_names.TITLES
    if before in person.given:
        return True
    if (
        demonym
        and not titled
        and (_is_definite(before) or before.endswith(("ه", "ها", "هم", "هما")))
    ):
        return False  # the adjective of the noun before it: نظيره العراقي
    if _is_name(before) or _is_in(before, given_names.KUNYAS) or _is_in(before, _SLAVE):
        return False
    if not _is_first(_plain(folded, n)):
        return True
    known = titled or _is_in(before, given_names.SPEECH_VERBS)
    return known and not (
        _touch(folded, n) and _is_first(_plain(folded, n + 1))
    )  # حسين is a first name of many


def _is_bare_in_latin(folded: Folded, n: int, person: Person, demonym: bool) -> bool:
    if not _is_capital(folded, n):
        return False
    k, article = n - 1, False
    if k >= 0 and _touch(folded, k) and folded.text(k) in ARTICLES:
        k, article = k - 1, True
    before = folded.text(k) if k >= 0 and _touch(folded, k) else ""
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
    return not (first and _touch(folded, n) and _is_capital(folded, n + 1))


def _of_origin(folded: Folded, n: int) -> bool:
    return n + 1 < len(folded.forms) and _plain(folded, n + 1) in _OF_ORIGIN


def _is_name(word: str) -> bool:
    return given_names.is_given(word) or (
        word[:1] in _WRITTEN_ON and given_names.is_given(word[1:])
    )


def _is_in(word: str, table: Container[str]) -> bool:
    return word in table or (word[:1] in _WRITTEN_ON and word[1:] in table)


def _is_definite(word: str) -> bool:
    return word.removeprefix("و").startswith(("ال", "لل", "بال", "كال"))


def _untitled(word: str) -> str:
    """The word as it stands among titles: without what is written onto it."""
    for head in ("وال", "فال", "بال", "ال", "ولل", "لل"):
        if word.startswith(head):
            return word[len(head) :]
    return word


def _plain(folded: Folded, n: int) -> str:
    """The word as folded letters with all that is written onto it; "" beyond the text."""
    return (
        folded_word(folded.original[folded.starts[n] : folded.ends[n]])
        if 0 <= n < len(folded.forms)
        else ""
    )


def _touch(folded: Folded, n: int) -> bool:
    """Whether only a blank, a hyphen or an apostrophe parts the word from the next."""
    if not 0 <= n < len(folded.forms) - 1:
        return False
    between = folded.original[folded.ends[n] : folded.starts[n + 1]]
    if between != " ":
        between = visible_text(between)
        if len(between) > 3 or between.strip(" -‐‑'’."):
            return False
    return folded.sentence(n) == folded.sentence(n + 1)


def _given(folded: Folded, first: int, surname: int) -> frozenset[str]:
    """The plain given names; الدين of جمال الدين is none by itself."""
    return frozenset(
        word for n in range(first, surname) if not (word := _plain(folded, n)).startswith("ال")
    )


def _is_first(word: str) -> bool:
    return _is_name(word) or given_names.is_also_given(word)


def _is_loud(folded: Folded, n: int) -> bool:
    """Whether the word is all capitals, as a headline may be."""
    return folded.original[folded.starts[n] : folded.ends[n]].isupper()


def _is_capital(folded: Folded, n: int) -> bool:
    return folded.original[folded.starts[n]].isupper()
