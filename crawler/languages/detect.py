"""The language of a text, from its script, letters, common words and endings. No model.

The result is one of ours (``LANGUAGES`` of the package) or ``und``: another language, or too little
evidence. Similar languages that we do not support (``neighbours``) take part so that a German
headline is not taken for an English one; they are reported as ``und`` too.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from crawler.languages import LANGUAGES, ar
from crawler.languages.neighbours import NEIGHBOURS
from crawler.languages.tables import LanguageTables

MAX_SAMPLE_CHARACTERS = 1_500  # more change no result
MIN_SURE_CHARACTERS = 20  # from this length on, a text that has points has letters enough
MAX_REMEMBERED_PIECES = 50_000  # a script: some ten megabytes
WORD_POINTS, ENDING_POINTS, LAST_TWO_POINTS = 2.0, 1.0, 0.8

# Points are counted in units that every weight is a whole number of, however many languages share
# it; the points of all languages of a script stand in one number, 32 bits each (a lane), so that a
# text's points are one sum.
_UNIT, _LANE = 4_200, 32


def _packed(points: Iterable[tuple[int, float]]) -> int:
    return sum(round(weight * _UNIT) << (_LANE * place) for place, weight in points)


def _weights(entries: Sequence[str], points: float) -> dict[str, int]:
    """Entry → packed points; ``entries`` is one table per language, in the order of the lanes.

    An entry that several languages list is worth less to each: it hardly decides between them.
    """
    found: dict[str, list[int]] = {}
    for place, table in enumerate(entries):
        for entry in dict.fromkeys(table.split()):
            found.setdefault(entry, []).append(place)
    return {
        entry: _packed((place, points / len(places)) for place in places)
        for entry, places in found.items()
    }


def _letter_weights(tables: Sequence[LanguageTables]) -> dict[str, int]:
    found: dict[str, list[tuple[int, float]]] = {}
    for place, one in enumerate(tables):
        for letter in one.letters:
            found.setdefault(letter, []).append((place, one.letter_weight))
    return {letter: _packed(points) for letter, points in found.items()}


class _Script(dict[str, int]):
    """The languages of one script; maps what stands between two spaces to its packed points.

    Points are computed once for each piece and remembered: news repeat their words.
    """

    def __init__(self, name: str, of_word: Callable[[_Script, str], int]) -> None:
        tables = [one for one in (*LANGUAGES, *NEIGHBOURS) if one.script == name]
        self.names = tuple(one.code for one in tables)
        self.results = tuple("und" if one in NEIGHBOURS else one.code for one in tables)
        self.words = _weights([one.words for one in tables], WORD_POINTS)
        self.endings = _weights([one.last_two for one in tables], LAST_TWO_POINTS)
        self.endings |= _weights([one.endings for one in tables], ENDING_POINTS)
        self.letters = _letter_weights(tables)
        self.own = frozenset(self.letters)
        self.size = 4 * len(tables)  # bytes: a lane for each language
        self.unpack = struct.Struct(f"<{len(tables)}I").unpack
        self._of_word = of_word

    def __missing__(self, piece: str) -> int:
        if len(self) >= MAX_REMEMBERED_PIECES:
            self.clear()
        of_word = self._of_word
        points = (
            of_word(self, piece)
            if piece.isalpha()
            else sum([of_word(self, word) for word in _find_words(piece)])
        )
        self[piece] = points
        return points


def _arabic_word(script: _Script, word: str) -> int:
    if (points := script.words.get(word)) is not None:
        return points
    return _ARTICLE_POINTS if "ال" in word[:3] or word[:2] == "لل" else 0


_find_english_pairs = re.compile("th|sh|w|k|oo|ee").findall  # English above all, hardly Romance


def _latin_word(script: _Script, word: str) -> int:
    points = script.words.get(word, 0)
    if not points and len(word) > 3:
        points = script.endings.get(word[-3:]) or script.endings.get(word[-2:], 0)
    return points + _ENGLISH_PAIR_POINTS * len(_find_english_pairs(word))


_ARABIC_WORDS = _Script("arabic", _arabic_word)
_LATIN_WORDS = _Script("latin", _latin_word)
_ARTICLE_POINTS = _packed([(_ARABIC_WORDS.names.index("ar"), 1.0)])
_ENGLISH_PAIR_POINTS = _packed([(_LATIN_WORDS.names.index("en"), 0.4)])
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_ARABIC = frozenset(chr(c) for c in range(0x0621, 0x06D6))
_PLAIN = (
    _LATIN
    | _ARABIC
    | frozenset(" \n.,:;!?'\"()-–—«»“”’‘…/%،؛؟0123456789")
    | frozenset("".join(one.letters for one in (*LANGUAGES, *NEIGHBOURS)))
)
_find_words = re.compile(r"[^\W\d_]+").findall
_find_accented = re.compile(f"[{''.join(sorted(_LATIN_WORDS.own))}]").findall
# Letters of every script but Arabic's, and letters of Arabic script that Arabic itself does not
# use.
_NOT_ARABIC = "".join(sorted(_ARABIC_WORDS.own - frozenset(ar.TABLES.letters)))
_UNLIKE_ARABIC = re.compile(
    f"[A-Za-zªµº\u00c0-\u05ff\u0700-\u1fff\u2c00-\ufaff{_NOT_ARABIC}]"
).search
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]").search
_OTHER_SCRIPT = re.compile("[\u0370-\u05ff\u0900-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def detect(text: str, among: tuple[str, ...]) -> str:
    """Return the code of the text's language, or ``und`` if it is another one or the evidence is
    too weak.

    Ties go to the first language of ``among`` that takes part in the tie.
    """
    sample = text[:MAX_SAMPLE_CHARACTERS]
    if (" ال" in sample or sample.startswith("ال")) and not _UNLIKE_ARABIC(sample):
        return "ar"  # nearly every Arabic text: an article, and no letter of a neighbour
    sample = sample.lower()
    if not sample.isascii():
        if _BEYOND_LATIN(sample):
            return _mixed(sample, among)
        accents = sum(map(_LATIN_WORDS.letters.__getitem__, set(_find_accented(sample))))
    else:
        accents = 0
    points = sum(map(_LATIN_WORDS.__getitem__, sample.split())) + accents
    if (not points or len(sample) < MIN_SURE_CHARACTERS) and len(_LATIN.intersection(sample)) < 2:
        return "und"
    return _best(_LATIN_WORDS, points, among)


def _mixed(sample: str, among: tuple[str, ...]) -> str:
    """The language of a text with non-Latin letters."""
    letters = set(sample)
    arabic, latin = len(letters & _ARABIC), len(letters & _LATIN)
    if len(sample) > 200 and arabic and latin:  # in long texts both scripts are nearly whole: count
        often = Counter(sample)
        arabic, latin = (
            sum(often[c] for c in letters & _ARABIC),
            sum(often[c] for c in letters & _LATIN),
        )
    if arabic + latin < 2 or (not _PLAIN.issuperset(letters) and _is_elsewhere(sample)):
        return "und"
    script = _ARABIC_WORDS if arabic >= latin else _LATIN_WORDS
    points = sum(map(script.__getitem__, sample.split()))
    return _best(script, points + sum(map(script.letters.__getitem__, letters & script.own)), among)


def _best(script: _Script, points: int, among: tuple[str, ...]) -> str:
    """The language with the most points; ties are resolved by ``among``, in its order."""
    score = script.unpack(points.to_bytes(script.size, "little"))
    best = max(score)
    if best and score.count(best) == 1:
        return script.results[score.index(best)]
    tied = [name for name, one in zip(script.names, score, strict=False) if one == best]
    preferred = next((name for name in among if name in tied), None)
    return preferred or ("ar" if script is _ARABIC_WORDS and "ar" in tied else "und")


def _is_elsewhere(sample: str) -> bool:
    """Whether most letters belong to neither script."""
    return 2 * len(_OTHER_SCRIPT.findall(sample)) > sum(c.isalpha() for c in sample)
