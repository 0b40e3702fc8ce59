"""What is kept of a page comes back as it was, or is refused; its words are what an index holds."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import languages, snapshots
from crawler.errors import DamagedError

URL = "http://news.test/a"


@given(st.binary(max_size=2000))
@settings(max_examples=50)
def test_a_page_comes_back_as_it_was(body: bytes) -> None:
    """Whatever its bytes are; its size is told."""
    packed = snapshots.compress(body)
    assert snapshots.decompress(packed.body, URL) == body
    assert packed.size == len(body)


@given(st.data())
@settings(max_examples=50)
def test_a_damaged_page_is_refused_by_its_address(data: st.DataObject) -> None:
    """Any bit that turned over is found, wherever it stands: nothing is read that was not sent."""
    packed = bytearray(
        snapshots.compress(
            b"<p>Words of a page, some of them said twice: words of a page.</p>"
        ).body
    )
    place = data.draw(
        st.integers(5, len(packed) - 1)
    )  # the first five say what zstd is to do, and only that
    packed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedError, match=re.escape(URL)):
        snapshots.decompress(bytes(packed), URL)


def test_a_page_cut_short_is_refused() -> None:
    """As a disk that ran full leaves it."""
    packed = snapshots.compress(b"words " * 1000).body
    for length in (0, 3, len(packed) // 2, len(packed) - 1):
        with pytest.raises(DamagedError, match="look at the disk"):
            snapshots.decompress(packed[:length], URL)


def test_threads_do_not_share_a_packer() -> None:
    """Pages packed side by side are whole: each thread has a context of its own."""
    bodies = [bytes([n % 251]) * (n * 97) + b"x" * n for n in range(200)]
    with ThreadPoolExecutor(4) as threads:
        packed = list(threads.map(snapshots.compress, bodies))
        assert list(threads.map(lambda p: snapshots.decompress(p.body, URL), packed)) == bodies


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_the_words_of_a_shadow_are_the_words_of_an_index(text: str) -> None:
    """An index that parts words at spaces and at ASCII's marks finds the same words: no mark stands in one."""
    for word in languages.folded_text(text).split():
        assert all(char.isalnum() or not char.isascii() for char in word)
