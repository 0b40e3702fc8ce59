"""Which words stand in some text of the archive, as the full-text index has it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_SQLITE = sa.text(
    "SELECT key FROM json_each(:asked) AS asked WHERE EXISTS"
    " (SELECT 1 FROM article_text WHERE article_text MATCH asked.value)"
)
_POSTGRESQL = sa.text(
    "SELECT key FROM json_each_text(CAST(:asked AS json)) AS asked WHERE EXISTS"
    " (SELECT 1 FROM article_text WHERE words @@ CAST(asked.value AS tsquery))"
)


def occurring(c: Connection, expressions: Mapping[str, str]) -> frozenset[str]:
    """Those of the words whose full-text expression some article satisfies."""
    if not expressions:
        return frozenset()
    statement = _SQLITE if c.dialect.name == "sqlite" else _POSTGRESQL
    asked = {"asked": json.dumps(dict(expressions))}
    return frozenset(c.execute(statement, asked).scalars())
