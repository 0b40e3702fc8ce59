"""Bodies are unpacked as browsers do, within the limits of a body (R1, R2)."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Mapping
from functools import partial

import brotli
import pytest
import zstandard
from scrapy.http import Request, Response

from crawler.fetch import codings
from crawler.fetch.errors import TooBigError
from crawler.fetch.middlewares.decompression import MAX_CODINGS, Decompression
from crawler.fetch.response import is_whole

URL = "http://gazette.test/a"
LIMIT = 400_000
WORDS = "le conseil a voté hier le budget du port de la ville وأعلن المجلس الخطة".split()
TEXT = " ".join(random.Random(7).choices(WORDS, k=4_000)).encode()
assert len(TEXT) < LIMIT


def deflated_bare(body: bytes) -> bytes:
    """The stream without zlib's frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACK: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=4),
    "zstd": zstandard.compress,
}


def unpacked(
    body: bytes, *named: str, url: str = URL, kind: str = "text/html", **of: object
) -> Response:
    """The answer with this body after it was decoded; ``of`` as in the request's ``cb_kwargs``."""
    headers = {"Content-Type": kind, "Content-Encoding": ", ".join(named)}
    answer = Response(url, headers=headers, body=body)
    return Decompression(LIMIT).process_response(Request(url, cb_kwargs=of), answer)


@pytest.mark.parametrize("coding", PACK)
@pytest.mark.parametrize("text", [b"", b"ok", TEXT[:70], TEXT])
def test_each_coding_is_undone(coding: str, text: bytes) -> None:
    """Whatever the length of what is packed; every coding that we say we understand."""
    answer = unpacked(PACK[coding](text), coding)
    assert (answer.body, is_whole(answer)) == (text, True)
    assert "Content-Encoding" not in answer.headers


def test_bare_deflate_is_undone() -> None:
    """RFC 9110 §8.4.1.2 names the trouble."""
    assert unpacked(deflated_bare(TEXT), "deflate").body == TEXT


@pytest.mark.parametrize("coding", [*PACK, "utf-8", "none", "identity"])
@pytest.mark.parametrize(
    "text",
    [
        b"User-agent: *\nDisallow: /admin\n",
        "<!doctype html><title>قرار المجلس</title><p>أعلن المجلس قراره أمس</p>".encode("cp1256"),
        b"<?xml version='1.0'?><rss><channel><title>Le Port</title></channel></rss>",
        b"x" * 300,
        b"",
    ],
)
def test_plain_text_that_is_called_packed_is_taken_as_it_is(coding: str, text: bytes) -> None:
    """A proxy that unpacks and leaves the header, a script that prints one for nothing."""
    answer = unpacked(text, coding)
    assert (answer.body, is_whole(answer)) == (text, True)


def test_gzip_without_the_header_is_undone() -> None:
    """Once or twice, as it happens behind two caches."""
    once = gzip.compress(TEXT)
    assert unpacked(once).body == TEXT
    assert unpacked(once, "utf-8").body == TEXT
    assert unpacked(gzip.compress(once), "gzip").body == TEXT
    assert unpacked(gzip.compress(once)).body == TEXT


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://gazette.test/sitemap.xml.gz", "text/xml"), (URL, "application/x-gzip")],
)
def test_a_packed_file_stays_packed(url: str, kind: str) -> None:
    """A sitemap's reader unpacks it, in a process of its own."""
    file = gzip.compress(TEXT)
    assert unpacked(file, url=url, kind=kind).body == file
    assert unpacked(gzip.compress(file), "gzip", url=url, kind=kind).body == file
    assert unpacked(file, url=url, kind=kind, sighting=1).body == TEXT  # an article is no file


@pytest.mark.parametrize("pack", [*PACK.items(), ("deflate", deflated_bare)])
def test_of_what_breaks_off_the_beginning_is_used(pack: tuple[str, Callable[..., bytes]]) -> None:
    """And the answer says that it is not whole."""
    coding, compress = pack
    text = random.Random(7).randbytes(150_000).hex().encode()
    body = compress(text)
    answer = unpacked(body[: len(body) * 9 // 10], coding)
    assert text.startswith(answer.body)
    assert len(answer.body) > len(text) * 7 // 10  # zstd comes in large blocks
    assert not is_whole(answer)


def test_what_follows_the_end_is_left_out() -> None:
    """Padding is no part of a file; a second member of gzip is."""
    assert unpacked(gzip.compress(TEXT) + bytes(99), "gzip").body == TEXT
    assert unpacked(gzip.compress(TEXT[:500]) + gzip.compress(TEXT[500:]), "gzip").body == TEXT


@pytest.mark.parametrize("coding", PACK)
def test_a_bomb_ends_at_its_limit(coding: str) -> None:
    """R1: also where no header says that it is one."""
    bomb = PACK[coding](bytes(5 * LIMIT))
    with pytest.raises(TooBigError, match="unpacked"):
        unpacked(bomb, coding)
    if "gzip" in coding:
        with pytest.raises(TooBigError, match="unpacked"):
            unpacked(bomb)


def test_no_more_than_two_codings_are_undone() -> None:
    """R2: by the header an attack, by the bytes what stays is no text."""
    with pytest.raises(TooBigError, match="3 times over"):
        unpacked(b"", *["gzip"] * (MAX_CODINGS + 1))
    once = gzip.compress(TEXT)  # its header has the time, so that another one may differ
    assert unpacked(gzip.compress(gzip.compress(once))).body == once


@pytest.mark.parametrize("coding", PACK)
def test_no_bytes_break_it(coding: str) -> None:
    """Whatever a server calls packed: something comes out, and an end comes."""
    chance = random.Random(coding)
    for size in (1, 9, 70, 3_000):
        noise = chance.randbytes(size)
        for body in (noise, PACK[coding](TEXT)[:size] + noise):
            text, _ = codings.decode(body, coding, LIMIT)
            assert len(text) <= LIMIT
