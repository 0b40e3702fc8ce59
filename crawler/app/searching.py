"""The archive's search, with the words, countries and actors that the seeds have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from crawler import matching, seeds
from crawler.app import knowledge
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.app.on_demand import OnDemand
from crawler.matching import shadow
from crawler.matching.concepts import Lexicon, share_a_sentence
from crawler.matching.topics import Concept, actor_spellings
from storage.archive import SqlArchive
from storage.search import SqlSearch


@dataclass(frozen=True)
class LexiconInUse:
    """The concepts of a search, as the index of concepts asks about them."""

    lexicon: Lexicon
    countries: Mapping[str, str]
    digest: str = ""

    def __contains__(self, name: object) -> bool:
        return name in self.lexicon.concepts

    def version(self, name: str) -> str:
        """The version of a concept."""
        return self.lexicon.version(name)

    def homes(self, name: str) -> Collection[str]:
        """The countries whose sources have other mentions of the concept than others."""
        return self.lexicon.homes(name)


def open_search(
    archive: SqlArchive,
    found: seeds.Seeds,
    concepts: Mapping[str, Concept],
    digest: str = "",
    files: Mapping[str, str] = MappingProxyType({}),
) -> SqlSearch:
    """A search of the archive whose queries may name these concepts. ``digest``: that of the files
    that they were read from, if these are the seeds' own.

    Their words are spelled out when a query first names them: a daemon searches nothing. With the
    seeds' ``files`` only the concepts that have a query's word are read to know what else it means.
    """
    loaded = LoadedSeeds(found, files, ())
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
        decide_by_shadow=shadow.decide,
        lexicon=LexiconInUse(Lexicon(concepts), countries, digest),
        share_a_sentence=share_a_sentence,
        actors=cache(lambda: actor_spellings(concepts.values())),
        homographs=lru_cache(maxsize=8)(lambda asked: knowledge.homographs(asked, loaded)),
    )
