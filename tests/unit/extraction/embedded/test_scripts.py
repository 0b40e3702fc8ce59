"""The values in a page's scripts, and which scripts are not worth reading."""

from __future__ import annotations

import json

import pytest

from crawler.extraction.embedded.scripts import find_values


@pytest.mark.parametrize(
    ("script", "holds_words"),
    [
        ('{"slot": "unit-1", "on": true, "sizes": [[300, 250], [728, 90]]}', False),
        ('{\n  "id" : 7,\n  "href": "https://a.test/x"\n}', True),  # what is not certain is read
        ('{"slot": "unit-1", "text": "Two words"}', True),
        ('{"text": "كلمتان اثنتان"}', True),
    ],
)
def test_a_script_without_two_words_in_a_row_is_not_read(script: str, holds_words: bool) -> None:
    """The settings of advertisements are most of a page's bytes, and no text stands in them."""
    page = f"<script>window.cfg={script};</script>".encode()
    assert list(find_values(page)) == ([json.loads(script)] if holds_words else [])
