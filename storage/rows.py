"""Records as rows: their fields by name, for tables whose columns are named like the fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.model import Cause, Reason


def row_of(record: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass by name; their values are not copied.

    ``dataclasses.asdict`` copies everything down to the last leaf, which takes ten times as long,
    and an article may have hundreds of mentions.
    """
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def pairs_of(causes: Sequence[Cause]) -> list[list[str]]:
    """Causes as a JSON column holds them: each as [reason, detail], in the order given."""
    return [[cause.reason, cause.detail] for cause in causes]


def causes_of(pairs: Sequence[tuple[Reason, str]]) -> tuple[Cause, ...]:
    """The causes that a JSON column holds, in their order."""
    return tuple(Cause(reason=reason, detail=detail) for reason, detail in pairs)
