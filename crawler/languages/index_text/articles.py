"""The two columns of an article's row in the full-text index, and its texts read from them. Pure.

Folding an article's words costs about as much as reading its page with a template, so the worker
that read the page does it; the archive only writes the result. The second column holds the body,
then the fields that stand beside it, each behind a token that names it: no phrase reaches from one
field into the next.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.languages.index_text.fields import article_texts, lead_end
from crawler.languages.index_text.shadow import CUT, ShadowText, read_shadow, write_shadow
from crawler.model import Article, FieldName

MAX_INDEXED_CHARACTERS = 200_000  # of one column; PostgreSQL refuses a tsvector of more than 1 MB
_FIELD_MARKS: dict[FieldName, str] = {"url": "§u", "lead": "§l", "summary": "§s"}
_FIELDS = {mark: name for name, mark in _FIELD_MARKS.items()}
_FIELD_MARK = re.compile(r" ?(§[uls]) ?")


class IndexedTexts(NamedTuple):
    """The texts of an article by field, as its row in the index has them."""

    texts: dict[FieldName, ShadowText]  # in the order in which matching has the fields
    lead_end: int  # the words of the body that are its lead; 0 if the body doesn't contain it
    is_cut: bool  # longer than what is indexed: only the article itself answers


def write_index_text(article: Article) -> tuple[str, str]:
    """The shadow of the headline, and those of body, lead, summary and the URL's words.

    A lead that the body begins with is not repeated. Of a column longer than
    MAX_INDEXED_CHARACTERS the first are kept, and the second column begins with ``CUT``.
    """
    texts, lead = article_texts(article)
    body = texts.get("body", "")
    parts = [write_shadow(body, lead_end(lead, body))]
    for name, mark in _FIELD_MARKS.items():
        if shadow := write_shadow(texts.get(name, "")):
            parts += [mark, shadow]
    columns = write_shadow(texts.get("headline", "")), " ".join(filter(None, parts))
    if max(map(len, columns)) <= MAX_INDEXED_CHARACTERS:
        return columns
    headline, text = map(_cut, columns)
    return headline, f"{CUT} {text}"


def _cut(column: str) -> str:
    """The column's first words; a word that is cut is left out."""
    if len(column) <= MAX_INDEXED_CHARACTERS:
        return column
    return column[: MAX_INDEXED_CHARACTERS - len(CUT) - 1].rpartition(" ")[0]


def read_index_text(headline: str, text: str) -> IndexedTexts:
    """The texts of an article from the columns that ``write_index_text`` made of it."""
    is_cut = text.startswith(CUT)
    pieces = _FIELD_MARK.split(text.removeprefix(CUT).lstrip(" ")) if "§" in text else [text]
    body, lead = read_shadow(pieces[0])
    texts: dict[FieldName, ShadowText] = {}
    if headline:
        texts["headline"] = read_shadow(headline)[0]
    if pieces[0]:
        texts["body"] = body
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        texts[_FIELDS[mark]] = read_shadow(piece)[0]
    return IndexedTexts(texts, lead, is_cut)
