"""Seed files written by the machine: valid whatever strangers put in, and honest about guesses."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import languages, seeds, spiders
from crawler.model import Feed, Source
from crawler.seeds import guesses, scaffold
from crawler.seeds.scaffold import SourceDraft
from tests.builders import a_source
from tests.examples import examples

ZONES = guesses.parse_zone_table(
    (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
)
_text = st.text(max_size=40)
_line = _text.map(lambda t: " ".join("".join(c if c.isprintable() else " " for c in t).split()))
_feed = st.builds(
    lambda n, kind, every: Feed(url=f"https://news.test/{n}?a=ا#é", kind=kind, every_seconds=every),
    st.integers(0, 9),
    st.sampled_from(["feed", "sitemap", "wordpress"]),
    st.integers(30, 7 * 86_400),
)
_source = st.builds(
    lambda name, feeds, languages, delay, day, stale: a_source(
        name=name,
        feeds=tuple(feeds),
        languages=tuple(languages),
        delay_seconds=delay,
        articles_per_day=day,
        stale_after_hours=stale,
        names={"ar": name},
        hosts=("cdn.test",),
    ),
    _line.filter(bool),
    st.lists(_feed, min_size=1, max_size=3, unique_by=lambda f: f.url),
    st.lists(st.sampled_from(languages.CODES), min_size=1, max_size=3, unique=True),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 900),
    st.none() | st.integers(1, 900),
)


@settings(max_examples=examples(60), deadline=None)
@given(
    _source,
    st.lists(_text, max_size=3),
    st.dictionaries(st.sampled_from(["name", "country", "expect"]), _text),
)
def test_what_is_written_is_read_back(
    source: Source, notes: list[str], guessed: dict[str, str]
) -> None:
    """Strict, whatever stands in titles, notes and marks: no newline of a stranger begins a
    line.
    """
    draft = SourceDraft(source=source, notes=notes, guessed=guessed)
    read = seeds.load({draft.path: scaffold.write(draft)}, kinds=spiders.kinds())
    assert read.sources == {source.slug: source}


@pytest.mark.parametrize("name", ["", " \n", "\u202e\x1b", "x" * 5_000])
def test_a_name_that_is_none_becomes_one(name: str) -> None:
    """What a stranger's page calls itself may be nothing, or a whole text; the file stays valid."""
    draft = SourceDraft(source=a_source(name=name, names={"ar": name}))
    found = seeds.load({draft.path: scaffold.write(draft)}, kinds=spiders.kinds()).sources["news"]
    assert found.name == ("x" * 300 if name.startswith("x") else "news")
    assert set(found.names) == ({"ar"} if name.startswith("x") else set())


def test_a_sections_selectors_are_written() -> None:
    """Also those with quotes in them."""
    feed = Feed(
        url="https://news.test/a",
        kind="section",
        links='a[href*="/x"]',
        next_page_selector="a.more",
        pages=5,
    )
    draft = SourceDraft(source=a_source(feeds=(feed,)))
    assert seeds.load({draft.path: scaffold.write(draft)}, kinds=spiders.kinds()).sources[
        "news"
    ].feeds == (feed,)


@pytest.mark.parametrize(
    ("host", "tag", "country", "zone"),
    [
        ("news.example.ma", "", "MA", "Africa/Casablanca"),
        ("news.iq", "en-GB", "IQ", "Asia/Baghdad"),
        ("news.co.uk", "", "GB", "Europe/London"),
        ("news.example", "fr-CH", "CH", "Europe/Zurich"),
        ("channel.tv", "ar-QA", "QA", "Asia/Qatar"),
        ("news.example", "ar", "ZZ", "UTC"),
        ("127.0.0.1", "", "ZZ", "UTC"),
    ],
)
def test_country_and_zone_are_guessed(host: str, tag: str, country: str, zone: str) -> None:
    """The ending of the domain, else the tag's region, else nothing: ZZ and UTC, both marked."""
    state, why = guesses.guess_country(host, tag, ZONES.keys())
    assert (state, guesses.guess_timezone(state, ZONES)[0]) == (country, zone)
    assert why


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.news.example/x", "news"),
        ("https://fr.news.co.uk/", "news-fr"),
        ("http://127.0.0.1:80/", "127-0-0-1"),
        ("https://xn--mgbh0fb.xn--kgbechtv/", "xn-mgbh0fb"),
    ],
)
def test_a_slug_is_one(url: str, slug: str) -> None:
    """Of the domain, the desk behind it."""
    assert guesses.make_slug(url) == slug
    assert guesses.is_slug(slug)
