"""What an issue shows, what it leaves for the next, and that nothing is lost in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as given_values
from hypothesis import settings
from hypothesis import strategies as st

from crawler.digest import choice
from crawler.model import ArchivedArticle
from crawler.stories import fingerprint
from tests.builders import NOW
from tests.examples import examples
from tests.unit.digest.scenes import DAY, RECIPE, TOPIC, dated, given, proven

HOUR = timedelta(hours=1)


def ids(placed: Iterable[choice.PlacedStory]) -> list[int]:
    """The articles at the heads of these stories."""
    return [one.story.lead.id for one in placed]


def older(article: ArchivedArticle) -> ArchivedArticle:
    """The article as one that was there before the last issue, and left out by it."""
    return replace(article, kept_at=NOW - 2 * DAY)


def at_most(number: int) -> dict[str, object]:
    """A recipe of so many places."""
    return {"recipe": replace(RECIPE, max_events=number)}


def with_score(article: ArchivedArticle, score: float) -> ArchivedArticle:
    """The article with this score on its label."""
    (match,) = article.matches
    return replace(article, matches=(replace(match, score={"general": score}),))


def test_the_news_of_today_leads_whatever_last_year_scores() -> None:
    """Seven stories of today and five of the days before with higher scores, eight places: all
    seven are shown, first, and what is cut is older."""
    today = [with_score(dated(n, NOW - n * HOUR), 0.5) for n in range(7)]
    before = [with_score(dated(10 + n, NOW - (2 + n) * DAY), 0.99) for n in range(5)]
    chosen = choice.choose(given(*before, *today, **at_most(8)))
    assert ids(chosen.shown) == [0, 1, 2, 3, 4, 5, 6, 10]
    assert ids(chosen.left_out) == [11, 12, 13, 14]
    assert set(chosen.listed_ids) == {0, 1, 2, 3, 4, 5, 6, 10}


def test_what_is_dated_a_week_before_it_was_seen_stands_apart_and_is_told_once() -> None:
    """It takes no place among the news, the newest of it first, and what is left waits."""
    old = [dated(10 + n, NOW - (8 + n) * DAY) for n in range(3)]
    chosen = choice.choose(given(*old, dated(1, NOW), dated(2, NOW - 7 * DAY), **at_most(2)))
    assert (ids(chosen.shown), ids(chosen.left_out)) == ([1, 2], [])
    assert (ids(chosen.earlier), chosen.earlier_left_out) == ([10, 11, 12], 0)
    assert set(chosen.listed_ids) == {1, 2, 10, 11, 12}
    many = [dated(n, NOW - (8 + n) * DAY) for n in range(choice.MAX_EARLIER_STORIES + 2)]
    first = choice.choose(given(*many))
    assert (len(first.earlier), first.earlier_left_out) == (choice.MAX_EARLIER_STORIES, 2)
    second = choice.choose(given(*many[-2:], shown_before=many[:-2]))
    assert ids(second.earlier) == [many[-2].id, many[-1].id]


def test_a_story_with_one_copy_of_today_is_of_today() -> None:
    """The copy under a date of another year doesn't lead it, nor make it old."""
    headline = "الوزير يفتتح السد الجديد في الجنوب"
    wrong = dated(1, NOW - 400 * DAY, headline=headline)
    today, later = (dated(n, NOW - (4 - n) * HOUR, headline=headline) for n in (2, 3))
    chosen = choice.choose(given(wrong, later, today))
    assert [one.story.lead.id for one in chosen.shown] == [2] and chosen.earlier == ()
    assert set(chosen.listed_ids) == {1, 2, 3}


def test_a_wrong_date_among_what_was_shown_brings_no_copy_back() -> None:
    """The days in which copies come are counted from a date that may be right."""
    headline = "الوزير يفتتح السد الجديد في الجنوب"
    wrong = dated(1, NOW - 400 * DAY, headline=headline)
    shown = dated(2, NOW - DAY, headline=headline)
    chosen = choice.choose(given(dated(3, NOW, headline=headline), shown_before=[wrong, shown]))
    assert (chosen.shown, chosen.earlier, chosen.listed_ids) == ((), (), (3,))


def test_what_was_left_out_comes_first() -> None:
    """Before the news, the newest of it first; a left-out story of a lesser label has its place
    before a new one of a better."""
    left_out = [older(dated(n, NOW - (n + 2) * DAY)) for n in range(2)]
    news = [dated(10, NOW - HOUR), dated(11, NOW, "general", "special")]
    chosen = choice.choose(given(*news, *left_out, **at_most(3)))
    assert ids(chosen.shown) == [0, 1, 11]
    assert ids(chosen.left_out) == [10]


@pytest.mark.parametrize(
    ("places", "backlog", "news", "shown_backlog", "shown_news"),
    [(12, 30, 20, 6, 6), (12, 30, 2, 10, 2), (12, 3, 20, 3, 9), (12, 30, 0, 12, 0), (1, 5, 5, 1, 0)],
)  # fmt: skip
def test_a_backlog_leaves_half_of_the_places_to_the_news(
    places: int, backlog: int, news: int, shown_backlog: int, shown_news: int
) -> None:
    """A source that brings a hundred old stories must not hide the day's for a week."""
    articles = [older(dated(n, NOW - 3 * DAY)) for n in range(backlog)]
    articles += [dated(100 + n, NOW) for n in range(news)]
    shown = ids(choice.choose(given(*articles, **at_most(places))).shown)
    assert [n >= 100 for n in shown] == [False] * shown_backlog + [True] * shown_news


