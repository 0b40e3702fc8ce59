"""Choose a page's headline: what several witnesses say. Pure.

::

    JSON-LD, og:title, feed, title ─► without the outlet's name ─┐
    h1 … h4, the template's place ─► without the outlet's name ──┴─► the shown one that agrees
                                                       with them, else the likeliest of them

An outlet's name is never a headline, whether in a logo or in a title. A shown headline is preferred
to those written for search engines, but only if it shares words with one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from crawler.extraction.blocks import TextLine
from crawler.extraction.headlines.headings import Heading, letters_only
from crawler.extraction.headlines.outlets import OutletNames, split_title, title_parts

MAX_TITLE_PARTS = 6  # parts of a title that are told apart
MAX_PRINTED = 24  # titles that are looked at
MAX_TOLD = 8  # witnesses that are compared; a page that lists more is no article's
MIN_SHARED_WORDS = 2  # words that a shown headline shares with a witness if they are alike …
MIN_SHARED_PART = 1 / 3  # … and the part of its own words that they are
MIN_WORD_LETTERS = 3  # letters of a word that counts
MIN_HEADING_LETTERS = 8  # letters of a heading below h1, or of a line, that may be the headline
MAX_KICKER_LETTERS = 60  # letters that stand around a headline in its own element: a kicker, a date
MIN_TRAILER_WORDS = 5  # words behind a headline that are text, not "12 comments"
MAX_NAME_WORDS = 3  # words behind a headline of one word that may be the outlet's name
MIN_SURE_WORDS = 3  # words of a headline; of the only title, what has more is no mere name

_SAME, _ALIKE, _REST, _STRANGE = 3, 2, 1, 0  # how much a shown line agrees with a witness
_HEADING_RANKS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3}
_NO_HEADING = 4  # the rank of any other line
# a word; a Chinese or Japanese character is one
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W\u3040-\u30ff\u3400-\u9fff]+")
_CUT_OFF = ("…", "...")  # a title that was cut off
_OPENING = "«“\"'‘(["  # what may stand before a headline's first letter
_AROUND = " \t|–—-:·•،,"  # what is left at an end where a name or a kicker was cut off


class Line:
    """A line and what it is compared by; ``edges`` as of a heading."""

    def __init__(self, text: str, edges: Collection[int] = ()) -> None:
        self.text, self.edges = text, edges

    @cached_property
    def letters(self) -> str:
        """Its letters and digits in lower case."""
        return letters_only(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Its words in lower case."""
        return _WORD.findall(self.text.casefold())

    @cached_property
    def long_words(self) -> frozenset[str]:
        """Its words that say something."""
        return frozenset(word for word in self.words if len(word) >= MIN_WORD_LETTERS)

    @cached_property
    def parts(self) -> list[str]:
        """Its parts and their separators, in turns."""
        return split_title(self.text)


