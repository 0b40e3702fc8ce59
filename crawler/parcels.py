"""What the archive keeps of a page beside its article, made ready where the page is read. Pure.

To pack a page and fold its words costs as much as to read it by its template. Workers do that side
by side; the one thread that writes would do it for every page in turn.
"""

from __future__ import annotations

import hashlib

import zstandard

from crawler import languages
from crawler.model import Article, Snapshot

# Of zstd: on news pages 6 saves another tenth of the bytes and takes three times as long (1.8 ms for
# 300 KB instead of 0.6).
LEVEL = 3
SHADOW_CHARACTERS = 200_000  # of one text in the index; PostgreSQL refuses a tsvector over 1 MB


def pack(body: bytes) -> Snapshot:
    """A page's bytes as they are kept."""
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(body)
    return Snapshot(body=packed, size=len(body), sha256=hashlib.sha256(body).hexdigest())


def unpack(packed: bytes) -> bytes:
    """The page's bytes again."""
    return zstandard.ZstdDecompressor().decompress(packed)


def shadow(article: Article) -> tuple[str, str]:
    """The folded words of an article's headline and text: what the full-text index holds."""
    lead, body = article.lead, article.body
    text = body if body.startswith(lead) else f"{lead}\n{body}"
    folded = languages.shadow(article.headline), languages.shadow(text)
    return folded[0][:SHADOW_CHARACTERS], folded[1][:SHADOW_CHARACTERS]
