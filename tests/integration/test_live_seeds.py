"""Seeds that change under a daemon: seen, checked, used, and matched against what is stored."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog.testing

from crawler import app as apps
from crawler.app import open_reader
from crawler.config import Config, Subscriber, load
from crawler.daemon.loop import Daemon
from crawler.model import Match, Rejudgement
from crawler.seeds import Seeds
from crawler.workers.pool import ReaderPool
from storage import tables as t
from storage.archive import SqlArchive
from storage.concept_index import SqlConceptIndex
from storage.poll_requests import FORGOTTEN_AFTER, SqlPollRequests
from storage.rematches import SqlRematches
from storage.seed_sets import SqlSeedSets, read_last
from tests import engine, forks
from tests.builders import NOW, a_match
from tests.integration.test_archive import keep
from tests.integration.test_ways import FEED, MINUTES, desk
from tests.places import PROJECT
from tests.site.wire import Wire

PATIENCE_SECONDS = 120.0
CONCEPT = "title: {en: harbours}\nterms: {en: [harbour]}\n"
TOPIC = "title: {en: Sea}\nlabels:\n  ports: {title: {en: Ports}, rule: 'concept:harbour'}\n"
WIDER = TOPIC + "  roads: {title: {en: Roads}, rule: road}\n"
BROKEN = TOPIC + "theme: {}\n"
DIGEST = "title: {en: Sea}\ntopics: [sea]\nlanguages: [en]\nhour: '07:30'\ntimezone: UTC\n"
SUBSCRIBER = Subscriber(digest="sea", address="a@example.org")


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    """One worker for all tests of this module; it is sent the topics of each."""
    empty = Seeds(sources={}, concepts={}, topics={}, digests={})
    readers = open_reader(Config.model_validate({"reading": {"workers": 1}}), empty)
    readers.start()
    yield readers
    readers.stop()


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Two papers with two items each, of which every text names a harbour and a road."""
    with Wire(["wire.test", "gazette.test"]) as papers:
        for paper in papers.papers.values():
            paper.publish(2, datetime.now(UTC) - 2 * MINUTES, MINUTES)
        yield papers


@pytest.fixture
def config(wire: Wire, tmp_path: Path) -> Path:
    """An installation that watches both papers, without a topic; its ticks are quick."""
    path = desk(tmp_path, wire, FEED, more="\n[reading]\nworkers = 1\n")
    path.write_text("tick_seconds = 0.2\n" + path.read_text())
    return path


@pytest.fixture
def daemon(config: Path, pool: ReaderPool) -> Iterator[Daemon]:
    """Its daemon, in this process and not yet ticking."""
    with engine.running(config, pool) as ready:
        pool.use((), {})
        yield ready


def write(folder: Path, path: str, text: str) -> None:
    """Put a seed file into the folder's seeds."""
    at = folder / "seeds" / path
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(text, encoding="utf-8")


def write_topic(folder: Path, text: str = TOPIC) -> None:
    """Put a topic there, and the concept that it names."""
    write(folder, "lexicon/harbour.yml", CONCEPT)
    write(folder, "topics/sea.yml", text)


async def tick(daemon: Daemon, times: int = 1) -> None:
    """Ticks, each with the rounds and the rematch that it began."""
    for _ in range(times):
        await daemon.tick()
        await engine.rounds_of(daemon)
        await daemon._watch.rematcher.idle()
        await daemon._watch.indexer.idle()
        await daemon.app.writer.drain()


def events(lines: Sequence[Any], name: str) -> list[Any]:
    """The log's lines of one event."""
    return [line for line in lines if line["event"] == name]


def labels(archive: SqlArchive) -> list[tuple[str, ...]]:
    """The labels of each article's match, by id."""
    articles = SqlRematches(archive.engine).articles(0, None, 1_000)
    return [label for kept in articles for label in [m.labels for m in kept.matches] or [()]]


