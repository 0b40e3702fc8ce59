"""Which concepts a text must have for a rule to hold, so that most rules need no evaluation.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from crawler import query


class RequiredConcepts:
    """The concepts that each part of some rules requires, as bits; a part that lacks one does
    not hold.

    Parts are looked up by identity; they are kept here, so that an identity is never reused.
    """

    def __init__(self, rules: Iterable[query.Query]) -> None:
        self.bits: dict[str, int] = {}
        self.by_node: dict[int, int] = {}
        self._kept = tuple(rules)
        for rule in self._kept:
            self._need(rule)

    def _need(self, node: query.Query) -> int:
        inner = [self._need(part) for part in query.children(node)]
        match node:
            case query.ConceptRef(name):
                need = self.bits.setdefault(name, 1 << len(self.bits))
            case query.Or():
                need = reduce(and_, inner)
            case query.Not() | query.Filter() | query.SavedRef():
                need = 0
            case query.Word() | query.Phrase() | query.Prefix():
                need = 0
            case query.SentenceWithout():
                need = inner[0]
            case query.Count() if node.holds(0):
                need = 0
            case _:
                need = reduce(or_, inner)
        self.by_node[id(node)] = need
        return need
