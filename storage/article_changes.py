"""Which stored articles were changed, in the order of their latest change: read again, judged
again, found at another address.

What compares two answers of a search asks it why an article is found now and was not before. A row
is written in the transaction that changes the article.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import statements
from storage import tables as t


def note(c: Connection, ids: Iterable[int]) -> None:
    """Write that these articles are changed now, by the latest change."""
    changes, number = t.article_changes, last(c) + 1
    for chunk in statements.chunks(sorted(set(ids))):
        c.execute(sa.delete(changes).where(changes.c.article_id.in_(chunk)))
        c.execute(sa.insert(changes), [{"article_id": one, "change": number} for one in chunk])


def last(c: Connection) -> int:
    """The number of the latest change; 0 if there was none."""
    found = c.execute(sa.select(sa.func.max(t.article_changes.c.change))).scalar()
    return int(found or 0)


def since(c: Connection, change: int, ids: Collection[int]) -> frozenset[int]:
    """Those of these articles that were changed after the change of this number."""
    changes = t.article_changes.c
    found: set[int] = set()
    for chunk in statements.chunks(sorted(ids)):
        query = sa.select(changes.article_id).where(
            changes.article_id.in_(chunk), changes.change > change
        )
        found.update(c.execute(query).scalars())
    return frozenset(found)
