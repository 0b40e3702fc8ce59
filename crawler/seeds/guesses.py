"""Guess a source's country, time zone and slug from its host and its page's language tag. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from crawler import languages, query, urls
from crawler.model import Language

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 keeps it free for such uses
UNKNOWN_ZONE = "UTC"
_COUNTRY_OF_DOMAIN = {
    "UK": "GB"
}  # the one two-letter domain in common use that is no ISO 3166 code
_GENERIC_DOMAINS = frozenset(
    {"TV", "ME", "IO", "CO", "AI", "FM", "TO", "CC", "WS"}
)  # sold to everybody


def parse_zone_table(table: str) -> dict[str, tuple[str, ...]]:
    """Country → its time zones, from the text of tzdata's ``zone.tab``, which lists the main one
    first.
    """
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        fields = line.split("\t")
        if len(fields) >= 3 and not line.startswith("#"):
            found[fields[0]] = (*found.get(fields[0], ()), fields[2])
    return found


def guess_country(host: str, tag: str, known: Collection[str]) -> tuple[str, str]:
    """Return (country, where the guess comes from): the domain, else a language tag such as
    ``fr-CH``.
    """
    ending = host.rpartition(".")[2].upper()
    ending = _COUNTRY_OF_DOMAIN.get(ending, ending)
    if ending in known and ending not in _GENERIC_DOMAINS:
        return ending, f"guessed from .{host.rpartition('.')[2]}"
    region = re.split("[-_]", tag)[-1].upper() if re.search("[-_]", tag) else ""
    if region in known:
        return region, f"guessed from the page's language tag {tag}"
    return UNKNOWN_COUNTRY, "not known: write the outlet's own"


def guess_timezone(state: str, known: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return (time zone, where the guess comes from) for a country."""
    found = known.get(state, ())
    if not found:
        return UNKNOWN_ZONE, "not known: dates without a zone are read in it"
    if len(found) == 1:
        return found[0], "the country's only one"
    return found[0], f"guessed: the country has {len(found)}"


def supported_language(tag: str) -> Language | None:
    """The code of a language tag, or None if rasd doesn't support that language."""
    code = re.split("[-_]", tag.strip().lower())[0]
    return code if code in languages.CODES else None


def is_slug(text: str) -> bool:
    """Whether the text can be the name of a seed file."""
    return re.fullmatch(query.SLUG_PATTERN, text) is not None


def make_slug(url: str) -> str:
    """A slug made from the host: ``https://fr.news.example/`` → ``news-fr``."""
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    domain = urls.registrable(host)
    before = host.removesuffix(domain).strip(".")
    label = domain if re.fullmatch("[0-9.]+", domain) else domain.partition(".")[0]
    name = "-".join(part for part in (label, before.replace(".", "-")) if part)
    return _plain(name) or "source"


def slug_of_title(title: str, longest: int) -> str:
    """A slug made from whole words of a title, at most so long; "" without any Latin letter."""
    slug = _plain(title)
    return slug if len(slug) <= longest else slug[: longest + 1].rpartition("-")[0]


def _plain(text: str) -> str:
    """The letters a–z and digits of a text, with hyphens between them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
