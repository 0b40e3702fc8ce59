"""What a search looks for beside the words that were typed."""

from __future__ import annotations

import pytest

from crawler.languages import folded_word
from crawler.languages.names import bare_name
from crawler.query import Knowledge, expand, parse, write

SURNAMES = (
    ("araji", "الأعرجي", "aaraji"),
    ("kinani", "الكيناني"),
    ("malki", "المالكي"),
    ("ouahbi", "وهبي"),
)
BRIDGES = (("تدريب", "تكوين", "formation", "mise à niveau"), ("دورة", "ورشة"))


def knows(words: str) -> Knowledge:
    """What is known of an archive with these words, and of some persons."""
    folded = {folded_word(bare_name(word)) for word in words.split()}
    return Knowledge(
        occurring=lambda asked: [w for w in asked if folded_word(w) in folded],
        persons=lambda: SURNAMES,
        bridges=lambda: BRIDGES,
    )


def also(asked: str, words: str) -> str:
    """What is looked for as well in an archive with these words."""
    return " ".join(expand(parse(asked), knows(words)).also)


@pytest.mark.parametrize(
    ("asked", "there", "added"),
    [
        ("convention", "convention conventions", "conventions"),
        ("conventions", "convention conventions", "convention"),
        ("accords", "accord accords", "accord"),
        ("journal", "journaux journaliste", "journaux"),
        ("travaux", "travail", "travail"),
        ("marocain", "marocaine marocains marocaines maroc", "marocains marocaine marocaines"),
        ("irakienne", "irakien irakiens irak", "irakien irakiens"),
        ("extradé", "extradés extradée extrader", "extradés extradée"),
        ("treaty", "treaties treat", "treaties"),
        ("agreements", "agreement agree", "agreement"),
        ("marches", "march marche", "marche"),
        ("convención", "convenciones", "convenciones"),
        ("اتفاقية", "اتفاقية اتفاقيتين اتفاقيات اتفاق", "اتفاقيات اتفاقيتين"),
        ("الاتفاقيتين", "اتفاقية اتفاقيات اتفاق", "اتفاقية اتفاقيات"),
        ("مذكرات", "مذكرة مذكرتين", "مذكرة مذكرتين"),
        ("اتفاق", "اتفاقات اتفاقا اتفاقية", "اتفاقات اتفاقا"),
        ("قرارات", "قرار قراران", "قرار"),
        ("مغربي", "مغربية مغربيين مغرب مغاربة", "مغربية مغربيين"),
        ("مسؤولين", "مسئولين مسؤول مسؤولون", "مسئولين مسؤول مسؤولون"),
        ("شؤون", "شئون", "شئون"),
        ("هيئة", "هيأة هيئات", "هيأة هيئات"),
        ("مسئول", "مسؤول", "مسؤول"),
    ],
)
def test_words_are_found_in_their_other_forms(asked: str, there: str, added: str) -> None:
    """Numbers and genders, duals, sound plurals, and hamza on another seat; only what occurs."""
    assert sorted(also(asked, there).split()) == sorted(added.split())


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("Paris", "pari"),
        ("cour", "cours"),
        ("capitale", "capital capitaux"),
        ("news", "new"),
        ("domaine", "domain"),
        ("Irak", "Laraki irakien"),
        ("عراق", "عراقيل عراقيون"),
        ("طالب", "طالبان"),
        ("طالبان", "طالب"),
        ("سليمان", "سليم"),
        ("زيتون", "زيت"),
        ("عشرين", "عشر"),
        ("ثلاث", "ثلاثين ثلاثون"),
        ("بحر", "بحرين بحران"),
        ("مكتب", "مكتبة مكتبات"),
        ("خبر", "خبرة خبرات"),
        ("سوري", "سوريا"),
        ("عليه", "عليها عليهم"),
        ("نادي", "نادية"),
        ("داخلية", "داخلي"),
        ("2025", "025"),
        ("of", "ofs"),
    ],
)
def test_another_word_is_never_added(asked: str, there: str) -> None:
    """Though it looks like a form: the bet of Paris, the courses of a court, oil of olives."""
    assert also(asked, there) == ""


def test_a_plural_belongs_to_the_feminine_if_there_is_one() -> None:
    """شركات is of شركة, not of شرك; مؤسسات not of مؤسس."""
    assert also("شركات", "شركة شرك") == "شركة"
    assert also("قرارات", "قرار") == "قرار"
    assert also("مؤسس", "مؤسسة مؤسسات") == ""
    assert also("مهرجان", "مهرجانات") == "مهرجانات"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("1200", '1200 OR "1 200"'),
        ("1.200", '1-200 OR "1200"'),
        ("1,200", '1-200 OR "1200"'),
        ("1 200", '1-200 OR "1200"'),
        ("1\u202f200", '1-200 OR "1200"'),
        ("١٬٢٠٠", '1-200 OR "1200"'),
        ("١٢٠٠", '1200 OR "1 200"'),
        ("10 000 migrants", '(10-000 OR "10000") AND migrants'),
        ("4 500 000", '4-500-000 OR "4500000"'),
        ("15%", "15"),
        ("15 %", "15"),
        ("1,5", "1-5"),
        ("2025", "2025"),
        ("28 2025", "28 AND 2025"),
        ("12 avril", "12 AND avril"),
        ('"1200"', '"1200"'),
    ],
)
def test_a_number_is_found_with_any_separator(asked: str, meant: str) -> None:
    """In Arabic and Latin digits; a year is no number of things."""
    assert write(expand(parse(asked), knows("")).query or parse("none")) == meant


