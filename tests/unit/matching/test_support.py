"""Terms that count only with support: ambiguous ones, those with a namesake, domestic ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import matching, query, seeds
from crawler.errors import SeedError
from crawler.matching import matcher
from crawler.matching.fields import ItemFacts
from crawler.matching.topics import Topic
from tests.builders import kept

LEXICON = {
    "lexicon/here.yml": """
title: {en: Here}
country: MA
foreign: [there]
terms:
  en: [Herland, {term: Port, namesakes: [wine]}]
ambiguous:
  en: [Sale]
domestic:
  en: [interior ministry, (the|our) government]
""",
    "lexicon/there.yml": """
title: {en: There}
country: IQ
terms: {en: [Thereland, Therish]}
actors:
  - {name: Ali Amin, role: minister, side: IQ, ambiguous: true, terms: {en: [Ali Amin]}}
""",
    "lexicon/desert.yml": """
title: {en: desert}
country: MA
supported_by: [here]
ambiguous: {en: [autonomy]}
""",
    "topics/t.yml": """
title: {en: T}
labels:
  here: {title: {en: here}, rule: concept:here}
  there: {title: {en: there}, rule: concept:there}
  desert: {title: {en: desert}, rule: concept:desert}
""",
}


@pytest.fixture(scope="module")
def small() -> Topic:
    """A label for each of three concepts."""
    return seeds.load(LEXICON, kinds=["feed"]).topics["t"]


def labels(topic: Topic, text: str, *, country: str = "", headline: str = "") -> tuple[str, ...]:
    """The topic's labels for a text of that country's press."""
    found = matcher.text_fields(headline, text)
    there = replace(found, facts=ItemFacts(country=country))
    return matching.get_matcher(topic).match(there).labels


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("An oil sale is signed.", "", ()),
        ("An oil sale is signed in Herland.", "", ("here",)),
        ("He lives in Sale.", "MA", ("here",)),
        ("He lives in Sale.", "IQ", ()),
        ("Ali Amin sings.", "", ()),
        ("Ali Amin was in Thereland.", "", ("there",)),
        ("Autonomy is near.", "", ()),
        ("Autonomy is near, says Herland.", "", ("here", "desert")),
        ("Autonomy is near, after a sale.", "", ()),  # one doubt supports no other
    ],
)
def test_an_ambiguous_term_counts_with_support(
    small: Topic, text: str, country: str, found: tuple[str, ...]
) -> None:
    """Another term of the concept or of its supporters, or a source of the country."""
    assert labels(small, text, country=country) == found


def test_what_nothing_supports_is_shown_with_its_reason(small: Topic) -> None:
    """Like a trap, under what was taken away; its person is no actor of the text."""
    found = matching.match_text("", "Ali Amin signed a sale with Herland.", small)
    assert {(m.text, m.reason) for m in found.taken_away} == {
        ("Ali Amin", "ambiguous, and nothing in the text supports it")
    }
    assert found.actors == ()


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("Port is open.", "", ("here",)),
        ("Port is sold. So is other wine.", "", ()),
        ("Port is sold. So is other wine of Herland.", "", ("here",)),
        ("Port is sold. So is other wine.", "MA", ("here",)),
    ],
)
def test_a_namesake_in_the_text_makes_a_term_ambiguous(
    small: Topic, text: str, country: str, found: tuple[str, ...]
) -> None:
    """Words that go with the other thing of that name, anywhere in the text."""
    assert labels(small, text, country=country) == found


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("The interior ministry said so.", "MA", ("here",)),
        ("The interior ministry said so.", "", ()),
        ("The interior ministry said so.", "IQ", ()),
        ("The interior ministry of Thereland said so.", "MA", ("there",)),
        ("The Therish interior ministry said so.", "MA", ("there",)),
        ("Thereland: interior ministry opens.", "MA", ("there",)),
        ("The interior ministry met its Therish guests.", "MA", ("here", "there")),
        ("The Therish interior ministry met. The interior ministry agreed.", "MA", ("there",)),
        ("Therish interior ministry met Herland. The government agreed.", "MA", ("here", "there")),
        ("Thereland (Agency) – The government agreed.", "MA", ("there",)),
    ],
)
def test_a_bare_office_is_the_sources_own(
    small: Topic, text: str, country: str, found: tuple[str, ...]
) -> None:
    """Unless another state stands beside it, or is where the text comes from."""
    assert labels(small, text, country=country) == found


def test_a_bare_office_is_shown_as_such(small: Topic) -> None:
    """The proof says whose it is, since the text doesn't."""
    there = replace(
        matcher.text_fields("", "Our government agreed."), facts=ItemFacts(country="MA")
    )
    (mention,) = matching.get_matcher(small).match(there).mentions
    assert (mention.text, mention.term) == ("Our government", "our government (source: MA)")


def test_a_search_knows_what_supports_its_concept(small: Topic) -> None:
    """A search for one concept compiles those that decide about its terms."""
    asked = query.parse("concept:desert")
    ask = matcher.Evaluator(small.concepts, {})
    assert ask(asked, kept(1, "Autonomy is near.")) is None
    assert ask(asked, kept(2, "Autonomy is near, says Herland."))


def test_a_topic_depends_on_the_country_of_such_terms(small: Topic) -> None:
    """What is stored of a source that gets another country is judged again."""
    assert small.countries == {"MA", "IQ"}


def test_a_line_stands_for_its_alternatives() -> None:
    """(a|b) is either, and (a|) is a or nothing."""
    text = "title: {en: x}\nterms: {en: ['(old|new) (river |)bank']}\n"
    concept = seeds.load({"lexicon/x.yml": text}, kinds=[]).concepts["x"]
    assert [term.text for term in concept.terms] == [
        "old river bank", "old bank", "new river bank", "new bank",
    ]  # fmt: skip


def test_too_many_alternatives_are_refused() -> None:
    """A line of thousands of phrases is a mistake."""
    many = " ".join(["(a|b|c|d|e)"] * 5)
    with pytest.raises(SeedError, match="more than 2,000 phrases"):
        seeds.load({"lexicon/x.yml": f"title: {{en: x}}\nterms: {{en: ['{many}']}}\n"}, kinds=[])


def test_an_unknown_supporter_is_named() -> None:
    """With its file and line, like any other unknown concept."""
    text = "title: {en: x}\nsupported_by: [herre]\nterms: {en: [a]}\n"
    with pytest.raises(SeedError, match=r"lexicon/x\.yml:2: .*herre"):
        seeds.load({"lexicon/x.yml": text, **LEXICON}, kinds=["feed"])
