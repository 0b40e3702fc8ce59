"""Where sentences end: at . ! ? ؟ … or ؛ before a space or a closing mark, and at a line's end.

A dot after an abbreviation ends nothing (M. Dupont, د. سعاد, Gen. Hammouchi, art. 12), unless a
word follows with which a sentence begins: "flew to the U.S. The minister". Nothing is concluded
from capitals: a text may have no others. Abbreviations of other languages are missing, so a
sentence of theirs may end too early; what was to stand in one sentence is then not found in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.languages import ar, normalization
from crawler.text_cache import cached_by_text

# Folded: lower case, no accents; en, fr and es, a line or two each.
_TITLES = frozenset(  # a name follows, so they end nothing
    """
    brig capt cmdr col cpl dr gen gov hon insp lt maj messrs mr mrs ms prof rep rev sen sgt supt
    adj cdt cne dre mgr mlle mlles mm mme mmes pr ste
    cnel dna dra excmo gral ilmo sr sra sras sres srta sta sto tte
    """.split()
)
_BEFORE_MORE = frozenset(  # as a rule something follows that belongs to them
    """
    approx blvd bros co corp dept govt inc jr ltd mt ph st univ vs
    av bd boul cf cia cie env ex rte
    avda ee ltda uu
    """.split()
)
_BEFORE_NUMBERS = frozenset(  # other words elsewhere: an abbreviation only before a number
    """
    apr aug dec feb fig jan jul jun mar no nos nov oct pp sec sept vol vols
    art arts avr chap ed fevr janv juil num pag par sect
    abr ago dic ene
    """.split()
)
_AFTER_NUMBERS = frozenset({"م", "ه", "mm"})  # an era, millimetres: behind a number no title
_OPENERS = frozenset(  # words that begin a sentence and follow no abbreviation within one
    """
    he her his i it its my she the their there these they this those we
    ce ces cet cette elle elles il ils
    ella ellas ellos esta estas este esto estos
    """.split()
)
_KNOWN = _TITLES | _BEFORE_MORE | _BEFORE_NUMBERS
_INVISIBLE = normalization.INVISIBLE
MAX_ABBREVIATION = 40  # characters that are looked at before a dot, hidden ones among them

# The mark comes first and the rest is looked at from there: so the engine leaps from mark to mark.
_CANDIDATE = re.compile(
    rf"[.!?؟…\n؛](?:(?<=[\n؛])[\n؛]*"
    rf"|(?<![\n؛])[.!?؟…]*(?=[{_INVISIBLE}]*+(?:[\s»”\")\]]|$)))"
)
_WORD_BEFORE = re.compile(rf"[\w{_INVISIBLE}]+\Z")
_NUMBER_BEFORE = re.compile(rf"\d[\s{_INVISIBLE}]+\Z")
_WORD_AFTER = re.compile(rf"(?:[^\w\n]|[{_INVISIBLE}])*+([\w{_INVISIBLE}]+)")


def sentence_ends(text: str) -> Iterator[re.Match[str]]:
    """Yield the marks that end a sentence, in order; a line's end is one that has a line feed."""
    for mark in _CANDIDATE.finditer(text):
        if mark[0] != "." or not _is_inner_dot(text, mark.start()):
            yield mark


def _is_inner_dot(text: str, at: int) -> bool:
    """Whether the dot belongs to an abbreviation within a sentence."""
    before = _WORD_BEFORE.search(text, max(0, at - MAX_ABBREVIATION), at)
    word = _plain_words(before[0])[-1] if before else ""
    if before is None or (len(word) != 1 and word not in _KNOWN):
        return False
    begins = before.start()
    if word in _AFTER_NUMBERS and _NUMBER_BEFORE.search(text, max(0, begins - 9), begins):
        return False
    after = _WORD_AFTER.match(text, at + 1)
    follows = _plain_words(after[1])[0] if after else ""
    if word in _BEFORE_NUMBERS:
        return follows[:1].isdigit()
    return word in _TITLES or follows not in _OPENERS


# last and first words of sentences
@cached_by_text(maxsize=10_000, longest=MAX_ABBREVIATION)
def _plain_words(raw: str) -> tuple[str, ...]:
    """The words without case, accents and hidden marks, at least one; an empty one for nothing but
    marks, and for what is longer than any abbreviation.
    """
    words = normalization.normalize(raw) if len(raw) < MAX_ABBREVIATION else []
    return tuple(
        ar.unify_letters(word) if ar.is_arabic(word) else normalization.unaccented(word)
        for word in words
    ) or ("",)
