"""A copy of the package to which a test adds a module, as a contributor would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import crawler


class PackageCopy:
    """``crawler`` in a folder of its own; other code is imported from where it is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.package = folder, folder / "crawler"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(crawler.__file__).parent, self.package, ignore=ignored)

    def add(self, path: str, text: str) -> bool:
        """Write a new module. False, and it is left as it is, if somebody has added it for good."""
        if (self.package / path).exists():
            return False
        (self.package / path).write_text(text, encoding="utf-8")
        return True

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a module wherever it has ``old``, which it must."""
        before = (self.package / path).read_text(encoding="utf-8")
        assert old in before
        (self.package / path).write_text(before.replace(old, new), encoding="utf-8")

    def run(self, code: str) -> None:
        """Run Python code that imports the copy; it fails the test by an assertion of its own."""
        subprocess.run([sys.executable, "-c", code], cwd=self.folder, check=True)
