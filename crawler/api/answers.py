"""One answer of an open archive: a page of records, and all that is found, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.exports.record import ArticleRecord
from crawler.model import Facet, FacetName, FoundArticles, Histogram


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of what a search finds, and how many there are in all; of one moment of the archive.

    ``facets`` by name and ``histogram`` count all that is found; there are none unless they were
    asked for, nor if ``count`` is not exact.
    """

    records: tuple[ArticleRecord, ...]
    count: int  # of all, not only of those behind ``after``
    is_exact: bool  # False: counting took too long; there are at least ``count``
    goes_on: bool  # whether there are more behind the last record
    facets: Mapping[FacetName, Facet]
    histogram: Histogram | None
    notes: tuple[str, ...]  # what else must be known of this answer
    also: tuple[str, ...]  # words that were looked for beside those of the query


def answer_of(
    found: FoundArticles, records: tuple[ArticleRecord, ...], also: tuple[str, ...]
) -> Answer:
    """The answer with these records of the articles found."""
    return Answer(
        records=records,
        count=found.count,
        is_exact=found.is_exact,
        goes_on=found.goes_on,
        facets={facet.name: facet for facet in found.facets},
        histogram=found.histogram,
        notes=found.notes,
        also=also,
    )
