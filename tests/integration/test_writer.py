"""The writer: rows are safe before their futures complete, and one bad work spoils no other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import structlog
from scrapy.http import Request, TextResponse
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from crawler import urls
from crawler.app import learning
from crawler.model import Feed, FeedEntry, FeedState, Poll, RobotsCopy, Sighting, Template
from crawler.model.article import ArticleToKeep
from crawler.polling.poll import PollInProgress
from crawler.spiders.feed import FeedSpider
from crawler.writer import Writer
from storage.archive import SqlArchive, open_archive
from storage.coverage import SqlCoverage
from storage.engine import read_connection
from storage.hosts import SqlHosts
from tests.builders import NOW, a_page, a_reading, a_source, an_entry, to_keep

FEED = "http://news.test/feed"


def entries(*paths: str) -> list[tuple[str, FeedEntry]]:
    """Entries with their keys."""
    return [(urls.key(e.url), e) for e in map(an_entry, paths)]


def a_keeping(sighting: Sighting) -> ArticleToKeep:
    """A page of this sighting that was read."""
    return to_keep(sighting, a_page("x"), a_reading(url=sighting.url))


def test_one_bad_work_spoils_no_other(archive: SqlArchive) -> None:
    """Each is all or nothing, though all share one commit."""
    writer = Writer(archive.together)

    def half() -> None:
        archive.record_entries("news", FEED, entries("/half"), NOW)
        with archive._transaction() as c:
            c.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    async def works() -> list[object]:
        good = [
            writer.soon(lambda n=n: archive.record_entries("news", FEED, entries(f"/{n}"), NOW))
            for n in range(20)
        ]  # type: ignore[misc]
        bad = writer.soon(half)
        await writer.drain()
        return [*(len(g.result()) for g in good), bad.exception() is not None]

    assert asyncio.run(works()) == [1] * 20 + [True]
    assert archive.counts()["sightings"] == 21
    writer.close()


def test_a_commit_that_fails_is_told_to_everybody_in_it() -> None:
    """No caller learns that its rows are safe when they are not."""

    @contextmanager
    def full(*, savepoints: bool) -> Iterator[None]:
        yield
        raise OSError("disk full")

    writer = Writer(full)

    async def works() -> None:
        first, second = writer.soon(lambda: 1), writer.soon(lambda: 2)
        for future in (first, second):
            with pytest.raises(OSError, match="disk full"):
                await future

    asyncio.run(works())
    writer.close()


def test_nothing_counts_as_written_that_a_full_disk_undid(tmp_path: Path) -> None:
    """SQLite then undoes the whole transaction, not only the work for which there was no room."""
    archive = open_archive(f"sqlite:///{tmp_path}/a.sqlite")
    hosts, writer = SqlHosts(archive.engine), Writer(archive.together)

    @sa.event.listens_for(archive.engine, "begin")
    def leave_three_pages(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")

    def hold(name: str) -> None:
        hosts.hold(name, NOW, "the server said 503")

    def too_big() -> None:
        hosts.save_robots(
            RobotsCopy(origin="http://a.test", fetched_at=NOW, status=200, body=bytes(100_000))
        )

    async def works() -> list[object]:
        before = [writer.soon(partial(hold, name)) for name in ("a.test", "b.test")]
        middle = writer.soon(too_big)
        after = writer.soon(partial(hold, "c.test"))
        return await asyncio.gather(*before, middle, after, return_exceptions=True)

    answers = asyncio.run(works())
    written = set(SqlHosts(archive.engine).holds())
    assert written == set()
    assert all(isinstance(answer, Exception) for answer in answers)
    writer.close()
    archive.close()


def test_closing_writes_what_waits(archive: SqlArchive) -> None:
    """A stop loses nothing that was handed over."""
    writer = Writer(archive.together)

    async def works() -> None:
        for n in range(100):
            writer.soon(lambda n=n: archive.record_entries("news", FEED, entries(f"/{n}"), NOW))  # type: ignore[misc]
        writer.close()

    asyncio.run(works())
    assert archive.counts()["sightings"] == 100


def test_works_nest_only_where_one_fails(archive: SqlArchive) -> None:
    """The dear way, each undone by itself, is gone only after the cheap one was undone as a whole."""
    ways: list[bool] = []

    def noted(*, savepoints: bool) -> AbstractContextManager[None]:
        ways.append(savepoints)
        return archive.together(savepoints=savepoints)

    def broken() -> None:
        with archive._transaction() as c:
            c.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    async def works() -> None:
        await writer.soon(lambda: archive.record_entries("news", FEED, entries("/1"), NOW))
        assert ways == [False]
        with pytest.raises(DatabaseError):
            await writer.soon(broken)
        assert ways == [False, False, True]

    writer = Writer(noted)
    asyncio.run(works())
    assert archive.counts()["sightings"] == 1
    writer.close()


def test_a_burst_shares_its_commits() -> None:
    """While one transaction is open, 99 more works come: two more transactions hold them."""
    opened: list[bool] = []
    all_queued = threading.Event()

    @contextmanager
    def counted(*, savepoints: bool) -> Iterator[None]:
        opened.append(savepoints)
        all_queued.wait()
        yield

    async def works() -> None:
        for n in range(100):
            writer.soon(lambda n=n: n)  # type: ignore[misc]
        all_queued.set()
        await writer.drain()

    writer = Writer(counted)
    asyncio.run(works())
    assert len(opened) <= 3
    writer.close()


def test_works_of_one_kind_are_done_at_once(archive: SqlArchive) -> None:
    """Pages that come together are written by one call, and each is answered with its own article."""
    calls: list[int] = []

    def keep_all(keepings: Sequence[ArticleToKeep]) -> Sequence[int]:
        calls.append(len(keepings))
        return archive.save_articles(keepings)

    async def works() -> list[int]:
        sighted = archive.record_entries("news", FEED, entries(*(f"/{n}" for n in range(40))), NOW)
        asked = [writer.gathered(keep_all, a_keeping(sighting)) for sighting in sighted]
        await writer.drain()
        return [future.result() for future in asked]

    writer = Writer(archive.together)
    answers = asyncio.run(works())
    assert sum(calls) == 40
    assert len(calls) <= 3
    assert [archive.article(n).article.url for n in answers] == [
        f"http://news.test/{n}" for n in range(40)
    ]
    writer.close()


def test_of_works_done_at_once_one_bad_one_spoils_no_other(archive: SqlArchive) -> None:
    """The caller of a page that cannot be written gets the error; the others of its batch are written without it."""
    (good, other) = archive.record_entries("news", FEED, entries("/good", "/other"), NOW)

    async def works() -> tuple[int, BaseException | None]:
        asked = [
            writer.gathered(archive.save_articles, a_keeping(s))
            for s in (good, replace(other, id=4711))
        ]
        await writer.drain()
        return asked[0].result(), asked[1].exception()

    writer = Writer(archive.together)
    kept, failure = asyncio.run(works())
    assert isinstance(failure, DatabaseError)
    assert archive.article(kept).article.url == good.url
    assert archive.counts()["articles"] == 1
    writer.close()


def test_a_burst_does_not_keep_waiting_who_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for each other; what a feed showed is written at once, for its pages are asked for after it."""
    monkeypatch.setattr("crawler.writer.GATHERING_SECONDS", 6_000)
    monkeypatch.setattr("crawler.writer.QUIET_SECONDS", 6_000)

    @contextmanager
    def together(*, savepoints: bool) -> Iterator[None]:
        yield

    async def works() -> None:
        for n in range(100):
            writer.gathered(list, n)  # more than one transaction takes: a burst
        assert await asyncio.wait_for(writer.soon(lambda: "a feed's"), 300) == "a feed's"
        page = writer.gathered(list, 1)
        assert await asyncio.wait_for(
            asyncio.gather(page, writer.soon(lambda: "another's")), 300
        ) == [1, "another's"]

    writer = Writer(together)
    asyncio.run(works())
    writer.close()


