"""The truth, in rows: every method is one transaction, and doing one twice changes nothing more.

SQLite (WAL, FULL, immediate writes) or PostgreSQL, by URL. Implements ``interfaces.Archive``; what
the columns mean stands in ``tables``, how they are searched in ``search``.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

from crawler import parcels
from crawler.errors import ArchiveError, Damaged, NotFound
from crawler.interfaces import Reached
from crawler.keepings import Keeping
from crawler.model import (
    Actor,
    ArchivedArticle,
    Article,
    Delivery,
    FeedEntry,
    FeedState,
    Gap,
    Match,
    Mention,
    Message,
    Page,
    Poll,
    PublishedDate,
    QueuedMessage,
    Reading,
    Sighting,
    SourceHealth,
    Subscription,
)
from storage import keeping, migrations, statements
from storage import tables as t
from storage.rows import row_of

FAILPOINTS = (
    "sight.before_commit", "sight.after_commit", "keep.before_commit", "keep.after_commit",
    "settle.before_commit", "close_poll.before_commit", "close_poll.after_commit",
    "queue_issue.before_commit", "queue_issue.after_commit", "claim_message.after_commit",
    "close_message.before_commit",
)  # fmt: skip
"""Where a process may be killed in tests; ``open_archive`` is told when one is reached."""

MAIL_GIVES_UP = timedelta(days=5)  # as long as mail servers try
_CHUNK = 400  # bound parameters in one IN list; SQLite's oldest limit is 999


def open_archive(url: str, *, reached: Reached = lambda name: None) -> SqlArchive:
    """The archive at this SQLAlchemy URL, migrated to the newest schema.

    ArchiveError says what is wrong with the place: no database, another version, not writable.
    """
    engine = connect(url)
    try:
        migrations.upgrade(engine)
    except DatabaseError as error:
        engine.dispose()
        raise ArchiveError(f"{_shown(url)}: {str(error.orig).strip()}") from error
    except ArchiveError:
        engine.dispose()
        raise
    return SqlArchive(engine, reached)


def connect(url: str) -> Engine:
    """An engine with our settings; a SQLite file's folder is made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(f"{parsed.database}: {error.strerror}") from error
        engine = sa.create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_immediate)
        return engine
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(parsed, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ArchiveError(f"{_shown(url)}: install rasd[postgres] for this archive") from error


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's recipe: we say BEGIN, the driver doesn't
    # The log is folded into the file every 16 MB and not every 4: what is written again in between
    # (indexes are, all the time) is copied once, which is 7 % of what a page costs.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once under WAL (M28).
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _nested(connection: Connection) -> Iterator[Connection]:
    with connection.begin_nested():
        yield connection


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


class SqlArchive:
    """See ``interfaces.Archive``; the docstrings there are the contract."""

    def __init__(self, engine: Engine, reached: Reached) -> None:
        self.engine = engine
        self._reached = reached
        self._joined: Any = threading.local()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def together(self, *, apart: bool = True) -> Iterator[None]:
        """Make what this thread does meanwhile one transaction. ``apart``: each method stays all or
        nothing; else a failure must undo them all."""
        joined = self._joined
        with self.engine.begin() as connection:
            joined.connection, joined.reached, joined.apart = connection, [], apart
            try:
                yield
            finally:
                joined.connection = None
        for name in joined.reached:
            self._reached(name)

    @contextmanager
    def _transaction(self, name: str = "") -> Iterator[Connection]:
        joined: Connection | None = getattr(self._joined, "connection", None)
        after = f"{name}.after_commit"
        with self._opened(joined) as connection:
            yield connection
            if f"{name}.before_commit" in FAILPOINTS:
                self._reached(f"{name}.before_commit")
        if after in FAILPOINTS:
            if joined is not None:
                self._joined.reached.append(after)  # it is committed with the others
            else:
                self._reached(after)

    def _opened(self, joined: Connection | None) -> AbstractContextManager[Connection]:
        if joined is None:
            return self.engine.begin()
        return _nested(joined) if self._joined.apart else nullcontext(joined)

    # ── feeds and polls ───────────────────────────────────────────────────────────────────────

    def feed_state(self, source: str, feed: str) -> FeedState:
        where = sa.and_(t.feeds.c.source == source, t.feeds.c.feed == feed)
        with self._transaction() as c:
            row = c.execute(sa.select(t.feeds).where(where)).mappings().first()
        return _feed_state(row) if row else FeedState(source=source, feed=feed)

    def states_of(
        self, feeds: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], FeedState]:
        found = {pair: FeedState(source=pair[0], feed=pair[1]) for pair in feeds}
        urls = list(dict.fromkeys(url for _, url in feeds))
        with self._transaction() as c:
            for start in range(0, len(urls), _CHUNK):
                asked = sa.select(t.feeds).where(t.feeds.c.feed.in_(urls[start : start + _CHUNK]))
                for row in c.execute(asked).mappings():
                    if (pair := (row["source"], row["feed"])) in found:
                        found[pair] = _feed_state(row)
        return found

    def due_states(self, now: datetime) -> Sequence[FeedState]:
        f = t.feeds.c
        asked = sa.select(t.feeds).where(f.next_poll_at <= now).order_by(f.next_poll_at)
        with self._transaction() as c:
            return [_feed_state(row) for row in c.execute(asked).mappings()]

    def feed_states(self) -> Sequence[FeedState]:
        with self._transaction() as c:
            return [_feed_state(row) for row in c.execute(sa.select(t.feeds)).mappings()]

    def close_poll(self, poll: Poll, state: FeedState) -> None:
        if not poll.balances:
            raise ValueError(f"a poll that does not balance: {poll}")
        values = row_of(state) | {"detail": poll.detail}
        which = {"of_source": state.source, "of_feed": state.feed}
        with self._transaction("close_poll") as c:
            c.execute(statements.INSERT_POLL, row_of(poll))
            if not c.execute(statements.UPDATE_FEED, values | which).rowcount:
                c.execute(statements.INSERT_FEED, values)

    def health(self, sources: Iterable[str]) -> Sequence[SourceHealth]:
        with self._transaction() as c:
            counted = sa.select(t.articles.c.source, sa.func.count().label("n"))
            kept = {r.source: r.n for r in c.execute(counted.group_by(t.articles.c.source))}
            rows: dict[str, list[RowMapping]] = {}
            for row in c.execute(sa.select(t.feeds)).mappings():
                rows.setdefault(row["source"], []).append(row)
        return [_health(name, rows.get(name, []), kept.get(name, 0)) for name in sources]

    # ── sightings ─────────────────────────────────────────────────────────────────────────────

    def sight(
        self,
        source: str,
        feed: str,
        entries: Sequence[tuple[str, FeedEntry]],
        now: datetime,
        *,
        gap: Gap | None = None,
    ) -> Sequence[Sighting]:
        new: list[Sighting] = []
        with self._transaction("sight") as c:
            known = self._known(c, [key for key, _ in entries])
            if gap is not None and entries and not known:
                self._open_gap(c, gap)
            for key, entry in entries:
                if key not in known:
                    known.add(key)
                    new.append(
                        Sighting(
                            id=0,
                            source=source,
                            feed=feed,
                            url=entry.url,
                            url_key=key,
                            entry=entry,
                            first_seen_at=now,
                        )
                    )
            return self._insert_sightings(c, new)

    def _insert_sightings(self, c: Connection, new: Sequence[Sighting]) -> list[Sighting]:
        rows = [
            {
                "source": s.source, "feed": s.feed, "url": s.url, "url_key": s.url_key,
                "guid": s.entry.guid, "entry": row_of(s.entry), "first_seen_at": s.first_seen_at,
                "fate": "queued", "reason": "", "attempts": 0,
            }
            for s in new
        ]  # fmt: skip
        if not rows:
            return []
        c.execute(statements.SEE, rows)
        ids: dict[str, int] = {}
        for start in range(0, len(new), _CHUNK):
            chunk = {"keys": [s.url_key for s in new[start : start + _CHUNK]]}
            ids.update((key, n) for key, n in c.execute(statements.SEEN, chunk))
        return [replace(s, id=ids[s.url_key]) for s in new]

    def _open_gap(self, c: Connection, gap: Gap) -> None:
        g = t.gaps.c
        same = sa.and_(g.source == gap.source, g.feed == gap.feed, g.from_at == gap.from_at)
        if c.execute(sa.select(g.id).where(same)).scalar() is None:
            values = row_of(gap)
            values.pop("id")
            c.execute(sa.insert(t.gaps).values(values))

    def _known(self, c: Connection, keys: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for start in range(0, len(keys), _CHUNK):
            chunk = {"keys": keys[start : start + _CHUNK]}
            known.update(c.execute(statements.KNOWN, chunk).scalars())
        return known

    def waiting(
        self, source: str, feed: str, now: datetime, most: int | None = None
    ) -> Sequence[Sighting]:
        s = t.sightings.c
        due = sa.or_(
            s.fate == "queued", sa.and_(s.fate == "failed", s.next_try_at <= now)
        )
        asked = (
            sa.select(t.sightings, t.snapshots.c.sighting_id.is_not(None).label("has_page"))
            .outerjoin(t.snapshots, t.snapshots.c.sighting_id == s.id)
            .where(s.source == source, s.feed == feed, due)
            .order_by(s.id)
            .limit(most)
        )
        with self._transaction() as c:
            return [_sighting(row) for row in c.execute(asked).mappings()]

    def waiting_feeds(self, now: datetime) -> frozenset[tuple[str, str]]:
        s = t.sightings.c
        queued = sa.select(s.source, s.feed).where(s.fate == "queued")
        failed = sa.select(s.source, s.feed).where(s.fate == "failed", s.next_try_at <= now)
        with self._transaction() as c:
            rows = [tuple(row) for asked in (queued, failed) for row in c.execute(asked.distinct())]
        return frozenset((source, feed) for source, feed in rows)

    def keep_page(self, sighting: Sighting, page: Page) -> None:
        with self._transaction() as c:
            keeping.store(c, sighting, page)

    def unread_page(self, sighting: Sighting) -> Page | None:
        asked = sa.select(t.snapshots).where(t.snapshots.c.sighting_id == sighting.id)
        with self._transaction() as c:
            row = c.execute(asked).mappings().first()
        if row is None:
            return None
        try:
            body = parcels.unpack(row["body"], row["url"])
        except Damaged:
            return None  # it is fetched again, as one that was never here
        return Page(
            url=row["url"],
            requested_url=sighting.url,
            fetched_at=row["fetched_at"],
            status=row["status"],
            headers=tuple((name, value) for name, value in row["headers"]),
            body=body,
            entry=sighting.entry,
        )

    def keep(self, sighting: Sighting, page: Page, reading: Reading, now: datetime) -> int:
        alone = Keeping(sighting=sighting, page=page, reading=reading, kept_at=now)
        return self.keep_all([alone])[0]

    def keep_all(self, keepings: Sequence[Keeping]) -> Sequence[int]:
        if not keepings:
            return []
        with self._transaction("keep") as c:
            return keeping.keep(c, keepings)

    def settle(
        self,
        sighting: Sighting,
        fate: str,
        reason: str,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        page: Page | None = None,
    ) -> None:
        with self._transaction("settle") as c:
            if page is not None:
                keeping.store(c, sighting, page)
            self._settle(c, sighting, fate, reason, now, next_try_at=next_try_at)

    def reject(self, rejected: Sequence[tuple[Sighting, str]], now: datetime) -> None:
        if not rejected:
            return
        s = t.sightings.c
        update = (
            sa.update(t.sightings)
            .where(s.id == sa.bindparam("which"))
            .values(
                fate="rejected", reason=sa.bindparam("why"), settled_at=now, next_try_at=None,
                attempts=s.attempts + 1,
            )
        )  # fmt: skip
        with self._transaction("settle") as c:
            c.execute(update, [{"which": sighting.id, "why": why} for sighting, why in rejected])

    def _settle(
        self,
        c: Connection,
        sighting: Sighting,
        fate: str,
        reason: str,
        now: datetime,
        *,
        next_try_at: datetime | None = None,
        article_id: int | None = None,
    ) -> None:
        values = {
            "sighting": sighting.id, "fate": fate, "reason": reason, "settled_at": now,
            "next_try_at": next_try_at, "attempts": sighting.attempts + 1, "article_id": article_id,
        }  # fmt: skip
        c.execute(statements.SETTLE, values)

    # ── articles ──────────────────────────────────────────────────────────────────────────────

    def article(self, article_id: int) -> ArchivedArticle:
        with self._transaction() as c:
            found = self.load(c, [article_id])
        if not found:
            raise NotFound(f"no article {article_id} in the archive")
        return found[0]

    def flagged(
        self, topics: Collection[str], since: datetime, until: datetime
    ) -> Sequence[ArchivedArticle]:
        a, m = t.articles.c, t.match_labels.c
        asked = (
            sa.select(a.id)
            .join(t.match_labels, m.article_id == a.id)
            .where(m.topic.in_(list(topics)), a.kept_at >= since, a.kept_at < until)
            .distinct()
            .order_by(a.id)
        )
        with self._transaction() as c:
            return self.load(c, c.execute(asked).scalars().all())

    def load(self, c: Connection, ids: Sequence[int]) -> list[ArchivedArticle]:
        """The articles with these ids, in that order; unknown ids are left out."""
        if not ids:
            return []
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
        by_id = {row["id"]: _archived(row, matches.get(row["id"], [])) for row in found}
        return [by_id[n] for n in ids if n in by_id]

    def counts(self) -> dict[str, int]:
        s, o = t.sightings.c, t.outbox.c
        asked = {
            "articles": sa.select(sa.func.count()).select_from(t.articles),
            "flagged": sa.select(sa.func.count(t.match_labels.c.article_id.distinct())),
            "sightings": sa.select(sa.func.count()).select_from(t.sightings),
            "queued": sa.select(sa.func.count()).where(s.fate == "queued"),
            "rejected": sa.select(sa.func.count()).where(s.fate == "rejected"),
            "failed": sa.select(sa.func.count()).where(s.fate == "failed"),
            "polls": sa.select(sa.func.count()).select_from(t.polls),
            "mails_waiting": sa.select(sa.func.count()).where(o.state.in_(("queued", "sending"))),
            "mails_sent": sa.select(sa.func.count()).where(o.state == "sent"),
        }
        with self._transaction() as c:
            return {name: int(c.execute(query).scalar_one()) for name, query in asked.items()}

    # ── digests and outbox ────────────────────────────────────────────────────────────────────

    def subscribe(self, recipe: str, channel: str, address: str, now: datetime) -> Subscription:
        table = t.subscriptions
        where = sa.and_(table.c.recipe == recipe, table.c.address == address)
        with self._transaction() as c:
            row = c.execute(sa.select(table).where(where)).mappings().first()
            if row is None:
                new = {"recipe": recipe, "channel": channel, "address": address, "created_at": now}
                c.execute(sa.insert(table).values(new))
                row = c.execute(sa.select(table).where(where)).mappings().one()
        return Subscription(**row)

    def unsubscribe(self, recipe: str, address: str) -> bool:
        table = t.subscriptions
        where = sa.and_(table.c.recipe == recipe, table.c.address == address)
        with self._transaction() as c:
            return bool(c.execute(sa.delete(table).where(where)).rowcount)

    def subscriptions(self, recipe: str | None = None) -> Sequence[Subscription]:
        asked = sa.select(t.subscriptions).order_by(t.subscriptions.c.id)
        if recipe is not None:
            asked = asked.where(t.subscriptions.c.recipe == recipe)
        with self._transaction() as c:
            return [Subscription(**row) for row in c.execute(asked).mappings()]

    def last_issue_until(self, recipe: str, address: str) -> datetime | None:
        i = t.issues.c
        asked = sa.select(i.until).where(i.recipe == recipe, i.address == address)
        with self._transaction() as c:
            return c.execute(asked.order_by(i.until.desc()).limit(1)).scalar()

    def issue_exists(self, recipe: str, address: str, slot: str) -> bool:
        i = t.issues.c
        asked = sa.select(i.id).where(i.recipe == recipe, i.address == address, i.slot == slot)
        with self._transaction() as c:
            return c.execute(asked).scalar() is not None

    def queue_issue(
        self,
        recipe: str,
        address: str,
        slot: str,
        until: datetime,
        article_ids: Sequence[int],
        message: Message | None,
    ) -> bool:
        row = {"recipe": recipe, "address": address, "slot": slot, "until": until}
        try:
            with self._transaction("queue_issue") as c:
                done = c.execute(sa.insert(t.issues).values(row).returning(t.issues.c.id))
                issue_id = done.scalar_one()
                held = [{"issue_id": issue_id, "article_id": n} for n in dict.fromkeys(article_ids)]
                if held:
                    c.execute(sa.insert(t.issue_articles), held)
                if message is not None:
                    new = row_of(message) | {"state": "queued", "attempts": 0, "detail": ""}
                    new["next_try_at"] = message.created_at
                    c.execute(sa.insert(t.outbox).values(new))
        except IntegrityError:
            return False  # issued before: the UNIQUE rows say so, not this code
        return True

    def claim_message(self, now: datetime) -> QueuedMessage | None:
        o = t.outbox.c
        due = sa.and_(o.state.in_(("queued", "unknown")), o.next_try_at <= now)
        asked = sa.select(t.outbox).where(due).order_by(o.id).limit(1)
        with self._transaction("claim_message") as c:
            row = c.execute(asked.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            claim = {"state": "sending", "attempts": row["attempts"] + 1}
            c.execute(sa.update(t.outbox).where(o.id == row["id"]).values(claim))
        fields = {name: row[name] for name in Message.__dataclass_fields__}
        return QueuedMessage(
            id=row["id"],
            message=Message(**fields),
            state="sending",
            attempts=row["attempts"] + 1,
        )

    def close_message(self, queued: QueuedMessage, delivery: Delivery, now: datetime) -> None:
        state, again = _next_try(queued, delivery, now)
        with self._transaction("close_message") as c:
            c.execute(
                sa.update(t.outbox)
                .where(t.outbox.c.id == queued.id)
                .values(state=state, next_try_at=again, closed_at=now, detail=delivery.detail)
            )

    def recover_messages(self, now: datetime) -> int:
        o = t.outbox.c
        unknown = {"state": "unknown", "next_try_at": now + timedelta(minutes=10)}
        with self._transaction() as c:
            done = c.execute(sa.update(t.outbox).where(o.state == "sending").values(unknown))
            return int(done.rowcount)


def _next_try(
    queued: QueuedMessage, delivery: Delivery, now: datetime
) -> tuple[str, datetime | None]:
    """Deferred: after 5 minutes, doubled up to 4 hours, for 5 days. Unknown: once more, later,
    under the same Message-ID, so that a duplicate can be told."""
    if delivery.outcome == "deferred":
        if now - queued.message.created_at > MAIL_GIVES_UP:
            return "dead", None
        return "queued", now + min(timedelta(minutes=5) * 2 ** (queued.attempts - 1), timedelta(hours=4))
    if delivery.outcome == "unknown" and queued.attempts < 2:
        return "unknown", now + timedelta(minutes=10)
    return delivery.outcome, None


def _feed_state(row: RowMapping) -> FeedState:
    return FeedState(**{name: row[name] for name in FeedState.__dataclass_fields__})


def _health(source: str, rows: Sequence[RowMapping], kept: int) -> SourceHealth:
    """A source is as well as its best feed, and next polled when the first of them is."""
    best = min(rows, key=lambda r: r["failures"], default=None)
    polled = [r["last_poll_at"] for r in rows if r["last_poll_at"]]
    succeeded = [r["last_success_at"] for r in rows if r["last_success_at"]]
    upcoming = [r["next_poll_at"] for r in rows if r["next_poll_at"]]
    return SourceHealth(
        source=source,
        last_poll_at=max(polled, default=None),
        last_success_at=max(succeeded, default=None),
        last_outcome=best["last_outcome"] if best else None,
        failures=best["failures"] if best else 0,
        articles=kept,
        next_poll_at=min(upcoming, default=None),
        detail=best["detail"] if best else "",
    )


def _sighting(row: RowMapping) -> Sighting:
    fields = {name: row[name] for name in Sighting.__dataclass_fields__}
    return Sighting(**(fields | {"entry": FeedEntry(**row["entry"])}))


def as_match(row: RowMapping, labels: Sequence[str]) -> Match:
    """A row of ``matches`` with its labels, as the model's noun."""
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
    )


def _archived(row: RowMapping, matches: Sequence[Match]) -> ArchivedArticle:
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
    )
