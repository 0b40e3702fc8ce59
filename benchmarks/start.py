"""What a verb costs before it answers: the time of whole commands, beside Python's own start.

::

    python -m benchmarks.start                 # each command 15 times, in turn
    python -m benchmarks.start --rounds 5

All commands take turns in one run, so that a busy machine is busy for each; the ratio is that of
the medians. The archive has 1,000 articles and holds the seeds that come with rasd as the last good
ones, as a daemon leaves it. ``edited seeds`` is the same search after a seed was edited that no
daemon has seen: all of them are checked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import thousand

PROJECT = Path(__file__).resolve().parents[1]
PASS = "python -c pass"
WORDS = "العراق AND اتفاقية"
# An installation keeps compiled modules, also where the machine's Python is told to write none.
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(PROJECT),
}
MAX_RATIOS = {"rasd --help": 8.0, "rasd search": 60.0}  # what is aimed at


def main() -> None:
    """Measure, print, and say which aims are met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="rasd-start-") as folder:
        commands = _commands(Path(folder))
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds + 1):  # the first round fills the caches of files
            for name, words in commands.items():
                taken[name].append(_seconds(words, Path(folder)))
    _print({name: statistics.median(seconds[1:]) for name, seconds in taken.items()})


def _commands(folder: Path) -> dict[str, list[str]]:
    config = thousand.write(folder)
    edited = folder / "seeds"
    shutil.copytree(PROJECT / "seeds", edited)
    topic = next((edited / "topics").glob("*.yml"))
    topic.write_text(topic.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    rasd = [sys.executable, "-m", "crawler"]
    ours = [*rasd, "--config", str(config)]
    return {
        PASS: [sys.executable, "-c", "pass"],
        "rasd --help": [*rasd, "--help"],
        "rasd --version": [*rasd, "--version"],
        "rasd search": [*ours, "search", WORDS],
        "rasd search, a concept": [*ours, "search", "concept:police AND visa"],
        "rasd search, edited seeds": [*ours, "--seeds", str(edited), "search", WORDS],
        "rasd show": [*ours, "show", "1"],
        "rasd status": [*ours, "status"],
        "rasd findings": [*ours, "findings"],
    }


def _seconds(words: list[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        words,
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    return time.perf_counter() - began


def _print(medians: dict[str, float]) -> None:
    for name, seconds in medians.items():
        ratio = seconds / medians[PASS]
        aim = MAX_RATIOS.get(name)
        judged = f"   aim {aim:.0f} x: {'met' if ratio <= aim else 'MISSED'}" if aim else ""
        print(f"{name:28}{1000 * seconds:8.0f} ms{ratio:8.1f} x{judged}")


if __name__ == "__main__":
    main()
