"""Where the items of a text begin, if it has any: clock times, labels, bullets, papers, headings.

Each function of ``FINDERS`` looks for one layout and returns the lines that begin an item, or None.
Whether these items are stories of their own is decided in ``stories``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.matching.parts import cues
from crawler.matching.parts.layout import DASH, MAX_SHOWN_CHARACTERS, Line, keys_of

MIN_ITEMS = 3
MIN_CLEAR_ITEMS = 4  # where no word of the headline announces them
# Of the lines from the first item on, those that begin one; the others go on with it.
MIN_SHARE, MIN_ANNOUNCED_SHARE, MIN_CLOCK_SHARE = 0.5, 0.25, 0.2
MIN_DIFFERENT_SHARE = 0.6  # of the labels: those of speakers come again and again
MAX_LABEL_WORDS, MAX_FULL_STOP_LABEL_WORDS = 5, 2
MAX_HEADING_CHARACTERS = 90
MIN_PARAGRAPH_CHARACTERS = 100  # under a heading
PAPER_WITHIN = 60  # characters of a line in which its paper is named

_MARK = rf"(?:[{DASH}•●■◆◾▪►▶*·※○◦❖✓✔>]+\s*)"
_CLOCK = re.compile(
    r"\W{0,3}(?:(?:س|الساعه|at|a)\s?)?(?:(\d{1,2})\s?[hһհ]\s?(\d{2})?(?!\w)"
    r"|(\d{1,2}):(\d{2})(?!\d)(?:\s?([apар])\.?m)?|(\d{1,2})(?:\.(\d{2}))?\s?([apар])\.?m(?!\w))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"\W{{0,3}}(?P<label>[^\W\d_][\w'’ʼ .,()/]{{0,38}}?[\w.)])"
    rf"(?P<mark>\s?:\s?(?!\d)|\s[{DASH}]\s?|\.\s)(?=\W{{0,3}}\w)"
)
_BULLET = re.compile(rf"(?:{_MARK}|\(?\d{{1,2}}\s?(?:[.)]|[{DASH}])(?!\d)\s*)(?=\W?\w)")
_SEPARATOR = re.compile(rf"(?:[*•●■◆◾▪=~#_{DASH}]\s*){{2,}}|⁂")
_QUOTED_NAME = re.compile(r"[«“\"„‹](?P<name>[^«»“”\"„‹›]{2,40})[»”\"›]")
_STOPS = (".", ":", "،", ",", "؛", ";")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What the headline, or a line before the items, says about the layout."""

    round_up: bool = False
    press: bool = False
    live: bool = False
    points: bool = False
    event: bool = False

    @property
    def stories(self) -> bool:
        """Whether several stories are announced."""
        return (self.round_up or self.press) and not self.points

    @property
    def share(self) -> float:
        """The share of lines that must begin an item; announced stories may have paragraphs."""
        return MIN_ANNOUNCED_SHARE if self.stories else MIN_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Where items begin, as numbers of lines in increasing order."""

    starts: tuple[int, ...]
    separators: frozenset[int] = frozenset()  # lines that belong to no item
    are_entries: bool = False  # of the log of one event, unless several stories are announced
    is_clear: bool = False  # the layout is that of several stories, whatever the headline
    must_share_nothing: bool = False  # the layout alone says too little
    groups: Mapping[int, int] = field(default_factory=dict)
    """The first line of an item → the heading that it stands under with others."""


def announced(text: str) -> Announced:
    """What this headline announces."""
    keys = keys_of(text)
    opening = " ".join(keys.split(" ", cues.OPENING_WORDS)[: cues.OPENING_WORDS])
    return Announced(
        round_up=(cues.ROUND_UP.pattern.search(keys) or cues.OPENING.pattern.search(opening))
        is not None,
        press=cues.PRESS.pattern.search(keys) is not None,
        live=cues.LIVE.pattern.search(keys) is not None,
        points=cues.POINTS.pattern.search(keys) is not None,
        event=cues.EVENT.pattern.search(keys) is not None,
    )


def find_clock(lines: Sequence[Line], told: Announced) -> Items | None:
    """Lines that begin with a time of day, the times in one direction: a live blog, a ticker."""
    times = [(n, minutes) for n, line in enumerate(lines) if (minutes := _minutes(line)) >= 0]
    known = told.live or told.stories
    if len(times) < (MIN_ITEMS if known else MIN_CLEAR_ITEMS):
        return None
    steps = [after - before for (_, before), (_, after) in pairwise(times)]
    astray = min(sum(step < 0 for step in steps), sum(step > 0 for step in steps))
    if astray > len(steps) // 4:  # a night's midnight, a correction
        return None
    starts = [n for n, _ in times]
    return _items(starts, lines, MIN_CLOCK_SHARE, are_entries=True, is_clear=True)


def _minutes(line: Line) -> int:
    """The time of day with which a line begins, in minutes; -1 if there is none."""
    match = _CLOCK.match(line.shown)
    if match is None:
        return -1
    hour, minute = (
        int(match[a] or match[b] or match[c] or 0) for a, b, c in ((1, 3, 6), (2, 4, 7))
    )
    half = match[5] or match[8] or ""
    if hour > 23 or minute > 59 or (half and hour > 12):
        return -1
    return (hour % 12 + 12 * (half.lower() in "pр") if half else hour) * 60 + minute


def find_days(lines: Sequence[Line], told: Announced) -> Items | None:
    """Lines that begin with a day of the week or a date: an agenda, a chronology."""
    days = {n: day for n, line in enumerate(lines) if (day := _day(line))}
    if len(days) < MIN_CLEAR_ITEMS or len(set(days.values())) < len(days) - 1:
        return None
    return _items(days, lines, told.share, are_entries=True, is_clear=True)


def _day(line: Line) -> str:
    label = re.match(rf"\W{{0,3}}(\w[\w ./]{{1,30}}?)\s?[:،,{DASH}]", line.shown)
    if label is None:
        return ""
    words = keys_of(label[1]).split()
    if len(words) > 5 or not words:
        return ""
    dated = words[0].isdigit() and (len(words[0]) == 4 or not cues.MONTHS.isdisjoint(words[1:]))
    return " ".join(words) if dated or not cues.WEEKDAYS.isdisjoint(words[:2]) else ""


def find_labels(lines: Sequence[Line], told: Announced) -> Items | None:
    """Lines that begin with different places or desks: "TUNIS – …", «رياضة: …», "Foot. …"."""
    labels: dict[int, str] = {}
    dashed: dict[int, str] = {}
    for n, line in enumerate(lines):
        words, mark = _label(line)
        if words:
            labels[n] = words
            if mark not in (":", "."):
                dashed[n] = words
    enough = MIN_ITEMS if told.stories else MIN_CLEAR_ITEMS
    for found in (dashed, labels if told.stories else {}):
        if len(set(found.values())) >= max(enough, MIN_DIFFERENT_SHARE * len(found)):
            return _items(found, lines, told.share, are_grouped=True)
    return None


def _label(line: Line) -> tuple[str, str]:
    """The words of the line's label and the mark behind it; empty if there is no label."""
    match = _LABEL.match(line.shown)
    if match is None:
        return "", ""
    words, mark = keys_of(match["label"]), match["mark"].strip()
    longest = MAX_FULL_STOP_LABEL_WORDS if mark == "." else MAX_LABEL_WORDS
    is_label = len(words.split()) <= longest and not cues.SPEECH.pattern.match(words)
    return (words, mark) if is_label else ("", "")


