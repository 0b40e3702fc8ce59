"""Match an article against topics.

::

    texts ─► prefilter ─► fold ─► mentions ─► exclusions ─► scorecards ─► Match

``prefilter`` decides whether the text can matter at all, ``document`` what it contains, ``scoring``
what follows. The archive's search uses the same evaluation (``Evaluator``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from crawler import query
from crawler.languages.index_text.fields import article_texts, name_texts
from crawler.matching import prefilter, scoring
from crawler.matching.concepts.lexicon import Lexicon
from crawler.matching.document import Document
from crawler.matching.fields import Fields, ItemFacts
from crawler.matching.parts.documents import stories_of
from crawler.matching.required_concepts import RequiredConcepts
from crawler.matching.term_index import Vocabulary, compile_entries, rarest_forms
from crawler.matching.topics import Concept, Topic
from crawler.model import ArchivedArticle, Article, FieldName, Match, Mention, Oddity

UNSHOWN_BODY: Oddity = "unshown_body"


class Matcher:
    """A compiled topic: its terms indexed, its prefilter built."""

    def __init__(self, topic: Topic) -> None:
        self.topic = _with_shared_parts(topic)
        self.vocabulary = Vocabulary(topic.concepts)
        self.needs = RequiredConcepts(_rules(self.topic))
        self.prefilter = prefilter.compile_prefilter(topic, self.vocabulary)
        self._nothing = Match(
            topic=topic.slug, version=topic.version, labels=(), score={}, mentions=()
        )

    def match(self, fields: Fields) -> Match:
        """The topic's match for the fields; texts that the prefilter rejects are not tokenised."""
        if not self.prefilter.may_match(*fields.texts.values(), country=fields.facts.country):
            return self._nothing
        found = self.match_exactly(fields)
        if not (fields.unshown_body and found.labels):
            return found
        shown: dict[FieldName, str] = {n: t for n, t in fields.texts.items() if n != "body"}
        seen = self.match_exactly(Fields(shown, facts=fields.facts))
        return scoring.doubt_labels(found, set(found.labels).difference(seen.labels))

    def match_exactly(self, fields: Fields) -> Match:
        """The topic's match without the prefilter: of several stories in a text, that of the one
        that has most of it.
        """
        return self._best_story(fields)[1]

    def held_lines(self, fields: Fields) -> dict[str, tuple[int, ...]]:
        """For each label whose rule holds, the lines of its card that hold, by their place; in the
        story that ``match_exactly`` judges by.
        """
        return scoring.held_lines(self.story(fields), self.topic)

    def story(self, fields: Fields) -> Document:
        """The document, or the story in it, that ``match_exactly`` judges by."""
        return self._best_story(fields)[0]

    def _best_story(self, fields: Fields) -> tuple[Document, Match]:
        document = Document.from_fields(fields, self.vocabulary, self.needs)
        document.exclude_enumerations(self.topic.enumerated, self.topic.enumerated_at_least)
        told = (
            (story, scoring.score_topic(story, self.topic))
            for story in stories_of(document, fields.texts)
        )
        return max(told, key=lambda pair: scoring.rank(pair[1]))


def _rules(topic: Topic) -> Iterator[query.Query]:
    """All rules of the topic."""
    for label in topic.labels.values():
        yield label.rule
        yield from (line.rule for line in label.evidence)
    yield from topic.themes.values()


def _with_shared_parts(topic: Topic) -> Topic:
    """The topic with equal parts of its rules as one object: a document evaluates each once."""
    known: dict[query.Query, query.Query] = {}

    def one(rule: query.Query) -> query.Query:
        return query.share_parts(rule, known)

    labels = {
        name: replace(
            label,
            rule=one(label.rule),
            evidence=tuple(replace(line, rule=one(line.rule)) for line in label.evidence),
        )
        for name, label in topic.labels.items()
    }
    themes = {name: one(rule) for name, rule in topic.themes.items()}
    return replace(topic, labels=labels, themes=themes)


