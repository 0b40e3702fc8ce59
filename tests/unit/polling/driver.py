"""Drives a poll's plans without Scrapy: the test says what each step finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from crawler import urls
from crawler.model import Feed, FeedEntry, FeedState, FeedWindow, Gap, ShownEntry, Sighting, Source
from crawler.polling import steps
from crawler.polling.ledger import PollRules
from crawler.polling.poll import PollInProgress
from crawler.polling.steps import FeedAnswer, PageAnswer, Plan, Step
from tests.builders import NOW, a_source

FEED = "http://news.test/feed"


def a_poll(
    *, rules: PollRules | None = None, source: Source | None = None, **more: Any
) -> PollInProgress:
    """A poll whose first request is out."""
    own = source or a_source()
    state = more.pop("state", FeedState(source=own.slug, feed=FEED))
    feed = more.pop("feed", Feed(url=FEED))
    poll = PollInProgress(
        source=own, feed=feed, state=state, started_at=NOW, rules=rules or PollRules(), **more
    )
    poll.requested(feed.url)
    return poll


def a_window(*paths: str, **more: Any) -> FeedWindow:
    """A feed that shows these paths."""
    entries = tuple(FeedEntry(url=urls_of(path)) for path in paths)
    return FeedWindow(kind="rss20", entries=entries, **more)


def urls_of(path: str) -> str:
    """The address of a path; whole addresses stay."""
    return path if "//" in path else f"http://news.test{path}"


def an_answer(status: int = 200, **more: Any) -> FeedAnswer:
    """An answer to a request for a URL of the feed."""
    return FeedAnswer(received_at=NOW, status=status, **more)


def a_page_answer(status: int = 200, **more: Any) -> PageAnswer:
    """An answer to a request for a page."""
    return PageAnswer(received_at=NOW, status=status, **more)


def a_sighting(number: int, path: str = "/old", **more: Any) -> Sighting:
    """A sighting of an earlier poll."""
    url = urls_of(path)
    return Sighting(
        id=number,
        source="news",
        feed=FEED,
        url=url,
        url_key=urls.key(url),
        entry=FeedEntry(url=url),
        first_seen_at=NOW,
        **more,
    )


def a_gap(**more: Any) -> Gap:
    """An open gap of another feed of the source, an hour long."""
    plain = {
        "id": 7, "source": "news", "feed": "http://news.test/other", "reason": "overlap",
        "from_at": NOW - timedelta(hours=2), "to_at": NOW - timedelta(hours=1), "opened_at": NOW,
    }  # fmt: skip
    return Gap(**(plain | more))


@dataclass
class World:
    """What the steps of a plan find."""

    window: FeedWindow | str = field(default_factory=lambda: a_window("/known"))
    known: set[str] = field(default_factory=lambda: {"/known"})  # paths
    pending: Sequence[Sighting] = ()
    block_page: str | None = None
    shown: Sequence[ShownEntry] = ()  # what is remembered of known addresses
    reaches_back: bool = True
    page_is_stored: bool = True
    writes: bool = True
    tail: Sequence[tuple[str, FeedEntry]] = ()
    ids: int = 100
    moved: bool = False  # the feed showed the guids before, at other addresses

    def run(self, plan: Plan) -> list[Step]:
        """Carry out a plan; its steps."""
        done: list[Step] = []
        step = steps.advance(plan)
        while step is not None:
            done.append(step)
            step = steps.advance(plan, self._result(step))
        return done

    def _result(self, step: Step) -> object:
        match step:
            case steps.ReadWindow():
                return self.window
            case steps.RecordEntries(entries=entries):
                return [self._new(key, entry) for key, entry in entries if self._is_new(entry)]
            case steps.FindShown():
                return list(self.shown)
            case steps.RecordAgain(entries=entries):
                return [
                    replace(self._new(f"{one.url_key}#0", entry), again_of=one.sighting_id)
                    for one, entry in entries
                ]
            case steps.FindPending():
                return list(self.pending)
            case steps.FindReach():
                return self.reaches_back
            case steps.IdentifyBlockPage():
                return self.block_page
            case steps.ReadStored():
                return self.page_is_stored
            case steps.SetOutcome():
                return self.writes
            case steps.UnpackTail():
                return self.tail
        return None

    def _is_new(self, entry: FeedEntry) -> bool:
        return entry.url not in {urls_of(path) for path in self.known}

    def _new(self, key: str, entry: FeedEntry) -> Sighting:
        self.ids += 1
        return Sighting(
            id=self.ids,
            source="news",
            feed=FEED,
            url=entry.url,
            url_key=key,
            entry=entry,
            first_seen_at=NOW,
            moved_from=1 if self.moved else None,
        )


def of_type(kind: type[Any], done: Sequence[Step]) -> list[Any]:
    """The steps of one type."""
    return [step for step in done if isinstance(step, kind)]


def fetched(done: Sequence[Step]) -> list[str]:
    """The paths of the pages that a plan requests."""
    return [s.sighting.url.removeprefix("http://news.test") for s in of_type(steps.FetchPage, done)]


def settle_all(poll: PollInProgress) -> None:
    """Every page that is open is kept."""
    for sighting in list(poll.out.values()):
        poll.settled(sighting, "kept")
