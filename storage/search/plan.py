"""What a query's answers satisfy in SQL, and whether that is all that they have to satisfy.

A plan is driven by the full-text index: its rows come by rank, and so the newest of a hundred
thousand answers are found without the others. What the index can't say are conditions on
``articles``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from math import prod
from typing import Any

import sqlalchemy as sa

from crawler.languages.index_text import CUT
from storage import tables as t
from storage.article_writer import SEQUENCE_BITS
from storage.concept_queries import MAX_COUNTED, SIZE
from storage.text_index import PLACES_CUT

HEADLINE_WEIGHT = 8.0  # of a word there, in words of the text
MAX_PHRASES = 300  # spellings of one phrase that FTS5 looks for
RANKS_A_MINUTE = 1 << SEQUENCE_BITS
Condition = sa.ColumnElement[bool]
_DRIVING = "driving"  # the statement whose rows are gone through
_TEXT = sa.table("article_text", sa.column("rowid", sa.BigInteger))
_TSQUERY = "CAST(:words AS tsquery)"
_BY_LENGTH = 1  # ts_rank: divided by 1 + the logarithm of the text's length


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Conditions that all answers satisfy, each of them; the default holds for every article.

    ``is_exact``: whatever satisfies them is an answer, and no article has to be judged.
    """

    words: str = ""  # an expression of the full-text index; "": none
    without: str = ""  # an expression that no answer satisfies; "": none
    ranks: tuple[sa.Select[Any], ...] = ()  # each gives ranks, each once; an answer's is in all
    where: tuple[Condition, ...] = ()  # on articles
    low: int | None = None  # the least rank
    high: int | None = None  # exclusive
    is_exact: bool = True

    @property
    def has_words_only(self) -> bool:
        """Whether one expression of the full-text index says all."""
        rest = (self.without, self.ranks, self.where)
        return bool(self.words) and not any(rest) and self.low is None and self.high is None


ANYTHING = Plan(is_exact=False)
"""Any article may be an answer, or none."""


def rank_of(at: datetime) -> int:
    """The least rank of an article of this moment's minute."""
    return int(at.timestamp()) // 60 * RANKS_A_MINUTE


def is_whole_minute(at: datetime) -> bool:
    """Whether ranks tell exactly what is before this moment."""
    return at.second == at.microsecond == 0


