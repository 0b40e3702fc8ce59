"""The composition root: the one place where concrete things are chosen and handed out.

``open_app`` opens what every verb needs; ``App.reader.start()`` adds the worker processes for those
that read pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import logs  # isort: skip  # noqa: F401  first: how it imports structlog
import structlog

from crawler import seeds
from crawler.app import loaded_seeds
from crawler.app.learning import keep_learned
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.app.searching import open_search as open_search  # part of this door
from crawler.config import Config
from crawler.errors import StorageError
from crawler.failpoints import CRASH_AT, failpoints
from crawler.matching.topics import Concept, Topic
from crawler.model import SINK, Finding, Source, Template
from crawler.monitoring import canary, liveness, mail
from crawler.monitoring.outage import ArchiveWatch
from crawler.monitoring.spells import Spells
from crawler.ports import Clock, Failpoint
from crawler.seeds.folder import find_seeds_folder
from crawler.writer import Writer
from storage import article_scan, lock, seed_sets
from storage.archive import SqlArchive, open_archive
from storage.backups.history import SqlBackups
from storage.canaries import SqlCanaries
from storage.clock_repair import SqlClockRepair
from storage.concept_index import SqlConceptIndex
from storage.coverage import SqlCoverage
from storage.daemon_runs import SqlDaemonRuns
from storage.hosts import SqlHosts
from storage.mail_hold import SqlMailHold
from storage.matches import SqlMatches
from storage.opening import ArchiveUse, choose_archive, hold_archive
from storage.place import SqlPlace
from storage.poll_requests import SqlPollRequests
from storage.probes import SqlProbes
from storage.recipients import SqlRecipients
from storage.rematches import SqlRematches
from storage.reprocessing import SqlReprocessing
from storage.search import SqlSearch
from storage.stories.filling import SqlStoryFilling
from storage.stories.reading import SqlStories
from storage.summary import SqlSummary
from storage.templates import SqlTemplates
from storage.verdicts import SqlVerdicts
from storage.watchlist import SqlWatchList

if TYPE_CHECKING:
    from crawler.channels.memory import MemoryChannel
    from crawler.extraction.templates import RetiredTemplate, TemplateLearner
    from crawler.monitoring.check import HealthCheck
    from crawler.outbox import Outbox, Recipient
    from crawler.workers.pool import ReaderPool

log = structlog.get_logger("rasd")


def now() -> datetime:
    """The only clock."""
    return datetime.now(UTC)


def seeds_folder(chosen: Path | None) -> Path:
    """Where this installation's seeds are; programs that drive ``rasd`` may rely on this name.

    Raises ConfigError.
    """
    return find_seeds_folder(chosen)


@dataclass(kw_only=True)
class App:
    """Everything chosen and open; the components of a crawl see it as ``ports.CrawlServices``.

    What takes long to import or to build is made when it is first used: a search waits for no
    digest. A process that stays calls ``complete``: its code may be replaced on disk meanwhile.
    """

    config: Config
    seeds: seeds.Seeds
    loaded: LoadedSeeds
    seed_sets: seed_sets.SqlSeedSets
    rematches: SqlRematches
    stories: SqlStories
    story_filling: SqlStoryFilling
    concept_index: SqlConceptIndex
    poll_requests: SqlPollRequests
    archive: SqlArchive
    coverage: SqlCoverage
    canaries: SqlCanaries
    probes: SqlProbes
    recipients: SqlRecipients
    hosts: SqlHosts
    reprocessing: SqlReprocessing
    writer: Writer
    matches: SqlMatches
    verdicts: SqlVerdicts
    watch_list: SqlWatchList
    backups: SqlBackups
    mail_hold: SqlMailHold
    daemon_runs: SqlDaemonRuns
    summary: SqlSummary
    open_scan: Callable[[], article_scan.SqlScan]
    templates: SqlTemplates
    clock: Clock
    reached: Failpoint
    place: SqlPlace
    clock_repair: SqlClockRepair
    watch: ArchiveWatch
    spells: Spells
    not_before: Callable[[], Mapping[str, datetime]] = dict  # hosts that asked for patience
    stopping: bool = False

    def complete(self) -> None:
        """Make at once what is made when it is first used."""
        for name in [n for n, one in vars(App).items() if isinstance(one, cached_property)]:
            getattr(self, name)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources of the seeds and the canary's, by slug."""
        return {**self.seeds.sources, **canary.its_seeds().sources}

    @cached_property
    def search(self) -> SqlSearch:
        """The archive's search with the seeds' concepts."""
        return open_search(
            self.archive, self.seeds, self.seeds.concepts, self.loaded.digest, self.loaded.files
        )

    @cached_property
    def sink(self) -> MemoryChannel:
        """The channel of the canary's mail, which leaves no process."""
        from crawler.channels.memory import MemoryChannel

        return MemoryChannel()

    @cached_property
    def health_check(self) -> HealthCheck:
        """What finds what is wrong with sources."""
        from crawler.monitoring.check import HealthCheck
        from storage.source_history import SqlSourceHistory

        return HealthCheck(
            coverage=self.coverage,
            history=SqlSourceHistory(self.archive.engine),
            drifts=self.templates.drifts if self.config.reading.templates else dict,
        )

    @cached_property
    def outbox(self) -> Outbox:
        """Digests and their delivery, by the channels that are configured."""
        from crawler import channels
        from crawler.app import recipients
        from crawler.channels.smtp import sender_of
        from crawler.outbox import Outbox

        sender = sender_of(self.config)
        return Outbox(
            archive=self.archive,
            watch_list=self.watch_list,
            search=self.search,
            seeds=self.seeds,
            channels=channels.open_channels(self.config) | {SINK: self.sink},
            clock=now,
            writer=self.writer,
            configured=recipients.configured(self.config, self.seeds),
            findings=partial(_open_findings, self.coverage, self.archive),
            sender_domain=sender.domain if sender is not None else "rasd.invalid",
            spells=self.spells,
        )

    @cached_property
    def reader(self) -> ReaderPool:
        """The worker processes, not yet started."""
        from crawler.extraction.templates import TemplateLearner

        known = self.templates
        learner = TemplateLearner(known.in_use(), known.versions().items())
        learned = keep_learned(known, self.writer, now)
        return open_reader(self.config, self.seeds, template_learner=learner, learned=learned)

    @property
    def archive_is_out(self) -> bool:
        """Whether the archive can't be used just now."""
        return self.watch.outage is not None or self.watch.lost is not None

    def trouble(self) -> str:
        """What the daemon at work says is wrong with the archive, since when; "" if nothing is."""
        return lock.trouble_of(self.config.archive)

    def liveness(self) -> liveness.Liveness:
        """Whether a daemon is at work on the archive, since when, and how the last one ended."""
        holder = lock.holder_of(self.config.archive)
        return liveness.judge(self.daemon_runs.latest(), holder, self.clock(), self.trouble())

    def alarm_recipients(self) -> list[Recipient]:
        """The recipients of a mail about the archive, when it can't be used."""
        from crawler.app import recipients

        return recipients.of_alarms(self.config) or self.outbox.recipients()

    def search_over(self, concepts: Mapping[str, Concept]) -> SqlSearch:
        """The archive's search with these concepts in the place of the seeds'."""
        return open_search(self.archive, self.seeds, concepts, files=self.loaded.files)

    def use(self, loaded: LoadedSeeds) -> None:
        """Watch, judge and mail by these seeds from now on.

        Raises ConfigError, and goes on as before, if a configured subscriber's digest isn't among
        them.
        """
        from crawler.app import recipients

        found = loaded.found
        configured = recipients.configured(self.config, found)
        search = open_search(self.archive, found, found.concepts, loaded.digest, loaded.files)
        self.seeds, self.loaded, self.search = found, loaded, search
        self.sources = {**found.sources, **canary.its_seeds().sources}
        self.outbox = replace(self.outbox, search=search, seeds=found, configured=configured)
        self.reader.use(_judged_topics(found), found.concepts)

    def close(self) -> None:
        """End the workers, write what waits, close the archive."""
        if "reader" in vars(self):
            self.reader.stop()
        self.writer.close()
        self.archive.close()


