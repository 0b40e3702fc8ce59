"""Under which address each entry of a window is known, and what tells entries apart. Pure.

An entry is known by the key of its address. Some feeds give all their entries one address, or
addresses that differ behind the # only: each of them is a story of its own, known by that key and
its ``identity``, and judged by its own title and summary. What the page there shows is none of
them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from crawler import urls
from crawler.model import FeedEntry, FeedWindow, Sighting
from crawler.polling.titles import are_apart

# Different titles at one address, where neither ids nor fragments differ; two of them if they have
# hardly a word in common: else the story was retitled.
MIN_TITLES_OF_LIST = 3
MAX_PRINTED_CHARACTERS = 100  # of a link that can't be used, in a poll's line

Keyed = tuple[str, FeedEntry]
"""An entry and the key by which it is known."""


def placed(window: FeedWindow, home: Collection[str], hosts: Collection[str]) -> list[FeedEntry]:
    """The window's entries at their own addresses.

    Feed proxies put an address of their own in the link; the outlet's stands in ``own_urls``.
    ``home``: the registrable domains of the outlet, ``hosts``: with those of its feeds.
    """
    if not window.own_urls:
        return list(window.entries)
    often = Counter(entry.url for entry in window.entries)
    return [
        _at_own_address(entry, own, home, hosts, shared=often[entry.url] > 1)
        for entry, own in zip(window.entries, window.own_urls, strict=True)
    ]


def _at_own_address(
    entry: FeedEntry,
    own: Sequence[str],
    home: Collection[str],
    hosts: Collection[str],
    *,
    shared: bool,
) -> FeedEntry:
    if not own:
        return entry
    at_home = [url for url in own if urls.registrable(url) in home]
    site = urls.registrable(entry.url)
    if at_home and (shared or site not in home):
        return replace(entry, url=at_home[0])
    if site not in hosts and (found := [u for u in own if urls.registrable(u) in hosts]):
        return replace(entry, url=found[0])
    return entry


def told_apart(keyed: Sequence[Keyed], shared: Collection[str] = ()) -> list[Keyed]:
    """The same entries in their order; those that share an address have an identity and a key of
    their own. ``shared``: keys that are known to be shared, whoever lists them.
    """
    groups: dict[str, list[FeedEntry]] = {}
    for key, entry in keyed:
        groups.setdefault(key, []).append(entry)
    told_by = {key: _told_by(group, known=key in shared) for key, group in groups.items()}
    if not any(told_by.values()):
        return list(keyed)
    return [
        identified(key, entry, told_by[key]) if told_by[key] else (key, entry)
        for key, entry in keyed
    ]


def _told_by(group: Sequence[FeedEntry], *, known: bool) -> str:
    """The field that tells entries at one address apart; "" if it is one story that is repeated."""
    titles = _different(entry.title for entry in group)
    if len(titles) < 2 and not known:
        return ""
    for field in ("guid", "fragment"):
        if len(_different(getattr(entry, field) or "" for entry in group)) > 1:
            return field
    if known:
        return "guid"
    several = len(titles) >= MIN_TITLES_OF_LIST or (len(titles) == 2 and are_apart(*titles))
    return "title" if several else ""


def _different(texts: Iterable[str]) -> set[str]:
    return {folded for text in texts if (folded := _folded(text))}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def identified(key: str, entry: FeedEntry, told_by: str) -> tuple[str, FeedEntry]:
    """The key and the entry of one that shares its address, told from the others by this field."""
    said = getattr(entry, told_by) or entry.fragment or _folded(entry.title)
    identity = hashlib.sha256(said.encode(errors="replace")).hexdigest()[:16]
    url = urls.with_fragment(entry.url, entry.fragment)
    return f"{key}#{identity}", replace(entry, url=url, identity=identity)


def shared_key(key: str) -> str:
    """The key by which is known that several entries share the address of this key."""
    return f"{key.partition('#')[0]}#"


def window_key(sighting: Sighting) -> str:
    """The key by which the window's entry is known that a sighting is of."""
    first = sighting.again_of is None
    return sighting.url_key if first else sighting.url_key.rpartition("#")[0]


def own_words(entry: FeedEntry) -> bytes:
    """What is kept in the place of a page for an entry that shares its address."""
    words = {"title": entry.title, "summary": entry.summary, "published": entry.published}
    return json.dumps(words, ensure_ascii=False).encode(errors="replace")


def unlinked_key(entry: FeedEntry) -> str:
    """The key of an entry without a usable link; no address has such a one."""
    told = "\n".join((entry.guid or "", entry.url, entry.title))
    return f"no-link:{hashlib.sha256(told.encode(errors='replace')).hexdigest()[:32]}"


def unlinked_detail(window: FeedWindow) -> str:
    """How many entries have no usable link, and what the first of them has in its place."""
    printed = next((entry.url for entry in window.unlinked if entry.url), "")
    shown = " ".join(printed.split())[:MAX_PRINTED_CHARACTERS]
    one = window.unusable == 1
    said = f"{window.unusable} {'entry has' if one else 'entries have'} no usable link"
    return f"{said} ({shown})" if shown else said
