"""Seed files that a machine writes for a person to finish: every guess is marked where it stands. Pure.

``write`` gives a file that ``seeds.load`` takes back as the same source; country and time zone are
guessed from the address and the page's language tag, and where nothing tells they are ``ZZ`` and UTC.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler import languages, urls
from crawler.model import Feed, Language, Source

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 keeps it free for such uses
UNKNOWN_ZONE = "UTC"
_WIDTH = 96  # characters of a comment's line
_TLD = {"UK": "GB"}  # the one two-letter domain in common use that is no ISO 3166 code
_STRAY = frozenset(
    {"TV", "ME", "IO", "CO", "AI", "FM", "LY", "TO", "CC", "WS"}
)  # sold to everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDraft:
    """A source not yet looked at by a person. ``guessed`` says of a key whence its value is."""

    source: Source
    notes: Sequence[str] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the file belongs in a seeds folder."""
        return f"sources/{self.source.country.lower()}/{self.source.slug}.yml"


def write(draft: SourceDraft) -> str:
    """The seed file's text."""
    source = draft.source
    lines = [f"# {line}" for note in draft.notes for line in _wrapped(note)]

    def say(key: str, value: str) -> None:
        mark = f"  # {_clean(draft.guessed[key])}" if key in draft.guessed else ""
        lines.append(f"{key}: {value}{mark}")

    say("name", _quoted(source.name))
    if source.names:
        say("names", _mapping({k: _quoted(v) for k, v in source.names.items()}))
    say("home", _quoted(source.home))
    say("country", source.country)
    say("languages", _sequence(source.languages))
    say("timezone", source.timezone)
    lines.append("feeds:")
    lines += [f"  - {_feed(feed)}" for feed in source.feeds]
    if source.hosts:
        say("hosts", _sequence([_quoted(host) for host in source.hosts]))
    if source.delay_seconds is not None:
        say("delay", f"{int(source.delay_seconds)}s")
    if expect := _expect(source):
        say("expect", _mapping(expect))
    return "\n".join(lines) + "\n"


def _feed(feed: Feed) -> str:
    said = {"url": _quoted(feed.url), "kind": feed.kind, "every": length(feed.every_seconds)}
    if feed.links is not None:
        said |= {"links": _quoted(feed.links), "pages": str(feed.pages)}
    if feed.next_page_selector is not None:
        said["next"] = _quoted(feed.next_page_selector)
    return _mapping(said)


def _expect(source: Source) -> dict[str, str]:
    said = {}
    if source.articles_per_day is not None:
        said["articles_per_day"] = str(source.articles_per_day)
    if source.stale_after_hours is not None:
        said["stale_after"] = f"{source.stale_after_hours}h"
    return said


def length(seconds: int) -> str:
    """A duration as a seed file writes it, in its largest whole unit."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _mapping(said: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in said.items()) + "}"


def _sequence(said: Sequence[str]) -> str:
    return "[" + ", ".join(said) + "]"


def _quoted(text: str) -> str:
    return json.dumps(_clean(text), ensure_ascii=False)


def _clean(text: str) -> str:
    """One line of what can be shown: a stranger's title cannot begin a line of the file."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _wrapped(note: str) -> list[str]:
    lines = [""]
    for word in _clean(note).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > _WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]


# ── guesses ───────────────────────────────────────────────────────────────────────────────────


def zones(table: str) -> dict[str, tuple[str, ...]]:
    """Country → its time zones, of the text of tzdata's ``zone.tab``; the first is the capital's
    or the most peopled, as that table orders them."""
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        fields = line.split("\t")
        if len(fields) >= 3 and not line.startswith("#"):
            found[fields[0]] = (*found.get(fields[0], ()), fields[2])
    return found


def country(host: str, tag: str, known: Collection[str]) -> tuple[str, str]:
    """(country, whence): of the domain's ending, else of a language tag such as ``fr-CH``."""
    ending = host.rpartition(".")[2].upper()
    ending = _TLD.get(ending, ending)
    if ending in known and ending not in _STRAY:
        return ending, f"guessed from .{host.rpartition('.')[2]}"
    region = re.split("[-_]", tag)[-1].upper() if re.search("[-_]", tag) else ""
    if region in known:
        return region, f"guessed from the page's language tag {tag}"
    return UNKNOWN_COUNTRY, "not known: write the outlet's own"


def timezone(state: str, known: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """(time zone, whence) of a country."""
    found = known.get(state, ())
    if not found:
        return UNKNOWN_ZONE, "not known: dates without a zone are read in it"
    if len(found) == 1:
        return found[0], "the country's only one"
    return found[0], f"guessed: the country has {len(found)}"


def language(tag: str) -> Language | None:
    """Our code for a language tag, or None where it is none of those rasd reads."""
    code = re.split("[-_]", tag.strip().lower())[0]
    return code if code in languages.CODES else None


def is_slug(text: str) -> bool:
    """Whether this can be a seed file's name."""
    return re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text) is not None


def slug(url: str) -> str:
    """A name for the file, of the host: ``https://fr.news.example/`` → ``news-fr``."""
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    domain = urls.registrable(host)
    before = host.removesuffix(domain).strip(".")
    label = domain if re.fullmatch("[0-9.]+", domain) else domain.partition(".")[0]
    name = "-".join(part for part in (label, before.replace(".", "-")) if part)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") or "source"
