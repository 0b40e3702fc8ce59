"""Which of an entry's links leads to its story. Pure.

An entry may link to pictures, to the same story as JSON or in another language, to its comments and
to itself; a feed proxy links to itself and keeps the outlet's link in ``origLink`` or in the guid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawler import urls
from crawler.feeds.raw_feed import RawEntry
from crawler.languages.detect import detect

MAX_LINKS = 20  # of an entry, that are looked at

_ORIGINAL = ("feedburner_origlink", "pheedo_origlink", "origlink", "atom_origlink")
_PAGES = frozenset({"", "text/html", "application/xhtml+xml"})
_STORY = frozenset({"", "alternate", "canonical"})
_NEARLY = ("related", "self", "via", "shorturl", "shortlink")  # better than no link at all
_LEADS = re.compile(r"[?&][^=&#]{1,40}=https?(?::|%3a)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|mp[34]|m4[av]|webm|pdf|json|xml|atom|rss)(?:[?#]|$)",
    re.IGNORECASE,
)


def best_first(entry: Mapping[str, Any], title: str) -> tuple[str, ...]:
    """The links of an entry of feedparser's that lead to its story, as printed: the one to ask for,
    then what a feed proxy keeps of the outlet's own. Empty if it has none.
    """
    given = entry.get("links") or ()
    links = [link for link in given[:MAX_LINKS] if isinstance(link.get("href"), str)]
    stories = [link for link in links if _rel(link) in _STORY]
    pages = [link for link in stories if _is_page(link)] or stories
    found = [_in_language(pages, title, str(entry.get("link")))] if pages else []
    originals = [entry.get(name) for name in _ORIGINAL]
    found += [link for link in originals if isinstance(link, str) and link.strip()]
    if not found:
        found = [link["href"] for rel in _NEARLY for link in links if _rel(link) == rel]
    return tuple(found)


def first_usable(row: RawEntry, base: str) -> tuple[str, str | None]:
    """The first link of an entry that can be asked for, as printed and as it is asked for.

    A guid that is an address is one, too. None, with what was printed, if there is none.
    """
    guid = str(row.guid or "")
    tried = [link for link in (row.url, *row.own_urls) if link]
    tried += [guid] if guid[:5].lower() == "http:" or guid[:6].lower() == "https:" else []
    for printed in tried:
        if (link := urls.read_link(printed, base)) is not None:
            return printed, link
    return (tried[0] if tried else ""), None


def own_urls(url: str, row: RawEntry, base: str) -> tuple[str, ...]:
    """The addresses that an entry names as its own beside this one, best first.

    A guid counts where it leads to another site than the link or where all else is missing: many
    guids look like addresses and lead nowhere.
    """
    cleaned = [urls.read_link(link, base) for link in row.own_urls]
    found = [link for link in cleaned if link is not None and link != url]
    guid = str(row.guid or "")
    link = urls.clean(guid) if guid[:4].lower() == "http" else None
    if link is not None and urls.registrable(link) != urls.registrable(url):
        found.append(link)
    found += _named_within(url)
    return tuple(dict.fromkeys(found))


def _named_within(url: str) -> list[str]:
    """The addresses on other sites that a link has as parameters: alerts, share buttons and
    counters name where they lead."""
    if not _LEADS.search(url):
        return []
    said = parse_qsl(urlsplit(url).query)[:MAX_LINKS]
    links = [urls.clean(value) for _, value in said if value[:4].lower() == "http"]
    here = urls.registrable(url)
    return [link for link in links if link is not None and urls.registrable(link) != here]


def _in_language(links: Sequence[Mapping[str, Any]], title: str, chosen: str) -> str:
    """The link in the language of the title, if they are in several; else the one that feedparser
    has chosen, or the first.
    """
    named = {str(link.get("hreflang") or "")[:2].lower() for link in links} - {""}
    if len(named) > 1 and (spoken := detect(title, tuple(sorted(named)))):
        links = [link for link in links if _speaks(link, spoken)] or links
    return chosen if any(link["href"] == chosen for link in links) else str(links[0]["href"])


def _speaks(link: Mapping[str, Any], language: str) -> bool:
    return str(link.get("hreflang") or "")[:2].lower() == language


def _rel(link: Mapping[str, Any]) -> str:
    return str(link.get("rel") or "").strip().lower()


def _is_page(link: Mapping[str, Any]) -> bool:
    media_type = str(link.get("type") or "").partition(";")[0].strip().lower()
    return media_type in _PAGES and not _FILE.search(link["href"])
