"""Saved queries (``queries/<slug>.yml``), and the parsing of any rule in a seed file. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from crawler import query
from crawler.errors import QueryError, SeedError, UnknownSeedError
from crawler.matching.topics import SavedQuery
from crawler.seeds.files import SeedDocument
from crawler.seeds.schema import BuiltSeeds, KeyPath, Shape, Titles

MAX_NEAR = 30  # characters of a rule that a message shows


class QueryFile(Shape):
    """``queries/<slug>.yml``."""

    title: Titles
    query: str


def build_query(file: SeedDocument, found: BuiltSeeds, kinds: Collection[str]) -> SavedQuery:
    """Return the saved query; its own ``@slug`` are resolved later by ``resolve_queries``."""
    shape: QueryFile = file.shape
    tree = parse_rule(file, ("query",), shape.query)
    for name in query.concept_names(tree):
        check_concept(file, found, name, ("query",))
    labels = tuple(
        (value, file.position(("query",), at)) for value, at in query.find_labels(tree, shape.query)
    )
    return SavedQuery(slug=file.slug, title=shape.title, query=tree, labels=labels)


def resolve_queries(
    found: dict[str, SavedQuery], files: Sequence[SeedDocument]
) -> Iterator[tuple[str, SeedError]]:
    """Replace every ``@slug`` within the saved queries ``found``, in place.

    Takes out those that have mistakes, and yields each with its problem.
    """
    raw = dict(found)
    trees = {slug: item.query for slug, item in raw.items()}
    for file in files:
        item = found.get(file.slug)
        if item is not None:
            try:
                whole = query.resolve(item.query, trees)
            except QueryError as error:
                del found[file.slug]
                message = locate_error(file, ("query",), file.shape.query, error)
                yield file.slug, unresolved(item.query, trees, message)
            else:
                nested = [raw[slug] for slug in query.saved_slugs(item.query, trees)]
                labels = (*item.labels, *(label for one in nested for label in one.labels))
                found[file.slug] = replace(item, query=whole, labels=labels)


def unresolved(tree: query.Query, saved: Mapping[str, query.Query], message: str) -> SeedError:
    """The error of a query that could not be resolved: of the saved query that is not there, if
    that is why."""
    trees = [tree, *(saved[slug] for slug in query.saved_slugs(tree, saved))]
    named = (node for one in trees for node in query.walk(one) if isinstance(node, query.SavedRef))
    for node in named:
        if node.slug not in saved:
            return UnknownSeedError("queries", node.slug, message)
    return SeedError(message)


def check_concept(file: SeedDocument, found: BuiltSeeds, name: str, key_path: KeyPath) -> None:
    """Raise SeedError if the lexicon has no concept of that name."""
    if name not in found["lexicon"]:
        near = difflib.get_close_matches(name, found["lexicon"], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = file.problem(key_path, f"no concept {name!r} in lexicon/{hint}")
        raise UnknownSeedError("lexicon", name, message)


def parse_rule(file: SeedDocument, key_path: KeyPath, text: str) -> query.Query:
    """Return the rule's tree. Raises SeedError with the file, line and column of the mistake."""
    try:
        return query.parse(text)
    except QueryError as error:
        raise SeedError(locate_error(file, key_path, text, error)) from error


def locate_error(file: SeedDocument, key_path: KeyPath, text: str, error: QueryError) -> str:
    """The error with the position in the file.

    An error in a resolved tree has the text that ``write`` gives; then its word is searched in the
    file.
    """
    at = error.position
    if error.text != text:
        word = re.match(r"[@\w:«\"-]*", error.text[at:])
        at = max(0, text.find(word[0])) if word else 0
    said = f"{file.position(key_path, at)}: {error.reason}"
    if near := text[at:].strip()[:MAX_NEAR]:
        return f"{said}, at {near!r}"
    return f"{said}, at the end of {text.strip()[-MAX_NEAR:]!r}"
