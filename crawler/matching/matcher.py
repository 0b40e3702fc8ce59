"""A text becomes a verdict with proof: article × topic → Match.

::

    texts ─► gate ─► fold ─► mentions ─► traps, offices, enumerations ─► rules, weights, noise ─► Match

The door to ``gate`` (may this text matter at all?), ``document`` (what stands where?) and ``proof``
(what follows?). The same evaluator answers an archive's search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler import query
from crawler.matching import prefilter, scoring
from crawler.matching.document import Document
from crawler.matching.fields import Fields, ItemFacts
from crawler.matching.required_concepts import RequiredConcepts
from crawler.matching.term_index import Vocabulary, entries, rarest
from crawler.matching.topics import Concept, Topic
from crawler.model import ArchivedArticle, Article, FieldName, Match, Mention

_UNDER = 0.49  # the best score that holds no label


class Matcher:
    """A topic made ready: its terms indexed, its gate built."""

    def __init__(self, topic: Topic) -> None:
        self.topic = _sharing(topic)
        self.vocabulary = Vocabulary(topic.concepts)
        self.needs = RequiredConcepts(_rules(self.topic))
        self.gate = prefilter.prefilter(topic, self.vocabulary)
        self._nothing = Match(
            topic=topic.slug, version=topic.version, labels=(), score={}, mentions=()
        )

    def match(self, fields: Fields) -> Match:
        """The verdict; fields that the gate refuses are not even tokenised."""
        return (
            self.exactly(fields) if self.gate.may_match(*fields.texts.values()) else self._nothing
        )

    def exactly(self, fields: Fields) -> Match:
        """The verdict without asking the gate."""
        return scoring.score_topic(Document(fields, self.vocabulary, self.needs), self.topic)


def _rules(topic: Topic) -> Iterator[query.Query]:
    """Every rule of the topic."""
    for label in topic.labels.values():
        yield label.rule
        yield from (weight.rule for weight in label.weights)
    yield from (noise.rule for noise in topic.noise)
    yield from topic.themes.values()


def _sharing(topic: Topic) -> Topic:
    """The topic with equal parts of its rules being one object: a document answers each once."""
    known: dict[query.Query, query.Query] = {}

    def one(rule: query.Query) -> query.Query:
        return query.shared(rule, known)

    labels = {
        name: replace(
            label,
            rule=one(label.rule),
            weights=tuple(replace(w, rule=one(w.rule)) for w in label.weights),
        )
        for name, label in topic.labels.items()
    }
    noise = tuple(replace(noise, rule=one(noise.rule)) for noise in topic.noise)
    themes = {name: one(rule) for name, rule in topic.themes.items()}
    return replace(topic, labels=labels, noise=noise, themes=themes)


class _ByVersion:
    """Lets a topic, which holds dicts, be looked up in a cache by its version alone."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def __hash__(self) -> int:
        return hash((self.topic.slug, self.topic.version))

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, _ByVersion) and other.topic.slug == self.topic.slug
        return same and isinstance(other, _ByVersion) and other.topic.version == self.topic.version


@lru_cache(maxsize=64)  # a handful of topics, a version each
def _matcher(topic: _ByVersion) -> Matcher:
    return Matcher(topic.topic)


def matcher(topic: Topic) -> Matcher:
    """The topic made ready, once for each of its versions."""
    return _matcher(_ByVersion(topic))


def match(article: Article, topics: Iterable[Topic], *, country: str = "") -> tuple[Match, ...]:
    """The topics with a label, or a doubtful one, for the article, each with its proof.

    ``country`` is its source's, for rules that filter by it.
    """
    fields = fields_of(article, country=country)
    found = (matcher(topic).match(fields) for topic in topics)
    return tuple(m for m in found if m.labels or m.doubtful)


def unseen(texts: Iterable[str], topics: Iterable[Topic]) -> tuple[Match, ...]:
    """What texts that no reader sees would be flagged for, each by itself: labels as doubtful ones,
    under the line, and no mentions, for the article holds none of it."""
    found: dict[str, Match] = {}
    for text in texts:
        for topic in topics:
            said = match_text("", text, topic)
            if said.labels and topic.slug not in found:
                under = {label: min(said.score[label], _UNDER) for label in said.labels}
                found[topic.slug] = Match(
                    topic=topic.slug, version=said.version, labels=(), doubtful=said.labels,
                    score=under, mentions=(),
                )  # fmt: skip
    return tuple(found.values())


