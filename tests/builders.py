"""Builders that show only what a test is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from crawler import reading, urls
from crawler.model import (
    ArchivedArticle,
    Article,
    ArticleToKeep,
    Feed,
    FeedEntry,
    Match,
    Mention,
    Page,
    PreparedArticle,
    PublishedDate,
    Reading,
    Sighting,
    SightingCounts,
    Source,
    hour_of_week,
)
from storage.archive import SqlArchive

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def a_source(**changes: Any) -> Source:
    """An outlet at news.test."""
    plain = Source(
        slug="news",
        name="The News",
        home="http://news.test/",
        country="MA",
        languages=("ar", "fr", "en"),
        timezone="Africa/Casablanca",
        feeds=(Feed(url="http://news.test/feed"),),
    )
    return replace(plain, **changes)


def an_entry(path: str = "/a", **changes: Any) -> FeedEntry:
    """A feed's entry."""
    return replace(
        FeedEntry(url=f"http://news.test{path}", title="A title", summary="Words."), **changes
    )


def a_page(body: str | bytes, **changes: Any) -> Page:
    """An HTML page received at NOW."""
    plain = Page(
        url="http://news.test/a",
        requested_url="http://news.test/a",
        fetched_at=NOW,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=body.encode() if isinstance(body, str) else body,
        entry=an_entry(),
    )
    return replace(plain, **changes)


def an_article(body: str = "Words of an article.", **changes: Any) -> Article:
    """An understood article."""
    url = changes.get("url", "http://news.test/a")
    plain = Article(
        source="news",
        url=url,
        canonical_url=url,
        url_key=urls.key(url),
        headline="A headline",
        lead=body[:40],
        body=body,
        language="en",
        first_seen_at=NOW,
    )
    return replace(plain, **changes)


def a_date(at: datetime = NOW) -> PublishedDate:
    """A date that JSON-LD printed."""
    return PublishedDate(at=at, source="json-ld", confidence=0.95, printed=at.isoformat())


def a_match(*labels: str, mentions: tuple[Mention, ...] = ()) -> Match:
    """A match of the topic ``water``."""
    score = {label: 0.8 for label in labels}
    return Match(topic="water", version="v1", labels=labels, score=score, mentions=mentions)


def a_reading(body: str = "Words of an article.", *labels: str, **changes: Any) -> Reading:
    """A reading, labelled if labels are named."""
    matches = (a_match(*labels),) if labels else ()
    return Reading(article=an_article(body, **changes), fingerprint=b"", matches=matches)


def save_article(
    archive: SqlArchive, sighting: Sighting, page: Page, found: Reading, now: datetime = NOW
) -> int:
    """Keep a page and its reading in the archive; the article's id."""
    (article_id,) = archive.save_articles([to_keep(sighting, page, found, now)])
    return article_id


def to_keep(sighting: Sighting, page: Page, found: Reading, now: datetime = NOW) -> ArticleToKeep:
    """A page and its reading as the writer gets them."""
    prepared = reading.prepare(page, found)
    return ArticleToKeep(sighting=sighting, prepared=prepared, kept_at=now)


def prepared(found: Reading) -> PreparedArticle:
    """A reading, made ready for the archive, of a page that nothing looks at."""
    return reading.prepare(a_page("x"), found)


def sighting_counts(seen: Sequence[datetime], after: datetime) -> SightingCounts | None:
    """What the archive counts of a source's first sightings after this moment."""
    own = sorted(at for at in seen if at > after)
    if not own:
        return None
    pauses = [later - earlier for earlier, later in pairwise(own)]
    return SightingCounts(
        by_hour=Counter(map(hour_of_week, own)),
        first_at=own[0],
        last_at=own[-1],
        longest_pause=max(pauses, default=timedelta(0)),
    )


def kept(number: int, body: str = "Words.", *labels: str, **changes: Any) -> ArchivedArticle:
    """An article as the archive gives it back."""
    found = a_reading(body, *labels, **changes)
    return ArchivedArticle(id=number, article=found.article, matches=found.matches, kept_at=NOW)
