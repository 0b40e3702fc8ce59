"""Which of the pages to be kept are articles of their own, and which are stored already.

The rule is ``crawler.stories.identity``'s; here the articles that it compares are loaded, and what
it finds out about stored ones is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.model import Article, ArticleToKeep, Oddity, Reading
from crawler.stories.identity import MAX_COMPARED, KnownPage, KnownPages, headline_key
from storage import article_changes, statements
from storage import tables as t

DISPUTED: Oddity = "canonical_disputed"
_PARAMETERS_OF_PAGE = 5  # its headline, its two addresses, and those once more as what is claimed
_MOVED = ("source", "url", "canonical_url", "url_key", "claimed_key")
_A = t.articles.c
_COMPARED = (
    _A.id, _A.url_key, _A.claimed_key, _A.headline_key, _A.headline, _A.lead, _A.fingerprint,
)  # fmt: skip
_TITLES: sa.BindParameter[Any] = sa.bindparam("titles", expanding=True)


def _newest(column: sa.Column[Any], values: sa.BindParameter[Any]) -> sa.Select[Any]:
    """The newest articles that have one of these values in a column."""
    newest_first = sa.func.row_number().over(partition_by=column, order_by=_A.id.desc())
    placed = sa.select(_A.id, newest_first.label("place")).where(column.in_(values))
    ranked = placed.subquery()
    return (
        sa.select(*_COMPARED)
        .join(ranked, ranked.c.id == _A.id)
        .where(ranked.c.place <= MAX_COMPARED)
    )


# One statement: each costs as much as what it finds.
_STORED = sa.union_all(
    *(
        found.add_columns(sa.literal_column(str(turn)).label("turn"))
        for turn, found in enumerate(
            (
                _newest(_A.headline_key, _TITLES),
                sa.select(*_COMPARED).where(_A.url_key.in_(statements.KEYS)),
                _newest(_A.claimed_key, statements.KEYS),
            )
        )
    )
)
_SELECT_STORED = _STORED.order_by(_STORED.selected_columns.turn, _STORED.selected_columns.id)
_S, _L = t.sightings.c, t.match_labels.c
_FIRST = sa.func.coalesce(_S.again_of, _S.id)
_SELECT_EARLIER = (
    sa.select(*_COMPARED, _FIRST.label("first"))
    .join(t.sightings, _S.article_id == _A.id)
    .where(sa.or_(_S.id.in_(statements.KEYS), _S.again_of.in_(statements.KEYS)))
    .order_by(_S.id)
)
_SELECT_LABELS = sa.select(_L.article_id, _L.topic, _L.label).where(
    _L.article_id.in_(statements.KEYS)
)
_MOVE = (
    sa.update(t.articles)
    .where(_A.id == sa.bindparam("which"))
    .values({name: sa.bindparam(f"new_{name}") for name in _MOVED})
)


@dataclass(slots=True, kw_only=True)
class Placed:
    """Where the pages of a batch belong; a page of the batch that is new has a negative number."""

    numbers: list[int] = field(default_factory=list)  # by page: of its article, or of a new page
    new: dict[int, ArticleToKeep] = field(default_factory=dict)  # to be written, by number
    by_parameters: set[str] = field(default_factory=set)  # sources with one text at two addresses

    def to_store(self, keepings: Sequence[ArticleToKeep]) -> list[ArticleToKeep]:
        """Those of the batch whose page is stored: all but what was read again for nothing."""
        pairs = zip(keepings, self.numbers, strict=True)
        return [k for k, number in pairs if k.sighting.again_of is None or number < 0]


def place(c: Connection, keepings: Sequence[ArticleToKeep]) -> Placed:
    """Where these pages belong; writes what they say about articles that are stored."""
    keepings = [_named(keeping) for keeping in keepings]
    pages = [_known_page(-place, k) for place, k in enumerate(keepings, 1)]
    known, placed = KnownPages(), Placed()
    known.add(_stored(c, pages))
    earlier = _earlier(c, keepings)
    disputed, leading = set[int](), dict[int, ArticleToKeep]()
    for page, keeping in zip(pages, keepings, strict=True):
        first, before = keeping.sighting.again_of, keeping.sighting.moved_from
        if first is not None:
            found = known.place_again(page, reversed(earlier[first]))
            earlier[first] += [page] if found.same_as is None else []
        elif before is not None:
            found = known.place_moved(page, reversed(earlier[before]))
        else:
            found = known.place(page)
        if found.same_as is None:
            placed.new[page.number] = keeping
        elif found.leads:
            leading[found.same_as] = keeping
        if found.by_parameters:
            placed.by_parameters.add(keeping.sighting.source)
        disputed |= found.disputed
        placed.numbers.append(page.number if found.same_as is None else found.same_as)
    for number, keeping in placed.new.items():
        moved = _at(keeping, leading.get(number))
        placed.new[number] = _doubted(moved) if number in disputed else moved
    _write_moved(c, {n: k for n, k in leading.items() if n > 0})
    _write_disputed(c, [n for n in disputed if n > 0])
    return placed


def disputed(article: Article) -> Article:
    """The article without the canonical address that it claims."""
    oddities = tuple(sorted({*article.oddities, DISPUTED}))
    return replace(article, canonical_url=article.url, oddities=oddities)


def _known_page(number: int, keeping: ArticleToKeep) -> KnownPage:
    reading = keeping.prepared.reading
    article = reading.article
    return KnownPage(
        number=number,
        url_key=article.url_key,
        claimed_key=article.claimed_key,
        headline_key=headline_key_of(reading),
        headline=article.headline,
        lead=article.lead,
        fingerprint=reading.fingerprint,
        labels=frozenset((m.topic, label) for m in reading.matches for label in m.labels),
    )


def _named(keeping: ArticleToKeep) -> ArticleToKeep:
    """A page that was read again is known by what was shown at its address, and claims nothing."""
    if keeping.sighting.again_of is None:
        return keeping
    article = keeping.prepared.reading.article
    _, _, showing = keeping.sighting.url_key.rpartition("#")
    key = f"{article.url_key}#{showing}"
    return _with_article(keeping, replace(article, url_key=key, claimed_key=None))


def _earlier(c: Connection, keepings: Sequence[ArticleToKeep]) -> dict[int, list[KnownPage]]:
    """The articles found before at the addresses that were read again or corrected, by the first
    sighting."""
    asked = (n for k in keepings for n in (k.sighting.again_of, k.sighting.moved_from))
    first = sorted({number for number in asked if number is not None})
    found: dict[int, list[KnownPage]] = {number: [] for number in first}
    for chunk in statements.chunks(first):
        rows = c.execute(_SELECT_EARLIER, {"keys": chunk}).all()
        labels: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for label in c.execute(_SELECT_LABELS, {"keys": [row.id for row in rows]}):
            labels[label.article_id].add((label.topic, label.label))
        for row in rows:
            page = replace(_of_row(row), labels=frozenset(labels[row.id]))
            found.setdefault(row.first, []).append(page)
    return found


def headline_key_of(reading: Reading) -> int | None:
    """The key of the article's headline."""
    return headline_key(reading.article.source, reading.article.headline)


