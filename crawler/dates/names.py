"""Names of months, weekdays, durations and time zones in the languages of the press. Tables,
pure.

Names are written as people write them and compared after ``normalize_date_text``, so that spellings
with or without hamza, harakat, tatweel, accents or Persian letters need no entry of their own.
There are four Arabic families: Maghreb (غشت), Mashriq (آب), Gulf and Egypt (أغسطس), Algeria and
Tunisia (أوت). ``parsing`` uses the tables.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from crawler.text_cache import cached_by_text

MAX_LINE_CHARACTERS = 300  # of a line that is remembered

_LETTERS = str.maketrans(
    {"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ھ": "ه",
    "ہ": "ه",
     "ە": "ه", "ۆ": "و", "ۇ": "و", "ڵ": "ل", "ڕ": "ر", "ڤ": "ف", "ﭪ": "ف", "پ": "ب", "چ": "ج",
     "ڭ": "ك", "گ": "ك",
     "ـ": "", "،": ",", "؛": ",", "’": "'", "ʼ": "'", "‘": "'", "–": "-", "—": "-", "−": "-",
     "‐": "-", "‑": "-"}
)  # fmt: skip


# a line is looked at several times: what it says, what its parts say
@cached_by_text(maxsize=1_000, longest=MAX_LINE_CHARACTERS)
def normalize_date_text(text: str) -> str:
    """The text as the tables are compared: one case, one alef, ASCII digits, no marks.

    "٢٣ تشرينُ الثَّاني" and "23 تشرين الثانى" both become "23 تشرين الثاني".
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = (
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c
        for c in folded
        if unicodedata.category(c) not in ("Mn", "Cf")
    )
    return " ".join("".join(kept).translate(_LETTERS).split())


def _table(lines: tuple[str, ...], first: int) -> dict[str, int]:
    return {
        normalize_date_text(name): n
        for n, names in enumerate(lines, first)
        for name in names.split("|")
    }


# Arabic families first, then Persian and Sorani names of the same months, then fr, en, es.
MONTHS: dict[str, int] = _table(
    (
        "كانون2|كانون 2|ك2|"
        "يناير|ينايير|كانون الثاني|كانون ثاني|كانون ثان|جانفي|جانفيي|ژانویه|کانوونی دووەم|"
        "کانونی دووەم|"
        "janvier|janv|jan|january|enero|ene",
        (
            "فبراير|فبرائر|شباط|فيفري|فيڤري|فوریه|شوبات|février|févr|fév|fevr|february|febr|"
            "feb|febrero"
        ),
        "مارس|آذار|ئازار|ئادار|mars|mar|march|marzo",
        "أبريل|إبريل|أبرايل|نيسان|أفريل|افرايل|آوریل|avril|avr|av|april|apr|abril|abr",
        "ماي|مايو|مايي|أيار|مي|مه|مەی|mai|may|mayo",
        "يونيو|يونيه|يونيوه|حزيران|جوان|ژوئن|حوزەیران|حوزهيران|juin|june|jun|junio",
        (
            "يوليوز|يوليو|يوليه|يوليوس|تموز|جويلية|جويليا|ژوئیه|ژوییه|جولای|تەمموز|تەموز|"
            "juillet|juill|juil|july|jul|julio"
        ),
        "غشت|أغشت|آب|أغسطس|أغسطوس|أوت|آگوست|ئاب|août|aout|aoû|august|aug|agosto|ago",
        (
            "شتنبر|شتمبر|سبتمبر|سبتنبر|سيبتمبر|أيلول|ئەیلوول|ئەیلول|سپتامبر|septembre|sept|sep|"
            "september|septiembre|setiembre"
        ),
        (
            "تشرين1|تشرين 1|ت1|"
            "أكتوبر|أوكتوبر|أكتوبير|أكتوير|تشرين الأول|تشرين أول|اکتبر|تشرینی یەکەم|octobre|"
            "oct|october|octubre"
        ),
        (
            "تشرين2|تشرين 2|ت2|"
            "نونبر|نونمبر|نوفمبر|نوفنبر|نوڤمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|نوامبر|تشرینی "
            "دووەم|novembre|nov|november|noviembre"
        ),
        "كانون1|كانون 1|ك1|"
        "دجنبر|دجمبر|ديسمبر|ديسنبر|دسمبر|ديسامبر|كانون الأول|كانون أول|دسامبر|کانوونی "
        "یەکەم|کانونی یەکەم|"
        "décembre|déc|december|dec|diciembre|dic",
    ),
    1,
)

