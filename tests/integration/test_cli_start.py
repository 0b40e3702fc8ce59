"""What starting the command line costs."""

from __future__ import annotations

import subprocess
import sys

from tests import places


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
