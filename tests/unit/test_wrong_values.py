"""The words for a value that can't stand where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from crawler import seeds
from crawler.config.settings import Config
from crawler.errors import SeedError
from crawler.wrong_values import EXPECTED, expected, quoted
from tests.unit.seeds.test_problems import FULL

WRONG = (None, "x" * 500, 1, -5, 10**9, [], {}, "", [1], {"a": "b"}, "true", ["x", None], {1: "a"})
LIBRARY = ("input", "should", "valid ", "instance", "shape", "pydantic", "dictionary", "Error")
# What a kind of schema may find wrong, by pydantic_core's documentation of each.
ERRORS: Mapping[str, set[str]] = {
    "bool": {"bool_type", "bool_parsing"},
    "date": {"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "dict": {"dict_type", "too_short", "too_long"},
    "float": {"float_type", "float_parsing", "finite_number", "greater_than", "less_than"},
    "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float", "greater_than_equal"},
    "list": {"list_type", "too_short", "too_long"},
    "literal": {"literal_error"},
    "model": {"model_type", "model_attributes_type"},
    "none": {"none_required"},
    "str": {"string_type", "string_sub_type", "string_unicode", "string_too_short", "string_too_long"},
    "time": {"time_type", "time_parsing"},
    "tuple": {"tuple_type", "too_short", "too_long"},
    "lax-or-strict": {"path_type"},
}  # fmt: skip
# These only pass on what is within them, or raise what has words of our own.
PASSING = set(
    "any chain default definition-ref definitions function-after function-before function-plain "
    "function-wrap is-instance json-or-python model-field model-fields no-info nullable union "
    "with-info".split()
)


def kinds(schema: Any) -> Iterator[str]:
    """The kind of each schema within this one, and its own."""
    if isinstance(schema, dict):
        kind = schema.get("type")
        if isinstance(kind, str) and not schema.keys() <= {"type", "loc"}:
            yield kind
        for key, value in schema.items():
            if key not in ("metadata", "serialization", "expected", "ctx"):
                yield from kinds(value)
    elif isinstance(schema, list | tuple):
        for one in schema:
            yield from kinds(one)


@pytest.mark.parametrize("shape", [Config, *seeds.SHAPES.values()], ids=lambda s: s.__name__)
def test_whatever_a_schema_finds_wrong_has_words_of_ours(shape: type[BaseModel]) -> None:
    """No type of error that can reach a person is left to the library."""
    found = set(kinds(shape.__pydantic_core_schema__)) | {"str", "model"}
    assert found - ERRORS.keys() - PASSING == set()
    raised = set[str]().union(*(ERRORS[kind] for kind in found - PASSING))
    assert raised - EXPECTED.keys() == set()


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_words_are_none_of_the_library_s(kind: str) -> None:
    """Each is a phrase with its limit in it."""
    limits = dict(ge=1, le=2, gt=1, lt=2, min_length=1, max_length=2, expected="'a' or 'b'")
    words = expected({"type": kind, "ctx": limits, "msg": "x"}, table="a table")
    assert words.startswith(("is to ", "is missing"))
    assert "{" not in words
    assert not [word for word in LIBRARY if word in words]


def places(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to each value within."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


@pytest.mark.parametrize("path", FULL)
def test_a_wrong_value_anywhere_is_a_problem_in_plain_words(path: str) -> None:
    """At each place of a full file, thirteen values of other kinds: no traceback, no library."""
    plain = yaml.safe_load(FULL[path])
    told = 0
    for at in places(plain):
        for wrong in WRONG:
            changed = deepcopy(plain)
            around = changed
            for key in at[:-1]:
                around = around[key]
            around[at[-1]] = wrong
            try:
                text = yaml.safe_dump(changed, allow_unicode=True)
                seeds.load({**FULL, path: text}, kinds=["section"])
            except SeedError as error:
                told += 1
                for problem in error.problems:
                    words = problem.partition("CSS selector")[0]
                    assert not [word for word in LIBRARY if word in words], problem
    assert told > 10


def test_a_value_that_may_be_a_word_or_a_mapping_has_one_line() -> None:
    """It names both alternatives."""
    text = FULL["lexicon/l.yml"].replace("en: [pond]", "en: [7]")
    with pytest.raises(SeedError) as error:
        seeds.load({**FULL, "lexicon/l.yml": text}, kinds=["section"])
    assert [p for p in error.value.problems if p.startswith("lexicon")] == [
        "lexicon/l.yml:6: ambiguous.en.0: is to be text, or keys with values, not 7"
    ]


def test_a_concept_that_is_not_there_is_one_problem_though_a_topic_uses_the_one_that_names_it() -> (
    None
):
    """It was a KeyError."""
    text = FULL["lexicon/l.yml"].replace("foreign: [l]", "foreign: [sea]")
    with pytest.raises(SeedError) as error:
        seeds.load({**FULL, "lexicon/l.yml": text}, kinds=["section"])
    assert error.value.problems == ("lexicon/l.yml:4: no concept 'sea' in lexicon/",)


def test_a_long_value_is_shown_by_its_beginning() -> None:
    """And a list or a mapping not at all."""
    assert quoted({"type": "int_type", "input": "9" * 500}).endswith("9…")
    assert len(quoted({"type": "int_type", "input": "9" * 500})) < 80
    assert quoted({"type": "int_type", "input": {}}) == ""
    assert quoted({"type": "string_type", "input": None}) == ", not empty"
