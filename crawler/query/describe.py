"""Describe a query as a sentence in Arabic, French or English, to check it before it is saved."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.model import Language
from crawler.query import tree

ConceptTitles = Mapping[str, Mapping[Language, str]]
Leaf = tree.Word | tree.Phrase | tree.Prefix | tree.ConceptRef | tree.SavedRef | tree.Filter

PHRASES: dict[Language, dict[str, str]] = {
    "ar": {
        "all": "كل نص فيه {0}.",
        "word": "كلمة «{0}»",
        "phrase": "عبارة «{0}»",
        "prefix": "كلمة تبدأ بـ«{0}»",
        "concept": "ذكر «{0}»",
        "saved": "ما يجيب البحث المحفوظ «{0}»",
        "and": "{0} مع {1}",
        "or": "{0} أو {1}",
        "others": "{0} أو غير ذلك ({1})",
        "not": "دون {0}",
        "near": "{0} على بعد {2} كلمة أو أقل من {1}",
        "sentence": "{0} و{1} في جملة واحدة",
        "without": "{0} في جملة ليس فيها {1}",
        "paragraph": "{0} و{1} في فقرة واحدة",
        "headline": "{0} في العنوان",
        "lead": "{0} في المقدمة",
        "body": "{0} في المتن",
        "top": "{0} في العنوان أو المقدمة",
        ">=": "{0} ({1} مرة على الأقل)",
        "<=": "{0} ({1} مرة على الأكثر)",
        "=": "{0} ({1} مرة بالضبط)",
        ">": "{0} (أكثر من {1} مرة)",
        "<": "{0} (أقل من {1} مرة)",
        "source": "المصدر {0}",
        "country": "بلد المصدر {0}",
        "lang": "اللغة {0}",
        "after": "تاريخ من {0} فصاعدا",
        "before": "تاريخ قبل {0}",
        "label": "الوسم {0}",
        "theme": "المحور {0}",
        "actor": "ذكر الفاعل «{0}»",
        "side": "ذكر فاعل يتحدث باسم {0}",
    },
    "en": {
        "all": "Texts with {0}.",
        "word": "the word “{0}”",
        "phrase": "the phrase “{0}”",
        "prefix": "a word beginning with “{0}”",
        "concept": "a mention of “{0}”",
        "saved": "what the saved search “{0}” finds",
        "and": "{0} and {1}",
        "or": "{0} or {1}",
        "others": "{0} or {1} others",
        "not": "without {0}",
        "near": "{0} within {2} words of {1}",
        "sentence": "{0} and {1} in one sentence",
        "without": "{0} in a sentence without {1}",
        "paragraph": "{0} and {1} in one paragraph",
        "headline": "{0} in the headline",
        "lead": "{0} in the lead",
        "body": "{0} in the body",
        "top": "{0} in the headline or the lead",
        ">=": "{0} (at least {1} times)",
        "<=": "{0} (at most {1} times)",
        "=": "{0} (exactly {1} times)",
        ">": "{0} (more than {1} times)",
        "<": "{0} (fewer than {1} times)",
        "source": "the source {0}",
        "country": "the source’s country {0}",
        "lang": "the language {0}",
        "after": "a date from {0} on",
        "before": "a date before {0}",
        "label": "the label {0}",
        "theme": "the theme {0}",
        "actor": "the actor “{0}”",
        "side": "an actor of the side {0}",
    },
    "fr": {
        "all": "Les textes avec {0}.",
        "word": "le mot « {0} »",
        "phrase": "l’expression « {0} »",
        "prefix": "un mot qui commence par « {0} »",
        "concept": "une mention de « {0} »",
        "saved": "ce que trouve la recherche « {0} »",
        "and": "{0} et {1}",
        "or": "{0} ou {1}",
        "others": "{0} ou {1} autres",
        "not": "sans {0}",
        "near": "{0} à {2} mots au plus de {1}",
        "sentence": "{0} et {1} dans une même phrase",
        "without": "{0} dans une phrase sans {1}",
        "paragraph": "{0} et {1} dans un même paragraphe",
        "headline": "{0} dans le titre",
        "lead": "{0} dans le chapeau",
        "body": "{0} dans le corps",
        "top": "{0} dans le titre ou le chapeau",
        ">=": "{0} (au moins {1} fois)",
        "<=": "{0} (au plus {1} fois)",
        "=": "{0} (exactement {1} fois)",
        ">": "{0} (plus de {1} fois)",
        "<": "{0} (moins de {1} fois)",
        "source": "la source {0}",
        "country": "le pays de la source {0}",
        "lang": "la langue {0}",
        "after": "une date à partir du {0}",
        "before": "une date avant le {0}",
        "label": "l’étiquette {0}",
        "theme": "le thème {0}",
        "actor": "l’acteur « {0} »",
        "side": "un acteur du côté {0}",
    },
}
"""Language → kind of query, field, comparison or filter → its phrase. Every language has all."""


def describe(query: tree.Query, language: Language, titles: ConceptTitles | None = None) -> str:
    """Return the query as one sentence, in English if the language has no phrases here.

    ``titles`` maps concept names to titles by language; a concept without a title is called by its
    name.

    >>> from crawler.query.tree import And, Not, Word
    >>> describe(And((Word("dam"), Not(Word("hotel")))), "en")
    'Texts with the word “dam” and (without the word “hotel”).'
    """
    describer = _Describer(language if language in PHRASES else "en", titles or {})
    return describer.fill("all", describer.describe(query))


def describe_part(
    query: tree.Query, language: Language, titles: ConceptTitles, *, most: int = 3
) -> str:
    """Return what a query asks for as a part of a sentence, naming at most so many alternatives.

    >>> from crawler.query.tree import Or, Word
    >>> describe_part(Or((Word("dam"), Word("lake"), Word("pond"))), "en", {}, most=2)
    'the word “dam” or 2 others'
    """
    return _Describer(language if language in PHRASES else "en", titles, most).describe(query)


class _Describer:
    def __init__(self, language: Language, titles: ConceptTitles, most: int | None = None) -> None:
        self.language, self.titles, self.most = language, titles, most

    def fill(self, name: str, *values: object) -> str:
        return PHRASES[self.language][name].format(*values)

    def describe(self, query: tree.Query) -> str:
        match query:
            case tree.InField(field, inner):
                return self.fill(field, self.part(inner))
            case tree.Count(inner, comparison, number):
                return self.fill(comparison, self.part(inner), number)
            case tree.Near(left, right, distance):
                return self.fill("near", self.part(left), self.part(right), distance)
            case tree.SameSentence(left, right):
                return self.fill("sentence", self.part(left), self.part(right))
            case tree.SentenceWithout(left, right):
                return self.fill("without", self.part(left), self.part(right))
            case tree.SameParagraph(left, right):
                return self.fill("paragraph", self.part(left), self.part(right))
            case tree.Not(inner):
                return self.fill("not", self.part(inner))
            case tree.And(parts):
                return self.chain("and", parts)
            case tree.Or(parts):
                return self.chain("or", parts)
        return self.describe_leaf(query)

    def describe_leaf(self, query: Leaf) -> str:
        match query:
            case tree.Word(text):
                return self.fill("word", text)
            case tree.Phrase(words):
                return self.fill("phrase", " ".join(words))
            case tree.Prefix(text):
                return self.fill("prefix", text)
            case tree.ConceptRef(name):
                return self.fill("concept", self.title(name))
            case tree.SavedRef(slug):
                return self.fill("saved", slug)
            case tree.Filter(name, value):
                return self.fill(name, value)

    def chain(self, name: str, parts: tuple[tree.Query, ...]) -> str:
        shown, others = parts, 0
        if name == "or" and self.most is not None and len(parts) > self.most:
            shown, others = parts[: self.most - 1], len(parts) - self.most + 1
        text = self.part(shown[0])
        for part in shown[1:]:
            text = self.fill(name, text, self.part(part))
        return self.fill("others", text, others) if others else text

    def part(self, query: tree.Query) -> str:
        """The description of a part, in parentheses if it has parts itself."""
        if isinstance(query, Leaf):
            return self.describe_leaf(query)
        return f"({self.describe(query)})"

    def title(self, name: str) -> str:
        titles = self.titles.get(name, {})
        return titles.get(self.language) or next(iter(titles.values()), name)