def concepts(archive: SqlArchive) -> list[tuple[str, int]]:
    """Each concept with the number of articles that the index has for it, once it has all."""
    assert SqlConceptIndex(archive.engine).progress() is None
    i, p = t.indexed_concepts.c, t.concept_places.c
    counted = (
        sa.select(i.name, sa.func.count(p.rank))
        .outerjoin(t.concept_places, p.concept == i.id)
        .group_by(i.name)
        .order_by(i.name)
    )
    with archive.engine.connect() as c:
        return [(name, count) for name, count in c.execute(counted)]


def forward(daemon: Daemon, by: timedelta) -> None:
    """Let the daemon's clock go forward."""
    clock = daemon.app.clock
    assert isinstance(clock, engine.Clock)
    clock.forward(by)


def open_findings(daemon: Daemon) -> list[str]:
    """The proofs of the open findings about seeds."""
    return [f.proof for f in daemon.app.coverage.findings() if f.kind == "seeds"]


# ── topics ────────────────────────────────────────────────────────────────────────────────────


def test_a_new_topic_judges_what_is_stored_and_what_comes(
    daemon: Daemon, wire: Wire, tmp_path: Path
) -> None:
    """Without a restart: the stored articles are matched, the workers have the topic, the log says
    so, and nothing is left to do."""

    async def work() -> None:
        await tick(daemon)
        assert labels(daemon.app.archive) == [(), (), (), ()]
        write_topic(tmp_path)
        await tick(daemon, 2)
        assert labels(daemon.app.archive) == [("ports",)] * 4
        wire.papers["wire.test"].publish(1, datetime.now(UTC), MINUTES)
        forward(daemon, timedelta(hours=7))
        await tick(daemon)
        assert labels(daemon.app.archive) == [("ports",)] * 5
        assert daemon.app.rematches.unfinished() == []

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    (change,) = events(lines, "seeds changed")
    assert change["topics"] == "sea"
    (begun,) = events(lines, "rematching")
    assert (begun["topic"], begun["done"], begun["of"]) == ("sea", 0, 4)
    (done,) = events(lines, "rematched")
    assert (done["topic"], done["articles"], done["changed"]) == ("sea", 4, 4)
    assert sorted(line["flagged"] for line in events(lines, "polled")) == [0, 0, 0, 1]


def test_a_changed_topic_is_matched_again_and_only_then(daemon: Daemon, tmp_path: Path) -> None:
    """Another version is another rematch; a comment in its file is none; without the topic the next
    one begins anew."""

    async def work() -> None:
        write_topic(tmp_path)
        await tick(daemon, 2)
        assert labels(daemon.app.archive) == [("ports",)] * 4
        write_topic(tmp_path, TOPIC + "# a note\n")
        await tick(daemon, 2)
        write_topic(tmp_path, WIDER)
        await tick(daemon, 2)
        assert labels(daemon.app.archive) == [("ports", "roads")] * 4
        (tmp_path / "seeds/topics/sea.yml").unlink()
        await tick(daemon, 2)
        write_topic(tmp_path, WIDER)
        await tick(daemon, 2)

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    assert [line["changed"] for line in events(lines, "rematched")] == [4, 4, 0]
    assert len(events(lines, "seeds changed")) == 5


def move(folder: Path, slug: str, country: str) -> None:
    """Give a source another country."""
    path = f"sources/zz/{slug}.yml"
    text = (folder / "seeds" / path).read_text(encoding="utf-8")
    write(folder, path, re.sub("country: [A-Z]+", f"country: {country}", text))


