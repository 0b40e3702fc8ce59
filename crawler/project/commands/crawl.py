"""``scrapy crawl KIND -a source=SLUG``: poll a source's feeds of a kind; its new articles are the
items."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands import crawl
from scrapy.spiderloader import get_spider_loader

from crawler.cli import output
from crawler.project import choice
from crawler.project.running import WithApp


class Command(WithApp, crawl.Command):
    """Scrapy's, for a source that the seeds have and while no daemon polls."""

    looks: ClassVar[bool] = False

    def opened(self, args: list[str], opts: argparse.Namespace) -> Any:
        """The process, with the archive's lock if the spider polls."""
        from crawler.project import process
        from crawler.spiders.base import PollingSpider

        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        spider = loader.load(choice.spider_name(args[0], loader.list())) if args else None
        self._polling = spider if spider and issubclass(spider, PollingSpider) else None
        return process.opened(self.settings, polls=self._polling is not None, looking=False)

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """See that there is something to poll, and name fields that no article has."""
        from crawler.project import outputs

        if self._polling is not None:
            assert self.settings is not None
            for line in outputs.unknown_fields(self.settings):
                output.say(f"scrapy: {line}", err=True)
            choice.source_for(self._polling.kind, opts.spargs, self.process.app.seeds.sources)
            self.process.app.reader.start()
