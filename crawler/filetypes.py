"""Recognise binary files by their signature, whatever content type the server sends. Pure.

A picture sent as ``text/xml`` is not a broken feed, and a PDF sent as ``text/html`` not an empty
page (R24).
"""

from __future__ import annotations

import re

from crawler.model import Cause

# Sorted by what they are.
_SIGNATURES: tuple[tuple[str, bytes], ...] = (
    ("7z", rb"7z\xbc\xaf"),
    ("BMP", rb"BM.{4}\x00\x00"),
    ("GIF", rb"GIF8"),
    ("gzip", rb"\x1f\x8b"),
    ("JPEG", rb"\xff\xd8\xff"),
    ("PDF", rb"%PDF"),
    ("PNG", rb"\x89PNG"),
    ("RIFF", rb"RIFF"),
    ("zeros", rb"\x00\x00\x00"),
    ("zip", rb"PK[\x03\x05]"),
    ("zstd", rb"\x28\xb5\x2f\xfd"),
)
_ANY_SIGNATURE = re.compile(b"|".join(b"(%s)" % mark for _, mark in _SIGNATURES), re.DOTALL)
_SKIPPED_PREFIX = b"\xef\xbb\xbf \t\r\n"  # may stand before it


def binary_type(body: bytes) -> str:
    """The file type of these bytes (``PNG``, ``zip`` …), or "" if they may be text."""
    found = _ANY_SIGNATURE.match(body[:4096].lstrip(_SKIPPED_PREFIX))
    return _SIGNATURES[found.lastindex - 1][0] if found is not None and found.lastindex else ""


def refusal(body: bytes) -> Cause | None:
    """The reason to reject these bytes, or None if they may be text."""
    kind = binary_type(body)
    return Cause(reason="bad_content_type", detail=f"its bytes are {kind}") if kind else None
