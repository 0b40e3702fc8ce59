"""The composition root: the one place where concrete things are chosen and handed out.

``open_app`` gives what every verb needs (seeds, archive, search, outbox); ``App.start_reader`` adds
the worker pool for those that read pages. ``Attach`` is how a Scrapy crawl finds the app.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import structlog

from crawler import __version__, canary, config, matching, polling, seeds, spiders
from crawler.channels import maildir, smtp
from crawler.channels.sink import Sink
from crawler.checkup import Checkup
from crawler.errors import ConfigError, GuardError, SeedError
from crawler.interfaces import Channel, Clock, Reached, Rereading, Templates
from crawler.model import FeedState, Poll, Source, Template
from crawler.moulds import Drift, Moulds
from crawler.outbox import Outbox, Recipient
from crawler.pool import ReaderPool
from crawler.topics import Concept
from crawler.writer import Writer
from storage import canaries, hosts, ledger, lock, probes, rereading, scan, signs, transactions
from storage.archive import SqlArchive, open_archive
from storage.matches import SqlMatches
from storage.search import SqlSearch
from storage.templates import SqlTemplates
from storage.verdicts import SqlVerdicts
from storage.watchlist import SqlWatchList

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

FAILPOINTS = (*polling.FAILPOINTS, *transactions.FAILPOINTS)
CRASH_AT = "RASD_CRASH_AT"  # tests name a failpoint here, and the process dies there by kill -9

log = structlog.get_logger("rasd")


def now() -> datetime:
    """The only clock."""
    return datetime.now(UTC)


@dataclass(kw_only=True)
class App:
    """Everything chosen and open. Spiders see it as ``interfaces.Rasd``."""

    config: config.Config
    seeds: seeds.Seeds
    archive: SqlArchive
    ledger: ledger.SqlLedger
    checkup: Checkup
    canaries: canaries.SqlCanaries
    sink: Sink
    search: SqlSearch
    probes: probes.SqlProbes
    hosts: hosts.SqlHosts
    outbox: Outbox
    rereading: Rereading
    reader: ReaderPool
    writer: Writer
    matches: SqlMatches
    verdicts: SqlVerdicts
    watch_list: SqlWatchList
    open_scan: Callable[[], scan.SqlScan]
    templates: Templates
    clock: Clock
    reached: Reached
    not_before: Callable[[], Mapping[str, datetime]] = dict  # hosts that asked for patience
    stopping: bool = False
    listeners: dict[tuple[str, str], Callable[[Poll], None]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def polled(self, poll: Poll, state: FeedState) -> None:
        """Close a poll: its row and the feed's state; then whoever waits for it, or its line."""
        closed = self.writer.soon(lambda: self.archive.close_poll(poll, state))
        closed.add_done_callback(lambda done: self._closed(poll, done.exception()))

    def _closed(self, poll: Poll, failure: BaseException | None) -> None:
        if failure is not None:
            log.error("a poll could not be closed", source=poll.source, exc_info=failure)
        self.listeners.get((poll.source, poll.feed), say_polled)(poll)

    def search_over(self, concepts: Mapping[str, Concept]) -> SqlSearch:
        """The archive's search with these concepts in the place of the seeds'."""
        return open_search(self.archive, self.seeds, concepts)

    def close(self) -> None:
        """End the workers, write what waits, close the archive."""
        self.reader.stop()
        self.writer.close()
        self.archive.close()


def say_polled(poll: Poll) -> None:
    """The closing line of a poll, always with the same keys."""
    seconds = (poll.ended_at - poll.started_at).total_seconds()
    facts: dict[str, Any] = {
        "source": poll.source,
        "feed": poll.feed,
        "outcome": poll.outcome,
        "entries": poll.seen,
        "new": poll.new,
        "kept": poll.kept,
        "flagged": poll.flagged,
        "rejected": poll.rejected,
        "failed": poll.failed,
        "seconds": round(seconds, 1),
    }
    if poll.quarantined:
        facts["quarantined"] = poll.quarantined
    if poll.overflow:
        facts["overflow"] = True
    if poll.detail:
        facts["detail"] = poll.detail
    log.info("polled", **facts)


@contextmanager
def open_app(settings: config.Config, *, locked: bool = False) -> Iterator[App]:
    """The app, closed at the end. ``locked``: as the only one at work on the archive (LockHeld)."""
    found = load_seeds(settings.seeds)
    reached = failpoints(os.environ.get(CRASH_AT))
    held = lock.hold(settings.archive, pid=os.getpid(), host=socket.gethostname()) if locked else None
    try:
        app = _assemble(settings, found, reached)
        try:
            yield app
        finally:
            app.close()
    finally:
        if held is not None:
            held.release()


