"""What a value in a file was expected to be, in our words for each of pydantic's error types. Pure.

People read what the validation library says when they mistype a seed or a setting; its words are
those of a programmer. Callers add where the value stands and what was written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT, _WHOLE, _NUMBER = "is to be text", "is to be a whole number", "is to be a number"
_TRUTH, _LIST, _TABLE = "is to be true or false", "is to be a list", "is to be {table}"
_DATE, _TIME = "is to be a date, such as 2026-10-27", 'is to be a time of day, such as "07:30"'
EXPECTED: Mapping[str, str] = {
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "date_from_datetime_inexact": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "dict_type": _TABLE,
    "finite_number": "is to be a finite number",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "is to be more than {gt}",
    "greater_than_equal": "is to be {ge} or more",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "less_than": "is to be less than {lt}",
    "less_than_equal": "is to be {le} or less",
    "list_type": _LIST,
    "literal_error": "is to be {expected}",
    "mapping_type": _TABLE,
    "missing": "is missing",
    "model_attributes_type": _TABLE,
    "model_type": _TABLE,
    "none_required": "is to be left empty",
    "path_type": "is to be the path of a file or folder",
    "set_type": _LIST,
    "string_sub_type": _TEXT,
    "string_too_long": "is to have at most {max_length} characters",
    "string_too_short": "is to have {min_length} or more characters",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "time_parsing": _TIME,
    "time_type": _TIME,
    "too_long": "is to have at most {max_length} entries",
    "too_short": "is to have {min_length} or more entries",
    "tuple_type": _LIST,
}
"""Error type → what was expected, with the limits of the error's context. Sorted."""
UNKNOWN = "can't stand here"  # if a new version of pydantic finds fault with something else
MAX_QUOTED = 60  # characters of a value in a message
_QUOTED_BY_US = frozenset({"assertion_error", "missing", "value_error"})


def expected(error: Mapping[str, Any], *, table: str) -> str:
    """What was expected in the place of the value; ``table`` is what the file's format calls a
    mapping. The message of one of our own validators as it is."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("assertion_error", "value_error"):
        message = str(error["msg"]).partition(", ")[2]
        return f"nothing{message[4:]}" if message.startswith("None ") else message
    return EXPECTED.get(kind, UNKNOWN).format(**{"table": table, **context})


def quoted(error: Mapping[str, Any]) -> str:
    """``, not 'x'``: what was written in the place, if it is a plain value; else ""."""
    given = error["input"]
    if error["type"] in _QUOTED_BY_US or isinstance(given, dict | list | tuple):
        return ""
    if given is None:
        return ", not empty"
    text = repr(given)
    return f", not {text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + '…'}"
