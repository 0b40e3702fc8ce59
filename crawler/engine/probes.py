"""Trying feeds and looking for them: what is asked in which order; ``probing`` and ``discovery`` judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from crawler import urls
from crawler.discovery import candidates
from crawler.discovery.candidates import Candidate, Tried
from crawler.discovery.homepage import Homepage
from crawler.discovery.probe import judge_probe
from crawler.engine.requester import ProbeRequest, Requester, probe_request
from crawler.model import Extraction, Feed, FeedWindow, Probe, ProbeResponse, Source
from crawler.ports import Clock
from crawler.seeds.scaffold import SourceDraft

AT_ONCE = 32  # feeds whose answers are in memory together; a sitemap's may have 50 MB


async def probe(
    asker: Requester, feeds: Sequence[tuple[Source, Feed]], clock: Clock
) -> AsyncIterator[Probe]:
    """One try of each feed, in their order; of an index of sitemaps its first file, too."""
    for start in range(0, len(feeds), AT_ONCE):
        for probe in await _probe(asker, feeds[start : start + AT_ONCE], clock()):
            yield probe


async def _probe(
    asker: Requester, feeds: Sequence[tuple[Source, Feed]], now: datetime
) -> list[Probe]:
    answers = await asker.ask([probe_request(source, feed) for source, feed in feeds])
    windows = [await _window(asker, a, feed) for a, (_, feed) in zip(answers, feeds, strict=True)]
    await _first_files(asker, feeds, windows)
    probes = []
    for (source, feed), answer, window in zip(feeds, answers, windows, strict=True):
        front, kinds = None, list[str]()
        if isinstance(window, FeedWindow) and not window.kind:
            front, kinds = await asker.front(answer), await asker.kinds(answer, feed)
        probes.append(judge_probe(source, feed, answer, window, now, front=front, kinds=kinds))
    return probes


async def _window(
    asker: Requester, answer: ProbeResponse, feed: Feed
) -> FeedWindow | Extraction | None:
    return await asker.read(answer, feed) if answer.status == 200 else None


async def _first_files(
    asker: Requester,
    feeds: Sequence[tuple[Source, Feed]],
    windows: list[FeedWindow | Extraction | None],
) -> None:
    """An index says nothing of dates: put in its place what its first file shows, if that is one."""
    indexes: list[tuple[int, ProbeRequest, Feed]] = []
    for n, ((source, feed), window) in enumerate(zip(feeds, windows, strict=True)):
        if isinstance(window, FeedWindow) and window.more and not window.entries:
            asked = probe_request(source, Feed(url=window.more[0], kind=feed.kind))
            indexes.append((n, asked, feed))
    answers = await asker.ask([asked for _, asked, _ in indexes]) if indexes else []
    for (n, _, feed), answer in zip(indexes, answers, strict=True):
        inner = await _window(asker, answer, feed)
        if isinstance(inner, FeedWindow) and inner.entries:
            windows[n] = inner


async def discover(
    asker: Requester, home: str, zones: Mapping[str, Sequence[str]], now: datetime
) -> tuple[SourceDraft | None, list[Tried], ProbeResponse]:
    """(the draft or None, all that was tried, what became of asking the home page)."""
    sites = frozenset({urls.registrable(home)})
    first, robots = await asker.ask(
        [ProbeRequest(url=url, sites=sites) for url in (home, urljoin(home, "/robots.txt"))]
    )
    front = await asker.front(first) if first.status == 200 else Homepage()
    rules = robots.body.decode("utf-8", "replace") if robots.status == 200 else ""
    asked = candidates.candidates(first.url if first.status else home, front, first.link, rules)
    answers = await asker.ask([_about(candidate, sites) for candidate in asked])
    tried = []
    for candidate, answer in zip(asked, answers, strict=True):
        window = await _window(asker, answer, Feed(url=candidate.url, kind=candidate.kind))
        read = window if isinstance(window, FeedWindow) and window.kind else None
        tried.append(Tried(candidate=candidate, answer=answer, window=read))
    return (
        candidates.draft(first.url if first.status else home, front, tried, zones, now),
        tried,
        first,
    )


def _about(candidate: Candidate, sites: frozenset[str]) -> ProbeRequest:
    # A feed may be hosted elsewhere: the home page says so, and the guard looks at the address.
    return ProbeRequest(
        url=candidate.url,
        sites=sites | {urls.registrable(candidate.url)},
        large=candidate.kind == "sitemap",
    )
