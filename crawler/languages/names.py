"""One name in other spellings and in the other script.

>>> sorted(set(name_spellings("حموشي")) & {"hammouchi", "hamouchi", "hammushi", "hamachi"})
['hammouchi', 'hammushi', 'hamouchi']
>>> {"الاعرجي", "اعرجي"} & set(name_spellings("aaraji"))
{'اعرجي'}
>>> are_spellings("الكيناني", "kinani"), are_spellings("حسين", "hassan")
(True, False)

Latin letters for Arabic sounds differ by language (sh, ch; ou, u; q, k), and Arabic leaves short
vowels out. What a spelling says for certain stays: حسين (Hussein) is no Hassan. A table gives for
each letter or group what the other script may have for it; their combinations are the spellings.
Most of them are in no text: they are looked up among the words of an archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from crawler.languages import ar, normalization
from crawler.languages.name_keys import name_keys
from crawler.languages.name_letters import (
    ARABIC_PIECE,
    CONSONANTS,
    DOUBLED,
    FIRST_SHORT,
    FIRST_SOUNDS,
    FIRST_VOWELS,
    LAST_SOUNDS,
    LAST_VOWELS,
    LATIN_PIECE,
    LETTERS,
    RESPELLED,
    RESPELLED_PIECE,
    SHORT,
    SOUND,
    SOUNDS,
    VOWELS,
    Choices,
)

LATIN_ARTICLES = frozenset({"al", "el", "ul", "as", "ash", "ad", "an", "ar", "at", "az", "l"})
"""Articles of names in Latin letters."""
MAX_SPELLINGS = 1_500  # of one name in the other script that are tried
MIN_NAME = 3  # letters; what is shorter is a particle, or may be anything


@lru_cache(maxsize=2_000)
def name_spellings(name: str) -> tuple[str, ...]:
    """Other spellings of a plain word that is a name, in both scripts, without its article.

    At most MAX_SPELLINGS of each script, the likely ones first; none of a word of two letters.
    """
    bare = bare_name(name)
    if len(bare) < MIN_NAME:
        return ()
    if ar.is_arabic(bare):
        found: Iterable[str] = (*_in_latin(bare), *_shorter(bare))
    else:
        found = (*_in_arabic(bare), *_respelled(bare))
    return tuple(one for one in dict.fromkeys(found) if one != bare)


def bare_name(name: str) -> str:
    """The plain word without the Arabic article: الأعرجي → اعرجي; Latin letters lose their é."""
    if not ar.is_arabic(name):
        return normalization.unaccented(name)
    final = name[-1] if name[-1] in "ىة" else ""  # tell a vowel from a consonant
    word = min(ar.term_readings(name), key=len)
    return word[:-1] + final if final else word


def _in_latin(word: str) -> Iterator[str]:
    """Spellings in Latin letters of a word in Arabic ones."""
    pieces = ARABIC_PIECE.findall(word)
    choices: list[Choices] = []
    for n, piece in enumerate(pieces):
        last = n == len(pieces) - 1
        if piece in CONSONANTS:
            if n > 0 and pieces[n - 1] in CONSONANTS:
                choices.append(FIRST_SHORT if n == 1 else SHORT)
            choices.append(_consonant(piece, inner=n > 0 and not last))
        else:
            choices.append(_vowels(piece, first=n == 0, last=last))
    return _combined(choices)


def _consonant(letter: str, *, inner: bool) -> Choices:
    found = CONSONANTS[letter]
    return found + tuple(one * 2 for one in found if inner and one in DOUBLED)


def _vowels(piece: str, *, first: bool, last: bool) -> Choices:
    if first and last:
        return ()
    table = FIRST_VOWELS if first else LAST_VOWELS if last else VOWELS
    if piece in table:
        return table[piece]
    if first and piece[0] in "وي":
        return _glided(piece)
    if last and len(piece) > 1:
        heads, tails = VOWELS.get(piece[:-1], ()), LAST_VOWELS.get(piece[-1], ())
        return tuple(head + tail for head in heads for tail in tails)
    return VOWELS.get(piece, ())


def _glided(piece: str) -> Choices:
    """A word's beginning in و or ي as a consonant: وهبي, يوسف, ياسين."""
    heads = ("w", "ou") if piece[0] == "و" else ("y",)
    tails = VOWELS.get(piece[1:], ()) if len(piece) > 1 else ("a", "e", "i", "o", "")
    return tuple(head + tail for head in heads for tail in tails)


