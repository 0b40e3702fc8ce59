"""``scrapy check``: the contracts of spiders; a user's own may have some."""

from __future__ import annotations

from scrapy.commands import check

from crawler.project.running import WithApp


class Command(WithApp, check.Command):
    """Scrapy's."""
