"""The same event told elsewhere, in other words and other languages. Pure.

::

    article ─► find_features ─► weigh (Rarity) ─► candidate_keys ─► join ─► its event

``EventClusters`` does all of it for a stream in memory. An archive that keeps features and keys in
tables calls ``find_features`` when an article is kept, and ``candidate_keys``, ``weigh`` and
``join`` for what its tables give; see ``clusters``. Copies of one text are found before and
elsewhere (``crawler.stories``): they are one member of an event, or several, as the caller wishes.

Not done here: saying which of two reports of an event is right, or that one event caused another.
"""

from __future__ import annotations

from crawler.stories.events.clusters import (
    EventClusters,
    Joined,
    are_one_event,
    candidate_keys,
    join,
    same_event,
)
from crawler.stories.events.features import EventFeatures, find_features, pack, unpack
from crawler.stories.events.rarity import Rarity
from crawler.stories.events.score import WINDOW, WeighedFeatures, log_odds, weigh

__all__ = [
    "WINDOW",
    "EventClusters",
    "EventFeatures",
    "Joined",
    "Rarity",
    "WeighedFeatures",
    "are_one_event",
    "candidate_keys",
    "find_features",
    "join",
    "log_odds",
    "pack",
    "same_event",
    "unpack",
    "weigh",
]
