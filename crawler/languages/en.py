"""English: frequent words, and the endings of nouns and verbs on folded words."""

from __future__ import annotations

from crawler.languages.tables import LanguageTables, Variant


def _plural(word: str) -> frozenset[str]:
    """agreement → agreements; ministry → ministries; a possessive s is a separate word."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return frozenset({word, word[:-1] + "ies"})
    end = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return frozenset({word, word + end})


def _verb(word: str) -> frozenset[str]:
    """sign → signs signed signing; agree → agreed; exchange → exchanging; carry → carried."""
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    past = word[:-1] + "ied" if word.endswith("y") and word[-2:-1] not in "aeiou" else stem + "ed"
    past = word + "d" if word.endswith("ee") else past
    return _plural(word) | {past, stem + "ing"}


MIN_WORD, MIN_PLURAL = 4, 6  # letters; a shorter word in s is seldom a plural


def variants(word: str) -> tuple[Variant, ...]:
    """The plural of a noun, or the singular of a plural: treaty → treaties; agreements → agreement.

    marches → march only where nothing is called marche.
    """
    if len(word) < MIN_WORD:
        return ()
    if not word.endswith("s") or word.endswith("ss"):
        return tuple(map(Variant, sorted(_plural(word) - {word})))
    if len(word) < MIN_PLURAL:
        return ()
    singular = Variant(word[:-1])
    if word.endswith("ies"):
        return Variant(word[:-3] + "y", (word[:-1],)), singular
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return Variant(word[:-2], (word[:-1],)), singular
    return (singular,)


TABLES = LanguageTables(
    code="en",
    script="latin",
    inflections={"plural": _plural, "verb": _verb},
    variants=variants,
    apart="custom customs good goods http https mean means news new pari paris",
    words="""
        the of and to in is that for with was on as by at from its his has have had said
        were be are it this an but not they after over who will new says how why what when
        where more than up out about into could would should against amid us uk first year
        years two three four five world people death dies killed war talks deal set report
        back one government minister attack police state court bank oil power trade visit
        sign signs signed agreement agree agrees security between king prime foreign calls
        call urges warns warn face faces ahead return launch launches win wins win hit hits
        loses beat beats hold holds open opens close meets meet plan plans aid rises rise
        fall falls cut cuts bid crisis growth dead hundreds thousands city country week
        month day time home water school women children army military cooperation ties their
        our can may or no do if so we he she you your my all
    """,
    endings="""
        ing ted ned sed led red ved ght ers ess ths ked ied nts ngs shed ship ness ally ould
        land hip ity tly sts ws
    """,
    last_two="""
        ng ed ly er ls ts ds ps ks ms rs ll ss ck th sh ch ey oy ay ow ew gh ht rt rd ld nd
        st ft lt ok rk wn em et ct ic al gy ry ty cy ny
    """,
)
