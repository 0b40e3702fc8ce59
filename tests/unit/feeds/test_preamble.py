"""What stands before a feed's own text is skipped; web pages stay what they are."""

from __future__ import annotations

import pytest

from crawler.feeds.preamble import load_json, without_preamble

NOTICE = b"<br />\n<b>Warning</b>: Undefined $x in <b>/home/w/map.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize("before", [NOTICE, b"\n\n  ", b"<script>a()</script>", b"\xef\xbb\xbf\n"])
@pytest.mark.parametrize(
    "xml",
    [b"<?xml version='1.0'?><rss>", b"<urlset xmlns='x'>", b"<atom:feed a='b'>", b"<rdf:RDF>"],
)
def test_xml_begins_at_its_declaration_or_root(before: bytes, xml: bytes) -> None:
    """Notices, blank lines, scripts and marks are no part of it."""
    assert without_preamble(before + xml) == xml


@pytest.mark.parametrize(
    "prolog", [b"<!DOCTYPE rss [<!ENTITY a 'b'>]>", b"<!-- made by hand -->", b"<?xml-stylesheet?>"]
)
def test_a_prolog_is_part_of_the_feed(prolog: bytes) -> None:
    """Its doctype may name the entities that the text uses."""
    assert without_preamble(b"\n" + prolog + b"\n<rss>") == prolog + b"\n<rss>"


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>about <rss> feeds</body></html>",
        b"<html><svg><?xml ?></svg></html>",
        b"plain words",
        b"",
    ],
)
def test_what_is_no_feed_is_left_as_it_is(page: bytes) -> None:
    """A page that mentions a feed is a page."""
    assert without_preamble(page) == page


@pytest.mark.parametrize(
    "body",
    [
        b'[{"a": "\xc3\xa9"}]',
        b'\xef\xbb\xbf  [{"a": "\xc3\xa9"}]',
        b'Notice: Array [] to string\n[{"a": "\xc3\xa9"}]<!-- cached -->',
        b'[{"a": "\xe9"}]',
        '[{"a": "é"}]'.encode("utf-16"),
    ],
)
def test_json_is_found_in_any_encoding(body: bytes) -> None:
    """And behind what a server prints before it."""
    assert load_json(body) == [{"a": "é"}]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b'{"a": ', b"[nothing]"])
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    """Damaged or hostile bytes raise ValueError and nothing else."""
    with pytest.raises(ValueError):
        load_json(body)
