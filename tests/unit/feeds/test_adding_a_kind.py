"""A kind of feed is a parser, a spider and one line of the feeds' door."""

from __future__ import annotations

from pathlib import Path

from tests.copies import PackageCopy

PARSER = '''"""Plain lists of URLs, one a line."""

from __future__ import annotations

from crawler import urls
from crawler.model import FeedEntry, FeedWindow


def parse(body: bytes, url: str, content_type: str, limit: int) -> FeedWindow:
    """Return the URLs; ``kind`` is "" if the first line is none."""
    links = [urls.clean(line, url) for line in body.decode("utf-8", "replace").split()[:limit]]
    entries = tuple(FeedEntry(url=link, title="") for link in links if link)
    return FeedWindow(kind="urllist" if entries else "", entries=entries)
'''
SPIDER = '''"""Plain lists of URLs."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from crawler.model import Feed
from crawler.spiders.base import PollingSpider


class UrlListSpider(PollingSpider):
    """``scrapy crawl urllist -a source=SLUG``"""

    name = "urllist"
    kind: ClassVar[str] = "urllist"
    max_bytes: ClassVar[int | None] = 1_000

    @classmethod
    def first_url(cls, feed: Feed, since: datetime | None) -> str:
        """The list is beside the address."""
        return feed.url + "/list.txt"

    @classmethod
    def reader_options(cls, feed: Feed, since: datetime | None) -> tuple[object, ...]:
        """A hundred lines."""
        return (100,)
'''
PROVED = """
from crawler import seeds, spiders
from crawler.engine.requester import make_probe_request
from crawler.workers.pool import reading_functions

FEED = "{url: 'https://news.example/a', kind: urllist}"
text = f"name: N\\nhome: https://news.example/\\ncountry: FR\\nlanguages: [fr]\\n"
text += f"timezone: Europe/Paris\\nfeeds: [{FEED}]\\n"
(source,) = seeds.load({"sources/fr/n.yml": text}, kinds=spiders.kinds()).sources.values()
(feed,) = source.feeds
request = make_probe_request(source, feed)
assert (request.url, request.max_bytes) == ("https://news.example/a/list.txt", 1_000)
options = spiders.load_spider("urllist").reader_options(feed, None)
window = reading_functions()["urllist"](b"/1 /2", feed.url, "text/plain", *options)
found = [entry.url for entry in window.entries]
assert found == ["https://news.example/1", "https://news.example/2"]
"""


def test_a_parser_a_spider_and_a_line_make_a_kind(tmp_path: Path) -> None:
    """Seed files may name it, workers parse it, probes ask as its spider does."""
    copy = PackageCopy(tmp_path)
    copy.add("feeds/urllist.py", PARSER)
    copy.add("spiders/urllist.py", SPIDER)
    line = '    "sitemap": "sitemap",\n'
    copy.replace("feeds/__init__.py", line, line + '    "urllist": "urllist",\n')
    copy.run(PROVED)
