"""A query as a sentence, in Arabic, French or English: what a person checks before saving it."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.model import Language
from crawler.query import tree

Titles = Mapping[str, Mapping[Language, str]]

_SAYINGS: dict[str, dict[Language, str]] = {
    "all": {"ar": "كل نص فيه {0}.", "en": "Texts with {0}.", "fr": "Les textes avec {0}."},
    "word": {"ar": "كلمة «{0}»", "en": "the word “{0}”", "fr": "le mot « {0} »"},
    "phrase": {"ar": "عبارة «{0}»", "en": "the phrase “{0}”", "fr": "l’expression « {0} »"},
    "concept": {"ar": "ذكر «{0}»", "en": "a mention of “{0}”", "fr": "une mention de « {0} »"},
    "saved": {"ar": "ما يجيب البحث المحفوظ «{0}»", "en": "what the saved search “{0}” finds", "fr": "ce que trouve la recherche « {0} »"},
    "and": {"ar": "{0} مع {1}", "en": "{0} and {1}", "fr": "{0} et {1}"},
    "or": {"ar": "{0} أو {1}", "en": "{0} or {1}", "fr": "{0} ou {1}"},
    "not": {"ar": "دون {0}", "en": "without {0}", "fr": "sans {0}"},
    "near": {"ar": "{0} على بعد {2} كلمة أو أقل من {1}", "en": "{0} within {2} words of {1}", "fr": "{0} à {2} mots au plus de {1}"},
    "sentence": {"ar": "{0} و{1} في جملة واحدة", "en": "{0} and {1} in one sentence", "fr": "{0} et {1} dans une même phrase"},
    "paragraph": {"ar": "{0} و{1} في فقرة واحدة", "en": "{0} and {1} in one paragraph", "fr": "{0} et {1} dans un même paragraphe"},
    "headline": {"ar": "{0} في العنوان", "en": "{0} in the headline", "fr": "{0} dans le titre"},
    "lead": {"ar": "{0} في المقدمة", "en": "{0} in the lead", "fr": "{0} dans le chapeau"},
    "body": {"ar": "{0} في المتن", "en": "{0} in the body", "fr": "{0} dans le corps"},
    "top": {"ar": "{0} في العنوان أو المقدمة", "en": "{0} in the headline or the lead", "fr": "{0} dans le titre ou le chapeau"},
    ">=": {"ar": "{0} ({1} مرة على الأقل)", "en": "{0} (at least {1} times)", "fr": "{0} (au moins {1} fois)"},
    "<=": {"ar": "{0} ({1} مرة على الأكثر)", "en": "{0} (at most {1} times)", "fr": "{0} (au plus {1} fois)"},
    "=": {"ar": "{0} ({1} مرة بالضبط)", "en": "{0} (exactly {1} times)", "fr": "{0} (exactement {1} fois)"},
    ">": {"ar": "{0} (أكثر من {1} مرة)", "en": "{0} (more than {1} times)", "fr": "{0} (plus de {1} fois)"},
    "<": {"ar": "{0} (أقل من {1} مرة)", "en": "{0} (fewer than {1} times)", "fr": "{0} (moins de {1} fois)"},
    "source": {"ar": "المصدر {0}", "en": "the source {0}", "fr": "la source {0}"},
    "country": {"ar": "بلد المصدر {0}", "en": "the source’s country {0}", "fr": "le pays de la source {0}"},
    "lang": {"ar": "اللغة {0}", "en": "the language {0}", "fr": "la langue {0}"},
    "after": {"ar": "تاريخ من {0} فصاعدا", "en": "a date from {0} on", "fr": "une date à partir du {0}"},
    "before": {"ar": "تاريخ قبل {0}", "en": "a date before {0}", "fr": "une date avant le {0}"},
    "label": {"ar": "الوسم {0}", "en": "the label {0}", "fr": "l’étiquette {0}"},
}  # fmt: skip


def describe(query: tree.Query, language: Language, titles: Titles | None = None) -> str:
    """The query as one sentence; in English for a language without sentences of its own.

    ``titles`` are the concepts' titles by name; without one, the name is said.

    >>> from crawler.querytree import And, Not, Word
    >>> say(And((Word("dam"), Not(Word("hotel")))), "en")
    'Texts with the word “dam” and (without the word “hotel”).'
    """
    speaker = _Speaker(language if language in _SAYINGS["all"] else "en", titles or {})
    return speaker.fill("all", speaker.say(query))


class _Speaker:
    def __init__(self, language: Language, titles: Titles) -> None:
        self.language, self.titles = language, titles

    def fill(self, name: str, *values: object) -> str:
        return _SAYINGS[name][self.language].format(*values)

    def say(self, query: tree.Query) -> str:
        match query:
            case tree.Word(text):
                return self.fill("word", text)
            case tree.Phrase(words):
                return self.fill("phrase", " ".join(words))
            case tree.Concept(name):
                return self.fill("concept", self.title(name))
            case tree.Saved(slug):
                return self.fill("saved", slug)
            case tree.Filter(name, value):
                return self.fill(name, value)
            case tree.InField(field, inner):
                return self.fill(field, self.part(inner))
            case tree.Count(inner, comparison, number):
                return self.fill(comparison, self.part(inner), number)
            case tree.Near(left, right, distance):
                return self.fill("near", self.part(left), self.part(right), distance)
            case tree.SameSentence(left, right):
                return self.fill("sentence", self.part(left), self.part(right))
            case tree.SameParagraph(left, right):
                return self.fill("paragraph", self.part(left), self.part(right))
            case tree.Not(inner):
                return self.fill("not", self.part(inner))
            case tree.And(parts):
                return self.chain("and", parts)
            case tree.Or(parts):
                return self.chain("or", parts)

    def chain(self, name: str, parts: tuple[tree.Query, ...]) -> str:
        said = self.part(parts[0])
        for part in parts[1:]:
            said = self.fill(name, said, self.part(part))
        return said

    def part(self, query: tree.Query) -> str:
        """A part of something larger: in brackets where it has parts itself."""
        leaf = isinstance(query, tree.Word | tree.Phrase | tree.Concept | tree.Saved | tree.Filter)
        return self.say(query) if leaf else f"({self.say(query)})"

    def title(self, name: str) -> str:
        titles = self.titles.get(name, {})
        return titles.get(self.language) or next(iter(titles.values()), name)
