"""Bytes that are no text, named by what they begin with."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import filetypes
from crawler.model import Cause
from tests.examples import examples


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF89a", "GIF"), (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"%PDF-1.7", "PDF"), (b"\n%PDF-1.4", "PDF"),
        (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (gzip.compress(b"", mtime=0), "gzip"),
        (b"RIFF....WEBP", "RIFF"), (bytes(9), "zeros"),
        (b"BM1234\x00\x00", "BMP"), (b"7z\xbc\xaf\x27", "7z"),
        (b"", ""), (b"<rss/>", ""), ("\ufeff<html>".encode(), ""),
        ("\ufeff<html>".encode("utf-16"), ""), (b"BMW sells more", ""), (b"PKK and others", ""),
    ],
)  # fmt: skip
def test_each_is_known_by_its_signature(body: bytes, kind: str) -> None:
    """R24: whatever the server calls it; an article that begins with the same letters is text."""
    assert filetypes.binary_type(body) == kind
    cause = Cause(reason="bad_content_type", detail=f"its bytes are {kind}")
    assert filetypes.refusal(body) == (cause if kind else None)


@settings(max_examples=examples(50))
@given(st.text(alphabet=st.characters(min_codepoint=0x20, exclude_categories=("Cs",))))
def test_no_markup_is_taken_for_a_file(text: str) -> None:
    """What begins as markup is markup."""
    assert filetypes.binary_type(f"<p>{text}".encode()) == ""
