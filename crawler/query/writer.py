"""Write a query tree as text: ``parse(write(tree)) == tree`` for every tree that ``parse``
returns.
"""

from __future__ import annotations

import re

from crawler.query.tree import (
    ARABIC_OPERATORS,
    And,
    ConceptRef,
    Count,
    Filter,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    SameParagraph,
    SameSentence,
    SavedRef,
    SentenceWithout,
    Spelling,
    Word,
)

_NEEDS_QUOTES = re.compile(r"[\s()<>=≥≤«»“”]")
Operand = Word | Phrase | Prefix | ConceptRef | SavedRef | Filter | InField


def write(query: Query) -> str:
    """Return the query as text that parses to the same tree."""
    match query:
        case Count(inner, comparison, number):
            return f"{_write_atom(inner)} {comparison} {number}"
        case Near(left, right, distance):
            return f"{_write_side(left)} NEAR/{distance} {_write_counted(right)}"
        case SameSentence(left, right):
            return f"{_write_side(left)} SAME SENTENCE {_write_counted(right)}"
        case SentenceWithout(left, right):
            return f"{_write_side(left)} NOT SAME SENTENCE {_write_counted(right)}"
        case SameParagraph(left, right):
            return f"{_write_side(left)} SAME PARAGRAPH {_write_counted(right)}"
        case Not(inner):
            return f"NOT {write(inner) if isinstance(inner, Not) else _write_operand(inner)}"
        case And(parts):
            return " AND ".join(
                write(part) if isinstance(part, Not) else _write_operand(part) for part in parts
            )
        case Or(parts):
            return " OR ".join(
                f"({write(part)})" if isinstance(part, Or) else write(part) for part in parts
            )
    return _write_item(query)


def _write_item(query: Operand) -> str:
    """What stands on its own between operators."""
    match query:
        case Word(text, spelling):
            is_operator = spelling == "forms" and text in ARABIC_OPERATORS
            return _write_words((text,), "exact" if is_operator else spelling)
        case Phrase(words, spelling):
            return _write_words(words, spelling)
        case Prefix(text):
            return f"{text}*"
        case ConceptRef(name):
            return f"concept:{name}"
        case SavedRef(slug):
            return f"@{slug}"
        case Filter(name, value):
            return f'{name}:"{value}"' if _NEEDS_QUOTES.search(value) else f"{name}:{value}"
        case InField(field, inner):
            return f"{field}:{_write_atom(inner)}"


def _write_words(words: tuple[str, ...], spelling: Spelling) -> str:
    if spelling == "forms":
        return "-".join(words)
    quoted = f'"{" ".join(words)}"'
    return f"name:{quoted}" if spelling == "name" else quoted


def _write_atom(query: Query) -> str:
    return _write_item(query) if isinstance(query, Operand) else f"({write(query)})"


def _write_counted(query: Query) -> str:
    return write(query) if isinstance(query, Count) else _write_atom(query)


def _write_side(query: Query) -> str:
    """The left side of a proximity, which may be a proximity itself: they chain to the left."""
    chain = isinstance(query, Near | SameSentence | SentenceWithout | SameParagraph)
    return write(query) if chain else _write_counted(query)


def _write_operand(query: Query) -> str:
    return f"({write(query)})" if isinstance(query, And | Or | Not) else write(query)
