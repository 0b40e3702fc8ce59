"""Read the folder of seed files, and the table of time zones. The only I/O of the package."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

from crawler import seeds
from crawler.errors import ConfigError, SeedError
from crawler.seeds import guesses
from crawler.seeds.problems import one_line

SUFFIX = ".yml"
MAX_BYTES = 4_000_000  # of a file, before it is read: a million characters of any script
GOLDEN_PAGES = "pages"  # a folder beside those of seeds: pages for ``rasd try --check``, no seeds
NEAR = 60  # characters of a line that a message shows
_SUFFIXES = (".yml", ".yaml")  # what a file has that was meant as a seed


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
    """The text of every seed file by its path relative to the folder.

    Raises SeedError with every file that can't be read as one: no regular file, not UTF-8, an
    ending such as ``.yaml``, which would be passed over in silence.
    """
    files: dict[str, str] = {}
    problems: list[str] = []
    for name, path in sorted(_entries(folder)):
        try:
            if (problem := _find_problem(path)) is not None:
                problems.append(f"{name}:1: {problem}")
            elif path.suffix == SUFFIX:
                files[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            problems.append(f"{name}:{_encoding_problem(error)}")
        except OSError as error:
            problems.append(f"{name}:1: cannot be read: {error.strerror}")
    if problems:
        raise SeedError(*map(one_line, problems))
    return files


def load_seeds(chosen: Path | None, kinds: Collection[str]) -> seeds.Seeds:
    """Return the seeds of a folder; ``kinds`` are the kinds of feed that can be polled.

    Raises SeedError with every problem of every file.
    """
    return seeds.load(read_seed_files(find_seeds_folder(chosen)), kinds=kinds)


class Load(Protocol):
    """Makes seeds of files, as ``seeds.load`` does."""

    def __call__(self, files: Mapping[str, str], *, kinds: Collection[str]) -> seeds.Seeds: ...


FolderState = tuple[tuple[str, int, int, int], ...]
"""Name, inode, time of change and size of all that is or looks like a seed file."""


def look(folder: Path) -> FolderState:
    """What the folder holds, without opening a file; another state is another content. Empty if
    there is no such folder."""
    seen = []
    for name, path in _entries(folder):
        try:
            of = path.stat()
        except OSError as error:  # deleted since, or a link to nothing
            seen.append((name, 0, 0, -(error.errno or 0)))
        else:
            seen.append((name, of.st_ino, max(of.st_mtime_ns, of.st_ctime_ns), of.st_size))
    return tuple(sorted(seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFolder:
    """The seeds of a folder, with what they were made of."""

    found: seeds.Seeds
    files: Mapping[str, str]  # path in the folder → text
    state: FolderState  # of the folder before it was read


def load_folder(
    chosen: Path | None, kinds: Collection[str], load: Load = seeds.load
) -> LoadedFolder:
    """As ``load_seeds``, with the files and the folder's state; ``load`` makes seeds of them."""
    folder = find_seeds_folder(chosen)
    state = look(folder)
    files = read_seed_files(folder)
    return LoadedFolder(found=load(files, kinds=kinds), files=files, state=state)


def require_sources(found: seeds.Seeds, folder: Path) -> None:
    """Raise SeedError if there is no source: nothing would be watched."""
    if not found.sources:
        raise SeedError(f"{folder}/sources: no source file; see docs/how-to/add-a-source.md")


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """The name, relative to the folder, and path of all that is or looks like a seed file."""
    for at, folders, names in os.walk(folder):
        here = Path(at)
        folders[:] = [name for name in folders if not name.startswith(".")]  # .git and such
        if here == folder and GOLDEN_PAGES in folders:
            folders.remove(GOLDEN_PAGES)
        links = [name for name in folders if (here / name).is_symlink()]
        seen = [name for name in folders if _is_seed_name(name)]
        shown = here == folder and [name for name in names if name in seeds.FOLDERS]
        for name in {*links, *seen, *(shown or ()), *filter(_is_seed_name, names)}:
            relative = (here / name).relative_to(folder).as_posix()
            yield os.fsencode(relative).decode("utf-8", "backslashreplace"), here / name


def _is_seed_name(name: str) -> bool:
    """Whether this is, or was meant as, a seed file's name; ``.#x.yml`` is an editor's lock."""
    return name.lower().endswith(_SUFFIXES) and not name.startswith((".#", "._"))


def _find_problem(path: Path) -> str | None:
    """Why this is no seed file; None if it is one, as far as can be seen from outside."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        kind = "a link to a folder" if path.is_symlink() else "a folder"
        return f"{kind}; a file was expected" if _is_seed_name(path.name) else f"{kind}: not read"
    if not stat.S_ISREG(mode):
        return "no regular file"
    if path.name in seeds.FOLDERS:
        return "a file; a folder was expected"
    if path.suffix != SUFFIX:
        return f"ends in {path.suffix}, and would not be read; rename it to {path.stem}{SUFFIX}"
    if path.stat().st_size > MAX_BYTES:
        return f"more than {MAX_BYTES:,} bytes; no seed is so long"
    return None


def _encoding_problem(error: UnicodeDecodeError) -> str:
    """The line of the first byte that isn't UTF-8, and what to do."""
    if error.object[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "1: not UTF-8 at byte 0: it looks like UTF-16; save it as UTF-8"
    before = error.object[: error.start]
    line = error.object.split(b"\n")[before.count(b"\n")]
    near = line.decode("utf-8", "backslashreplace").strip()[:NEAR]
    return f"{before.count(10) + 1}: not UTF-8 at byte {error.start}, in {near}; save it as UTF-8"


@cache
def country_zones() -> Mapping[str, tuple[str, ...]]:
    """The time zones of each country (ISO 3166) that tzdata knows, the main one first."""
    table = resources.files("tzdata") / "zoneinfo" / "zone.tab"
    return guesses.parse_zone_table(table.read_text(encoding="utf-8"))
