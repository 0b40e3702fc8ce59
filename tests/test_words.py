"""Plain professional English: a short list of words that don't come back in contracts and help."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.places import PROJECT

ODD = re.compile(
    r"\b(whence|thence|nobody|bears?|for ever|(?:is|was|are|were) (?:told|said)|asked of"
    r"|where none is|what is none|who asks|who looks|may be asked|no more\.)\b",
    re.IGNORECASE,
)
FILES = sorted(
    p
    for root in ("crawler", "storage", "tests", "benchmarks")
    for p in (PROJECT / root).rglob("*.py")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_contracts_are_in_plain_english(path: Path) -> None:
    """Docstrings and the help texts of options hold none of these words; comments may."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node) or ""
        elif isinstance(node, ast.keyword) and node.arg in ("help", "description"):
            text = ast.unparse(node.value)
        else:
            continue
        assert not (odd := ODD.search(text)), f"{path}:{odd[0]!r} in {text[:80]!r}"
