"""What programs beside rasd may rely on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_seeds_of_an_installation_are_found_from_outside(tmp_path: Path) -> None:
    """``crawler.app.seeds_folder(None)`` is a folder with sources, from whatever folder it is
    called.
    """
    code = "from crawler import app; print(app.seeds_folder(None))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert next((Path(done.stdout.strip()) / "sources").rglob("*.yml"))