class _ByVersion:
    """Makes a topic, which holds dicts, hashable by slug and version."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def __hash__(self) -> int:
        return hash((self.topic.slug, self.topic.version))

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, _ByVersion) and other.topic.slug == self.topic.slug
        return same and isinstance(other, _ByVersion) and other.topic.version == self.topic.version


@lru_cache(maxsize=64)  # a handful of topics, a version each
def _cached_matcher(topic: _ByVersion) -> Matcher:
    return Matcher(topic.topic)


def get_matcher(topic: Topic) -> Matcher:
    """The compiled topic; compiled once for each version."""
    return _cached_matcher(_ByVersion(topic))


def match(article: Article, topics: Iterable[Topic], *, country: str = "") -> tuple[Match, ...]:
    """Return the matches with a label or a doubtful one, with their proof.

    ``country`` is the source's, for rules that filter by it.
    """
    fields = article_fields(article, country=country)
    found = (get_matcher(topic).match(fields) for topic in topics)
    return tuple(m for m in found if m.labels or m.doubtful)


def match_hidden_texts(texts: Iterable[str], topics: Iterable[Topic]) -> tuple[Match, ...]:
    """Matches for hidden text of a page, each text alone, at most one per topic.

    Their labels are only doubtful, with scores under the threshold, and they have no mentions: the
    article itself does not contain that text.
    """
    found: dict[str, Match] = {}
    for text in texts:
        for topic in topics:
            said = match_text("", text, topic)
            if said.labels and topic.slug not in found:
                under = {
                    label: min(said.score[label], scoring.MAX_UNLABELLED_SCORE)
                    for label in said.labels
                }
                found[topic.slug] = Match(
                    topic=topic.slug,
                    version=said.version,
                    labels=(),
                    doubtful=said.labels,
                    score=under,
                    mentions=(),
                )
    return tuple(found.values())


def is_from_hidden_text(article: Article, match: Match) -> bool:
    """Whether a stored match is based on hidden text, so that it can't be reproduced without the
    page.
    """
    return "suspicious" in article.oddities and not match.labels and not match.mentions


def match_text(
    title: str, text: str, topic: Topic, *, language: str = "", country: str = ""
) -> Match:
    """The topic's match for a headline and a text; without labels if nothing is found."""
    return get_matcher(topic).match(text_fields(title, text, language=language, country=country))


def failed_examples(topic: Topic) -> list[tuple[int, str]]:
    """The topic's own examples with unexpected labels, as (line, message)."""
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
    """Folded words of which at least one occurs wherever the concept does, for an index lookup."""
    return frozenset(
        form for entry in compile_entries(concept) for form in rarest_forms(entry.pattern)
    )


class Evaluator:
    """Evaluates queries on archived articles; call it with a query and an article.

    Returns the mentions that make the query hold, or None if it doesn't. ``countries`` are by
    source.
    """

    def __init__(self, concepts: Mapping[str, Concept], countries: Mapping[str, str]) -> None:
        self._lexicon, self._countries = Lexicon(concepts), countries
        self._vocabularies: dict[frozenset[str], Vocabulary] = {}

    def __call__(self, node: query.Query, kept: ArchivedArticle) -> tuple[Mention, ...] | None:
        holds, spans = self.document(node, kept).evaluate(node)
        return scoring.sorted_mentions(spans) if holds else None

    def document(self, node: query.Query, kept: ArchivedArticle) -> Document:
        """The article, with the concepts that the query names found in it."""
        names = self._lexicon.deciding(query.concept_names(node))
        vocabulary = self._vocabularies.get(names)
        if vocabulary is None:
            concepts = self._lexicon.concepts
            vocabulary = Vocabulary({name: concepts[name] for name in sorted(names)})
            self._vocabularies[names] = vocabulary
        country = self._countries.get(kept.article.source, "")
        fields = replace(article_fields(kept.article), facts=archived_facts(kept, country=country))
        return Document.from_fields(fields, vocabulary)


def archived_facts(kept: ArchivedArticle, *, country: str = "") -> ItemFacts:
    """What filters ask for of a stored article: its metadata, and what topics say of it."""
    found = {(m.topic, theme) for m in kept.matches for theme in m.themes}
    actors = [actor for m in kept.matches for actor in m.actors]
    return replace(
        article_fields(kept.article, country=country).facts,
        labels=searchable_labels(kept.matches),
        themes=frozenset(name for topic, theme in found for name in (theme, f"{topic}/{theme}")),
        actors=frozenset(actor.name for actor in actors),
        sides=frozenset(actor.side for actor in actors),
    )


def searchable_labels(matches: Iterable[Match]) -> frozenset[str]:
    """The values that ``label:`` finds for these matches: label and topic/label.

    Matches on the watch list only count as ``WATCH_LABEL``.
    """
    made = list(matches)
    found = {name for m in made for label in m.labels for name in (label, f"{m.topic}/{label}")}
    watched = [m.topic for m in made if m.doubtful and not m.labels]
    found.update(f"{topic}/{query.WATCH_LABEL}" for topic in watched)
    return frozenset(
        found | {query.WATCH_LABEL} if watched and not any(m.labels for m in made) else found
    )


# ── fields ────────────────────────────────────────────────────────────────────────────────────


def article_fields(
    article: Article, *, country: str = "", labels: frozenset[str] = frozenset()
) -> Fields:
    """The fields of an article: headline, body, summary, and the lead if the body doesn't begin
    with it.

    Without a body, the words of the URL are a field: a failed extraction must not hide a story.
    """
    at = article.published.at if article.published else article.first_seen_at
    facts = ItemFacts(
        source=article.source,
        country=country,
        language=article.language,
        day=at.date(),
        labels=labels,
    )
    texts, lead = article_texts(article)
    return Fields(texts, lead, unshown_body=UNSHOWN_BODY in article.oddities, facts=facts)


def text_fields(title: str, text: str, *, language: str = "", country: str = "") -> Fields:
    """The fields of a headline and text without other metadata than these."""
    facts = ItemFacts(language=language, country=country)
    return Fields(*name_texts(title, "", text, "", ""), facts=facts)
