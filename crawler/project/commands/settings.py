"""``scrapy settings --get NAME``: a setting as a crawl has it, ``rasd.toml`` included."""

from __future__ import annotations

import argparse

from scrapy.commands import settings

from crawler.project.running import plain_errors


class Command(settings.Command):
    """Scrapy's, with our configuration and what the sources' addresses add."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what was asked for."""
        from crawler import spiders
        from crawler.engine import attach
        from crawler.seeds.folder import load_seeds

        assert self.settings is not None
        with plain_errors(self):
            config = attach.configuration()
            sources = load_seeds(config.seeds, spiders.kinds()).sources
            attach.configure(self.settings, config, sources)
            super().run(args, opts)
