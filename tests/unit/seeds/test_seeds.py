"""Seed files: strict, and every complaint says file, line, what was found and what was meant."""

from __future__ import annotations

import re

import pytest

from crawler import matching, seeds, urls
from crawler.errors import SeedError
from crawler.fetch.middlewares import url_policy
from crawler.polling import ledger
from crawler.seeds import Seeds, folder
from crawler.seeds.digests import DigestRecipe
from tests.unit import small_seeds

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
        (
            "feeds:",
            "hosts: [news.test, 'http://cdn.test/']\nfeeds:",
            ":6: hosts.1: 'http://cdn.test/' is no host; write news.example",
        ),
        ("feeds:", "hosts: ['*.test']\nfeeds:", ":6: hosts.0: '*.test' is no host"),
        ("feeds:", "hosts: ['127.1']\nfeeds:", ":6: hosts.0: '127.1' is no host"),
        ("feeds:", "hosts: ['[::1']\nfeeds:", ":6: hosts.0: '[::1' is no host"),
        (
            "feeds:",
            "hosts: ['news.test:99999']\nfeeds:",
            ":6: hosts.0: 'news.test:99999' is no host",
        ),
        ("feeds:", "hosts: [8080]\nfeeds:", ":6: hosts.0: 8080 is no host"),
    ],
)
def test_a_mistake_is_named_with_its_line(before: str, after: str, said: str) -> None:
    """A typo never becomes a source that is silently not watched."""
    assert f"sources/ma/news.yml{said}" in complaint(
        "sources/ma/news.yml", SOURCE.replace(before, after)
    )


def test_a_host_may_be_an_address_and_have_a_port() -> None:
    """What stands in ``hosts`` is allowed as it is asked: the address it names is the source's,
    its port too.
    """
    named = (
        "hosts: [cdn.test, 'wire.test:8080', '192.0.2.7', '192.0.2.8:81', '::1', "
        "'[2001:db8::7]:82']\nfeeds:"
    )
    found = seeds.load(
        {"sources/ma/news.yml": SOURCE.replace("feeds:", named)}, kinds=["feed"]
    ).sources["news"]
    allowed = ledger.allowed_hosts(found)
    for url in (
        "http://cdn.test/",
        "http://wire.test:8080/a",
        "http://192.0.2.7/",
        "http://192.0.2.8:81/",
        "http://[::1]/",
        "http://[2001:db8::7]:82/",
    ):
        assert urls.registrable(url) in allowed, url
    assert url_policy.allowed_ports([found]) == {8080, 81, 82}


def test_a_missing_key_is_named() -> None:
    """What has no default has to be there."""
    assert "the key 'feeds' is missing" in complaint(
        "sources/ma/n.yml", SOURCE[: SOURCE.index("feeds")]
    )


def test_an_unknown_kind_of_feed_names_the_known() -> None:
    """Kinds are spiders; another word is no kind."""
    said = complaint("sources/ma/n.yml", SOURCE.replace("every: 15m", "kind: telepathy"))
    assert ":7: unknown kind 'telepathy'; known: feed" in said


def test_a_rule_that_cannot_be_parsed_points_into_it() -> None:
    """The query's own complaint is passed on with the line and the column of the file."""
    text = "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'x AND (y'}\n"
    assert "topics/t.yml:3:38: a closing parenthesis" in complaint("topics/t.yml", text)


def test_a_rule_over_an_unknown_concept_is_an_error() -> None:
    """A misspelt concept would never match anything."""
    text = "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'concept:nowhere'}\n"
    assert "no concept 'nowhere'" in complaint("topics/t.yml", text)


def test_all_mistakes_are_said_at_once() -> None:
    """An analyst mends a file in one go."""
    with pytest.raises(SeedError) as error:
        seeds.load({"sources/a/a.yml": "x: 1\n", "nowhere/b.yml": ""}, kinds=["feed"])
    assert len(error.value.problems) > 3


def test_the_seeds_that_ship_hold_their_promises(seeds: Seeds) -> None:
    """110 sources or more, of both countries and beyond; no feed stands twice; a digest."""
    assert len(seeds.sources) >= 110
    assert {"MA", "IQ", "SA", "GB", "FR"} < {s.country for s in seeds.sources.values()}
    feeds = [feed for s in seeds.sources.values() for feed in s.feeds]
    assert len({feed.url for feed in feeds}) == len(feeds)
    assert seeds.digests["daily"].topics == ("morocco-iraq",)