class Witnesses:
    """What may be a page's headline; nothing in it is the outlet's name.

    ``told`` is in order of trust: JSON-LD, og:title, the feed, the title element. ``shown`` are the
    h1. ``titles`` are all of both as printed, and the parts of titles: what a source may repeat.
    """

    def __init__(
        self, headings: Iterable[Heading], told: Iterable[str], names: OutletNames
    ) -> None:
        printed = list(islice(dict.fromkeys(filter(None, told)), MAX_PRINTED))
        first = [h for h in headings if h.tag == "h1"]
        self.names = names
        self._printed, self._first_headings = printed, first
        self.told = list(self._admit_titles(printed))[:MAX_TOLD]
        self.shown = list(self._admit_all(first))
        self._lower_headings = [h for h in headings if h.tag != "h1"]

    @cached_property
    def titles(self) -> frozenset[str]:
        """What a source may repeat of them: titles, their parts, and the h1."""
        shown = (heading.text for heading in self._first_headings)
        return frozenset[str]().union(*map(title_parts, self._printed), shown)

    @cached_property
    def lower(self) -> list[Line]:
        """The headings h2 to h4, which only pages without a good h1 need."""
        return list(self._admit_all(self._lower_headings))

    def _admit_titles(self, printed: Iterable[str]) -> Iterator[Line]:
        """The titles without the outlet's name, each once."""
        seen = set[str]()
        for text in printed:
            line = self.admit(text)
            if line is not None and line.letters not in seen:
                seen.add(line.letters)
                yield line

    def _admit_all(self, headings: Iterable[Heading]) -> Iterator[Line]:
        for heading in headings:
            if not heading.logo and (line := self.admit(heading.text, heading.edges)) is not None:
                yield line

    def choose(self, placed: Heading | None = None, above: str = "") -> Line:
        """The headline; its text is "" if nothing may be one.

        ``placed`` stands where the source's headlines do, ``above`` is the heading above the text.
        """
        stands = self.admit(placed.text, placed.edges) if placed is not None else None
        shown = [stands, *self.shown] if stands is not None else self.shown
        best, level = self._best(shown)
        if best is not None and (level == _SAME or self._is_mostly_told(best)):
            return best
        lower, agreed = self._best(self.lower)
        if lower is not None and agreed == _SAME and len(lower.letters) >= MIN_HEADING_LETTERS:
            return lower
        if best is not None and level >= _REST:
            return best
        heading = self.admit(above)
        if heading is not None and self._best([heading])[1] >= _REST:
            return heading
        if lower is not None and agreed == _REST and len(lower.words) >= MIN_SURE_WORDS:
            return lower
        if not self.speak and (line := self._choose_silently(stands, heading)) is not None:
            return line
        return self._likeliest() or Line(self._repeated())

    def _repeated(self) -> str:
        """What is left if nothing else is: a title that most pages of the source repeat."""
        return next((text for text in self._printed if not self.names.is_name(text)), "")

    @cached_property
    def speak(self) -> bool:
        """Whether anything that the page or its feed says may be the headline: more than one short
        title that no heading has, such as an unknown name of the outlet.
        """
        if len(self.told) != 1 or len(self.told[0].words) > MIN_SURE_WORDS:
            return bool(self.told)
        return max(self._best(self.shown)[1], self._best(self.lower)[1]) == _SAME

    def _choose_silently(self, stands: Line | None, above: Line | None) -> Line | None:
        """The heading that is the headline if no witness speaks: no shorter than the only title."""
        long = (line for line in self.shown if len(line.words) >= MIN_SURE_WORDS)
        lines = [stands, next(long, None), above, *self.shown]
        least = max((len(told.text) for told in self.told), default=0)
        return next((line for line in lines if line and len(line.text) >= least), None)

    def agree(self, line: str) -> bool:
        """Whether a line has the words of a witness, so that it stands where headlines do."""
        admitted = self.admit(line)
        if admitted is None or not self.speak:
            return admitted is not None
        return self._best([admitted])[1] == _SAME

    def has_part(self, line: str) -> bool:
        """Whether a line of more than a word is a part of a title, and not its lesser one."""
        admitted = self.admit(line)
        return (
            admitted is not None
            and len(admitted.words) > 1
            and self._best([admitted])[1]
            in (
                _SAME,
                _REST,
            )
        )

    def admit(self, text: str, edges: Collection[int] = ()) -> Line | None:
        """The line without the outlet's name; None if nothing else is in it."""
        if not text:
            return None
        cut = self.names.cut_from(text)
        line = Line(cut, edges if text.startswith(cut) else ())
        return line if line.letters and line.text not in self.names else None

    def _best(self, shown: Sequence[Line]) -> tuple[Line | None, int]:
        """The shown line that agrees best with the witnesses, the first of equals."""
        levels = [max((self._level(line, told) for told in self.told), default=0) for line in shown]
        if not any(levels):
            return None, _STRANGE
        number = max(range(len(shown)), key=levels.__getitem__)
        return shown[number], levels[number]

    def _level(self, line: Line, told: Line) -> int:
        """``compare``, unless what the title has besides the line is the headline rather: it is
        told by itself, or it is longer and has a heading of its own.
        """
        level, rest = compare(line, told)
        if not rest:
            return level
        other = Line(rest)
        longer = len(other.letters) > len(line.letters)
        if _has(self.told, other):
            return _STRANGE
        if line in self.shown and longer and _has(self.lower, other):
            return _STRANGE
        if level == _REST:
            between = len(other.parts) > 1 and len(line.words) >= MIN_SURE_WORDS
            named = line in self.lower and _has(self.shown, other)
            sure = named or (between and not told.text.endswith(line.text))
            return _SAME if sure else _STRANGE if longer else _REST
        return level

    def _is_mostly_told(self, line: Line) -> bool:
        return any(
            2 * len(line.long_words & told.long_words) >= len(line.long_words) > 1
            and self._level(line, told) == _ALIKE
            for told in self.told
        )

    def _likeliest(self) -> Line | None:
        """The title that most others agree with, whole, and without what only it has."""
        if not self.told:
            return None
        best = max(self.told, key=lambda line: sum(compare(o, line)[0] > 1 for o in self.told))
        for other in self.told:
            cut = best.text.endswith(_CUT_OFF) and other.letters.startswith(best.letters)
            if cut and other is not best:
                return other
        heads = [o for o in self.told if o is not best and _is_head(o, best)]
        if heads:
            return min(heads, key=lambda o: len(o.letters))
        # an h1 that was not chosen and is the end of the title is the outlet's name
        compared = (compare(line, best) for line in self.shown)
        return Line(next((rest for level, rest in compared if level == _REST), best.text))


