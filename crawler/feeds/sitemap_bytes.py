"""The bytes of a sitemap file, piece by piece: unpacked, in UTF-8, and bounded. Pure.

Files come plain or packed, packed twice (``.xml.gz`` sent with ``Content-Encoding: gzip``), in an
encoding that their declaration denies, and with notices of PHP before the XML.
"""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterator

from crawler import charset
from crawler.feeds import markup_bombs, preamble
from crawler.model import Cause

MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # bytes unpacked: the limit of sitemaps.org
MAX_PACKINGS = 3  # gzip within gzip, as one server in a chain packs what another has packed
PIECE_BYTES = 65_536  # bytes read at once
_GZIP = b"\x1f\x8b"
_MIN_HEAD_BYTES = 4_096  # of a first piece, in which the encoding is recognised
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r")  # in no XML, yet in some sitemaps


class SitemapBytes:
    """The pieces of one file, in UTF-8, at most ``MAX_SITEMAP_BYTES`` in all.

    Bombs end there. Markup that is opened again and again also ends the stream: libxml2 takes
    minutes to repair it.
    """

    def __init__(self, body: bytes, content_type: str = "") -> None:
        self._pieces = _decoded(self._bounded(_unpacked(body)), content_type)
        self._left, self._unclosed = MAX_SITEMAP_BYTES, 0
        self._first: bytes | None = None

    def head(self) -> bytes:
        """The first piece, without what stands before the XML; it is read again."""
        if self._first is None:
            self._first = preamble.without_preamble(next(self._pieces, b""))
        return self._first

    def __iter__(self) -> Iterator[bytes]:
        """The pieces that were not read yet."""
        if first := self.head():
            self._first = b""
            yield first
        yield from self._pieces

    def refused(self) -> Cause | None:
        """The reason why the stream ended early, or None (R3)."""
        bomb = markup_bombs.find_unclosed("<", self._unclosed)
        if bomb is not None or self._left > 0:
            return bomb
        return Cause(reason="too_big", detail=f"over {MAX_SITEMAP_BYTES} bytes unpacked")

    def _bounded(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for whole in pieces:
            piece = whole[: self._left]
            self._left -= len(piece)
            self._unclosed += piece.count(b"<") - piece.count(b">")
            if self._unclosed > markup_bombs.MAX_UNCLOSED:
                return
            yield piece
            if self._left <= 0:
                return


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The pieces of a file that is packed with gzip any number of times, or not at all."""
    source = io.BytesIO(body)
    pieces: Iterator[bytes] = iter(lambda: source.read(PIECE_BYTES), b"")
    for _ in range(MAX_PACKINGS):
        first = next(pieces, b"")
        while len(first) < _MIN_HEAD_BYTES and (more := next(pieces, b"")):
            first += more
        pieces = _chained(first, pieces)
        if not first.startswith(_GZIP):
            break
        pieces = _gunzipped(pieces)
    return pieces


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The content of one gzip file, of several members too; what stands before a damage."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in pieces:
        waiting = packed
        while waiting:
            try:
                piece = unpacker.decompress(waiting, PIECE_BYTES)
            except zlib.error:
                return
            if piece:
                yield piece
            if not unpacker.eof:
                waiting = unpacker.unconsumed_tail
                continue
            waiting = unpacker.unused_data
            if not waiting.startswith(_GZIP):
                return  # padding after the last member
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _decoded(pieces: Iterator[bytes], content_type: str) -> Iterator[bytes]:
    """The pieces in UTF-8, without controls. The encoding is decided by the first piece that isn't
    ASCII.
    """
    decoder: codecs.IncrementalDecoder | None = None
    declared: list[str] = []
    held = b""
    for number, raw in enumerate(pieces):
        piece, held = held + raw, b""
        if not number:
            declared = charset.declared_encodings(piece, content_type)
        if decoder is None and piece.isascii() and b"\0" not in piece:
            yield piece.translate(None, _CONTROLS)
            continue
        if decoder is None:
            piece, held = _without_cut_letter(piece)
            decoder = _decoder(charset.detect_encoding(piece, declared))
        yield _encoded(decoder.decode(piece))
    if decoder is not None:
        yield _encoded(decoder.decode(held, final=True))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="replace").translate(None, _CONTROLS)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)(errors="replace")


def _without_cut_letter(piece: bytes) -> tuple[bytes, bytes]:
    """The piece up to its last whole letter of UTF-8, and the rest."""
    end = len(piece)
    while end > len(piece) - 4 and end and 0x80 <= piece[end - 1] < 0xC0:
        end -= 1
    if end and piece[end - 1] >= 0xC0:
        end -= 1
    return piece[:end], piece[end:]
