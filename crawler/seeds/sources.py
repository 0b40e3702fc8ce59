"""The schema of ``sources/<country>/<slug>.yml``, and the source built from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import cssselect
from pydantic import BeforeValidator, Field

from crawler.errors import SeedError
from crawler.model import Feed, Source
from crawler.seeds import extraction_rules
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import BuiltSeeds, Country, Host, Lang, Line, Shape, Url


def _parse_seconds(value: object) -> int:
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no duration; write 30s, 15m, 6h or 2d")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]


def _check_zone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone, such as Asia/Baghdad") from error
    return value


def _check_selector(value: object) -> object:
    try:
        cssselect.parse(str(value))
    except cssselect.SelectorError as error:
        raise ValueError(f"{value!r} is no CSS selector: {error}") from error
    return value


Selector = Annotated[str, BeforeValidator(_check_selector)]
Zone = Annotated[str, BeforeValidator(_check_zone)]


def _within(value: object, *, least: str, most: str) -> object:
    seconds = _parse_seconds(value)
    if not _parse_seconds(least) <= seconds <= _parse_seconds(most):
        raise ValueError(f"{value!r} is out of reason; write a duration from {least} to {most}")
    return seconds


Every = Annotated[int, BeforeValidator(partial(_within, least="30s", most="7d"))]
# A longer delay than a crawl's budget of 10 minutes, and no second page would ever be fetched.
Delay = Annotated[int, BeforeValidator(partial(_within, least="0s", most="10m"))]
StaleAfter = Annotated[int, BeforeValidator(partial(_within, least="1h", most="365d"))]


class _Expect(Shape):
    articles_per_day: Annotated[int, Field(ge=0, le=100_000)] | None = None
    stale_after: StaleAfter | None = None


class _FeedShape(Shape):
    url: Url
    kind: str = "feed"
    every: Every = 900
    links: Selector | None = None
    next: Selector | None = None
    pages: Annotated[int, Field(ge=1, le=20)] = 3
    render: bool = False


class SourceFile(Shape):
    """``sources/<country>/<slug>.yml``."""

    name: Line
    names: dict[Lang, Line] = {}
    home: Url
    country: Country
    languages: Annotated[list[Lang], Field(min_length=1)]
    timezone: Zone
    feeds: Annotated[list[_FeedShape], Field(min_length=1)]
    hosts: list[Host] = []
    delay: Delay | None = None
    expect: _Expect = _Expect()
    pages: list[extraction_rules.PageRuleShape] = []


def build_source(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> Source:
    """Return the source. Raises SeedError for an unknown kind of feed or contradictory keys."""
    shape: SourceFile = file.shape
    for n, feed in enumerate(shape.feeds):
        if feed.kind not in kinds:
            known = ", ".join(sorted(kinds))
            raise SeedError(
                file.problem(("feeds", n, "kind"), f"unknown kind {feed.kind!r}; known: {known}")
            )
        _check_feed(file, n, shape.feeds)
    return Source(
        slug=file.slug,
        name=shape.name,
        names=shape.names,
        home=shape.home,
        country=shape.country,
        languages=tuple(shape.languages),
        timezone=shape.timezone,
        feeds=tuple(_build_feed(f) for f in shape.feeds),
        hosts=tuple(shape.hosts),
        pages=extraction_rules.build_extraction_rules(shape.pages, file),
        delay_seconds=shape.delay,
        articles_per_day=shape.expect.articles_per_day,
        stale_after_hours=shape.expect.stale_after and shape.expect.stale_after // 3600,
    )


def _build_feed(shape: _FeedShape) -> Feed:
    return Feed(
        url=shape.url,
        kind=shape.kind,
        every_seconds=shape.every,
        links=shape.links,
        next_page_selector=shape.next,
        pages=shape.pages,
        render=shape.render,
    )


def _check_feed(file: SeedDocument, n: int, feeds: Sequence[_FeedShape]) -> None:
    """Check the keys of one feed together, and that its URL, which identifies it, is not
    repeated.
    """
    feed = feeds[n]
    if feed.url in (f.url for f in feeds[:n]):
        raise SeedError(file.problem(("feeds", n, "url"), f"{feed.url} stands twice"))
    if feed.kind == "section":
        if feed.links is None:
            wanted = "the key 'links' is missing: a section needs the CSS selector of its articles"
            raise SeedError(file.problem(("feeds", n), wanted))
        return
    for key in ("links", "next", "pages", "render"):
        if key in feed.model_fields_set:
            said = f"{key!r} belongs to kind section, this feed is of kind {feed.kind!r}"
            raise SeedError(file.problem(("feeds", n, key), said))
