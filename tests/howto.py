"""The code that the how-to pages show, so that tests can try it as a reader would."""

from __future__ import annotations

import re

from tests.places import PROJECT

_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def python_blocks(page: str) -> list[str]:
    """The blocks of Python of a page under ``docs/how-to``, in their order."""
    text = (PROJECT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    return _BLOCK.findall(text)
