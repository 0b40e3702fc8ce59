"""Bytes that are no text whatever their server calls them, by the signature they begin with. Pure.

A picture sent as ``text/xml`` is no broken feed, and a PDF sent as ``text/html`` no empty page (R24).
"""

from __future__ import annotations

import re

from crawler.model import Cause

# Sorted by what they are.
_KINDS: tuple[tuple[str, bytes], ...] = (
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
)
_ANY = re.compile(b"|".join(b"(%s)" % mark for _, mark in _KINDS), re.DOTALL)
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # may stand before it


def identify(body: bytes) -> str:
    """What these bytes are (``PNG``, ``zip`` …), "" where they may be text."""
    found = _ANY.match(body[:4096].lstrip(_BEFORE))
    return _KINDS[found.lastindex - 1][0] if found is not None and found.lastindex else ""


def refusal(body: bytes) -> Cause | None:
    """Why these bytes are not read; None if they may be text."""
    kind = identify(body)
    return Cause(reason="bad_content_type", detail=f"its bytes are {kind}") if kind else None
