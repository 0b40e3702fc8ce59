"""Folding: two spellings of one word are equal, and every word knows where it stood."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import (
    INFLECTIONS,
    direction,
    fold,
    folded_text,
    index_keys,
    inflect,
    plain_words,
    query_forms,
    sentences,
    term_forms,
    unaccented,
    visible_prefix,
)
from crawler.languages.detect import detect
from tests import places
from tests.examples import examples


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("وقّع", "وقع"),
        ("الأمني", "الامني"),
        ("والعراق", "العراق"),
        ("للعراق", "العراق"),
        ("المـــغرب", "المغرب"),
        ("الم\u200cغرب", "المغرب"),
        ("ﺍﻟﻤﻐﺮﺏ", "المغرب"),
        ("مذكرة", "مذكره"),
        ("٢٠٢٦", "2026"),
        ("G٢٠", "g20"),
        ("الـNATO", "nato"),
        ("عراقNATO", "عراقnato"),
        ("وبالـCafé", "cafe"),
        ("عراقی", "عراقي"),
        ("Fès", "fes"),
        ("ＭＡＲＯＣ", "maroc"),
        ("Mаroc", "maroc"),  # a Cyrillic а
        ("Ιrak", "irak"),  # a Greek Ι
        ("Ma\u00adroc", "maroc"),
        ("ʿIrāq", "iraq"),
        ("lʼIrak", "l irak"),
        ("d´Irak", "d irak"),
        ("ᴍᴀʀᴏᴄ", "maroc"),
        ("Rabaτ", "rabat"),
        ("Εl Ӏraqi".lower(), "el lraqi"),  # a palochka is an l
        ("ﻻ", "لا"),
        ("ﷲ", "الله"),
        ("فواد", "فؤاد"),
        ("مسؤولة", "مسوولە"),
        ("کوردستان", "كوردستان"),
        ("مەغریب", "مهغريب"),
        ("ھیئة", "هيئة"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    """Harakat, hamza, tatweel, zero-width marks, presentation forms and case make no difference."""
    assert folded_text(one) == folded_text(other)


@pytest.mark.parametrize(
    ("one", "other"), [("العراقيل", "العراق"), ("وزير", "زير"), ("ألمانيا", "مانيا")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Nothing is ever cut off that may belong to the word: a term of one is not found in the
    other.
    """
    (token,) = fold(one).tokens
    assert not term_forms(other) & token.forms or one == "وزير"
    (token,) = fold(other).tokens
    assert not term_forms(one) & token.forms


ACUTE = {
    "condamné": "condamne",
    "formés": "formes",
    "arrêtée": "arrête",
    "accusées": "accuses",
    "créé": "crée",
    "inglés": "ingles",
}


def _found(term: str, text: str) -> bool:
    return any(term_forms(plain_words(term)[0]) & token.forms for token in fold(text).tokens)


@pytest.mark.parametrize(("participle", "verb"), ACUTE.items())
def test_a_last_acute_parts_words(participle: str, verb: str) -> None:
    """A convict is not who condemns: a term finds its own spelling, and both where no accents
    are written.
    """
    assert _found(participle, f"à {participle.upper()}") and _found(
        participle, unicodedata.normalize("NFD", participle)
    )
    assert not _found(participle, f"à {verb} là") and not _found(verb, f"à {participle} là")
    bare = unaccented(folded_text(participle))
    for text in (f"le {bare} du pays", f"À {bare.upper()}", bare.capitalize()):
        assert _found(participle, text), text
    assert _found(verb, f"LE {folded_text(verb).upper()}")
    assert query_forms(folded_text(verb)) >= term_forms(plain_words(verb)[0])
    assert index_keys(plain_words(participle)[0]) == (folded_text(participle),)


def test_a_search_typed_without_accents_finds_them() -> None:
    """securite finds sécurité; who types the last accent means it."""
    (token,) = fold("sécurité").tokens
    assert token.text == "securite"
    assert query_forms("securite") & token.forms and query_forms("securité") & token.forms
    assert not query_forms("traité") & fold("déjà traite").tokens[1].forms


def test_ambiguous_proclitics_are_tried_not_cut() -> None:
    """وبغداد may be read as بغداد; it is kept as it stands."""
    (token,) = fold("وبغداد").tokens
    assert token.text == "وبغداد"
    assert "بغداد" in token.forms


@given(st.text())
def test_offsets_lead_back_to_the_original(text: str) -> None:
    """Tokens stand in order (those of one ligature in one place), and their spans fold to
    themselves.
    """
    tokens = fold(text).tokens
    assert all(0 <= t.start < t.end <= len(text) for t in tokens)
    assert all(
        a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(tokens)
    )
    assert all(t.text in {u.text for u in fold(text[t.start : t.end]).tokens} for t in tokens)


@given(st.text(alphabet="والعراقبكلسفتمهين", min_size=1, max_size=12))
def test_spellings_hold_every_reading(word: str) -> None:
    """What an index is asked for includes every word that may be read so."""
    for token in fold(word).tokens:
        assert all(
            token.text in index_keys(form) or form == word for form in token.forms if len(form) > 2
        )


def test_sentences_end_where_people_end_them() -> None:
    """An abbreviation's dot ends nothing; the Arabic question mark does."""
    marked = "\u2067التقى\u2069 \u2067M.\u2069 \u202bDupont.\u202c ثم."
    assert len(sentences(marked)) == 2 and len(sentences("Ma\u200dr\u200do\u200dc. Oui.")) == 2
    text = "التقى M. Dupont الوزير. ماذا بعد؟ لا شيء"
    assert [text[a:b] for a, b in sentences(text)] == [
        "التقى M. Dupont الوزير.",
        "ماذا بعد؟",
        "لا شيء",
    ]


