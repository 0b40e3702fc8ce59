"""What becomes of a page that was written: an item if it is a new article, else none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.exports.record import ArticleRecord
from crawler.model import ArchivedArticle
from crawler.polling.fetched_page import FetchedPage
from crawler.project.items import Export, KnownArticle, NoArticle
from tests.builders import NOW, a_page, a_source, kept
from tests.unit.polling.driver import a_poll, a_sighting


@dataclass
class _Archive:
    """An archive with one article."""

    article: ArchivedArticle

    def articles(self, ids: Sequence[int]) -> list[ArchivedArticle]:
        """The article, if it is asked for."""
        assert list(ids) == [self.article.id]
        return [self.article]


def exported(item: Any, kept_at: Any = NOW) -> Any:
    """What the pipeline makes of an item."""
    article = replace(kept(7), kept_at=kept_at)
    services = SimpleNamespace(archive=_Archive(article), sources={"news": a_source()})
    crawler: Any = SimpleNamespace(services=services, spider=None)
    return asyncio.run(Export(crawler).process_item(item))


def a_fetched_page(**changes: Any) -> FetchedPage:
    """A page that became article 7."""
    page = FetchedPage(
        poll=a_poll(), sighting=a_sighting(1), page=a_page(""), fate="kept", article_id=7
    )
    return replace(page, **changes)


def test_a_new_article_is_its_record() -> None:
    """As the archive has it, with its outlet's country."""
    record = exported(a_fetched_page())
    assert isinstance(record, ArticleRecord)
    assert (record.id, record.country) == (7, a_source().country)


def test_an_article_that_was_there_before_is_no_item() -> None:
    """A feed that shows it again, or a second address of it."""
    with pytest.raises(KnownArticle, match="article 7"):
        exported(a_fetched_page(), kept_at=NOW - timedelta(minutes=1))


@pytest.mark.parametrize("fate", ["rejected", "failed", "queued", "quarantined"])
def test_a_page_without_an_article_is_no_item(fate: str) -> None:
    """Nor one whose text could not be read; the log says so on debug only."""
    with pytest.raises(NoArticle, match=fate) as dropped:
        exported(a_fetched_page(fate=fate))
    assert dropped.value.log_level == "DEBUG"


def test_items_of_other_spiders_pass() -> None:
    """A user's own spider is free in what it yields."""
    item = {"a": 1}
    assert exported(item) is item
