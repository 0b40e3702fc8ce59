"""What starting the command line costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crawler.config import load
from storage.archive import open_archive
from tests import places
from tests.site import desk
from tests.site.server import Newspaper


def test_help_imports_no_crawler() -> None:
    """``rasd --help`` waits for no library that only verbs need."""
    code = (
        "import sys; from crawler.cli.main import commands\n"
        "try: commands(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'scrapy', 'sqlalchemy', 'lxml', 'rich', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=places.PROJECT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_poll_imports_no_library_that_it_has_no_use_for(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """Alembic while the archive is up to date, what Scrapy's extensions need, and what structlog
    would colour tracebacks with: 17 MB that the daemon would keep; its workers neither."""
    config = desk.write(tmp_path, newspaper)
    command = [sys.executable, "-X", "importtime", "-m", "crawler", "--config", str(config)]
    open_archive(load(config).archive).close()
    done = subprocess.run([*command, "poll", "--all"], capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if "import time:" in line]  # in the log
    imported = {line.rpartition("|")[2].split()[0].partition(".")[0] for line in lines}
    assert {"sqlalchemy", "scrapy", "structlog", "trafilatura"} <= imported
    assert not imported & {"aiohttp", "alembic", "mako", "pygments"}
