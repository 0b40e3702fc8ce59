"""``rasd explain --html``: an explanation as one page that loads nothing. Pure.

Its words are in the article's language if ``WORDS`` has it, else in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler import matching
from crawler.digest.rendering import templates
from crawler.languages import direction
from crawler.matching.explanation import (
    Explanation,
    Quote,
    split_at_mentions,
)
from crawler.matching.shortfall import LabelCard
from crawler.matching.topics import Concept, Topic
from crawler.model import ArchivedArticle, Language, Mention
from crawler.views import shortfall
from crawler.views.explanation import all_label_states, card_lines, is_current, proof

CONCEPT_COLOURS = 8  # classes c0–c7 of the template; a ninth concept begins again

WORDS: dict[Language, dict[str, str]] = {
    "ar": {
        "actors": "الفاعلون",
        "differs": "أعيد الحكم بالإصدار نفسه فجاء مختلفا: تغيّر البرنامج منذ ذلك الحين.",
        "doubtful": "مشكوك فيه",
        "evidence": "القرائن ونقاطها",
        "gone": "لم يعد هذا الموضوع معرَّفا، فلا يمكن إعادة الحكم.",
        "holds": "متحقق",
        "lacks": "غير متحقق",
        "no_date": "دون تاريخ مؤكد",
        "none": "لا وسم",
        "older": "هذا الحكم من إصدار أقدم للموضوع؛ الإصدار الحالي ({version}) يقول: {labels}.",
        "proof": "الدليل، جملة جملة",
        "reproduced": "أعيد الحكم بالإصدار نفسه فجاء مطابقا حرفا بحرف.",
        "taken_away": "ما لم يُحتسب، ولماذا",
        "themes": "المحاور",
        "title": "لماذا رُصد هذا الخبر",
        "unflagged": "لم يُرصد؛ وهذا ما وجدته القواعد مع ذلك.",
        "unseen": "لا يدعمه إلا نص خفي لا يراه القراء: وُضع في قائمة المتابعة ولم يُحتسب.",
        "version": "إصدار الموضوع",
        "whole": "النص كاملا",
        "would": "لا حكم محفوظا؛ الموضوع في إصداره الحالي كان سيرصده.",
        "word": "كلمة",
    },
    "en": {
        "actors": "Actors",
        "differs": "Judged again by the same version, the verdict differs: the code has changed.",
        "doubtful": "doubtful",
        "evidence": "Evidence and its points",
        "gone": "The seeds no longer hold this topic: it cannot be judged again.",
        "holds": "holds",
        "lacks": "does not hold",
        "no_date": "no certain date",
        "none": "no label",
        "older": (
            "The verdict is of an older version of the topic; today's ({version}) gives: {labels}."
        ),
        "proof": "Proof, sentence by sentence",
        "reproduced": "Judged again by the same version: the same verdict, byte for byte.",
        "taken_away": "Not counted, and why",
        "themes": "Themes",
        "title": "Why this was flagged",
        "unflagged": "Not flagged; this is what the rules found all the same.",
        "unseen": "Only text that no reader sees would flag it: on the watch list, not counted.",
        "version": "version of the topic",
        "whole": "The whole text",
        "would": "No verdict is stored; today's topic would flag it.",
        "word": "word",
    },
    "fr": {
        "actors": "Acteurs",
        "differs": "Rejugé avec la même version, le verdict diffère : le programme a changé.",
        "doubtful": "douteux",
        "evidence": "Les indices et leurs points",
        "gone": "Ce sujet n'est plus défini : il ne peut être rejugé.",
        "holds": "retenu",
        "lacks": "non retenu",
        "no_date": "date incertaine",
        "none": "aucune étiquette",
        "older": (
            "Verdict d'une version antérieure du sujet ; l'actuelle ({version}) dit : {labels}."
        ),
        "proof": "La preuve, phrase par phrase",
        "reproduced": "Rejugé avec la même version : le même verdict, octet pour octet.",
        "taken_away": "Non compté, et pourquoi",
        "themes": "Thèmes",
        "title": "Pourquoi cet article a été relevé",
        "unflagged": "Non relevé ; voici ce que les règles y ont néanmoins trouvé.",
        "unseen": (
            "Seul un texte caché aux lecteurs le relèverait : en liste de veille, non compté."
        ),
        "version": "version du sujet",
        "whole": "Le texte entier",
        "would": "Aucun verdict conservé ; le sujet actuel le relèverait.",
        "word": "mot",
    },
}


def page(
    kept: ArchivedArticle, explained: Sequence[Explanation], topics: Mapping[str, Topic]
) -> str:
    """The HTML of an explanation."""
    template = templates().get_template("explanation.html.j2")
    return template.render(kept=kept, explained=explained, v=_View(kept, explained, topics))


class _View:
    """What the template calls: words, titles and colours in the frame's language."""

    def __init__(
        self, kept: ArchivedArticle, explained: Sequence[Explanation], topics: Mapping[str, Topic]
    ) -> None:
        article = kept.article
        self._explained, self._topics = explained, topics
        self._texts = matching.article_fields(article).texts
        self.language = article.language if article.language in WORDS else "en"
        self.words, self.direction = WORDS[self.language], direction(self.language)
        self.shortfall = shortfall.WORDS[self.language]
        self.own = direction(article.language)
        self.date = (
            f"{article.published.at:%Y-%m-%d}" if article.published else self.words["no_date"]
        )

    def topic(self, one: Explanation) -> str:
        topic = self._topics.get(one.topic)
        return self._in(topic.title) if topic else one.topic

    def label(self, one: Explanation, name: str) -> str:
        topic = self._topics.get(one.topic)
        known = topic.labels.get(name) if topic else None
        return self._in(known.title) if known else name

    def labels(self, one: Explanation) -> str:
        names = [self.label(one, name) for name in one.today.labels] if one.today else []
        return (
            "، ".join(names)
            if self.language == "ar" and names
            else ", ".join(names) or self.words["none"]
        )

    def concept(self, one: Explanation, name: str) -> str:
        topic = self._topics.get(one.topic)
        known = topic.concepts.get(name) if topic else None
        return self._in(known.title) if known else name or self.words["word"]

    def scores(self, one: Explanation) -> list[tuple[str, float, str]]:
        return all_label_states(one)

    def evidence(self, one: Explanation, label: str) -> list[tuple[int, str, int]]:
        """(points, name, number of its sentence or 0): where the sum starts, then the lines that
        hold of a label's card."""
        quotes, card = self.quotes(one), self._card(one, label)
        summed = card is not None and card.points is not None
        start = [(card.start, self.shortfall["start"], 0)] if card and summed and card.start else []
        return start + [
            (
                line.points,
                line.name,
                next((n for n, q in enumerate(quotes, 1) if line in q.lines), 0),
            )
            for line in card_lines(one, label)
        ]

    def total(self, one: Explanation, label: str, state: str) -> str:
        """The sum of a label's card against its threshold."""
        card = self._card(one, label)
        if card is None:
            return ""
        needs = self.label(one, card.needs) if card.needs else ""
        return shortfall.sum_text(card, self.language, holds=state == "holds", needs=needs)

    def failed(self, one: Explanation, label: str) -> list[str]:
        """The conditions of a label's rule that fail, in words."""
        card, concepts = self._card(one, label), self._concepts(one)
        failed = card.failed if card else ()
        return [shortfall.failure_text(failure, self.language, concepts) for failure in failed]

    def missing(self, one: Explanation, label: str, state: str) -> list[tuple[int, str, str]]:
        """(points, name, why it does not hold) of the most telling lines that would have spoken for
        a label."""
        card, concepts = self._card(one, label), self._concepts(one)
        told = shortfall.most_telling(card) if card and state != "holds" else ()
        return [
            (line.points, line.name, shortfall.line_text(line, self.language, concepts))
            for line in told
        ]

    def _card(self, one: Explanation, label: str) -> LabelCard | None:
        return next((c for c in one.cards if c.label == label and is_current(one)), None)

    def _concepts(self, one: Explanation) -> Mapping[str, Concept]:
        topic = self._topics.get(one.topic)
        return topic.concepts if topic else {}

    def colour(self, one: Explanation, mention: Mention) -> str:
        names = list(dict.fromkeys(m.concept for m in one.verdict.mentions))
        return f"c{names.index(mention.concept) % CONCEPT_COLOURS}"

    def quotes(self, one: Explanation) -> list[Quote]:
        return proof(one, self._texts)

    def pieces(self, quote: Quote) -> list[tuple[str, tuple[Mention, ...]]]:
        return split_at_mentions(quote.text, quote.start, quote.mentions)

    def body(self) -> list[tuple[str, tuple[Mention, ...]]]:
        held = [m for one in self._explained for m in one.verdict.mentions if m.field == "body"]
        return split_at_mentions(self._texts.get("body", ""), 0, held)

    def link(self, url: str) -> str:
        return url if url.startswith(("http://", "https://")) else "about:blank"

    def _in(self, titles: Mapping[Language, str]) -> str:
        return titles.get(self.language) or next(iter(titles.values()))