WEEKDAYS: dict[str, int] = _table(
    (
        "الاثنين|الإثنين|اثنين|دووشەممە|lundi|lun|monday|mon|lunes",
        "الثلاثاء|الثلثاء|ثلاثاء|سێشەممە|mardi|tuesday|tue|tues|martes",
        "الأربعاء|الاربعا|أربعاء|چوارشەممە|mercredi|mer|wednesday|wed|miércoles",
        "الخميس|خميس|پێنجشەممە|jeudi|jeu|thursday|thu|thur|thurs|jueves",
        "الجمعة|جمعة|هەینی|vendredi|ven|friday|fri|viernes",
        "السبت|سبت|شەممە|samedi|sam|saturday|sat|sábado",
        "الأحد|أحد|یەکشەممە|dimanche|dim|sunday|sun|domingo",
    ),
    0,
)

HIJRI_MONTHS: dict[str, int] = _table(
    (
        "محرم|المحرم|محرم الحرام|mouharram|muharram|moharram",
        "صفر|صفر الخير|safar",
        "ربيع الأول|ربيع أول|ربيع الأنور|rabia i|rabi al-awwal",
        "ربيع الثاني|ربيع ثاني|ربيع الآخر|ربيع آخر|rabia ii|rabi al-thani",
        "جمادى الأولى|جمادى أولى|جمادى الأول|joumada i|jumada al-awwal",
        (
            "جمادى الآخرة|جمادى الثانية|جمادى الثاني|جمادى الآخر|جمادى ثانية|joumada "
            "ii|jumada al-thani"
        ),
        "رجب|رجب الفرد|رجب المرجب|rajab",
        "شعبان|chaabane|shaban|sha'ban",
        "رمضان|رمضان المبارك|ramadan",
        "شوال|chaoual|shawwal",
        "ذو القعدة|ذي القعدة|ذوالقعدة|ذى القعدة|dou al kiada|dhu al-qadah",
        "ذو الحجة|ذي الحجة|ذوالحجة|ذى الحجة|dou al hijja|dhu al-hijjah",
    ),
    1,
)