def test_a_source_of_another_country_is_matched_again(daemon: Daemon, tmp_path: Path) -> None:
    """By the topics whose rules filter by one of its two countries, and by no others."""
    write_topic(tmp_path, TOPIC.replace("concept:harbour", "concept:harbour AND country:IQ"))
    write(tmp_path, "topics/roads.yml", TOPIC.replace("concept:harbour", "road AND country:TN"))

    async def work() -> None:
        await tick(daemon, 2)
        assert labels(daemon.app.archive) == [()] * 4
        move(tmp_path, "gazette", "IQ")
        await tick(daemon, 2)
        assert sorted(labels(daemon.app.archive)) == [(), (), ("ports",), ("ports",)]
        move(tmp_path, "gazette", "MA")
        await tick(daemon, 2)
        assert labels(daemon.app.archive) == [()] * 4

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    done = [(line["topic"], line["changed"]) for line in events(lines, "rematched")]
    assert done[-2:] == [("sea", 2), ("sea", 2)] and len(done) <= 4
    assert [line.get("changed") for line in events(lines, "seeds changed")][-1] == "gazette"


@pytest.mark.parametrize("first", [True, False])
def test_a_country_that_changed_while_nothing_ran_is_matched_again(
    first: bool, config: Path, pool: ReaderPool, tmp_path: Path
) -> None:
    """By the next daemon, also if a ``rasd poll`` came before it, which keeps the seeds too."""
    write_topic(tmp_path, TOPIC.replace("concept:harbour", "concept:harbour AND country:IQ"))

    async def begun(daemon: Daemon) -> None:
        daemon._watching = True
        daemon.app.use(daemon.app.loaded)  # the pool is all tests'
        await tick(daemon)

    with engine.running(config, pool) as daemon:
        engine.run(begun(daemon))
        assert labels(daemon.app.archive) == [()] * 4
    move(tmp_path, "gazette", "IQ")
    if first:
        with engine.running(config, pool) as daemon:
            engine.run(daemon.once(asyncio.Event(), set(), True))
            engine.run(daemon.app.writer.drain())
    with engine.running(config, pool) as daemon:
        engine.run(begun(daemon))
        assert sorted(labels(daemon.app.archive)) == [(), (), ("ports",), ("ports",)]


