"""The statements that every kept page needs, made once.

SQLAlchemy takes longer to build a statement than SQLite to run it; these have names in place of
values and are the same objects each time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from storage import tables as t

PLACED = sa.select(t.articles.c.id, t.articles.c.rank, t.articles.c.url_key).where(
    t.articles.c.url_key.in_(sa.bindparam("keys", expanding=True))
)
SETTLE = sa.update(t.sightings).where(t.sightings.c.id == sa.bindparam("sighting"))
SETTLE = SETTLE.values({
    name: sa.bindparam(name)
    for name in ("fate", "reason", "settled_at", "next_try_at", "attempts", "article_id")
})  # fmt: skip
INSERT_TEXT = sa.text("INSERT INTO article_text (rowid, headline, body) VALUES (:rank, :headline, :body)")
_RANK = t.articles.c.rank
NEXT_RANK = (
    sa.select(sa.func.coalesce(sa.func.max(_RANK) + 1, sa.bindparam("low", type_=_RANK.type)))
    .where(sa.bindparam("low") <= _RANK, sa.bindparam("high") > _RANK)
    .scalar_subquery()
)


_ARTICLE: dict[str, Any] = {c.name: sa.bindparam(c.name) for c in t.articles.c if c.name not in ("id", "rank")}
INSERT_ARTICLE = sa.insert(t.articles).values(_ARTICLE | {"rank": NEXT_RANK})
"""An article's row with the next rank of its minute; of many, each knows of those before it."""
INSERT_MATCH = sa.insert(t.matches)
INSERT_LABEL = sa.insert(t.match_labels)


@cache
def insert_snapshot(dialect: str) -> Executable:
    """A page's row, or another page in the place of the one before."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(t.snapshots)
    later = {c.name: insert.excluded[c.name] for c in t.snapshots.c if c.name != "sighting_id"}
    return insert.on_conflict_do_update(index_elements=["sighting_id"], set_=later)
