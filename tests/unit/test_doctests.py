"""The examples in docstrings are run: an example that is wrong is worse than none."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.places import PROJECT

MODULES = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for root in ("crawler", "storage")
    for path in (PROJECT / root).rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    """None is skipped, and a module with ``>>>`` has at least one example that is found."""
    module = import_module(name)
    examples = [one for case in doctest.DocTestFinder().find(module) for one in case.examples]
    assert examples and not any(one.options.get(doctest.SKIP) for one in examples)
    assert doctest.testmod(module).failed == 0
