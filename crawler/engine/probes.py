"""Try feeds, and discover those of a site: the order of requests. ``discovery`` assesses the
responses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from crawler import feeds, spiders, urls
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
    """Return (the draft or None, all candidates tried, the response of the home page).

    ``home`` may be the address of a feed itself: then the site's root is the home page.
    """
    sites = frozenset({urls.registrable(home)})
    first, robots = await requester.fetch(
        [ProbeRequest(url=url, sites=sites) for url in (home, urljoin(home, "/robots.txt"))]
    )
    tried, root = await _recognise_given(requester, first), home
    if tried:
        root = urljoin(first.url, "/")
        (first,) = await requester.fetch([ProbeRequest(url=root, sites=sites)])
    front = await requester.read_homepage(first) if first.status == 200 else Homepage()
    rules = robots.body.decode("utf-8", "replace") if robots.status == 200 else ""
    root = first.url if first.status else root
    found = candidates.find_candidates(root, front, first.link, rules)
    tried += await _try(requester, [c for c in found if c.url not in _asked(tried)], sites)
    tried += await _try(requester, await _find_listed(requester, tried), sites)
    return candidates.build_draft(root, front, tried, zones, now), tried, first


async def _recognise_given(requester: Requester, given: ProbeResponse) -> list[TriedCandidate]:
    """The address that was given as a candidate, if a feed of some kind is there."""
    if given.status != 200:
        return []
    for kind in feeds.RECOGNISED:
        window = await requester.read_feed(given, Feed(url=given.url, kind=kind))
        if isinstance(window, FeedWindow) and (window.entries or window.more):
            candidate = Candidate(url=given.url, kind=kind, origin=candidates.GIVEN)
            return [TriedCandidate(candidate=candidate, response=given, window=window)]
    return []


async def _find_listed(requester: Requester, tried: Sequence[TriedCandidate]) -> list[Candidate]:
    """The feeds that are linked from the pages to which a link that says RSS led."""
    listed = []
    pages = (t for t in tried if t.candidate.origin == candidates.ANCHOR and t.window is None)
    for one in pages:
        if one.response.status == 200:
            front, origin = await requester.read_homepage(one.response), f"linked from {one.url}"
            links = (*front.feeds, *front.anchors)
            listed += [Candidate(url=url, kind="feed", origin=origin) for url in links]
    known = _asked(tried)
    room = max(candidates.MAX_CANDIDATES - len(tried), 0)
    return [c for c in candidates.first_of_each(listed) if c.url not in known][:room]


def _asked(tried: Sequence[TriedCandidate]) -> set[str]:
    return {url for one in tried for url in (one.candidate.url, one.url)}


async def _try(
    requester: Requester, asked: Sequence[Candidate], sites: frozenset[str]
) -> list[TriedCandidate]:
    """Request the candidates, and read what comes."""
    responses = await requester.fetch([_candidate_request(c, sites) for c in asked])
    tried = []
    for candidate, response in zip(asked, responses, strict=True):
        feed = Feed(url=candidate.url, kind=candidate.kind)
        window = await _read_window(requester, response, feed)
        read = window if isinstance(window, FeedWindow) and window.kind else None
        tried.append(TriedCandidate(candidate=candidate, response=response, window=read))
    return tried


def _candidate_request(candidate: Candidate, sites: frozenset[str]) -> ProbeRequest:
    # A feed may be hosted elsewhere: the home page says so, and the guard looks at the address.
    return ProbeRequest(
        url=candidate.url,
        sites=sites | {urls.registrable(candidate.url)},
        max_bytes=spiders.load_spider(candidate.kind).max_bytes,
    )
