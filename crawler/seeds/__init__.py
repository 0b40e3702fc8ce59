"""What is watched: seed files, read strictly. ``{path: text}`` in, sources, topics and digests out.

A key that is not known, a language that is not one, a rule that cannot be parsed is an error with
``file:line``, what was found and what was meant; one bad seed and nothing is loaded. This module
opens no file (``app`` reads the folder) and judges no text (``matching`` runs the examples).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from crawler.errors import SeedError
from crawler.matching.topics import Concept, Example, Label, SavedQuery, Term, Topic
from crawler.model import Source
from crawler.seeds import lexicon
from crawler.seeds import topics as seed_topics
from crawler.seeds.digests import DigestFile, DigestRecipe, digest
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import Shape
from crawler.seeds.sources import SourceFile, source

__all__ = [
    "Concept", "DigestRecipe", "Example", "Label", "SavedQuery", "Seeds", "Term", "Topic", "load",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Everything a seeds folder holds, by slug, in the order of the files' names."""

    sources: dict[str, Source] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    queries: dict[str, SavedQuery] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    digests: dict[str, DigestRecipe] = field(default_factory=dict)


def load(files: Mapping[str, str], *, kinds: Collection[str]) -> Seeds:
    """The seeds in these files; ``kinds`` are the kinds of feed that can be polled.

    ``files`` maps a path relative to the seeds folder (``sources/ma/hespress-ar.yml``) to its text.
    SeedError lists every problem of every file at once.
    """
    problems: list[str] = []
    folders: dict[str, list[SeedDocument]] = {name: [] for name in _SHAPES}
    for path, text in sorted(files.items()):
        folder = PurePosixPath(path).parts[0]
        if folder not in _SHAPES or len(PurePosixPath(path).parts) < 2:
            problems.append(f"{path}:1: in no known folder; known: {', '.join(_SHAPES)}")
            continue
        try:
            folders[folder].append(SeedDocument.read(path, text, _SHAPES[folder]))
        except SeedError as error:
            problems.extend(error.problems)
    found: dict[str, dict[str, Any]] = {}
    for folder, build in _BUILDERS.items():
        found[folder] = {}
        for file in folders[folder]:
            try:
                if file.slug in found[folder]:
                    raise SeedError(file.problem((), f"a second {folder} file named {file.slug!r}"))
                found[folder][file.slug] = build(file, found, kinds)
            except SeedError as error:
                problems.extend(error.problems)
        if folder == "queries":
            problems.extend(seed_topics.resolved(found[folder], folders[folder]))
    if problems:
        raise SeedError(*problems)
    return Seeds(
        sources=found["sources"],
        concepts=found["lexicon"],
        queries=found["queries"],
        topics=found["topics"],
        digests=found["digests"],
    )


_SHAPES: dict[str, type[Shape]] = {
    "sources": SourceFile,
    "lexicon": lexicon.ConceptFile,
    "queries": seed_topics.QueryFile,
    "topics": seed_topics.TopicFile,
    "digests": DigestFile,
}
_BUILDERS = {
    "sources": source,
    "lexicon": lexicon.concept,
    "queries": seed_topics.saved,
    "topics": seed_topics.topic,
    "digests": digest,
}
