"""Seed files: strict, and every complaint says file, line, what was found and what was meant."""

from __future__ import annotations

import pytest

from crawler import matching, seeds
from crawler.errors import SeedError
from crawler.seeds import Seeds, Topic

SOURCE = """\
name: The News
home: https://news.example/
country: MA
languages: [fr]
timezone: Africa/Casablanca
feeds:
  - {url: "https://news.example/feed", every: 15m}
"""


def complaint(path: str, text: str) -> str:
    """What loading this file says."""
    with pytest.raises(SeedError) as error:
        seeds.load({path: text}, kinds=["feed"])
    return str(error.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("country", "contry", ":3: unknown key 'contry'; did you mean 'country'?"),
        ("every", "evry", ":7: unknown key 'evry'; did you mean 'every'?"),
        ("15m", "15 minutes", ":7: feeds.0.every: '15 minutes' is no duration"),
        ("[fr]", "[french]", ":4: languages.0: 'french' is no language of ours"),
        ("Africa/Casablanca", "Africa/Rabat", ":5: timezone: 'Africa/Rabat' is no IANA time zone"),
        ("https://news.example/feed", "ftp://x/feed", ":7: feeds.0.url"),
        ("name: The News", "home: http://x.y/", ":2: 'home' stands twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(before: str, after: str, said: str) -> None:
    """A typo never becomes a source that is silently not watched."""
    assert f"sources/ma/news.yml{said}" in complaint("sources/ma/news.yml", SOURCE.replace(before, after))


def test_a_missing_key_is_named() -> None:
    """What has no default has to be there."""
    assert "the key 'feeds' is missing" in complaint("sources/ma/n.yml", SOURCE[: SOURCE.index("feeds")])


def test_an_unknown_kind_of_feed_names_the_known() -> None:
    """Kinds are spiders; another word is no kind."""
    said = complaint("sources/ma/n.yml", SOURCE.replace("every: 15m", "kind: telepathy"))
    assert ":7: unknown kind 'telepathy'; known: feed" in said


def test_a_rule_that_cannot_be_parsed_points_into_it() -> None:
    """The query's own complaint is passed on with the file's line."""
    text = "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'x AND (y'}\n"
    assert "topics/t.yml:3: a closing parenthesis" in complaint("topics/t.yml", text)


def test_a_rule_over_an_unknown_concept_is_an_error() -> None:
    """A misspelt concept would match nothing for ever."""
    text = "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'concept:nowhere'}\n"
    assert "no concept 'nowhere'" in complaint("topics/t.yml", text)


def test_all_mistakes_are_said_at_once() -> None:
    """An analyst mends a file in one go."""
    with pytest.raises(SeedError) as error:
        seeds.load({"sources/a/a.yml": "x: 1\n", "nowhere/b.yml": ""}, kinds=["feed"])
    assert len(error.value.problems) > 3


def test_the_seeds_that_ship_hold_their_promises(seeds: Seeds) -> None:
    """Twelve sources or more, of both countries and beyond; a digest; every example holds."""
    assert len(seeds.sources) >= 12
    assert {"MA", "IQ"} < {s.country for s in seeds.sources.values()}
    assert all(f.url.startswith("https://") for s in seeds.sources.values() for f in s.feeds)
    assert seeds.digests["daily"].topics == ("morocco-iraq",)


def test_every_topics_examples_hold(topic: Topic) -> None:
    """The examples in a topic's file are its tests."""
    assert len(topic.examples) >= 10
    assert matching.complaints(topic) == []


BASE = {
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [dam]}\n",
    "queries/q.yml": "title: {en: q}\nquery: 'concept:dam label:x'\n",
}


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("topics/t.yml", "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'dam label:a'}\n", ":3: label:a in a rule is circular"),
        ("topics/t.yml", "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: '@q'}\n", ":3: label:x in a rule is circular"),
        ("topics/t.yml", "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: dam}\nthemes: {x: 'concept:damm'}\n", "did you mean 'dam'"),
        ("queries/r.yml", "title: {en: r}\nquery: '@r'\n", ":2: saved queries that name each other in a circle"),
        ("queries/r.yml", "title: {en: r}\nquery: 'concept:dan'\n", "no concept 'dan'"),
        ("lexicon/x.yml", "title: {en: x}\nterms: {en: [{term: a, role: minister, valid_from: soon}]}\n", "is no date"),
        ("lexicon/x.yml", "title: {en: x}\nterms: {en: [{term: a, inflect: [plural, dual]}]}\n", "unknown inflection 'dual'"),
    ],
)
def test_topics_queries_and_terms_are_read_strictly(path: str, text: str, said: str) -> None:
    """A circle, an unknown concept, a date that is none: each with its file and line."""
    with pytest.raises(SeedError) as error:
        seeds.load(BASE | {path: text}, kinds=["feed"])
    assert path in str(error.value) and said in str(error.value)


def test_the_second_topic_is_of_another_subject(seeds: Seeds) -> None:
    """Water policy of the Maghreb, in three languages, by the same code: its examples hold."""
    water = seeds.topics["maghreb-water"]
    assert len(water.examples) >= 8 and matching.complaints(water) == []
    assert all({"ar", "fr", "en"} <= {t.language for t in c.terms} for c in water.concepts.values())
