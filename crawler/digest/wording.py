"""The words of a digest, a table for each language. Pure.

Adding a language is adding its ``Wording`` to ``WORDINGS``; a test finds a phrase or a finding that
it lacks. A digest in a language without a table is worded in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.model import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything a digest says in one language."""

    phrases: Mapping[str, str]  # by name; {placeholders} are the same in all languages
    findings: Mapping[str, str]  # by the kind of a finding
    days: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    comma: str  # between a date and its time


_ARABIC = Wording(
    phrases={
        "answered": "المصادر التي أجابت: {answered} من {sources}",
        "copies": "نُشر أيضا في",
        "doubts": "للمراقبة",
        "doubts_left_out": "و{n} أخرى في الأرشيف",
        "doubts_line": "درجات ضعيفة لم تبلغ العتبة؛ هل هي ذات صلة؟",
        "earlier": "رُصدت الآن، وتاريخها أقدم",
        "earlier_left_out": "و{n} أخرى في الأعداد القادمة",
        "earlier_line": "نُشرت قبل رصدها بأكثر من أسبوع، فلا تُحسب ضمن أخبار اليوم.",
        "failing": "لم يُجب",
        "last_poll": "آخر جولة {at}",
        "left_out": "و{n} أخرى تتصدر العدد القادم",
        "matched": "سبب الرصد",
        "no_date": "تاريخ غير مؤكد؛ رُصد",
        "nothing": "لا جديد",
        "nothing_line": "لا خبر جديد في هذه الفترة.",
        "period": "من {since} إلى {until}",
        "proof": "الدليل",
        "score": "الدرجة",
        "summary": "ملخص لا تعرضه الصفحة",
        "unpolled": "لم يُسأل بعد",
        "watch": "سلامة الرصد",
        "why": "لماذا وصلتك هذه الرسالة: أنت مشترك في هذه النشرة.",
    },
    findings={
        "backup": "لا يمكن استرجاع النسخة الاحتياطية",
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
        "mail_dead": "رسائل رُفضت نهائيا",
        "mail_held": "البريد متوقف بسبب إعداداتنا",
        "mail_on_hold": "البريد موقوف إلى أن يُفرج عنه",
        "mail_unknown": "رسائل لا يُعرف هل وصلت",
        "mail_waiting": "رسائل تنتظر الإرسال منذ مدة",
        "moved": "انتقلت إلى عنوان آخر",
        "not_a_feed": "لم تعد خلاصة",
        "office_expired": "انتهت ولاية مسؤول ولا خلف له في المعجم",
        "offline": "لم نصل إلى الشبكة",
        "overflow": "ربما فاتنا منها شيء",
        "silence": "صمتت المصادر كلها معا؛ الخلل عندنا على الأرجح",
        "silent": "صامتة على غير عادتها",
        "stuck": "صفحات أوقفت قارئها",
        "suspicious": "نص خفي لا يراه القراء",
        "template_drift": "تغير تصميم صفحاتها",
        "tls": "شهادة غير صالحة",
        "undated": "بلا تواريخ",
        "seeds": "ملفات الإعداد فيها خطأ، ويُعمل بآخر نسخة سليمة منها",
        "unwritten": "تعذّر حفظ نتائج الجلب في الأرشيف",
        "clock": "قفزت ساعة الجهاز، وصُحّح ما كُتب بها",
        "damaged": "ملف الأرشيف تالف",
        "index": "فهرس البحث تالف",
        "storage": "تعذّر استعمال الأرشيف لبعض الوقت",
        "wrong_language": "بلغة غير لغتها",
    },
    days=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    months=(
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    comma="،",
)
_ENGLISH = Wording(
    phrases={
        "answered": "{answered} of {sources} sources answered",
        "copies": "also in",
        "doubts": "Watch list",
        "doubts_left_out": "and {n} more in the archive",
        "doubts_line": "Scored just under the line; do they belong here?",
        "earlier": "Found now, dated earlier",
        "earlier_left_out": "and {n} more in the next issues",
        "earlier_line": "Dated more than a week before they were first seen; not counted as news.",
        "failing": "did not answer",
        "last_poll": "last poll {at}",
        "left_out": "and {n} more, first in the next issue",
        "matched": "flagged for",
        "no_date": "no certain date; seen",
        "nothing": "nothing new",
        "nothing_line": "No new story in this period.",
        "period": "{since} to {until}",
        "proof": "proof",
        "score": "score",
        "summary": "summary, not on the page",
        "unpolled": "not asked yet",
        "watch": "How the watch is doing",
        "why": "You get this because you subscribed to this digest.",
    },
    findings={
        "backup": "the backup cannot be restored",
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
        "mail_dead": "mails that were refused for good",
        "mail_held": "mail is held up by our own setup",
        "mail_on_hold": "mail is on hold until it is released",
        "mail_unknown": "mails of which nobody knows whether they arrived",
        "mail_waiting": "mails that have waited for long",
        "moved": "has moved",
        "not_a_feed": "is no feed any more",
        "office_expired": "an office-holder's term is over, and the lexicon has no successor",
        "offline": "we had no network",
        "overflow": "something may have slipped by",
        "silence": "all sources fell silent together; the fault is probably ours",
        "silent": "unusually silent",
        "stuck": "pages that broke their reader",
        "suspicious": "text that no reader sees",
        "template_drift": "its pages have a new layout",
        "tls": "an invalid certificate",
        "undated": "no dates",
        "seeds": "seed files have mistakes; the last good ones are in use",
        "unwritten": "polls could not be written to the archive",
        "clock": "the machine's clock jumped; what it wrote was corrected",
        "damaged": "the archive is damaged",
        "index": "the full-text index is damaged",
        "storage": "the archive could not be used for a while",
        "wrong_language": "not in its own language",
    },
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    comma=",",
)
_FRENCH = Wording(
    phrases={
        "answered": "{answered} sources sur {sources} ont répondu",
        "copies": "aussi dans",
        "doubts": "À surveiller",
        "doubts_left_out": "et {n} de plus dans l'archive",
        "doubts_line": "Juste sous le seuil ; ont-ils leur place ici ?",
        "earlier": "Trouvés maintenant, parus plus tôt",
        "earlier_left_out": "et {n} de plus dans les prochains numéros",
        "earlier_line": "Parus plus d'une semaine avant d'être vus ; non comptés comme nouveaux.",
        "failing": "sans réponse",
        "last_poll": "dernier passage {at}",
        "left_out": "et {n} de plus, en tête du prochain numéro",
        "matched": "relevé pour",
        "no_date": "date incertaine ; vu",
        "nothing": "rien de nouveau",
        "nothing_line": "Aucun article nouveau sur la période.",
        "period": "du {since} au {until}",
        "proof": "preuve",
        "score": "score",
        "summary": "résumé absent de la page",
        "unpolled": "pas encore interrogées",
        "watch": "État de la veille",
        "why": "Vous recevez ce message car vous êtes abonné à cette lettre.",
    },
    findings={
        "backup": "la sauvegarde ne peut être restaurée",
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
        "mail_dead": "courriels refusés définitivement",
        "mail_held": "courrier retenu par notre propre configuration",
        "mail_on_hold": "le courrier est retenu jusqu’à nouvel ordre",
        "mail_unknown": "courriels dont on ignore s'ils sont arrivés",
        "mail_waiting": "courriels en attente depuis longtemps",
        "moved": "a changé d'adresse",
        "not_a_feed": "n'est plus un flux",
        "office_expired": "un mandat est échu, sans successeur dans le lexique",
        "offline": "nous étions sans réseau",
        "overflow": "quelque chose a pu nous échapper",
        "silence": "toutes les sources se sont tues ensemble ; la faute est sans doute nôtre",
        "silent": "silence inhabituel",
        "stuck": "pages qui ont bloqué leur lecteur",
        "suspicious": "du texte que nul lecteur ne voit",
        "template_drift": "mise en page changée",
        "tls": "certificat non valable",
        "undated": "sans dates",
        "seeds": "des fichiers de veille sont fautifs ; les derniers valides restent en usage",
        "unwritten": "des relevés n'ont pas pu être écrits dans l'archive",
        "clock": "l'horloge de la machine a sauté ; ce qu'elle avait écrit a été corrigé",
        "damaged": "l'archive est endommagée",
        "index": "l'index de recherche est endommagé",
        "storage": "l'archive a été inutilisable un moment",
        "wrong_language": "dans une autre langue que la sienne",
    },
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    comma=",",
)

WORDINGS: Mapping[Language, Wording] = {"ar": _ARABIC, "en": _ENGLISH, "fr": _FRENCH}

_MAGHREB = ("يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر")  # fmt: skip
_MASHRIQ = ("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول")  # fmt: skip
# Which Arabic month names a reader uses depends on the country. Sorted by time zone.
_ARABIC_MONTHS = {
    "Africa/Casablanca": _MAGHREB,
    "Asia/Amman": _MASHRIQ,
    "Asia/Baghdad": _MASHRIQ,
    "Asia/Beirut": _MASHRIQ,
    "Asia/Damascus": _MASHRIQ,
}


def wording(language: Language) -> Wording:
    """The table of this language, or the English one."""
    return WORDINGS.get(language, _ENGLISH)


def day(at: datetime, language: Language, timezone: str) -> str:
    """The local date in words: الخميس 28 غشت 2025 (Thursday 28 August 2025), jeudi 28 août 2025."""
    local, words = at.astimezone(ZoneInfo(timezone)), wording(language)
    months = _ARABIC_MONTHS.get(timezone, words.months) if language == "ar" else words.months
    return f"{words.days[local.weekday()]} {local.day} {months[local.month - 1]} {local.year}"


def moment(at: datetime, language: Language, timezone: str) -> str:
    """The local date and time in words: jeudi 28 août 2025, 18:04."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{day(at, language, timezone)}{wording(language).comma} {local:%H:%M}"
