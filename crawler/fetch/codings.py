"""Undoes content codings (RFC 9110 §8.4) as browsers do: what can be decoded is used. Pure.

Servers compress what is compressed already, forget to say so, say so of plain text, and break off
in the middle. Output is made in pieces of CHUNK_BYTES and counted, so that a bomb ends at its limit
(R1, R2).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping

import brotli
import zstandard

CHUNK_BYTES = 64 * 1024
SAMPLE_BYTES = 200  # packed bytes have control characters among so many; text has none
MIN_TEXT_BYTES = 64  # fewer packed bytes may have none by chance
_MARKS = re.compile(rb"\x1f\x8b|\x28\xb5\x2f\xfd|\x78[\x01\x5e\x9c\xda]")  # of gzip, zstd, zlib
_CONTROLS = bytes(n for n in range(32) if n not in (9, 10, 12, 13, 27))
_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError, EOFError)


class TooLongError(Exception):
    """The decoded bytes exceed the limit."""


def decode(body: bytes, coding: str, max_bytes: int) -> tuple[bytes, bool]:
    """Return (the bytes without this coding, whether they are whole).

    Plain text that is only called packed is returned as it is, and so is what is in no coding
    known here; what breaks off is returned as far as it goes. TooLongError if it is longer than
    ``max_bytes``.
    """
    pieces = _DECODERS.get(coding)
    if pieces is None or (len(body) >= MIN_TEXT_BYTES and is_plain(body)):
        return body, True
    out, whole = bytearray(), True
    try:
        for piece in pieces(body):
            out += piece
            if len(out) > max_bytes:
                raise TooLongError(f"over {max_bytes} bytes unpacked")
    except _ERRORS:
        whole = False
    return (bytes(out), whole) if whole or (out and not is_plain(body)) else (body, True)


def is_plain(body: bytes) -> bool:
    """Whether the bytes begin as text does: with no coding's mark, and without a control character
    that text never has."""
    sample = body[:SAMPLE_BYTES]
    return not _MARKS.match(body) and len(sample.translate(None, _CONTROLS)) == len(sample)


def is_gzip(body: bytes) -> bool:
    """Whether the bytes begin as gzip does."""
    return body[:3] == b"\x1f\x8b\x08"


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """Every member of a gzip file; what follows the last one is no part of it."""
    if not is_gzip(body):
        raise EOFError
    while is_gzip(body):
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflated(inflater, body)
        body = inflater.unused_data


def _deflated(body: bytes) -> Iterator[bytes]:
    """RFC 9110 means zlib's format; some servers send the bare stream (RFC 1951)."""
    inflater = zlib.decompressobj()
    try:
        first = inflater.decompress(body, CHUNK_BYTES)
    except zlib.error:
        yield from _inflated(zlib.decompressobj(-zlib.MAX_WBITS), body)
        return
    yield first
    yield from _inflated(inflater, inflater.unconsumed_tail)


def _inflated(inflater: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    """The stream's pieces; EOFError if it has no end."""
    while not inflater.eof:
        piece = inflater.decompress(body, CHUNK_BYTES)
        body = inflater.unconsumed_tail
        if not piece and not body and not inflater.eof:
            raise EOFError
        yield piece


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    piece = decoder.process(body, output_buffer_limit=CHUNK_BYTES)
    while piece or not decoder.is_finished():
        if not piece:
            raise EOFError
        yield piece
        piece = decoder.process(b"", output_buffer_limit=CHUNK_BYTES)


def _unzstandard(body: bytes) -> Iterator[bytes]:
    promised, count = zstandard.frame_content_size(body), 0
    with zstandard.ZstdDecompressor(max_window_size=8 << 20).stream_reader(body) as reader:
        while piece := reader.read(CHUNK_BYTES):
            count += len(piece)
            yield piece
    if count < promised:
        raise EOFError


_DECODERS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "br": _unbrotlied,
    "deflate": _deflated,
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "zstd": _unzstandard,
}