def test_pages_that_were_judged_by_the_topics_of_before_are_judged_again(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was read before the change may be written after the rematch has come to the end:
    it waits for the rounds that were under way."""
    save = daemon.app.archive.save_articles
    may_save = asyncio.Event()
    held: list[str] = []

    async def work() -> None:
        gather = daemon.app.writer.gathered

        def late(many: Any, one: Any) -> Any:
            if many != save or may_save.is_set():
                return gather(many, one)

            async def wait() -> object:
                held.append("page")
                await may_save.wait()
                return await gather(many, one)

            return asyncio.ensure_future(wait())

        monkeypatch.setattr(daemon.app.writer, "gathered", late)
        await daemon.tick()
        while len(held) < 4:
            await asyncio.sleep(0.01)
        write_topic(tmp_path)
        await daemon.tick()
        await daemon.tick()
        for _ in range(50):
            await asyncio.sleep(0.01)
        assert [one.topic for one in daemon.app.rematches.unfinished()] == ["sea"]
        may_save.set()
        await tick(daemon)
        assert labels(daemon.app.archive) == [("ports",)] * 4

    engine.run(work())


def test_a_worker_is_sent_topics_once_and_judges_by_the_newest(
    daemon: Daemon, pool: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once by version: neither at each page nor at each look."""
    sent: list[int] = []
    use = pool.use
    monkeypatch.setattr(pool, "use", lambda topics, by: (sent.append(len(topics)), use(topics, by)))

    async def work() -> None:
        write_topic(tmp_path)
        await tick(daemon, 5)
        write_topic(tmp_path, WIDER)
        await tick(daemon, 5)

    engine.run(work())
    assert sent == [2, 2]  # the topic and the canary's


# ── mistakes ──────────────────────────────────────────────────────────────────────────────────


def test_a_broken_file_keeps_the_last_good_set_and_is_a_finding(
    daemon: Daemon, wire: Wire, tmp_path: Path
) -> None:
    """Told once, with file and key; closed when it is mended. The watch goes on meanwhile."""

    async def work() -> None:
        write_topic(tmp_path)
        await tick(daemon, 2)
        write_topic(tmp_path, BROKEN)
        await tick(daemon, 4)
        await daemon._check()
        (proof,) = open_findings(daemon)
        assert "topics/sea.yml:4: unknown key 'theme'; did you mean 'themes'?" in proof
        wire.papers["wire.test"].publish(1, datetime.now(UTC), MINUTES)
        forward(daemon, timedelta(hours=7))
        await tick(daemon)
        assert labels(daemon.app.archive) == [("ports",)] * 5
        write(tmp_path, "lexicon/harbour.yml", "title: {en: harbours}\nterm: {}\n")
        write(tmp_path, "topics/sea.yml", TOPIC)
        await tick(daemon, 2)
        await daemon._check()
        (proof,) = open_findings(daemon)
        assert "lexicon/harbour.yml" in proof
        write_topic(tmp_path)
        await tick(daemon, 2)
        await daemon._check()
        assert open_findings(daemon) == []

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    broken = events(lines, "seeds are broken; the last good ones stay in use")
    assert [line["problem"].partition(":")[0] for line in broken] == [
        "topics/sea.yml",
        "lexicon/harbour.yml",
    ]
    assert len(events(lines, "seeds are whole again")) == 1


@pytest.mark.parametrize("gone", ["seeds", "seeds/sources"])
def test_a_folder_that_is_gone_silences_nothing(
    daemon: Daemon, wire: Wire, tmp_path: Path, gone: str
) -> None:
    """A checkout that is being changed has no files for a moment."""

    async def work() -> None:
        await tick(daemon)
        (tmp_path / gone).rename(tmp_path / "elsewhere")
        forward(daemon, timedelta(hours=7))
        wire.log.clear()
        await tick(daemon, 2)
        assert {path for _, path, _ in wire.log if path == "/feed"} == {"/feed"}
        await daemon._check()
        assert len(open_findings(daemon)) == 1
        (tmp_path / "elsewhere").rename(tmp_path / gone)
        await tick(daemon, 2)
        await daemon._check()
        assert open_findings(daemon) == []

    engine.run(work())


def test_a_file_that_is_being_written_is_not_read(daemon: Daemon, tmp_path: Path) -> None:
    """A change is loaded once it was seen twice: half a file is no mistake of anybody."""

    async def work() -> None:
        write_topic(tmp_path, TOPIC[:40])
        await tick(daemon)
        write_topic(tmp_path, TOPIC)
        await tick(daemon)
        assert "sea" not in daemon.app.seeds.topics
        await tick(daemon)
        assert "sea" in daemon.app.seeds.topics

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    assert not events(lines, "seeds are broken; the last good ones stay in use")


def test_a_configured_subscriber_s_digest_cannot_be_taken_away(
    daemon: Daemon, tmp_path: Path
) -> None:
    """The configuration names it: such a set is refused as a whole."""
    named = load(tmp_path / "rasd.toml").model_copy(update={"subscribers": (SUBSCRIBER,)})

    async def work() -> None:
        write_topic(tmp_path)
        write(tmp_path, "digests/sea.yml", DIGEST)
        await tick(daemon, 2)
        daemon.app.config = named
        (tmp_path / "seeds/digests/sea.yml").unlink()
        await tick(daemon, 2)
        assert list(daemon.app.seeds.digests) == ["sea"]
        assert "no digest 'sea'" in daemon._watch.seeds.problems[0]

    engine.run(work())


# ── sources ───────────────────────────────────────────────────────────────────────────────────


def test_sources_come_change_and_go(daemon: Daemon, wire: Wire, tmp_path: Path) -> None:
    """A new one is polled at the next tick, a removed one no more, a changed feed is polled anew
    without what was learned of it."""
    at = tmp_path / "seeds/sources/zz/gazette.yml"
    text = at.read_text()

    def polled() -> set[str]:
        found = {host for host, path, _ in wire.log if path.startswith("/feed")}
        wire.log.clear()
        return found

    async def work() -> None:
        await tick(daemon)
        assert polled() == {"wire.test", "gazette.test"}
        at.unlink()
        await tick(daemon, 2)
        forward(daemon, timedelta(hours=7))
        await tick(daemon)
        assert polled() == {"wire.test"}
        at.write_text(text.replace("/feed", "/feed?again=1"))
        await tick(daemon, 2)
        assert polled() == {"gazette.test"}
        at.write_text(text.replace('/feed"', '/feed?again=1", every: 1h'))
        await tick(daemon, 2)
        (state,) = [s for s in daemon.app.archive.feed_states() if s.feed.endswith("again=1")]
        assert polled() == {"gazette.test"}
        assert state.last_outcome != "not_modified"
        at.write_text(text.replace("name: ", "name: New "))
        forward(daemon, timedelta(hours=7))
        await tick(daemon, 2)
        assert daemon.app.sources["gazette"].name.startswith("New")
        at.unlink()
        await tick(daemon, 2)
        forward(daemon, timedelta(hours=7))
        polled()
        await tick(daemon, 2)
        assert polled() == {"wire.test"}

    engine.run(work())


def test_crawls_have_the_ports_and_delays_of_the_seeds_in_use(
    daemon: Daemon, tmp_path: Path
) -> None:
    """A source that was added may be on a port of its own; one that lost its delay has none."""
    at = tmp_path / "seeds/sources/zz/gazette.yml"
    text = at.read_text()
    settings = daemon.engine._runner.settings

    async def work() -> None:
        at.write_text(text + "delay: 7s\nhosts: ['cdn.test:8088']\n")
        await tick(daemon, 2)
        assert 8088 in settings.getlist("RASD_NETWORK_PORTS")
        assert dict(settings.getdict("DOWNLOAD_SLOTS"))["gazette.test"] == {"delay": 7}
        at.write_text(text)
        await tick(daemon, 2)
        assert 8088 not in settings.getlist("RASD_NETWORK_PORTS")
        assert "gazette.test" not in settings.getdict("DOWNLOAD_SLOTS")

    engine.run(work())


# ── the archive's part, on both databases ─────────────────────────────────────────────────────


def rejudged(article_id: int, match: Match | None) -> Rejudgement:
    """What a worker says of an article."""
    return Rejudgement(article_id=article_id, topic="water", match=match, relabelled=True)


def test_a_rematch_goes_on_where_it_was(archive: SqlArchive) -> None:
    """Cursor and matches are one transaction; the same version is planned once, another anew."""
    rows = SqlRematches(archive.engine)
    ids = [keep(archive, f"/{n}") for n in range(5)]
    (one,) = rows.plan({"water": "v1"}, NOW)
    assert (one.done, one.of, one.after_id) == (0, 5, 0)
    assert [kept.id for kept in rows.articles(0, None, 3)] == ids[:3]
    rows.advance([one], ids[2], [rejudged(ids[0], a_match("rivers"))])
    (one,) = rows.plan({"water": "v1"}, NOW)
    assert (one.done, one.of, one.after_id, one.changed) == (3, 5, ids[2], 1)
    assert archive.article(ids[0]).matches[0].labels == ("rivers",)
    assert [kept.id for kept in rows.articles(one.after_id, ids[3], 9)] == [ids[3]]
    rows.advance([one], ids[4], [rejudged(ids[0], None)])
    rows.finish(one, NOW)
    assert rows.plan({"water": "v1"}, NOW) == [] and archive.article(ids[0]).matches == ()
    (again,) = rows.plan({"water": "v2"}, NOW)
    assert (again.done, again.version) == (0, "v2")
    assert rows.plan({}, NOW) == []


def test_what_is_of_another_version_or_of_no_article_is_not_written(archive: SqlArchive) -> None:
    """A batch that was judged while the topic changed, or while an article was deleted."""
    rows = SqlRematches(archive.engine)
    article = keep(archive, "/a")
    (old,) = rows.plan({"water": "v1"}, NOW)
    (new,) = rows.plan({"water": "v2"}, NOW)
    rows.advance([old], article, [rejudged(article, a_match("rivers"))])
    assert archive.article(article).matches == () and rows.unfinished() == [new]
    rows.advance([new], article, [rejudged(article + 1, a_match("rivers"))])
    assert rows.unfinished()[0].after_id == article


def test_a_request_is_taken_once_and_answered(archive: SqlArchive) -> None:
    """What a process took and did not live to answer is taken again; what is old is deleted."""
    rows = SqlPollRequests(archive.engine)
    request = rows.add(["news"], NOW)
    assert rows.are_there()
    (taken,) = rows.take(NOW)
    assert taken.sources == ("news",) and not rows.are_there() and rows.take(NOW) == []
    rows.give_back()
    assert [one.id for one in rows.take(NOW)] == [request]
    rows.answer(request, {"polls": [], "refusal": "no"}, NOW)
    found = rows.look(request)
    assert found is not None and found.answer["refusal"] == "no" and found.answered_at == NOW
    rows.give_back()
    assert rows.take(NOW + FORGOTTEN_AFTER + timedelta(seconds=1)) == []
    assert rows.look(request) is None
    rows.withdraw(request)


def test_the_last_good_set_is_kept(archive: SqlArchive, archive_url: str) -> None:
    """One set, with the time at which it was first used; read without opening the archive."""
    rows = SqlSeedSets(archive.engine)
    assert read_last(archive_url) is None
    files = {"sources/ma/نهر.yml": "name: نهر\n", "a": "b"}
    rows.save(files, NOW)
    rows.save(dict(reversed(files.items())), NOW + MINUTES)
    assert read_last(archive_url) == (NOW, files)
    rows.save({"a": "c"}, NOW + MINUTES)
    assert read_last(archive_url) == (NOW + MINUTES, {"a": "c"})


def test_an_archive_that_is_not_there_keeps_no_set(tmp_path: Path) -> None:
    """Asking for it makes none."""
    assert read_last(f"sqlite:///{tmp_path}/none.sqlite") is None
    assert list(tmp_path.iterdir()) == []


# ── real processes ────────────────────────────────────────────────────────────────────────────


class Running:
    """``rasd run`` in a process of its own; ``log`` is what it wrote."""

    def __init__(self, config: Path) -> None:
        self._file = config.parent / f"log-{time.monotonic_ns()}"
        with self._file.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crawler", "--config", str(config), "run"],
                stderr=log,
                cwd=PROJECT,
            )

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._file.read_text()

    def until(self, words: str, times: int = 1) -> None:
        """Wait until its log has these words."""
        until(lambda: self.log.count(words) >= times, lambda: f"{words!r} not in:\n{self.log}")

    def end(self) -> int:
        """Stop it; its code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running(config: Path) -> Iterator[Running]:
    """A daemon that has started."""
    daemon = Running(config)
    try:
        daemon.until(" started ")
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.process.send_signal(signal.SIGCONT)
            daemon.process.kill()
        daemon.process.wait(PATIENCE_SECONDS)


def until(holds: Callable[[], bool], why: Callable[[], str]) -> None:
    """Wait until something holds."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends_at, why()
        time.sleep(0.05)