def _has(lines: Iterable[Line], other: Line) -> bool:
    return any(line.letters == other.letters for line in lines)


def find_place(
    lines: Sequence[TextLine], first: int, told: Line, witnesses: Witnesses
) -> int | None:
    """The index of the line that shows the headline, or None.

    ``first`` is that of the text. A heading is preferred to another line, and a line near the text
    to one far above. If no witness says anything, it is the heading above the text.
    """
    shown = [n for n, line in enumerate(lines) if line.tag in _HEADING_RANKS and not line.aside]
    if not witnesses.speak:
        above = [n for n in shown if n <= first and witnesses.agree(lines[n].text)]
        long = (n for n in above if lines[n].tag == "h1" and lines[n].text.count(" ") > 1)
        return next(long, above[-1] if above else None)
    at = [n for n in shown if _shows(lines[n], told)]
    at += [n for n in range(min(first + 1, len(lines))) if _shows(lines[n], told)]
    return _nearest(lines, first, at or _find_parts(lines, first, witnesses))


def _nearest(lines: Sequence[TextLine], first: int, at: Iterable[int]) -> int | None:
    return min(
        at,
        key=lambda n: (
            n > first + 2,
            _HEADING_RANKS.get(lines[n].tag, _NO_HEADING),
            abs(first - n),
        ),
        default=None,
    )


def _find_parts(lines: Sequence[TextLine], first: int, witnesses: Witnesses) -> list[int]:
    """The longest lines that are a part of a title and no headings: above the text, or its first
    one, as layouts in tables have them; none linked.
    """
    told = [line.letters for line in witnesses.told]
    longest = max(map(len, told), default=0)
    found: dict[int, list[int]] = {}
    for number, line in enumerate(lines[: first + 1]):
        letters = letters_only(line.text) if len(line.text) <= 2 * longest else ""
        if (
            len(letters) >= MIN_HEADING_LETTERS
            and line.linked < len(line.text)
            and any(letters in title for title in told)
            and witnesses.has_part(line.text)
        ):
            found.setdefault(len(letters), []).append(number)
    return found[max(found)] if found else []


def _shows(line: TextLine, told: Line) -> bool:
    """Whether a line is the headline; a heading may have a kicker besides, another line not."""
    if not 1 < len(line.text) <= len(told.text) + 2 * MAX_KICKER_LETTERS:
        return False
    shown = letters_only(line.text)
    if shown == told.letters or told.letters not in shown:
        return shown == told.letters != ""
    heading = line.tag in _HEADING_RANKS and len(shown) - len(told.letters) <= MAX_KICKER_LETTERS
    return len(told.letters) >= MIN_HEADING_LETTERS and (
        heading or 2 * (len(shown) - len(told.letters)) <= len(told.letters)
    )


