"""A query tree written down again: ``parse(write(tree)) == tree`` for every tree that parsing gives."""

from __future__ import annotations

from crawler.query.tree import (
    ARABIC_OPERATORS,
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
)


def write(query: Query) -> str:
    """The query as text that parses to the same tree."""
    match query:
        case Word(text):
            return f'"{text}"' if text in ARABIC_OPERATORS else text
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Concept(name):
            return f"concept:{name}"
        case Saved(slug):
            return f"@{slug}"
        case Filter(name, value):
            return f"{name}:{value}"
        case InField(field, inner):
            return f"{field}:{_atom(inner)}"
        case Count(inner, comparison, number):
            return f"{_atom(inner)} {comparison} {number}"
        case Near(left, right, distance):
            return f"{_side(left)} NEAR/{distance} {_counted(right)}"
        case SameSentence(left, right):
            return f"{_side(left)} SAME SENTENCE {_counted(right)}"
        case SameParagraph(left, right):
            return f"{_side(left)} SAME PARAGRAPH {_counted(right)}"
        case Not(inner):
            return f"NOT {write(inner) if isinstance(inner, Not) else _bound(inner)}"
        case And(parts):
            return " AND ".join(write(p) if isinstance(p, Not) else _bound(p) for p in parts)
        case Or(parts):
            return " OR ".join(f"({write(p)})" if isinstance(p, Or) else write(p) for p in parts)


def _atom(query: Query) -> str:
    plain = isinstance(query, Word | Phrase | Concept | Saved | Filter | InField)
    return write(query) if plain else f"({write(query)})"


def _counted(query: Query) -> str:
    return write(query) if isinstance(query, Count) else _atom(query)


def _side(query: Query) -> str:
    """The left of a proximity, which may be one itself: they chain to the left."""
    chain = isinstance(query, Near | SameSentence | SameParagraph)
    return write(query) if chain else _counted(query)


def _bound(query: Query) -> str:
    return f"({write(query)})" if isinstance(query, And | Or | Not) else write(query)
