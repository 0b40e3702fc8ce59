"""Where things stand: the checkout, and the material that a machine may or may not have beside
it.
"""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SEEDS = PROJECT / "seeds"
PAGES = PROJECT / "tests" / "pages"
HEADLINES = PROJECT / "benchmarks" / "headlines"
SHARED = (
    PROJECT.parent / "shared"
)  # real pages, feeds and labels; tests skip with a reason without it
