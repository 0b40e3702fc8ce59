"""``rasd judge``: what an analyst says of a verdict. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from crawler.errors import NotFoundError, UsageError
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Verdict, VerdictName
from crawler.views.arguments import one

WANTED: dict[VerdictName, bool] = {"relevant": True, "missed": True, "not": False}
"""A verdict's word → whether the label belongs to the article."""


YES, NO = "yes", "no"
"""Short for ``relevant`` or ``missed``, whichever the label needs, and for ``not``."""


def topic_of_article(
    kept: ArchivedArticle, topics: Mapping[str, Topic], name: str | None, label: str | None = None
) -> Topic:
    """The topic a verdict is about: the named one, else the only one that matched the article, else
    the only one there is; of those with the ``label``, if one is named.

    NotFoundError for an unknown name or label, UsageError with the choices if there are several.
    """
    if name is not None:
        return one(topics, name, "topic", "--topic")
    having = {slug: t for slug, t in topics.items() if label is None or label in t.labels}
    if not having:
        known = dict.fromkeys(name for topic in topics.values() for name in topic.labels)
        raise NotFoundError(f"no topic has a label {label!r}; known: {', '.join(known)}")
    matched = {m.topic: having[m.topic] for m in kept.matches if m.topic in having}
    chosen = matched or having
    if len(chosen) > 1:
        said = _matches_in_words(kept, matched) or f"no topic matched {kept.id}"
        raise UsageError(f"which topic? {said}; give --topic: {', '.join(chosen)}")
    return next(iter(chosen.values()))


def _matches_in_words(kept: ArchivedArticle, topics: Collection[str]) -> str:
    """``15 has bilateral of a, doubtful: water of b``; "" if none of the topics matched."""
    said = [
        f"{', '.join(m.labels) or 'doubtful: ' + ', '.join(m.doubtful)} of {m.topic}"
        for m in kept.matches
        if m.topic in topics
    ]
    return f"{kept.id} has {'; '.join(said)}" if said else ""


def analyst_verdict(
    kept: ArchivedArticle, topic: Topic, word: str, label: str | None, now: datetime
) -> Verdict:
    """The verdict ``relevant``, ``not`` or ``missed`` on an article under a label of the topic;
    ``yes`` is ``relevant`` if the topic gave the label, else ``missed``, and ``no`` is ``not``.

    Without a label, ``missed`` is about the first label that the article does not have, any other
    word about the most special one that it has, else its doubtful one. UsageError if the word is
    unknown or contradicts the topic's match.
    """
    if label is not None and label not in topic.labels:
        raise UsageError(f"{topic.slug} has no label {label!r}; it has {', '.join(topic.labels)}")
    match = next((m for m in kept.matches if m.topic == topic.slug), None)
    held = match.labels if match else ()
    if word == YES and label is None and match is not None:
        label = (*match.doubtful, *held)[-1]
    name = _verdict_named(word, given=label in held)
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


def _verdict_named(word: str, *, given: bool) -> VerdictName:
    """The verdict that a word means, of a label that the topic has given or not."""
    if word == YES:
        return "relevant" if given else "missed"
    for known in WANTED:
        if word == known or (word == NO and known == "not"):
            return known
    raise UsageError(f"{word!r} is no verdict; known: {', '.join((YES, NO, *WANTED))}")


def _label_held(kept: ArchivedArticle, topic: Topic, match: Match | None, name: VerdictName) -> str:
    if match is None:
        problem = f"{topic.slug} did not flag {kept.id}: nothing to call {name}"
        raise UsageError(f"{problem}; use missed, or give --label")
    return (*topic.labels, *match.doubtful, *match.labels)[-1]
