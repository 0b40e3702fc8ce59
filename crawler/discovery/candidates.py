"""From an outlet's home page to a draft seed file: which URLs to try, and what to make of them.
Pure.

::

    home, robots.txt ─► candidates ─► (requested by engine.probes) ─► tried ─► draft seed file

Pages link their feeds, robots.txt names sitemaps, WordPress its REST API; ordinary links that say
RSS and common paths are tried besides. The address given may be a feed's own. Of two feeds with the
same entries, only the first is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler import urls
from crawler.discovery import homepage, probe
from crawler.discovery.homepage import Homepage
from crawler.languages.detect import detect
from crawler.model import Feed, FeedEntry, FeedWindow, Language, ProbeResponse, Source
from crawler.seeds import guesses
from crawler.seeds.scaffold import SourceDraft

COMMON_PATHS = (
    ("/feed", "feed"), ("/feed/", "feed"), ("/rss", "feed"), ("/rss.xml", "feed"),
    ("/atom.xml", "feed"),
    ("/?feed=rss2", "feed"), ("/feed.json", "feed"), ("/news-sitemap.xml", "sitemap"),
    ("/sitemap.xml", "sitemap"), ("/wp-json/wp/v2/posts", "wordpress"),
)  # fmt: skip
"""Where outlets usually have feeds, as seen at a hundred of them; each costs one request."""

GIVEN = "the address that was given"
ANCHOR = "a link that says RSS"
MAX_CANDIDATES = 30  # requests one discovery may cost a site
MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS = 15 * 60, 6 * 3600  # seconds between two polls
MIN_DATED_ENTRIES = 5  # dated ones, before a rate is worth a line
_KIND_ORDER = {"feed": 0, "wordpress": 1, "sitemap": 2}
_NEWS_PATH = re.compile("news|google", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A URL that may be a feed, and where it was found."""

    url: str
    kind: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedCandidate:
    """A candidate after its request; ``window`` is None if the response could not be read."""

    candidate: Candidate
    response: ProbeResponse
    window: FeedWindow | None = None

    @property
    def usable(self) -> bool:
        """Whether it is a feed with entries or further files."""
        return self.window is not None and bool(self.window.entries or self.window.more)

    @property
    def url(self) -> str:
        """Its own URL: the target of a redirect."""
        return self.response.url or self.candidate.url


def find_sitemap_urls(robots: str, base: str) -> tuple[str, ...]:
    """The URLs of the ``Sitemap:`` lines of a robots.txt (sitemaps.org), in its order."""
    found = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", robots)
    cleaned = (urls.clean(address, base) for address in found)
    return tuple(dict.fromkeys(address for address in cleaned if address))


def find_candidates(home: str, front: Homepage, link: str, robots: str) -> tuple[Candidate, ...]:
    """Return the URLs to request, most likely first; ``link`` is the home page's Link header."""
    posts = front.posts or homepage.find_posts_url(link, home)
    linked = (*front.feeds, *homepage.find_feed_urls(link, home))
    found = [Candidate(url=u, kind="feed", origin="linked from the home page") for u in linked]
    if posts:
        found.append(Candidate(url=posts, kind="wordpress", origin="named by WordPress"))
    named = sorted(find_sitemap_urls(robots, home), key=lambda u: not _is_news_sitemap(u))
    found += [Candidate(url=u, kind="sitemap", origin="named in robots.txt") for u in named]
    found += [Candidate(url=u, kind="feed", origin=ANCHOR) for u in front.anchors]
    found += [
        Candidate(url=urljoin(home, path), kind=kind, origin="a common path")
        for path, kind in COMMON_PATHS
    ]
    return first_of_each(found)


