"""A digest worded: subject, plain text and HTML that say the same facts. Pure.

The frame is in the recipe's first language and direction; each item stays in its own. No images,
no trackers, nothing loaded from anywhere.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.digest.records import Digest
from crawler.model import Language

FSI, PDI = "\u2068", "\u2069"  # isolate what is of another direction, in plain text (UAX #9)
WORDS: dict[Language, dict[str, str]] = {
    "ar": {
        "all_well": "أجابت كل المصادر",
        "answered": "{answered} من {sources} مصدرا أجابت",
        "copies": "نُشر أيضا في",
        "doubts": "للمراقبة",
        "doubts_line": "درجات ضعيفة لم تبلغ العتبة؛ هل هي ذات صلة؟",
        "failing": "لم يُجب",
        "last_poll": "آخر جولة {at}",
        "left_out": "و{n} أخرى في الأرشيف",
        "matched": "سبب الرصد",
        "no_date": "تاريخ غير مؤكد؛ رُصد",
        "nothing": "لا جديد",
        "nothing_line": "لا خبر جديد في هذه الفترة.",
        "period": "من {since} إلى {until}",
        "proof": "الدليل",
        "score": "الدرجة",
        "unpolled": "لم يُسأل بعد",
        "watch": "سلامة الرصد",
        "why": "لماذا وصلتك هذه الرسالة: أنت مشترك في هذه النشرة.",
    },
    "en": {
        "all_well": "every source answered",
        "answered": "{answered} of {sources} sources answered",
        "copies": "also in",
        "doubts": "Watch list",
        "doubts_line": "Scored just under the line; do they belong here?",
        "failing": "did not answer",
        "last_poll": "last poll {at}",
        "left_out": "and {n} more in the archive",
        "matched": "flagged for",
        "no_date": "no certain date; seen",
        "nothing": "nothing new",
        "nothing_line": "No new story in this period.",
        "period": "{since} to {until}",
        "proof": "proof",
        "score": "score",
        "unpolled": "not asked yet",
        "watch": "How the watch is doing",
        "why": "You get this because you subscribed to this digest.",
    },
    "fr": {
        "all_well": "toutes les sources ont répondu",
        "answered": "{answered} sources sur {sources} ont répondu",
        "copies": "aussi dans",
        "doubts": "À surveiller",
        "doubts_line": "Juste sous le seuil ; ont-ils leur place ici ?",
        "failing": "sans réponse",
        "last_poll": "dernier passage {at}",
        "left_out": "et {n} de plus dans l'archive",
        "matched": "relevé pour",
        "no_date": "date incertaine ; vu",
        "nothing": "rien de nouveau",
        "nothing_line": "Aucun article nouveau sur la période.",
        "period": "du {since} au {until}",
        "proof": "preuve",
        "score": "score",
        "unpolled": "pas encore interrogées",
        "watch": "État de la veille",
        "why": "Vous recevez ce message car vous êtes abonné à cette lettre.",
    },
}
FINDINGS: dict[Language, dict[str, str]] = {
    "ar": {
        "blocked": "تحجب صفحاتها",
        "bodies_empty": "نصوص فارغة",
        "bodies_shrunk": "نصوص أقصر من المعتاد",
        "burst": "أخبار كثيرة دفعة واحدة؛ تقرأ على مراحل",
        "canary": "اختبار المسار الكامل لم ينجح",
        "empty": "خلاصة فارغة",
        "endless": "قائمة لا تنتهي",
        "etag_lie": "قالت إن لا جديد وكان ثمة جديد",
        "failing": "تتعثر مرارا",
        "garbled": "نصوص لا تقرأ رموزها",
        "low_text": "صور بلا نص يذكر",
        "moved": "انتقلت إلى عنوان آخر",
        "not_a_feed": "لم تعد خلاصة",
        "offline": "لم نصل إلى الشبكة",
        "overflow": "ربما فاتنا منها شيء",
        "silence": "صمتت المصادر كلها معا؛ الخلل عندنا على الأرجح",
        "silent": "صامتة على غير عادتها",
        "stuck": "صفحات أوقفت قارئها",
        "suspicious": "نص خفي لا يراه القراء",
        "tls": "شهادة غير صالحة",
        "undated": "بلا تواريخ",
        "wrong_language": "بلغة غير لغتها",
    },
    "en": {
        "blocked": "blocks us",
        "bodies_empty": "empty texts",
        "bodies_shrunk": "texts shorter than usual",
        "burst": "very much at once; it is read in parts",
        "canary": "the end-to-end test did not come through",
        "empty": "an empty feed",
        "endless": "a list without an end",
        "etag_lie": "said nothing was new when something was",
        "failing": "fails again and again",
        "garbled": "texts that cannot be decoded",
        "low_text": "pictures with next to no text",
        "moved": "has moved",
        "not_a_feed": "is no feed any more",
        "offline": "we had no network",
        "overflow": "something may have slipped by",
        "silence": "all sources fell silent together; the fault is probably ours",
        "silent": "unusually silent",
        "stuck": "pages that broke their reader",
        "suspicious": "text that no reader sees",
        "tls": "an invalid certificate",
        "undated": "no dates",
        "wrong_language": "not in its own language",
    },
    "fr": {
        "blocked": "nous bloque",
        "bodies_empty": "textes vides",
        "bodies_shrunk": "textes plus courts que d'habitude",
        "burst": "afflux soudain, lu par parties",
        "canary": "l'essai de bout en bout n'est pas arrivé",
        "empty": "flux vide",
        "endless": "une liste sans fin",
        "etag_lie": "disait que rien n'avait changé, à tort",
        "failing": "échoue à répétition",
        "garbled": "textes indéchiffrables",
        "low_text": "des images presque sans texte",
        "moved": "a changé d'adresse",
        "not_a_feed": "n'est plus un flux",
        "offline": "nous étions sans réseau",
        "overflow": "quelque chose a pu nous échapper",
        "silence": "toutes les sources se sont tues ensemble ; la faute est sans doute nôtre",
        "silent": "silence inhabituel",
        "stuck": "pages qui ont bloqué leur lecteur",
        "suspicious": "du texte que nul lecteur ne voit",
        "tls": "certificat non valable",
        "undated": "sans dates",
        "wrong_language": "dans une autre langue que la sienne",
    },
}
_DAYS = {
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
_MONTHS = {
    "ar": ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    "ar-maghreb": ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"],
    "ar-mashriq": ["كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
}  # fmt: skip
# Which Arabic month names a reader uses goes with where he lives. Sorted by zone.
_ARABIC_MONTHS = {
    "Africa/Casablanca": "ar-maghreb",
    "Asia/Amman": "ar-mashriq",
    "Asia/Baghdad": "ar-mashriq",
    "Asia/Beirut": "ar-mashriq",
    "Asia/Damascus": "ar-mashriq",
}


def day(at: datetime, digest: Digest) -> str:
    """A date in the frame's one form: الخميس 28 غشت 2025 · jeudi 28 août 2025."""
    local = at.astimezone(ZoneInfo(digest.timezone))
    language = digest.language if digest.language in _DAYS else "en"
    months = _ARABIC_MONTHS.get(digest.timezone, "ar") if language == "ar" else language
    return f"{_DAYS[language][local.weekday()]} {local.day} {_MONTHS[months][local.month - 1]} {local.year}"


def one_line(text: str) -> str:
    """The text fit for a header: one hostile headline must not block a digest (M23)."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) != "Cf").split())


def words(language: Language) -> dict[str, str]:
    return WORDS.get(language, WORDS["en"])
