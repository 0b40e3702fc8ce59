"""Headlines of other stories are no part of a text; a story's own lists are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import fold
from crawler.matching.parts import foreign_headlines
from tests.disguises import DISGUISES
from tests.examples import examples
from tests.unit.matching.parts.texts import PROSE, TITLES

HEADLINE = "انطلاق الموسم الفلاحي"
BARS = {
    "spaces": "    ".join(TITLES),
    "strokes": " | ".join(TITLES),
    "bullets": " • ".join(TITLES),
    "lines": "\n".join(TITLES),
    "stars": " ** ".join(TITLES),
}


def marked(headline: str, body: str) -> list[str]:
    """The passages that are none of the story."""
    return [body[start:end] for start, end in foreign_headlines(headline, body)]


@pytest.mark.parametrize("name", BARS)
def test_a_bar_before_or_after_the_text_is_foreign(name: str) -> None:
    """Titles of which the text takes up no word, however they are set apart."""
    bar = BARS[name]
    for body in (f"{bar}\n\n{PROSE}", f"{PROSE}\n{bar}", f"{PROSE}\n{BARS['spaces']}\n{PROSE}"):
        found = marked(HEADLINE, body)
        assert all(any(title in passage for passage in found) for title in TITLES)
        assert not any(PROSE in passage for passage in found)


def test_the_storys_own_title_in_a_bar_is_kept() -> None:
    """Its words stand in the headline."""
    body = f"{'    '.join((*TITLES[:2], HEADLINE, *TITLES[2:]))}\n{PROSE}"
    assert not any(HEADLINE in passage for passage in marked(HEADLINE, body))


@pytest.mark.parametrize(
    "body",
    [
        PROSE,
        "",
        "\n".join(TITLES),  # a round-up of titles: there is nothing that they are foreign to
        f"{TITLES[0]}\n{TITLES[1]}\n{TITLES[2]}\n{PROSE}",  # too few
        "دعم إضافي سيحصل عليه المزارعون\nوزير الفلاحة يعطي انطلاقة الموسم الجديد في الإقليم\n"
        f"معطيات حول البذور والأسمدة والتساقطات\nالمزارعون سيحصلون على دعم إضافي\n{PROSE}",
        f"{PROSE}\nوهذه النتائج:\nالنسر ضد الصقر في ملعب المدينة الجديد\nالصقر ضد النجم في ملعب "
        "الساحل القديم\nالنجم ضد النسر في ملعب الضاحية البعيد\nالهلال ضد النجم في ملعب العاصمة",
        f"{PROSE}\n- {TITLES[0]}\n- {TITLES[1]}\n- {TITLES[2]}\n- {TITLES[3]}\n- {TITLES[4]}",
        f"{PROSE}\nيا ليل طال بك السهر\nوالنجم في أفق عبر\nلا تسأل القلب الحزين\nعن الذين هم سفر",
    ],
)
def test_what_belongs_to_the_text_is_not_foreign(body: str) -> None:
    """A summary, fixtures, points, verse: in doubt nothing is foreign."""
    assert marked(HEADLINE, body) == []


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("اقرأ أيضا: سفينة تعبر المحيط", "اقرأ أيضا: سفينة تعبر المحيط"),
        ("À lire aussi : Un tableau retrouvé", "À lire aussi : Un tableau retrouvé"),
        ("Lire également\nUn tableau retrouvé", "Lire également\nUn tableau retrouvé"),
        ("READ MORE: A painting is found", "READ MORE: A painting is found"),
        ("Related stories\nA painting is found\nTrams stand still", "Related stories\nA painting is found\n"
         "Trams stand still"),
    ],
)  # fmt: skip
def test_a_pointer_is_foreign_with_its_titles(pointer: str, found: str) -> None:
    """The text goes on behind it."""
    assert marked(HEADLINE, f"{PROSE}\n{pointer}\n{PROSE}") == [found]


def test_of_a_long_line_only_the_first_sentence_points_elsewhere() -> None:
    """Some pages lose the break between a pointer and the paragraph after it."""
    line = f"اقرأ أيضا: سفينة تعبر المحيط. {PROSE} {PROSE}"
    assert marked(HEADLINE, line) == ["اقرأ أيضا: سفينة تعبر المحيط."]


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", BARS)
def test_a_disguise_hides_no_bar(name: str, disguise: str) -> None:
    """Marks, letters and spaces decide nothing (M32)."""
    change = DISGUISES[disguise]
    body = f"{BARS[name]}\n{PROSE}\nLire aussi : un tableau\n{PROSE}"
    plain, changed = marked(HEADLINE, body), marked(change(HEADLINE), change(body))
    assert len(changed) == len(plain) == 2


@given(
    st.lists(
        st.sampled_from((PROSE, *TITLES, "Lire aussi", " | ", "    ", "\n", " • ", "\u200f"))
        | st.text(max_size=12),
        max_size=20,
    ).map("".join)
)
@settings(max_examples=examples(300))
def test_passages_are_in_order_and_not_blank(body: str) -> None:
    """They don't overlap; the same text always has the same ones."""
    found = foreign_headlines(HEADLINE, body)
    assert found == foreign_headlines(HEADLINE, body, fold(body))
    assert all(body[start:end].strip() for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
