"""What the index of concepts has to be for the seeds in use, and the index made so by hand."""

from __future__ import annotations

import gc
import multiprocessing
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from crawler.matching.concepts import Lexicon, compiled_lexicon
from crawler.matching.topics import Concept
from crawler.model import ArchivedArticle, Article, ConceptState, FoundConcepts

if TYPE_CHECKING:
    from crawler.app import App

ARTICLES_PER_TASK = 200  # some 300 ms of a process
GC_THRESHOLD_OBJECTS = 100_000  # nothing that is made holds cycles, as in ``matching.rejudge``
ToLookThrough = tuple[int, Article, str]
"""An article's id, the article, and the country of its source."""


def find_plan(app: App) -> Callable[[], Sequence[ConceptState]]:
    """What plans the index for the lexicon and the sources in use; it takes a second to find, with
    all concepts compiled, and a moment to call."""
    lexicon = Lexicon(app.seeds.concepts)
    versions = lexicon.versions()
    homes = {name: lexicon.homes(name) for name in versions}
    countries = {slug: source.country for slug, source in app.sources.items()}
    return partial(app.concept_index.plan, versions, homes, countries, app.loaded.digest)


def to_look_through(app: App, articles: Sequence[ArchivedArticle]) -> list[ToLookThrough]:
    """The articles as ``reading.find_concepts_of_many`` takes them."""
    sources = app.sources
    countries = {kept.article.source: "" for kept in articles}
    countries |= {slug: sources[slug].country for slug in countries if slug in sources}
    return [(kept.id, kept.article, countries[kept.article.source]) for kept in articles]


def index_now(app: App, workers: int) -> Iterator[int]:
    """Index all concepts in all articles; yields how many articles were looked through, batch by
    batch. Ends early where another process does the same."""
    index = app.concept_index
    find_plan(app)()
    with _finders(app, workers) as find:
        while batch := index.next_batch(ARTICLES_PER_TASK * workers):
            names = [concept.name for concept in batch.concepts]
            asked = to_look_through(app, batch.articles)
            parts = [
                asked[n : n + ARTICLES_PER_TASK] for n in range(0, len(asked), ARTICLES_PER_TASK)
            ]
            found = dict(ChainMap(*find([(part, names) for part in parts])))
            if not index.write(batch, found, app.clock()):
                return
            yield len(asked)
    while index.purge():
        pass


_Find = Callable[[list[tuple[list[ToLookThrough], list[str]]]], list[dict[int, FoundConcepts]]]


@contextmanager
def _finders(app: App, workers: int) -> Iterator[_Find]:
    """What finds concepts in parts of a batch, in processes of its own; one would be none quicker
    than this one."""
    concepts = dict(app.seeds.concepts)
    if workers == 1:
        _start(concepts)
        yield lambda parts: [_find(*part) for part in parts]
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=spawn, initializer=_start_process, initargs=(concepts,)
    ) as pool:
        yield lambda parts: [t.result() for t in [pool.submit(_find, *part) for part in parts]]


_lexicon: Lexicon | None = None  # of this process


def _start(concepts: Mapping[str, Concept]) -> None:
    global _lexicon
    _lexicon = compiled_lexicon(concepts)


def _start_process(concepts: Mapping[str, Concept]) -> None:
    _start(concepts)
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD_OBJECTS)


def _find(articles: Sequence[ToLookThrough], names: Collection[str]) -> dict[int, FoundConcepts]:
    from crawler import reading  # with its libraries, in the process that needs them

    assert _lexicon is not None
    return reading.find_concepts_of_many(articles, _lexicon, names)
