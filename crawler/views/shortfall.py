"""What a label or a query lacks in a text, in words: Arabic, English and French. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from crawler import query
from crawler.matching.explanation import Quote
from crawler.matching.shortfall import Failure, LabelCard, MissingLine
from crawler.matching.topics import Concept
from crawler.model import Language
from crawler.views.fields import JsonRow

Concepts = Mapping[str, Concept]
MOST_LINES = 5  # of a label's missing lines are shown: the most telling

WORDS: dict[Language, dict[str, str]] = {
    "ar": {
        "absent": "لا يوجد في النص: {0}",
        "apart": "{0}: كلاهما في النص، لكن ليس في حقل واحد",
        "apart_paragraphs": "{0}: كلاهما في النص، لكن أقرب موضعين يفصل بينهما {1} من الفقرات",
        "apart_sentences": "{0}: كلاهما في النص، لكن أقرب موضعين يفصل بينهما {1} من الجمل",
        "apart_words": "{0}: كلاهما في النص، لكن أقرب موضعين بينهما {1} كلمة",
        "beside": "{0}: غير متحقق في أي جملة",
        "count": "{0}: وُجد {1} مرة",
        "elsewhere": "{0}: موجود في موضع آخر من النص",
        "enough": "النقاط: \u2066{0}\u2069، والحد \u2066{1}\u2069",
        "filter": "ليس كذلك: {0}",
        "needs": "يشترط أيضا: {0}، وهو غير متحقق",
        "not_counted": "لم يُحتسب: {0} ({1})",
        "present": "ما لا ينبغي أن يوجد موجود: {0}",
        "rule": "لم تتحقق القاعدة",
        "short": "النقاط: \u2066{0}\u2069، والحد \u2066{1}\u2069؛ ينقص {2}",
        "start": "رصيد البداية",
        "unshown": "النقاط: \u2066{0}\u2069، والحد \u2066{1}\u2069، لكن من نص لا تعرضه الصفحة وحده",
        "would": "ما كان سيدعمه",
    },
    "en": {
        "absent": "not in the text: {0}",
        "apart": "{0}: both are in the text, but in no field together",
        "apart_paragraphs": "{0}: both are in the text, nearest: {1} paragraph(s) apart",
        "apart_sentences": "{0}: both are in the text, nearest: {1} sentence(s) apart",
        "apart_words": "{0}: both are in the text, nearest: {1} word(s) apart",
        "beside": "{0}: in no sentence",
        "count": "{0}: {1} found",
        "elsewhere": "{0}: it stands elsewhere in the text",
        "enough": "{0} points, {1} needed",
        "filter": "not so: {0}",
        "needs": "needs {0}, which does not hold",
        "not_counted": "did not count: {0} ({1})",
        "present": "should not be there: {0}",
        "rule": "the rule does not hold",
        "short": "{0} points, {1} needed: {2} short",
        "start": "to start with",
        "unshown": "{0} points, {1} needed, but only from text that the page does not show",
        "would": "would have spoken for it",
    },
    "fr": {
        "absent": "absent du texte : {0}",
        "apart": "{0} : les deux sont dans le texte, mais pas dans une même partie",
        "apart_paragraphs": "{0} : les deux sont dans le texte, au plus près à {1} paragraphe(s)",
        "apart_sentences": "{0} : les deux sont dans le texte, au plus près à {1} phrase(s)",
        "apart_words": "{0} : les deux sont dans le texte, au plus près à {1} mot(s)",
        "beside": "{0} : dans aucune phrase",
        "count": "{0} : {1} trouvé(s)",
        "elsewhere": "{0} : se trouve ailleurs dans le texte",
        "enough": "{0} points, seuil {1}",
        "filter": "ce n'est pas le cas : {0}",
        "needs": "exige aussi {0}, qui n'est pas retenu",
        "not_counted": "non compté : {0} ({1})",
        "present": "ne devrait pas y être : {0}",
        "rule": "la règle n'est pas satisfaite",
        "short": "{0} points, seuil {1} : il en manque {2}",
        "start": "au départ",
        "unshown": "{0} points, seuil {1}, mais d'un texte que la page ne montre pas",
        "would": "aurait plaidé pour",
    },
}
"""Language → name of a sentence → the sentence. Every language has all."""
_UNITS: Mapping[type, str] = {
    query.Near: "apart_words",
    query.SameSentence: "apart_sentences",
    query.SameParagraph: "apart_paragraphs",
}


def failure_text(failure: Failure, language: Language, concepts: Concepts) -> str:
    """A failed condition in words; English if the language has none here."""
    words = WORDS.get(language, WORDS["en"])
    condition, name = failure.condition, str(failure.kind)
    if failure.kind == "apart" and failure.found is not None:
        name = _UNITS[type(condition)]
    if isinstance(condition, query.Not):
        condition = condition.query
    titles = {name: concept.title for name, concept in concepts.items()}
    asked = query.describe_part(condition, language, titles)
    more = failure.found if failure.found is not None else ", ".join(failure.reasons)
    return words[name].format(asked, more)


def sum_text(card: LabelCard, language: Language, *, holds: bool, needs: str = "") -> str:
    """A card's sum against its threshold, and the label that it needs, by the title ``needs``; ""
    for a label of a rule alone."""
    words = WORDS.get(language, WORDS["en"])
    needed = words["needs"].format(needs or card.needs) if card.needs and not holds else ""
    if card.points is None or not (card.held or card.missing or card.start or card.holds_from):
        return needed
    short = card.holds_from - card.points
    name = "short" if short > 0 else "enough" if holds or needed else "unshown"
    said = words[name].format(card.points, card.holds_from, short)
    return "; ".join(filter(None, (said, needed)))


def line_text(line: MissingLine, language: Language, concepts: Concepts) -> str:
    """Why a line does not hold: each condition that fails."""
    return "; ".join(failure_text(one, language, concepts) for one in line.failures)


def most_telling(card: LabelCard) -> Sequence[MissingLine]:
    """The missing lines that are shown to a reader."""
    return card.missing[:MOST_LINES]


def card_row(card: LabelCard, concepts: Concepts) -> JsonRow:
    """A card as data; ``points`` is null where the rule does not hold."""
    return {
        "label": card.label,
        "points": card.points,
        "start": card.start,
        "holds_from": card.holds_from,
        "needs": card.needs or None,
        "failed": [_failure_row(one, concepts) for one in card.failed],
        "missing": [
            {
                "name": line.name,
                "points": line.points,
                "failed": [_failure_row(one, concepts) for one in line.failures],
            }
            for line in card.missing
        ],
    }


def _failure_row(failure: Failure, concepts: Concepts) -> JsonRow:
    return {
        "kind": failure.kind,
        "condition": query.write(failure.condition),
        "found": failure.found,
        "reasons": list(failure.reasons),
        "text": failure_text(failure, "en", concepts),
    }


# ── of a query ────────────────────────────────────────────────────────────────────────────────


def query_row(
    written: str, quotes: Sequence[Quote] | None, failures: Sequence[Failure], concepts: Concepts
) -> JsonRow:
    """Whether a query holds in an article: the sentences that prove it, or which conditions fail;
    ``quotes`` is None where it does not hold."""
    return {
        "query": written,
        "holds": quotes is not None,
        "sentences": [{"field": quote.field, "text": quote.text} for quote in quotes or ()],
        "failed": [_failure_row(one, concepts) for one in failures],
    }


def query_text(row: JsonRow) -> Text:
    """``query_row`` for a terminal."""
    if row["holds"]:
        said = [f"holds: {row['query']}", *(f"  «{one['text']}»" for one in row["sentences"])]
    else:
        said = [f"does not hold: {row['query']}", *(f"  {one['text']}" for one in row["failed"])]
    return Text("\n".join(said))
