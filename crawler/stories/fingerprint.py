"""Signatures of texts: MinHash over word shingles, by which a page is known when it is read again.
Pure. Copies in other outlets are found exactly: see ``likeness``.
"""

from __future__ import annotations

import struct

from rensa import RMinHash

from crawler.languages import folded_text

PERMUTATIONS = 64  # a standard error of 0.06 on Jaccard: enough to tell copies from relatives
SEED = 20_261_123  # any constant: signatures in the archive must stay comparable
SHINGLE_WORDS = 4
MIN_WORDS = 20  # shorter texts share shingles by chance
BYTES_A_HASH = 4
SIGNATURE_BYTES = PERMUTATIONS * BYTES_A_HASH
_PACK = struct.Struct(f">{PERMUTATIONS}I").pack


def compute(text: str) -> bytes:
    """The text's signature, ``SIGNATURE_BYTES`` long; empty if the text is too short to compare."""
    words = folded_text(text[:50_000]).split(" ")
    if len(words) < MIN_WORDS:
        return b""
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    shingles = zip(*(words[n:] for n in range(SHINGLE_WORDS)), strict=False)
    sketch.update(list(map(" ".join, shingles)))
    return _PACK(*sketch.digest())


def similarity(a: bytes, b: bytes) -> float:
    """The estimated share of shingles that two texts have in common, 0–1; 0 without a signature."""
    if len(a) != SIGNATURE_BYTES or len(b) != SIGNATURE_BYTES:
        return 0.0
    return _equal_hashes(int.from_bytes(a), int.from_bytes(b)) / PERMUTATIONS


_LOW_BITS = sum(0x7FFF_FFFF << (32 * n) for n in range(PERMUTATIONS))
_HIGH_BITS = sum(0x8000_0000 << (32 * n) for n in range(PERMUTATIONS))


def _equal_hashes(a: int, b: int) -> int:
    """How many of the 32-bit lanes agree, all compared at once: the high bit of a lane is set below
    if any bit of it differs, and no carry leaves its lane."""
    differing = a ^ b
    marked = (((differing & _LOW_BITS) + _LOW_BITS) | differing) & _HIGH_BITS
    return PERMUTATIONS - marked.bit_count()