def test_pages_that_fail_by_the_hundred_are_written_together(archive: SqlArchive) -> None:
    """No page waits for a commit of its own: the reactor hands them over, and a poll counts what is committed."""
    writer, commits = Writer(archive.together), 0
    done: list[Poll] = []
    spider = FeedSpider(on_close=lambda closed, error: done.append(closed.poll))
    spider.crawler = SimpleNamespace(
        services=SimpleNamespace(
            archive=archive,
            coverage=SqlCoverage(archive.engine),
            writer=writer,
            clock=lambda: NOW,
            stopping=False,
            archive_is_out=False,
        )
    )  # type: ignore[assignment]
    spider.crawler.services.reached = lambda name: None  # type: ignore[attr-defined]
    sightings = list(
        archive.record_entries("news", FEED, entries(*(f"/{n}" for n in range(100))), NOW)
    )
    state = FeedState(source="news", feed=FEED)
    poll = PollInProgress(source=a_source(), feed=Feed(url=FEED), state=state, started_at=NOW)
    poll.expect(sightings, new=True)
    poll.record_outcome("new")
    poll.entries = poll.seen = len(sightings)

    async def page(number: int, sighting: Sighting) -> None:
        status = 404 if number % 2 else 500
        request = Request(sighting.url, cb_kwargs={"poll": poll, "sighting": sighting})
        if number % 10 == 9:
            failure = Failure(ConnectError("nobody there"))  # type: ignore[no-untyped-call]
            failure.request = request  # type: ignore[attr-defined]
            assert [step async for step in spider.page_failed(failure)] == []
        else:
            response = TextResponse(sighting.url, status=status, request=request)
            assert [step async for step in spider.parse_page(response, poll, sighting)] == []

    def counted(connection: object) -> None:
        nonlocal commits
        commits += 1

    async def all_of_them() -> None:
        await asyncio.gather(*(page(number, s) for number, s in enumerate(sightings)))

    sa.event.listen(archive.engine, "commit", counted)
    asyncio.run(all_of_them())
    writer.close()
    assert commits < 50  # a commit each would be more than 100
    with read_connection(archive.engine) as c:
        fates = {
            fate: count
            for fate, count in c.execute(
                sa.text("SELECT fate, count(*) FROM sightings GROUP BY fate")
            )
        }
    assert fates == {"failed": 100}
    assert [(poll.gone, poll.failed) for poll in done] == [(0, 100)]


