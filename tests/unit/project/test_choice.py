"""What a ``scrapy`` command is about, and what it says if that is nothing."""

from __future__ import annotations

import pytest

from crawler.errors import UsageError
from crawler.model import Feed
from crawler.project import choice
from tests.builders import a_source

SOURCES = {
    slug: a_source(slug=slug, feeds=(Feed(url=f"http://{slug}.test/", kind=kind),))
    for slug, kind in (("herald-fr", "feed"), ("herald-ar", "feed"), ("gazette", "sitemap"))
}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "which source? scrapy crawl feed -a source=SLUG; known: herald-ar, herald-fr"),
        ({"source": "herald-f"}, "no source 'herald-f' in the seeds; did you mean 'herald-fr'"),
        ({"source": "?"}, "no source '?' in the seeds; known: gazette, herald-ar, herald-fr"),
        (
            {"source": "gazette"},
            "source 'gazette' has no feed of kind 'feed'; it has sitemap: "
            "scrapy crawl sitemap -a source=gazette",
        ),
        ({"sorce": "herald-fr"}, "-a sorce: no such argument; did you mean 'source'?"),
    ],
)
def test_nothing_to_poll_is_an_error_that_says_what_to_type(
    arguments: dict[str, str], said: str
) -> None:
    """A crawl without a feed would end well and hide the slip."""
    with pytest.raises(UsageError) as error:
        choice.source_for("feed", arguments, SOURCES)
    assert str(error.value).startswith(said) and error.value.exit_code == 2


def test_a_source_with_a_feed_of_the_kind_is_polled() -> None:
    """By its slug."""
    assert choice.source_for("sitemap", {"source": "gazette"}, SOURCES).slug == "gazette"


def test_a_spider_that_is_none_is_named_with_the_nearest() -> None:
    """Scrapy itself ends in a traceback."""
    with pytest.raises(UsageError, match="no spider 'fed'; did you mean 'feed'"):
        choice.spider_name("fed", ("feed", "section"))
