"""The far end of a very long feed: what is beyond the entries that were read in full. Pure.

An outlet that puts its whole archive into one feed would take the lenient parser half a minute
(R17). Beyond its limit only addresses, ids, titles and dates are read, strictly, a hundred thousand
entries in a few seconds: so every one can be compared with what is known, and none is lost.

They travel packed, SLICE by SLICE: as records they would take 3 KB each of whoever receives them.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.model import FeedEntry

SLICE = 250  # entries a piece: who unpacks and writes them holds nobody up for long
_LINKS = ("link", "url")
_IDS = ("guid", "id")
_DATES = ("pubDate", "published", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """An entry of which only this was read; as printed, "" where it has none."""

    url: str = ""
    guid: str = ""
    title: str = ""
    published: str = ""


def beyond(body: bytes, first: int, most: int) -> Iterator[Bare]:
    """The entries after the first so many, ``most`` of them at most; what is broken ends it."""
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
                yield _bare(node)
            node.clear()
            if (above := node.getparent()) is not None and len(above) > 1:
                del above[0]  # else a hundred thousand empty nodes would stay
    except etree.LxmlError:
        return  # what stood before has been given


def pack(entries: Sequence[tuple[str, FeedEntry]]) -> bytes:
    """A slice of entries with their url keys; of each only what ``Bare`` has."""
    rows = [(key, e.url, e.title, e.guid, e.published) for key, e in entries]
    return zlib.compress(json.dumps(rows).encode(), 1)


def unpack(piece: bytes) -> list[tuple[str, FeedEntry]]:
    """The entries of one slice."""
    return [
        (key, FeedEntry(url=url, title=title, guid=guid, published=published))
        for key, url, title, guid, published in json.loads(zlib.decompress(piece))
    ]


def _bare(node: etree._Element) -> Bare:
    said: dict[str, str] = {}
    for child in node.iterchildren("*"):
        name = str(child.tag).rpartition("}")[2].rpartition(":")[2]
        if name == "link" and (child.get("rel") or "alternate") != "alternate":
            continue
        if text := (child.text or "").strip() or (child.get("href") or "").strip():
            said.setdefault(name, text)
    return Bare(
        url=_first(said, _LINKS),
        guid=_first(said, _IDS),
        title=said.get("title", ""),
        published=_first(said, _DATES) or said.get("updated", ""),
    )


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")