def trim(line: Line, witnesses: Witnesses, paragraphs: Sequence[str]) -> tuple[str, str]:
    """The headline without the kicker and the comments that stand in its element, and what stands
    behind it there if that is text: a subtitle with words that the paragraphs lack.

    A kicker with words that they lack is kept: "تعاون مع العراق: المغرب يوقع اتفاقا" ("Cooperation
    with Iraq: Morocco signs an agreement") must not lose one of its two countries.
    """
    for told in witnesses.told:
        size, extra = len(told.letters), len(line.letters) - len(told.letters)
        if extra <= 0 or size < MIN_HEADING_LETTERS:
            continue
        if extra in line.edges and line.letters.endswith(told.letters):
            kicker, text = _split_letters(line.text, extra)
            kicker = kicker.strip(_AROUND)
            alone = bool(kicker) and _is_missing(kicker, [*paragraphs, text])
            return (f"{kicker}: {text}" if alone else text), ""
        if size in line.edges and line.letters.startswith(told.letters):
            text, trailer = _split_letters(line.text, size)
            few = len(Line(trailer).words) < MIN_TRAILER_WORDS
            subtitle = "" if few or not _is_missing(trailer, paragraphs) else trailer
            return text.rstrip(_AROUND), subtitle.strip(_AROUND)
    return line.text, ""


def _split_letters(text: str, count: int) -> tuple[str, str]:
    """The text up to its letter of this number, and from the next letter or opening mark on."""
    for at, character in enumerate(text):
        if count <= 0 and (character.isalnum() or character in _OPENING):
            return text[:at], text[at:]
        count -= len(letters_only(character))
    return text, ""


def _is_missing(words: str, paragraphs: Sequence[str]) -> bool:
    """Whether the text lacks a long word of these."""
    wanted = Line(words).long_words
    return not wanted <= Line(" ".join(paragraphs)).long_words


def compare(line: Line, told: Line) -> tuple[int, str]:
    """How much a shown line agrees with a title, and what the title has besides it if the line is
    one or more of its parts.
    """
    a, b = line.letters, told.letters
    if not a or not b:
        return _STRANGE, ""
    if a == b:
        return _SAME, ""
    if a in b and (found := _as_part(line, told)):
        return found
    if b in a and len(b) >= MIN_HEADING_LETTERS and _is_within(line, told):
        return _SAME, ""
    words = set(line.words)
    alike = len(line.long_words & told.long_words) >= MIN_SHARED_WORDS and len(
        words & set(told.words)
    ) >= MIN_SHARED_PART * len(words)
    return (_ALIKE if alike else _STRANGE), ""


def _is_within(line: Line, told: Line) -> bool:
    """Whether a line is a title with little before or behind it, or with a kicker of its own."""
    size, extra = len(told.letters), len(line.letters) - len(told.letters)
    apart = (line.letters.endswith(told.letters) and extra in line.edges) or (
        line.letters.startswith(told.letters) and size in line.edges
    )
    return extra <= (MAX_KICKER_LETTERS if apart else size / 2)


def _as_part(line: Line, told: Line) -> tuple[int, str] | None:
    """The same where the line's letters are within the title's; None if it is no part of it."""
    parts, count = told.parts, len(told.parts) // 2 + 1
    for first in range(min(count, MAX_TITLE_PARTS)):
        for end in range(first + 1, min(count, MAX_TITLE_PARTS) + 1):
            if letters_only("".join(parts[2 * first : 2 * end - 1])) != line.letters:
                continue
            before, behind = parts[: max(2 * first - 1, 0)], parts[2 * end :]
            rest = "".join([*before, *(parts[1:2] if before and behind else ()), *behind])
            name = ":" not in rest and len(_WORD.findall(rest)) <= MAX_NAME_WORDS
            few = len(line.words) > 1 or name
            return (_REST if first else _SAME if few else _STRANGE), rest
    words = len(line.words)
    if (words > 1 and line.words == told.words[:words]) or (
        words > 2 and line.words == told.words[-words:]
    ):
        return (_SAME if 2 * len(line.letters) > len(told.letters) else _ALIKE), ""
    return None


def _is_head(line: Line, told: Line) -> bool:
    """Whether the title is this line with something behind it."""
    return len(line.words) > 1 and any(
        letters_only("".join(told.parts[: 2 * n])) == line.letters
        for n in range(1, len(told.parts) // 2 + 1)
    )
