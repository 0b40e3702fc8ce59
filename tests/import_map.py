"""``python -m tests.import_map``: which package imports which, drawn from the code itself.

Prints one line a package, its imports after the arrow, lowest packages last; then the circles, if
there are any, and exits 1. An import inside a function counts as one at the top of a module;
one under TYPE_CHECKING alone counts, too, for it couples what it names.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.places import PROJECT

ROOTS = ("crawler", "storage")


def modules(project: Path = PROJECT) -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    files = (path for root in ROOTS for path in sorted((project / root).rglob("*.py")))
    return {_name(path.relative_to(project)): path for path in files}


def imports(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The project's modules that this file imports, each as often as it is named."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def rooms(project: Path = PROJECT) -> dict[str, set[str]]:
    """Package or root module → the packages and root modules that it imports, itself left out."""
    known = modules(project)
    found: dict[str, set[str]] = {}
    for module, path in known.items():
        here = room(module)
        found.setdefault(here, set()).update(room(name) for name in imports(path, known))
    return {name: imported - {name} for name, imported in found.items() if name != "crawler"}


def room(module: str) -> str:
    """``crawler.feeds`` for ``crawler.feeds.sitemap``; ``storage`` is one room."""
    parts = module.split(".")
    return parts[0] if parts[0] == "storage" else ".".join(parts[:2])


def circle(found: Mapping[str, set[str]]) -> list[str]:
    """The rooms of one circle, the first again at the end; empty if there is none."""
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def main() -> int:
    """Print the map; 1 if it holds a circle."""
    found = rooms()
    if found_circle := circle(found):
        print("circle:", " → ".join(found_circle))
        return 1
    for name in reversed(list(TopologicalSorter(found).static_order())):
        if name in found:
            print(f"{name:24} → {', '.join(sorted(found[name])) or '-'}")
    print(f"\n{len(found)} rooms, {sum(map(len, found.values()))} arrows, no circle")
    return 0


if __name__ == "__main__":
    sys.exit(main())