def rasd(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A verb, to its end."""
    return forks.run(["--config", str(config), *words], cwd=config.parent, seconds=200)


def test_a_seed_that_was_just_written_is_polled_by_the_daemon(
    config: Path, wire: Wire, tmp_path: Path
) -> None:
    """``rasd poll SLUG`` needs no stop: it asks the daemon, which sees the new file, and prints the
    poll's line."""
    at = tmp_path / "seeds/sources/zz/gazette.yml"
    text = at.read_text()
    at.unlink()
    with running(config) as daemon:
        daemon.until("polled source=wire")
        at.write_text(text)
        done = rasd(config, "poll", "gazette")
        assert done.returncode == 0, done.stderr
        assert "polled source=gazette" in done.stderr and "outcome=" in done.stderr
        assert f"asked pid {daemon.process.pid} on " in done.stderr
        again = rasd(config, "poll", "gazette", "wire")
        assert again.returncode == 0
        assert again.stderr.count("polled source=") == 2
        unknown = rasd(config, "poll", "gazete")
        assert unknown.returncode == 2 and "no source 'gazete'" in unknown.stderr
        due = rasd(config, "poll")
        assert due.returncode == 75 and "name sources, and it polls them now" in due.stderr
        assert daemon.end() == 0, daemon.log


def test_a_daemon_that_does_not_answer_is_named(config: Path, wire: Wire) -> None:
    """The message says which process, and what to look at; the request is withdrawn."""
    with running(config) as daemon:
        daemon.until("polled source=wire")
        daemon.process.send_signal(signal.SIGSTOP)
        done = rasd(config, "poll", "wire", "--wait", "1")
        assert done.returncode == 75
        said = done.stderr.splitlines()[-1]
        assert said.startswith(f"rasd: pid {daemon.process.pid} on ") and "not taken" in said
    with apps.open_app(load(config)) as app:
        assert not app.poll_requests.are_there()


def test_sighup_has_the_seeds_looked_at_at_once(config: Path, tmp_path: Path) -> None:
    """And ends no daemon; a look is not waited for."""
    config.write_text(config.read_text().replace("tick_seconds = 0.2", "tick_seconds = 300"))
    with running(config) as daemon:
        daemon.until("polled source=wire")
        write_topic(tmp_path)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until("rematched topic=sea")
        write_topic(tmp_path, BROKEN)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until("seeds are broken")
        assert daemon.end() == 0, daemon.log


def test_a_rematch_that_was_killed_goes_on_after_a_restart(config: Path, tmp_path: Path) -> None:
    """Not from the beginning; its progress is in ``rasd status``."""
    with apps.open_app(load(config)) as app, app.archive.together(savepoints=False):
        ids = [keep(app.archive, f"/{n}", "The harbour is open. " * 40) for n in range(1_500)]
    write_topic(tmp_path)

    def reached() -> int:
        with closing(sqlite3.connect(tmp_path / "var/rasd.sqlite")) as c:
            return max(
                (int(row[0]) for row in c.execute("SELECT after_id FROM rematches")), default=0
            )

    with running(config) as daemon:
        until(lambda: reached() > 100, lambda: daemon.log)
        daemon.process.kill()
        daemon.process.wait(PATIENCE_SECONDS)
    assert 100 < (before := reached()) < ids[-1]
    (row,) = json.loads(rasd(config, "status", "--json").stdout)["rematches"]
    assert row["topic"] == "sea" and 100 < row["done"] < 1_500 <= row["of"]
    assert "rematch    sea" in rasd(config, "status").stdout
    with running(config) as daemon:
        daemon.until("rematched topic=sea")
        (begun,) = [line for line in daemon.log.splitlines() if "rematching topic=sea" in line]
        assert int(begun.partition(" done=")[2].split()[0]) >= before - ids[0]
        assert daemon.end() == 0
    with apps.open_app(load(config)) as app:
        judged = app.rematches.articles(0, ids[-1], 1_500)
        assert len(judged) == 1_500 and all(one.matches for one in judged)


def test_reading_verbs_work_while_a_seed_is_broken(config: Path, tmp_path: Path) -> None:
    """With the last good seeds, and a line that says which seed is broken; a verb that judges by
    the seeds says 65, and so does everything if no set was ever good. That there is no archive comes
    first."""
    write_topic(tmp_path)
    write(tmp_path, "digests/sea.yml", DIGEST)
    good = (tmp_path / "seeds/topics/sea.yml").read_text()
    write_topic(tmp_path, BROKEN)
    assert rasd(config, "status").returncode == 78
    assert rasd(config, "sources", "list").returncode == 65
    assert rasd(config, "run").returncode == 65
    assert not (tmp_path / "var").exists()
    write_topic(tmp_path, good)
    assert rasd(config, "poll", "--all").returncode == 0
    write_topic(tmp_path, BROKEN)
    for words in (
        ["status"], ["status", "--json"], ["search", "concept:harbour"], ["show", "1"],
        ["sources", "list"], ["sources", "show", "wire"], ["findings"], ["gaps"], ["explain", "1"],
        ["quarantine"], ["doubtful"], ["digest", "preview"],
    ):  # fmt: skip
        done = rasd(config, *words)
        assert done.returncode == 0, (words, done.stderr)
        assert "rasd: seeds are broken: topics/sea.yml:4: unknown key 'theme'" in done.stderr
        said = [line for line in done.stderr.splitlines() if "not in the index yet" not in line]
        assert "the last good ones of 2" in done.stderr and len(said) == 1
        assert done.stdout
    report = json.loads(rasd(config, "status", "--json").stdout)
    assert report["seeds"]["broken"] and report["seeds"]["kept_at"]
    for words in (["rematch"], ["poll", "--all"], ["seeds", "check"], ["term", "harbour"]):
        assert rasd(config, *words).returncode == 65, words


def test_a_daemon_starts_with_the_last_good_seeds(config: Path, tmp_path: Path) -> None:
    """A machine that restarts at night while a file is broken goes on watching, and says so."""
    write_topic(tmp_path)
    with running(config) as daemon:
        daemon.until("polled source=wire")
        assert daemon.end() == 0
    write_topic(tmp_path, BROKEN)
    with running(config) as daemon:
        daemon.until("seeds are broken; the last good ones stay in use")
        daemon.until("found source=us kind=seeds")
        write_topic(tmp_path, WIDER)
        daemon.until("seeds are whole again")
        daemon.until("rematched topic=sea")
        assert daemon.end() == 0, daemon.log
    found = json.loads(rasd(config, "findings", "--all", "--json").stdout)
    assert "seeds" in {one["kind"] for one in found}


def test_a_daemon_ends_with_its_terminal(config: Path) -> None:
    """A SIGHUP because the terminal is gone is no wish for a look at the seeds."""
    log = config.parent / "log"
    command = [sys.executable, "-m", "crawler", "--config", str(config), "run"]
    pid, terminal = os.forkpty()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # these tests may run under nohup
        os.chdir(PROJECT)
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT), 2)
        os.execv(command[0], command)
    until(lambda: log.exists() and " started " in log.read_text(), log.read_text)
    os.close(terminal)
    until(lambda: os.waitpid(pid, os.WNOHANG) != (0, 0), log.read_text)
    assert " stopped" in log.read_text()


