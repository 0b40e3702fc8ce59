"""A text becomes a verdict with proof: article × topic → Match.

::

    fields ─► fold ─► mentions of concepts ─► traps ─► enumerations ─► rules ─► labels + mentions

Traps and enumerations take mentions away before any rule is asked, and what they took is kept.
The same ``Document`` answers an archive search: search and topics are one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import unquote, urlsplit

from crawler import query
from crawler.languages import INFLECTIONS, Folded, Token, fold, fold_words
from crawler.model import Article, FieldName, Match, Mention
from crawler.seeds import Concept, Topic

Pattern = tuple[frozenset[str], ...]  # per word the folded forms that fit; _ANY fits every word
_ANY: frozenset[str] = frozenset()

# A score says how plainly a label's rule holds, not how important the story is: half for holding,
# more for the headline and the lead, a little for each further sentence of proof.
_HOLDS, _IN_HEADLINE, _IN_LEAD, _PER_SENTENCE, _SENTENCES = 0.5, 0.2, 0.1, 0.05, 4

# What may stand between two names of an enumeration; Arabic و is written onto the next name.
_JOINS = frozenset({"et", "and", "y", "و", "the", "le", "la", "les", "l", "du", "de", "des", "d", "of"})
_SET_APART = re.compile(r"[,،;؛/]|\b(?:et|and|y)\b|(?:^|\s)و")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query holds: tokens first..last of a field, and the mentions that make it."""

    field: FieldName
    first: int
    last: int
    sentence: int
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    concept: str
    text: str
    pattern: Pattern


class Matcher:
    """A topic made ready: its terms indexed by their first word."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.terms = _index(t for c in topic.concepts.values() for t in _terms(c))
        self.traps = _index(
            _Term(c.name, trap, _pattern(trap)) for c in topic.concepts.values() for trap in c.traps
        )


@lru_cache(maxsize=64)  # a handful of topics, a version each
def _matcher(slug: str, version: str, topic: _ByIdentity) -> Matcher:
    return Matcher(topic.topic)


@dataclass(frozen=True, eq=False)
class _ByIdentity:
    """Lets a topic, which holds dicts, be looked up in a cache by its version alone."""

    topic: Topic

    def __hash__(self) -> int:
        return hash(self.topic.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.topic.version == self.topic.version


def match(article: Article, topics: Iterable[Topic]) -> tuple[Match, ...]:
    """The topics that give the article at least one label, each with its proof."""
    fields = fold_fields(article)
    found = (match_fields(fields, topic) for topic in topics)
    return tuple(m for m in found if m.labels)


def match_text(title: str, text: str, topic: Topic) -> Match:
    """The verdict on a bare headline and text; a Match with no labels says: nothing."""
    return match_fields(_fields(title, _lead(text), text, ""), topic)


def match_fields(fields: Fields, topic: Topic) -> Match:
    """The verdict of one topic on folded fields."""
    matcher = _matcher(topic.slug, topic.version, _ByIdentity(topic))
    document = Document(fields, matcher.terms, matcher.traps)
    document.take_enumerations(topic.enumerated, topic.enumerated_at_least)
    labels: dict[str, list[Hit]] = {}
    for label in topic.labels.values():
        if label.needs is not None and label.needs not in labels:
            continue
        holds, hits = document.ask(label.rule)
        if holds:
            labels[label.name] = hits
    mentions = {m: None for hits in labels.values() for hit in hits for m in hit.mentions}
    return Match(
        topic=topic.slug,
        version=topic.version,
        labels=tuple(labels),
        score={name: _score(hits, fields) for name, hits in labels.items()},
        mentions=tuple(sorted(mentions, key=_reading_order)),
        taken_away=tuple(document.taken_away) if labels else (),
    )


def complaints(topic: Topic) -> list[tuple[int, str]]:
    """The topic's own examples that come out otherwise, as (line, what was found)."""
    wrong = []
    for example in topic.examples:
        found = match_text("", example.text, topic).labels
        if set(found) != set(example.labels):
            wanted = ", ".join(example.labels) or "no label"
            got = ", ".join(found) or "no label"
            wrong.append((example.line, f"the example gives {got}, wanted {wanted}: {example.text[:60]!r}"))
    return wrong


