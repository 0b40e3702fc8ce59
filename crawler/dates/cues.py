"""The words that say what a date is of: publishing, a change, or something else. Pure.

::

    "Mis à jour le 28 novembre 2026 | Publié le 26 novembre 2026"
     └ updated ─────────────────────┘   └ published ───────────┘

A deadline, an event, the term of a consent, the day of a picture or of a birth is no date of the
article, and what follows such a word in its line is not looked at.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple, cast

from crawler.dates import names
from crawler.dates.names import names_pattern

Label = Literal["published", "updated", "other"]

_ORDER: tuple[Label, ...] = ("other", "updated", "published")  # of two cues the first one counts
MAX_CUE_GAP = 25  # characters between two words of one cue: "date de dernière mise à jour"
MAX_DATES = 4  # of one part of a line
_PUBLISHED = (
    r"تاريخ النشر|تاريخ الاضافه|نشرت?|نشره|اخر نشر|كتبت?|كتبه|اضيفت?|حرر|بتاريخ|التاريخ|تاريخ|"
    r"تم النشر|صدر|publiee?s?|postee?|paru|parution|diffusee?|mise? en ligne|publication|"
    r"redigee?|ecrite?|published|posted|first published|date|issued|written on|publicado"
)
_UPDATED = (
    r"اخر تحديث|تم التحديث|تم تحديثه|جري تحديثه|تاريخ التحديث|تاريخ التعديل|تحديث|حدثت?|محدث|عدلت?|"
    r"تعديل|mise?s? a jour|maj|modifiee?s?|modification|actualisee?s?|actualisation|corrigee?|"
    r"last updated?|updated?|last edited|edited|revised|last modified|modified|actualizado"
)
_DEADLINES = (
    r"اخر اجل|اخر موعد|الموعد النهائي|الموعد الاخير|اجل اقصاه|حتي|لغايه|الي غايه|ينتهي|تنتهي|"
    r"انتهاء|صالح|صالحه|الصلاحيه|الترشيحات|التسجيل|date limite|dernier delai|delai|"
    r"jusqu'(?:au|a|en)|"
    r"au plus tard|avant le|expire|expiration|valable|valide|validite|echeance|cloture|"
    r"candidatures?|inscriptions?|deadline|until|till|no later than|by the latest|expires|"
    r"expiry|valid|closing date|closes|due|apply by|applications?|hasta|fecha limite|plazo"
)
_EVENTS = (
    r"موعد|يقامه?|تقام|ينطلق|تنطلق|انطلاق|ينعقد|يعقد|تعقد|الفعاليه|المباراه|الحدث|ابتداء من|"
    r"انطلاقا من|اعتبارا من|aura lieu|se tiendra|se deroulera|evenement|rendez-vous|a partir du|"
    r"des le|debut(?:e|era)?|coup d'envoi|agenda|programme|entree en vigueur|en vigueur|event|"
    r"takes? place|will be held|to be held|starts?|starting|begins?|kick-?off|on sale|"
    r"save the date|effective|as of|since|depuis le|du \d{1,2} au|من \d{1,2} الي|"
    r"from \d{1,2} to"
)
_NOTICES = (
    r"consentement|cookies?|mentions legales|conditions|confidentialite|cgu|rgpd|copyright|"
    r"tous droits|consent|privacy|terms|policy|all rights|ملفات تعريف|الكوكيز|كوكيز|الخصوصيه|شروط|"
    r"حقوق|membre|member|inscrit|joined|عضو|version|licence|license"
)
_PICTURES = (
    r"photos?|photographies?|photographed|pictured|picture|image|images|illustration|legende|"
    r"archives?|prise? le|cliche|file photo|taken|getty|صوره|الصوره|صور|ارشيف|ارشيفيه|التقطت"
)
_LIVES = (
    r"nee? le|mort le|morte le|deces|decedee?|born|died|مواليد|ولدت?|توفيت?|المولود|loi|decret|"
    r"arrete du|قانون|ظهير|مرسوم"
)
_CUE = re.compile(
    rf"(?<!\w)(?:(?P<other>{_DEADLINES}|{_EVENTS}|{_NOTICES}|{_PICTURES}|{_LIVES})|"
    rf"(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))(?!\w)"
)
_DATE_LIKE = re.compile(rf"\d|(?<!\w)(?:منذ|قبل|il y a|ago|{names_pattern(names.DAYS_AGO)})(?!\w)")
has_date = _DATE_LIKE.search  # whether a normalized text has what dates have: nothing else is one
_BETWEEN_PARTS = re.compile(r"[|/•·;]")
_RANGE = re.compile(
    rf"(?<![\d:.h])\d{{1,2}}\s?(?:au|to|until|الي|و|et|and|-)\s?\d{{1,2}}\s(?:من )?"
    rf"(?:{names_pattern(names.MONTHS)})(?!\w)"
)

_MONTH = names_pattern(names.MONTHS)
_WHOLE_DATE = re.compile(
    rf"(?<!\d)\d{{1,2}}\s?(?:er|st|nd|rd|th)?\s?[\s/.-]\s?(?:{_MONTH}|\d{{1,2}})\.?[\s/.,-]+"
    rf"(?:19|20)\d\d(?!\d)|(?<!\w)(?:{_MONTH})\.?\s\d{{1,2}},?\s(?:19|20)\d\d(?!\d)|"
    r"(?<!\d)(?:19|20)\d\d([/.-])\d{1,2}\1\d{1,2}(?!\d)"
)
_SPAN_OF_DAYS = re.compile(r"(?:^|\s)(?:au|to|until|till|الي|وحتي|-)\s?$")


class Part(NamedTuple):
    """A part of a line and what its date is of (None: it does not say)."""

    label: Label | None
    text: str


def split_by_cues(text: str) -> list[Part]:
    """The parts of a normalized line, each with the cue before it; no part without a date.

    A cue that no date follows belongs to the date before it: "26.11.2026 (modifié)".
    """
    parts: list[Part] = []
    label: Label | None = None
    at = 0
    for cue in (*_CUE.finditer(text), None):
        between = text[at : cue.start()] if cue else text[at:]
        dated = _DATE_LIKE.search(between) is not None
        if dated:
            parts += _split_by_dates(label, between)
        elif label in ("updated", "published") and parts and parts[-1].label is None:
            parts[-1] = Part(label, parts[-1].text)
        if cue is not None:
            label = _joined(label, cast(Label, cue.lastgroup), between, dated=dated)
            at = cue.end()
    return parts


def label_of(words: str) -> Label | None:
    """What the cues of a normalized text say of the date behind it; None if they say nothing or
    have a date of their own.
    """
    label: Label | None = None
    at = 0
    for cue in _CUE.finditer(words):
        between = words[at : cue.start()]
        dated = _DATE_LIKE.search(between) is not None
        label = _joined(label, cast(Label, cue.lastgroup), between, dated=dated)
        at = cue.end()
    return None if _DATE_LIKE.search(words, at) else label


def starts_with_cue(text: str) -> bool:
    """Whether a normalized line begins with a word about publishing or a change."""
    cue = _CUE.search(text)
    return cue is not None and not cue["other"] and not re.search(r"\w", text[: cue.start()])


def _split_by_dates(label: Label | None, text: str) -> list[Part]:
    """A part for each whole date, since a cue explains the first one only; the first and the last
    day of something are dates of another thing.
    """
    if _RANGE.search(text):
        return [Part("other", text)]
    found = list(_WHOLE_DATE.finditer(text))[:MAX_DATES]
    if len(found) < 2:
        return [Part(label, text)]
    between = text[found[0].end() : found[1].start()]
    if label is None and _SPAN_OF_DAYS.search(between):
        return [Part("other", text)]
    bounds = [0, *(date.start() for date in found[1:]), len(text)]
    pieces = [text[start:end] for start, end in pairwise(bounds)]
    return [Part(label, pieces[0]), *(Part(None, piece) for piece in pieces[1:])]


def _joined(before: Label | None, cue: Label, between: str, *, dated: bool) -> Label:
    """The label after one more cue: two that stand together are one, and the one that says more
    counts ("date limite de publication").
    """
    near = before == "other" or len(between) <= MAX_CUE_GAP
    if before is None or dated or not near or _BETWEEN_PARTS.search(between):
        return cue
    return min(before, cue, key=_ORDER.index)
