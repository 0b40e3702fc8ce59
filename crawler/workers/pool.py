"""The pool of killable workers: hostile bytes can cost a worker, never the parent process.

Each worker is a spawned process. A task that takes too much CPU time or memory has its worker
killed and replaced; a thread cannot be killed and the reactor must not wait, so neither ever parses
what a site sent (M13–M15). The limit is CPU time, which the kernel keeps: a page is not given up
because the machine is busy. Wall time is the backstop for a worker that waits without computing.
What ran out of time is tried once more, by itself: after all that waits, in a worker with no other
task.

::

    ask ─► waiting ─► the worker with the fewest queued tasks ─► answer
              └◄── what a dead worker had queued behind the task it died of

A worker holds its next tasks before it has answered the last, so that it never waits for the
parent.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from crawler.extraction.templates import RetiredTemplate, TemplateLearner
from crawler.matching.topics import Concept, Topic
from crawler.model import (
    ArchivedArticle,
    Article,
    Extraction,
    FeedWindow,
    FoundConcepts,
    Page,
    PreparedArticle,
    Reading,
    Rejection,
    Rejudgement,
    Source,
    Template,
)
from crawler.workers import pipe, process, shared_memory
from crawler.workers.worker import TASKS_PER_WORKER, Failure, Task, Worker


class ReaderPool:
    """Reads pages and feeds in worker processes; the ``Reader`` of a crawl.

    Topics and concepts are sent to each worker once, at its start and when others are used; a
    source and its template once per version. What pages teach about templates comes back with their
    readings; ``learned`` is called with each change. Use it on one event loop at a time, in its
    thread.
    ``timeout_seconds`` is the CPU time of a task, ``memory_mb`` what a task may take on top of the
    imports.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        *,
        concepts: Mapping[str, Concept] | None = None,
        workers: int = 2,
        timeout_seconds: float = 10.0,
        memory_mb: int = 512,
        functions: process.Functions | None = None,
        template_learner: TemplateLearner | None = None,
        learned: Callable[[Template | RetiredTemplate], None] = lambda change: None,
    ) -> None:
        self._topics, self._concepts = tuple(topics), dict(concepts or {})
        self._template_learner, self._learned = template_learner, learned
        self._functions = functions or reading_functions
        self._timeout, self._memory_mb = timeout_seconds, memory_mb
        self._count = workers
        self._workers: list[Worker] = []
        self._waiting: deque[Task] = deque()
        self._loop: AbstractEventLoop | None = None
        self._stopped = False

    def start(self) -> None:
        """Start the workers; they import in the background. Does nothing if they are started."""
        if self._workers or self._stopped:
            return
        topics = self._judged_by()
        for _ in range(self._count):
            worker = Worker(
                (self._functions, self._timeout, self._memory_mb),
                topics,
                self._waiting,
                self._dispatch,
            )
            worker.start()
            self._workers.append(worker)

    def stop(self) -> None:
        """Kill the workers at once; calls that are not answered return ``stopped``."""
        self._stopped = True
        for worker in self._workers:
            self._waiting += worker.kill()
        while self._waiting:
            self._waiting.popleft().answer("stopped")

    async def window(
        self, body: bytes, url: str, content_type: str, kind: str = "feed", *options: object
    ) -> FeedWindow | Extraction:
        """Return the parsed window of a feed of this kind, or why parsing failed."""
        answer = await self.ask(kind, body, url, content_type, *options)
        if isinstance(answer, FeedWindow):
            return answer
        return "timeout" if answer == "timeout" else "crashed"

    async def read(self, page: Page, source: Source) -> PreparedArticle | Rejection | None:
        """The page's article, ready for the archive, or why it is none; None if the pool was
        stopped.

        If the page broke its worker, the article is made of the feed's entry, and its
        ``extraction`` says how the worker ended: ``timeout`` or ``crashed``.
        """
        template = (
            self._template_learner.current(source.slug)
            if self._template_learner is not None
            else None
        )
        answer = await self.ask("read", page, source, template)
        if isinstance(answer, PreparedArticle):
            self._learn(source, template, answer.reading)
        if isinstance(answer, PreparedArticle | Rejection):
            return answer
        if answer == "stopped":
            return None
        from crawler import reading  # with its libraries: no verb needs them that reads no page

        how: Extraction = "timeout" if answer == "timeout" else "crashed"
        found = reading.prepare(page, reading.unreadable(page, source, self._topics, how))
        concepts = await self.concepts([(0, found.reading.article, source.country)])
        return replace(found, concepts=concepts.get(0)) if isinstance(concepts, dict) else found

    def _learn(self, source: Source, template: Template | None, found: Reading) -> None:
        if self._template_learner is None:
            return
        change = self._template_learner.observe(
            source.slug, read_by=template, sample=found.sample, doubt=found.doubt
        )
        if change is not None:
            self._learned(change)

    def use(self, topics: Sequence[Topic], concepts: Mapping[str, Concept]) -> None:
        """Judge by these topics, and look for these concepts, from now on: each worker is sent them
        once, before its next task."""
        self._topics, self._concepts = tuple(topics), dict(concepts)
        frames = self._judged_by()
        for worker in self._workers:
            worker.use(frames)

    def _judged_by(self) -> list[shared_memory.Frame]:
        """The topics and concepts, as they are sent to a worker."""
        topics = pipe.frames("topics", self._topics)
        return [*topics, *pipe.frames("lexicon", (self._concepts,))] if self._concepts else topics

    async def concepts(
        self, articles: Sequence[tuple[int, Article, str]], names: Collection[str] | None = None
    ) -> dict[int, FoundConcepts] | Failure:
        """The concepts in use (only those of these names, if any are given) in each (id, article,
        country of its source), by id; or how that failed: ``stopped`` if none are in use."""
        if not self._concepts:
            return "stopped"
        chosen = None if names is None else frozenset(names)
        answer = await self.ask("concepts", tuple(articles), chosen)
        if isinstance(answer, dict):
            return answer
        return "timeout" if answer == "timeout" else "stopped" if answer == "stopped" else "crashed"

    async def rejudge(
        self,
        articles: Sequence[ArchivedArticle],
        topics: Collection[str],
        countries: Mapping[str, str],
    ) -> list[Rejudgement] | Failure:
        """What these topics (slugs; only those in use count) make of stored articles, where it
        differs from what is stored; or how that failed. ``countries`` are those of the sources."""
        of = {kept.article.source for kept in articles}
        named = {source: countries[source] for source in of if source in countries}
        answer = await self.ask("rejudge", tuple(articles), named, frozenset(topics))
        if isinstance(answer, list):
            return answer
        return "timeout" if answer == "timeout" else "stopped" if answer == "stopped" else "crashed"

    async def ask(self, name: str, *arguments: object) -> object | Failure:
        """Return the answer of a worker's function, or how the call failed."""
        if self._stopped or not self._workers:
            return "stopped"
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            for worker in self._workers:
                worker.attach(loop)
        task = Task(name, arguments, loop.create_future())
        self._waiting.append(task)
        self._dispatch()
        return await task.future

    def _dispatch(self) -> None:
        """Give waiting tasks to the workers with the fewest tasks, late ones to idle workers."""
        while self._waiting and not self._stopped:
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            most = 1 if self._waiting[0].late else TASKS_PER_WORKER
            if len(worker.tasks) >= most:
                return
            task = self._waiting.popleft()
            if not task.future.done():  # cancelled tasks need no answer
                worker.take(task)

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [pid for worker in self._workers if (pid := worker.pid) is not None]


def reading_functions() -> dict[str, Callable[..., object]]:
    """A worker's functions by name, feeds by their kind; the imports happen in the worker."""
    import tldextract  # noqa: F401  else the first page's time would be that of its import

    from crawler import feeds, reading
    from crawler.matching import rejudge
    from crawler.matching.concepts import compiled_lexicon

    return {
        "read": reading.read_for_archive,
        "lexicon": compiled_lexicon,
        "concepts": reading.find_concepts_of_many,
        "rejudge": rejudge.rejudge_articles,
        **feeds.load_parsers(),
    }