def test_draining_ends_while_others_go_on_writing() -> None:
    """A round waits for its own rows: a producer that never ends does not hold it up, a second
    ``drain`` does not disturb the first."""
    writer, written = Writer(_no_transaction), 0

    def write() -> None:
        nonlocal written
        written += 1

    async def produce() -> None:
        while True:
            await writer.soon(write)

    async def works() -> None:
        producers = [asyncio.create_task(produce()) for _ in range(2)]
        for _ in range(3):
            first, second = writer.soon(lambda: "first"), writer.gathered(list, "second")
            await asyncio.wait_for(asyncio.gather(writer.drain(), writer.drain()), 300)
            assert first.result() == "first" and second.result() == "second"
        before = written
        while written == before:  # they go on
            await asyncio.sleep(0)
        for producer in producers:
            producer.cancel()

    asyncio.run(works())
    writer.close()


def test_a_failure_that_no_caller_awaits_is_logged() -> None:
    """``later``: the loop goes on at once, and a write that failed has a line that names it."""
    writer = Writer(_no_transaction)

    def full() -> None:
        raise OSError("disk full")

    async def works() -> None:
        writer.later(full, "a hold")
        writer.later(lambda: None, "another")
        await writer.drain()

    with structlog.testing.capture_logs() as lines:
        asyncio.run(works())
    assert [(line["what"], line["error"]) for line in lines] == [("a hold", "OSError: disk full")]
    writer.close()


def test_a_closed_writer_takes_nothing() -> None:
    """What is handed over too late is an error for its caller, not a future that never completes."""
    writer = Writer(_no_transaction)
    writer.close()

    async def works() -> None:
        with pytest.raises(RuntimeError, match="closed"):
            writer.soon(lambda: None)

    asyncio.run(works())


@contextmanager
def _no_transaction(*, savepoints: bool) -> Iterator[None]:
    yield


def test_a_template_that_cannot_be_saved_costs_no_reading() -> None:
    """What a page taught is written beside the loop: if that fails, the page's reading is kept and a
    line of the log says what was not written."""

    class FullDisk:
        def save(self, template: Template, now: datetime) -> None:
            raise OSError("disk full")

    writer = Writer(_no_transaction)

    async def works() -> None:
        learned = learning.keep_learned(FullDisk(), writer, lambda: NOW)
        learned(Template(source="news", version=1, body="#story"))
        await writer.drain()

    with structlog.testing.capture_logs() as lines:
        asyncio.run(works())
    assert [line["event"] for line in lines] == ["learned_template", "not written"]
    assert lines[1]["what"] == "a template of news"
    writer.close()