# Spans of time as seconds; the dual counts two by itself. Months and years are not here: "a month
# ago" names no day.
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
# What stands without a number is one (or two) of its kind, …
SINGLE_DURATIONS: dict[str, tuple[int, int]] = {
    normalize_date_text(name): (count, seconds)
    for count, seconds, names in (
        (1, 1, "ثانية"),
        (1, _MINUTE, "دقيقة|خولەک"),
        (2, _MINUTE, "دقيقتين|دقيقتان"),
        (1, _HOUR // 4, "ربع ساعة|un quart d'heure|a quarter of an hour"),
        (1, _HOUR // 2, "نصف ساعة|une demi-heure|half an hour"),
        (1, _HOUR, "ساعة|ساعت|کاتژمێر"),
        (2, _HOUR, "ساعتين|ساعتان"),
        (1, _DAY, "يوم|روز|ڕۆژ"),
        (2, _DAY, "يومين|يومان"),
        (1, _WEEK, "أسبوع|هفته"),
        (2, _WEEK, "أسبوعين|أسبوعان"),
    )
    for name in names.split("|")
}
# … and of these a number must stand before them: "hours ago" says no hour.
DURATIONS: dict[str, tuple[int, int]] = SINGLE_DURATIONS | {
    normalize_date_text(name): (1, seconds)
    for seconds, names in (
        (1, "ثوان|ثواني|seconde|secondes|second|seconds|sec|secs|segundo|segundos"),
        (_MINUTE, "دقائق|دقايق|minute|minutes|mn|min|mins|m|minuto|minutos"),
        (_HOUR, "ساعات|heure|heures|h|hour|hours|hr|hrs|hora|horas"),
        (_DAY, "يوما|أيام|jour|jours|j|day|days|d|día|días"),
        (_WEEK, "أسبوعا|أسابيع|semaine|semaines|week|weeks|semana|semanas"),
    )
    for name in names.split("|")
}

NUMBER_WORDS: dict[str, int] = _table(
    (
        "واحد|واحدة|un|une|a|an|one|una|uno",
        "اثنين|اثنتين|deux|two|dos",
        "ثلاث|ثلاثة|trois|three|tres",
        "أربع|أربعة|quatre|four|cuatro",
        "خمس|خمسة|cinq|five|cinco",
        "ست|ستة|six|seis",
        "سبع|سبعة|sept|seven|siete",
        "ثماني|ثمانية|ثمان|huit|eight|ocho",
        "تسع|تسعة|neuf|nine|nueve",
        "عشر|عشرة|dix|ten|diez",
    ),
    1,
)

DAYS_AGO: dict[str, int] = {
    normalize_date_text(name): days
    for days, names in (
        (0, "اليوم|aujourd'hui|today|ئەمڕۆ|hoy"),
        (1, "أمس|امبارح|البارحة|يوم أمس|hier|yesterday|دوێنێ|ديروز|ayer"),
        (2, "أول أمس|أمس الأول|avant-hier|anteayer"),
    )
    for name in names.split("|")
}

# The hours of «الساعة الثانية ظهرا» and the parts of «الثانية والنصف».
HOUR_WORDS: dict[str, int] = _table(
    (
        "الواحدة",
        "الثانية",
        "الثالثة",
        "الرابعة",
        "الخامسة",
        "السادسة",
        "السابعة",
        "الثامنة",
        "التاسعة",
        "العاشرة",
        "الحادية عشرة|الحادية عشر",
        "الثانية عشرة|الثانية عشر",
    ),
    1,
)
HOUR_PARTS: dict[str, int] = {
    normalize_date_text(name): minutes
    for name, minutes in (("النصف", 30), ("نصف", 30), ("الربع", 15), ("ربع", 15), ("الثلث", 20))
}

AFTERNOON = frozenset(
    map(
        normalize_date_text,
        [
            "pm",
            "p.m",
            "p.m.",
            "م",
            "مساء",
            "مساءا",
            "عصرا",
            "بعد الظهر",
            "ظهرا",
            "ليلا",
            "بعد منتصف الليل",
            "د.ن",
            "ب.ظ",
            "ب.ظ.",
            "de l'après-midi",
            "du soir",
        ],
    )
)
MORNING = frozenset(
    map(
        normalize_date_text,
        ["am", "a.m", "a.m.", "ص", "صباحا", "صباح", "فجرا", "پ.ن", "ق.ظ", "ق.ظ.", "du matin"],
    )
)

# Zones the press prints after a time. EST and its like are the United States' (a newspaper there is
# the only one to print them); what could be two zones (IST, AST) is left out and so not believed.
ZONES: dict[str, str | int] = {  # an IANA name, or minutes east of Greenwich
    **dict.fromkeys(("utc", "gmt", "z", "tu", "بتوقيت غرينتش", "بتوقيت جرينتش", "توقيت غرينتش",
    "ت.غ", "غرينتش", "جرينتش"), 0),
    "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York", "pacific": "America/Los_Angeles",
    "بتوقيت مكه": 180, "بتوقيت مكه المكرمه": 180,
}  # fmt: skip


def names_pattern(
    names: dict[str, int] | dict[str, str | int] | frozenset[str] | dict[str, tuple[int, int]],
) -> str:
    """The table's names as alternatives of a regular expression, longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def hijri_to_gregorian(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Hijri date in the tabular calendar, or None if there is no such
    date.

    It is within two days of any sighting of the moon: good for checking a date, not for making one.

    >>> hijri_to_gregorian(1447, 5, 13).isoformat()     # "13 جمادى الأولى 1447"
    '2025-11-04'
    """
    if not (1300 <= year <= 1600 and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    days = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day
    return date.fromordinal(
        days + 226_630
    )  # days from the Gregorian calendar's first to the Hijri one's
