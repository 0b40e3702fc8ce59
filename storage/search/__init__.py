"""Searching the archive: the full-text index proposes, the topics' own evaluator decides.

::

    query, filters ─► conditions that hold for a superset ─► candidates by rank ─► judged ─► answers

``superset`` compiles a query to an SQL condition that holds for a superset of its answers,
``conditions`` filters and metadata, which are exact. ``judging`` reads the candidates by rank,
newest or oldest first, and the evaluator that serves topics judges each. So a search and a topic
with the same words give the same answer, on both databases. ``finding`` is what others call.
"""

from __future__ import annotations

from storage.search.finding import COUNTING_SECONDS, SqlSearch
from storage.search.judging import Evaluate
from storage.search.superset import Terms

__all__ = ["COUNTING_SECONDS", "Evaluate", "SqlSearch", "Terms"]
