"""French: frequent words, and the endings of nouns, adjectives and verbs on folded words.

Folded words are in lower case and keep no accent but the é of a last syllable.
"""

from __future__ import annotations

import re

from crawler.languages.tables import LanguageTables, Variant


def _plural(word: str) -> frozenset[str]:
    """accord → accords; journal → journaux; réseau → réseaux; pays → pays."""
    if word.endswith("al"):
        return frozenset({word, word[:-2] + "aux", word + "s"})
    if word.endswith(("eau", "eu")):
        return frozenset({word, word + "x"})
    return frozenset({word} if word.endswith(("s", "x", "z")) else {word, word + "s"})


def _feminine(word: str) -> frozenset[str]:
    """marocain → marocaine; irakien → irakienne; policier → policière; actif → active."""
    swaps = {"eux": "euse", "eur": "euse", "teur": "trice", "er": "ere", "if": "ive", "c": "que"}
    found = {word[: -len(end)] + new for end, new in swaps.items() if word.endswith(end)}
    doubled = {word + word[-1] + "e"} if word.endswith(("n", "l", "s", "t")) else set()
    return frozenset({word if word.endswith("e") else word + "e"} | found | doubled)


def _adjective(word: str) -> frozenset[str]:
    """All genders and numbers: bilatéral → bilatérale bilatérales bilatéraux."""
    return frozenset(form for one in {word, *_feminine(word)} for form in _plural(one))


def _verb(word: str) -> frozenset[str]:
    """Third persons and participles of a regular infinitive: signer → signe signent signé signera.

    Folding keeps an é at the end but not an è within: signèrent is signerent.
    """
    stem, infinitive = word[:-2], word[-2:]
    soft = "e" if stem.endswith("g") else ""  # échangeait
    endings = {
        "er": "er e ent era eront erait eraient erent é ée és ées",
        "ir": "ir it issent ira iront irait irent i ie is ies issant issait",
        "re": "re ent ra ront rait u ue us ues ait aient ant",
    }.get(infinitive, "").split()
    if infinitive == "er":
        endings += [soft + end for end in ("a", "ait", "aient", "ant", "ons")]
    elif infinitive == "re":
        endings.append("")
    return frozenset((word, *(stem + end for end in endings)))


_FEMININES = {
    "ain": "aine", "ien": "ienne", "ais": "aise", "ois": "oise", "al": "ale", "el": "elle",
    "if": "ive", "eux": "euse",
}  # fmt: skip
_PARTICIPLE = re.compile("(.+é)e?s?")
MIN_WORD, MIN_PLURAL = 4, 6  # letters; a shorter word in s is seldom a plural: Paris, Tunis
MIN_STEM = 3  # letters before a feminine ending


def variants(word: str) -> tuple[Variant, ...]:
    """Other numbers of a noun, other genders and numbers of an adjective or participle.

    accords → accord; marocain → marocaine marocains …; signé → signée; journaux → journal.
    """
    if len(word) < MIN_WORD:
        return ()
    roots = {word, *_roots(word)}
    found = {form for root in roots for form in _numbers(root)}
    return tuple(map(Variant, sorted((found | roots) - {word})))


def _roots(word: str) -> list[str]:
    """The masculine and the singular of a word, where its ending tells them."""
    if participle := _PARTICIPLE.fullmatch(word):
        return [participle[1]]
    if len(word) < MIN_PLURAL or word.endswith("ss"):
        return []
    if word.endswith(("eaux", "eux")):
        return [word[:-1]]
    if word.endswith("aux"):
        return [word[:-3] + "al", word[:-3] + "ail"]
    singular = word.removesuffix("s")
    masculine = [
        singular.removesuffix(end) + root
        for root, end in _FEMININES.items()
        if singular.endswith(end) and len(singular) - len(end) >= MIN_STEM
    ]
    return [singular, *masculine]


def _numbers(root: str) -> frozenset[str]:
    """The forms of a masculine singular."""
    if root.endswith("é"):
        return frozenset(root + end for end in ("e", "s", "es"))
    endings = [end for end in _FEMININES if root.endswith(end) and len(root) >= MIN_PLURAL]
    feminines = {root.removesuffix(end) + _FEMININES[end] for end in endings}
    return frozenset(form for one in {root, *feminines} for form in _plural(one))


TABLES = LanguageTables(
    code="fr",
    script="latin",
    inflections={
        "adj": _adjective,
        "plural": _plural,
        "verb": _verb,
    },
    variants=variants,
    apart="capital capitale capitaux capitales corp corps cour cours domaine domain fond fonds",
    words="""
        le les des du et une dans que qui pour sur au par avec est ce cette aux ses été la
        un de en il elle ne pas se son sa plus ou où nous vous leur leurs mais comme sans
        sous entre après avant chez contre selon depuis vers dont deux trois quatre cinq ont
        sont fait être avoir a à l d s n qu j c ces ans an pays ministre gouvernement accord
        roi premier guerre mort morts coopération sécurité signent signe signé visite
        attaque justice eau école femmes enfants armée police nouveau nouvelle nouvelles
        hausse baisse projet sommet crise élections président jeunes marché prix lance
        annonce annoncent face bientôt lundi mardi mercredi jeudi vendredi samedi dimanche
        renforcent renforcer deuxième première fin tout tous toute toutes leur quand comment
        pourquoi était million millions milliards
    """,
    endings="""
        eur eux aux ait ées ier ère ent ain ois oir ais ise ux ées gne lle tte nne que rie
        ées age
    """,
    last_two="""
        ez re le te ne se ce ge ve me de ie ée és ir if il el ix ux oi eu ue et ns ts al nt
        ur é
    """,
    letters="çœêèàùâîôûëï",
    letter_weight=1.5,
)
