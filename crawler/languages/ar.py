"""Arabic: letter variants are unified, the article is split off, proclitics are tried, endings
declared.

>>> sorted(analyse("والعراقية"))     # "and the Iraqi (f.)"
['العراقيه', 'عراقيه', 'والعراقيه']
"""

from __future__ import annotations

import re

from crawler.languages.tables import LanguageTables, Variant

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Letters that the press writes both ways, and letters of keyboards set to Persian, Kurdish or
# Urdu. ؤ and ئ become their carriers, for hamza is the first thing that hurried hands leave out;
# the hamza on the line stays (ماء is not ما) and is left out on the side of the terms:
# ``without_hamza``.
_LETTERS = str.maketrans(
    {chr(code): chr(digit) for code, digit in DIGITS.items()}
    | dict.fromkeys("أإآٱٲٳٵ", "ا")
    | dict.fromkeys("ىیئێېےۍؠ", "ي")
    | dict.fromkeys("ؤۆۇۋۊ", "و")
    | dict.fromkeys("ةەھہۀۂۃ", "ه")
    | dict.fromkeys("کڪګ", "ك")
    | dict.fromkeys("ڵڶ", "ل")
    | dict.fromkeys("ڕړ", "ر")
)
_ARABIC = re.compile("[\u0600-\u06ff]")

# و ف (and), then ب ل ك (in, to, like), then the article; لل is ل + ال with its alef gone.
_ARTICLE = re.compile("^(?:[وف])?(?:[بكل]?ال|لل)(?=..)")
PROCLITICS = ("و", "ف", "ب", "ل", "ك", "س", "وب", "ول", "وك", "فب", "فل", "وس", "فس")
"""Prefixes written together with the next word, but ambiguous (وزير is not و + زير): tried, never
cut.
"""

PREFIXES = (
    *PROCLITICS,
    *(head + article for head in ("", "و", "ف") for article in ("ال", "بال", "كال", "لال", "لل")),
)
"""All prefixes that ``analyse`` tries to remove: proclitics, and the article with its own
proclitics.
"""

_PREFIX_BEFORE_FOREIGN = re.compile(
    rf"(?:{'|'.join(sorted(PREFIXES, key=len, reverse=True))})(?=[^\W\d_])"
)


def foreign_part(text: str) -> str:
    """The foreign word to which an Arabic prefix is attached (الـNATO → NATO); "" if there is
    none.
    """
    prefix = _PREFIX_BEFORE_FOREIGN.match(unify_letters(text))
    rest = text[prefix.end() :] if prefix else ""
    return rest if rest and not is_arabic(rest) and is_mixed(rest) else ""


ALEFS_WITH_HAMZA = "أإآ"  # an alef that carries one is never the article's

# Words that begin with ال as their own letters, so that no article is split off. Sorted.
_NOT_ARTICLE = frozenset("الا الان التي الذي الذين الله اللتان اللذان الي اليه اليها".split())


def is_arabic(text: str) -> bool:
    """Whether any letter belongs to the Arabic script."""
    return _ARABIC.search(text) is not None


_FOREIGN = re.compile(r"[^\W\d_\u0600-\u06ff\u0750-\u077f]")


def is_mixed(text: str) -> bool:
    """Whether any letter belongs to another script."""
    return _FOREIGN.search(text) is not None


def unify_letters(text: str) -> str:
    """The word with letter variants unified, one for one, so that offsets stay: الأمنيّة →
    الامنيه.
    """
    return text.translate(_LETTERS)


def _without_article(word: str) -> str | None:
    if word in _NOT_ARTICLE or (word[0] in "وف" and word[1:] in _NOT_ARTICLE):
        return None
    article = _ARTICLE.match(word)
    return word[article.end() :] if article else None


def index_key(word: str) -> str:
    """The word (of unified letters) without anything that may be an article: its key in an index.

    Coarser than ``analyse``: ألمانيا and مانيا share a key, so index hits must be verified.
    """
    while (rest := _without_article(word)) is not None:
        word = rest
    return word


def _article_alef(word: str) -> int:
    """The place of the alef of what may be the article of a word of unified letters; -1 if it has
    none.
    """
    rest = _without_article(word)
    at = -1 if rest is None else len(word) - len(rest) - 2
    return at if at >= 0 and word[at] == "ا" else -1


def index_token(plain: str) -> str:
    """The word with its letters unified, but أ where a hamza shows that ال is no article; what
    ``analyse`` finds follows from it.
    """
    word = unify_letters(plain)
    at = _article_alef(word)
    return with_hamza(word) or word if at >= 0 and plain[at] in ALEFS_WITH_HAMZA else word


