"""Whether the saved searches still find what they found: asked again, compared, remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from crawler import __version__, query
from crawler.matching.topics import SavedQuery, with_related
from crawler.query.comparison import Comparison, SavedAnswer, compare, differing, first
from crawler.seeds import Seeds
from storage.saved_answers import SqlSavedAnswers
from storage.search import SqlSearch


def check(
    search: SqlSearch,
    answers: SqlSavedAnswers,
    seeds: Seeds,
    slugs: Iterable[str],
    now: datetime,
    *,
    accepting: bool = False,
) -> Iterator[Comparison]:
    """Ask each of these saved searches again, and compare with what it found last.

    What it finds now is remembered in its place, unless a difference is left that nothing explains:
    that is reported again until it is gone, or until it is asked for ``accepting`` it. Raises what
    a search raises.
    """
    known = answers.all()
    for slug in slugs:
        now_found = _ask(search, answers.position(), seeds, seeds.queries[slug], now)
        before = known.get(slug)
        if before is None:
            found = first(now_found)
        else:
            odd = differing(before, now_found)
            found = compare(before, now_found, answers.archived(odd, before.last_change))
        if found.is_explained or accepting:
            answers.save([now_found], ())
        yield found


def forget_removed(answers: SqlSavedAnswers, known: Collection[str]) -> Sequence[str]:
    """Forget the answers of searches that the seeds no longer have; their slugs."""
    removed = [slug for slug in answers.all() if slug not in known]
    answers.save((), removed)
    return removed


def _ask(
    search: SqlSearch, position: tuple[int, int], seeds: Seeds, saved: SavedQuery, now: datetime
) -> SavedAnswer:
    """What the search finds up to that position, which was read before."""
    last_article, last_change = position
    found = (kept.id for kept, _ in search.every(saved.query))
    names = _deciding(saved.query, seeds)
    return SavedAnswer(
        slug=saved.slug,
        query=query.write(saved.query),
        concepts={name: _hash(seeds.concepts[name]) for name in sorted(names)},
        countries={slug: source.country for slug, source in seeds.sources.items()},
        last_article=last_article,
        last_change=last_change,
        ids=tuple(sorted(number for number in found if number <= last_article)),
        rasd=__version__,
        checked_at=now,
    )


def _deciding(asked: query.Query, seeds: Seeds) -> Collection[str]:
    """The concepts that decide about an answer; all of them if it asks for an actor, who may stand
    in any."""
    if any(isinstance(node, query.Filter) and node.name == "actor" for node in query.walk(asked)):
        return seeds.concepts.keys()
    return with_related(query.concept_names(asked), seeds.concepts)


def _hash(concept: object) -> str:
    return hashlib.sha256(repr(concept).encode()).hexdigest()[:12]
