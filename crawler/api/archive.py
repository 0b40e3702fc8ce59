"""What a program may ask of an open archive: searches, articles, stories."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import fields
from itertools import islice
from typing import SupportsIndex, cast

from crawler import query as queries
from crawler.api import asked as given
from crawler.api.answers import Answer, answer_of
from crawler.api.asked import Names, When
from crawler.api.records import Records
from crawler.errors import ArchiveError, NotFoundError
from crawler.exports.record import ArticleRecord, article_record, country_of
from crawler.exports.story import StoryRecord
from crawler.model import ArchivedArticle, Match, SearchFilters, SearchOrder
from crawler.ports import Clock
from crawler.query import Expanded, Knowledge, Query, suggestions
from crawler.seeds import Seeds
from crawler.stories import copies
from crawler.views import arguments
from storage.read_only import ReadOnlyArchive
from storage.search import SqlSearch

AT_ONCE = 100  # articles in memory; the archive is let go between: no writer waits

_Answer = tuple[ArchivedArticle, Match | None]


class OpenArchive:
    """An archive that is open to be read; ``crawler.open`` gives it, and closes it."""

    def __init__(
        self,
        *,
        archive: ReadOnlyArchive,
        search: SqlSearch,
        seeds: Seeds,
        known: Knowledge,
        clock: Clock,
    ) -> None:
        self._archive, self._search, self._seeds, self._clock = archive, search, seeds, clock
        self._knowledge = known
        self._is_closed = False

    def __repr__(self) -> str:
        state = "closed" if self._is_closed else "open"
        return f"<OpenArchive, {state}: search(), answer(), article(), articles(), stories()>"

    def search(
        self,
        query: str | None = None,
        *,
        since: When | None = None,
        until: When | None = None,
        sources: Names = (),
        languages: Names = (),
        topic: str | None = None,
        label: str | None = None,
        theme: str | None = None,
        actor: str | None = None,
        side: str | None = None,
        order: SearchOrder = "newest",
        limit: SupportsIndex | None = None,
        exact: bool = False,
        bridges: bool = False,
    ) -> Records[ArticleRecord]:
        """The articles that satisfy the query and the filters, by their date.

        ``query`` is in the language of searches and topics; None asks for nothing but the filters.
        ``since`` is inclusive, ``until`` exclusive; ``sources`` are slugs; ``label`` may be
        ``doubtful``, the watch list; an ``actor`` is named in any spelling that the lexicon has.
        ``limit`` None: all of them. Words are looked for in their other forms too, which ``also``
        of the answer has; ``exact``: only as typed; ``bridges``: also in words that the lexicon
        says mean the same. Raises QueryError for a query that is none,
        NotFoundError for a source, topic, label, theme, actor or side that neither seeds nor
        archive know, UsageError for a moment, an order, a number or a name that is none.
        """
        filters = self._filters(since, until, sources, languages, topic, label, theme, actor, side)
        meant = self._read(query, exact, bridges)
        most, in_order = given.limit(limit), given.order(order)

        def read() -> Iterator[ArticleRecord]:
            found = islice(self._found(meant.query, filters, in_order), most)
            return (self._record(kept, answer) for kept, answer in found)

        return Records(read, _columns(ArticleRecord), also=meant.also)

    def answer(
        self,
        query: str | None = None,
        *,
        since: When | None = None,
        until: When | None = None,
        sources: Names = (),
        languages: Names = (),
        topic: str | None = None,
        label: str | None = None,
        theme: str | None = None,
        actor: str | None = None,
        side: str | None = None,
        order: SearchOrder = "newest",
        limit: SupportsIndex = 20,
        after: SupportsIndex | None = None,
        facets: bool = False,
        exact: bool = False,
        bridges: bool = False,
    ) -> Answer:
        """A page of what ``search`` finds, and how many there are; all of one moment.

        ``after`` is the id of the article behind which the page begins. With ``facets`` all that
        is found is counted by source, country, language, label, theme, actor, institution and
        month, which may take some seconds. Raises what ``search`` raises, and NotFoundError if
        there is no article ``after``.
        """
        filters = self._filters(since, until, sources, languages, topic, label, theme, actor, side)
        meant = self._read(query, exact, bridges)
        found = self._search.page(
            meant.query,
            filters,
            limit=given.limit(limit) or 0,
            order=given.order(order),
            after=None if after is None else given.number(after, "id"),
            facets=facets,
        )
        records = tuple(self._record(kept, answer) for kept, answer in found.articles)
        return answer_of(found, records, meant.also)

    def article(self, article_id: SupportsIndex, /) -> ArticleRecord:
        """The article with this id; NotFoundError if there is none."""
        self._require_open()
        return self._record(self._archive.article(given.number(article_id, "id")))

    def articles(self, ids: Iterable[SupportsIndex] | None = None) -> Records[ArticleRecord]:
        """All articles in the order in which they were stored, or those with these ids in the order
        of the ids. While going through them, NotFoundError for an id that is not there."""
        wanted = None if ids is None else given.ids(ids)

        def read() -> Iterator[ArticleRecord]:
            kept = self._every() if wanted is None else self._with_ids(wanted)
            return map(self._record, kept)

        return Records(read, _columns(ArticleRecord))

    def stories(
        self,
        query: str | None = None,
        *,
        since: When | None = None,
        until: When | None = None,
        sources: Names = (),
        languages: Names = (),
        topic: str | None = None,
        label: str | None = None,
        theme: str | None = None,
        actor: str | None = None,
        side: str | None = None,
        exact: bool = False,
        bridges: bool = False,
    ) -> Records[StoryRecord]:
        """What ``search`` finds, with copies of one report folded into one story, the newest first.

        Copies are known as a digest knows them: by their text or headline, in one language. All
        articles are in memory together while they are compared: limit a large archive by ``since``.
        """
        filters = self._filters(since, until, sources, languages, topic, label, theme, actor, side)
        meant = self._read(query, exact, bridges)

        def read() -> Iterator[StoryRecord]:
            found = list(self._found(meant.query, filters, "newest"))
            answers = {kept.id: answer for kept, answer in found}
            for story in copies.group([kept for kept, _ in found]):
                first, *others = (self._record(one, answers[one.id]) for one in story.members)
                yield StoryRecord(article=first, copies=tuple(others))

        return Records(read, StoryRecord.columns(), also=meant.also)

    def close(self) -> None:
        """Refuse all further reading."""
        self._is_closed = True

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def _found(
        self, asked: Query | None, filters: SearchFilters, order: SearchOrder
    ) -> Iterator[_Answer]:
        """All answers, some at a time, each time from the archive as it is then."""
        behind: list[int] = []
        while True:
            self._require_open()
            some = self._next(asked, filters, order, behind)
            yield from some
            if len(some) < AT_ONCE:
                return
            behind = [kept.id for kept, _ in some]

    def _next(
        self, asked: Query | None, filters: SearchFilters, order: SearchOrder, behind: list[int]
    ) -> list[_Answer]:
        """The answers behind the last of these articles that is still there: rasd's own test story
        comes and goes."""
        for after in reversed(behind):
            with suppress(NotFoundError):
                return self._some(asked, filters, order, after)
        return self._some(asked, filters, order, None)

    def _some(
        self, asked: Query | None, filters: SearchFilters, order: SearchOrder, after: int | None
    ) -> list[_Answer]:
        found = self._search.every(asked, filters, order=order, after=after)
        with closing(cast("Generator[_Answer]", found)) as answers:
            return list(islice(answers, AT_ONCE))

    def _every(self) -> Iterator[ArchivedArticle]:
        after = 0
        while True:
            self._require_open()
            some = self._archive.stored_after(after, AT_ONCE)
            yield from some
            if len(some) < AT_ONCE:
                return
            after = some[-1].id

    def _with_ids(self, ids: tuple[int, ...]) -> Iterator[ArchivedArticle]:
        for start in range(0, len(ids), AT_ONCE):
            self._require_open()
            some = ids[start : start + AT_ONCE]
            kept = self._archive.articles(some)
            if missing := set(some) - {one.id for one in kept}:
                raise NotFoundError(f"no article {min(missing)} in the archive")
            yield from kept

    def _record(self, kept: ArchivedArticle, answer: Match | None = None) -> ArticleRecord:
        country = country_of(kept.article.source, self._seeds.sources)
        return article_record(kept, country=country, answer=answer)

    def _require_open(self) -> None:
        if self._is_closed:
            raise ArchiveError("the archive is closed: read within `with crawler.open()`")

    # ── what is asked ─────────────────────────────────────────────────────────────────────────

    def _read(self, text: str | None, exact: bool, bridges: bool) -> Expanded:
        return queries.read(
            text, self._seeds.concepts, self._knowledge, as_typed=exact, bridged=bridges
        )

    def _filters(
        self,
        since: When | None,
        until: When | None,
        sources: Names,
        languages: Names,
        topic: str | None,
        label: str | None,
        theme: str | None,
        actor: str | None,
        side: str | None,
    ) -> SearchFilters:
        self._require_open()
        now = self._clock()
        filters = SearchFilters(
            since=given.moment(since, now),
            until=given.moment(until, now),
            sources=given.names(sources),
            languages=given.names(languages),
            topic=given.name(topic, "topic"),
            label=given.name(label, "label"),
            theme=given.name(theme, "theme"),
            actor=given.name(actor, "actor"),
            side=given.name(side, "side"),
        )
        self._require_known(filters)
        return filters

    def _require_known(self, filters: SearchFilters) -> None:
        """NotFoundError for a name that neither the seeds nor the archive have."""
        named = {
            "lang": filters.languages,
            "source": filters.sources,
            "topic": (filters.topic,) if filters.topic else (),
            "label": (filters.label,) if filters.label else (),
            "theme": (filters.theme,) if filters.theme else (),
            "actor": (filters.actor,) if filters.actor else (),
            "side": (filters.side,) if filters.side else (),
        }
        asked = [kind for kind, names in named.items() if names]
        for slip in suggestions.slips(None, named, self._known(asked)) if asked else ():
            raise NotFoundError(slip)

    def _known(self, kinds: Collection[str]) -> dict[str, Collection[str]]:
        seeds, archive = arguments.names(self._seeds), self._archive.names()
        known: dict[str, Collection[str]] = {
            kind: {*seeds[kind], *archive[kind]} for kind in kinds if kind != "actor"
        }
        if "actor" in kinds:
            stored: dict[str, Collection[str]] = dict.fromkeys(archive["actor"], ())
            known["actor"] = stored | dict(arguments.actors(self._seeds))
        return known


def _columns(record: type[ArticleRecord]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))