def is_unseen(article: Article, match: Match) -> bool:
    """Whether a stored verdict rests on text that no reader sees: it cannot be made again without the page."""
    return "suspicious" in article.oddities and not match.labels and not match.mentions


def match_text(title: str, text: str, topic: Topic, *, language: str = "") -> Match:
    """The verdict on a bare headline and text; a Match with no labels says: nothing."""
    return matcher(topic).match(text_fields(title, text, language=language))


def complaints(topic: Topic) -> list[tuple[int, str]]:
    """The topic's own examples that come out otherwise, as (line, what was found)."""
    wrong = []
    for example in topic.examples:
        found = match_text("", example.text, topic).labels
        if set(found) != set(example.labels):
            wanted = ", ".join(example.labels) or "no label"
            got = ", ".join(found) or "no label"
            wrong.append(
                (example.line, f"the example gives {got}, wanted {wanted}: {example.text[:60]!r}")
            )
    return wrong


def index_words(concept: Concept) -> frozenset[str]:
    """Folded words of which one stands wherever the concept does: what an index can look up."""
    return frozenset(form for entry in entries(concept) for form in rarest(entry.pattern))


class Evaluate:
    """Asks a query of an archived article: the mentions that make it hold, or None."""

    def __init__(self, concepts: Mapping[str, Concept], countries: Mapping[str, str]) -> None:
        self._concepts, self._countries = concepts, countries
        self._vocabularies: dict[frozenset[str], Vocabulary] = {}

    def __call__(self, asked: query.Query, kept: ArchivedArticle) -> tuple[Mention, ...] | None:
        names = frozenset(n for n in query.concepts(asked) if n in self._concepts)
        vocabulary = self._vocabularies.get(names)
        if vocabulary is None:
            vocabulary = Vocabulary({name: self._concepts[name] for name in sorted(names)})
            self._vocabularies[names] = vocabulary
        country = self._countries.get(kept.article.source, "")
        fields = fields_of(kept.article, country=country, labels=labels_of(kept.matches))
        holds, hits = Document(fields, vocabulary).ask(asked)
        return scoring.in_order(hits) if holds else None


def labels_of(matches: Iterable[Match]) -> frozenset[str]:
    """What ``label:`` finds of these verdicts: label and topic/label; on the watch list without any."""
    made = list(matches)
    found = {name for m in made for label in m.labels for name in (label, f"{m.topic}/{label}")}
    watched = [m.topic for m in made if m.doubtful and not m.labels]
    found.update(f"{topic}/{query.ON_WATCH}" for topic in watched)
    return frozenset(
        found | {query.ON_WATCH} if watched and not any(m.labels for m in made) else found
    )


def evaluator(concepts: Mapping[str, Concept], countries: Mapping[str, str]) -> Evaluate:
    """An evaluator of queries over these concepts, for the archive's search; ``countries`` by source."""
    return Evaluate(concepts, countries)


# ── fields ────────────────────────────────────────────────────────────────────────────────────


def fields_of(
    article: Article, *, country: str = "", labels: frozenset[str] = frozenset()
) -> Fields:
    """Headline, body, the lead where the body doesn't begin with it, and, for want of a body, the
    words of the address: a failed extraction must not hide a story."""
    at = article.published.at if article.published else article.first_seen_at
    facts = ItemFacts(
        source=article.source,
        country=country,
        language=article.language,
        day=at.date(),
        labels=labels,
    )
    url = "" if article.body else _words_of(article.url)
    return _fields(article.headline, article.lead, article.body, url, facts)


def text_fields(title: str, text: str, *, language: str = "") -> Fields:
    """The fields of a bare headline and text: nothing else is known of them."""
    return _fields(title, "", text, "", ItemFacts(language=language))


def _fields(headline: str, lead: str, body: str, url: str, facts: ItemFacts) -> Fields:
    texts: dict[FieldName, str] = {"headline": headline, "body": body, "url": url}
    given = len(lead) if body.startswith(lead) else None
    if given is None:
        texts["lead"] = lead
    return Fields({name: text for name, text in texts.items() if text}, given, facts)


def _words_of(url: str) -> str:
    return re.sub(r"[-_/.+]", " ", unquote(urlsplit(url).path))
