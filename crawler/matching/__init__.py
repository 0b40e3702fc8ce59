"""What a text is about: topics compiled, matched, scored and explained. Pure."""

from __future__ import annotations

from crawler.matching.matcher import (
    Evaluate,
    Matcher,
    complaints,
    evaluator,
    fields_of,
    index_words,
    is_unseen,
    labels_of,
    match,
    match_text,
    matcher,
    text_fields,
    unseen,
)

__all__ = [
    "Evaluate",
    "Matcher",
    "complaints",
    "evaluator",
    "fields_of",
    "index_words",
    "is_unseen",
    "labels_of",
    "match",
    "match_text",
    "matcher",
    "text_fields",
    "unseen",
]