def _assemble(settings: config.Config, found: seeds.Seeds, reached: Reached) -> App:
    archive = open_archive(settings.archive, reached=reached)
    end = Sink()
    books = ledger.SqlLedger(archive.engine)
    courtesies = hosts.SqlHosts(archive.engine)
    templates = SqlTemplates(archive.engine)
    return App(
        config=settings,
        seeds=found,
        sources=found.sources | canary.its_seeds().sources,
        archive=archive,
        ledger=books,
        canaries=canaries.SqlCanaries(archive.engine),
        sink=end,
        checkup=Checkup(ledger=books, witness=signs.SqlWitness(archive.engine)),
        search=open_search(archive, found, found.concepts),
        probes=probes.SqlProbes(archive.engine),
        hosts=courtesies,
        not_before=courtesies.holds,
        outbox=Outbox(
            archive=archive,
            watch_list=SqlWatchList(archive.engine),
            seeds=found,
            channels=open_channels(settings) | {"sink": end},
            clock=now,
            configured=_configured(settings, found),
            findings=books.findings,
            sender_domain=settings.smtp.sender.partition("@")[2] or "rasd.invalid",
        ),
        rereading=rereading.SqlRereading(archive.engine, reached),
        reader=open_reader(
            settings,
            found,
            moulds=Moulds(templates.in_use(), templates.versions().items()),
            learned=_learned(templates),
        ),
        templates=templates,
        writer=Writer(archive.together),
        matches=SqlMatches(archive.engine),
        verdicts=SqlVerdicts(archive.engine),
        watch_list=SqlWatchList(archive.engine),
        open_scan=partial(scan.open_scan, settings.archive),
        clock=now,
        reached=reached,
    )


def open_reader(
    settings: config.Config,
    found: seeds.Seeds,
    *,
    timeout_seconds: float | None = None,
    moulds: Moulds | None = None,
    learned: Callable[[Template | Drift], None] = lambda change: None,
) -> ReaderPool:
    """The worker processes, not yet started; they need no archive. ``moulds``: the templates known,
    from which learning goes on, unless the configuration says no."""
    return ReaderPool(
        (*found.topics.values(), *canary.its_seeds().topics.values()),
        workers=settings.reading.workers,
        timeout_seconds=timeout_seconds or settings.reading.timeout_seconds,
        memory_mb=settings.reading.memory_mb,
        moulds=moulds if settings.reading.templates else None,
        learned=learned,
    )


def open_search(
    archive: SqlArchive, found: seeds.Seeds, concepts: Mapping[str, Concept]
) -> SqlSearch:
    """A search of the archive whose queries may name these concepts."""
    countries = {slug: source.country for slug, source in found.sources.items()}
    terms = {name: matching.index_words(concept) for name, concept in concepts.items()}
    return SqlSearch(
        archive.engine,
        matching.evaluator(concepts, countries),
        lambda name: terms.get(name, frozenset()),
        saved={slug: item.query for slug, item in found.queries.items()},
        countries=countries,
    )


def _learned(templates: Templates) -> Callable[[Template | Drift], None]:
    """Keeps what the pages of a source taught, and says it once."""

    def learned(change: Template | Drift) -> None:
        if isinstance(change, Template):
            templates.keep(change, now())
            log.info("learned_template", source=change.source, version=change.version, body=change.body)
        else:
            templates.retire(change.source, change.version, change.reason, now())
            log.warning("template_drifted", source=change.source, version=change.version, reason=change.reason)

    return learned


def _configured(settings: config.Config, found: seeds.Seeds) -> tuple[Recipient, ...]:
    for subscriber in settings.subscribers:
        if subscriber.digest not in found.digests:
            raise ConfigError(
                f"subscribers: no digest {subscriber.digest!r} in the seeds for {subscriber.address}; "
                f"known: {', '.join(found.digests)}"
            )
    return tuple(
        Recipient(recipe=s.digest, channel=s.channel, address=s.address)
        for s in settings.subscribers
    )


def open_channels(settings: config.Config) -> dict[str, Channel]:
    """The ways out that are configured; Maildir always is."""
    channels: dict[str, Channel] = {"maildir": maildir.Maildir()}
    if settings.smtp.host:
        channels["smtp"] = smtp.Smtp(
            host=settings.smtp.host,
            port=settings.smtp.port,
            security=settings.smtp.security,
            username=settings.smtp.username,
            password=settings.smtp.password,
            sender=settings.smtp.sender,
        )
    return channels


