"""Articles grouped by event, one after the other. Pure.

A new article is compared with those of ``score.WINDOW`` that share two of its rarest features with
it, however many there are in all::

    article ─► features ─► weigh ─► find candidates ─┬─► alike to none: a new event
                                                     ├─► alike to one: joins it
                                                     └─► alike to several: joins the likeliest, and
                                                         those merge that are alike as a whole

An article is alike to an event if the mean log odds of the three members that are most alike is
over 0: one odd member neither opens the door nor keeps it shut. Where events merge, the earlier
one keeps its number.

An archive that decides by tables keeps two things of an article, for the window only: its features
(``pack``, one or two kB) and a row (key, published_at, article) for each of its ``candidate_keys``.
Candidates are the articles in the window that have two of the keys, most of them first, at most
``MAX_CANDIDATES``; ``join`` decides on the events of these, ``same_event`` on two groups of
articles. One that decides in memory keeps the number of each article's event, and after a start
gives those of the window to ``EventClusters.restore``: numbers stay what they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.stories.events.features import EventFeatures
from crawler.stories.events.rarity import Rarity
from crawler.stories.events.score import WINDOW, WeighedFeatures, log_odds, weigh

RAREST = 12  # keys of a kind by which an article is found
MIN_RARITY = 0.4  # of 30,000 articles, what more than 500 have finds nothing
MIN_SHARED = 2  # of these keys; one is shared by chance
MAX_CANDIDATES = 60
MOST_ALIKE = 3  # members of an event that decide
_BOUND = 4.0  # log odds count no further: one near-copy is no proof for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What became of an article."""

    event: int  # the number of the event's first article
    merged: tuple[int, ...] = ()  # numbers of events that are part of it from now on


def candidate_keys(article: EventFeatures, rarity: Rarity) -> tuple[str, ...]:
    """The rarest keys of an article that another report of its event may have, the rarest first."""
    rare = {key: rarity.of_key(key, article.language) for key in article.keys}
    kept = [key for key in rare if rare[key] >= MIN_RARITY]
    kept.sort(key=lambda key: (-rare[key] * article.keys[key], key))
    by_kind = Counter[str]()
    found = []
    for key in kept:
        by_kind[key[0]] += 1
        if by_kind[key[0]] <= RAREST:
            found.append(key)
    return tuple(found)


def are_one_event(a: Sequence[WeighedFeatures], b: Sequence[WeighedFeatures]) -> bool:
    """Whether two groups of articles, each of one event, tell the same; neither is empty."""
    return _mean([bounded for x in a for bounded in _bounded(x, b)]) > 0


def same_event(a: Sequence[EventFeatures], b: Sequence[EventFeatures], rarity: Rarity) -> bool:
    """Whether two stories, each by its articles or the first of them, tell one event; neither is
    empty."""
    return are_one_event([weigh(one, rarity) for one in a], [weigh(one, rarity) for one in b])


def likeness(article: WeighedFeatures, members: Sequence[WeighedFeatures]) -> float:
    """The log odds that an article belongs to an event with these members."""
    return _mean(sorted(_bounded(article, members), reverse=True)[:MOST_ALIKE])


def join(
    article: WeighedFeatures, events: Mapping[int, Sequence[WeighedFeatures]]
) -> tuple[int, ...]:
    """The numbers of the events to which an article belongs, the likeliest first: it joins that
    one, and the others merge with it. Empty: it opens an event."""
    alike = {number: likeness(article, members) for number, members in events.items()}
    found = sorted((n for n in alike if alike[n] > 0), key=lambda n: (-alike[n], n))
    if not found:
        return ()
    likeliest = [*events[found[0]], article]
    return (found[0], *(n for n in found[1:] if are_one_event(likeliest, events[n])))


def _bounded(article: WeighedFeatures, members: Sequence[WeighedFeatures]) -> list[float]:
    return [max(-_BOUND, min(_BOUND, log_odds(article, member))) for member in members]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@dataclass(slots=True)
class EventClusters:
    """The events of a stream of articles, in order of publication; held in memory."""

    rarity: Rarity = field(default_factory=Rarity)
    learns: bool = True  # whether ``rarity`` counts each article that is added
    _weighed: dict[int, WeighedFeatures] = field(default_factory=dict)
    _event: dict[int, int] = field(default_factory=dict)  # of each article in the window
    _members: dict[int, list[int]] = field(default_factory=dict)
    _having: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _order: deque[int] = field(default_factory=deque)

    def __len__(self) -> int:
        """The articles in the window."""
        return len(self._order)

    def add(self, number: int, article: EventFeatures) -> Joined:
        """Put an article, with a number of its own, to its event."""
        self._forget_before(article)
        if self.learns:
            self.rarity.count(article)
        weighed = weigh(article, self.rarity)
        keys = candidate_keys(article, self.rarity)
        events = {
            event: [self._weighed[n] for n in self._members[event]]
            for event in self._candidates(keys)
        }
        found = join(weighed, events)
        self._remember(number, weighed, keys)
        return self._put(number, found)

    def restore(self, number: int, article: EventFeatures, event: int) -> None:
        """Take an article as one of this event, as was decided before; in order of publication."""
        if self.learns:
            self.rarity.count(article)
        keys = candidate_keys(article, self.rarity)
        self._remember(number, weigh(article, self.rarity), keys)
        self._members.setdefault(event, []).append(number)
        self._event[number] = event

    def _remember(self, number: int, weighed: WeighedFeatures, keys: tuple[str, ...]) -> None:
        self._weighed[number], self._keys[number] = weighed, keys
        self._order.append(number)
        for key in keys:
            self._having[key].append(number)

    def _candidates(self, keys: Sequence[str]) -> set[int]:
        shared = Counter(n for key in keys for n in self._having.get(key, ()))
        best = (n for n, times in shared.most_common(MAX_CANDIDATES) if times >= MIN_SHARED)
        return {self._event[n] for n in best}

    def _put(self, number: int, found: Sequence[int]) -> Joined:
        event = min(found, default=number)
        merged = tuple(n for n in found if n != event)
        members = self._members.setdefault(event, [])
        for other in merged:
            for member in self._members.pop(other):
                self._event[member] = event
                members.append(member)
        members.append(number)
        self._event[number] = event
        return Joined(event=event, merged=merged)

    def _forget_before(self, article: EventFeatures) -> None:
        """Drop what is older than the window; an event whose members all are can't be joined."""
        begin = article.published_at - WINDOW
        while self._order and self._weighed[self._order[0]].article.published_at < begin:
            number = self._order.popleft()
            del self._weighed[number]
            for key in self._keys.pop(number):
                self._having[key].remove(number)
                if not self._having[key]:
                    del self._having[key]
            members = self._members[self._event.pop(number)]
            members.remove(number)
