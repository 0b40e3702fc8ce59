"""Write the seed file of a draft source for a person to complete; every guess is marked. Pure.

``seeds.load`` reads the file back as the same source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.model import Feed, Source
from crawler.seeds.schema import MAX_LINE

COMMENT_WIDTH = 96  # characters of a comment's line


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDraft:
    """A source that no person has checked yet. ``guessed`` says of a key where its value comes
    from.
    """

    source: Source
    notes: Sequence[str] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file's path in a seeds folder."""
        return f"sources/{self.source.country.lower()}/{self.source.slug}.yml"


def write(draft: SourceDraft) -> str:
    """The text of the seed file."""
    source = draft.source
    lines = [f"# {line}" for note in draft.notes for line in wrapped(note)]

    def add(key: str, value: str) -> None:
        mark = f"  # {clean(draft.guessed[key])}" if key in draft.guessed else ""
        lines.append(f"{key}: {value}{mark}")

    # A stranger's title may be blank or a whole text: neither is a name that is read back.
    add("name", quoted(clean(source.name)[:MAX_LINE] or source.slug))
    if names := {k: clean(v)[:MAX_LINE] for k, v in source.names.items() if clean(v)}:
        add("names", _format_mapping({k: quoted(v) for k, v in names.items()}))
    add("home", quoted(source.home))
    add("country", source.country)
    add("languages", _format_sequence(source.languages))
    add("timezone", source.timezone)
    lines.append("feeds:")
    lines += [f"  - {_format_feed(feed)}" for feed in source.feeds]
    if source.hosts:
        add("hosts", _format_sequence([quoted(host) for host in source.hosts]))
    if source.delay_seconds is not None:
        add("delay", f"{int(source.delay_seconds)}s")
    if expect := _expect(source):
        add("expect", _format_mapping(expect))
    return "\n".join(lines) + "\n"


def _format_feed(feed: Feed) -> str:
    values = {
        "url": quoted(feed.url),
        "kind": feed.kind,
        "every": format_duration(feed.every_seconds),
    }
    if feed.links is not None:
        values |= {"links": quoted(feed.links), "pages": str(feed.pages)}
    if feed.next_page_selector is not None:
        values["next"] = quoted(feed.next_page_selector)
    return _format_mapping(values)


def _expect(source: Source) -> dict[str, str]:
    values = {}
    if source.articles_per_day is not None:
        values["articles_per_day"] = str(source.articles_per_day)
    if source.stale_after_hours is not None:
        values["stale_after"] = f"{source.stale_after_hours}h"
    return values


def format_duration(seconds: int) -> str:
    """A duration as seed files write it, in its largest whole unit: 15m, 6h, 2d."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _format_mapping(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}"


def _format_sequence(values: Sequence[str]) -> str:
    return "[" + ", ".join(values) + "]"


def quoted(text: str) -> str:
    """A text as YAML reads it back, in one line."""
    return json.dumps(clean(text), ensure_ascii=False)


def clean(text: str) -> str:
    """One line of printable characters: a page's title cannot begin a new line of the file."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def wrapped(note: str) -> list[str]:
    """The note in lines of at most ``COMMENT_WIDTH`` characters, if its words are no longer."""
    lines = [""]
    for word in clean(note).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > COMMENT_WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]
