"""Parse a query into a tree (recursive descent).

``docs/reference/query-language.md`` has the grammar. Queries that cannot mean anything are refused
with the position of the mistake. ``write`` is the inverse of ``parse``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn, cast

from crawler.errors import QueryError
from crawler.languages import digits, plain_words
from crawler.query.tree import (
    ARABIC_OPERATORS,
    And,
    Comparison,
    ConceptRef,
    Count,
    Filter,
    FilterName,
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
    day_after,
    has_places,
)

FIELDS = {
    "body": "body", "headline": "headline", "lead": "lead", "title": "headline", "top": "top",
    "أعلى": "top", "عنوان": "headline", "متن": "body", "مقدمة": "lead",
}  # fmt: skip
"""Field names as users write them → as stored. ``top`` is headline and lead; body includes the
lead.
"""

FILTERS: dict[str, FilterName] = {
    "actor": "actor", "after": "after", "before": "before", "country": "country", "label": "label",
    "lang": "lang", "side": "side", "source": "source", "theme": "theme", "بعد": "after",
    "بلد": "country", "طرف": "side", "فاعل": "actor", "قبل": "before", "لغة": "lang",
    "محور": "theme", "مصدر": "source", "وسم": "label",
}  # fmt: skip
"""Filter names as users write them → as stored."""

NAMES = ("name", "nom", "اسم")
"""What stands before a name that is meant in any spelling and script."""

MIN_PREFIX = 3  # letters before a *: fewer begin half of all words
DEFAULT_NEAR_WORDS = 10  # words, for NEAR without a number
MAX_QUERY_CHARACTERS = 20_000  # a query beyond this is a mistake or an attack (A1)
MAX_QUERY_DEPTH = 60  # parentheses within each other; the parser and its readers recurse

_COMPARISONS = {"≥": ">=", "≤": "<=", "==": "="}
SLUG_PATTERN = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
_NAMES = "|".join((*FILTERS, "concept", "مفهوم"))
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?P<phrase>"[^"]*"|«[^»]*»|“[^”]*”) | (?P<unclosed>["«“])
    | (?P<near>(?:NEAR|قرب)(?:/(?P<distance>\d+))?)(?![\w/'’-])
    | (?P<far>(?:NEAR|قرب)/)
    | (?P<same>SAME\s+(?:SENTENCE|PARAGRAPH)|نفس\s+(?:الجملة|الفقرة))(?!\w)
    | (?P<operator>AND|OR|NOT|و|أو|او|ليس)(?![\w:/'’-])
    | (?P<comparison>>=|<=|==|=|>|<|≥|≤)\s*(?P<number>\d*)
    | (?P<named>(?:{_NAMES}):(?:"[^"]*"|«[^»]*»|“[^”]*”|[^\s()"<>=≥≤]*))
    | (?P<field>[^\W\d_]+):(?!//)
    | (?P<saved>@[\w-]*)
    | (?P<word>\d[^\s()"«»“”<>=≥≤]*\s[%٪‰](?![^\s()]) | [^\s()"«»“”<>=≥≤]+) | (?P<stray>\S)
    )""",
    re.VERBOSE,
)
_FILTER_VALUES: dict[FilterName, tuple[Callable[[str], str], str, str]] = {
    "country": (str.upper, r"[A-Z]{2}", "a country's two letters, such as FR,"),
    "label": (str, rf"(?:{SLUG_PATTERN}/)?{SLUG_PATTERN}", "a label, such as dams or topic/dams,"),
    "lang": (str.lower, r"[a-z]{2,3}", "a language's code, such as ar,"),
    "source": (str, SLUG_PATTERN, "a source's slug"),
    "theme": (str, rf"(?:{SLUG_PATTERN}/)?{SLUG_PATTERN}", "a theme, such as floods,"),
    "side": (str, r"[\w-]+", "a side, such as FR,"),
    "actor": (lambda name: " ".join(name.split()), r".*\w.*", 'a name, such as actor:"Ali Hasan",'),
}  # filter: how to normalize its value, what it must look like, what to expect otherwise
_ITEMS = ("open", "phrase", "unclosed", "named", "field", "saved", "far", "word", "stray")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    at: int


