"""Read the folder of seed files, and the table of time zones. The only I/O of the package."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from crawler import seeds
from crawler.errors import ConfigError, SeedError
from crawler.seeds import guesses


def find_seeds_folder(chosen: Path | None) -> Path:
    """The chosen folder, or the one in the installed package, or the checkout's. Raises
    ConfigError.
    """
    if chosen is not None:
        if not chosen.is_dir():
            raise ConfigError(f"{chosen}: no such seeds folder")
        return chosen
    packaged = Path(str(resources.files("crawler"))) / "_data" / "seeds"
    checkout = Path(str(resources.files("crawler"))).parent / "seeds"
    return packaged if packaged.is_dir() else checkout


def read_seed_files(folder: Path) -> dict[str, str]:
    """The text of every seed file by its path relative to the folder. Raises SeedError if one
    isn't UTF-8.
    """
    files = {}
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SeedError(f"{name}:1: not UTF-8 at byte {error.start}") from error
    return files


def load_seeds(chosen: Path | None, kinds: Collection[str]) -> seeds.Seeds:
    """Return the seeds of a folder; ``kinds`` are the kinds of feed that can be polled.

    Raises SeedError with every problem of every file.
    """
    return seeds.load(read_seed_files(find_seeds_folder(chosen)), kinds=kinds)


@cache
def country_zones() -> Mapping[str, tuple[str, ...]]:
    """The time zones of each country (ISO 3166) that tzdata knows, the main one first."""
    table = resources.files("tzdata") / "zoneinfo" / "zone.tab"
    return guesses.parse_zone_table(table.read_text(encoding="utf-8"))
