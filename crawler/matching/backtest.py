"""Compare two matches of one article by two versions of a topic, and count what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.matching import explanation
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Language, Match, Mention

MAX_QUOTES = 2  # sentences of proof with each change; rasd explain shows them all


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """An article that two matches of one topic label differently; None means that nothing was
    found.

    ``proof`` has sentences that support the gained labels, or the lost ones; ``taken_away`` the
    mentions that no longer count, with their reason.
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
        """Labels only in the match after."""
        return tuple(
            name for name in labels_or_none(self.after) if name not in labels_or_none(self.before)
        )

    @property
    def lost(self) -> tuple[str, ...]:
        """Labels only in the match before."""
        return tuple(
            name for name in labels_or_none(self.before) if name not in labels_or_none(self.after)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """How many labels the articles of one source gained and lost."""

    source: str
    gained: int = 0
    lost: int = 0


def labels_or_none(match: Match | None) -> tuple[str, ...]:
    """The match's labels; empty if there is no match."""
    return match.labels if match is not None else ()


def compare_verdicts(
    kept: ArchivedArticle, topic: Topic, fields: Fields, before: Match | None, after: Match | None
) -> VerdictChange:
    """Compare the two matches, with proof if labels differ."""
    shown = after if set(labels_or_none(after)) - set(labels_or_none(before)) else before
    quotes: tuple[explanation.Quote, ...] = ()
    away: tuple[Mention, ...] = ()
    if set(labels_or_none(before)) != set(labels_or_none(after)):
        found = explanation.quote_sentences(
            shown.mentions if shown is not None else (), fields.texts
        )
        found.sort(key=lambda quote: -len({m.concept for m in quote.mentions}))
        quotes = tuple(found[:MAX_QUOTES])
        if after is not None and set(labels_or_none(before)) - set(labels_or_none(after)):
            away = explanation.with_evidence(after, fields, topic).taken_away
    return VerdictChange(
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


def count_by_source(changes: Iterable[VerdictChange]) -> list[SourceChanges]:
    """Gained and lost labels per source, most changes first; sources without changes are left
    out.
    """
    counts: dict[str, list[int]] = {}
    for one in changes:
        row = counts.setdefault(one.source, [0, 0])
        row[0] += len(one.gained)
        row[1] += len(one.lost)
    tallies = [
        SourceChanges(source=name, gained=g, lost=n) for name, (g, n) in counts.items() if g or n
    ]
    return sorted(tallies, key=lambda t: (-t.gained - t.lost, t.source))
