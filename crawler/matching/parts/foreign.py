"""Headlines of other stories that stand in a text: pointers ("À lire aussi"), bars, tickers.

A bar is a run of titles before, after or within the text, of which neither the headline nor the
sentences take up the words. A list that belongs to the story shares its words with it, or its
entries share words with one another: fixtures, points, a poem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crawler.languages import Folded, fold, sentences
from crawler.languages.normalization import INVISIBLE
from crawler.matching.parts import cues
from crawler.matching.parts.layout import DASH, Offsets, content_words, count_words, first_keys

MAX_BODY_CHARACTERS = 200_000
MIN_TITLES = 4  # of a bar: fewer may be a summary
MIN_MEAN_WORDS = 6  # of a bar's titles: lines of verse, names and numbers are shorter
MIN_TITLE_WORDS, MAX_TITLE_WORDS = 3, 25
MIN_SENTENCE_WORDS = 12  # of a line that ends with a stop; a longer one needs none …
MIN_PARAGRAPH_WORDS = 31  # … from here on
RELATED_SHARE = 0.5  # of a title's words that stand in headline or sentences: it is the story's own
MAX_UNRELATED_SHARE = 1 / 3  # … on average in a bar of other stories
MIN_WORDS_TO_COMPARE = 10  # that the sentences say something about
CUE_WORDS = 5  # of the longest cue, and of a line that holds it alone
MAX_POINTER_WORDS = 40  # of a longer one only the first sentence points elsewhere
MAX_POINTED_TITLES = 10

_INVISIBLE_GAP = rf"[^\S\n][{INVISIBLE}]*+"
# Lines, and what stands apart in one: three spaces, a stroke or a bullet between spaces.
_BREAK = re.compile(
    rf"\n|(?:{_INVISIBLE_GAP}){{3,}}+|(?<=\s)[{INVISIBLE}]*+(?:[|•●■◆]|\*{{2,3}})[{INVISIBLE}]*+(?=\s)"
)
_ENDS_SENTENCE = re.compile(rf"[.!?؟…][»”\"')\]{INVISIBLE}]*+$")
_IS_LISTED = re.compile(rf"[{INVISIBLE}]*+(?:[{DASH}_*]|\(?\d{{1,2}}[{INVISIBLE}]*+\s?[.){DASH}])")
_GOES_ON = re.compile(rf"[:;,،؛][{INVISIBLE}]*+$")


class _Piece(NamedTuple):
    """What stands between two breaks."""

    start: int
    end: int
    line: int
    words: int
    is_title: bool
    is_prose: bool
    is_listed: bool  # with a dash or a number, as points of one matter are


def foreign_headlines(
    headline: str, body: str, folded: Folded | None = None
) -> tuple[Offsets, ...]:
    """The passages of the body that are headlines of other stories, in order; nearly always none.

    They don't overlap. ``folded`` is the body, if the caller has folded it already.
    """
    if len(body) > MAX_BODY_CHARACTERS:
        return ()
    folded = folded or fold(body)
    pieces = list(_read_pieces(body, folded))
    marked = dict(_find_pointers(body, folded, pieces))
    bars = [run for run in _find_runs(pieces) if _is_bar(run, pieces)]
    if bars:
        said = content_words(fold(headline), (0, len(headline))).union(
            *(content_words(folded, piece[:2]) for piece in pieces if piece.is_prose)
        )
        for run in bars:
            marked.update((n, pieces[n].end) for n in _other_stories(run, pieces, folded, said))
    return _merge(pieces, marked)


def _read_pieces(body: str, folded: Folded) -> Iterator[_Piece]:
    start = line = 0
    for end, after in [(m.start(), m.end()) for m in _BREAK.finditer(body)] + [(len(body),) * 2]:
        text = body[start:end]
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip())
        if first < last:
            yield _describe(body[first:last], (first, last), line, folded)
        line += body.startswith("\n", end)
        start = after


def _describe(text: str, place: Offsets, line: int, folded: Folded) -> _Piece:
    words = count_words(folded, place)
    tail = text[-40:]
    stops = _ENDS_SENTENCE.search(tail) is not None
    return _Piece(
        *place,
        line,
        words,
        is_title=MIN_TITLE_WORDS <= words <= MAX_TITLE_WORDS
        and not tail.endswith(".")
        and not _GOES_ON.search(tail),
        is_prose=words >= (MIN_SENTENCE_WORDS if stops else MIN_PARAGRAPH_WORDS),
        is_listed=_IS_LISTED.match(text) is not None,
    )


def _find_pointers(
    body: str, folded: Folded, pieces: Sequence[_Piece]
) -> Iterator[tuple[int, int]]:
    """Pieces that point elsewhere, with the end of what they point to; titles under a bare cue."""
    pointed = 0  # titles that may still follow a bare cue
    for n, piece in enumerate(pieces):
        cue = cues.READ_ALSO.pattern.match(
            first_keys(folded, piece.start, min(piece.words, CUE_WORDS))
        )
        if cue:
            yield n, _end_of_pointer(body, piece)
            pointed = MAX_POINTED_TITLES if piece.words == len(cue[0].split()) else 0
        elif pointed and piece.is_title and not piece.is_prose:
            yield n, piece.end
            pointed -= 1
        else:
            pointed = 0


def _end_of_pointer(body: str, piece: _Piece) -> int:
    if piece.words <= MAX_POINTER_WORDS:
        return piece.end
    return piece.start + sentences(body[piece.start : piece.end])[0][1]


def _find_runs(pieces: Sequence[_Piece]) -> Iterator[range]:
    """Where bars may stand: before the first paragraph, after the last, and within one line."""
    prose = [n for n, piece in enumerate(pieces) if piece.is_prose]
    if not prose:
        return
    yield range(prose[0])
    yield range(prose[-1] + 1, len(pieces))
    first = 0
    for n in range(1, len(pieces) + 1):
        if n == len(pieces) or pieces[n].line != pieces[first].line:
            if prose[0] < first and n <= prose[-1]:
                yield range(first, n)
            first = n


def _is_bar(run: range, pieces: Sequence[_Piece]) -> bool:
    """Whether the run has the shape of a bar: nearly all are titles, and long enough for news."""
    titles = [pieces[n] for n in run if pieces[n].is_title]
    return (
        len(titles) >= MIN_TITLES
        and 3 * len(titles) >= 2 * len(run)
        and sum(piece.words for piece in titles) >= MIN_MEAN_WORDS * len(titles)
        and 2 * sum(pieces[n].is_listed for n in run) < len(run)
        and not any(pieces[n].is_prose for n in run)
    )


def _other_stories(
    run: range, pieces: Sequence[_Piece], folded: Folded, said: frozenset[str]
) -> list[int]:
    """The pieces of a bar that are titles of other stories than the text tells."""
    titles = [n for n in run if pieces[n].is_title]
    words = {n: content_words(folded, pieces[n][:2]) for n in titles}
    shares = {n: len(words[n] & said) / max(1, len(words[n])) for n in titles}
    common = Counter(word for of_title in words.values() for word in of_title)
    if (
        len(said) < MIN_WORDS_TO_COMPARE
        or 2 * max(common.values(), default=0) >= len(titles)
        or sum(shares.values()) > MAX_UNRELATED_SHARE * len(titles)
    ):
        return []
    return [n for n in titles if shares[n] < RELATED_SHARE]


def _merge(pieces: Sequence[_Piece], marked: dict[int, int]) -> tuple[Offsets, ...]:
    """The marked pieces as offsets, neighbours joined."""
    spans: list[Offsets] = []
    before = -2
    for n in sorted(marked):
        if n == before + 1 and spans[-1][1] == pieces[before].end:
            spans[-1] = (spans[-1][0], marked[n])
        else:
            spans.append((pieces[n].start, marked[n]))
        before = n
    return tuple(spans)
