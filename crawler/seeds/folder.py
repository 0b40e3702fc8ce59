"""The folder of seed files on disk: which one is used, and its texts. The only I/O of the package."""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources
from pathlib import Path

from crawler import seeds
from crawler.errors import ConfigError, SeedError


def seeds_folder(chosen: Path | None) -> Path:
    """The folder of seeds: the chosen one, those in the wheel, or the checkout's."""
    if chosen is not None:
        if not chosen.is_dir():
            raise ConfigError(f"{chosen}: no such seeds folder")
        return chosen
    packaged = Path(str(resources.files("crawler"))) / "_data" / "seeds"
    checkout = Path(str(resources.files("crawler"))).parent / "seeds"
    return packaged if packaged.is_dir() else checkout


def seed_files(folder: Path) -> dict[str, str]:
    """Every seed file's text by its path relative to the folder. SeedError where one isn't UTF-8."""
    files = {}
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SeedError(f"{name}:1: not UTF-8 at byte {error.start}") from error
    return files


def load_seeds(chosen: Path | None, kinds: Collection[str]) -> seeds.Seeds:
    """The seeds of a folder, read strictly; ``kinds`` are the kinds of feed that can be polled.

    SeedError lists every problem of every file.
    """
    return seeds.load(seed_files(seeds_folder(chosen)), kinds=kinds)
