"""``scrapy view URL``: a URL's answer in a browser, past the same guard as every crawl."""

from __future__ import annotations

from scrapy.commands import view

from crawler.project.running import WithApp


class Command(WithApp, view.Command):
    """Scrapy's. The page that the browser opens is a file; what it asks for then is its own
    affair."""