def with_hamza(word: str) -> str | None:
    """A word of unified letters with أ in the place of its article's alef; None if it has no
    article.
    """
    at = _article_alef(word)
    return f"{word[:at]}أ{word[at + 1 :]}" if at >= 0 else None


def term_readings(plain: str) -> frozenset[str]:
    """The forms that match a term's word: with and without its article. Proclitics are never
    removed.
    """
    word = unify_letters(plain)
    rest = _without_article(word)
    if rest is None or plain[len(word) - len(rest) - 2] in ALEFS_WITH_HAMZA:
        return frozenset((word,))
    return frozenset((word, rest))


def analyse(plain: str) -> frozenset[str]:
    """Return every form that a word of a text may be read as.

    والعراق → {والعراق, العراق, عراق}; وبغداد → {وبغداد, بغداد}; وزير → {وزير, زير}. The last
    reading is harmless: nothing is cut, the form is only looked up as well.
    """
    word = unify_letters(plain)
    forms = set(term_readings(plain))
    for proclitic in PROCLITICS:
        rest = word[len(proclitic) :]
        if len(rest) >= 3 and word.startswith(proclitic):
            forms.add(rest)
    return frozenset(forms)


def without_hamza(word: str) -> str:
    """The word without hamza on the line, if it has more than three letters: وزراء → وزرا."""
    return word.replace("ء", "") if len(word) > 3 else word


def _nisba(word: str) -> frozenset[str]:
    """Relative adjectives: مغربي → مغربيه مغربيون مغربيين مغربيان مغربيات مغربيا …"""
    return frozenset(word + end for end in ("", "ه", "ا", "ون", "ين", "ان", "تان", "تين", "ات"))


def _noun(word: str) -> frozenset[str]:
    """Nouns with their endings and the pronouns of the press: تعاون → تعاونا تعاونه تعاونهما …

    A final ه (ة) becomes ت before an ending: مذكره → مذكرتي مذكرات مذكرتان.
    """
    pronouns = ("ه", "ها", "هم", "هما", "نا", "ي", "ك", "كم")
    if word.endswith("ه"):
        stem = word[:-1]
        ends = (
            "ه",
            "ات",
            "تان",
            "تين",
            "تي",
            "تا",
            *("ت" + p for p in pronouns),
            *("ات" + p for p in pronouns),
        )
        return frozenset(stem + end for end in ends)
    ends = (
        "",
        "ا",
        "ان",
        "ين",
        "ون",
        "ات",
        "و",
        *pronouns,
        "اه",
        "اها",
        "يه",
        "يها",
        "يهم",
        "يهما",
        "وها",
    )
    return frozenset(word + end for end in ends)


def _verb(word: str) -> frozenset[str]:
    """Verbs of the third person with their objects: سلم → سلمت سلما سلموا سلمه سلمتهم; يوقع → توقع
    يوقعها.
    """
    objects = ("ه", "ها", "هم", "هما", "هن", "نا")
    if word.startswith("ي"):
        ends = (
            "",
            "ان",
            "ون",
            "ا",
            "وا",
            *objects,
            *("ون" + o for o in objects),
            *("و" + o for o in objects),
        )
        return frozenset(head + end for head in (word, "ت" + word[1:]) for end in ends)
    ends = ("", "ت", "ا", "تا", "وا", *(head + o for head in ("", "ت", "و") for o in objects))
    return frozenset(word + end for end in ends)


def _definite(word: str) -> frozenset[str]:
    """A name that always has its article, also behind ل: الرمادي → للرمادي."""
    return frozenset((word, "ل" + word[1:])) if word.startswith("ال") else frozenset((word,))


def with_article(forms: frozenset[str]) -> frozenset[str]:
    """Those forms of a name that have the article; all if none has: not رمادي, "grey"."""
    return frozenset(form for form in forms if form.startswith("ال")) or forms


_WORDS = """
    من في على إلى الى أن ان عن التي الذي هذا هذه مع كان بعد قال وقد ما لم بين كما حيث لا
    أو قبل خلال عبر ضد نحو منذ هل كيف ثم لن قد بسبب بشأن حول أمام عند غير كل أي فيه عليه
    إن انه أنه هي هو يوم عام لدى دون حتى تحت فوق ضمن رغم وسط عقب وفي ومن وعلى
"""
_FREQUENT = frozenset(_WORDS.split())
_SEATS = re.compile("(?<=.)(?:[ؤئء](?=و)|(?<=ي)[أئ](?=.)|(?<=ا)[ءئ](?=ة))")
_TENS = frozenset(
    """
    عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون
    تسعين
    """.split()
)
_DEED = re.compile("[اإ].{2,3}ا.|ت..ي.")  # اتفاق, استثمار, تصريح: their plural is in ات
MIN_NOUN = 3  # letters of a noun to which an ending is added
MIN_STEM = 4  # letters that are left when ون or ين is taken away: زيتون is not of زيت


