"""What is a copy, and what only looks like one."""

from __future__ import annotations

import random

import pytest

from crawler.stories import likeness, wording
from crawler.stories.likeness import Likeness
from crawler.stories.wording import Wording
from tests.builders import an_article
from tests.unit.stories.press import a_text, edited

DICE = random.Random(7)
TEXT = a_text(DICE, 200)
DISPATCH = (
    "وقع وزير الفلاحة ونظيره الأردني، اليوم الأحد بالعقبة، مذكرة تفاهم لتبادل البذور بين البلدين. "
    "وقال بيان للوزارة إن المذكرة ستعرض على الحكومتين قبل نهاية الشهر، وإنها تشمل الحبوب التي تزرع "
    "في المناطق الجافة."
)
"""Thirty-four words: "the minister of agriculture and his Jordanian counterpart signed …"."""


def worded(text: str, headline: str = "", source: str = "one") -> Wording:
    """The wording of an article with this text."""
    return wording.of_article(an_article(text, headline=headline, source=source))


def compared(one: str, other: str, headlines: tuple[str, str] = ("A", "B")) -> Likeness | None:
    """What makes copies of two texts of two outlets."""
    pair = worded(one, headlines[0]), worded(other, headlines[1], source="other")
    found = likeness.compare(*pair)
    assert likeness.compare(*reversed(pair)) == found
    return found


def test_an_edited_copy_is_a_copy_and_a_relative_is_none() -> None:
    """Three words in two hundred put another way; only every second sentence kept."""
    assert compared(TEXT, edited(DICE, TEXT, changes=4)) == "copy"
    assert compared(TEXT, f"{TEXT[:400]} {a_text(DICE, 120)}") is None
    assert compared(TEXT, a_text(DICE, 200)) is None


def test_an_abridgement_is_the_beginning_of_the_longer_text() -> None:
    """The first paragraphs are left; they may be shorter by nine tenths."""
    short = " ".join(TEXT.split(" ")[:40])
    assert compared(short, f"{TEXT} {a_text(DICE, 200)}") == "abridgement"
    assert compared(short, f"Capital (agency) {TEXT} {a_text(DICE, 200)}") == "abridgement"


def test_a_text_that_quotes_another_is_no_copy_of_it() -> None:
    """A statement of 60 words stands whole in the middle of a report of 400; a round-up has a
    dispatch as one of its items."""
    statement = " ".join(TEXT.split(" ")[:60])
    report = f"{a_text(DICE, 200)} {statement} {a_text(DICE, 140)}"
    assert compared(statement, report) is None


def test_short_dispatches_with_two_words_changed_are_copies() -> None:
    """ "Today Sunday in Aqaba … the two countries": "yesterday in Aqaba … the two kingdoms"."""
    other = DISPATCH.replace("اليوم الأحد بالعقبة", "أمس في العقبة").replace("البلدين", "المملكتين")
    assert compared(DISPATCH, other) == "short"


@pytest.mark.parametrize(
    ("template", "one", "other", "headline"),
    [
        (  # a telegram: "sent a cable of congratulations to … on the anniversary of independence of
            # his country, and wished … good health and the people of … progress"
            "بعث جلالة الملك برقية تهنئة إلى فخامة الرئيس {0} رئيس جمهورية {1} بمناسبة ذكرى استقلال "
            "بلاده. وأعرب جلالته باسمه واسم شعب المملكة وحكومتها عن أصدق التهاني وأطيب التمنيات "
            "بالصحة والسعادة لفخامته، ولشعب جمهورية {1} الصديق المزيد من التقدم والازدهار، مؤكدا "
            "حرصه على تعزيز علاقات التعاون التي تجمع البلدين.",
            ("ألفا كوندي", "غينيا"),
            ("نيكولاي تيموفتي", "مولدوفا"),
            "الملك يهنئ رئيس {1} بذكرى الاستقلال",
        ),
        (
            "Le Roi a adressé un message de félicitations à {0}, président de la République de {1}, "
            "à l'occasion de la fête nationale de son pays. Le Souverain y exprime ses vœux de "
            "bonheur et de santé au président {0}, et de progrès au peuple de {1}, et sa "
            "considération pour les liens d'amitié qui unissent les deux pays.",
            ("Amadou Diallo", "Guinée"),
            ("Ion Rusu", "Moldavie"),
            "Message de félicitations du Roi",
        ),
        (  # obituaries in thirty words, in which no name recurs
            "The council mourns {0}, who died on {1} after a short illness. Mr {2} served {3} for "
            "thirty years. Condolences are received at the town hall from four until seven.",
            ("Peter Hale", "Monday", "Hale", "Brookfield"),
            ("Agnes Moore", "Friday", "Moore", "Winterton"),
            "The council mourns a colleague",
        ),
        (  # a bulletin of the weather, without names
            "Temperatures will reach {0} degrees in the capital, {1} in the north and {2} on the "
            "coast, the weather service said in its daily bulletin. Winds of {3} kilometres an "
            "hour are expected in the south, where sand may limit visibility on the roads.",
            ("41", "37", "33", "60"),
            ("38", "35", "29", "45"),
            "The weather of the day",
        ),
    ],
)
def test_one_template_for_different_events_is_no_copy(
    template: str, one: tuple[str, ...], other: tuple[str, ...], headline: str
) -> None:
    """P15, P13: the same formula with other names, dates or figures tells another event; filled in
    the same way, and edited, it is a copy."""
    texts = [template.format(*filled) for filled in (one, other)]
    headlines = headline.format(*one), headline.format(*other)
    assert compared(*texts, headlines) is None
    assert compared(texts[0], f"Agency. {texts[0]}", (headlines[0], "Another")) is not None


def test_one_column_headline_over_different_stories_is_no_story() -> None:
    """Of one outlet or of two; rewritten under one headline it is one."""
    column = ("News of the week in the region", "News of the week in the region")
    assert compared(TEXT, a_text(DICE, 200), column) is None
    rewritten = f"{' '.join(TEXT.split(' ')[:50])} {a_text(DICE, 100)}"
    assert compared(TEXT, rewritten, column) == "headline"
    of_one = [worded(text, column[0]) for text in (TEXT, rewritten)]
    assert likeness.compare(*of_one) is None


def test_without_a_text_the_headline_decides() -> None:
    """Two outlets show only a teaser under one headline; one outlet has a column of that name."""
    headline = "Ministers sign an agreement in town"
    assert compared("", "Read more.", (headline, headline)) == "headline"
    assert compared("", TEXT, (headline, headline)) == "headline"
    assert compared("", "", ("Breaking news", "Breaking news")) is None
    one, other = worded("One teaser.", headline), worded("Another teaser.", headline)
    assert likeness.compare(one, other) is None
    assert likeness.compare(one, one) == "headline"


def test_shares_are_exact() -> None:
    """A text has all sequences of five words of its beginning, which has half of those of the
    text."""
    text = a_text(DICE, 204).replace("\n\n", " ")
    whole, half = worded(text), worded(" ".join(text.split(" ")[:104]))
    assert likeness.shares(whole, whole) == (1.0, 1.0)
    assert likeness.shares(whole, half) == (0.5, 1.0)
    assert likeness.shares(whole, worded("")) == (0.0, 0.0)