def parse(text: str) -> Query:
    """Return the tree of a query. Raises QueryError with the position and what was expected
    there.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(f"a query of more than {MAX_QUERY_CHARACTERS} characters", text[:60], 0)
    return _Parser(text).parse()


class _Parser:
    """Recursive descent over the tokens; ``self.next`` is the current token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokenize(text))
        self.index = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        if self.index < len(self.tokens):
            return self.tokens[self.index]
        return _Token("end", "", len(self.text))

    def parse(self) -> Query:
        if self.next.kind == "end":
            self.fail('the query is empty; write a word, a "phrase" or concept:name')
        query = self.either()
        if self.next.kind == "close":
            self.fail("a closing parenthesis without its opening one")
        if self.next.kind != "end":
            self.fail("an operator was expected between the two: AND, OR, NEAR/n …")
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
        return token.kind in _ITEMS or (token.kind == "operator" and token.value == "NOT")

    def negated(self) -> Query:
        if self.take("operator", "NOT"):
            return Not(self.deeper(self.negated))
        return self.proximity()

    def proximity(self) -> Query:
        at = self.next.at
        left = self.counted()
        while self.next.kind in ("near", "same") or self.starts_without():
            without = self.take("operator", "NOT")
            operator = self.advance()
            if without and operator.value != "SENTENCE":
                self.fail("NOT goes with SAME SENTENCE only", operator.at)
            right_at = self.next.at
            right = self.counted()
            for side, where in ((left, at), (right, right_at)):
                if not has_places(side):
                    self.fail("NEAR and SAME … need words, phrases or concepts here", where)
            if operator.kind == "near":
                left = Near(left, right, int(operator.value or DEFAULT_NEAR_WORDS))
            elif without:
                left = SentenceWithout(left, right)
            elif operator.value == "SENTENCE":
                left = SameSentence(left, right)
            else:
                left = SameParagraph(left, right)
        return left

    def starts_without(self) -> bool:
        """Whether ``NOT SAME …`` comes next, which is one operator."""
        token, after = self.next, self.tokens[self.index + 1 : self.index + 2]
        negated = token.kind == "operator" and token.value == "NOT"
        return negated and bool(after) and after[0].kind == "same"

    def counted(self) -> Query:
        at = self.next.at
        item = self.item()
        if self.next.kind != "comparison":
            return item
        token = self.advance()
        comparison, _, number = token.value.partition(" ")
        if not number:
            self.fail("a number was expected, as in dam >= 2", token.at + len(comparison))
        if not has_places(item):
            self.fail("only words, phrases and concepts can be counted", at)
        return Count(item, cast("Comparison", comparison), int(number))

    def item(self) -> Query:
        token = self.advance()
        match token.kind:
            case "open":
                inner = self.deeper(self.either)
                if not self.take("close"):
                    self.fail("a closing parenthesis was expected")
                return inner
            case "field":
                return self.field(token)
            case "named":
                return self.named(token)
            case "saved":
                if not re.fullmatch(SLUG_PATTERN, token.value[1:]):
                    self.fail("a saved query's slug was expected, as in @my-search", token.at)
                return SavedRef(token.value[1:])
            case "phrase":
                return self.words(token, "exact")
            case "word" if "*" in token.value:
                return self.prefix(token)
            case "word":
                return self.words(token, "forms")
            case "far":
                self.fail(
                    "a number of words was expected, as in NEAR/5", token.at + len(token.value)
                )
            case "unclosed":
                self.fail("a quotation mark that is never closed", token.at)
        wanted = 'a word, a "phrase", concept:name or a parenthesis was expected'
        if token.kind in ("operator", "near", "same"):
            wanted += "; an operator that is meant as a word goes in quotes"
        self.fail(wanted, token.at)

    def field(self, token: _Token) -> Query:
        if token.value.lower() in NAMES:
            return self.name(token)
        field = FIELDS.get(token.value.lower())
        if field is None:
            known = ", ".join((*FIELDS, *FILTERS, "concept", *NAMES))
            self.fail(f"unknown field {token.value!r}; known: {known}", token.at)
        return InField(field, self.deeper(self.item))

    def named(self, token: _Token) -> Query:
        name, _, value = token.value.partition(":")
        at = token.at + len(name) + 1
        if name in ("concept", "مفهوم"):
            if not re.fullmatch(r"[\w-]+", value):
                self.fail("a concept's name was expected, as in concept:water", at)
            return ConceptRef(value)
        meant, value = FILTERS[name], value.strip('"«»“”').replace('"', " ")
        value, wanted = _normalize_value(meant, value)
        if wanted:
            self.fail(f"{wanted} was expected", at)
        return Filter(meant, value)

    def prefix(self, token: _Token) -> Query:
        """``minist*``; a star anywhere else means nothing."""
        text, star, rest = token.value.partition("*")
        words, at = plain_words(text), token.at + len(text)
        if rest or not words:
            self.fail("* stands at the end of a word only, as in minist*", at)
        if len(words) == 2 and len(words[0]) == 1:  # l'eau*: the article says nothing
            words = words[1:]
        if len(words) > 1:
            self.fail(f"{star} goes with one word, as in {words[-1]}*", at)
        if len(words[0]) < MIN_PREFIX:
            self.fail(f"{star} needs at least {MIN_PREFIX} letters before it, as in minist*", at)
        return Prefix(words[0])

    def words(self, token: _Token, spelling: Spelling) -> Query:
        if "*" in token.value:
            star = token.at + token.value.index("*")
            self.fail("* stands at the end of a single word, not in quotes or names", star)
        words = plain_words(token.value)
        if not words:
            self.fail(f"nothing to look for in {token.value!r}", token.at)
        return Word(words[0], spelling) if len(words) == 1 else Phrase(words, spelling)

    def name(self, token: _Token) -> Query:
        """The word or phrase behind ``name:``."""
        given = self.advance()
        if given.kind not in ("phrase", "word"):
            self.fail(f"a name was expected, as in {token.value}:Kinani", given.at)
        return self.words(given, "name")

    def deeper(self, read: Callable[[], Query]) -> Query:
        self.depth += 1
        if self.depth > MAX_QUERY_DEPTH:
            self.fail(f"more than {MAX_QUERY_DEPTH} levels within each other")
        query = read()
        self.depth -= 1
        return query

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
        """Raise QueryError at the offset ``at``, or at the current token."""
        raise QueryError(message, self.text, self.next.at if at is None else at)


def _normalize_value(name: FilterName, value: str) -> tuple[str, str]:
    """Return (the value in its one form, what was expected instead or "")."""
    if name in ("after", "before"):
        value = digits(value)
        try:
            day_after(value)
        except (ValueError, OverflowError):
            return value, "a date such as 2026, 2026-11 or 2026-11-24"
        return value, ""
    normalize, pattern, expected = _FILTER_VALUES[name]
    value = normalize(value)
    return value, "" if re.fullmatch(pattern, value) else expected


def _tokenize(text: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup or ""
        kind = {"distance": "near", "number": "comparison"}.get(kind, kind)
        value, at = match.group(kind), match.start(kind)
        match kind:
            case "near":
                value = digits(match["distance"] or "")
            case "same":
                value = "SENTENCE" if value.endswith(("SENTENCE", "الجملة")) else "PARAGRAPH"
            case "operator":
                value = ARABIC_OPERATORS.get(value, value)
            case "comparison":
                value = f"{_COMPARISONS.get(value, value)} {digits(match['number'])}"
        yield _Token(kind, value, at)
        position = match.end()
