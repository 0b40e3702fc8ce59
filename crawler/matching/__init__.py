"""Match texts against topics: compile, match, score, explain. Pure, except ``rejudge``."""

from __future__ import annotations

from crawler.matching.fields import Fields
from crawler.matching.matcher import (
    UNSHOWN_BODY,
    Evaluator,
    Matcher,
    article_fields,
    failed_examples,
    get_matcher,
    index_words,
    is_from_hidden_text,
    match,
    match_hidden_texts,
    match_text,
    searchable_labels,
    text_fields,
)

__all__ = [
    "UNSHOWN_BODY",
    "Evaluator",
    "Fields",
    "Matcher",
    "article_fields",
    "failed_examples",
    "get_matcher",
    "index_words",
    "is_from_hidden_text",
    "match",
    "match_hidden_texts",
    "match_text",
    "searchable_labels",
    "text_fields",
]