def evaluator(concepts: Mapping[str, Concept]) -> Evaluate:
    """An evaluator of queries over these concepts, for the archive's search."""
    terms = _index(t for c in concepts.values() for t in _terms(c))
    traps = _index(_Term(c.name, t, _pattern(t)) for c in concepts.values() for t in c.traps)
    return Evaluate(terms, traps)


def patterns(concept: Concept) -> list[tuple[str, ...]]:
    """A concept's terms as tuples of folded words, inflected: what an index can look up."""
    found: dict[tuple[str, ...], None] = {}
    for term in _terms(concept):
        *start, last = term.pattern
        head = tuple(min(words, key=len) for words in start)
        for word in sorted(last):
            found[(*head, word)] = None
    return list(found)


class Evaluate:
    """Asks a query of an article: the mentions that make it hold, or None."""

    def __init__(self, terms: _Index, traps: _Index) -> None:
        self._terms, self._traps = terms, traps

    def __call__(self, asked: query.Query, article: Article) -> tuple[Mention, ...] | None:
        holds, hits = Document(fold_fields(article), self._terms, self._traps).ask(asked)
        if not holds:
            return None
        mentions = {m: None for hit in hits for m in hit.mentions}
        return tuple(sorted(mentions, key=_reading_order))


# ── fields ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Fields:
    """The folded fields of a text. ``lead_end``: up to where the body is also the lead."""

    folded: dict[FieldName, Folded]
    lead_end: int


def fold_fields(article: Article) -> Fields:
    """Headline, body, the lead where the body doesn't begin with it, and, for want of a body, the
    words of the address: a failed extraction must not hide a story."""
    url = "" if article.body else _words_of(article.url)
    return _fields(article.headline, article.lead, article.body, url)


def _fields(headline: str, lead: str, body: str, url: str) -> Fields:
    texts: dict[FieldName, str] = {"headline": headline, "body": body, "url": url}
    lead_end = len(lead) if body.startswith(lead) else 0
    if not lead_end:
        texts["lead"] = lead
    return Fields({name: fold(text) for name, text in texts.items() if text}, lead_end)


def _lead(text: str) -> str:
    """The first paragraph; of a text without paragraphs, its first 400 characters."""
    first = text.partition("\n")[0]
    return first if first != text else text[:400]


def _words_of(url: str) -> str:
    return re.sub(r"[-_/.+]", " ", unquote(urlsplit(url).path))


# ── a document, asked ─────────────────────────────────────────────────────────────────────────