def find_bullets(lines: Sequence[Line], told: Announced) -> Items | None:
    """Lines that begin with a bullet, a dash or a number. A bulleted title and the text under it
    are one item.
    """
    bullets = [n for n, line in enumerate(lines) if _BULLET.match(line.shown)]
    if _is_interview(lines, told):
        return None
    after_title = {n + 1 for n in bullets if _is_title_of(lines, n)}
    starts = [n for n in bullets if n not in after_title]
    return _items(starts, lines, told.share, are_grouped=True)


def find_separators(lines: Sequence[Line], told: Announced) -> Items | None:
    """Lines of stars or strokes between the items."""
    between = frozenset(n for n, line in enumerate(lines) if is_separator(line))
    if _is_interview(lines, told):
        return None
    starts = [n for n in range(len(lines)) if n not in between and (n == 0 or n - 1 in between)]
    if len(starts) < MIN_ITEMS:
        return None
    return Items(starts=tuple(starts), separators=between)


def _is_interview(lines: Sequence[Line], told: Announced) -> bool:
    questions = [line for line in lines if line.shown.rstrip(".! ").endswith(("?", "؟"))]
    return not told.stories and len(questions) > 1


def is_separator(line: Line) -> bool:
    """Whether the line is nothing but stars or strokes; drawn-out tatweel is one too."""
    return not line.shown or _SEPARATOR.fullmatch(line.shown) is not None


