"""Seed files: what is watched and searched. Paths and texts in, sources, topics and digests out.

Files are read strictly: an unknown key, language or concept, or a malformed rule is an error with
``file:line`` and a suggestion, and then nothing is loaded. Pure except ``folder``, which reads
files. Topics' examples are not run here (see ``matching.failed_examples``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from crawler.errors import SeedError, UnknownSeedError
from crawler.matching.topics import Concept, SavedQuery, Topic
from crawler.model import Source
from crawler.seeds import lexicon, queries
from crawler.seeds import topics as seed_topics
from crawler.seeds.digests import DigestFile, DigestRecipe, build_digest
from crawler.seeds.files import SeedDocument
from crawler.seeds.problems import one_line
from crawler.seeds.schema import BuiltSeeds, Shape
from crawler.seeds.sources import SourceFile, build_source

__all__ = ["FOLDERS", "Seeds", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The content of a seeds folder by slug, in the order of file names."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    queries: Mapping[str, SavedQuery] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    digests: Mapping[str, DigestRecipe] = field(default_factory=dict)


@dataclass(slots=True)
class _Problems:
    """What is wrong with the files, each mistake once: what names a file with mistakes is no
    mistake of its own."""

    lines: list[str] = field(default_factory=list)
    broken: set[tuple[str, str]] = field(default_factory=set)  # (folder, slug)

    def add(self, folder: str, slug: str, *lines: str) -> None:
        self.broken.add((folder, slug))
        self.lines.extend(one_line(line) for line in lines)

    def add_error(self, folder: str, slug: str, error: SeedError) -> None:
        echoes = isinstance(error, UnknownSeedError) and (error.folder, error.name) in self.broken
        self.add(folder, slug, *(() if echoes else error.problems))


def load(files: Mapping[str, str], *, kinds: Collection[str]) -> Seeds:
    """Return the seeds in these files; ``kinds`` are the kinds of feed that can be polled.

    ``files`` maps a path relative to the seeds folder (``sources/ma/hespress-ar.yml``) to its text.
    Raises SeedError with every problem of every file.
    """
    problems = _Problems()
    folders: dict[str, list[SeedDocument]] = {name: [] for name in SHAPES}
    for path, text in sorted(files.items()):
        folder = PurePosixPath(path).parts[0]
        if folder not in SHAPES or len(PurePosixPath(path).parts) < 2:
            problems.add(folder, path, f"{path}:1: in no known folder; known: {', '.join(SHAPES)}")
            continue
        try:
            folders[folder].append(SeedDocument.parse(path, text, SHAPES[folder]))
        except SeedError as error:
            problems.add_error(folder, PurePosixPath(path).stem, error)
    found: dict[str, dict[str, Any]] = {}
    for folder, build in BUILDERS.items():
        found[folder] = {}
        for file in folders[folder]:
            try:
                if file.slug in found[folder]:
                    raise SeedError(file.problem((), f"a second {folder} file named {file.slug!r}"))
                found[folder][file.slug] = build(file, found, kinds)
            except SeedError as error:
                problems.add_error(folder, file.slug, error)
        if folder == "lexicon":
            for slug, mistake in lexicon.check_related(found, folders[folder]):
                problems.add_error(folder, slug, mistake)
        if folder == "queries":
            for slug, mistake in queries.resolve_queries(found[folder], folders[folder]):
                problems.add_error(folder, slug, mistake)
    if problems.lines:
        raise SeedError(*problems.lines)
    return of_folders(found)


def of_folders(found: Mapping[str, Mapping[str, Any]]) -> Seeds:
    """The seeds, by the folders in which they stand."""
    return Seeds(
        sources=found["sources"],
        concepts=found["lexicon"],
        queries=found["queries"],
        topics=found["topics"],
        digests=found["digests"],
    )


SHAPES: dict[str, type[Shape]] = {  # of the files in each folder
    "sources": SourceFile,
    "lexicon": lexicon.ConceptFile,
    "queries": queries.QueryFile,
    "topics": seed_topics.TopicFile,
    "digests": DigestFile,
}
FOLDERS = tuple(SHAPES)  # one for each kind of file
BUILDERS: dict[str, Callable[[SeedDocument, BuiltSeeds, Collection[str]], Any]] = {
    "sources": build_source,
    "lexicon": lexicon.build_concept,
    "queries": queries.build_query,
    "topics": seed_topics.build_topic,
    "digests": build_digest,
}
