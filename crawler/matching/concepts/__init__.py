"""The concepts that an article mentions, found by all of the lexicon at once and kept. Pure."""

from __future__ import annotations

from crawler.matching.concepts.lexicon import Lexicon
from crawler.matching.concepts.places import (
    FIELDS,
    LAST_BIT,
    Place,
    find_concepts,
    share_a_sentence,
    unpack_places,
)

__all__ = [
    "FIELDS",
    "LAST_BIT",
    "Lexicon",
    "Place",
    "find_concepts",
    "share_a_sentence",
    "unpack_places",
]
