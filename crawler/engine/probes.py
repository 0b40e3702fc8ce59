"""Try feeds, and discover those of a site: the order of requests. ``discovery`` assesses the
responses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from crawler import spiders, urls
from crawler.discovery import candidates
from crawler.discovery.candidates import Candidate, TriedCandidate
from crawler.discovery.homepage import Homepage
from crawler.discovery.probe import build_probe
from crawler.engine.requester import ProbeRequest, Requester, make_probe_request
from crawler.model import Extraction, Feed, FeedWindow, Probe, ProbeResponse, Source
from crawler.ports import Clock
from crawler.seeds.scaffold import SourceDraft

# feeds whose responses are in memory together; a sitemap's may have 50 MB
MAX_RESPONSES_IN_MEMORY = 32


async def probe_feeds(
    requester: Requester, feeds: Sequence[tuple[Source, Feed]], clock: Clock
) -> AsyncIterator[Probe]:
    """Yield the probe of each feed, in order; of an index of sitemaps its first file is tried
    too.
    """
    for start in range(0, len(feeds), MAX_RESPONSES_IN_MEMORY):
        for probe in await _probe_batch(
            requester, feeds[start : start + MAX_RESPONSES_IN_MEMORY], clock()
        ):
            yield probe


async def _probe_batch(
    requester: Requester, feeds: Sequence[tuple[Source, Feed]], now: datetime
) -> list[Probe]:
    responses = await requester.fetch([make_probe_request(source, feed) for source, feed in feeds])
    windows = [
        await _read_window(requester, a, feed)
        for a, (_, feed) in zip(responses, feeds, strict=True)
    ]
    await _read_first_files(requester, feeds, windows)
    probes = []
    for (source, feed), response, window in zip(feeds, responses, windows, strict=True):
        front, kinds = None, list[str]()
        if isinstance(window, FeedWindow) and not window.kind:
            front, kinds = (
                await requester.read_homepage(response),
                await requester.recognise(response, feed),
            )
        probes.append(build_probe(source, feed, response, window, now, front=front, kinds=kinds))
    return probes


async def _read_window(
    requester: Requester, response: ProbeResponse, feed: Feed
) -> FeedWindow | Extraction | None:
    return await requester.read_feed(response, feed) if response.status == 200 else None


async def _read_first_files(
    requester: Requester,
    feeds: Sequence[tuple[Source, Feed]],
    windows: list[FeedWindow | Extraction | None],
) -> None:
    """Replace the window of each index by that of its first file, which has dates."""
    indexes: list[tuple[int, ProbeRequest, Feed]] = []
    for n, ((source, feed), window) in enumerate(zip(feeds, windows, strict=True)):
        if isinstance(window, FeedWindow) and window.more and not window.entries:
            asked = make_probe_request(source, Feed(url=window.more[0], kind=feed.kind))
            indexes.append((n, asked, feed))
    responses = await requester.fetch([asked for _, asked, _ in indexes]) if indexes else []
    for (n, _, feed), response in zip(indexes, responses, strict=True):
        inner = await _read_window(requester, response, feed)
        if isinstance(inner, FeedWindow) and inner.entries:
            windows[n] = inner


async def discover(
    requester: Requester, home: str, zones: Mapping[str, Sequence[str]], now: datetime
) -> tuple[SourceDraft | None, list[TriedCandidate], ProbeResponse]:
    """Return (the draft or None, all candidates tried, the response of the home page)."""
    sites = frozenset({urls.registrable(home)})
    first, robots = await requester.fetch(
        [ProbeRequest(url=url, sites=sites) for url in (home, urljoin(home, "/robots.txt"))]
    )
    front = await requester.read_homepage(first) if first.status == 200 else Homepage()
    rules = robots.body.decode("utf-8", "replace") if robots.status == 200 else ""
    asked = candidates.find_candidates(
        first.url if first.status else home, front, first.link, rules
    )
    responses = await requester.fetch([_candidate_request(candidate, sites) for candidate in asked])
    tried = []
    for candidate, response in zip(asked, responses, strict=True):
        window = await _read_window(
            requester, response, Feed(url=candidate.url, kind=candidate.kind)
        )
        read = window if isinstance(window, FeedWindow) and window.kind else None
        tried.append(TriedCandidate(candidate=candidate, response=response, window=read))
    return (
        candidates.build_draft(first.url if first.status else home, front, tried, zones, now),
        tried,
        first,
    )


def _candidate_request(candidate: Candidate, sites: frozenset[str]) -> ProbeRequest:
    # A feed may be hosted elsewhere: the home page says so, and the guard looks at the address.
    return ProbeRequest(
        url=candidate.url,
        sites=sites | {urls.registrable(candidate.url)},
        max_bytes=spiders.load_spider(candidate.kind).max_bytes,
    )
