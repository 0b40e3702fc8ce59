"""``rasd judge``: what an analyst says of a verdict. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Verdict, VerdictName
from crawler.views.arguments import UsageError, one

WANTED: dict[VerdictName, bool] = {"relevant": True, "missed": True, "not": False}
"""A verdict's word → whether the label belongs to the article."""


def topic_of_article(kept: ArchivedArticle, topics: Mapping[str, Topic], name: str | None) -> Topic:
    """The topic a verdict is about: the named one, the only one that matched, or the only one."""
    matched = {m.topic: topics[m.topic] for m in kept.matches if m.topic in topics}
    return one(topics if name or not matched else matched, name, "topic", "--topic")


def analyst_verdict(
    kept: ArchivedArticle, topic: Topic, word: str, label: str | None, now: datetime
) -> Verdict:
    """The verdict ``relevant``, ``not`` or ``missed`` on an article under a label of the topic.

    Without a label, ``relevant`` and ``not`` are about the most special label that the article has,
    else its doubtful one; ``missed`` about the first label that it does not have. UsageError if the
    word is unknown or contradicts the topic's match.
    """
    name = next((known for known in WANTED if known == word), None)
    if name is None:
        raise UsageError(f"{word!r} is no verdict; known: {', '.join(WANTED)}")
    if label is not None and label not in topic.labels:
        raise UsageError(f"{topic.slug} has no label {label!r}; it has {', '.join(topic.labels)}")
    match = next((m for m in kept.matches if m.topic == topic.slug), None)
    held = match.labels if match else ()
    if label is None:
        missing = (known for known in topic.labels if known not in held)
        label = next(missing, None) if name == "missed" else _label_held(kept, topic, match, name)
    if label is None or (name == "missed" and label in held):
        raise UsageError(f"{topic.slug} gave {kept.id} {', '.join(held)}: it was not missed")
    return Verdict(
        article_id=kept.id,
        topic=topic.slug,
        label=label,
        verdict=name,
        version=match.version if match else "",
        said_at=now,
    )


def _label_held(kept: ArchivedArticle, topic: Topic, match: Match | None, name: VerdictName) -> str:
    if match is None:
        problem = f"{topic.slug} did not flag {kept.id}: nothing to call {name}"
        raise UsageError(f"{problem}; use missed, or give --label")
    return (*topic.labels, *match.doubtful, *match.labels)[-1]
