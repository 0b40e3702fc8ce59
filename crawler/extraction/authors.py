"""Find authors in visible lines: names after "By", "Par", «بقلم» near the headline. Pure.

Used only if the page's metadata has no authors. Text that does not look like names is not one:

>>> parse_byline("Par Leïla Hamdani et Marc Tessier — 21 novembre 2026")
['Leïla Hamdani', 'Marc Tessier']
>>> parse_byline("Par ailleurs, le conseil a voté")
[]
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.dates.names import MONTHS, WEEKDAYS

MAX_BYLINE_CHARACTERS = 140  # characters: a byline with its date; what is longer is prose
MAX_AUTHORS = 4  # authors; a list of more is a masthead
MAX_FIELD_CHARACTERS = 400  # characters of a field of authors that are read
MAX_ORGANISATION_WORDS = 6  # words of an author that is no person: an agency, a column

_CUE = re.compile(
    (
        r"^\W*(?:(?:written |reported |reporting |words |posted )?by\b|(?:propos recueillis |"
        r"texte |écrit |publié |rédigé )?par\b|de (?:notre|nos) (?:correspondante?s?|envoyée?s?)"
        r"(?: spéciale?s?| permanente?s?)? (?:à|au|en|aux) [\w'’-]{2,20}(?: [\w'’-]{2,20})?,|"
        r"بقلم|بواسطة|(?:مراسلنا|مراسلتنا|من مراسلنا|من مراسلتنا) في [\w ]{2,25}[:：،]|"
        r"(?:كتب|كتبت|كتبه|إعداد|اعداد|تحرير|الكاتب|المحرر)(?=\s*[:：/]))\s*[:：/]?\s*"
    ),
    re.IGNORECASE,
)
# "de Salma Raqi, Le Sillon": a name and an outlet, and nothing else
_NAME_AND_OUTLET = re.compile(r"de ([A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){1,2}), [A-ZÀ-Þ][\w'’ -]+")
_MONTH_NAMES = "|".join(
    sorted((name for name in MONTHS if name.isascii() and len(name) > 2), key=len, reverse=True)
)
_WEEKDAYS = "|".join(sorted(name for name in WEEKDAYS if name.isascii() and len(name) > 4))
_JOB_TITLES = (
    r"(?:(?:senior|staff|chief|special|political|sports|foreign|washington|auto|national|"
    r"security)\s)+(?:editor|writer|columnist|contributor)\b|"
    r"(?:(?:senior|staff|chief|special|political|foreign|washington)\s)*(?:correspondent|"
    r"reporter|journaliste|correspondante?|grand reporter|envoyée? spéciale?)"
)
_AFTER_NAMES = re.compile(
    rf"\s(?:{_MONTH_NAMES}|{_WEEKDAYS}|{_JOB_TITLES}|associated press|usa today|twitter|"
    rf"facebook)\b.*|"
    r"\s+[|·•—–/-]\s*|\s*[|·•]\s*|\s*\d|\s(?:le|on|à|publié|published|posted|updated|mis à "
    r"jour|نشر|نشرت|تاريخ|بتاريخ|في|آخر|منذ|السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|"
    r"الخميس|الجمعة)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN_NAMES = re.compile(
    r"\s*[,،;؛&+]\s*(?:(?:and|et|avec|with)\s|و\s?)?|\s(?:and|et|avec|with|و)\s", re.IGNORECASE
)
# «سلمى رقيق وحميد السالمي»: the conjunction is written onto the second name, which has a word more;
# names that begin with this letter themselves are left whole
_ATTACHED_AND = re.compile(
    r"(?<=\w)\s+و(?=[^\W\d_]{3,}\s+[^\W\d_]{2,})"
    r"(?!(?:ليد|ائل|سيم|فاء|داد|هيب|حيد|جدي|سام|ضاح|صفي|ردة?|فيق|لاء|عد|هبة|جيه|سيلة|جدان|هبي)\b)"
)
_PARTICLES = frozenset(
    """
    al el ben bin ibn ould de du des la le van von der da di abu abou
    """.split()
)
_PLACEHOLDERS = frozenset(
    """
    rédaction redaction staff editor editors admin author follow desk webmaster administrator
    newsroom newsdesk user guest redacteur rédacteur التحرير الإدارة الادارة المحرر محرر المشرف هيئة
    متابعة متابعات وكالات خاص
    """.split()
)
_NOT_NAMES = _PLACEHOLDERS | frozenset(
    """
    team weekly news more profile bio posts stories articles all contact email subscribe share web
    أسرة اسرة فريق قسم موقع
    """.split()
)
_JOB_WORDS = frozenset(
    (
        "press",
        "staff",
        "correspondent",
        "reporter",
        "journalist",
        "journaliste",
        "صحافي",
        "صحافية",
        "صحفي",
        "صحفية",
        "مراسل",
        "مراسلة",
        "متدرب",
        "وكالات",
    )
)
# an address, a link, an account: no name
_ADDRESS = re.compile(
    r"[(\[<]?\s*(?:[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|(?:https?:)?//\S+|www\.\S+|@\w+)\s*[)\]>]?",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[a-z0-9._-]+|\w*\d\w*", re.ASCII)  # "chuck-ross", "User31"
_BRACKETS = re.compile(
    r"[(\[{«\"].*[)\]}»\"]", re.DOTALL
)  # round a whole value: a place, an outlet
# what stands beside a name: "(avec agences)", "Nora Quill in Rabat and Sam Idle in Baghdad"
_ASIDE = re.compile(r"\s*\([^()]{0,60}\)")
_IN_PLACE = re.compile(
    r"(?<=\w) (?:in|à|au|en) [A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?"
    r"(?=\s*$|,?\s+(?:and|et|with|avec)\s)"
)
# «الرباط: سلمى رقيق», «الرصيف - سلمى رقيق»: no Arabic first name has the article
_PLACE_BEFORE_NAME = re.compile(
    r"(?:[^\W\d_a-zA-Z]{2,20}(?:\s*[:：/]|\s[-–—])|"
    r"(?:ال[^\W\d_]{2,15} [^\W\d_]{2,20}(?:\s*[:：/]|\s[-–—])))\s*"
    r"(?!ال|(?:شبكة|وكالة|موقع|قناة|جريدة|صحيفة|مجلة|منصة|راديو|إذاعة|تلفزيون|مكتب|مركز|هيئة|فريق|"
    r"أسرة|قسم|دار|مؤسسة)\b)(?=[^\W\d_a-zA-Z]{2,20} [^\W\d_a-zA-Z]{2,20})"
)
_PLACE_MARKS = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*[/|]\s*")  # between a place and an outlet
_PLACE_BEFORE_OUTLET = re.compile(r"\w+\s*\(([^()]*)\)(?:\s*[-–—]+)?")  # "RABAT (MAP)"
_TRAILER = re.compile(
    r"\s*\([^()]*\)$|\s(?:editorial )?(?:staff|desk)(?: reports?)?$", re.IGNORECASE
)
# the first word of an outlet's name, not of a person's
_ARTICLES = frozenset("the le la les l' il الجريدة جريدة صحيفة موقع وكالة مجلة قناة".split())
_BEFORE_JOB = re.compile(
    r"\s*[|·•/(]\s*|(?<=\w{3})\.\s+|\s+[–—-]\s+"
)  # before an outlet, a job, an address
_ACRONYM = re.compile(
    r"[A-Z]{2,5}\b(?!\s+[A-Z]{2})"
)  # AP, CNN, MD before or without other words; not of NAMES IN CAPITALS


def parse_byline(line: str) -> list[str]:
    """The people named in a byline; empty if the line is not a byline."""
    if len(line) > 2 * MAX_BYLINE_CHARACTERS:
        return []
    text = " ".join(line.split())
    if credit := _NAME_AND_OUTLET.fullmatch(text):
        return parse_names(credit[1])
    cue = _CUE.match(text) if len(text) <= MAX_BYLINE_CHARACTERS else None
    return parse_names(text[cue.end() :]) if cue else []


def parse_names(text: str) -> list[str]:
    """The names at the beginning of a text; empty if any of them does not look like one."""
    text = _ASIDE.sub(" ", _ADDRESS.sub(" ", text[:MAX_FIELD_CHARACTERS]))
    text = _IN_PLACE.sub(" ", text)
    if place := _PLACE_BEFORE_NAME.match(text):
        text = text[place.end() :]
    pieces = _split_names(_AFTER_NAMES.split(text, maxsplit=1)[0].strip(" .:"))
    # what follows a name and is one word is an outlet: "Nora Quill, Reuters"
    others = (name for name in pieces[1:] if " " in name and not _is_post(name))
    names = [*pieces[:1], *others]
    return names if len(names) <= MAX_AUTHORS and all(map(_is_name, names)) else []


def parse_metadata_author(told: str) -> list[str]:
    """The people in an author field of metadata, without "By", job, outlet and address.

    A value without recognisable names is returned as it is, unless it is no author at all: a
    placeholder ("admin"), an account, a number, an address, or a place with an outlet.

    >>> parse_metadata_author("By GRETA BEACHAM, AP Sports Writer")
    ['GRETA BEACHAM']
    >>> parse_metadata_author("Agence du Port"), parse_metadata_author("admin")
    (['Agence du Port'], [])
    >>> parse_metadata_author("desk@quay.test (Nora Quill)"), parse_metadata_author("(Oujda - X)")
    (['Nora Quill'], [])
    """
    plain = " ".join(told[:MAX_FIELD_CHARACTERS].split())
    text = _ADDRESS.sub(" ", plain).strip()
    if text != plain:  # "desk@quay.example (Nora Quill)", as feeds have it
        text = text.strip(" ()[]<>")
    elif _BRACKETS.fullmatch(text):
        return []
    cue = _CUE.match(text)
    text = text[cue.end() :] if cue and len(cue[0]) < len(text) else text
    text = _IN_PLACE.sub(" ", text)
    if place := _PLACE_BEFORE_NAME.match(text):
        text = text[place.end() :]
    people = text.split("/")
    pieces = [
        piece
        for part in _split_names(_BEFORE_JOB.split(text, maxsplit=1)[0])
        if (piece := _AFTER_NAMES.split(part, maxsplit=1)[0].strip(" .:"))
    ]
    names = [piece for piece in pieces if _is_name(piece) and not _is_post(piece)]
    if names and names[0] == pieces[0]:
        return [*names, *(p for raw in people[1:] if _is_person(p := raw.strip(" .:")))]
    return _parse_organisation(text)


def _split_names(text: str) -> list[str]:
    """The texts between "and", commas and the like."""
    pieces = (piece for part in _BETWEEN_NAMES.split(text) for piece in _split_attached(part))
    return [name for piece in pieces if (name := piece.strip(" .:"))]


def _split_attached(text: str) -> list[str]:
    """Two Arabic names with «و» ("and") written onto the second, if both have two words."""
    pieces = _ATTACHED_AND.split(text)
    return pieces if len(pieces) == 2 and all(" " in p.strip() for p in pieces) else [text]


def _parse_organisation(text: str) -> list[str]:
    """The value without people's names as it is, if it may be an agency or a column."""
    if place := _PLACE_BEFORE_OUTLET.fullmatch(text):
        text = place[1]
    text = _TRAILER.sub("", text)
    words = text.casefold().split()
    if not words or _ACCOUNT.fullmatch(text) or not _PLACEHOLDERS.isdisjoint(words):
        return []
    parts = [part for part in _PLACE_MARKS.split(text) if part]
    if len(parts) > 1:  # "Rabat - MAP", «بغداد / المدى»: what is no agency is a place or an outlet
        return [part for part in parts if part.isalpha() and _is_name(part)]
    plain = len(words) <= MAX_ORGANISATION_WORDS and not any(map(str.isdigit, text))
    return [text] if plain else []


def _is_person(text: str) -> bool:
    """Whether a text after a stroke is a second person, not an outlet or a place."""
    first = text.casefold().split(maxsplit=1)[:1]
    return " " in text and _is_name(text) and not _is_post(text) and first[0] not in _ARTICLES


def find_byline(lines: Iterable[str]) -> list[str]:
    """The names of the first line that is a byline; empty if none is."""
    return next((found for line in lines if (found := parse_byline(line))), [])


def _is_post(text: str) -> bool:
    """Whether a text after a name is a degree, a job or an outlet: "MD", "AP Sports", «صحافي
    متدرب».
    """
    return _ACRONYM.match(text) is not None or not _JOB_WORDS.isdisjoint(text.lower().split())


def _is_name(text: str) -> bool:
    words = text.split()
    if not all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words) or _NOT_NAMES & {
        w.lower() for w in words
    }:
        return False
    if len(words) == 1:
        return text.isupper() and 2 <= len(text) <= 5  # an agency
    cased = [word for word in words if word.lower() not in _PARTICLES]
    return 2 <= len(words) <= 5 and len(text) <= 50 and all(not word[0].islower() for word in cased)
