"""Which story a new article belongs to: it joins one, makes one of several, or opens its own. Pure.

A story holds texts, a text holds articles: copies of one wording are one text, other words are
another text of the story. An article is compared with those that share some of its copy keys, never
with all::

    keys ──► articles that share a key, the most first ──► words compared
      a copy of some texts          all of them are one text now, and their stories one story
      an abridgement, or short      joins the text that it is most like
      the headline of another text  a text of its own in that story
      none of these                 a text and a story of its own
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from crawler.model import Article
from crawler.stories import likeness
from crawler.stories.likeness import Likeness
from crawler.stories.wording import Wording, copy_keys, of_text, text_of

MAX_DELAY = timedelta(days=30)  # what is printed again later is news again
MAX_OF_A_KEY = 8  # articles that are found by one copy key: the newest
MAX_COMPARED = 10  # articles that one is compared with …
MAX_OF_A_TEXT = 2  # … and of each text, those that share most with it


@dataclass(frozen=True, kw_only=True)  # without slots: the words are folded when they are needed
class Told:
    """What is compared of an article.

    ``text``: its body, or what stands for it (``wording.text_of``); ``keys``: as
    ``wording.copy_keys`` makes them, not needed of articles that are stored.
    """

    source: str
    headline: str
    text: str = field(repr=False)
    keys: tuple[int, ...] = ()
    first_seen_at: datetime
    published_at: datetime | None = None

    @cached_property
    def wording(self) -> Wording:
        """Its words."""
        return of_text(self.source, self.headline, self.text)

    @property
    def reported_at(self) -> datetime:
        """When the outlet published it, as far as is known: a date after we first saw it is
        wrong.
        """
        return min(self.published_at or self.first_seen_at, self.first_seen_at)


def told(article: Article, keys: tuple[int, ...] | None = None) -> Told:
    """What is compared of this article; its copy keys are made if they are not given."""
    published = article.published
    found = Told(
        source=article.source,
        headline=article.headline,
        text=text_of(article),
        first_seen_at=article.first_seen_at,
        published_at=published.at if published is not None else None,
    )
    return replace(found, keys=copy_keys(found.wording) if keys is None else keys)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs; numbers below zero are new."""

    text: int
    story: int


Load = Callable[[Collection[int]], Mapping[int, Told]]


@dataclass(slots=True, kw_only=True)
class Placing:
    """Places articles one after the other among those that are known.

    ``found`` must hold the articles of every key of those that are placed, the oldest
    first, and ``places`` where these are. Afterwards both are as they are to be stored, ``texts``
    and ``stories`` say which of them have become part of another (number → number), and ``let_go``
    which articles are no longer found by a key.
    """

    load: Load
    found: dict[int, list[int]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    texts: dict[int, int] = field(default_factory=dict)
    stories: dict[int, int] = field(default_factory=dict)
    let_go: set[tuple[int, int]] = field(default_factory=set)  # (key, article)
    _told: dict[int, Told] = field(default_factory=dict)

    def place(self, article: int, told: Told, *, alone: Place) -> Place:
        """Where this article belongs: ``alone`` if nothing tells the same."""
        alike = list(self._alike(article, told))
        copies = [place for place, how in alike if how == "copy"]
        others = [place for place, how in alike if how in ("abridgement", "short")]
        headlines = [place for place, how in alike if how == "headline"]
        if joined := copies or others[:1]:
            place = self._united(joined, [*copies, *others])
        elif headlines:
            place = Place(alone.text, self.current(headlines[0]).story)
        else:
            place = alone
        self.know(article, told, place)
        return place

    def know(self, article: int, told: Told, place: Place) -> None:
        """Take an article as known at this place."""
        self.places[article] = place
        self._told[article] = told
        for key in told.keys:
            known = self.found.setdefault(key, [])
            known.append(article)
            while len(known) > MAX_OF_A_KEY:
                self.let_go.add((key, known.pop(0)))

    def current(self, place: Place) -> Place:
        """Where what had this place is now."""
        return Place(_end(self.texts, place.text), _end(self.stories, place.story))

    def _alike(self, article: int, told: Told) -> Iterator[tuple[Place, Likeness]]:
        """The texts that it is like, each once, those that share most of its keys first."""
        asked = self._candidates(article, told)
        self._remember(asked)
        found = set[int]()
        for number in asked:
            place, other = self.current(self.places[number]), self._told.get(number)
            if other is None or place.text in found or not _is_timely(told, other):
                continue
            how = likeness.compare(told.wording, other.wording)
            if how is not None:
                found.add(place.text)
                yield place, how

    def _candidates(self, article: int, told: Told) -> list[int]:
        shared = Counter(
            number for key in told.keys for number in self.found.get(key, ()) if number != article
        )
        chosen: list[int] = []
        of_text = Counter[int]()
        for number in sorted(shared, key=lambda n: (-shared[n], -n)):
            if (place := self.places.get(number)) is None:
                continue
            text = self.current(place).text
            of_text[text] += 1
            if of_text[text] <= MAX_OF_A_TEXT:
                chosen.append(number)
        return chosen[:MAX_COMPARED]

    def _remember(self, articles: Collection[int]) -> None:
        if missing := [number for number in articles if number not in self._told]:
            self._told.update(self.load(missing))

    def _united(self, one_text: Sequence[Place], one_story: Sequence[Place]) -> Place:
        """The first text and the first story of these, of which all are part from now on."""
        text = _first(place.text for place in one_text)
        story = _first(place.story for place in one_story)
        self.texts.update({place.text: text for place in one_text if place.text != text})
        self.stories.update({place.story: story for place in one_story if place.story != story})
        return Place(text, story)


def _first(numbers: Iterator[int]) -> int:
    """The oldest: new numbers, below zero, come after those that are stored."""
    return min(numbers, key=lambda number: (number < 0, abs(number)))


def _end(joined: Mapping[int, int], number: int) -> int:
    while number in joined:
        number = joined[number]
    return number


def _is_timely(a: Told, b: Told) -> bool:
    """Whether one may be a copy of the other, by their dates.

    The dates of an outlet may be wrong: two that were seen within the time are near each other,
    whatever date they have, unless both were old when they were first seen.
    """
    apart = abs(a.reported_at - b.reported_at)
    old = all(one.first_seen_at - one.reported_at > MAX_DELAY for one in (a, b))
    if not old:
        apart = min(apart, abs(a.first_seen_at - b.first_seen_at))
    return apart <= MAX_DELAY
