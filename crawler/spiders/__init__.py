"""Ways of finding articles: one module a kind of feed, found by listing this folder.

What all kinds share stands beside them: ``base`` (requests and callbacks), ``execution`` (steps that
need the archive or a reader) and ``requests`` (how a request is made).
"""

from __future__ import annotations

from pathlib import Path

_SHARED = frozenset({"__init__", "base", "execution", "requests"})


def kinds() -> tuple[str, ...]:
    """The kinds of feed that can be polled: the names of the spiders' modules."""
    names = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(name for name in names if name not in _SHARED))
