"""The entries of a very long feed beyond those that are read in full. Pure.

An outlet that publishes its whole archive in one feed would take the lenient parser half a minute
(R17). Beyond its limit only URLs, ids, titles and dates are read, by a strict parser, a hundred
thousand entries in a few seconds: every entry is compared with the known ones, none is lost.

They are transferred packed, in slices of ``ENTRIES_PER_SLICE``: as records they take 3 KB each.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.model import FeedEntry

ENTRIES_PER_SLICE = 250  # entries a piece: who unpacks and writes them holds nobody up for long
_LINKS = ("link", "url")
_IDS = ("guid", "id")
_DATES = ("pubDate", "published", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class BareEntry:
    """An entry of which only this is read; values as printed, "" if missing."""

    url: str = ""
    guid: str = ""
    title: str = ""
    published: str = ""


def read_bare_entries(body: bytes, first: int, most: int) -> Iterator[BareEntry]:
    """Yield the entries after the ``first`` ones, at most ``most``; malformed markup ends the
    iteration.
    """
    try:
        rows = etree.iterparse(
            io.BytesIO(body),
            events=("end",),
            tag=("{*}item", "{*}entry"),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            recover=True,
        )
        for number, (_, node) in enumerate(rows):
            if number >= first + most:
                return
            if number >= first:
                yield _parse_bare_entry(node)
            node.clear()
            if (above := node.getparent()) is not None and len(above) > 1:
                del above[0]  # else a hundred thousand empty nodes would stay
    except etree.LxmlError:
        return  # what stood before has been given


def pack(entries: Sequence[tuple[str, FeedEntry]]) -> bytes:
    """A slice of (URL key, entry) pairs as bytes; only the values of ``BareEntry`` are kept."""
    rows = [(key, e.url, e.title, e.guid, e.published) for key, e in entries]
    return zlib.compress(json.dumps(rows).encode(), 1)


def unpack(piece: bytes) -> list[tuple[str, FeedEntry]]:
    """The (URL key, entry) pairs of one slice."""
    return [
        (key, FeedEntry(url=url, title=title, guid=guid, published=published))
        for key, url, title, guid, published in json.loads(zlib.decompress(piece))
    ]


def _parse_bare_entry(node: etree._Element) -> BareEntry:
    said: dict[str, str] = {}
    for child in node.iterchildren("*"):
        name = str(child.tag).rpartition("}")[2].rpartition(":")[2]
        if name == "link" and (child.get("rel") or "alternate") != "alternate":
            continue
        if text := (child.text or "").strip() or (child.get("href") or "").strip():
            said.setdefault(name, text)
    return BareEntry(
        url=_first(said, _LINKS),
        guid=_first(said, _IDS),
        title=said.get("title", ""),
        published=_first(said, _DATES) or said.get("updated", ""),
    )


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")
