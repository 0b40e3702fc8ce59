"""``scrapy fetch URL``: what a URL gives, past the same guard as every crawl; nothing is stored."""

from __future__ import annotations

import sys

from scrapy.commands import fetch

from crawler.cli import output
from crawler.project.running import WithApp


class Command(WithApp, fetch.Command):
    """Scrapy's; at a terminal no byte of the answer is obeyed."""

    def _print_bytes(self, bytes_: bytes) -> None:
        if sys.stdout.isatty():
            output.say(bytes_.decode("utf-8", "replace"))
        else:
            super()._print_bytes(bytes_)
