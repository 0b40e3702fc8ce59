"""The stories that a text tells, if it tells several.

Strict on purpose: nearly every text tells one story, and a text that is cut although it tells one
loses what stands in two of its paragraphs together. So items are only cut apart if the headline
announces several stories or the layout leaves no doubt, and never if they take up the headline's
subject or one another's, nor if the headline announces points of one matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from crawler.languages import Folded, fold, visible_prefix
from crawler.matching.parts import cues, items
from crawler.matching.parts.items import Announced, Items
from crawler.matching.parts.layout import (
    Line,
    Offsets,
    content_words,
    count_words,
    keys_of,
    read_lines,
)

MAX_BODY_CHARACTERS = 200_000  # a longer text is no article, and stays whole
MAX_HEADLINE_CHARACTERS = 500  # that are read
MAX_INTRODUCTION_WORDS = 60  # of what stands before the first item and holds for all of them
MIN_STORY_WORDS = 12  # on average, of items that nothing announces
MIN_OWN_WORDS = 15  # of each of two items that share none
TAKEN_UP = 2  # words of the headline in an item: it goes on with the headline's subject
MIN_THEME_WORDS = 3
_LISTS = re.compile(r"[،,;؛/|+&…]|\.\.|\s(?:et|and|و)\s|\sو(?=\w{4})", re.IGNORECASE)

PartKind = Literal["story", "entry", "introduction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """One part of a text that has several. Offsets are those of the whole body.

    A *story* is to be judged alone: what is named in another story says nothing about it. An
    *entry* belongs to the log of one event (a live blog, a chronology), or only the layout sets it
    apart: judge the whole text as well, for an entry need not repeat what the event is. The
    *introduction* stands before the first item.
    """

    kind: PartKind
    start: int
    end: int
    headline: Offsets | None  # its own, inside the part
    context: tuple[Offsets, ...]  # of the body, outside the part, that holds for it too
    under_headline: bool  # the headline of the whole text is about this part too


def story_parts(headline: str, body: str, folded: Folded | None = None) -> tuple[TextPart, ...]:
    """The parts of a text that tells several stories, in order; empty if it tells one.

    Parts don't overlap and leave out only blank space and lines that separate them. ``folded`` is
    the body, if the caller has folded it already.
    """
    if len(body) > MAX_BODY_CHARACTERS or "\n" not in body:
        return ()
    headline = visible_prefix(headline, MAX_HEADLINE_CHARACTERS)
    lines = read_lines(body)
    told = _announced(headline, lines)
    for find in items.FINDERS:
        found = find(lines, told)
        if found is not None:
            folded = folded or fold(body)
            cut = _Cut(lines, folded, told, found, _subject(headline))
            if cut.tells_several():
                return cut.parts()
    return ()


def _announced(headline: str, lines: Sequence[Line]) -> Announced:
    """What the headline announces, or a first line that is as short as one."""
    told = items.announced(headline)
    first = lines[0].shown if lines and items.is_whole(lines[0]) else ""
    below = items.announced(first)
    return replace(
        told,
        event=told.event or (told.press and _has_one_theme(headline)),
        round_up=told.round_up or below.round_up,
        press=told.press or below.press,
        live=told.live or below.live,
    )


def _has_one_theme(headline: str) -> bool:
    """Whether one thing is named behind the colon: "World papers: the pier has burnt down"."""
    theme = headline.partition(":")[2]
    words = content_words(fold(theme), (0, len(theme)))
    return len(words) >= MIN_THEME_WORDS and not _LISTS.search(theme)


def _subject(headline: str) -> frozenset[str]:
    """What the headline is about, without the words that only announce."""
    announcing = " ".join(
        match[0] for cue in cues.ANNOUNCING for match in cue.pattern.finditer(keys_of(headline))
    )
    return content_words(fold(headline), (0, len(headline))) - frozenset(announcing.split())


class _Cut:
    """A text cut where items may begin: are they stories, and what is each part's?"""

    def __init__(
        self,
        lines: Sequence[Line],
        folded: Folded,
        told: Announced,
        found: Items,
        subject: frozenset[str],
    ) -> None:
        self.lines, self.folded, self.told, self.found = lines, folded, told, found
        self.subject = subject
        self.first = found.starts[0]
        self.introduction = self._without_separators(0, self.first)
        self.spans = [
            span
            for start, end in pairwise((*found.starts, len(lines)))
            if (span := self._without_separators(start, end))
        ]
        self.words = [content_words(folded, self._offsets(span)) for span in self.spans]

    # ── does the text tell several? ───────────────────────────────────────────────────────────

    def tells_several(self) -> bool:
        """Whether the items are stories, or entries of a log, and not paragraphs of one text."""
        if self.found.must_share_nothing:
            return self._share_nothing()
        if len(self.spans) < items.MIN_ITEMS:
            return False
        if self.found.are_entries:
            return True
        if self._is_of_points() or self._is_one_subject():
            return False
        return self.told.stories or self.found.is_clear or self._stand_apart()

    def _is_of_points(self) -> bool:
        introduction = self.lines[: self.first]
        return not self.found.is_clear and (
            self.told.points or any(items.announced(line.shown).points for line in introduction)
        )

    def _is_one_subject(self) -> bool:
        """Whether half of the items take up what the headline is about, and not each its own."""
        half = (len(self.words) + 1) // 2
        recurring = [
            word for word in self.subject if sum(word in words for words in self.words) >= half
        ]
        taking = sum(len(words & self.subject) >= TAKEN_UP for words in self.words)
        return bool(recurring) and taking >= half

    def _stand_apart(self) -> bool:
        """Whether items that nothing announces fill the text and have no words in common."""
        number = len(self.spans)
        if number < items.MIN_CLEAR_ITEMS or self.first > 1:
            return False
        if sum(count_words(self.folded, self._offsets(span)) for span in self.spans) < (
            MIN_STORY_WORDS * number
        ):
            return False
        shared = Counter(word for words in self.words for word in words)
        related = sum(not self.subject.isdisjoint(words) for words in self.words)
        return max(shared.values(), default=0) <= number // 4 and 4 * related <= number + 3

    def _share_nothing(self) -> bool:
        """Whether no two items have a word in common, though each says much."""
        shared = Counter(word for words in self.words for word in words)
        return (
            len(self.words) > 1
            and min(map(len, self.words)) >= MIN_OWN_WORDS
            and max(shared.values(), default=0) <= 1
            and sum(not self.subject.isdisjoint(words) for words in self.words) <= 1
        )

    # ── the parts ─────────────────────────────────────────────────────────────────────────────

    def parts(self) -> tuple[TextPart, ...]:
        """The introduction, if there is one, and the items."""
        kind: PartKind = "story" if self._are_stories() else "entry"
        is_log = kind == "entry" and (self.found.are_entries or self.told.event)
        own = -1 if self.told.stories else self._part_of_headline()
        for_all = self._announcing()
        parts = [
            self._part(kind, span, for_all + self._group_of(span), is_log or n == own)
            for n, span in enumerate(self.spans)
        ]
        if self.introduction is not None:
            under = not self.told.stories
            parts.insert(0, self._part("introduction", self.introduction, (), under))
        return tuple(parts)

    def _are_stories(self) -> bool:
        """Whether each item is to be judged alone: the headline announces several stories, and
        nothing in it says that they are those of one event.
        """
        announced = self.told.stories or (self.found.is_clear and not self.found.are_entries)
        return announced and not self.told.event and not self._is_one_subject()

    def _part(
        self, kind: PartKind, span: Offsets, context: tuple[Offsets, ...], under: bool
    ) -> TextPart:
        start, end = self._offsets(span)
        return TextPart(
            kind=kind,
            start=start,
            end=end,
            headline=self._title(span) if kind != "introduction" else None,
            context=context,
            under_headline=under,
        )

    def _title(self, span: Offsets) -> Offsets | None:
        """The first line with letters, if it is a heading and more follows."""
        lettered = (n for n in range(*span) if any(map(str.isalpha, self.lines[n].shown)))
        first = next(lettered, span[1])
        if first + 1 >= span[1] or not items.is_heading(self.lines[first]):
            return None
        return self._offsets((first, first + 1))

    def _announcing(self) -> tuple[Offsets, ...]:
        """The introduction, or its first line, if it is short: what it names holds for all."""
        if self.introduction is None:
            return ()
        first = self.introduction[0]
        for span in (self.introduction, (first, first + 1)):
            if count_words(self.folded, place := self._offsets(span)) <= MAX_INTRODUCTION_WORDS:
                return (place,)
        return ()

    def _group_of(self, span: Offsets) -> tuple[Offsets, ...]:
        """The heading under which the item stands with others, unless it is part of the item."""
        heading = self.found.groups.get(span[0], span[0])
        return (self._offsets((heading, heading + 1)),) if heading < span[0] else ()

    def _part_of_headline(self) -> int:
        """The number of the story that the headline of the whole text is about; -1 for none."""
        taken = [len(words & self.subject) for words in self.words]
        most = max(taken)
        return taken.index(most) if most >= TAKEN_UP and 2 * most >= len(self.subject) else -1

    def _offsets(self, span: Offsets) -> Offsets:
        """The offsets in the body of lines by their numbers."""
        return self.lines[span[0]].start, self.lines[span[1] - 1].end

    def _without_separators(self, start: int, end: int) -> Offsets | None:
        """The lines without the separators at both ends; None if no other is left."""
        kept = [n for n in range(start, end) if n not in self.found.separators]
        return (kept[0], kept[-1] + 1) if kept else None
