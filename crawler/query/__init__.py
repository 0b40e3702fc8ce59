"""The query language of topics, archive search and digests: its trees, parser and writer. Pure.

The grammar is documented in ``docs/reference/query-language.md``. ``matching.document`` evaluates a
query on a text, ``storage.search`` on the archive; both give the same answer.
"""

from __future__ import annotations

from crawler.query.actors import (
    actor_names,
    find_actors,
    resolve_actors,
    side_names,
)
from crawler.query.describe import (
    describe,
    describe_part,
)
from crawler.query.expansion import (
    Expanded,
    Knowledge,
    Occurring,
    Surname,
    expand,
    read,
)
from crawler.query.parser import (
    DEFAULT_NEAR_WORDS,
    FIELDS,
    FILTERS,
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_DEPTH,
    SLUG_PATTERN,
    parse,
)
from crawler.query.saved import (
    CIRCULAR_LABEL,
    find_labels,
    refuse_labels,
    refuse_names,
    resolve,
    saved_slugs,
)
from crawler.query.tree import (
    ARABIC_OPERATORS,
    WATCH_LABEL,
    And,
    ConceptRef,
    Count,
    Filter,
    FilterName,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    SameParagraph,
    SameSentence,
    SavedRef,
    SentenceWithout,
    Spelling,
    Word,
    children,
    concept_names,
    day_after,
    has_places,
    parse_day,
    share_parts,
    walk,
)
from crawler.query.writer import (
    write,
)

__all__ = [
    "ARABIC_OPERATORS",
    "CIRCULAR_LABEL",
    "DEFAULT_NEAR_WORDS",
    "FIELDS",
    "FILTERS",
    "MAX_QUERY_CHARACTERS",
    "MAX_QUERY_DEPTH",
    "SLUG_PATTERN",
    "WATCH_LABEL",
    "And",
    "ConceptRef",
    "Count",
    "Expanded",
    "Filter",
    "FilterName",
    "InField",
    "Knowledge",
    "Near",
    "Not",
    "Occurring",
    "Or",
    "Phrase",
    "Query",
    "SameParagraph",
    "SameSentence",
    "SavedRef",
    "SentenceWithout",
    "Spelling",
    "Surname",
    "Word",
    "actor_names",
    "children",
    "concept_names",
    "day_after",
    "describe",
    "describe_part",
    "expand",
    "find_actors",
    "find_labels",
    "has_places",
    "parse",
    "parse_day",
    "read",
    "refuse_labels",
    "refuse_names",
    "resolve",
    "resolve_actors",
    "saved_slugs",
    "share_parts",
    "side_names",
    "walk",
    "write",
]