def _in_arabic(word: str) -> Iterator[str]:
    """Spellings in Arabic letters of a word in Latin ones."""
    pieces = [match.group() for match in LATIN_PIECE.finditer(word)]
    if len(pieces) > 1 and pieces[-1] == "h" and pieces[-2][-1] == "a":
        pieces[-2:] = [pieces[-2] + "h"]
    choices: list[Choices] = []
    for n, piece in enumerate(pieces):
        first, last = n == 0, n == len(pieces) - 1
        if piece in ("ou", "u", "oo") and n > 1 and not last:
            choices.append(("و",))  # Mahmoud is not Mohammed
        elif piece[0] in "aeiouwy":
            choices.append(_sounds(piece, first=first, last=last))
        else:
            single = piece if piece in LETTERS else piece[0]
            choices.append(LETTERS.get(single, ()))
    return _combined(choices)


def _sounds(piece: str, *, first: bool, last: bool) -> Choices:
    """A run of vowels in Arabic letters; ع may part two of them: Said, Mouad."""
    if last and piece in LAST_SOUNDS and not first:
        return LAST_SOUNDS[piece]
    if last and piece.endswith("ah"):
        return tuple(head + "ة" for head in _sounds(piece[:-2], first=first, last=False))
    sounds = SOUND.findall(piece)
    if first and len(sounds) > 1 and sounds[0] in ("ou", "u", "o", "i"):
        sounds[0] = "w" if sounds[0] != "i" else "y"
    choices: list[Choices] = []
    for n, sound in enumerate(sounds):
        is_last = last and n == len(sounds) - 1
        if n and sound not in ("w", "y") and sounds[n - 1] not in ("w", "y"):
            choices.append(("", "ع"))
        if n == 0 and first and sound in FIRST_SOUNDS:
            choices.append(FIRST_SOUNDS[sound])
        elif is_last and sound in LAST_SOUNDS:
            choices.append(LAST_SOUNDS[sound])
        elif len(sounds) > 1 and sound in ("i", "u", "ou", "o"):
            choices.append(("ي",) if sound == "i" else ("و",))
        else:
            choices.append(SOUNDS[sound])
    return tuple(dict.fromkeys(map("".join, product(*choices))))


def _respelled(word: str) -> Iterator[str]:
    """A word in Latin letters, spelled as another language or hand would."""
    pieces = [match.group() for match in RESPELLED_PIECE.finditer(word)]
    choices: list[Choices] = []
    for n, piece in enumerate(pieces):
        first, last = n == 0, n == len(pieces) - 1
        single = piece[0] if len(piece) == 2 and piece[0] == piece[1] else piece
        if single in DOUBLED:
            found = RESPELLED.get(single, (single,))
            inner = not first and not last
            choices.append(found + tuple(c * 2 for c in found if inner and c in DOUBLED))
        elif last and piece in ("i", "y"):
            choices.append(("i", "y"))
        elif last:
            choices.append((piece,))
        else:
            choices.append(RESPELLED.get(piece, (piece,)))
    return _combined(choices)


def _shorter(word: str) -> Iterator[str]:
    """An Arabic name with one long vowel more or less: الكيناني, الكناني; not of short names."""
    consonants = sum(letter in CONSONANTS for letter in word)
    if consonants < MIN_NAME or word[-1] not in "ي":
        return
    for n in range(1, len(word) - 2):
        before, letter, after = word[n - 1], word[n], word[n + 1]
        if letter in "يو" and before in CONSONANTS and after in CONSONANTS:
            yield word[:n] + word[n + 1 :]
        if before in CONSONANTS and letter in CONSONANTS:
            yield from (word[:n] + vowel + word[n:] for vowel in "يو")


def _combined(choices: Sequence[Choices]) -> Iterator[str]:
    """The combinations, at most MAX_SPELLINGS; none if a piece has no choice."""
    return map("".join, islice(product(*choices), MAX_SPELLINGS))


@lru_cache(maxsize=5_000)
def _keys(name: str) -> frozenset[str]:
    """The name's keys with d and z as one: ظ is written either way."""
    return frozenset(key.replace("z", "d") for key in name_keys(name))


def are_spellings(one: str, other: str) -> bool:
    """Whether two plain words, each in either script, may spell one name."""
    first, second = bare_name(one), bare_name(other)
    if ar.unify_letters(first) == ar.unify_letters(second):
        return True
    keys, others = _keys(one), _keys(other)
    if (keys or others) and keys.isdisjoint(others):
        return False
    return _is_among(second, first) or _is_among(first, second)


def _is_among(word: str, name: str) -> bool:
    return ar.unify_letters(word) in _folded_spellings(name)


@lru_cache(maxsize=2_000)
def _folded_spellings(name: str) -> frozenset[str]:
    return frozenset(map(ar.unify_letters, name_spellings(name)))
