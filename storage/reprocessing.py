"""Stored pages read again (``rasd reread``): new readings in the place of the old.

When an article's date changes, its row in the full-text index moves: a rank begins with the minute
of publication. Writing the same reading twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from crawler import snapshots
from crawler.errors import DamagedError
from crawler.model import (
    BROKEN,
    ArchivedArticle,
    Article,
    FeedEntry,
    Match,
    Page,
    PreparedArticle,
    Quarantined,
    Reading,
)
from crawler.stories.placing import told
from storage import (
    article_changes,
    article_places,
    article_writer,
    concept_places,
    text_index,
)
from storage import tables as t
from storage.article_writer import SEQUENCE_BITS, columns
from storage.articles import as_snapshot, load
from storage.concept_places import ArticleConcepts
from storage.stories import placing
from storage.transactions import Transactions

PAGES_AT_ONCE = 50  # read from the archive at a time: pages are large, memory is not
_FIXED_COLUMNS = frozenset({"source", "url", "url_key", "claimed_key", "first_seen_at"})
_INDEXED_COLUMNS = frozenset({"headline", "lead", "summary", "body"})
_COMPARED_COLUMNS = _INDEXED_COLUMNS | {"published_at"}  # they decide which story it belongs to


class SqlReprocessing(Transactions):
    """Reads stored pages, and replaces the readings made of them."""

    def pages(
        self, *, sources: Collection[str] = (), since: datetime | None = None, broken: bool = False
    ) -> Iterator[tuple[ArchivedArticle, Page]]:
        """Every article whose page is stored, with that page, by id.

        Only of these ``sources``, if any are named; kept at ``since`` or later; with ``broken``,
        only those whose page broke its reader. Pages are read some at a time, so articles may be
        replaced meanwhile. Raises DamagedError at the end, naming every page whose bytes are
        damaged; all the others have been given by then.
        """
        last, damaged = 0, list[DamagedError]()
        while rows := self._rows(last, sources, since, broken):
            with self._reading() as c:
                kept = {a.id: a for a in load(c, [row["article_id"] for row in rows])}
            for row in rows:
                try:
                    page = _page(row)
                except DamagedError as error:
                    damaged.append(error)
                    continue
                yield kept[row["article_id"]], page
            last = rows[-1]["article_id"]
        if damaged:
            raise DamagedError("\n".join(map(str, damaged)))

    def quarantined(self) -> Sequence[Quarantined]:
        """The pages that broke their readers and were not read since, in the order they came."""
        a, s, n = t.articles.c, t.sightings.c, t.snapshots.c
        statement = (
            sa.select(a.id, s.source, s.url, a.extraction, s.settled_at, n.size)
            .join(t.sightings, s.article_id == a.id)
            .join(t.snapshots, n.sighting_id == s.id)
            .where(s.fate == "quarantined")
            .order_by(s.id)
        )
        with self._reading() as c:
            rows = c.execute(statement).all()
        return [
            Quarantined(
                article_id=r.id,
                source=r.source,
                url=r.url,
                reason=r.extraction,
                since=r.settled_at,
                size=r.size,
            )
            for r in rows
        ]

    def _rows(
        self, after: int, sources: Collection[str], since: datetime | None, broken: bool
    ) -> Sequence[RowMapping]:
        """The snapshots of the next articles; of several sightings of one, the first has its
        page.
        """
        a, s, n = t.articles.c, t.sightings.c, t.snapshots.c
        first = (
            sa.select(s.article_id, sa.func.min(s.id).label("sighting_id"))
            .join(t.snapshots, n.sighting_id == s.id)
            .where(s.article_id > after)
            .group_by(s.article_id)
            .subquery()
        )
        statement = (
            sa.select(t.snapshots, s.url.label("requested_url"), s.entry, a.id.label("article_id"))
            .join(first, first.c.sighting_id == n.sighting_id)
            .join(t.sightings, s.id == n.sighting_id)
            .join(t.articles, a.id == first.c.article_id)
            .order_by(a.id)
            .limit(PAGES_AT_ONCE)
        )
        if sources:
            statement = statement.where(a.source.in_(list(sources)))
        if since is not None:
            statement = statement.where(a.kept_at >= since)
        if broken:
            statement = statement.where(a.extraction.in_(sorted(BROKEN)))
        with self._reading() as c:
            return c.execute(statement).mappings().all()

    def replace(self, kept: ArchivedArticle, prepared: PreparedArticle) -> Sequence[str]:
        """Write a new reading over a stored article's; the names of the columns that changed.

        ``matches`` among them if the matches did; empty, and nothing written, if all is the same.
        The article keeps its id, source, url, url key, and when it was first seen and kept. If
        the page can be read now, its ``quarantined`` sightings become ``kept``.
        """
        reading = prepared.reading
        reading = replace(reading, article=_identified(reading.article, kept.article))
        before = columns(Reading(article=kept.article, fingerprint=kept.fingerprint))
        after = columns(reading)
        changed = [name for name in after if after[name] != before[name]]
        matched = _comparable(reading.matches) != _comparable(kept.matches)
        if not changed and not matched:
            return []
        with self._transaction() as c:
            if changed:
                values = {name: after[name] for name in changed}
                is_compared = not _COMPARED_COLUMNS.isdisjoint(changed)
                own = placing.leave(c, kept.id) if is_compared else None
                self._rewrite(c, kept.id, prepared, reading.article, values)
                if is_compared:
                    again = {kept.id: told(reading.article, prepared.copy_keys)}
                    alone = {kept.id: own} if own is not None else {}
                    placing.place(c, again, kept.kept_at, alone=alone)
            if matched:
                self._rematch(c, kept.id, reading.matches)
            article_changes.note(c, [kept.id])
            if reading.fate == "kept":
                s = t.sightings.c
                freed = sa.and_(s.article_id == kept.id, s.fate == "quarantined")
                c.execute(
                    sa.update(t.sightings).where(freed).values(fate="kept", reason="", detail="")
                )
        return [*changed, *(["matches"] if matched else [])]

    def _rewrite(
        self,
        c: Connection,
        article_id: int,
        prepared: PreparedArticle,
        article: Article,
        changed: dict[str, Any],
    ) -> None:
        a = t.articles.c
        old = int(c.execute(sa.select(a.rank).where(a.id == article_id)).scalar_one())
        at = article.published.at if article.published else article.first_seen_at
        rank = (
            old
            if old >> SEQUENCE_BITS == int(at.timestamp()) // 60
            else article_writer.free_rank(c, at)
        )
        c.execute(sa.update(t.articles).where(a.id == article_id).values(changed | {"rank": rank}))
        if rank != old or _INDEXED_COLUMNS & changed.keys():
            text_index.delete(c, old)
            article_writer.insert_text(c, prepared.index_text, rank)
        concept_places.delete(c, old)
        is_same = _looked_through(article) == _looked_through(prepared.reading.article)
        found = prepared.concepts if is_same else None
        concept_places.insert(c, [ArticleConcepts(article_id, rank, article.source, found)])

    def _rematch(self, c: Connection, article_id: int, matches: Sequence[Match]) -> None:
        article_writer.delete_matches(c, article_id)
        article_writer.insert_matches(c, ((article_id, match) for match in matches))


def _identified(article: Article, kept: Article) -> Article:
    """The article under the identity it has: what other rows and readers know it by. A canonical
    address that was disputed stays so."""
    article = replace(article, **{name: getattr(kept, name) for name in _FIXED_COLUMNS})
    disputed = article_places.DISPUTED in kept.oddities
    return article_places.disputed(article) if disputed else article


def _looked_through(article: Article) -> tuple[object, ...]:
    """What decides about the concepts found in a reading and may be fixed otherwise in its
    article."""
    at = article.published.at if article.published else article.first_seen_at
    return at.date(), "" if article.body else article.url


def _comparable(matches: Sequence[Match]) -> list[dict[str, Any]]:
    return sorted((asdict(match) for match in matches), key=lambda m: str(m["topic"]))


def _page(row: RowMapping) -> Page:
    entry = FeedEntry(**row["entry"])
    return snapshots.restore(as_snapshot(row), requested_url=row["requested_url"], entry=entry)