@contextmanager
def open_app(
    settings: Config,
    *,
    locked: bool = False,
    last_good: bool = False,
    sources: bool = False,
    seedless: bool = False,
    archive: ArchiveUse = "made",
) -> Iterator[App]:
    """The app, closed at the end. ``locked``: as the only one at work on the archive (LockHeld).
    ``last_good``: if the seeds have mistakes, with those that the archive keeps as the last without
    any; else SeedError, as without any source if ``sources`` are needed. ``seedless``: then with no
    seeds, and no subscribers of their digests. ``archive``: what is done if there is none."""
    if locked:
        from crawler.app import recipients  # here: a verb that only reads sends nothing

        recipients.require_sender(settings)
    with choose_archive(settings.archive, archive) as url:
        found = loaded_seeds.load(settings, sources=sources, last_good=last_good, or_none=seedless)
        if seedless and found.broken and found.kept_at is None:
            settings = settings.model_copy(update={"subscribers": ()})
        with hold_archive(url, locked=locked) as held:
            chosen = settings.model_copy(update={"archive": url})
            app = _assemble(chosen, found, failpoints(os.environ.get(CRASH_AT)), held)
            try:
                if locked:
                    app.complete()
                yield app
            finally:
                app.close()


def _assemble(
    settings: Config, loaded: LoadedSeeds, reached: Failpoint, held: lock.Lock | None
) -> App:
    if settings.subscribers:
        from crawler.app import recipients

        recipients.configured(settings, loaded.found)
    archive, place, watch = _watched(settings, reached, held)
    writer = Writer(archive.together, before=watch.require)
    hosts = SqlHosts(archive.engine, write=writer.later)
    return App(
        config=settings,
        seeds=loaded.found,
        loaded=loaded,
        spells=Spells(),
        seed_sets=seed_sets.SqlSeedSets(archive.engine),
        rematches=SqlRematches(archive.engine),
        stories=SqlStories(archive.engine),
        story_filling=SqlStoryFilling(archive.engine),
        concept_index=SqlConceptIndex(archive.engine),
        poll_requests=SqlPollRequests(archive.engine),
        archive=archive,
        place=place,
        clock_repair=SqlClockRepair(archive.engine),
        watch=watch,
        coverage=SqlCoverage(archive.engine),
        canaries=SqlCanaries(archive.engine),
        probes=SqlProbes(archive.engine),
        recipients=SqlRecipients(archive.engine),
        hosts=hosts,
        not_before=hosts.holds,
        reprocessing=SqlReprocessing(archive.engine, reached),
        templates=SqlTemplates(archive.engine),
        writer=writer,
        matches=SqlMatches(archive.engine),
        verdicts=SqlVerdicts(archive.engine),
        watch_list=SqlWatchList(archive.engine),
        backups=SqlBackups(archive.engine),
        mail_hold=SqlMailHold(archive.engine),
        daemon_runs=SqlDaemonRuns(archive.engine),
        summary=SqlSummary(archive.engine, without=canary.SLUG),
        open_scan=partial(article_scan.open_scan, settings.archive),
        clock=now,
        reached=reached,
    )


