"""How Scrapy's commands are run in a process with our application.

``WithApp`` stands before a command's class of Scrapy's. An error that a person can mend is one line
on stderr that begins with ``scrapy:``, with the exit code that ``rasd`` has for it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.cli import output
from crawler.errors import RasdError
from crawler.project.middlewares import NOT_FETCHED

if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand

    from crawler.project.process import AppProcess

    _Base = ScrapyCommand
else:
    _Base = object


class WithApp(_Base):
    """A command that makes its own process, which has our services.

    ``looks``: the command shows what single URLs give; one that is not fetched is exit code 1.
    """

    requires_crawler_process = False  # Scrapy's, which has no services
    looks: ClassVar[bool] = True
    crawler_process: Any

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run Scrapy's command."""
        from crawler.project import outputs

        with plain_errors(self):
            assert self.settings is not None
            if not self.looks:
                outputs.settle(self.settings)
            self._run(args, opts)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.project import outputs

        with self.opened(args, opts) as process:
            self.crawler_process = process
            self.prepare(args, opts)
            super().run(args, opts)  # type: ignore[safe-super]
            if process.failure is not None:
                raise process.failure
            if any(outputs.not_stored(c.stats) for c in process.made):
                raise NotStoredError
            if self.looks and any(c.stats.get_value(NOT_FETCHED) for c in process.made):
                self.exitcode = 1
                if not process.settings.getbool("LOG_ENABLED"):
                    output.say("scrapy: not fetched; without --nolog a line says why", err=True)

    def opened(self, args: list[str], opts: argparse.Namespace) -> Any:
        """The process to run in."""
        from crawler.project import process

        assert self.settings is not None
        typed = tuple(arg for arg in args if "://" in arg)
        return process.opened(self.settings, polls=False, looking=self.looks, typed=typed)

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Judge and complete what the user typed; RasdError if it can't be run."""

    @property
    def process(self) -> AppProcess:
        """The process, with the application."""
        process: AppProcess = self.crawler_process
        return process


class NotStoredError(RasdError):
    """A feed of items did not arrive where it should."""

    def __init__(self) -> None:
        super().__init__("an export failed; articles are in the archive: rasd search --output FILE")


@contextmanager
def plain_errors(command: ScrapyCommand) -> Iterator[None]:
    """Say an expected error in a line, and have the command end with its code."""
    try:
        yield
    except RasdError as error:
        output.say(f"scrapy: {error}", err=True)
        command.exitcode = error.exit_code