def find_papers(lines: Sequence[Line], told: Announced) -> Items | None:
    """Paragraphs that begin with a paper and what it writes, under a headline that says so."""
    if not told.press:
        return None
    starts = [n for n, line in enumerate(lines) if _names_paper(line)]
    return _items(starts, lines, MIN_SHARE, is_clear=True)


def _names_paper(line: Line) -> bool:
    head = line.shown[:PAPER_WITHIN]
    named = _QUOTED_NAME.search(head)
    keys = keys_of(line.shown)
    if cues.THE_PAPER.match(line.shown) or (cues.SAME_PAPER.pattern.match(keys) and not named):
        return False
    if named:
        return cues.PAPER.pattern.search(keys) is not None
    return cues.PAPER.pattern.search(" ".join(keys.split()[:7])) is not None


def find_headings(lines: Sequence[Line], told: Announced) -> Items | None:
    """Short lines, each followed by a paragraph, after a headline that announces stories."""
    if not told.stories:
        return None
    starts = [n for n in range(len(lines) - 1) if _is_title_of(lines, n)]
    return _items(starts, lines, share=0.0)


def is_whole(line: Line) -> bool:
    """Whether all of the line is shown."""
    return len(line.shown) < MAX_SHOWN_CHARACTERS


def is_heading(line: Line) -> bool:
    """Whether the line may be a title: short, without a full stop."""
    return 0 < len(line.shown) <= MAX_HEADING_CHARACTERS and not line.shown.endswith(_STOPS)


def _is_title_of(lines: Sequence[Line], n: int) -> bool:
    after = lines[n + 1].shown if n + 1 < len(lines) else ""
    return is_heading(lines[n]) and len(after) >= MIN_PARAGRAPH_CHARACTERS


def _items(
    starts: Iterable[int],
    lines: Sequence[Line],
    share: float,
    *,
    are_entries: bool = False,
    is_clear: bool = False,
    are_grouped: bool = False,
) -> Items | None:
    """Items that fill the text from the first one on; None if they are too few or too thin."""
    found = tuple(starts)
    if len(found) < MIN_ITEMS or len(found) < share * (len(lines) - found[0]):
        return None
    if found[0] > len(lines) // 2:
        return None
    between = frozenset(n for n, line in enumerate(lines) if is_separator(line))
    groups = _find_groups(found, lines) if are_grouped else {}
    return Items(
        starts=tuple(groups[n] if groups.get(n) == n - 1 else n for n in found),
        separators=between,
        are_entries=are_entries,
        is_clear=is_clear,
        groups={(heading if heading == n - 1 else n): heading for n, heading in groups.items()},
    )


def _find_groups(starts: Sequence[int], lines: Sequence[Line]) -> dict[int, int]:
    """The heading above each item: its own title, or that of the group in which it stands.

    Headings are titles if half of the items have one right above them.
    """
    above = {n: n - 1 for before, n in pairwise((-1, *starts)) if _is_heading_of(lines, before, n)}
    if 2 * len(above) >= len(starts):
        return above
    if list(above) == [starts[0]]:  # the only heading introduces them all
        return {}
    groups: dict[int, int] = {}
    heading = -1
    for n in starts:
        heading = above.get(n, heading)
        if heading >= 0:
            groups[n] = heading
    return groups


def _is_heading_of(lines: Sequence[Line], before: int, n: int) -> bool:
    above = n - 1
    return above > before and is_heading(lines[above]) and not is_separator(lines[above])


def find_junctions(lines: Sequence[Line], told: Announced) -> Items | None:
    """Where a second story may begin in a text: behind a rest, under a title, at a dateline."""
    between = frozenset(n for n, line in enumerate(lines) if is_separator(line))
    kept = [n for n in range(len(lines)) if n not in between]
    starts = [
        n
        for n in kept[1:]
        if n - 1 in between or _is_title_of(lines, n) or _label(lines[n])[1] not in ("", ":", ".")
    ]
    if not starts or _is_interview(lines, told):
        return None
    return Items(starts=(kept[0], *starts), separators=between, must_share_nothing=True)


Finder = Callable[[Sequence[Line], Announced], Items | None]
FINDERS: tuple[Finder, ...] = (
    find_clock,
    find_days,
    find_papers,
    find_labels,
    find_bullets,
    find_separators,
    find_headings,
    find_junctions,
)
"""In the order in which they are tried: what says most comes first."""