def first_of_each(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, each URL once, as many as one discovery may request."""
    unique: dict[str, Candidate] = {}
    for candidate in found:
        unique.setdefault(candidate.url, candidate)
    return tuple(unique.values())[:MAX_CANDIDATES]


def build_draft(
    home: str,
    front: Homepage,
    tried: Sequence[TriedCandidate],
    zones: Mapping[str, Sequence[str]],
    now: datetime,
) -> SourceDraft | None:
    """Return the draft seed file of what was found, or None if nothing can be polled."""
    chosen = choose_feeds(tried)
    if not chosen:
        return None
    host = urlsplit(home).hostname or ""
    state, why_state = guesses.guess_country(host, front.language, zones.keys())
    zone, why_zone = guesses.guess_timezone(state, zones)
    entries = [entry for t in chosen if t.window for entry in t.window.entries]
    languages, why_languages = _guess_languages(front, entries)
    dated = next(
        (s for t in chosen if (s := _window_span(t, zone, now)).seconds), probe.WindowSpan()
    )
    source = Source(
        slug=guesses.make_slug(home),
        name=front.name
        or next((t.window.title for t in chosen if t.window and t.window.title), host),
        home=home,
        country=state,
        languages=languages,
        timezone=zone,
        feeds=tuple(
            Feed(url=t.url, kind=t.candidate.kind, every_seconds=_poll_interval(t, zone, now))
            for t in chosen
        ),
        hosts=_further_hosts(home, chosen),
        articles_per_day=_articles_per_day(dated),
    )
    guessed = {"country": why_state, "languages": why_languages, "timezone": why_zone}
    if source.articles_per_day is not None:
        guessed["expect"] = "of one look: correct it when there is a history"
    return SourceDraft(
        source=source, notes=tuple(_write_notes(home, chosen, tried, zone, now)), guessed=guessed
    )


def choose_feeds(tried: Sequence[TriedCandidate]) -> list[TriedCandidate]:
    """The usable candidates in order of trust: feeds, then REST, then sitemaps, those of news
    first.
    """
    chosen: list[TriedCandidate] = []
    shown: set[frozenset[str]] = set()
    for one in sorted(tried, key=_rank):
        if one.window is None or not one.usable:
            continue
        keys = frozenset(urls.key(e.url) for e in one.window.entries) or frozenset(one.window.more)
        if any(one.url == other.url for other in chosen):
            continue
        if one.candidate.kind == "feed" and keys in shown:
            continue
        shown.add(keys)
        chosen.append(one)
    return chosen


def _rank(one: TriedCandidate) -> tuple[int, bool]:
    return _KIND_ORDER[one.candidate.kind], not _is_news_sitemap(one.candidate.url)


def _is_news_sitemap(url: str) -> bool:
    """Whether a sitemap's path suggests that it has only news, with titles, of the last two
    days.
    """
    return _NEWS_PATH.search(urlsplit(url).path) is not None


def _window_span(one: TriedCandidate, zone: str, now: datetime) -> probe.WindowSpan:
    return probe.measure_window(one.window.entries if one.window else (), zone, now)


def _poll_interval(one: TriedCandidate, zone: str, now: datetime) -> int:
    """A quarter of the window, in steps of five minutes; an hour if there is no window."""
    seconds = _window_span(one, zone, now).seconds
    if one.candidate.kind != "feed" or not seconds:
        return 3600
    wanted = seconds // probe.POLLS_PER_WINDOW // 300 * 300
    return min(max(wanted, MIN_INTERVAL_SECONDS), MAX_INTERVAL_SECONDS)


def _articles_per_day(found: probe.WindowSpan) -> int | None:
    if found.seconds is None or found.dated < MIN_DATED_ENTRIES:
        return None
    return max(round((found.dated - 1) * 86400 / max(found.seconds, 3600)), 1)


def _guess_languages(
    front: Homepage, entries: Sequence[FeedEntry]
) -> tuple[tuple[Language, ...], str]:
    tagged = guesses.supported_language(front.language)
    if tagged is not None:
        return (tagged,), f"the page says lang={front.language}"
    seen = detect(" ".join(e.title for e in entries[:40]), ())
    if guesses.supported_language(seen) is not None:
        return (seen,), "guessed from the titles"
    return ("en",), "not known: write the outlet's own"


def _further_hosts(home: str, chosen: Iterable[TriedCandidate]) -> tuple[str, ...]:
    """Sites that the entries link to and that are not implied by home page and feeds."""
    implied = {urls.registrable(home), *(urls.registrable(t.url) for t in chosen)}
    linked = {urls.registrable(e.url) for t in chosen if t.window for e in t.window.entries}
    return tuple(sorted(linked - implied))[:5]


def _write_notes(
    home: str,
    chosen: Sequence[TriedCandidate],
    tried: Sequence[TriedCandidate],
    zone: str,
    now: datetime,
) -> Iterable[str]:
    yield (
        f"Discovered from {home} on {now:%Y-%m-%d}; look it through, then say here how sure "
        f"you are."
    )
    for one in chosen:
        yield f"- {one.url} ({one.candidate.origin}): {_describe_window(one, zone, now)}"
    turned = [
        t
        for t in tried
        if t.response.status in probe.BLOCKED_STATUSES or probe.is_forbidden(t.response)
    ]
    if turned:
        yield f"- refused to us: {', '.join(t.candidate.url for t in turned)}"


def _describe_window(one: TriedCandidate, zone: str, now: datetime) -> str:
    window = one.window or FeedWindow(kind="")
    if window.more and not window.entries:
        return f"an index of {len(window.more)} sitemaps"
    found = _window_span(one, zone, now)
    said = f"{window.kind}, {len(window.entries)} entries"
    if found.seconds is not None:
        said += f" over {probe.format_period(timedelta(seconds=found.seconds))}"
    return said if found.dated else f"{said}, none dated"
