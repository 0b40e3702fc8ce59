"""The log's schema and the code have the same events, with the same levels and keys."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from crawler.logs import forms
from crawler.logs.setup import LOST
from tests import naughty
from tests.docs_reference import log_schema
from tests.places import PROJECT

SCHEMA = log_schema()
EVENTS: dict[str, dict[str, Any]] = {
    event["title"]: event for event in SCHEMA["$defs"].values() if "title" in event
}
COMMON = {"timestamp", "level", "event"}
LEVELS = {"exception": "error"}
KEYS = {"exc_info": "exception"}
EXPANDED = {
    "learned_template", "not_delivered", "polled", "seeds changed", "started", "template_drifted",
}  # fmt: skip
"""Events with keys from a mapping (``**facts``), which no reading of the code finds."""


def log_calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """Each call of ``log``: event, level, keys, and whether a mapping gives more of them."""
    yield LOST, "warning", {"lines"}, False
    for path in (*(PROJECT / "crawler").rglob("*.py"), *(PROJECT / "storage").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if ast.unparse(node.func.value) == "log":
                event, level = ast.literal_eval(node.args[0]), node.func.attr
                keys = {KEYS.get(key.arg, key.arg) for key in node.keywords if key.arg}
                traceback = {"exception"} if level == "exception" else set()
                is_expanded = any(key.arg is None for key in node.keywords)
                yield event, LEVELS.get(level, level), keys | traceback, is_expanded


def test_the_schema_is_one() -> None:
    """By the rules of its draft."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_events_of_the_code_with_their_levels_and_keys() -> None:
    """None that rasd no longer writes; a key is required if each call has it."""
    written: dict[str, list[tuple[str, set[str]]]] = {}
    for event, level, keys, is_expanded in log_calls():
        assert not is_expanded or event in EXPANDED
        written.setdefault(event, []).append((level, keys))
    assert sorted(written) == sorted(EVENTS)
    for event, calls in written.items():
        described = EVENTS[event]
        allowed = set(described["propertyNames"]["enum"]) - COMMON
        required, keys = set(described.get("required", ())), [keys for _, keys in calls]
        assert sorted({level for level, _ in calls}) == described["properties"]["level"]["enum"]
        if event in EXPANDED:
            assert set.union(*keys) <= allowed and set.intersection(*keys) <= required, event
        else:
            assert (set.union(*keys), set.intersection(*keys)) == (allowed, required), event


def test_each_event_has_its_rule_and_each_key_its_meaning() -> None:
    """An event without a rule would pass with any keys."""
    rules = [rule for rule in SCHEMA["allOf"] if "$ref" in rule["then"]]
    ruled = {rule["if"]["properties"]["event"]["const"]: rule["then"]["$ref"] for rule in rules}
    assert {event: name.rpartition("/")[2] for event, name in ruled.items()} == {
        event["title"]: name for name, event in SCHEMA["$defs"].items() if "title" in event
    }
    assert SCHEMA["allOf"][0]["else"]["properties"]["event"]["enum"] == sorted(EVENTS)
    keys = {key for event in EVENTS.values() for key in event["propertyNames"]["enum"]}
    assert keys | {"logger"} == set(SCHEMA["properties"])


LINE = {"timestamp": "2026-11-30T01:49:40Z", "level": "info", "event": "mail"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"issues": 1},
        {"issues": "one", "delivered": "1 sent"},
        {"issues": 1, "delivered": "1 sent", "more": 1},
        {"issues": 1, "delivered": "1\nsent"},
        {"issues": 1, "delivered": "1 \u202esent"},
        {"issues": 1, "delivered": "1 sent", "level": "error"},
        {"issues": 1, "delivered": "1 sent", "timestamp": "2026-11-30 01:49:40"},
        {"event": "mails", "issues": 1, "delivered": "1 sent"},
        {"logger": "scrapy", "issues": 1},
    ],
)
def test_the_schema_refuses_what_is_no_line(wrong: dict[str, object]) -> None:
    """A schema that takes everything would prove nothing."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid(LINE | {"issues": 1, "delivered": "1 sent"})
    assert not validator.is_valid(LINE | wrong)


def test_naughty_strings_are_lines_by_the_schema() -> None:
    """As an event's value, as a library's line and logger, and in a traceback."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    render = forms.renderer("json")
    begin = {"timestamp": LINE["timestamp"], "level": "error"}
    for text in naughty.STRINGS:
        values = {"source": text, "url": text, "error": text}
        own = render(begin | {"event": "page_not_written"} | values)
        theirs = render(begin | {"event": text, "logger": text, "exception": text})
        for line in (own, theirs):
            assert len(line.splitlines()) == 1
            validator.validate(json.loads(line))
