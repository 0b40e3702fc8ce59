"""A saved search in a digest: a section of its own, with what it finds. Pure.

For composing it is a topic of one label, called ``@slug``: that label's rule is the search, and the
mentions that answer it are its proof. Nothing of it is written into the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.matching.topics import Concept, Label, SavedQuery, Topic
from crawler.model import ArchivedArticle, Match
from crawler.query import concept_names


def as_topic(saved: SavedQuery, concepts: Mapping[str, Concept]) -> Topic:
    """The section that a digest has of this search."""
    return Topic(
        slug=f"@{saved.slug}",
        title=saved.title,
        labels={saved.slug: Label(name=saved.slug, title=saved.title, rule=saved.query)},
        concepts={name: concepts[name] for name in concept_names(saved.query)},
        version="",
    )


def found_by(slug: str, answer: Match) -> Match:
    """What stands beside the topics' matches of an article that this search has found."""
    return replace(answer, topic=f"@{slug}", labels=(slug,))


def with_answers(
    articles: Sequence[ArchivedArticle], answers: Mapping[int, Sequence[Match]]
) -> list[ArchivedArticle]:
    """The articles, each with the matches of the searches that have found it, by its id."""
    return [replace(one, matches=(*one.matches, *answers.get(one.id, ()))) for one in articles]
