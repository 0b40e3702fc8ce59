"""Searching the archive: the full-text index proposes, the topics' own evaluator decides.

::

    query, filters ─► plan ─► articles by rank ─► judged, unless the plan is exact ─► answers

``planning`` makes a plan of a query, ``conditions`` of filters and metadata: conditions that hold
for a superset of the answers, and it is known where they hold for nothing else (``plan``).
``judging`` reads what a plan finds by rank, newest or oldest first, and has the evaluator that
serves topics judge it where the index does not decide. So a search and a topic with the same words
give the same answer, on both databases. ``answering`` makes pages, counts and exports that are all
of one moment (``moments``), and ``facets`` counts all answers by what they have in common.
``finding`` is what others call.
"""

from __future__ import annotations

from storage.search.answering import COUNTING_SECONDS, FACETS_SECONDS, SearchAtOneMoment
from storage.search.finding import SqlSearch
from storage.search.judging import Evaluate
from storage.search.planning import Terms

__all__ = [
    "COUNTING_SECONDS",
    "FACETS_SECONDS",
    "Evaluate",
    "SearchAtOneMoment",
    "SqlSearch",
    "Terms",
]
