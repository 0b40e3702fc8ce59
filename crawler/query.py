"""One query language for topics and for the archive: text in, tree out.

::

    query   = and {"OR" and}            and   = not {["AND"] not}         not = ["NOT"] near
    near    = item {("NEAR/" n | "SAME SENTENCE") item}                   both sides in one field
    item    = "(" query ")" | field ":" item | "concept:" name | '"' words '"' | word

``parse`` refuses what cannot mean anything and points at it. What a tree means on a text is said
by ``matching.Document``, what it means on the archive by ``storage.search``; both give one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from crawler.errors import QueryError
from crawler.languages import fold

FIELDS = {
    "headline": "headline", "title": "headline", "lead": "lead", "body": "body", "top": "top",
}  # fmt: skip
"""Field as written → as meant. ``top`` is the headline and the lead; body includes the lead."""

DEFAULT_DISTANCE = 10  # words, for NEAR without a number


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, folded."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """Any term of a concept of the lexicon."""

    name: str


@dataclass(frozen=True, slots=True)
class InField:
    """The query, asked of one field only."""

    field: str
    query: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Both, with at most ``distance`` words between them, in either order, in one field."""

    left: Query
    right: Query
    distance: int


@dataclass(frozen=True, slots=True)
class SameSentence:
    """Both within one sentence; chained, all of them in that one sentence."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    query: Query


Query = Word | Phrase | Concept | InField | Near | SameSentence | And | Or | Not

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?P<phrase>"[^"]*") | (?P<unclosed>")
    | (?P<near>NEAR(?:/(?P<distance>\d+))?)(?![\w/])
    | (?P<same>SAME\s+SENTENCE)(?!\w)
    | (?P<operator>AND|OR|NOT)(?!\w)
    | concept:(?P<concept>[\w-]+)
    | (?P<field>[A-Za-z]+):(?!//)
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    at: int


def parse(text: str) -> Query:
    """The tree of a query; QueryError, with the place and what was expected, if it has none."""
    return _Parser(text).parse()


def concepts(query: Query) -> Iterator[str]:
    """The names of the concepts a query asks for, in order, with repeats."""
    match query:
        case Concept(name):
            yield name
        case InField(_, inner) | Not(inner):
            yield from concepts(inner)
        case Near(left, right) | SameSentence(left, right):
            yield from concepts(left)
            yield from concepts(right)
        case And(parts) | Or(parts):
            for part in parts:
                yield from concepts(part)
        case _:
            return


class _Parser:
    """Recursive descent over the tokens; ``self.next`` is the one being looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.index = 0

    @property
    def next(self) -> _Token:
        if self.index < len(self.tokens):
            return self.tokens[self.index]
        return _Token("end", "", len(self.text))

    def parse(self) -> Query:
        if self.next.kind == "end":
            self.fail("the query is empty; write a word, a \"phrase\" or concept:name")
        query = self.either()
        if self.next.kind != "end":
            self.fail("a closing parenthesis without its opening one")
        return query

    def either(self) -> Query:
        parts = [self.both()]
        while self.take("operator", "OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Query:
        parts = [self.negated()]
        while self.take("operator", "AND") or self.starts_item():
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def starts_item(self) -> bool:
        token = self.next
        return token.kind in ("open", "phrase", "unclosed", "concept", "field", "word") or (
            token.kind == "operator" and token.value == "NOT"
        )

    def negated(self) -> Query:
        if self.take("operator", "NOT"):
            return Not(self.negated())
        return self.proximity()

    def proximity(self) -> Query:
        at = self.next.at
        left = self.item()
        while self.next.kind in ("near", "same"):
            operator = self.advance()
            right_at = self.next.at
            right = self.item()
            for side, where in ((left, at), (right, right_at)):
                if not _has_places(side):
                    self.fail("NEAR and SAME SENTENCE need words, phrases or concepts here", where)
            if operator.kind == "near":
                left = Near(left, right, int(operator.value or DEFAULT_DISTANCE))
            else:
                left = SameSentence(left, right)
        return left

    def item(self) -> Query:
        token = self.advance()
        match token.kind:
            case "open":
                inner = self.either()
                if not self.take("close"):
                    self.fail("a closing parenthesis was expected")
                return inner
            case "field":
                if token.value.lower() not in FIELDS:
                    self.fail(
                        f"unknown field {token.value!r}; known: {', '.join(FIELDS)}, concept",
                        token.at,
                    )
                return InField(FIELDS[token.value.lower()], self.item())
            case "concept":
                return Concept(token.value)
            case "phrase" | "word":
                return self.words(token)
            case "unclosed":
                self.fail("a quotation mark that is never closed", token.at)
        self.fail("a word, a \"phrase\", concept:name or a parenthesis was expected", token.at)

    def words(self, token: _Token) -> Query:
        words = tuple(t.text for t in fold(token.value).tokens)
        if not words:
            self.fail(f"nothing to look for in {token.value!r}", token.at)
        return Word(words[0]) if len(words) == 1 else Phrase(words)

    def take(self, kind: str, value: str | None = None) -> bool:
        token = self.next
        if token.kind == kind and value in (None, token.value):
            self.index += 1
            return True
        return False

    def advance(self) -> _Token:
        token = self.next
        self.index += 1
        return token

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        raise QueryError(message, self.text, self.next.at if at is None else at)


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup or ""
        if kind == "distance":
            kind = "near"
        value = match.group("distance") or "" if kind == "near" else match.group(kind)
        at = match.start(kind)
        yield _Token(kind, value, at - len("concept:") if kind == "concept" else at)
        position = match.end()


def _has_places(query: Query) -> bool:
    """Whether a query's answer is a set of places, so that a distance between them has meaning."""
    match query:
        case Word() | Phrase() | Concept() | Near() | SameSentence():
            return True
        case InField(_, inner):
            return _has_places(inner)
        case Or(parts):
            return all(_has_places(part) for part in parts)
        case _:
            return False