def _stored(c: Connection, pages: Sequence[KnownPage]) -> Iterator[KnownPage]:
    """The articles of the same headline, those found at the addresses of these pages or at those
    that they claim, and those that claim one of these addresses."""
    for some in statements.chunks(pages, parameters=_PARAMETERS_OF_PAGE):
        titles = {page.headline_key for page in some if page.headline_key is not None}
        keys = {key for page in some for key in (page.url_key, page.claimed_key) if key is not None}
        asked = {"titles": statements.padded(titles), "keys": statements.padded(keys)}
        for row in c.execute(_SELECT_STORED, asked):
            yield _of_row(row)


def _of_row(row: Any) -> KnownPage:
    return KnownPage(
        number=row.id,
        url_key=row.url_key,
        claimed_key=row.claimed_key,
        headline_key=row.headline_key,
        headline=row.headline,
        lead=row.lead,
        fingerprint=bytes(row.fingerprint),
    )


def _at(keeping: ArticleToKeep, leading: ArticleToKeep | None) -> ArticleToKeep:
    """The article at the address of the page that leads it."""
    if leading is None:
        return keeping
    address = {name: getattr(leading.prepared.reading.article, name) for name in _MOVED}
    return _with_article(keeping, replace(keeping.prepared.reading.article, **address))


def _doubted(keeping: ArticleToKeep) -> ArticleToKeep:
    return _with_article(keeping, disputed(keeping.prepared.reading.article))


def _with_article(keeping: ArticleToKeep, article: Article) -> ArticleToKeep:
    reading = replace(keeping.prepared.reading, article=article)
    return replace(keeping, prepared=replace(keeping.prepared, reading=reading))


def _write_moved(c: Connection, leading: Mapping[int, ArticleToKeep]) -> None:
    rows = [
        {"which": number}
        | {f"new_{name}": getattr(k.prepared.reading.article, name) for name in _MOVED}
        for number, k in leading.items()
    ]
    if rows:
        c.execute(_MOVE, rows)
        article_changes.note(c, (row["which"] for row in rows))


def _write_disputed(c: Connection, numbers: Iterable[int]) -> None:
    """Mark these stored articles, each once."""
    for chunk in statements.chunks(sorted(numbers)):
        rows = c.execute(sa.select(_A.id, _A.url, _A.oddities).where(_A.id.in_(chunk))).all()
        for number, url, oddities in rows:
            if DISPUTED in oddities:
                continue
            values = {"canonical_url": url, "oddities": sorted({*oddities, DISPUTED})}
            c.execute(sa.update(t.articles).where(_A.id == number).values(values))
