"""Articles of one event find each other over three languages, and the traps stay apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import combinations

import pytest
import yaml

from benchmarks.events import ToldArticle, b_cubed, best_baseline, grouped, read
from crawler.stories.events import (
    WINDOW,
    EventClusters,
    EventFeatures,
    Rarity,
    candidate_keys,
    find_features,
    join,
    log_odds,
    same_event,
    weigh,
)
from tests.builders import NOW
from tests.places import PROJECT

DEV = read("dev")
FLOOR = 0.95  # B³ F1 on the dev half, which reaches 1.0; the held half is measured by hand
EVENTS = yaml.safe_load((PROJECT / "tests/events/events.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found() -> list[int]:
    """The events of the dev half, as they are found in a stream."""
    return grouped(DEV)


def test_the_dev_half_is_grouped_by_event(found: list[int]) -> None:
    """Far better than by the headlines of each language."""
    measured = b_cubed([article.event for article in DEV], found)
    assert measured.f1 >= FLOOR
    assert measured.f1 > best_baseline(DEV)[1].f1 + 0.3


def test_events_of_one_trap_stay_apart(found: list[int]) -> None:
    """Each trap of the dev half: no two of its events share an article's group."""
    traps: dict[str, set[str]] = defaultdict(set)
    for name, event in EVENTS["dev"].items():
        traps[event.get("trap", "")].add(name)
    del traps[""]
    groups = {
        event: {group for article, group in zip(DEV, found, strict=True) if article.event == event}
        for names in traps.values()
        for event in names
    }
    assert len(traps) >= 9
    for names in traps.values():
        for one, other in combinations(sorted(names), 2):
            assert not groups[one] & groups[other], (one, other)


def test_one_event_has_articles_of_three_languages(found: list[int]) -> None:
    """Most of those that the press of three languages tells."""
    told: dict[str, set[str]] = defaultdict(set)
    together: dict[int, set[str]] = defaultdict(set)
    for article, group in zip(DEV, found, strict=True):
        told[article.event].add(article.language)
        together[group].add(article.language)
    in_three = sum(len(languages) == 3 for languages in told.values())
    assert sum(len(languages) == 3 for languages in together.values()) >= 0.9 * in_three > 20


@pytest.mark.parametrize("half", ["dev", "held"])
def test_the_set_is_well_formed(half: str) -> None:
    """Events of one half only, in order of publication, each described."""
    articles = read(half)
    assert [a.published_at for a in articles] == sorted(a.published_at for a in articles)
    assert {a.event for a in articles} == EVENTS[half].keys()
    assert not EVENTS["dev"].keys() & EVENTS["held"].keys()
    assert {a.language for a in articles} == {"ar", "fr", "en"}


def test_the_score_does_not_depend_on_the_order_of_two() -> None:
    """On every pair of a day's articles."""
    rarity = Rarity.of(article.features for article in DEV)
    weighed = [weigh(article.features, rarity) for article in DEV[:40]]
    for a, b in combinations(weighed, 2):
        assert log_odds(a, b) == pytest.approx(log_odds(b, a))


def test_the_same_text_is_one_event_and_a_week_later_it_is_another() -> None:
    """What came later is not compared."""
    clusters = EventClusters()
    told = DEV[3]
    assert clusters.add(1, told.features).event == 1
    assert clusters.add(2, told.features).event == 1
    assert clusters.add(3, later(told, WINDOW + timedelta(days=1))).event == 3


def later(told: ToldArticle, by: timedelta) -> EventFeatures:
    """The features of the article, published so much later."""
    return find_features(
        told.headline, told.text, language=told.language, published_at=told.published_at + by
    )


def test_events_merge_when_an_article_shows_that_they_are_one() -> None:
    """Two first reports have too little in common; the one that tells all unites them, and the earlier
    event keeps its number."""
    clusters = EventClusters(rarity=Rarity.of(article.features for article in DEV), learns=False)
    reports = (
        ("Iraq: fire in Abu Khassib", "Flames destroyed a plastics factory, Jassim Sawad said."),
        (
            "Owner of Iraqi factory arrested",
            "Police in Basra hold Mohannad Zubaidi over 27 victims of the blaze.",
        ),
        (
            "Fire in Abu Khassib: owner Mohannad Zubaidi arrested in Basra",
            "Flames destroyed a plastics factory, Jassim Sawad said. Police hold him over 27 dead.",
        ),
    )
    told = [find_features(*report, language="en", published_at=NOW) for report in reports]
    joined = [clusters.add(number, one) for number, one in enumerate(told, 1)]
    assert [one.event for one in joined] == [1, 2, 1]
    assert joined[2].merged == (2,)


def test_an_article_without_words_opens_an_event() -> None:
    """It has nothing by which another could be found."""
    clusters = EventClusters()
    empty = find_features("", "", language="", published_at=NOW)
    assert [clusters.add(n, empty).event for n in (1, 2)] == [1, 2]
    assert candidate_keys(empty, Rarity()) == ()
    assert join(weigh(empty, Rarity()), {}) == ()


def test_what_left_the_window_is_forgotten() -> None:
    """The memory of a stream does not grow."""
    clusters = EventClusters()
    for n, told in enumerate(DEV):
        clusters.add(n, told.features)
    clusters.add(len(DEV), later(DEV[-1], WINDOW * 2))
    assert len(clusters) == 1


def test_events_go_on_after_a_restart() -> None:
    """Restored as they were, they get the same articles as without the interruption."""
    whole = EventClusters()
    decided = [whole.add(n, told.features).event for n, told in enumerate(DEV[:60])]
    again = EventClusters()
    for n, (told, event) in enumerate(zip(DEV[:40], decided, strict=False)):
        again.restore(n, told.features, event)
    assert [again.add(n, DEV[n].features).event for n in range(40, 60)] == decided[40:]


def test_two_stories_tell_one_event_or_two() -> None:
    """The accidents of one day: each told in three languages."""
    rarity = Rarity.of(article.features for article in DEV)
    taza, agadir = (
        [article.features for article in DEV if article.event == event]
        for event in ("bus-taza", "bus-agadir")
    )
    assert same_event(taza[:2], taza[2:], rarity) and same_event(agadir[:2], agadir[2:], rarity)
    assert not same_event(taza, agadir, rarity)
