"""Seeds of files that are known to be without mistakes: each is parsed when it is first asked for.

A search asks for the words of one concept, and needn't wait for ninety others and three topics.
Which files are known so is for the caller to say; a mistake in one raises SeedError when the file
is asked for, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from crawler import seeds
from crawler.matching.topics import SavedQuery
from crawler.seeds import queries
from crawler.seeds.files import SeedDocument

_T = TypeVar("_T")


class OnDemand(Mapping[str, _T], Generic[_T]):
    """A mapping with these keys, in their order; each value is made when it is first asked for."""

    def __init__(self, keys: Collection[str], make: Callable[[str], _T]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = cache(make)

    def __getitem__(self, key: str) -> _T:
        if key not in self._keys:
            raise KeyError(key)
        return self._make(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def load(files: Mapping[str, str], *, kinds: Collection[str]) -> seeds.Seeds:
    """The seeds in these files, as ``seeds.load`` would return them."""
    paths: dict[str, dict[str, str]] = {folder: {} for folder in seeds.FOLDERS}
    for path in sorted(files):
        named = PurePosixPath(path)
        paths[named.parts[0]][named.stem] = path
    found: dict[str, Mapping[str, object]] = {}

    def parse(folder: str, slug: str) -> SeedDocument:
        path = paths[folder][slug]
        return SeedDocument.parse(path, files[path], seeds.SHAPES[folder])

    def of(folder: str) -> OnDemand[object]:
        build = seeds.BUILDERS[folder]
        return OnDemand(paths[folder], lambda slug: build(parse(folder, slug), found, kinds))

    @cache
    def saved() -> Mapping[str, SavedQuery]:
        """All of them: each may name others."""
        documents = [parse("queries", slug) for slug in paths["queries"]]
        built = {file.slug: queries.build_query(file, found, kinds) for file in documents}
        for _, mistake in queries.resolve_queries(built, documents):
            raise mistake
        return built

    found.update({folder: of(folder) for folder in seeds.FOLDERS if folder != "queries"})
    found["queries"] = OnDemand(paths["queries"], lambda slug: saved()[slug])
    return seeds.of_folders(found)
