"""``rasd seeds check``: what each seed file holds, in a line; who names a saved search. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from crawler import matching, query
from crawler.errors import SeedError
from crawler.matching import term_index
from crawler.matching.topics import Concept, Topic
from crawler.model import Source
from crawler.monitoring import offices
from crawler.seeds import Seeds, load
from crawler.seeds.digests import DigestRecipe


def failed_examples(paths: Iterable[str], seeds: Seeds) -> dict[str, list[str]]:
    """Per topic file, the examples that come out otherwise than it says, as ``path:line: …``."""
    return {
        path: [f"{path}:{line}: {complaint}" for line, complaint in complaints]
        for path in paths
        if path.startswith("topics/")
        and (complaints := matching.failed_examples(seeds.topics[_slug(path)]))
    }


def check_lines(
    paths: Iterable[str], seeds: Seeds, failed: Mapping[str, Sequence[str]], today: date
) -> list[str]:
    """One line for each file, beginning with its path; ``failed`` is from ``failed_examples``."""
    return [f"{path}: {_summary(path, seeds, len(failed.get(path, ())), today)}" for path in paths]


def without_golden_page(seeds: Seeds, golden: Collection[str]) -> list[str]:
    """The sources that have page rules, and no page that would show if the rules still hold."""
    return [slug for slug, source in seeds.sources.items() if source.pages and slug not in golden]


def users(files: Mapping[str, str], path: str, kinds: Collection[str]) -> list[str]:
    """The places, as ``file:line``, that name the saved search at ``path`` and would be mistakes
    without it."""
    left = {name: text for name, text in files.items() if name != path}
    try:
        load(left, kinds=kinds)
    except SeedError as error:
        places = (re.match(r"[^:]+:\d+", problem) for problem in error.problems)
        return list(dict.fromkeys(place[0] for place in places if place is not None))
    return []


def verdict(seeds: Seeds) -> str:
    """The last line about seeds without a mistake: how many of each there are."""
    counts = {
        "source": len(seeds.sources),
        "concept": len(seeds.concepts),
        "search|es": len(seeds.queries),
        "topic": len(seeds.topics),
        "digest": len(seeds.digests),
    }
    return f"{', '.join(_counted(n, word) for word, n in counts.items())}: no mistake"


def mistakes(problems: Sequence[str]) -> str:
    """The last line about seeds with mistakes, each of which begins with its file."""
    files = {problem.partition(":")[0] for problem in problems}
    return f"{_counted(len(problems), 'mistake')} in {_counted(len(files), 'file')}"


def _counted(number: int, word: str) -> str:
    """``1 source``, ``3 sources``; a plural that isn't made by an s stands behind a bar."""
    one, _, ending = word.partition("|")
    return f"{number} {one if number == 1 else one + (ending or 's')}"


def _slug(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".yml")


def _summary(path: str, seeds: Seeds, failed: int, today: date) -> str:
    slug = _slug(path)
    match path.split("/", 1)[0]:
        case "sources":
            return _source(seeds.sources[slug])
        case "lexicon":
            return _concept(seeds.concepts[slug], today)
        case "topics":
            return _topic(seeds.topics[slug], failed)
        case "queries":
            return query.describe(seeds.queries[slug].query, "en")
        case _:
            return _digest(seeds.digests[slug])


def _source(source: Source) -> str:
    kinds = ", ".join(f"{feed.kind} every {feed.every_seconds // 60} min" for feed in source.feeds)
    return f"{source.name} · {source.country} · {' '.join(source.languages)} · {kinds}"


def _concept(concept: Concept, today: date) -> str:
    languages = " ".join(dict.fromkeys(term.language for term in concept.terms))
    line = f"concept of {len(concept.terms)} terms ({languages}), {len(concept.traps)} traps"
    if idle := term_index.find_idle_traps(concept):
        line += f"; traps without a term in them: {', '.join(idle)}"
    if vacant := concept.vacant_offices(today):
        line += f"; offices without a holder: {'; '.join(map(offices.describe, vacant))}"
    return line


def _topic(topic: Topic, failed: int) -> str:
    good = len(topic.examples) - failed
    return (
        f"labels {', '.join(topic.labels)} over {len(topic.concepts)} concepts, "
        f"{good} of {len(topic.examples)} examples hold · version {topic.version}"
    )


def _digest(recipe: DigestRecipe) -> str:
    return f"{', '.join(recipe.judged_by)} · daily at {recipe.hour:%H:%M} {recipe.timezone}"
