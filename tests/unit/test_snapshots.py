"""A stored page comes back as it was, or is refused."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import snapshots
from crawler.errors import DamagedError
from crawler.model import Page, Snapshot
from tests.builders import a_page, an_entry
from tests.examples import examples

URL = "http://news.test/a"


def restored(snapshot: Snapshot) -> Page:
    """The page again."""
    return snapshots.restore(snapshot, requested_url=URL, entry=an_entry())


@given(st.binary(max_size=2000))
@settings(max_examples=examples(50))
def test_a_page_comes_back_as_it_was(body: bytes) -> None:
    """Whatever its bytes are, with all that the server said of it."""
    packed = snapshots.compress(a_page(body))
    assert restored(packed) == a_page(body)
    assert packed.size == len(body)


@given(st.data())
@settings(max_examples=examples(50))
def test_a_damaged_page_is_refused_by_its_address(data: st.DataObject) -> None:
    """Any bit that turned over is found, wherever it stands: nothing is read that was not sent."""
    words = b"<p>Words of a page, some of them said twice: words of a page.</p>"
    stored = snapshots.compress(a_page(words))
    packed = bytearray(stored.body)
    place = data.draw(
        st.integers(5, len(packed) - 1)
    )  # the first five say what zstd is to do, and only that
    packed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedError, match=re.escape(URL)):
        restored(replace(stored, body=bytes(packed)))


def test_a_page_cut_short_is_refused() -> None:
    """As a disk that ran full leaves it."""
    stored = snapshots.compress(a_page(b"words " * 1000))
    for length in (0, 3, len(stored.body) // 2, len(stored.body) - 1):
        with pytest.raises(DamagedError, match="look at the disk"):
            restored(replace(stored, body=stored.body[:length]))


def test_threads_do_not_share_a_packer() -> None:
    """Pages packed side by side are whole: each thread has a context of its own."""
    bodies = [bytes([n % 251]) * (n * 97) + b"x" * n for n in range(200)]
    with ThreadPoolExecutor(4) as threads:
        packed = list(threads.map(snapshots.compress, map(a_page, bodies)))
        assert [page.body for page in threads.map(restored, packed)] == bodies
