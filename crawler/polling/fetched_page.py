"""The item that a poll sends through the pipelines, and the page of a story that has none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model import Fate, Page, PreparedArticle, Rejection, Sighting
from crawler.polling.poll import PollInProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """The item that passes through the pipelines: a page, and what became of it on the way.

    ``reading`` None after the reading stage means that a stop came before it was read. ``fate`` is
    None until the keeping stage; from then on ``article_id`` is that of the page's article, which
    may have been there before. ``problem`` says why the page could not be written, "" if it was.
    """

    poll: PollInProgress
    sighting: Sighting
    page: Page
    stored: bool = False  # the page came from the archive, not from the net
    reading: PreparedArticle | Rejection | None = None
    fate: Fate | None = None
    article_id: int | None = None
    problem: str = ""

    @property
    def flagged(self) -> bool:
        """Whether a topic gave the page a label; a doubtful match is none."""
        found = self.reading
        matches = found.reading.matches if isinstance(found, PreparedArticle) else ()
        return any(match.labels for match in matches)


def entry_page(sighting: Sighting, now: datetime) -> Page:
    """An empty page in the place of one that was never shown; the feed's entry is read instead."""
    return Page(
        url=sighting.url,
        requested_url=sighting.url,
        fetched_at=now,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=b"<!doctype html><html><body></body></html>",
        entry=sighting.entry,
    )
