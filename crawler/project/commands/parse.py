"""``scrapy parse URL``: what a feed or an article's page gives, stored nowhere."""

from __future__ import annotations

import argparse
import warnings
from typing import Any

from scrapy.commands import parse
from scrapy.exceptions import ScrapyDeprecationWarning

from crawler import app as apps
from crawler.errors import UsageError
from crawler.exports.record import ArticleRecord
from crawler.extraction.templates import TemplateLearner
from crawler.model import Source
from crawler.project import choice
from crawler.project.middlewares import source_at
from crawler.project.running import WithApp


class Command(WithApp, parse.Command):
    """Scrapy's. Without ``--spider`` and ``-a source`` both follow from the URL."""

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Choose source and spider, and start the readers, which learn nothing for good."""
        app = self.process.app
        if opts.spider:
            choice.spider_name(opts.spider, self.process.spider_loader.list())
        if args and (not opts.spider or self._polls(opts.spider)):
            source = self._source(args[0], opts.spargs.get("source"))
            opts.spargs["source"] = source.slug
            kinds = [feed.kind for feed in source.feeds if feed.url == args[0]]
            opts.spider = opts.spider or next(iter((*kinds, source.feeds[0].kind)))
        templates = TemplateLearner(app.templates.in_use(), app.templates.versions().items())
        app.reader = apps.open_reader(
            app.config, app.seeds, to_keep=False, template_learner=templates
        )
        app.reader.start()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show what the URL gives; exit code 1 if it was not answered."""
        # Scrapy's own command has its callback return one, and names the spider's in the warning.
        warnings.filterwarnings("ignore", ".* returned a Deferred", ScrapyDeprecationWarning)
        super().run(args, opts)
        if not self.first_response and not self.exitcode:
            self.exitcode = 1

    def _polls(self, spider: str) -> bool:
        from crawler.spiders.base import PollingSpider

        return issubclass(self.process.spider_loader.load(spider), PollingSpider)

    def _source(self, url: str, slug: str | None) -> Source:
        sources = self.process.app.seeds.sources
        if slug is not None:
            return choice.named(slug, sources)
        if (source := source_at(url, sources.values())) is None:
            raise UsageError(
                f"no source has its home or a feed on this host; as whose page is it read? "
                f"scrapy parse -a source=SLUG {url}"
            )
        return source

    def add_items(self, lvl: int, new_items: list[Any]) -> None:
        """Keep what is printed: records as JSON has them."""
        rows = [one.row() if isinstance(one, ArticleRecord) else one for one in new_items]
        super().add_items(lvl, rows)
