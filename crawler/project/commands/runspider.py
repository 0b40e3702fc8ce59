"""``scrapy runspider FILE``: a spider of one's own, past the same guard as every crawl."""

from __future__ import annotations

from typing import ClassVar

from scrapy.commands import runspider

from crawler.project.running import WithApp


class Command(WithApp, runspider.Command):
    """Scrapy's. A spider of feeds is run by ``scrapy crawl``, which has the archive's lock."""

    looks: ClassVar[bool] = False
