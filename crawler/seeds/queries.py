"""Saved queries (``queries/<slug>.yml``), read and written, and the parsing of any rule in a seed
file. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from crawler import query
from crawler.errors import QueryError, SeedError, UnknownSeedError, UsageError
from crawler.matching.topics import SavedQuery
from crawler.model import Language
from crawler.seeds.files import MAX_SLUG, SeedDocument
from crawler.seeds.guesses import is_slug
from crawler.seeds.scaffold import quoted, wrapped
from crawler.seeds.schema import BuiltSeeds, KeyPath, Shape, Titles

FOLDER = "queries"
MAX_NEAR = 30  # characters of a rule that a message shows
_ARABIC = re.compile("[\u0600-\u06ff]")
_TITLE = re.compile(r"([a-z]{2,3}):\s*(.*)", re.DOTALL)


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
        rule = query.parse(text)
        query.refuse_names(rule, text)
        return rule
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


# ── a file of one, written ───────────────────────────────────────────────────────────────────────


def file_text(titles: Mapping[Language, str], written: str, note: str = "") -> str:
    """The text of the seed file; ``note`` becomes its first lines, as comments."""
    title = ", ".join(f"{language}: {quoted(text)}" for language, text in titles.items())
    comment = [f"# {line}" for line in wrapped(note)]
    body = [f"  {line}" for line in wrapped(written)]
    return "\n".join([*comment, f"title: {{{title}}}", "query: >", *body, ""])


def titles_of(given: Sequence[str], slug: str) -> dict[Language, str]:
    """Titles by language, each given as ``fr: visites``; without its language a title is Arabic if
    it has Arabic letters, else English. Without any, the slug's words are the English title."""
    titles: dict[Language, str] = {}
    for text in given or [slug.replace("-", " ")]:
        named = _TITLE.fullmatch(text)
        guess: Language = "ar" if _ARABIC.search(text) else "en"
        language, title = (named[1], named[2]) if named else (guess, text)
        titles[language] = title
    return titles


def require_slug(slug: str) -> None:
    """Raise UsageError if this is no name for a seed file."""
    if not is_slug(slug) or len(slug) > MAX_SLUG:
        raise UsageError(
            f"{slug!r} is no name for a saved search; use lower-case letters, digits, hyphens"
        )


def path_of(slug: str, files: Mapping[str, str]) -> str:
    """The path of the saved search in the seeds folder; of one that is not there, where its file
    belongs."""
    here = (path for path in files if path.startswith(f"{FOLDER}/"))
    found = (path for path in here if PurePosixPath(path).stem == slug)
    return next(found, f"{FOLDER}/{slug}.yml")


def written_query(path: str, text: str) -> str:
    """The query of a saved search as its file has it, in one line. Raises SeedError."""
    shape: QueryFile = SeedDocument.parse(path, text, QueryFile).shape
    return " ".join(shape.query.split())


def note_of(text: str) -> str:
    """The comments at the head of a seed file, as one text."""
    lines = text.removeprefix("\ufeff").splitlines()
    head = lines[: next((n for n, line in enumerate(lines) if not line.startswith("#")), None)]
    return " ".join(line.removeprefix("#").strip() for line in head)
