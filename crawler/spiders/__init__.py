"""Ways of finding articles: one module a kind of feed, found by listing this folder."""

from __future__ import annotations

from pathlib import Path


def kinds() -> tuple[str, ...]:
    """The kinds of feed that can be polled: the names of the spiders' modules."""
    names = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(name for name in names if name not in ("__init__", "base")))
