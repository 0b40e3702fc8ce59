"""From an outlet's address to a ready seed file: where to look, and what was found there. Pure.

::

    home, robots.txt ─► candidates ─► (asked by the engine) ─► Tried ─► draft ─► sources/<cc>/<slug>.yml

A page links its feeds, robots.txt names sitemaps, WordPress its REST place; the common paths are
tried besides. What gives the same entries twice is one feed, by its first address.
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

COMMON = (
    ("/feed", "feed"), ("/feed/", "feed"), ("/rss", "feed"), ("/rss.xml", "feed"), ("/atom.xml", "feed"),
    ("/?feed=rss2", "feed"), ("/feed.json", "feed"), ("/news-sitemap.xml", "sitemap"),
    ("/sitemap.xml", "sitemap"), ("/wp-json/wp/v2/posts", "wordpress"),
)  # fmt: skip
"""Where outlets mostly have them, by what was seen at a hundred; a request each."""

MOST_CANDIDATES = 30  # requests one discovery may cost a site
SHORTEST, LONGEST = 15 * 60, 6 * 3600  # seconds between two polls
ENOUGH_ENTRIES = 5  # dated ones, before a rate is worth a line
_ORDER = {"feed": 0, "wordpress": 1, "sitemap": 2}
_NEWS = re.compile("news|google", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed, and who says so."""

    url: str
    kind: str
    whence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate after it was asked; ``window`` None where nothing was there to be read."""

    candidate: Candidate
    answer: ProbeResponse
    window: FeedWindow | None = None

    @property
    def usable(self) -> bool:
        """Whether it is a feed that shows something."""
        return self.window is not None and bool(self.window.entries or self.window.more)

    @property
    def url(self) -> str:
        """Its own address: where a redirect led to."""
        return self.answer.url or self.candidate.url


def sitemaps(robots: str, base: str) -> tuple[str, ...]:
    """The addresses on the ``Sitemap:`` lines of a robots.txt (sitemaps.org), in its order."""
    found = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", robots)
    cleaned = (urls.clean(address, base) for address in found)
    return tuple(dict.fromkeys(address for address in cleaned if address))


def candidates(home: str, front: Homepage, link: str, robots: str) -> tuple[Candidate, ...]:
    """What to ask, the likeliest first; ``link`` is the home page's Link header."""
    posts = front.posts or homepage.posts_of(link, home)
    found = [Candidate(url=u, kind="feed", whence="linked from the home page") for u in front.feeds]
    if posts:
        found.append(Candidate(url=posts, kind="wordpress", whence="named by WordPress"))
    named = sorted(sitemaps(robots, home), key=lambda u: not _of_news(u))
    found += [Candidate(url=u, kind="sitemap", whence="named in robots.txt") for u in named]
    found += [
        Candidate(url=urljoin(home, path), kind=kind, whence="a common path")
        for path, kind in COMMON
    ]
    unique: dict[str, Candidate] = {}
    for candidate in found:
        unique.setdefault(candidate.url, candidate)
    return tuple(unique.values())[:MOST_CANDIDATES]


def draft(
    home: str,
    front: Homepage,
    tried: Sequence[Tried],
    zones: Mapping[str, Sequence[str]],
    now: datetime,
) -> SourceDraft | None:
    """The seed file of what was found, or None where nothing can be polled."""
    chosen = choose(tried)
    if not chosen:
        return None
    host = urlsplit(home).hostname or ""
    state, why_state = guesses.guess_country(host, front.language, zones.keys())
    zone, why_zone = guesses.guess_timezone(state, zones)
    entries = [entry for t in chosen if t.window for entry in t.window.entries]
    languages, why_languages = _languages(front, entries)
    dated = next((s for t in chosen if (s := _span(t, zone, now)).seconds), probe.Span())
    source = Source(
        slug=guesses.make_slug(home),
        name=front.name
        or next((t.window.title for t in chosen if t.window and t.window.title), host),
        home=home,
        country=state,
        languages=languages,
        timezone=zone,
        feeds=tuple(
            Feed(url=t.url, kind=t.candidate.kind, every_seconds=_every(t, zone, now))
            for t in chosen
        ),
        hosts=_hosts(home, chosen),
        articles_per_day=_per_day(dated),
    )
    guessed = {"country": why_state, "languages": why_languages, "timezone": why_zone}
    if source.articles_per_day is not None:
        guessed["expect"] = "of one look: correct it when there is a history"
    return SourceDraft(
        source=source, notes=tuple(_notes(home, chosen, tried, zone, now)), guessed=guessed
    )