def test_concepts_are_looked_for_in_what_is_stored(config: Path, daemon: Daemon) -> None:
    """A new one in all articles, a changed one anew, one that is gone nowhere; what is kept
    meanwhile comes with its concepts."""
    archive, folder, found = daemon.app.archive, config.parent, []

    async def work() -> None:
        await tick(daemon, 2)
        found.append(concepts(archive))
        write_topic(folder)
        await tick(daemon, 3)
        found.append(concepts(archive))
        write(folder, "lexicon/harbour.yml", CONCEPT.replace("[harbour]", "[nowhere]"))
        write(folder, "lexicon/road.yml", CONCEPT.replace("harbour", "road"))
        (folder / "seeds/topics/sea.yml").unlink()
        await tick(daemon, 3)
        found.append(concepts(archive))
        (folder / "seeds/lexicon/road.yml").unlink()
        await tick(daemon, 3)
        found.append(concepts(archive))

    with structlog.testing.capture_logs() as lines:
        engine.run(work())
    stored = len(labels(archive))
    assert stored == 4
    assert found == [
        [], [("harbour", stored)], [("harbour", 0), ("road", stored)], [("harbour", 0)]
    ]  # fmt: skip
    assert [line["concepts"] for line in events(lines, "indexed")] == [1, 2]