def test_a_digest_is_of_topics_or_of_saved_searches() -> None:
    """Or of both; a search may be named as it is in a query. One of neither is a mistake, and an
    unknown name gets the near one."""

    def digest(keys: str) -> DigestRecipe:
        rest = 'title: {en: a}\nlanguages: [en]\nhour: "07:30"\ntimezone: UTC\n'
        files = small_seeds.FILES | {"digests/own.yml": rest + keys}
        return seeds.load(files, kinds=["feed", "sitemap"]).digests["own"]

    for keys in ("queries: [high-water]", 'queries: ["@high-water"]'):
        assert digest(keys).judged_by == ("@high-water",)
    assert digest("topics: [water]\nqueries: [high-water]").judged_by == ("water", "@high-water")
    for keys, why in (
        ("max_events: 3", "a digest of nothing; name topics or queries"),
        (
            "queries: [high-wate]",
            "own.yml:5: no saved search 'high-wate' in queries/; did you mean",
        ),
        ("queries: high-water", "own.yml:5"),
    ):
        with pytest.raises(SeedError, match=why):
            digest(keys)


def test_every_source_says_how_sure_it_is(seeds: Seeds) -> None:
    """Its country is its folder, its zone and languages are known, a healthy day is described,
    and a comment says what the feed's address rests on.
    """
    files = folder.read_seed_files(folder.find_seeds_folder(None))
    for path, text in files.items():
        if not path.startswith("sources/"):
            continue
        source = seeds.sources[path.rsplit("/", 1)[-1].removesuffix(".yml")]
        assert path == f"sources/{source.country.lower()}/{source.slug}.yml"
        assert source.articles_per_day and source.stale_after_hours
        plain = [f for f in source.feeds if f.url.startswith("http:")]
        assert not plain or source.home.startswith("http:"), (
            f"{path}: a feed less safe than its home"
        )
        assert re.search(
            r"^# .*\n(# .*\n)*# Confidence in the feed: (seen-(\d|verified)|believed)", text
        ), path
        assert all(len(line) <= 100 for line in text.splitlines() if "url:" not in line), path


SECTION = SOURCE.replace("every: 15m", "every: 15m, kind: section, links: article a")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (", links: article a", "", ":7: the key 'links' is missing: a section needs"),
        ("article a", '"article ["', "is no CSS selector"),
        ("article a", "article a, pages: 0", "is to be 1 or more"),
        ("article a", "article a, page: 3", "unknown key 'page'; did you mean 'pages'?"),
        ("kind: section, links: article a", "render: true", "'render' belongs to kind section"),
        (
            "kind: section",
            "kind: sitemap",
            "'links' belongs to kind section, this feed is of kind 'sitemap'",
        ),
    ],
)
def test_a_section_says_its_selectors_and_nobody_else_does(
    before: str, after: str, said: str
) -> None:
    """What a kind of feed needs is there, and what it cannot use is refused."""
    known = ["feed", "section", "sitemap"]
    assert (
        seeds.load({"sources/ma/n.yml": SECTION}, kinds=known).sources["n"].feeds[0].links
        == "article a"
    )
    with pytest.raises(SeedError) as error:
        seeds.load({"sources/ma/n.yml": SECTION.replace(before, after)}, kinds=known)
    assert said in str(error.value)


def test_a_feed_stands_once() -> None:
    """Its address is its identity in the archive."""
    twice = SOURCE + next(line for line in SOURCE.splitlines() if "url:" in line) + "\n"
    assert "stands twice" in complaint("sources/ma/n.yml", twice)