@pytest.mark.parametrize("name", sorted(INFLECTIONS))
def test_every_inflection_keeps_the_word_itself(name: str) -> None:
    """Declaring an inflection never loses the plain form."""
    assert {"مغربي", "accord"} <= inflect("مغربي", name, "ar") | inflect("accord", name, "fr")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("قال الوزير إن الاتفاق سيوقع في الرباط", "ar"),
        ("Le ministre a reçu son homologue dans la capitale", "fr"),
        ("The minister said that the agreement was signed", "en"),
        ("سەرۆکی هەرێمی کوردستان گوتی ئەمڕۆ", "ckb"),
        ("123 456", "und"),
        ("در سال جديد دولت به مردم كمك مي كند", "fa"),  # typed with Arabic letters
        ("وزیر خارجه ایران به بغداد سفر می‌کند", "fa"),
        ("پەرلەمان دوێنێ دەنگی بە بودجەی ساڵی داهاتوو دا", "ckb"),
        ("El Gobierno aprueba una ayuda de emergencia para los agricultores", "es"),
        ("Der Minister hat das Abkommen mit den Nachbarn nicht unterzeichnet", "und"),
        ("Министр подписал соглашение о безопасности", "und"),
        ("MOHAMMED VI FÉLICITE LE PRÉSIDENT", "fr"),
        ("ذُقْتُ حُلْوَ الرُّضابِ", "ar"),
        ("المغرب يوقع اتفاقا مع NATO", "ar"),
        ("é", "und"),
        ("", "und"),
    ],
)
def test_languages_are_detected_by_script_letters_and_stop_words(text: str, language: str) -> None:
    """No model is asked."""
    assert detect(text, ("ar", "fr", "en")) == language


HEADLINES = places.HEADLINES


@pytest.mark.parametrize("language", ["ckb", "es", "fa"])
def test_headlines_that_no_rule_was_made_on_are_recognised(language: str) -> None:
    """At least 32 of 33; the benchmark counts them beside its peer."""
    lines = (HEADLINES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    assert sum(detect(line, ("ar", "fr", "en")) == language for line in lines) >= 32


@settings(max_examples=examples(150))
@given(st.text(max_size=60), st.sampled_from(["accord", "الاتفاق", "é", "ښ", "中文"]))
def test_any_text_has_a_language_and_always_the_same(text: str, word: str) -> None:
    """What was met before changes no answer: words are remembered, never learned from."""
    told = detect(f"{word} {text}", ("ar",))
    assert told in {"ar", "ckb", "en", "es", "fa", "fr", "und"}
    detect(text, ("fr",))
    assert detect(f"{word} {text}", ("ar",)) == told


def test_directions() -> None:
    """Arabic and Sorani run from the right."""
    assert [direction(name) for name in ("ar", "ckb", "fr", "und")] == ["rtl", "rtl", "ltr", "ltr"]


@settings(max_examples=examples(150), deadline=None)
@given(
    st.text(
        alphabet=st.one_of(
            st.characters(),
            st.sampled_from("والعراقيةأإآءؤئىکیەھﷲﻻ\u0640\u064b\u200cMаrocéesÉе\u0301 ’-."),
        ),
        max_size=60,
    )
)
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded words are their own folding."""
    assert folded_text(folded_text(text)) == folded_text(text)


def test_other_scripts_keep_their_letters() -> None:
    """Look-alikes are folded only among Latin letters: Russian stays Russian."""
    assert folded_text("Россия") == "россия"


@pytest.mark.parametrize(
    ("word", "name", "language", "wanted"),
    [
        ("مذكره", "noun", "ar", {"مذكرتي", "مذكرات", "مذكرته"}),
        ("وزير", "noun", "ar", {"وزيرا", "وزيري", "وزيره"}),
        ("عراقي", "nisba", "ar", {"عراقيه", "عراقيين", "عراقيتين"}),
        ("الرمادي", "definite", "ar", {"الرمادي", "للرمادي"}),
        ("يوقع", "verb", "ar", {"توقع", "يوقعان"}),
        ("bilateral", "adj", "fr", {"bilaterale", "bilateraux"}),
        ("policier", "adj", "fr", {"policiere", "policieres"}),
        ("reseau", "plural", "fr", {"reseaux"}),
        ("ministry", "plural", "en", {"ministries"}),
        ("condamné", "adj", "fr", {"condamnés", "condamnée", "condamnées"}),
        ("traité", "plural", "fr", {"traités"}),
        ("exchange", "verb", "en", {"exchanged", "exchanging"}),
        ("conjunto", "adj", "es", {"conjunta", "conjuntos"}),
        ("qassim", "name", "en", {"qasim", "kassem", "qassem", "kasim"}),
        ("hammouchi", "name", "fr", {"hammuchi", "hamouchi", "hamoushi"}),
        ("ouahbi", "name", "fr", {"wahbi", "uahbi"}),
    ],
)
def test_inflection_is_declared_not_enumerated(
    word: str, name: str, language: str, wanted: set[str]
) -> None:
    """One word and the name of how it changes give the forms that the press uses."""
    assert {word, *wanted} <= inflect(word, name, language)


def test_hidden_marks_do_not_shorten_a_beginning() -> None:
    """Four letters are four letters, whatever stands between them."""
    assert visible_prefix("abcdef", 4) == "abcd"
    assert visible_prefix("a\u200db\u200dc\u200dd\u200de", 4) == "a\u200db\u200dc\u200dd\u200d"
