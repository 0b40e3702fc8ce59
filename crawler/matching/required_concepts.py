"""Which concepts a text must have at all for a rule to hold: the rest is answered without a look. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from crawler import query


class RequiredConcepts:
    """Which concepts have to be there at all, for each part of some rules: what lacks one is answered at once.

    By the identity of the parts, which are kept here so that no other can have it. Concepts are bits.
    """

    def __init__(self, rules: Iterable[query.Query]) -> None:
        self.bits: dict[str, int] = {}
        self.of: dict[int, int] = {}
        self._kept = tuple(rules)
        for rule in self._kept:
            self._need(rule)

    def _need(self, asked: query.Query) -> int:
        inner = [self._need(part) for part in query.children(asked)]
        match asked:
            case query.Concept(name):
                need = self.bits.setdefault(name, 1 << len(self.bits))
            case query.Or():
                need = reduce(and_, inner)
            case query.Not() | query.Filter() | query.Word() | query.Phrase() | query.Saved():
                need = 0
            case query.Count() if asked.holds(0):
                need = 0
            case _:
                need = reduce(or_, inner)
        self.of[id(asked)] = need
        return need
