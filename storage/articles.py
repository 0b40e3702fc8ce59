"""Stored articles with their matches, read; ``article_writer`` writes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from crawler.errors import NotFoundError
from crawler.model import (
    SINK,
    Actor,
    ArchivedArticle,
    Article,
    HeldEvidence,
    Match,
    Mention,
    PublishedDate,
    Snapshot,
)
from storage import tables as t
from storage.statements import chunks, possible_ids
from storage.transactions import Transactions


class SqlArticles(Transactions):
    """Stored articles: one by id, the flagged ones of a time, and what the archive holds."""

    def article(self, article_id: int) -> ArchivedArticle:
        """The article with this id and its matches. Raises NotFoundError if there is none."""
        with self._reading() as c:
            found = load(c, [article_id])
        if not found:
            raise NotFoundError(f"no article {article_id} in the archive")
        return found[0]

    def flagged(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        """The articles that have a label of one of these topics and were kept in [since, until).

        Oldest first, by id; empty if there are none or if no topic is given.
        """
        a, m = t.articles.c, t.match_labels.c
        statement = (
            sa.select(a.id)
            .join(t.match_labels, m.article_id == a.id)
            .where(m.topic.in_(list(topics)), a.kept_at >= since, a.kept_at < until)
            .distinct()
            .order_by(a.id)
        )
        with self._reading() as c:
            return load(c, c.execute(statement).scalars().all())

    def counts(self, *, without: str = "") -> dict[str, int]:
        """How many rows the archive holds, by name, as ``rasd status`` shows them; those of the
        source ``without`` are not counted, nor mails that stay in the process.

        ``articles``; ``flagged``: articles with a label; ``sightings``, and of them ``queued``,
        ``rejected`` and ``failed``; ``polls``; of the outbox ``mails_waiting``, ``mails_sent``,
        ``mails_unknown`` and ``mails_dead``.
        """
        a, s, p, o = t.articles.c, t.sightings.c, t.polls.c, t.outbox.c
        m = t.match_labels.c
        flagged = sa.select(sa.func.count(m.article_id.distinct()))
        count = sa.select(sa.func.count())
        article, sighting, poll = (of.source != without for of in (a, s, p))
        mail = o.channel != SINK
        statements = {
            "articles": count.select_from(t.articles).where(article),
            "flagged": flagged.join_from(t.match_labels, t.articles, m.article_id == a.id).where(
                article
            ),
            "sightings": count.select_from(t.sightings).where(sighting),
            "queued": count.where(sighting, s.fate == "queued"),
            "rejected": count.where(sighting, s.fate == "rejected"),
            "failed": count.where(sighting, s.fate == "failed"),
            "polls": count.select_from(t.polls).where(poll),
            "mails_waiting": count.where(mail, o.state.in_(("queued", "sending"))),
            "mails_sent": count.where(mail, o.state == "sent"),
            "mails_unknown": count.where(mail, o.state == "unknown"),
            "mails_dead": count.where(mail, o.state == "dead"),
        }
        with self._reading() as c:
            return {name: int(c.execute(query).scalar_one()) for name, query in statements.items()}


def load(c: Connection, ids: Sequence[int]) -> list[ArchivedArticle]:
    """The articles with these ids, in the order of the ids; unknown ids are left out.

    Any number of ids may be given: they are read in pieces.
    """
    return [kept for chunk in chunks(possible_ids(ids)) for kept in _load(c, chunk)]


def _load(c: Connection, ids: Sequence[int]) -> list[ArchivedArticle]:
    found = c.execute(sa.select(t.articles).where(t.articles.c.id.in_(ids))).mappings().all()
    matches: dict[int, list[Match]] = {}
    labels: dict[tuple[int, str], list[str]] = {}
    for row in c.execute(
        sa.select(t.match_labels)
        .where(t.match_labels.c.article_id.in_(ids))
        .order_by(t.match_labels.c.place)
    ).mappings():
        labels.setdefault((row["article_id"], row["topic"]), []).append(row["label"])
    for row in c.execute(
        sa.select(t.matches).where(t.matches.c.article_id.in_(ids)).order_by(t.matches.c.topic)
    ).mappings():
        named = labels.get((row["article_id"], row["topic"]), [])
        matches.setdefault(row["article_id"], []).append(as_match(row, named))
    m = t.story_members.c
    placed = sa.select(m.article_id, m.story_id).where(m.article_id.in_(ids))
    stories = {row.article_id: row.story_id for row in c.execute(placed)}
    by_id = {
        row["id"]: _archived(row, matches.get(row["id"], []), stories.get(row["id"]))
        for row in found
    }
    return [by_id[n] for n in ids if n in by_id]


def as_match(row: RowMapping, labels: Sequence[str]) -> Match:
    """A row of ``matches`` and the labels of that match, as the record."""
    return Match(
        topic=row["topic"],
        version=row["version"],
        labels=tuple(labels),
        score=dict(row["score"]),
        mentions=tuple(Mention(**m) for m in row["mentions"]),
        taken_away=tuple(Mention(**m) for m in row["taken_away"]),
        themes=tuple(row["themes"]),
        actors=tuple(Actor(**a) for a in row["actors"]),
        doubtful=tuple(row["doubtful"]),
        evidence=tuple(HeldEvidence(**line) for line in row["evidence"]),
    )


def as_snapshot(row: RowMapping) -> Snapshot:
    """A row of ``snapshots`` as the record it was made of; the bytes stay compressed."""
    return Snapshot(
        url=row["url"],
        fetched_at=row["fetched_at"],
        status=row["status"],
        headers=tuple((name, value) for name, value in row["headers"]),
        body=row["body"],
        size=row["size"],
    )


def _archived(row: RowMapping, matches: Sequence[Match], story: int | None) -> ArchivedArticle:
    names = [n for n in Article.__dataclass_fields__ if n != "published"]
    article = Article(**{name: row[name] for name in names} | {"published": None})
    article = replace(article, authors=tuple(row["authors"]), oddities=tuple(row["oddities"]))
    if row["published_at"] is not None:
        published = PublishedDate(
            at=row["published_at"],
            source=row["published_source"],
            confidence=row["published_confidence"],
            printed=row["published_printed"],
            has_time=row["published_has_time"],
        )
        article = replace(article, published=published)
    return ArchivedArticle(
        id=row["id"],
        article=article,
        matches=tuple(matches),
        fingerprint=cast("bytes", row["fingerprint"]),
        kept_at=row["kept_at"],
        story=story,
    )
