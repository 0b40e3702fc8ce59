"""A character of a value leads to its line and column, whatever way YAML wrote the value."""

from __future__ import annotations

import pytest
import yaml

from crawler.seeds.positions import find_position as spot

WRITTEN = {
    "plain": "a: x\nq: one two @three\n",
    "single": "a: x\nq: 'one two @three'\n",
    "double": 'a: x\nq: "one two @three"\n',
    "folded": "a: x\nq: >-\n  one\n  two\n\n  @three\n",
    "literal": "a: x\nq: |\n  one two\n    @three\n",
    "broken": "a: x\nq: one\n  two\n  @three\n",
    "arabic": "a: x\nq: 'واحد اثنان @three'\n",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_character_leads_to_its_place(name: str) -> None:
    """The same character stands at the reported line and column; the end is behind the last
    one.
    """
    text = WRITTEN[name]
    node = yaml.compose(text, Loader=yaml.CSafeLoader).value[1][1]
    span, lines = (node.start_mark.index, node.end_mark.index), text.splitlines()
    for position, char in enumerate(node.value):
        line, column = spot(text, span, node.value, position)
        if not char.isspace():
            assert lines[line - 1][column - 1] == char
    line, column = spot(text, span, node.value, len(node.value))
    assert lines[line - 1][: column - 1].endswith("@three")
