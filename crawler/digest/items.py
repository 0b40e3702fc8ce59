"""The items of a digest: each story with its source, its date, its proof and why it matched.
Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawler.digest.choice import PlacedStory
from crawler.digest.proofs import proofs
from crawler.digest.records import Copy, Earlier, Item
from crawler.digest.wording import wording
from crawler.languages import direction
from crawler.matching.topics import Topic
from crawler.model import Article, FieldName, Language, Match, Source
from crawler.query import concept_names

MAX_CONCEPTS = 3  # named as the reason; ``rasd explain`` names them all
MAX_HEADLINE_CHARS = 120  # of a lead that stands where an article has no headline
_FIELD_WEIGHTS: Mapping[FieldName, int] = {"headline": 3, "lead": 2, "summary": 2}


def describe(placed: PlacedStory, sources: Mapping[str, Source], language: Language) -> Item:
    """The item of a story; ``language`` is that of the digest's frame."""
    kept, match, topic = placed.story.lead, placed.match, placed.topic
    article, source = kept.article, sources.get(kept.article.source)
    names = _by_weight(match, topic)
    titles = (in_language(topic.concepts[name].title, language) for name in names[:MAX_CONCEPTS])
    return Item(
        article_id=kept.id,
        headline=headline(article),
        url=article.url,
        source=source_name(article.source, sources, article.language),
        country=source.country if source else "",
        language=article.language,
        direction=direction(article.language),
        published=article.published,
        first_seen_at=article.first_seen_at,
        proofs=proofs(kept, match.mentions, unshown=wording(language).phrases["summary"]),
        concepts=tuple(titles),
        concepts_left_out=max(len(names) - MAX_CONCEPTS, 0),
        score=max(match.score.values(), default=None),
        copies=_copies(placed, sources),
    )


def earlier_line(placed: PlacedStory, sources: Mapping[str, Source], language: Language) -> Earlier:
    """The line of a story that is dated long before it was first seen."""
    article = placed.story.lead.article
    return Earlier(
        article_id=placed.story.lead.id,
        headline=headline(article),
        url=article.url,
        source=source_name(article.source, sources, article.language),
        language=article.language,
        direction=direction(article.language),
        published=article.published,
        first_seen_at=article.first_seen_at,
        label=in_language(placed.label.title, language),
        copies=_copies(placed, sources),
    )


def _copies(placed: PlacedStory, sources: Mapping[str, Source]) -> tuple[Copy, ...]:
    copies = (copy.article for copy in placed.story.copies)
    return tuple(Copy(source=source_name(a.source, sources, a.language), url=a.url) for a in copies)


def headline(article: Article) -> str:
    """The headline; without one, the beginning of the lead or the address."""
    return article.headline or article.lead[:MAX_HEADLINE_CHARS] or article.url


def source_name(slug: str, sources: Mapping[str, Source], language: Language) -> str:
    """The outlet's name in this language, else its usual name, else its slug."""
    source = sources.get(slug)
    return source.names.get(language, source.name) if source else slug


def in_language(titles: Mapping[Language, str], language: Language) -> str:
    """The title in this language, else the first there is."""
    return titles.get(language) or next(iter(titles.values()))


def _by_weight(match: Match, topic: Topic) -> list[str]:
    """The concepts that the match mentions, the weightiest first: those its themes ask for, then by
    how often and how high they stand; last those the topic enumerates, which all its stories
    name, and those found only in their words (*Morocco itself* in mentions of *Morocco*)."""
    weights: Counter[str] = Counter()
    for mention in match.mentions:
        if mention.concept in topic.concepts:
            weights[mention.concept] += _FIELD_WEIGHTS.get(mention.field, 1)
    rules = (topic.themes[name] for name in match.themes if name in topic.themes)
    themes = {name for rule in rules for name in concept_names(rule)}
    told = _told_anyway(match, topic)
    return sorted(weights, key=lambda name: (name not in themes, name in told, -weights[name]))


def _told_anyway(match: Match, topic: Topic) -> set[str]:
    """The concepts that the topic enumerates, and those all of whose mentions lie within theirs."""
    enumerated = [m for m in match.mentions if m.concept in topic.enumerated]
    others = {
        m.concept
        for m in match.mentions
        if not any(
            m.field == one.field and one.start <= m.start and m.end <= one.end for one in enumerated
        )
    }
    return {m.concept for m in match.mentions} - others | set(topic.enumerated)
