"""Which parameters of a source's addresses mean nothing: learned when one text is found twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.stories.parameters import find_meaningless, shortened
from storage import statements
from storage import tables as t
from storage.transactions import Transactions

MAX_ADDRESSES = 1_000  # of a source, the newest, by which its parameters are judged
_S, _P = t.sightings.c, t.parameters.c
_OF_SOURCE = (
    _S.source == sa.bindparam("of_source"),
    _S.again_of.is_(None),
    _S.url_key.contains("?", autoescape=True),
)
_SELECT_ADDRESSES = (
    sa.select(_S.url_key, _S.article_id)
    .where(*_OF_SOURCE, _S.article_id.is_not(None))
    .order_by(_S.first_seen_at.desc(), _S.id.desc())
    .limit(MAX_ADDRESSES)
)
_SELECT_KEYS = sa.select(_S.id, _S.url_key).where(*_OF_SOURCE).order_by(_S.id)
_REKEY = (
    sa.update(t.sightings)
    .where(_S.id == sa.bindparam("which"))
    .values(url_key=sa.bindparam("new_key"))
)


class SqlParameters(Transactions):
    """Reads what was learned."""

    def meaningless_parameters(self) -> Mapping[str, frozenset[str]]:
        """The names of the parameters without meaning, by source; no source without any."""
        found: dict[str, set[str]] = {}
        with self._reading() as c:
            for source, name in c.execute(sa.select(_P.source, _P.name)):
                found.setdefault(source, set()).add(name)
        return {source: frozenset(names) for source, names in found.items()}


def learn(c: Connection, sources: Collection[str], now: datetime) -> None:
    """Learn from the stored addresses of these sources, in the caller's transaction.

    The oldest sighting of each address that differs only in what means nothing is known by the
    address without it from now on.
    """
    for source in sorted(sources):
        rows = c.execute(_SELECT_ADDRESSES, {"of_source": source}).all()
        known = set(c.execute(sa.select(_P.name).where(_P.source == source)).scalars())
        names = find_meaningless([(row.url_key, row.article_id) for row in rows]) - known
        if not names:
            continue
        learned = [{"source": source, "name": name, "learned_at": now} for name in sorted(names)]
        c.execute(sa.insert(t.parameters), learned)
        _rekey(c, source, names | known)


def _rekey(c: Connection, source: str, names: Collection[str]) -> None:
    rows = c.execute(_SELECT_KEYS, {"of_source": source}).all()
    first = shortened([(row.id, row.url_key) for row in rows], names)
    taken: set[str] = set()
    for chunk in statements.chunks(list(first)):
        chosen = {"of_source": source, "keys": chunk}
        taken.update(key for key, _ in c.execute(statements.SELECT_SIGHTING_IDS, chosen))
    changed = [{"which": n, "new_key": key} for key, n in first.items() if key not in taken]
    if changed:
        c.execute(_REKEY, changed)
