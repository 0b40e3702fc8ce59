"""Names in other spellings and in the other script, and words by how they begin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import begins, fold, plain_words, prefix_keys, prefix_readings
from crawler.languages.index_text.tokens import prefix_tokens, raw_tokens, token_forms
from crawler.languages.names import (
    MAX_SPELLINGS,
    are_spellings,
    bare_name,
    name_spellings,
)
from tests.examples import examples

SAME = """
    كيناني:kinani الكناني:kinani الكيناني:الكناني kinani:kenani araji:aaraji الأعرجي:araji
    الأعرجي:aaraji الاعرجي:الأعرجي حموشي:hammouchi حموشي:hamouchi hammouchi:hammushi qasim:qassem
    قاسم:qasim قاسم:qassem قاسم:kacem قاسم:kassem وهبي:ouahbi وهبي:wahbi بوريطة:bourita
    لفتيت:laftit محمد:mohammed محمد:mohamed محمد:muhammad أخنوش:akhannouch بنكيران:benkirane
    الشمري:shammari الشمري:chammari السوداني:soudani السوداني:sudani الكاظمي:kadhimi
    الكاظمي:kazemi مصطفى:mustafa مصطفى:mostafa فلاح:falah حسين:hussein حسين:husain حسن:hassan
    الحلبوسي:halbousi المالكي:maliki العبادي:abadi الجعفري:jaafari زيباري:zebari
    العثماني:othmani الفياض:fayyadh زيدان:zaidan بارزاني:barzani سعيد:said معاذ:mouad عمر:omar
    عثمان:othman ياسين:yassine يوسف:youssef شواني:shwani المنصوري:mansouri المشهداني:mashhadani
    المشهداني:machhadani الداودي:daoudi مزوار:mezouar فاطمة:fatima محمود:mahmoud
""".split()
OTHERS = """
    حسن:حسين hassan:hussein حسن:hussein حسين:hassan سلمان:سليمان العراقي:laraki عراق:laraki
    كريم:karam منصور:mansouri محمد:mahmoud محمود:mohammed سعيد:saad صلاح:salima كيناني:kanoun
    الأعرجي:laraki فلاح:falaq
""".split()


@pytest.mark.parametrize("pair", SAME)
def test_spellings_of_one_name_meet(pair: str) -> None:
    """Across scripts and within one, by French and English hands."""
    one, other = pair.split(":")
    assert are_spellings(one, other)
    assert are_spellings(other, one)


@pytest.mark.parametrize("pair", OTHERS)
def test_other_names_do_not_meet(pair: str) -> None:
    """Hassan is no Hussein, Mohammed no Mahmoud, Laraki not of Iraq."""
    one, other = pair.split(":")
    assert not are_spellings(one, other)
    assert not are_spellings(other, one)


@settings(max_examples=examples(200), deadline=None)
@given(st.text(st.sampled_from("abcdehikmnoqrstuwyzéاأبتثجحدرسشعغفقكلمنهويةىءئؤ"), max_size=24))
def test_any_word_has_few_spellings(word: str) -> None:
    """Whatever letters it has, also of two scripts; the word itself is none of them."""
    found = name_spellings(word)
    assert len(found) <= 2 * MAX_SPELLINGS
    assert bare_name(word) not in found
    assert are_spellings(word, word)


TEXTS = st.text(st.sampled_from("abeiéÉ لاأإآءؤئوفبكسعراقمنيةه"), max_size=60)


@settings(max_examples=examples(200), deadline=None)
@given(TEXTS)
def test_indexes_find_the_beginning_of_any_word(text: str) -> None:
    """The key and the token of a word begin as one of those for its first letters, whichever
    reading of it begins so."""
    for word in fold(text).tokens:
        for form in word.forms:
            if len(form) >= 3 and form[:3].count("é") < 2:  # two: of a word of two scripts
                assert word.text.startswith(prefix_keys(form[:3]))
    for raw in text.split():
        for token in (*raw_tokens(raw, accented=True), *raw_tokens(raw, accented=False)):
            for form in token_forms(token):
                if len(form) >= 3 and form[:3].count("é") < 2:
                    assert token.startswith(prefix_tokens(form[:3]))


@pytest.mark.parametrize(
    ("prefix", "begun", "others"),
    [
        ("عراق", "عراقي العراقية والعراق وعراقيون بالعراقيل", "العراك عرق"),
        ("العراق", "عراقي العراقية والعراق", "عرق"),
        ("ألم", "ألمانيا وألمانيا", "مانيا"),
        ("irak", "Irak IRAKIENNE irakiens", "iran Laraki"),
        ("sign", "signé signature", "design"),
        ("coopé", "coopération coopérer", "copé"),
    ],
)
def test_a_beginning_fits_words_in_all_their_readings(prefix: str, begun: str, others: str) -> None:
    """Behind article and proclitics; accents make no difference."""
    (plain,) = plain_words(prefix)
    readings = prefix_readings(plain)
    for text, fits in ((begun, True), (others, False)):
        for word in fold(f"{text} été").tokens[:-1]:
            assert any(begins(form, readings) for form in word.forms) == fits, word.text