def _watched(
    settings: Config, reached: Failpoint, held: lock.Lock | None
) -> tuple[SqlArchive, SqlPlace, ArchiveWatch]:
    """The archive, its place, and the watch to which its troubles are reported."""
    watches: list[ArchiveWatch] = []

    def report(error: StorageError) -> None:
        if held is not None:  # a verb that only reads says it by itself
            watches[0].report(error)

    archive = open_archive(settings.archive, reached=reached, on_trouble=report)
    place = SqlPlace(archive.engine, held)
    watches.append(ArchiveWatch(place, now))
    return archive, place, watches[0]


def open_reader(
    settings: Config,
    found: seeds.Seeds,
    *,
    to_keep: bool = True,
    timeout_seconds: float | None = None,
    template_learner: TemplateLearner | None = None,
    learned: Callable[[Template | RetiredTemplate], None] = lambda change: None,
) -> ReaderPool:
    """The worker processes, not yet started; they need no archive. ``to_keep``: what they read is
    kept, so they look for all concepts. ``template_learner``: the templates known, from which
    learning goes on, unless the configuration says no."""
    from crawler.workers.pool import ReaderPool

    return ReaderPool(
        _judged_topics(found),
        concepts=found.concepts if to_keep else {},
        workers=settings.reading.workers,
        timeout_seconds=timeout_seconds or settings.reading.timeout_seconds,
        memory_mb=settings.reading.memory_mb,
        template_learner=template_learner if settings.reading.templates else None,
        learned=learned,
    )


def _judged_topics(found: seeds.Seeds) -> tuple[Topic, ...]:
    return (*found.topics.values(), *canary.its_seeds().topics.values())


def _open_findings(books: SqlCoverage, archive: SqlArchive) -> list[Finding]:
    """What the last check found, and what is wrong with the mail now: a digest that is sent by hand
    may be the first to say it."""
    return mail.as_of_now(books.findings(), archive.mails(mail.OPEN_STATES), now())
