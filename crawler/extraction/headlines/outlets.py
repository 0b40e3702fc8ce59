"""The names of an outlet, and a title without them: "Accord signé | Le Sillon" → "Accord signé".
Pure.

An outlet's name is never a headline. It is known from the source, its domain, what the page says
of itself, and the parts of titles that most of the source's pages repeat.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice

from crawler import urls
from crawler.extraction.headlines.headings import MAX_HEADLINE_CHARACTERS, letters_only
from crawler.extraction.templates import checksum
from crawler.model import Source

MAX_NAME_CHARACTERS = 80  # characters; what is longer is a sentence about the outlet
# words that may follow an outlet's name in a title: its slogan, its section, its country
MAX_SLOGAN_WORDS = 7
MAX_PARTS = 12  # parts of a title that is cut; what has more is a list
MAX_NAMES = 20  # names of one outlet; a page that claims more is no outlet's
MAX_CUTS = 4  # names and sections cut from one title; no real one has more
# characters between a name and a headline; what a known name is cut off with
_EDGE = r"[|｜–—·•~/:_«»-]"
# between the parts of a title whose names are not known: a hyphen or a stroke, never a colon
_SEPARATOR = re.compile(r"(\s+[–—«»‹›·•~/-]{1,3}\s+|\s*[|｜]\s*|\s+::\s+)")
# the same in a title with quotation marks
_OUTSIDE_QUOTES = re.compile(r"(\s+[–—·•~/-]{1,3}\s+|\s*[|｜]\s*|\s+::\s+)")
# what all of these, and what cuts names off, have in common: most headlines have none
_MARK = re.compile(r"[|｜–—«»‹›·•~/:_-]")
_COLON = re.compile(r"\s?:\s+")
_WORD = re.compile(r"\w+")


def split_title(title: str) -> list[str]:
    """The parts of a title and what separates them, in turns: part, separator, part …"""
    quoted = "«" in title and "»" in title
    return (_OUTSIDE_QUOTES if quoted else _SEPARATOR).split(title)


def title_parts(title: str) -> set[str]:
    """The title, its parts, and what stands behind each of them: what a source may repeat."""
    pieces = split_title(title)
    behind = ("".join(pieces[2 * number :]) for number in range(len(pieces) // 2 + 1))
    return set(filter(None, (*pieces[::2], *behind)))


class OutletNames:
    """The names of one outlet as one page and its source have them.

    ``repeated`` are checksums of lines that most pages of the source have word for word, as a
    template knows them.
    """

    __slots__ = ("_edges", "_names", "_repeated", "_sections")

    def __init__(
        self,
        names: Iterable[str],
        *,
        sections: Iterable[str] = (),
        repeated: Collection[int] = (),
    ) -> None:
        first = islice(dict.fromkeys(names), MAX_NAMES)
        shown = tuple(name for name in first if len(name) <= MAX_NAME_CHARACTERS)
        self._names, self._edges = _read_names(shown)
        self._sections = frozenset(filter(None, map(letters_only, sections)))
        self._repeated = frozenset(repeated)

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        return self.is_name(text) or self.is_repeated(text)

    def is_name(self, text: str) -> bool:
        """Whether the text is the outlet's name, however often its pages have it."""
        return letters_only(text) in self._names

    def is_repeated(self, text: str) -> bool:
        """Whether most pages of the source have this line or part of a title."""
        return bool(self._repeated) and checksum(text) in self._repeated

    def cut_from(self, title: str) -> str:
        """The title without the names at its ends, without a slogan behind a name, and without
        the page's section where a name was beside it.
        """
        if len(title) > MAX_HEADLINE_CHARACTERS:
            return title
        text, cuts = title, 0
        while cuts < MAX_CUTS and (shorter := self._cut_once(text, beside=cuts == 1)) != text:
            text, cuts = shorter, cuts + 1
        return text

    def _may_cut(self, part: str, *, beside: bool) -> bool:
        """Whether a part is a name, or one that pages repeat: of a single word only beside a name,
        for it may be a country: "Maroc - Irak".
        """
        return self.is_name(part) or (
            (beside or " " in part.strip()) and self.is_repeated(part.strip())
        )

    def _cut_once(self, text: str, *, beside: bool) -> str:
        if not _MARK.search(text):
            return text
        pieces = split_title(text)
        parts = pieces[::2]
        if len(parts) > MAX_PARTS:
            return text
        for number in range(1, len(parts)):
            behind = "".join(pieces[2 * number :])
            if self._may_cut(behind, beside=beside) or (
                self._may_cut(parts[number], beside=False)
                and len(_WORD.findall(behind)) <= MAX_SLOGAN_WORDS
                and len(_WORD.findall("".join(parts[:number]))) > 1
            ):
                return "".join(pieces[: 2 * number - 1]).strip()
        for number in range(len(parts) - 1, 0, -1):
            if self._may_cut("".join(pieces[: 2 * number - 1]), beside=False):
                return "".join(pieces[2 * number :]).strip()
        if beside and len(parts) > 1:
            if letters_only(parts[-1]) in self._sections:
                return "".join(pieces[:-2]).strip()
            if letters_only(parts[0]) in self._sections:
                return "".join(pieces[2:]).strip()
        return self._cut_edges(text)

    def _cut_edges(self, text: str) -> str:
        """Without a name at an end, where what separates it is a colon or has one blank only."""
        quoted = "«" in text and "»" in text
        shorter = self._edges.sub("", text).strip() if self._edges and not quoted else text
        first, *rest = _COLON.split(shorter, maxsplit=1)
        shorter = rest[0] if rest and self._may_cut(first, beside=False) else shorter
        return shorter or text


@lru_cache(maxsize=512)  # a few names a source, asked for at each of its pages
def _read_names(names: Sequence[str]) -> tuple[frozenset[str], re.Pattern[str] | None]:
    """The letters of these names and of their parts, and what finds one at an end of a title."""
    parts = [part for name in names for part in _name_parts(name)]
    return frozenset(filter(None, map(letters_only, (*names, *parts)))), _edge_pattern(names)


def _edge_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """What finds one of these names at an end of a title, with what separates it."""
    found = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if n[1:])
    before = rf"^\s*(?:{found})\s*{_EDGE}+\s+"
    behind = rf"(?:\s+{_EDGE}+\s*|\s*{_EDGE}+\s+|\s*[|｜]\s*)(?:{found})\s*$"
    return re.compile(rf"{before}|{behind}", re.IGNORECASE) if found else None


def names_of(
    source: Source,
    url: str,
    claimed: Sequence[str] = (),
    *,
    sections: Iterable[str] = (),
    repeated: Collection[int] = (),
) -> OutletNames:
    """The names of the source, of the page's domain, and those that the page claims."""
    domain = urls.registrable(url).removeprefix("www.")
    own = (source.name, *source.names.values(), domain, domain.split(".")[0])
    return OutletNames((*own, *claimed), sections=sections, repeated=repeated)


def _name_parts(name: str) -> Iterable[str]:
    """The parts of a name that are names by themselves: the first, and longer ones."""
    parts = split_title(name)[::2]
    if len(parts) < 2:
        return ()
    return [p for n, p in enumerate(parts) if letters_only(p) and (n == 0 or " " in p.strip())]
