"""What is watched: seed files, read strictly. ``{path: text}`` in, sources, topics and digests out.

A key that is not known, a language that is not one, a rule that cannot be parsed is an error with
``file:line``, what was found and what was meant; one bad seed and nothing is loaded. This module
opens no file (``app`` reads the folder) and judges no text (``matching`` runs the examples).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import cssselect
import yaml
from pydantic import BeforeValidator, Field, ValidationError

from crawler import complaints, pagerules, spots, topicfiles
from crawler.errors import SeedError
from crawler.model import Feed, Language, Source
from crawler.shapes import LANGUAGES, Found, Host, Lang, Place, Shape, Titles
from crawler.topics import Concept, Example, Label, SavedQuery, Term, Topic

__all__ = [
    "LANGUAGES", "Concept", "DigestRecipe", "Example", "Label", "SavedQuery", "Seeds", "Term", "Topic", "load",
]  # fmt: skip

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecipe:
    """What a digest holds and when it goes out; who gets it stands in the archive."""

    slug: str
    title: dict[Language, str]
    topics: tuple[str, ...]
    languages: tuple[Language, ...]  # the first frames the mail
    hour: time
    timezone: str
    when_empty: Literal["line", "silence"] = "line"
    max_events: int = 12


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
    folders: dict[str, list[_File]] = {name: [] for name in _SHAPES}
    for path, text in sorted(files.items()):
        folder = PurePosixPath(path).parts[0]
        if folder not in _SHAPES or len(PurePosixPath(path).parts) < 2:
            problems.append(f"{path}:1: in no known folder; known: {', '.join(_SHAPES)}")
            continue
        try:
            folders[folder].append(_File.read(path, text, _SHAPES[folder]))
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
            problems.extend(topicfiles.resolved(found[folder], folders[folder]))
    if problems:
        raise SeedError(*problems)
    return Seeds(
        sources=found["sources"],
        concepts=found["lexicon"],
        queries=found["queries"],
        topics=found["topics"],
        digests=found["digests"],
    )


# ── the shapes of the files ───────────────────────────────────────────────────────────────────


def _seconds(value: object) -> object:
    match = re.fullmatch(r"(\d+)([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no duration; write 30s, 15m, 6h or 2d")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]


def _zone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone, such as Asia/Baghdad") from error
    return value


def _hour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-2]?\d:[0-5]\d", value):
        raise ValueError(f'{value!r} is no time of day; write it in quotes, such as "07:30"')
    hours, _, minutes = value.partition(":")
    return time(int(hours), int(minutes))


def _selector(value: object) -> object:
    try:
        cssselect.parse(str(value))
    except cssselect.SelectorError as error:
        raise ValueError(f"{value!r} is no CSS selector: {error}") from error
    return value


Selector = Annotated[str, BeforeValidator(_selector)]
Seconds = Annotated[int, BeforeValidator(_seconds)]
Zone = Annotated[str, BeforeValidator(_zone)]
class _Expect(Shape):
    articles_per_day: int | None = None
    stale_after: Seconds | None = None


class _FeedShape(Shape):
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    kind: str = "feed"
    every: Seconds = 900
    links: Selector | None = None
    next: Selector | None = None
    pages: Annotated[int, Field(ge=1, le=20)] = 3
    render: bool = False


class _SourceFile(Shape):
    name: str
    names: dict[Lang, str] = {}
    home: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    languages: Annotated[list[Lang], Field(min_length=1)]
    timezone: Zone
    feeds: Annotated[list[_FeedShape], Field(min_length=1)]
    hosts: list[Host] = []
    delay: Seconds | None = None
    expect: _Expect = _Expect()
    pages: list[pagerules.PageRuleShape] = []


class _DigestFile(Shape):
    title: Titles
    topics: Annotated[list[str], Field(min_length=1)]
    languages: Annotated[list[Lang], Field(min_length=1)]
    hour: Annotated[time, BeforeValidator(_hour)]
    timezone: Zone
    when_empty: Literal["line", "silence"] = "line"
    max_events: Annotated[int, Field(ge=1)] = 12


_SHAPES: dict[str, type[Shape]] = {
    "sources": _SourceFile,
    "lexicon": topicfiles.ConceptFile,
    "queries": topicfiles.QueryFile,
    "topics": topicfiles.TopicFile,
    "digests": _DigestFile,
}


# ── one file, and where each of its values stands ─────────────────────────────────────────────

@dataclass(frozen=True, slots=True)
class _File:
    path: str
    slug: str
    shape: Any
    lines: dict[Place, int]
    text: str
    spans: dict[Place, tuple[int, int]]

    @classmethod
    def read(cls, path: str, text: str, shape: type[Shape]) -> _File:
        slug = PurePosixPath(path).stem
        if not _SLUG.fullmatch(slug):
            raise SeedError(f"{path}:1: {slug!r} is no slug; use lower-case letters, digits, hyphens")
        lines: dict[Place, int] = {}
        spans: dict[Place, tuple[int, int]] = {}
        try:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            data = _plain(node, (), lines, spans, path) if node is not None else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SeedError(f"{path}:{line}: not YAML: {error.problem}") from error
        try:
            return cls(path, slug, shape.model_validate(data), lines, text, spans)
        except ValidationError as error:
            raise SeedError(*complaints.complaints(path, shape, error, lines)) from error

    def line(self, place: Place) -> int:
        return complaints.line(self.lines, place)

    def spot(self, place: Place, position: int) -> str:
        value = self.shape.model_dump(mode="python")
        for key in place:
            value = value[key]
        line, column = spots.spot(self.text, self.spans[place], value, position)
        return f"{self.path}:{line}:{column}"

    def problem(self, place: Place, message: str) -> str:
        return f"{self.path}:{self.line(place)}: {message}"


def _plain(
    node: Any, place: Place, lines: dict[Place, int], spans: dict[Place, tuple[int, int]], path: str
) -> Any:
    """The node as plain data; ``lines`` learns the 1-based line of every value, ``spans`` where texts
    begin and end. Twice a key is an error."""
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in found:
                raise SeedError(f"{path}:{key_node.start_mark.line + 1}: {key!r} stands twice")
            found[key] = _plain(value_node, (*place, key), lines, spans, path)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, n), lines, spans, path) for n, item in enumerate(node.value)]
    spans[place] = node.start_mark.index, node.end_mark.index
    return _scalar(node)


def _scalar(node: Any) -> Any:
    # Only numbers are more than text: an unquoted no or 07:30 stays what the analyst typed.
    if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"-?\d+", node.value):
        return int(node.value)
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _source(file: _File, found: Found, kinds: Collection[str]) -> Source:
    shape: _SourceFile = file.shape
    for n, feed in enumerate(shape.feeds):
        if feed.kind not in kinds:
            known = ", ".join(sorted(kinds))
            raise SeedError(
                file.problem(("feeds", n, "kind"), f"unknown kind {feed.kind!r}; known: {known}")
            )
        _check_feed(file, n, shape.feeds)
    return Source(
        slug=file.slug,
        name=shape.name,
        names=shape.names,
        home=shape.home,
        country=shape.country,
        languages=tuple(shape.languages),
        timezone=shape.timezone,
        feeds=tuple(_feed(f) for f in shape.feeds),
        hosts=tuple(shape.hosts),
        pages=pagerules.rules(shape.pages, file),
        delay_seconds=shape.delay,
        articles_per_day=shape.expect.articles_per_day,
        stale_after_hours=shape.expect.stale_after and shape.expect.stale_after // 3600,
    )


def _feed(shape: _FeedShape) -> Feed:
    return Feed(
        url=shape.url,
        kind=shape.kind,
        every_seconds=shape.every,
        links=shape.links,
        next=shape.next,
        pages=shape.pages,
        render=shape.render,
    )


def _check_feed(file: _File, n: int, feeds: Sequence[_FeedShape]) -> None:
    """What one feed's keys say together, and that no feed stands twice (its url is its identity)."""
    feed = feeds[n]
    if feed.url in (f.url for f in feeds[:n]):
        raise SeedError(file.problem(("feeds", n, "url"), f"{feed.url} stands twice"))
    if feed.kind == "section":
        if feed.links is None:
            wanted = "the key 'links' is missing: a section needs the CSS selector of its articles"
            raise SeedError(file.problem(("feeds", n), wanted))
        return
    for key in ("links", "next", "pages", "render"):
        if key in feed.model_fields_set:
            said = f"{key!r} belongs to kind section, this feed is of kind {feed.kind!r}"
            raise SeedError(file.problem(("feeds", n, key), said))


def _digest(file: _File, found: Found, kinds: Collection[str]) -> DigestRecipe:
    shape: _DigestFile = file.shape
    for n, topic in enumerate(shape.topics):
        if topic not in found["topics"]:
            raise SeedError(file.problem(("topics", n), f"no topic {topic!r} in topics/"))
    return DigestRecipe(
        slug=file.slug,
        title=shape.title,
        topics=tuple(shape.topics),
        languages=tuple(shape.languages),
        hour=shape.hour,
        timezone=shape.timezone,
        when_empty=shape.when_empty,
        max_events=shape.max_events,
    )


_BUILDERS = {
    "sources": _source,
    "lexicon": topicfiles.concept,
    "queries": topicfiles.saved,
    "topics": topicfiles.topic,
    "digests": _digest,
}
