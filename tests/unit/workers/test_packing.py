"""Records on their way between processes."""

from __future__ import annotations

import pickle
import sys
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from crawler.workers.packing import pack
from tests.builders import NOW, a_page, a_reading, a_source, an_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Single:
    field: tuple[int, ...]


@pytest.mark.parametrize(
    "message",
    [
        (True, a_reading("Words. " * 40)),
        ("know", (a_source(), None)),
        [an_entry("/a"), an_entry("/b")],
        {"at": NOW, "one": _Single(field=(1, 2))},
        (False, "MemoryError()"),
    ],
    ids=["answer", "source", "entries", "others", "failure"],
)
def test_what_is_packed_comes_out_equal(message: object) -> None:
    """Whatever a record holds, records within it, times and tuples."""
    assert pickle.loads(pack(message)) == message


def test_a_record_costs_a_call_or_two_whatever_it_holds() -> None:
    """Of Python's functions, two are called for a record: one takes it apart, one makes it."""
    entries = [an_entry(f"/{n}") for n in range(50)]
    calls = 0

    def count(frame: object, event: str, what: object) -> None:
        nonlocal calls
        calls += event == "call"

    pickle.loads(pack(entries))  # the kinds are known from now on
    sys.setprofile(count)
    try:
        pickle.loads(pack(entries))
    finally:
        sys.setprofile(None)
    assert calls < 3 * len(entries)


def test_a_record_stays_frozen() -> None:
    """A record that was made again can't be changed either, and can be copied."""
    entry = pickle.loads(pack(an_entry("/a")))
    with pytest.raises(FrozenInstanceError):
        entry.url = "http://news.test/b"
    assert replace(entry, title="Other").title == "Other"


def test_a_body_travels_beside_its_page() -> None:
    """The bytes of a page are in no pickle: they would be copied twice."""
    pieces: list[pickle.PickleBuffer] = []
    page = a_page("<p>Words.</p>" * 1_000)
    packed = pack(replace(page, body=pickle.PickleBuffer(page.body)), pieces.append)  # type: ignore[arg-type]
    assert len(packed) < 1_000
    assert pickle.loads(packed, buffers=[piece.raw() for piece in pieces]).body == page.body
