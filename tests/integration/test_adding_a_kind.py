"""A kind of feed is a parser, a spider and one line of the feeds' door."""

from __future__ import annotations

from pathlib import Path

from tests import howto
from tests.copies import PackageCopy

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
assert (request.url, request.max_bytes) == (feed.url, None)
options = spiders.load_spider("urllist").reader_options(feed, None)
window = reading_functions()["urllist"](b"/1\\n\\n/2\\n/1", feed.url, "text/plain", *options)
found = [entry.url for entry in window.entries]
assert found == ["https://news.example/1", "https://news.example/2"]
"""


def test_a_parser_a_spider_and_a_line_make_a_kind(tmp_path: Path) -> None:
    """As the how-to page shows: seed files may name it, workers parse it, probes request it."""
    copy = PackageCopy(tmp_path)
    parser, line, spider = howto.python_blocks("add-a-kind-of-feed")
    copy.add("feeds/urllist.py", parser)
    if copy.add("spiders/urllist.py", spider):
        last = '    "sitemap": "sitemap",\n'
        copy.replace("feeds/__init__.py", last, last + line)
    copy.run(PROVED)
