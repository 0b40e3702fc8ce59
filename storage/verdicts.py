"""Analysts' verdicts on matches: append-only, the newest one on an article's label counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from crawler.errors import NotFoundError
from crawler.model import Verdict
from storage import tables as t
from storage.engine import read_connection, write_connection


class SqlVerdicts:
    """The verdicts of analysts; each is added, none is changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, verdict: Verdict) -> None:
        """Write a verdict. Raises NotFoundError if there is no such article."""
        try:
            with write_connection(self._engine) as c:
                c.execute(sa.insert(t.verdicts).values(asdict(verdict)))
        except IntegrityError as error:
            raise NotFoundError(f"no article {verdict.article_id} in the archive") from error

    def latest(self, topic: str) -> Sequence[Verdict]:
        """The newest verdict on each (article, label) of the topic, by article id and label."""
        v = t.verdicts.c
        newest = (
            sa.select(sa.func.max(v.id)).where(v.topic == topic).group_by(v.article_id, v.label)
        )
        statement = sa.select(t.verdicts).where(v.id.in_(newest)).order_by(v.article_id, v.label)
        with read_connection(self._engine) as c:
            return [_verdict(row) for row in c.execute(statement).mappings()]

    def on_article(self, article_id: int) -> Sequence[Verdict]:
        """All verdicts on the article, oldest first."""
        statement = (
            sa.select(t.verdicts)
            .where(t.verdicts.c.article_id == article_id)
            .order_by(t.verdicts.c.id)
        )
        with read_connection(self._engine) as c:
            return [_verdict(row) for row in c.execute(statement).mappings()]


def _verdict(row: sa.RowMapping) -> Verdict:
    return Verdict(**{name: row[name] for name in Verdict.__dataclass_fields__})