BASE = {
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [dam]}\n",
    "queries/q.yml": "title: {en: q}\nquery: 'concept:dam label:x'\n",
}


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (
            "topics/t.yml",
            "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'dam label:a'}\n",
            ":3:34: label:a in a rule is circular",
        ),
        (
            "topics/t.yml",
            "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: 'dam AND @q'}\n",
            "queries/q.yml:2:21: label:x in a rule is circular",
        ),
        (
            "queries/r.yml",
            "title: {en: r}\nquery: 'dam OR name:Kinani'\n",
            "queries/r.yml:2:16: name: is for searches as they are typed",
        ),
        (
            "queries/r.yml",
            "title: {en: r}\nquery: >\n  dam OR\n  (dam AND\n  «a\n",
            ":5:3: a quotation mark that is never closed",
        ),
        (
            "queries/r.yml",
            "title: {en: r}\nquery: 'dam ''s NEAR/ x'\n",
            ":2:23: a number of words was expected",
        ),
        (
            "queries/r.yml",
            "title: {en: r}\nquery: dam NEAR/2 @s\n",
            ":2:19: no saved query 's'; known: @q, @r",
        ),
        (
            "topics/t.yml",
            (
                "title: {en: T}\nlabels:\n  a:\n    title: {en: a}\n    rule: |\n      dam AND\n"
                "      x NEAR/3 @q\n"
            ),
            ":7:16: needs words, phrases or concepts",
        ),
        *(
            (
                "topics/t.yml",
                f"title: {{en: T}}\nlabels:\n  a: {{title: {{en: a}}, rule: dam{more}",
                said,
            )
            for more, said in [
                (", weights: []}\n", ":3: unknown key 'weights'; write speaks_for:"),
                ("}\nnoise: {}\n", ":4: unknown key 'noise'; write speaks_against:"),
                (
                    ", speaks_for: {wet: {rule: rain, points: -2}}}\n",
                    ":3: -2 points, but what speaks for it has 0 or more",
                ),
                (
                    ", speaks_against: {dry: {rule: sand, points: 2}}}\n",
                    ":3: 2 points, but what speaks against a label has 0 points or less",
                ),
                (
                    ", speaks_for: {wet: {rule: rain, points: 900}}}\n",
                    "labels.a.speaks_for.wet.points",
                ),
                (
                    ", speaks_for: {x: {rule: rain, points: 1}}, speaks_against: {x: {rule: sand, points: -1}}}\n",
                    ":3: 'x' speaks for the label, too",
                ),
                (", doubtful_from: 3}\n", ":3: doubtful_from is above holds_from, 0"),
                ("}\ngroups: {q: dam}\n", ":4: @q is a saved query"),
                ("}\ngroups: {Wet Land: dam}\n", ":4: 'Wet Land' is no name"),
                ("}\ngroups: {a: '@b', b: dam}\n", "no saved query 'b'"),
            ]
        ),
        (
            "topics/t.yml",
            "title: {en: T}\nlabels:\n  doubtful: {title: {en: a}, rule: dam}\n",
            ":3: 'doubtful' is how a search asks for the watch list",
        ),
        (
            "topics/t.yml",
            (
                "title: {en: T}\nlabels:\n  a: {title: {en: a}, rule: dam}\nthemes: {x: "
                "'concept:damm'}\n"
            ),
            "did you mean 'dam'",
        ),
        (
            "queries/r.yml",
            "title: {en: r}\nquery: '@r'\n",
            ":2:9: saved queries that name each other in a circle",
        ),
        ("queries/r.yml", "title: {en: r}\nquery: 'concept:dan'\n", "no concept 'dan'"),
        (
            "lexicon/x.yml",
            "title: {en: x}\nterms: {en: [{term: a, role: minister, valid_from: soon}]}\n",
            "is no date",
        ),
        (
            "lexicon/x.yml",
            "title: {en: x}\nterms: {en: [{term: a, inflect: [plural, dual]}]}\n",
            "unknown inflection 'dual'",
        ),
        (
            "lexicon/x.yml",
            "title: {en: x}\nterms:\n  fr:\n    - {term: a, only_inn: [fr]}\n",
            ":4: unknown key 'only_inn'; did you mean 'only_in'?",
        ),
        (
            "lexicon/x.yml",
            "title: {en: x}\nterms:\n  fr:\n    - {term: a, only_in: [fra]}\n",
            ":4: terms.fr.0.only_in.0: 'fra' is no language of ours; did you mean 'fr'?",
        ),
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
    assert len(water.examples) >= 8 and matching.failed_examples(water) == []
    assert all({"ar", "fr", "en"} <= {t.language for t in c.terms} for c in water.concepts.values())
