"""Signatures: equal for equal texts, near for near ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.stories import fingerprint

SIGNATURES = st.binary(min_size=fingerprint.SIGNATURE_BYTES, max_size=fingerprint.SIGNATURE_BYTES)
WORDS = [f"word{n}" for n in range(200)]


def test_a_short_text_has_no_signature_and_is_like_nothing() -> None:
    """Nineteen words share shingles by chance."""
    assert fingerprint.compute(" ".join(WORDS[:19])) == b""
    assert len(fingerprint.compute(" ".join(WORDS[:20]))) == fingerprint.SIGNATURE_BYTES
    assert fingerprint.similarity(b"", b"") == 0.0


def test_the_fewer_shingles_are_shared_the_less_alike() -> None:
    """The same text is 1, its half somewhere between, another text near 0."""
    whole, half, other = (
        fingerprint.compute(" ".join(words)) for words in (WORDS, WORDS[:100], reversed(WORDS))
    )
    assert fingerprint.similarity(whole, whole) == 1.0
    assert 0.2 < fingerprint.similarity(whole, half) < 0.8
    assert fingerprint.similarity(whole, other) < 0.1


@given(SIGNATURES, SIGNATURES, st.sets(st.integers(0, fingerprint.PERMUTATIONS - 1)))
def test_similarity_is_the_share_of_equal_hashes(a: bytes, b: bytes, same: set[int]) -> None:
    """All lanes at once give what one by one gives, for any bits."""
    hashes = [(a if n in same else b)[4 * n : 4 * n + 4] for n in range(fingerprint.PERMUTATIONS)]
    equal = sum(h == a[4 * n : 4 * n + 4] for n, h in enumerate(hashes))
    assert fingerprint.similarity(a, b"".join(hashes)) == equal / fingerprint.PERMUTATIONS