@pytest.mark.parametrize("asked", ['"accord"', '"accord de paix"', "«اتفاقية»", "maroc-irak", "@x"])
def test_quotes_keep_words_as_they_are(asked: str) -> None:
    """One word or several; a hyphen joins two names."""
    asked_tree = parse(asked)
    expanded = expand(asked_tree, Knowledge())
    assert (expanded.query, expanded.also) == (asked_tree, ())
    assert parse(write(asked_tree)) == asked_tree


def test_parts_of_a_query_are_expanded_where_they_stand() -> None:
    """In fields, counts, distances and negations; behind an elided article the word alone too."""
    known = knows("accords conventions")
    expanded = expand(parse("title:accord >= 2 AND NOT convention NEAR/3 irak"), known)
    assert expanded.query == parse(
        'title:(accord OR "accords") >= 2 AND NOT (convention OR "conventions") NEAR/3 irak'
    )
    assert expanded.also == ("accords", "conventions")
    assert also("l'accord", "accords") == "accord accords"
    assert (
        also("Araji OR الأعرجي OR accords", "الأعرجي accord") == "accord"
    )  # what is not there yet


def test_without_an_archive_all_sure_forms_are_taken() -> None:
    """And none that depends on what else there is."""
    assert "شركة" in expand(parse("شركات"), Knowledge()).also
    assert "شرك" not in expand(parse("شركات"), Knowledge()).also


@pytest.mark.parametrize(
    ("asked", "there", "added"),
    [
        ("الكيناني", "الكناني kinani kenani kanoun", "kinani kenani كناني"),
        ("الكناني", "الكيناني kinani", "kinani كيناني"),
        ("Kinani", "الكيناني الكناني kenani", "كيناني كناني kenani"),
        ("Araji", "الأعرجي aaraji laraki", "اعرجي aaraji"),
        ("al-Araji", "الأعرجي", "araji اعرجي"),
        ("الاعرجي", "araji aaraji", "araji aaraji"),
        ("Qasim", "qassem قاسم قصيم", "qassem قاسم"),
        ("قاسم", "qasim kassem", "qasim kassem"),
        ("Malki", "ملكي المالكي", "مالكي"),
        ("وهبي", "ouahbi wahbi", "ouahbi wahbi"),
    ],
)
def test_a_known_name_is_found_in_any_spelling(asked: str, there: str, added: str) -> None:
    """A given name, or the surname of somebody in the lexicon; as the archive spells it."""
    assert sorted(also(asked, there).split()) == sorted(added.split())


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("dam", "دم"),
        ("man", "من"),
        ("said", "سعيد"),
        ("ملكي", "malki"),
        ("كتاب", "kitab"),
        ("الأمر", "omar amir"),
        ("حسن", "hussein حسين"),
        ("Mahmoud", "محمد"),
        ("Irak", "laraki"),
        ("المغرب", "maghreb"),
        ('"Kinani"', "الكيناني"),
        ("Bouzidi", "بوزيدي"),
    ],
)
def test_what_need_not_be_a_name_is_taken_as_typed(asked: str, there: str) -> None:
    """A word that sounds like one in the other script is another word as often as not."""
    assert also(asked, there) == ""


def test_a_name_may_be_meant_as_one() -> None:
    """``name:`` finds a name of which rasd knows nothing, in each of its words."""
    assert also("name:Bouzidi", "بوزيدي bouzidy bozo") == "بوزيدي bouzidy"
    assert also("اسم:بوزيدي", "bouzidi") == "bouzidi"
    whole = expand(parse('name:"Qasim al-Araji"'), knows("قاسم الأعرجي"))
    assert whole.query == parse('("qasim" OR "قاسم") NEAR/2 ("araji" OR "اعرجي")')
    assert write(parse("nom:Kinani AND headline:name:Araji")) == (
        'name:"kinani" AND headline:name:"araji"'
    )


def test_words_of_one_meaning_are_added_on_request() -> None:
    """Those that the lexicon bridges, in their forms; from any form of the word."""
    there = knows("تكوين تكوينا formations")

    def bridged(asked: str) -> tuple[str, ...]:
        return expand(parse(asked), there, bridged=True).also

    assert expand(parse("تدريب"), there).also == ()
    assert bridged("تدريب") == ("تكوين", "تكوينا", "formation", "formations", "mise a niveau")
    assert "تدريب" in bridged("formations")
    assert bridged('"تدريب"') == ()