def seeds_folder(chosen: Path | None) -> Path:
    """The folder of seeds: the chosen one, those in the wheel, or the checkout's."""
    if chosen is not None:
        if not chosen.is_dir():
            raise ConfigError(f"{chosen}: no such seeds folder")
        return chosen
    packaged = Path(str(resources.files("crawler"))) / "_data" / "seeds"
    checkout = Path(str(resources.files("crawler"))).parent / "seeds"
    return packaged if packaged.is_dir() else checkout


def seed_files(folder: Path) -> dict[str, str]:
    """Every seed file's text by its path relative to the folder. SeedError where one isn't UTF-8."""
    files = {}
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SeedError(f"{name}:1: not UTF-8 at byte {error.start}") from error
    return files


def load_seeds(chosen: Path | None) -> seeds.Seeds:
    """The seeds of a folder, strictly; SeedError lists every problem."""
    return seeds.load(seed_files(seeds_folder(chosen)), kinds=spiders.kinds())


def failpoints(armed: str | None) -> Reached:
    """What is called at each failpoint: nothing, or death at the armed one."""
    if armed is None:
        return lambda name: None
    if armed not in FAILPOINTS:
        raise ConfigError(f"{CRASH_AT}={armed!r} names no failpoint; known: {', '.join(FAILPOINTS)}")

    def reached(name: str) -> None:
        if name == armed:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def crawl_settings(settings: config.Config, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Our configuration as Scrapy settings, on top of ``crawler.settings``."""
    from crawler import hostpolicy

    contact = settings.crawl.contact or "no contact configured"
    slots = {
        host: {"delay": source.delay_seconds}
        for source in sources.values()
        if source.delay_seconds is not None
        for host in _hosts(source)
    }
    return {
        "USER_AGENT": f"rasd/{__version__} (press watch; {contact})",
        "DOWNLOAD_DELAY": settings.crawl.delay_seconds,
        "DOWNLOAD_SLOTS": slots,
        "DOWNLOAD_TIMEOUT": settings.crawl.timeout_seconds,
        "CONCURRENT_REQUESTS": settings.crawl.concurrent_requests,
        "RASD_BUDGET": {
            "requests": settings.crawl.budget_requests,
            "bytes": settings.crawl.budget_bytes,
            "seconds": settings.crawl.budget_seconds,
        },
        "RASD_BROWSER": settings.crawl.browser,
        "RASD_NETWORK_ALLOW": list(settings.network.allow),
        "RASD_NETWORK_HOSTS": dict(settings.network.hosts),
        "RASD_NETWORK_PORTS": sorted(hostpolicy.ports(sources.values())),
    }


def _hosts(source: Source) -> Iterator[str]:
    from urllib.parse import urlsplit

    for url in (source.home, *(feed.url for feed in source.feeds)):
        if host := urlsplit(url).hostname:
            yield host


class Attach:
    """The Scrapy extension through which a crawl finds the app.

    The engine sets ``crawler.rasd`` itself; under ``scrapy crawl`` this opens an app from
    ``RASD_CONFIG`` and the environment, holds the archive's lock, and closes it with the spider.
    It refuses to crawl unguarded: without the resolver guard nothing is fetched.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from scrapy import signals
        from twisted.internet import reactor

        from crawler import netguard

        attached = cls()
        if not hasattr(crawler, "rasd"):
            attached._open(crawler)
            crawler.signals.connect(attached.spider_closed, signal=signals.spider_closed)
        netguard.check_settings(crawler.settings)
        netguard.install(netguard.policy_of(crawler.settings), reactor)
        if not netguard.is_installed(reactor):
            raise GuardError("another resolver is in place")
        return attached

    def _open(self, crawler: Crawler) -> None:
        path = os.environ.get("RASD_CONFIG")
        settings = config.load(Path(path) if path else None)
        self._context = open_app(settings, locked=True)
        app = self._context.__enter__()
        app.reader.start()
        crawler.rasd = app  # type: ignore[attr-defined]
        for name, value in crawl_settings(settings, app.sources).items():
            crawler.settings.set(name, value, priority="cmdline")

    def spider_closed(self, spider: Spider) -> None:
        """Close what ``_open`` opened; what is still to be written is written."""
        self._context.__exit__(None, None, None)