def variants(plain: str) -> tuple[Variant, ...]:
    """Other forms of a noun or adjective: duals, sound plurals, the accusative, hamza elsewhere.

    اتفاقية → اتفاقيات اتفاقيتين …; مغربي → مغربية مغربيين …; مسؤول → مسئول. Broken plurals and
    pronouns are not among them, nor what is as often another word: ان added to a noun (طالبان).
    """
    rest = _without_article(unify_letters(plain))
    is_bare = rest is None or plain[len(plain) - len(rest) - 2] in ALEFS_WITH_HAMZA
    noun = plain if is_bare else plain[-len(rest or "") :]
    seats = {
        _SEATS.sub(seat, noun) for seat in "ؤئءأ" if len(noun) >= MIN_STEM and _SEATS.search(noun)
    }
    found = [*map(Variant, sorted(seats)), *_endings(noun, is_bare=is_bare)]
    return tuple(v for v in found if unify_letters(v.form) not in {unify_letters(noun), *_TENS})


def _endings(noun: str, *, is_bare: bool) -> list[Variant]:
    is_other = noun in _FREQUENT or noun[1:] in _FREQUENT or unify_letters(noun) in _TENS
    if is_other or is_mixed(noun):
        return []
    if noun.endswith("ة") or (noun.endswith("ه") and len(noun) > MIN_STEM):
        return _forms(noun[:-1], "ات تين تان تي تا") if len(noun) >= MIN_NOUN else []
    for end in ("تين", "تان", "تي", "تا"):
        if noun.endswith(end) and len(noun) - len(end) >= MIN_NOUN:
            stem = noun.removesuffix(end)
            return _forms(stem, "ة ات تين تان") if end in ("تين", "تان") else _masculine(noun)
    if noun.endswith("ات"):
        return _singular(noun.removesuffix("ات"))
    if noun.endswith(("ين", "ون")) and len(noun) - 2 >= MIN_STEM:
        return _forms(noun[:-2], "ة ين ون ات" if noun[-3] == "ي" else "ين ون", also_bare=True)
    if len(noun) < MIN_NOUN:
        return []
    return _masculine(noun, is_bare=is_bare)


def _masculine(noun: str, *, is_bare: bool = False) -> list[Variant]:
    """A noun without ending. ات is of the feminine if there is one: مكتب, مكتبة, مكتبات."""
    if noun.endswith("ي"):
        is_defective = noun[1] == "ا" and len(noun) == MIN_STEM  # نادي is not نادية
        return [] if len(noun) < MIN_STEM or is_defective else _forms(noun, "ة ين ون ات")
    if noun[-1] in "اىءهت" or noun.endswith("هم"):
        return []
    plural = Variant(noun + "ات", () if _DEED.fullmatch(noun) else (noun + "ة",))
    if len(noun) < MIN_STEM:
        return [plural]
    accusative = _forms(noun, "ا") if is_bare else []
    return [plural, *_forms(noun, "ين ون"), *accusative]


def _singular(stem: str) -> list[Variant]:
    """Of a plural in ات: شركات → شركة; قرارات → قرار, for there is no قرارة."""
    if len(stem) < MIN_NOUN:
        return _forms(stem, "ة") if len(stem) == MIN_NOUN - 1 else []
    if _DEED.fullmatch(stem):
        return _forms(stem, "ين", also_bare=True)
    bare = [Variant(stem, (stem + "ة",)), Variant(stem + "ين", (stem + "ة",))]
    return [*_forms(stem, "ة تين تان"), *bare]


def _forms(stem: str, ends: str, *, also_bare: bool = False) -> list[Variant]:
    return [Variant(stem + end) for end in (*([""] if also_bare else []), *ends.split())]


TABLES = LanguageTables(
    code="ar",
    script="arabic",
    right_to_left=True,
    inflections={
        "definite": _definite,
        "nisba": _nisba,
        "noun": _noun,
        "verb": _verb,
    },
    variants=variants,
    words=_WORDS,
    letters="ةىإؤئكي",
)
