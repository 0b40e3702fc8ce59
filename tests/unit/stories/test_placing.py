"""An article joins a story, makes one of several, or opens its own."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from datetime import timedelta

from crawler.stories import placing, wording
from crawler.stories.placing import MAX_OF_A_KEY, Place, Placing, Told
from tests.builders import NOW, a_date, an_article
from tests.unit.stories.press import a_text, edited

DICE = random.Random(3)
TEXT = a_text(DICE, 150)
DAY = timedelta(days=1)
FIXED = (
    -3648843829922701066,
    4246008535257216547,
    -8953577510445554957,
    4475916206259131367,
    2983952996965009468,
)
"""The keys of five sequences of five words; others would make stored keys useless."""


def told(text: str, headline: str = "", day: int = 0, published: int | None = None) -> Told:
    """What is compared of an article that was first seen on this day."""
    seen = NOW + day * DAY
    at = None if published is None else a_date(NOW + published * DAY)
    return placing.told(
        an_article(
            text, headline=headline, first_seen_at=seen, published=at, source=f"{headline}{day}"
        )
    )


def placed(*articles: Told) -> tuple[Placing, list[Place]]:
    """Where these articles are after the last one came, by their order."""
    known = dict(enumerate(articles, 1))

    def load(numbers: Collection[int]) -> Mapping[int, Told]:
        return {number: known[number] for number in numbers}

    work = Placing(load=load)
    for number, one in known.items():
        work.place(number, one, alone=Place(number, number))
    return work, [work.current(work.places[number]) for number in known]


def test_a_copy_joins_and_another_text_opens_a_story() -> None:
    """The number of the first stays."""
    _, places = placed(told(TEXT), told(a_text(DICE, 150)), told(edited(DICE, TEXT, changes=2)))
    assert places == [Place(1, 1), Place(2, 2), Place(1, 1)]


def test_a_copy_of_two_stories_makes_one_of_them() -> None:
    """Two halves of one text have little in common until the whole one comes."""
    words = TEXT.split(" ")
    first, second = " ".join(words[:110]), " ".join(words[40:])
    work, places = placed(told(first), told(second), told(TEXT))
    assert [place.story for place in places] == [1, 1, 1]
    assert (work.texts, work.stories) == ({2: 1}, {2: 1})


def test_other_words_under_one_headline_are_a_text_of_their_own() -> None:
    """One story, two texts."""
    rewritten = f"{' '.join(TEXT.split(' ')[:45])} {a_text(DICE, 100)}"
    headline = "Ministers sign an agreement in town"
    _, places = placed(told(TEXT, headline), told(rewritten, headline, day=1))
    assert places == [Place(1, 1), Place(2, 1)]


def test_what_is_printed_again_later_is_another_story() -> None:
    """The same words a month later; seen together, the dates that outlets print decide nothing,
    unless all were old when they were seen."""
    assert placed(told(TEXT), told(TEXT, day=31))[1][1] == Place(2, 2)
    assert placed(told(TEXT), told(TEXT, day=29))[1][1] == Place(1, 1)
    assert placed(told(TEXT, published=0), told(TEXT, published=-365))[1][1] == Place(1, 1)
    old = told(TEXT, published=-800), told(TEXT, published=-400)
    assert placed(*old)[1][1] == Place(2, 2)
    assert placed(told(TEXT, published=-400), told(TEXT, published=-399))[1][1] == Place(1, 1)


def test_of_many_copies_the_newest_are_found() -> None:
    """A copy key leads to a few articles; those that no key leads to are named."""
    work, places = placed(*(told(TEXT) for _ in range(MAX_OF_A_KEY + 5)))
    assert set(places) == {Place(1, 1)}
    assert {len(found) for found in work.found.values()} == {MAX_OF_A_KEY}
    assert {number for _, number in work.let_go} == {1, 2, 3, 4, 5}


def test_copy_keys_are_the_same_in_every_process_and_few() -> None:
    """They are stored: sixteen of the text, one of the headline, with a sign."""
    one = placing.told(an_article(TEXT, headline="Five words are a headline"))
    assert len(one.keys) == wording.MAX_TEXT_KEYS + 1
    fixed = placing.told(an_article("one two three four five " * 4, headline="No headline"))
    assert fixed.keys == FIXED
    assert placing.told(an_article("too short", headline="No headline")).keys == ()
