"""One query language for topics, archive search and digests: text in, tree out."""

from __future__ import annotations

from crawler.query.describe import (
    describe,
)
from crawler.query.parser import (
    DEFAULT_DISTANCE,
    FIELDS,
    FILTERS,
    MOST_CHARACTERS,
    MOST_DEPTH,
    parse,
)
from crawler.query.saved import (
    CIRCULAR,
    labels,
    refuse_labels,
    resolve,
    saved,
)
from crawler.query.tree import (
    ARABIC_OPERATORS,
    ON_WATCH,
    And,
    Concept,
    Count,
    Filter,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    SameParagraph,
    SameSentence,
    Saved,
    Word,
    children,
    concepts,
    day,
    day_after,
    has_places,
    shared,
    walk,
)
from crawler.query.writer import (
    write,
)

__all__ = [
    "ARABIC_OPERATORS",
    "CIRCULAR",
    "DEFAULT_DISTANCE",
    "FIELDS",
    "FILTERS",
    "MOST_CHARACTERS",
    "MOST_DEPTH",
    "ON_WATCH",
    "And",
    "Concept",
    "Count",
    "Filter",
    "InField",
    "Near",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "SameParagraph",
    "SameSentence",
    "Saved",
    "Word",
    "children",
    "concepts",
    "day",
    "day_after",
    "describe",
    "has_places",
    "labels",
    "parse",
    "refuse_labels",
    "resolve",
    "saved",
    "shared",
    "walk",
    "write",
]