def choose(tried: Sequence[Tried]) -> list[Tried]:
    """The usable ones in order of trust: feeds, then REST, then sitemaps, those of news first."""
    chosen: list[Tried] = []
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


def _rank(one: Tried) -> tuple[int, bool]:
    return _ORDER[one.candidate.kind], not _of_news(one.candidate.url)


def _of_news(url: str) -> bool:
    """Whether a sitemap's path promises news alone: titles and the last two days."""
    return _NEWS.search(urlsplit(url).path) is not None


def _span(one: Tried, zone: str, now: datetime) -> probe.Span:
    return probe.span(one.window.entries if one.window else (), zone, now)


def _every(one: Tried, zone: str, now: datetime) -> int:
    """A quarter of the window, in steps of five minutes; what has none is asked every hour."""
    seconds = _span(one, zone, now).seconds
    if one.candidate.kind != "feed" or not seconds:
        return 3600
    wanted = seconds // probe.KNOWN_SHARE // 300 * 300
    return min(max(wanted, SHORTEST), LONGEST)


def _per_day(found: probe.Span) -> int | None:
    if found.seconds is None or found.dated < ENOUGH_ENTRIES:
        return None
    return max(round((found.dated - 1) * 86400 / max(found.seconds, 3600)), 1)


def _languages(front: Homepage, entries: Sequence[FeedEntry]) -> tuple[tuple[Language, ...], str]:
    tagged = guesses.supported_language(front.language)
    if tagged is not None:
        return (tagged,), f"the page says lang={front.language}"
    seen = detect(" ".join(e.title for e in entries[:40]), ())
    if guesses.supported_language(seen) is not None:
        return (seen,), "guessed from the titles"
    return ("en",), "not known: write the outlet's own"


def _hosts(home: str, chosen: Iterable[Tried]) -> tuple[str, ...]:
    """Sites that the entries lead to and that neither home nor feeds imply."""
    implied = {urls.registrable(home), *(urls.registrable(t.url) for t in chosen)}
    linked = {urls.registrable(e.url) for t in chosen if t.window for e in t.window.entries}
    return tuple(sorted(linked - implied))[:5]


def _notes(
    home: str, chosen: Sequence[Tried], tried: Sequence[Tried], zone: str, now: datetime
) -> Iterable[str]:
    yield f"Discovered from {home} on {now:%Y-%m-%d}; look it through, then say here how sure you are."
    for one in chosen:
        yield f"- {one.url} ({one.candidate.whence}): {_found(one, zone, now)}"
    turned = [t for t in tried if t.answer.status in probe.BLOCKED or probe.is_forbidden(t.answer)]
    if turned:
        yield f"- refused to us: {', '.join(t.candidate.url for t in turned)}"


def _found(one: Tried, zone: str, now: datetime) -> str:
    window = one.window or FeedWindow(kind="")
    if window.more and not window.entries:
        return f"an index of {len(window.more)} sitemaps"
    found = _span(one, zone, now)
    said = f"{window.kind}, {len(window.entries)} entries"
    if found.seconds is not None:
        said += f" over {probe.spoken(timedelta(seconds=found.seconds))}"
    return said if found.dated else f"{said}, none dated"
