"""Persons: named once in full, they are known by the surname; a country's adjective may be one."""

from __future__ import annotations

import pytest

from crawler import matching, seeds
from crawler.languages import ar, given_names
from crawler.matching.document import Document
from crawler.matching.topics import Topic

LAND = {
    "lexicon/land.yml": """title: {en: land}
terms:
  ar: [السودان, {term: سوداني, inflect: nisba}]
  en: [Sudan, {term: Sudani, inflect: plural}]
actors:
  - {name: Karim El Hadid, role: water minister, side: land, valid_from: 2020,
     terms: {ar: [كريم الحديد], en: [{term: Karim El Hadid, inflect: name}]},
     traps: [coach Hadid, المدرب الحديد]}
  - {name: Fuad Hussein, role: envoy, side: land,
     terms: {ar: [فؤاد حسين], fr: [{term: Fouad Hussein, inflect: name}]}}
  - {name: Mohammed VI, role: king, side: land, terms: {en: [Mohammed VI], ar: [محمد السادس]}}
  - {name: Water Board, role: board, side: land, terms: {en: [Water Board], ar: [مجلس الماء]}}
""",
    "topics/t.yml": "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'concept:land'}\n",
}
"""The Sudan stands for any country whose adjective is a family name elsewhere."""


@pytest.fixture(scope="module")
def land() -> Topic:
    return seeds.load(LAND, kinds=["feed"]).topics["t"]


def counted(text: str, topic: Topic, headline: str = "") -> list[str]:
    """What counts for the concept, in order; ``*`` before what stands for a person."""
    document = Document.from_fields(
        matching.text_fields(headline, text), matching.get_matcher(topic).vocabulary
    )
    hits = sorted(
        document._concepts.get("land", []), key=lambda h: (h.field != "headline", h.first)
    )
    return [hit.mentions[0].text for hit in hits]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("الوزير كريم الحديد وصل. وقال الحديد إنه راض.", ["كريم الحديد", "الحديد"]),
        (
            "Le ministre Karim El Hadid est là. M. El Hadid, lui, a dit que Hadid part.",
            ["Karim El Hadid", "Hadid", "Hadid"],
        ),
        ("Karem al-Hadid came. Mr. Al-Hadid left.", ["Karem al-Hadid", "Hadid"]),
        ("KARIM EL HADID ARRIVE. HADID REPART.", ["KARIM EL HADID", "HADID"]),
        ("قال الحديد كلاما ثم جاء كريم الحديد.", ["كريم الحديد"]),
        ("كريم الحديد وصل مع هشام الحديد وأبو الحديد.", ["كريم الحديد"]),
        ("Karim El Hadid met Hicham Hadid. The hadid is iron.", ["Karim El Hadid"]),
        ("Karim El Hadid watched; coach Hadid spoke.", ["Karim El Hadid"]),
        ("فؤاد حسين هنا. قال حسين نعم، والتقى حسين علي الوفد، وجاء حسين.", ["فؤاد حسين", "حسين"]),
        (
            "Fouad Hussein est là. M. Hussein parle de Saddam Hussein et de Hussein Ali.",
            ["Fouad Hussein", "Hussein"],
        ),
        ("Mohammed VI came. Part VI begins.", ["Mohammed VI"]),
        ("محمد السادس حضر الاجتماع السادس.", ["محمد السادس"]),
        ("The Water Board met. The board agreed.", ["Water Board"]),
    ],
)
def test_a_surname_counts_for_who_was_named_in_full(
    text: str, wanted: list[str], land: Topic
) -> None:
    """From the full name on, in three languages; not another bearer, a number, an institution, a
    common word.
    """
    assert counted(text, land) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("عبد الواحد السوداني مدرب. قال السوداني إنه راض. والتقى الوزير السوداني.", ["السوداني"]),
        ("الفنان كريم السوداني غنى. الفنان السوداني شكر نظيره السوداني.", ["السوداني"]),
        ("عبدالواحد السوداني وأبو بكر السوداني وعز الدين السوداني ومحمد علي السوداني", []),
        ("التقى رجل الدين السوداني الوفد. ومحمد سوداني الأصل.", ["السوداني", "سوداني"]),
        ("زار أحمد السودان. وحضر وزير الخارجية السوداني.", ["السودان", "السوداني"]),
        ("أكد على السوداني أن يعمل لصالح السوداني.", ["السوداني", "السوداني"]),
        ("جاء أحمد. السوداني جاء أيضا، وفي الوفد أحمد، السوداني الأول.", ["السوداني", "السوداني"]),
        (
            "Karim Al-Sudani came. Al-Sudani said that Sudani ships left. Mr Al Sudani agreed.",
            ["Sudani"],
        ),
        ("Karim El Sudani est venu. M. Sudani parle; les Sudani aussi.", ["Sudani"]),
        ("The Al-Sudani family and Sudani Karim.", ["Sudani", "Sudani"]),
        ("Faiçal Soudani est venu. Soudani a parlé.", []),
    ],
)
def test_a_family_name_is_no_country(text: str, wanted: list[str], land: Topic) -> None:
    """A given name, a kunya or Abd- before it makes a surname of the adjective; what follows a
    noun stays one.
    """
    assert counted(text, land) == wanted


def test_a_headline_names_by_the_surname_whom_its_text_names_in_full(land: Topic) -> None:
    """The text above is read before the one below, and written after it; the proof says whose
    surname it is.
    """
    assert counted("كريم الحديد وصل.", land, "الحديد يصل") == ["الحديد", "كريم الحديد"]
    match = matching.match_text("السوداني يفوز", "فاز أحمد السوداني في السودان.", land)
    assert [m.text for m in match.mentions] == ["السودان"]
    assert {m.reason for m in match.taken_away} == {"surname of أحمد السوداني"}
    assert [m.term for m in matching.match_text("", "كريم الحديد: قال الحديد", land).mentions] == [
        "كريم الحديد",
        "الحديد",
    ]


def test_given_names_are_written_as_folded() -> None:
    """A name that folding would change could never be found."""
    tables = (
        given_names._ARABIC,
        given_names._ALSO_WORDS,
        given_names.TITLES,
        given_names.SPEECH_VERBS,
        given_names.KUNYAS,
        given_names.BEFORE_ALDIN,
    )
    for word in frozenset().union(*tables):
        assert "".join(ar.unify_letters(word)) == word == word.strip()
