"""What a digest says: chosen and ordered here, worded by ``rendering``. Pure.

One block an event, the most specific label first, each with the sentence that proves it; then what
the watch could not see. An empty digest is said to be empty, never padded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.digest.proofs import proofs
from crawler.digest.records import Copy, Digest, Doubt, Health, Item, Section
from crawler.languages import direction
from crawler.matching.topics import Topic
from crawler.model import (
    ArchivedArticle,
    FieldName,
    Finding,
    Language,
    Match,
    Source,
    SourceHealth,
)
from crawler.query import concepts
from crawler.seeds.digests import DigestRecipe
from crawler.stories.copies import Story, group

WATCHED = 5  # lines of the watch list; rasd doubtful shows them all
REASONS = 3  # concepts that say why; rasd explain names them all


def compose(
    recipe: DigestRecipe,
    articles: Sequence[ArchivedArticle],
    *,
    sources: Mapping[str, Source],
    health: Sequence[SourceHealth],
    now: datetime,
    since: datetime,
    until: datetime,
    topics: Mapping[str, Topic],
    findings: Sequence[Finding] = (),
    doubtful: Sequence[ArchivedArticle] = (),
) -> Digest:
    """The digest of these articles. A story stands under the last label its topic declares for it:
    topics go from the general to the special."""
    frame = recipe.languages[0]
    told = group(articles)
    sections: list[Section] = []
    for topic in (topics[slug] for slug in recipe.topics):
        for name in reversed(topic.labels):
            under = [s for s in told if _label(s, topic.slug) == name]
            if under:
                title = _in(topic.labels[name].title, frame)
                items = [_item(s, topic, sources, frame) for s in under]
                items.sort(key=lambda item: -item.score)
                sections.append(Section(label=name, title=title, items=tuple(items)))
    doubts = _doubts(recipe, doubtful, sources, topics)
    return Digest(
        recipe=recipe.slug,
        title=_in(recipe.title, frame),
        language=frame,
        direction=direction(frame),
        timezone=recipe.timezone,
        composed_at=now,
        since=since,
        until=until,
        sections=tuple(_within(sections, recipe.max_events)),
        article_ids=tuple(a.id for a in articles),
        health=replace(_health(health, sources), findings=_found(findings, sources, frame)),
        watch_list=tuple(doubts[:WATCHED]),
        watch_list_left_out=max(len(doubts) - WATCHED, 0),
    )


def _doubts(
    recipe: DigestRecipe,
    articles: Sequence[ArchivedArticle],
    sources: Mapping[str, Source],
    topics: Mapping[str, Topic],
) -> list[Doubt]:
    """A line an event, the surest first; what a recipe's topics gave no doubtful label is left out."""
    doubts = []
    for kept in (story.lead for story in group(articles)):
        matches = [m for m in kept.matches if m.topic in recipe.topics and m.doubtful]
        scored = [(m.score[name], m.topic, name) for m in matches for name in m.doubtful]
        if scored:
            score, slug, name = max(scored, key=lambda row: row[0])
            title = (
                _in(topics[slug].labels[name].title, recipe.languages[0])
                if name in topics[slug].labels
                else name
            )
            doubts.append(_doubt(kept, title, score, sources))
    return sorted(doubts, key=lambda doubt: (-doubt.score, doubt.article_id))


def _doubt(kept: ArchivedArticle, label: str, score: float, sources: Mapping[str, Source]) -> Doubt:
    article = kept.article
    return Doubt(
        article_id=kept.id,
        headline=article.headline or article.lead[:120] or article.url,
        url=article.url,
        source=_name(article.source, sources, article.language),
        language=article.language,
        direction=direction(article.language),
        published=article.published,
        first_seen_at=article.first_seen_at,
        label=label,
        score=score,
    )


def _within(sections: Iterable[Section], most: int) -> Iterable[Section]:
    """At most ``most`` events in all; what is left out is counted, never dropped in silence."""
    for section in sections:
        shown = section.items[:most]
        most -= len(shown)
        left = len(section.items) - len(shown)
        yield Section(label=section.label, title=section.title, items=shown, left_out=left)


def _label(story: Story, topic: str) -> str | None:
    match = _match(story.lead, topic)
    return match.labels[-1] if match is not None and match.labels else None


def _match(kept: ArchivedArticle, topic: str) -> Match | None:
    return next((m for m in kept.matches if m.topic == topic), None)


def _item(story: Story, topic: Topic, sources: Mapping[str, Source], frame: Language) -> Item:
    kept = story.lead
    article = kept.article
    match = _match(kept, topic.slug)
    mentions = match.mentions if match is not None else ()
    names = _reasons(match, topic) if match is not None else []
    source = sources.get(article.source)
    return Item(
        article_id=kept.id,
        headline=article.headline or article.lead[:120] or article.url,
        url=article.url,
        source=_name(article.source, sources, article.language),
        country=source.country if source else "",
        language=article.language,
        direction=direction(article.language),
        published=article.published,
        first_seen_at=article.first_seen_at,
        proofs=proofs(kept, mentions),
        concepts=tuple(_in(topic.concepts[name].title, frame) for name in names[:REASONS]),
        concepts_left_out=max(len(names) - REASONS, 0),
        score=max(match.score.values(), default=0.0) if match is not None else 0.0,
        copies=tuple(
            Copy(source=_name(c.article.source, sources, c.article.language), url=c.article.url)
            for c in story.copies
        ),
    )


_WEIGHTS: Mapping[FieldName, int] = {"headline": 3, "lead": 2}


def _reasons(match: Match, topic: Topic) -> list[str]:
    """The concepts that the match mentions, the weightiest first: what its themes ask for, then what
    stands oftenest and highest, and last what the topic enumerates, which every story of it names."""
    weights: Counter[str] = Counter()
    for mention in match.mentions:
        if mention.concept in topic.concepts:
            weights[mention.concept] += _WEIGHTS.get(mention.field, 1)
    rules = (topic.themes[name] for name in match.themes if name in topic.themes)
    themes = {name for rule in rules for name in concepts(rule)}
    return sorted(
        weights, key=lambda name: (name not in themes, name in topic.enumerated, -weights[name])
    )


def _health(rows: Sequence[SourceHealth], sources: Mapping[str, Source]) -> Health:
    failing = [r for r in rows if r.failures]
    unpolled = [r for r in rows if r.last_poll_at is None]
    polled = [r.last_poll_at for r in rows if r.last_poll_at is not None]
    return Health(
        sources=len(rows),
        answered=len(rows) - len(failing) - len(unpolled),
        failing=tuple(sources[r.source].name for r in failing),
        unpolled=tuple(sources[r.source].name for r in unpolled),
        last_poll_at=max(polled, default=None),
    )


def _found(
    findings: Sequence[Finding], sources: Mapping[str, Source], frame: Language
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The findings of sources that are watched, and those about us, by kind."""
    kinds: dict[str, list[str]] = {}
    for finding in findings:
        if finding.source in sources:
            kinds.setdefault(finding.kind, []).append(_name(finding.source, sources, frame))
        elif not finding.source:
            kinds.setdefault(finding.kind, [])
    return tuple((kind, tuple(names)) for kind, names in sorted(kinds.items()))


def _name(slug: str, sources: Mapping[str, Source], language: Language) -> str:
    source = sources.get(slug)
    return source.names.get(language, source.name) if source else slug


def _in(titles: Mapping[Language, str], language: Language) -> str:
    """A title in this language, or in whichever there is."""
    return titles.get(language) or next(iter(titles.values()))
