"""How far each topic's newest version has judged what was stored before it.

A row per topic: articles with ids up to ``after_id`` are judged by ``version``. What is read later
is judged by the topics in use, so a row that has ended stays so until the version changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.model import ArchivedArticle, Rejudgement, Rematch
from storage import article_changes
from storage import tables as t
from storage.article_scan import SqlScan
from storage.article_writer import delete_matches, insert_matches
from storage.engine import read_connection, reading, write_connection


class SqlRematches:
    """The rows of rematches, the articles they are about, and what comes of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scan = SqlScan(reading(engine))

    def plan(self, versions: Mapping[str, str], now: datetime) -> Sequence[Rematch]:
        """Begin a rematch of every topic (slug → version) that is new or of another version.

        Rows of topics that are gone are deleted: if they come back, what was stored meanwhile was
        not judged by them. Returns all that are not over, those of earlier plans included.
        """
        r = t.rematches
        with write_connection(self._engine) as c:
            known = {row.topic: row.version for row in c.execute(sa.select(r.c.topic, r.c.version))}
            stale = [slug for slug, version in known.items() if versions.get(slug) != version]
            if stale:
                c.execute(sa.delete(r).where(r.c.topic.in_(stale)))
            for slug, version in versions.items():
                if known.get(slug) != version:
                    values = {"after_id": 0, "changed": 0, "began_at": now, "ended_at": None}
                    c.execute(sa.insert(r).values(topic=slug, version=version, **values))
        return self.unfinished()

    def forget(self, topics: Collection[str]) -> None:
        """Forget how far these topics are: the next plan begins them anew."""
        if topics:
            with write_connection(self._engine) as c:
                c.execute(sa.delete(t.rematches).where(t.rematches.c.topic.in_(topics)))

    def unfinished(self) -> Sequence[Rematch]:
        """The rematches that are not over, by topic, each with how far it is."""
        r, a = t.rematches.c, t.articles.c
        done = sa.select(sa.func.count()).where(a.id <= r.after_id).scalar_subquery()
        of = sa.select(sa.func.count()).select_from(t.articles).scalar_subquery()
        columns = (r.topic, r.version, r.after_id, r.changed, r.began_at)
        statement = sa.select(*columns, done.label("done"), of.label("of"))
        with read_connection(self._engine) as c:
            rows = c.execute(statement.where(r.ended_at.is_(None)).order_by(r.topic))
            return [Rematch(**row) for row in rows.mappings()]

    def articles(self, after: int, until: int | None, most: int) -> Sequence[ArchivedArticle]:
        """Up to ``most`` articles with their matches, by id, of those after one id up to another
        (None: to the end)."""
        a = t.articles.c
        ids = sa.select(a.id).where(a.id > after).order_by(a.id).limit(most)
        if until is not None:
            ids = ids.where(a.id <= until)
        with read_connection(self._engine) as c:
            found = list(c.execute(ids).scalars())
        return list(self._scan.articles(found[0], found[-1], None)) if found else []

    def advance(self, of: Collection[Rematch], until: int, verdicts: Sequence[Rejudgement]) -> None:
        """Write what came of the articles up to the id ``until``, and that these rematches are so
        far; in one transaction. What is of another version by now is not written, nor what is of an
        article that was deleted meanwhile."""
        r, a = t.rematches.c, t.articles.c
        with write_connection(self._engine) as c:
            going = {
                one.topic
                for one in of
                if c.execute(sa.select(r.topic).where(*_is(one))).scalar() is not None
            }
            named = {v.article_id for v in verdicts}
            there = set(c.execute(sa.select(a.id).where(a.id.in_(named))).scalars())
            written = [v for v in verdicts if v.article_id in there and v.topic in going]
            for verdict in written:
                _replace(c, verdict)
            article_changes.note(c, (verdict.article_id for verdict in written))
            for one in of:
                if one.topic in going:
                    count = sum(v.relabelled for v in written if v.topic == one.topic)
                    values = {"after_id": until, "changed": r.changed + count}
                    c.execute(sa.update(t.rematches).where(*_is(one)).values(values))

    def finish(self, one: Rematch, now: datetime) -> None:
        """Write that this rematch is over, unless its topic has another version by now."""
        with write_connection(self._engine) as c:
            c.execute(sa.update(t.rematches).where(*_is(one)).values(ended_at=now))


def _replace(c: sa.Connection, verdict: Rejudgement) -> None:
    delete_matches(c, verdict.article_id, verdict.topic)
    if verdict.match is not None:
        insert_matches(c, [(verdict.article_id, verdict.match)])


def _is(one: Rematch) -> tuple[sa.ColumnElement[bool], ...]:
    r = t.rematches.c
    return r.topic == one.topic, r.version == one.version, r.ended_at.is_(None)
