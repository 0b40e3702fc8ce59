"""What Arabic letters become in Latin ones, and the other way round, in the names of the press.

Tables for ``names``: each line is a letter or a group, and what the other script, or another hand,
may have for it. A minus is nothing at all.
"""

from __future__ import annotations

import re

Choices = tuple[str, ...]


def _table(text: str) -> dict[str, Choices]:
    """Lines of a letter and what it may become; - is nothing."""
    rows = (line.split() for line in text.strip().splitlines())
    return {key: tuple("" if one == "-" else one for one in others) for key, *others in rows}


# Arabic, with letters unified but for ى, in Latin letters
CONSONANTS = _table(
    """
    ب b
    ت t
    ث th t
    ج j dj g
    ح h
    خ kh
    د d
    ذ dh d z
    ر r
    ز z
    س s
    ش ch sh
    ص s
    ض d dh
    ط t
    ظ z dh d
    غ gh
    ف f
    ق q k g c
    ك k c
    ل l
    م m
    ن n
    ه h
    """
)
DOUBLED = frozenset("b d f h j k l m n r s t z".split())
FIRST_SHORT = ("a", "e", "i", "ou", "u", "o", "")  # vowels that Arabic leaves out
SHORT = ("a", "e", "i", "")  # … behind a later consonant: Mohammed is not Mahmoud
VOWELS = _table(
    """
    ا a aa
    و ou u o oo
    ي i ee e ai ei ay ey
    ع a aa e
    عا a aa oua ua
    اع a aa
    عي ai ei i
    اي ai ay ae ey ei
    وا wa oua ua
    او aou aw ao awo
    يا ia iya ya iyya ayya aya
    يو you yu iou ayou ayyou
    وي oui wi owi ouei awi
    اوي aoui awi
    عو aou ou au
    ءا aa a
    """
)
FIRST_VOWELS = _table(
    """
    ا a i e o u
    اع a aa
    ع a o ou u i e
    عا a aa
    عي ai i e
    اي ai i ei ay
    او ou o u aou
    """
)
LAST_VOWELS = _table(
    """
    ا a
    ى a
    ي i y
    و ou o u
    ه a ah h
    ة a ah e
    ية ia iya iyya
    يه ia iya iyya
    اء a aa
    ع a -
    اع a aa
    وع ou ooa
    عي ai i
    اوي aoui awi
    وي oui wi awi
    اي ai ay
    """
)
ARABIC_PIECE = re.compile("[اويعءىة]+|.")

# Latin letters in Arabic ones
LETTERS = _table(
    """
    b ب
    c ك ق س
    ch ش
    d د ض
    dh ذ ظ ض
    dj ج
    f ف
    g ق غ ج
    gh غ
    h ح ه
    j ج
    k ك ق
    kh خ
    l ل
    m م
    n ن
    p ب
    q ق
    r ر
    s س ص
    sh ش
    t ت ط
    tch تش
    th ث ت
    v ف
    x كس
    z ز ظ ض ذ
    """
)
SOUNDS = _table(
    """
    a - ا
    aa ا ع عا اع
    e -
    ee ي
    i - ي
    o - و
    oo و
    ou و -
    u - و
    w و
    y ي
    """
)
FIRST_SOUNDS = _table(
    """
    a ا ع عا اع
    aa اع عا ا
    e ا ع اي
    i ا ع اي عي
    o ا ع او
    ou ا ع او و
    u ا ع
    """
)
LAST_SOUNDS = _table(
    """
    a ا ة ى اء
    aa اء ا
    ah ة ه اح ح
    e - ة
    ee ي
    i ي
    ie ي
    o و
    ou و
    oo و
    u و
    y ي
    """
)
LATIN_PIECE = re.compile(r"tch|sh|ch|kh|gh|th|dh|dj|[aeiouwy]+|(.)\1?")
SOUND = re.compile("aa|ee|oo|ou|.")
# one Latin spelling in others
RESPELLED = _table(
    """
    a a aa e
    aa aa a
    c c k q
    ch ch sh
    dj dj j
    e e i a
    ee ee i
    ei ei ai ey ay
    ai ai ei ay ey
    ay ay ai ey ei
    i i e ee
    ii i
    j j dj
    k k q c
    oo oo ou u
    ou ou u o oo
    o o ou u
    oua oua wa ua
    wa wa oua ua
    q q k c
    sh sh ch
    u u ou o
    y y i
    """
)
RESPELLED_PIECE = re.compile(r"oua|wa|tch|sh|ch|kh|gh|th|dh|dj|aa|ee|oo|ou|ei|ai|ay|(.)\1?")
