"""Articles found by query and filters: some, a page with how many there are, all, or the number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from crawler import query
from crawler.model import (
    NO_FILTERS,
    ArchivedArticle,
    FoundArticles,
    Match,
    SearchFilters,
    SearchOrder,
)
from storage import tables as t
from storage import text_index
from storage.concept_queries import LexiconInUse, find_ready
from storage.search import conditions
from storage.search.answering import SearchAtOneMoment
from storage.search.judging import Answer, DecideByShadow, Evaluate, Judge, Question
from storage.search.meant import Telling
from storage.search.moments import one_moment
from storage.search.occurring import occurring as find_occurring
from storage.search.plan import Plans
from storage.search.planning import Planner, Terms

Spellings = Callable[[], Mapping[str, Collection[str]]]


class SqlSearch:
    """Finds articles by query and filters, on SQLite and PostgreSQL alike.

    ``saved`` are the queries that a query may name with ``@``, by slug; ``countries`` maps slugs of
    sources to the countries that ``country:`` filters by. ``evaluate`` judges what the index can't
    decide; ``locate`` is asked where the query holds in an article that is known to be an answer
    (None: ``evaluate``). ``decide_by_shadow`` judges by the texts of the index where a
    query allows it. ``actors`` gives the names of actors with their other spellings, which
    ``actor:`` finds them by. ``lexicon`` and ``share_a_sentence`` (whether two concepts do, by
    their packed places) let the index answer for the concepts that it has. ``homographs`` tells
    where words mean something else: by relevance, articles in which they only do come later. Each
    answer is of one moment of the archive; ``at_one_moment`` gives several of the same.
    """

    def __init__(
        self,
        engine: Engine,
        evaluate: Evaluate,
        terms: Terms,
        *,
        saved: Mapping[str, query.Query] | None = None,
        countries: Mapping[str, str] | None = None,
        locate: Evaluate | None = None,
        decide_by_shadow: DecideByShadow | None = None,
        actors: Spellings = dict,
        lexicon: LexiconInUse | None = None,
        share_a_sentence: Callable[[bytes, bytes], bool] | None = None,
        homographs: Telling = lambda asked: None,
    ) -> None:
        self._engine = engine
        self._lexicon, self._share_a_sentence = lexicon, share_a_sentence
        self._saved = saved or {}
        self._plans = Plans(engine.dialect.name)
        self._countries, self._actors = countries or {}, actors
        self._terms = terms
        self._judge = Judge(self._plans, evaluate, locate or evaluate, homographs, decide_by_shadow)

    @contextmanager
    def at_one_moment(self) -> Iterator[SearchAtOneMoment]:
        """The same search, whose answers are all of the archive as it is at the first of them."""
        with one_moment(self._engine) as c:
            yield SearchAtOneMoment(c, self._plans, self._judge, self._question, self._countries)

    def find(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        limit: int = 20,
    ) -> Sequence[tuple[ArchivedArticle, Match | None]]:
        """At most ``limit`` articles that satisfy the query and the filters, newest first.

        Each comes with a Match that holds the mentions satisfying the query and nothing else, or
        with None if no query was given: then the filters alone choose. Raises QueryError if the
        query names an unknown saved query, or if saved queries name each other in a circle, and
        IndexDamagedError if nothing is found since the index is damaged.
        """
        with closing(self._every(asked, filters, "newest", None)) as answers:
            found = list(islice(answers, limit))
        self._require_index(asked, any_found=bool(found))
        return found

    def page(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        limit: int = 20,
        order: SearchOrder = "newest",
        after: int | None = None,
        facets: bool = False,
        counting_seconds: float | None = None,
    ) -> FoundArticles:
        """At most ``limit`` articles as ``find`` gives them, in this order, and how many there are.

        ``after`` is the id of the article behind which they begin, so that what arrives meanwhile
        moves no page; NotFoundError if there is none of that id. Where the index decides, the
        number is exact; else counting takes at most ``counting_seconds`` (None: COUNTING_SECONDS,
        or FACETS_SECONDS with ``facets``). ``facets``: count all answers by what they have in
        common, too, unless there are too many to be counted exactly.
        """
        with self.at_one_moment() as moment:
            page = moment.page(
                asked,
                filters,
                limit=limit,
                order=order,
                after=after,
                facets=facets,
                counting_seconds=counting_seconds,
            )
        self._require_index(asked, any_found=bool(page.count))
        return page

    def count(self, asked: query.Query | None, filters: SearchFilters = NO_FILTERS) -> int:
        """How many articles satisfy the query and the filters; candidates are judged where the
        index does not decide."""
        with self.at_one_moment() as moment:
            found = moment.count(asked, filters)
        self._require_index(asked, any_found=bool(found))
        return found

    def every(
        self,
        asked: query.Query | None,
        filters: SearchFilters = NO_FILTERS,
        *,
        order: SearchOrder = "newest",
        after: int | None = None,
    ) -> Iterator[Answer]:
        """All articles as ``page`` gives them, loaded as they are asked for; all of the moment at
        which the first is asked for."""
        any_found = after is not None
        for answer in self._every(asked, filters, order, after):
            any_found = True
            yield answer
        self._require_index(asked, any_found=any_found)

    def occurring(self, words: Collection[str]) -> frozenset[str]:
        """Those of the plain words that the archive's index has."""
        with one_moment(self._engine) as c:
            planner = self._planner(c)
            return find_occurring(c, {word: planner.word(word) for word in words})

    def _planner(self, c: Connection) -> Planner:
        return Planner(self._plans, self._terms, self._countries, partial(find_occurring, c))

    def _every(
        self,
        asked: query.Query | None,
        filters: SearchFilters,
        order: SearchOrder,
        after: int | None,
    ) -> Generator[Answer]:
        with self.at_one_moment() as moment:
            yield from moment.every(asked, filters, order=order, after=after)

    def _question(
        self, c: Connection, asked: query.Query | None, filters: SearchFilters
    ) -> Question:
        """The query without names of saved ones, and with actors as they are stored; its plan and
        that of the filters."""
        planner, plans = self._planner(c), conditions.of_filters(filters)
        missing = tuple[str, ...]()
        if (further := conditions.as_query(filters)) is not None:
            plans.append(planner.plan(self._resolve(c, further)))
        if asked is not None:
            asked = self._resolve(c, query.resolve(asked, self._saved))
            names = query.concept_names(asked)
            concepts = find_ready(c, names, self._lexicon, self._share_a_sentence)
            plans.append(planner.knowing(concepts).plan(asked))
            missing = concepts.missing
        question = Question(asked=asked, plan=self._plans.all_of(plans), missing=missing)
        return question if asked is None else self._judge.decided(c, question)

    def _resolve(self, c: Connection, asked: query.Query) -> query.Query:
        """The query with each actor by the name that the archive has."""
        if not query.actor_names(asked):
            return asked
        stored = c.execute(sa.select(t.match_actors.c.name).distinct()).scalars()
        known = dict.fromkeys(stored, ()) | dict(self._actors())
        return query.resolve_actors(asked, lambda written: query.find_actors(written, known))

    def _require_index(self, asked: query.Query | None, *, any_found: bool) -> None:
        if asked is not None and not any_found:
            text_index.require(self._engine)
