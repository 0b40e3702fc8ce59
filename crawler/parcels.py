"""What the archive keeps of a page beside its article, made ready where the page is read. Pure.

To pack a page and fold its words costs as much as to read it by its template. Workers do that side
by side; the one thread that writes would do it for every page in turn.
"""

from __future__ import annotations

import threading

import zstandard

from crawler import languages
from crawler.errors import Damaged
from crawler.model import Article, Snapshot

# Of zstd, measured on 339 real pages of 203 KB on average: 3 leaves 17.5 % of the bytes in 0.46 ms, 2
# leaves 18.1 % in 0.39, 1 leaves 18.8 % in 0.34 and 6 leaves 16.2 % in 1.40. A page is packed while
# others wait to be read, so 2: a thirtieth more disk for a sixth less time.
LEVEL = 2
SHADOW_CHARACTERS = 200_000  # of one text in the index; PostgreSQL refuses a tsvector over 1 MB


class _Packers(threading.local):
    """A thread's own: zstd's contexts are not to be shared, and to make one takes as long as to pack
    half a page, for it is some megabytes that are mapped anew."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor()


_OWN = _Packers()


def pack(body: bytes) -> Snapshot:
    """A page's bytes as they are kept, with a checksum of their own."""
    return Snapshot(body=_OWN.compressor.compress(body), size=len(body))


def unpack(packed: bytes, of: str) -> bytes:
    """The page's bytes again; Damaged where they are not what was packed, naming ``of``, its address."""
    try:
        return _OWN.decompressor.decompress(packed)
    except zstandard.ZstdError as error:
        raise Damaged(
            f"{of}: the kept page is damaged ({error}); the article stands, but its page cannot be read "
            "again: look at the disk, or take the archive's file from a backup"
        ) from error


def shadow(article: Article) -> tuple[str, str]:
    """The folded words of an article's headline and text: what the full-text index holds."""
    lead, body = article.lead, article.body
    text = body if body.startswith(lead) else f"{lead}\n{body}"
    folded = languages.shadow(article.headline), languages.shadow(text)
    return folded[0][:SHADOW_CHARACTERS], folded[1][:SHADOW_CHARACTERS]
