"""``scrapy bench`` crawls a server on this machine, which the guard refuses."""

from __future__ import annotations

import argparse

from scrapy.commands import bench

from crawler.errors import UsageError
from crawler.project.running import plain_errors


class Command(bench.Command):
    """Scrapy's, refused: it would measure nothing."""

    requires_crawler_process = False

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Say so."""
        with plain_errors(self):
            raise UsageError(
                "bench crawls a server on this machine, which the network guard refuses; it works "
                "in a folder without scrapy.cfg"
            )
