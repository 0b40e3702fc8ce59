"""The concepts that an article mentions, found by all of the lexicon at once and kept. Pure."""

from __future__ import annotations

from crawler.matching.concepts.homographs import Homographs
from crawler.matching.concepts.lexicon import FINDING_VERSION, Lexicon, compiled_lexicon
from crawler.matching.concepts.places import (
    FIELDS,
    LAST_BIT,
    Place,
    find_concepts,
    keep_concepts,
    share_a_sentence,
    unpack_places,
)

__all__ = [
    "FIELDS",
    "FINDING_VERSION",
    "LAST_BIT",
    "Homographs",
    "Lexicon",
    "Place",
    "compiled_lexicon",
    "find_concepts",
    "keep_concepts",
    "share_a_sentence",
    "unpack_places",
]