class Document:
    """Folded fields with the mentions of concepts in them; answers queries."""

    def __init__(self, fields: Fields, terms: _Index, traps: _Index) -> None:
        self.fields = fields
        self.taken_away: list[Mention] = []
        self._concepts: dict[str, list[Hit]] = {}
        for name, folded in fields.folded.items():
            trapped = list(_scan(name, folded, traps))
            for hit in _longest(_scan(name, folded, terms)):
                mention = hit.mentions[0]
                trap = next((t for t in trapped if _covers(t, hit)), None)
                if trap is None:
                    self._concepts.setdefault(mention.concept, []).append(hit)
                else:
                    self._take(hit, trap.mentions[0].term)

    def take_enumerations(self, concepts: Sequence[str], at_least: int) -> None:
        """Take away mentions that are only names in a list of ``at_least`` or more."""
        hits = sorted(
            (h for name in concepts for h in self._concepts.get(name, ())),
            key=lambda h: (h.field, h.first),
        )
        for run in self._runs(hits):
            names = {(h.mentions[0].concept, h.mentions[0].term) for h in run}
            if len(names) >= at_least:
                for hit in run:
                    self._concepts[hit.mentions[0].concept].remove(hit)
                    self._take(hit, "enumeration")

    def ask(self, asked: query.Query) -> tuple[bool, list[Hit]]:
        """Whether the query holds, and where."""
        match asked:
            case query.Not(inner):
                return not self.ask(inner)[0], []
            case query.And(parts):
                answers = [self.ask(part) for part in parts]
                holds = all(answer for answer, _ in answers)
                return holds, [h for _, hits in answers for h in hits] if holds else []
            case query.Or(parts):
                answers = [self.ask(part) for part in parts]
                return any(a for a, _ in answers), [h for a, hits in answers if a for h in hits]
            case query.InField(field, inner):
                part = Document.__new__(Document)
                part.fields, part.taken_away = self._only(field), []
                part._concepts = {
                    name: [h for h in hits if self._inside(h, field)]
                    for name, hits in self._concepts.items()
                }
                return part.ask(inner)
            case _:
                hits = self._places(asked)
                return bool(hits), hits

    def _places(self, asked: query.Query) -> list[Hit]:
        match asked:
            case query.Concept(name):
                return self._concepts.get(name, [])
            case query.Word(text):
                return self._words((text,))
            case query.Phrase(words):
                return self._words(words)
            case query.Near(left, right, distance):
                pairs = _pairs(self._places(left), self._places(right))
                return [_join(a, b) for a, b in pairs if _distance(a, b) <= distance]
            case query.SameSentence(left, right):
                pairs = _pairs(self._places(left), self._places(right))
                return [_join(a, b) for a, b in pairs if a.sentence == b.sentence]
            case _:
                return self.ask(asked)[1]

    def _words(self, words: tuple[str, ...]) -> list[Hit]:
        term = _Term("", " ".join(words), tuple(frozenset((word,)) for word in words))
        index = _index([term])
        return [h for name, folded in self.fields.folded.items() for h in _scan(name, folded, index)]

    def _only(self, field: str) -> Fields:
        folded = self.fields.folded
        kept: dict[FieldName, Folded] = {}
        if field in ("headline", "top") and "headline" in folded:
            kept["headline"] = folded["headline"]
        if field in ("lead", "top") and "lead" in folded:
            kept["lead"] = folded["lead"]
        if field == "body" and "body" in folded:
            kept["body"] = folded["body"]
        if field in ("lead", "top") and self.fields.lead_end and "body" in folded:
            body = folded["body"]
            tokens = tuple(t for t in body.tokens if t.end <= self.fields.lead_end)
            kept["body"] = Folded(body.original, tokens)
        return Fields(kept, self.fields.lead_end)

    def _inside(self, hit: Hit, field: str) -> bool:
        if hit.field == "body" and field in ("lead", "top"):
            return hit.mentions[-1].end <= self.fields.lead_end
        return hit.field == field or (field == "top" and hit.field in ("headline", "lead"))

    def _runs(self, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
        run: list[Hit] = []
        for hit in hits:
            if run and not self._continues(run[-1], hit):
                yield run
                run = []
            run.append(hit)
        if run:
            yield run

    def _continues(self, before: Hit, after: Hit) -> bool:
        if before.field != after.field or before.sentence != after.sentence:
            return False
        folded = self.fields.folded[after.field]
        between = folded.tokens[before.last + 1 : after.first]
        gap = folded.original[before.mentions[0].end : after.mentions[0].start + 1]
        return all(t.text in _JOINS for t in between) and bool(_SET_APART.search(gap))

    def _take(self, hit: Hit, reason: str) -> None:
        mention = hit.mentions[0]
        self.taken_away.append(
            Mention(
                field=mention.field,
                start=mention.start,
                end=mention.end,
                concept=mention.concept,
                term=reason,
                text=mention.text,
            )
        )


def _score(hits: Sequence[Hit], fields: Fields) -> float:
    headline = any(h.field == "headline" for h in hits)
    lead = any(
        h.field == "lead" or (h.field == "body" and h.mentions[0].end <= fields.lead_end)
        for h in hits
    )
    sentences = {(h.field, h.sentence) for h in hits}
    more = min(max(len(sentences) - 1, 0), _SENTENCES)
    score = _HOLDS + _IN_HEADLINE * headline + _IN_LEAD * lead + _PER_SENTENCE * more
    return round(score, 2)


# ── terms in tokens ───────────────────────────────────────────────────────────────────────────

_Index = Mapping[str, Sequence[_Term]]  # first word's form → terms; "" → terms that begin with any


def _terms(concept: Concept) -> Iterator[_Term]:
    for term in concept.terms:
        pattern = _pattern(term.text)
        if term.inflect is not None and pattern:
            inflect = INFLECTIONS[term.inflect]
            last = frozenset(form for word in pattern[-1] for form in inflect(word))
            pattern = (*pattern[:-1], last)
        yield _Term(concept.name, term.text, pattern)


def _pattern(text: str) -> Pattern:
    pattern: list[frozenset[str]] = []
    for word in re.findall(r"\*|[^*]+", text):
        pattern.extend([_ANY] if word == "*" else fold_words(word))
    return tuple(pattern)


def _index(terms: Iterable[_Term]) -> _Index:
    index: dict[str, list[_Term]] = {}
    for term in terms:
        for form in (term.pattern[0] or ("",)) if term.pattern else ():
            index.setdefault(form, []).append(term)
    return index


def _scan(name: FieldName, folded: Folded, index: _Index) -> Iterator[Hit]:
    tokens = folded.tokens
    anywhere = index.get("", ())
    for n, token in enumerate(tokens):
        candidates = {id(t): t for form in token.forms for t in index.get(form, ())}
        for term in (*candidates.values(), *anywhere):
            last = n + len(term.pattern) - 1
            if _fits(tokens, n, term.pattern):
                start, end = token.start, tokens[last].end
                text = folded.original[start:end]
                mention = Mention(
                    field=name, start=start, end=end, concept=term.concept, term=term.text, text=text
                )
                yield Hit(name, n, last, token.sentence, (mention,))


def _fits(tokens: Sequence[Token], first: int, pattern: Pattern) -> bool:
    if first + len(pattern) > len(tokens):
        return False
    sentence = tokens[first].sentence
    return all(
        tokens[first + n].sentence == sentence and (not words or words & tokens[first + n].forms)
        for n, words in enumerate(pattern)
    )


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one concept that overlap, the longest, then the first."""
    chosen: list[Hit] = []
    free: dict[str, int] = {}
    for hit in sorted(hits, key=lambda h: (h.first, -h.last)):
        concept = hit.mentions[0].concept
        if hit.first > free.get(concept, -1):
            chosen.append(hit)
            free[concept] = hit.last
    return chosen


def _covers(trap: Hit, hit: Hit) -> bool:
    same = trap.mentions[0].concept == hit.mentions[0].concept
    return same and trap.first <= hit.first and hit.last <= trap.last


def _pairs(left: Sequence[Hit], right: Sequence[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Pairs in one field. A text that repeats both sides hundreds of times proves no more by
    the ten-thousandth pair, so each side gives its first 100 places."""
    for a in left[:100]:
        for b in right[:100]:
            if a.field == b.field and a != b:
                yield a, b


def _distance(a: Hit, b: Hit) -> int:
    """Words between two hits; 0 when they touch or overlap."""
    first, second = sorted((a, b), key=lambda h: h.first)
    return max(0, second.first - first.last - 1)


def _join(a: Hit, b: Hit) -> Hit:
    mentions = cast("tuple[Mention, ...]", tuple(dict.fromkeys((*a.mentions, *b.mentions))))
    first, last = min(a.first, b.first), max(a.last, b.last)
    return Hit(a.field, first, last, a.sentence, mentions)


_ORDER: dict[str, int] = {"headline": 0, "lead": 1, "body": 2, "url": 3}


def _reading_order(mention: Mention) -> tuple[int, int, int]:
    return _ORDER[mention.field], mention.start, mention.end
