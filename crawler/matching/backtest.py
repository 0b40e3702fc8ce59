"""What another version of a topic would change: two verdicts on one article compared, changes counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.matching import explanation
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Language, Match, Mention

QUOTED = 2  # sentences of proof with each change; rasd explain shows them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An article whose labels two verdicts of one topic give differently; None: nothing was found.

    ``proof`` are the sentences that speak for the labels gained, or for those lost; ``taken_away``
    what no longer counts, with the reason.
    """

    article_id: int
    source: str
    language: Language
    headline: str
    url: str
    topic: str
    before: Match | None
    after: Match | None
    proof: tuple[explanation.Quote, ...] = ()
    taken_away: tuple[Mention, ...] = ()

    @property
    def gained(self) -> tuple[str, ...]:
        """The labels that only the verdict after gives."""
        return tuple(name for name in labels(self.after) if name not in labels(self.before))

    @property
    def lost(self) -> tuple[str, ...]:
        """The labels that only the verdict before gave."""
        return tuple(name for name in labels(self.before) if name not in labels(self.after))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """How many labels articles of one source gained and lost."""

    source: str
    gained: int = 0
    lost: int = 0


def labels(match: Match | None) -> tuple[str, ...]:
    """A verdict's labels; none of no verdict."""
    return match.labels if match is not None else ()


def change(
    kept: ArchivedArticle, topic: Topic, fields: Fields, before: Match | None, after: Match | None
) -> Change:
    """The two verdicts side by side, with proof where labels came or went."""
    shown = after if set(labels(after)) - set(labels(before)) else before
    quotes: tuple[explanation.Quote, ...] = ()
    away: tuple[Mention, ...] = ()
    if set(labels(before)) != set(labels(after)):
        found = explanation.quotes(shown.mentions if shown is not None else (), fields.texts)
        found.sort(key=lambda quote: -len({m.concept for m in quote.mentions}))
        quotes = tuple(found[:QUOTED])
        if after is not None and set(labels(before)) - set(labels(after)):
            away = explanation.evident(after, fields, topic).taken_away
    return Change(
        article_id=kept.id,
        source=kept.article.source,
        language=kept.article.language,
        headline=kept.article.headline,
        url=kept.article.url,
        topic=topic.slug,
        before=before,
        after=after,
        proof=quotes,
        taken_away=away,
    )


def per_source(changes: Iterable[Change]) -> list[SourceChanges]:
    """Gained and lost per source, most changed first."""
    counts: dict[str, list[int]] = {}
    for one in changes:
        row = counts.setdefault(one.source, [0, 0])
        row[0] += len(one.gained)
        row[1] += len(one.lost)
    tallies = [
        SourceChanges(source=name, gained=g, lost=n) for name, (g, n) in counts.items() if g or n
    ]
    return sorted(tallies, key=lambda t: (-t.gained - t.lost, t.source))