class Plans:
    """Combines plans in the syntax of one database."""

    def __init__(self, dialect: str) -> None:
        self.is_sqlite = dialect == "sqlite"
        self._and, self._or = (" AND ", " OR ") if self.is_sqlite else (" & ", " | ")
        self._quote = '"{}"' if self.is_sqlite else "'{}'"

    def word(self, key: str) -> str:
        """The expression for a word as the index has it."""
        return self._quote.format(key)

    def beginning(self, key: str) -> str:
        """The expression for any word whose key begins so."""
        return self.word(key) + ("*" if self.is_sqlite else ":*")

    def phrase(self, words: Sequence[Collection[str]]) -> str:
        """The expression for words that follow each other, each given by its tokens; "" if there
        are too many ways to write it. A text of which the index has not all places may have it."""
        if self.is_sqlite:
            if prod(map(len, words)) > MAX_PHRASES:
                return ""
            return self.any_words([self.word(" ".join(tokens)) for tokens in product(*words)])
        alike = [self.any_words([self.word(token) for token in tokens]) for tokens in words]
        followed = f"({' <-> '.join(alike)})"
        return self.any_words([followed, self.all_words([self.word(PLACES_CUT), *alike])])

    def near(self, sides: Sequence[Sequence[str]], distance: int) -> str:
        """The expression for a token of each side with so many others between them at most; "" if
        there are too many pairs, or if the database has none."""
        if not self.is_sqlite or prod(map(len, sides)) > MAX_PHRASES:
            return ""
        pairs = (" ".join(map(self.word, pair)) for pair in product(*sides))
        return self.any_words([f"NEAR({pair}, {distance})" for pair in pairs])

    def perhaps(self, words: str) -> str:
        """The expression, or an article that the index has only in part."""
        return self.any_words([words, self.word(CUT)])

    def surely(self, words: str) -> str:
        """The expression, in articles that the index has wholly."""
        return self._without(words, self.any_words(list(map(self.word, self._marks))))

    @property
    def _marks(self) -> tuple[str, ...]:
        return (CUT,) if self.is_sqlite else (CUT, PLACES_CUT)

    def in_part(self) -> Plan:
        """The plan of the articles that the index has only in part."""
        return Plan(words=self.any_words(list(map(self.word, self._marks))), is_exact=False)

    def all_words(self, parts: Sequence[str]) -> str:
        """The expression for all of these; an empty one asks for nothing."""
        return _joined(self._and, [part for part in parts if part])

    def any_words(self, parts: Sequence[str]) -> str:
        """The expression for at least one of these."""
        return _joined(self._or, [part for part in parts if part])

    def all_of(self, plans: Sequence[Plan]) -> Plan:
        """All of these hold."""
        return Plan(
            words=self.all_words([one.words for one in plans]),
            without=self.any_words([one.without for one in plans]),
            ranks=tuple(sorted((ranks for one in plans for ranks in one.ranks), key=rows_of)),
            where=tuple(condition for one in plans for condition in one.where),
            low=max((one.low for one in plans if one.low is not None), default=None),
            high=min((one.high for one in plans if one.high is not None), default=None),
            is_exact=all(one.is_exact for one in plans),
        )

    def any_of(self, plans: Sequence[Plan]) -> Plan:
        """At least one of these holds."""
        is_exact = all(one.is_exact for one in plans)
        if all(one.has_words_only for one in plans):
            return Plan(words=self.any_words([one.words for one in plans]), is_exact=is_exact)
        conditions = [self.condition(one) for one in plans]
        if any(condition is None for condition in conditions):
            return replace(ANYTHING, is_exact=is_exact)
        return Plan(where=(sa.or_(*(c for c in conditions if c is not None)),), is_exact=is_exact)

    def none_of(self, plan: Plan, *, of_words: bool = True) -> Plan:
        """This does not hold; ANYTHING if it is not known exactly where it does. ``of_words``:
        it says something of words, so that articles that the index has only in part remain."""
        if not plan.is_exact:
            return ANYTHING
        if plan.has_words_only:
            return Plan(without=self.surely(plan.words))
        condition = self.condition(plan)
        if condition is None:
            return Plan(where=(sa.false(),))
        if not of_words:
            return Plan(where=(sa.not_(condition),))
        in_part = t.articles.c.rank.in_(self._found(self.in_part().words))
        return Plan(where=(sa.or_(sa.not_(condition), in_part),))

    def condition(self, plan: Plan) -> Condition | None:
        """The plan as one condition on articles; None if it has none."""
        a = t.articles.c
        parts = [*plan.where, *bounds(a.rank, plan)]
        parts += [a.rank.in_(ranks) for ranks in plan.ranks]
        if plan.words:
            parts.append(a.rank.in_(self._found(plan.words)))
        if plan.without:
            parts.append(a.rank.not_in(self._found(plan.without)))
        return sa.and_(*parts) if parts else None

    def select(self, plan: Plan, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """These columns of the articles for which the plan holds, in no order."""
        a = t.articles.c
        if plan.words:
            # The index is gone through, each article is looked up; ``+`` keeps SQLite from the
            # other way round.
            rowid: sa.ColumnElement[int] = _TEXT.c.rowid
            same = a.rank == (sa.literal_column("+article_text.rowid") if self.is_sqlite else rowid)
            asked = sa.select(*columns).join_from(_TEXT, t.articles, same)
            asked = asked.where(self._match(self._expression(plan)), *bounds(_TEXT.c.rowid, plan))
            lookups = plan.ranks
        elif plan.ranks:
            first, *others = plan.ranks
            rows = first.subquery(_DRIVING)
            rank = rows.c.rank
            same = a.rank == (sa.literal_column(f"+{_DRIVING}.rank") if self.is_sqlite else rank)
            asked = sa.select(*columns).join_from(rows, t.articles, same)
            asked = asked.where(*bounds(rank, plan))
            lookups = tuple(others)
        else:
            asked = sa.select(*columns).select_from(t.articles).where(*bounds(a.rank, plan))
            lookups = ()
        if plan.without and not plan.words:
            asked = asked.where(a.rank.not_in(self._found(plan.without)))
        for rows in (ranks.subquery() for ranks in lookups):
            asked = asked.where(sa.exists().select_from(rows).where(rows.c[0] == a.rank))
        return asked.where(*plan.where)

    def rank(self, plan: Plan) -> sa.ColumnElement[int]:
        """The column that ``select`` goes through in order, forwards or backwards."""
        if plan.words:
            return _TEXT.c.rowid
        of_first: sa.ColumnElement[int] = sa.literal_column(f"{_DRIVING}.rank", sa.BigInteger)
        return of_first if plan.ranks else t.articles.c.rank

    def relevance(self, plan: Plan) -> sa.ColumnElement[float]:
        """What ``select`` orders by to have the most relevant first; the plan has words."""
        if self.is_sqlite:
            return sa.literal_column(f"bm25(article_text, {HEADLINE_WEIGHT}, 1.0)", sa.Float)
        weights = f"{{{', '.join([f'{1 / HEADLINE_WEIGHT}'] * 3)}, 1.0}}"  # of D, C, B, A
        score: Any = sa.text(
            f"ts_rank('{weights}', article_text.words, {_TSQUERY}, {_BY_LENGTH}) DESC"
        )
        asked: Any = sa.bindparam("words", self._expression(plan), unique=True)
        return score.bindparams(asked)  # type: ignore[no-any-return]

    def _expression(self, plan: Plan) -> str:
        return self._without(plan.words, plan.without) if plan.without else plan.words

    def _without(self, words: str, without: str) -> str:
        negation = " NOT " if self.is_sqlite else " & !"
        return f"(({words}){negation}({without}))"

    def _match(self, words: str) -> Condition:
        hit = "article_text MATCH :words" if self.is_sqlite else f"article_text.words @@ {_TSQUERY}"
        found: Any = sa.text(hit).bindparams(sa.bindparam("words", words, unique=True))
        return found  # type: ignore[no-any-return]

    def _found(self, words: str) -> sa.Select[Any]:
        return sa.select(_TEXT.c.rowid).where(self._match(words))


def bounds(rank: sa.ColumnElement[int], plan: Plan) -> list[Condition]:
    """The plan's limits of rank as conditions on this column."""
    found = [] if plan.low is None else [rank >= plan.low]
    return found if plan.high is None else [*found, rank < plan.high]


def rows_of(ranks: sa.Select[Any]) -> int:
    """How many rows a statement gives, as far as that is known: those of few are asked first."""
    return int(ranks.get_execution_options().get(SIZE, MAX_COUNTED))


def _joined(operator: str, parts: Sequence[str]) -> str:
    return f"({operator.join(parts)})" if len(parts) > 1 else "".join(parts)
