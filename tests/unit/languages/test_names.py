"""Names in other spellings and in the other script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
