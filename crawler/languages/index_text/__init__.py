"""What the archive's full-text index holds of an article: its shadow text, made of index tokens.

``tokens`` says what a token is and which tokens a folded form stands in, ``shadow`` how a text
becomes tokens with the ends of its sentences, and a folded text again, ``articles`` how the texts
of an article become the two columns of a row. Pure; the worker that reads a page does it.
"""

from __future__ import annotations

from crawler.languages.index_text.articles import (
    MAX_INDEXED_CHARACTERS,
    read_index_text,
    write_index_text,
)
from crawler.languages.index_text.shadow import (
    BOUNDARY,
    CUT,
    FIELD_MARK,
    LEAD_END,
    ShadowText,
)
from crawler.languages.index_text.tokens import (
    ACUTE_MARK,
    TOKENS_VERSION,
    index_tokens,
    prefix_tokens,
    token_forms,
    tokens_of_forms,
)

__all__ = [
    "ACUTE_MARK",
    "BOUNDARY",
    "CUT",
    "FIELD_MARK",
    "LEAD_END",
    "MAX_INDEXED_CHARACTERS",
    "TOKENS_VERSION",
    "ShadowText",
    "index_tokens",
    "prefix_tokens",
    "read_index_text",
    "token_forms",
    "tokens_of_forms",
    "write_index_text",
]
