"""The archive's search, with the words, countries and actors that the seeds have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from crawler import matching, seeds
from crawler.app.on_demand import OnDemand
from crawler.matching.topics import Concept, actor_spellings
from storage.archive import SqlArchive
from storage.search import SqlSearch


def open_search(
    archive: SqlArchive, found: seeds.Seeds, concepts: Mapping[str, Concept]
) -> SqlSearch:
    """A search of the archive whose queries may name these concepts.

    Their words are spelled out when a query first names them: a daemon searches nothing.
    """
    countries = OnDemand(found.sources, lambda slug: found.sources[slug].country)

    @cache
    def words(name: str) -> frozenset[str]:
        return matching.index_words(concepts[name]) if name in concepts else frozenset()

    return SqlSearch(
        archive.engine,
        matching.Evaluator(concepts, countries),
        words,
        saved=OnDemand(found.queries, lambda slug: found.queries[slug].query),
        countries=countries,
        actors=cache(lambda: actor_spellings(concepts.values())),
    )
