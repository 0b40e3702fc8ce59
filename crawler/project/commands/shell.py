"""``scrapy shell URL``: a console with a URL's answer, past the same guard as every crawl."""

from __future__ import annotations

from scrapy.commands import shell

from crawler.project.running import WithApp


class Command(WithApp, shell.Command):
    """Scrapy's."""
