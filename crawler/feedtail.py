"""The far end of a very long feed: what is beyond the entries that were read in full. Pure.

An outlet that puts its whole archive into one feed would take the lenient parser half a minute
(R17). Beyond its limit only addresses, ids, titles and dates are read, strictly, a hundred thousand
entries in a few seconds: so every one can be compared with what is known, and none is lost.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

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