def test_a_copy_of_what_was_shown_is_not_shown_again() -> None:
    """It is no news, it takes no place, and it does not come back."""
    text = " ".join(f"كلمة{n}" for n in range(80)) + " السد"
    signature = fingerprint.compute(text)
    shown, copy = (replace(proven(n, body=text), fingerprint=signature) for n in (1, 2))
    chosen = choice.choose(given(copy, proven(3), shown_before=[shown]))
    assert ids(chosen.shown) == [3] and chosen.left_out == ()
    assert set(chosen.listed_ids) == {2, 3}


def test_a_text_that_was_planted_first_hides_no_copy_of_it() -> None:
    """P15: whoever publishes the text first, without what flags it, leads no story that is shown;
    all sources are named, the one that planted it too."""
    text = " ".join(f"كلمة{n}" for n in range(80)) + " السد"
    planted = replace(dated(1, NOW - 2 * HOUR, body=text, source="planted"), matches=())
    true = dated(2, NOW - HOUR, body=text, source="known")
    (placed,) = choice.choose(given(planted, true)).shown
    assert placed.story.lead.id == 2
    assert [one.article.source for one in placed.story.members] == ["known", "planted"]


@pytest.mark.parametrize(("days", "is_news"), [(3, False), (4, True)])
def test_what_looks_like_a_copy_days_later_is_news(days: int, is_news: bool) -> None:
    """A bulletin with the same headline every week; the late copies in between change nothing."""
    headline = "نشرة أسبوعية عن حالة كل السدود"
    first, copy = (dated(n, NOW - (5 - n) * DAY, headline=headline) for n in (1, 2))
    bulletin = dated(3, NOW + (days - 4) * DAY, headline=headline, first_seen_at=NOW + DAY)
    chosen = choice.choose(given(bulletin, shown_before=[first, copy]))
    assert ids(chosen.shown) == [3] * is_news
    assert chosen.listed_ids == (3,)


def test_a_story_is_shown_with_all_its_copies_or_left_out_with_them() -> None:
    """A copy that arrives later joins the story that was left out."""
    text = " ".join(f"كلمة{n}" for n in range(80)) + " السد"
    signature = fingerprint.compute(text)
    first = older(replace(proven(1, body=text), fingerprint=signature))
    later = replace(proven(2, body=text), fingerprint=signature)
    chosen = choice.choose(given(later, proven(3, "special"), first, **at_most(1)))
    assert chosen.listed_ids == (1, 2) and ids(chosen.left_out) == [3]


def test_the_most_special_label_comes_first_and_a_story_stands_once() -> None:
    """Under the last label its topic declares."""
    chosen = choice.choose(given(proven(1), proven(2, "general", "special")))
    assert [(p.label.name, p.story.lead.id) for p in chosen.shown] == [
        ("special", 2),
        ("general", 1),
    ]


def test_a_label_that_its_topic_no_longer_has_is_passed_over() -> None:
    """The archive may hold what an older version of the topic gave."""
    gone = replace(TOPIC, labels={"special": TOPIC.labels["special"]})
    articles = (proven(1, "general"), proven(2, "special", "general"))
    chosen = choice.choose(given(*articles, topics={"water": gone}))
    assert [(p.label.name, p.story.lead.id) for p in chosen.shown] == [("special", 2)]
    assert chosen.listed_ids == (2,) and chosen.left_out == ()


def test_a_date_in_the_future_does_not_lead() -> None:
    """No story was published after we saw it; undated ones count from then."""
    future, undated, real = dated(1, NOW + 300 * DAY), proven(2), dated(3, NOW)
    assert choice.reported_at(future) == choice.reported_at(undated) == NOW
    assert ids(choice.choose(given(future, undated, real)).shown) == [3, 2, 1]


@settings(max_examples=examples(50), deadline=None)
@given_values(
    st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=30), st.integers(1, 9)
)
def test_issue_after_issue_everything_is_shown_exactly_once(
    stories: list[tuple[int, bool]], places: int
) -> None:
    """What one issue leaves out the following ones show, until nothing is left."""
    waiting = {
        n: dated(n, NOW - age * HOUR, *(("special",) if special else ("general",)))
        for n, (age, special) in enumerate(stories)
    }
    shown: list[int] = []
    while waiting:
        chosen = choice.choose(given(*waiting.values(), **at_most(places)))
        assert chosen.listed_ids and len(chosen.shown) <= places
        shown += chosen.listed_ids
        waiting = {n: older(waiting[n]) for n in waiting if n not in chosen.listed_ids}
        assert len(chosen.left_out) + chosen.earlier_left_out == len(waiting)
    assert sorted(shown) == list(range(len(stories)))
