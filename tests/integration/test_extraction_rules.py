"""Page rules: read strictly, chosen by the day of fetching, and never worse than none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler import seeds
from crawler.errors import SeedError
from crawler.extraction import article
from crawler.extraction.article import Extracted
from crawler.model import PageRule, Source, Template
from tests.acceptance.test_river import rasd
from tests.builders import a_page, a_source
from tests.site import desk
from tests.site.server import Newspaper
from tests.unit.seeds.test_seeds import SOURCE

RULES = """\
pages:
  - body: div.words
    drop: [p.legal, div.more]
    valid_until: 2026-03
  - headline: h2.real
    drop: p.legal
    valid_from: 2026-04-01
"""
PROSE = "The council met on the first floor and voted for a longer quay along the northern basin. "
PAGE = (
    '<html><head><title>Wrong</title><meta name="date" '
    'content="2026-01-01T09:00:00+00:00"></head><body>'
    "<h1>Wrong headline of the box</h1><h2 class=real>The quay grows</h2><span "
    "class=when>12 March 2026, 10:30</span>"
    f"<div class=words><p>{PROSE}</p><p class=legal>No part of this may be printed on "
    "linen without a letter from us.</p>"
    f"<p>{PROSE}</p></div><article><p>{PROSE * 9}</p></article></body></html>"
)


def understood(
    *rules: PageRule, day: int = 12, template: Template | None = None, markup: str = PAGE
) -> Extracted:
    """The page as a source with these rules has it, fetched in March 2026."""
    page = replace(a_page(markup, entry=None), fetched_at=datetime(2026, 3, day, 20, tzinfo=UTC))
    found = article.extract_with_evidence(
        page, replace(a_source(timezone="UTC"), pages=rules), template=template
    )
    assert isinstance(found, Extracted)
    return found


def loaded(text: str) -> Source:
    """The source of this seed file."""
    return seeds.load({"sources/ma/n.yml": text}, kinds=["feed"]).sources["n"]


def test_rules_stand_in_the_seed_file() -> None:
    """A month is its first or last day; one thing to drop needs no list."""
    first, second = loaded(SOURCE + RULES).pages
    assert first == PageRule(
        body="div.words", drop=("p.legal", "div.more"), valid_until=date(2026, 3, 31)
    )
    assert second == PageRule(headline="h2.real", drop=("p.legal",), valid_from=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("body:", "boddy:", ":9: unknown key 'boddy'; did you mean 'body'?"),
        ("valid_until", "valid_till", ":11: unknown key 'valid_till'; did you mean 'valid_until'?"),
        ("div.words", '"div ["', ":9: pages.0.body: 'div [' is no CSS selector"),
        (
            "[p.legal, div.more]",
            "[p.legal, 'p::text']",
            ":10: pages.0.drop.1: 'p::text' is no CSS selector",
        ),
        ("h2.real", "[h2]", ":12: pages.1.headline: ['h2'] is no CSS selector"),
        (
            "valid_until: 2026-03",
            "valid_until: March",
            ":11: pages.0.valid_until: 'March' is no date",
        ),
        (
            "valid_until: 2026-03",
            "valid_until: 2026-02-31",
            ":11: pages.0.valid_until: '2026-02-31' is no date",
        ),
        (
            "valid_until: 2026-03",
            "valid_from: 2026-03\n    valid_until: 2025",
            ":12: the rule ends on 2025-12-31, before it begins",
        ),
        ("    valid_until: 2026-03\n", "", ":11: never used: pages.0 holds on all of its days"),
        (
            "  - body: div.words\n    drop: [p.legal, div.more]\n    valid_until",
            "  - valid_until",
            ":9: a rule says at least one of",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_line(before: str, after: str, said: str) -> None:
    """A rule that would silently do nothing is refused."""
    assert before in RULES
    with pytest.raises(SeedError) as error:
        loaded(SOURCE + RULES.replace(before, after))
    assert f"sources/ma/n.yml{said}" in str(error.value)


def test_a_rule_gives_body_headline_and_date() -> None:
    """What it names is believed before all else, and nothing of it stays unsaid."""
    rule = PageRule(body="div.words", headline="h2.real", date="span.when", drop=("p.legal",))
    found = understood(rule)
    assert (found.article.headline, found.article.body) == (
        "The quay grows",
        f"{PROSE.strip()}\n\n{PROSE.strip()}",
    )
    assert found.article.published is not None and found.article.published.at == datetime(
        2026, 3, 12, 10, 30, tzinfo=UTC
    )
    assert set(found.ruled) == {"body", "headline", "date", "drop"}


def test_a_date_may_stand_in_an_attribute() -> None:
    """``<time datetime>`` and ``<meta content>`` show nothing and say it all the same."""
    found = understood(PageRule(date="meta[name=date]"))
    assert found.article.published is not None and found.article.published.at == datetime(
        2026, 1, 1, 9, tzinfo=UTC
    )
    assert found.ruled == ("date",)


def test_a_rule_without_a_body_leaves_it_to_the_rest() -> None:
    """A headline's rule costs neither template nor slow reading."""
    rule = PageRule(headline="h2.real")
    slowly = understood(rule)
    assert (slowly.article.headline, slowly.ruled) == ("The quay grows", ("headline",))
    assert (
        slowly.article.reader == understood().article.reader
        and PROSE.strip() in slowly.article.body
    )
    template = Template(source="news", version=1, body="div.words", length=50)
    by_place = understood(rule, template=template)
    assert (by_place.article.headline, by_place.article.body.count("\n\n")) == ("The quay grows", 2)


def test_a_rule_that_finds_nothing_costs_nothing() -> None:
    """After a redesign the page is read as if there were no rule."""
    rule = PageRule(body="div.gone", headline="h3.gone", date="b.gone", drop=("i.gone",))
    found, plain = understood(rule), understood()
    assert found.ruled == () and found.article == plain.article


def test_the_day_of_fetching_chooses_the_rule() -> None:
    """Both ends are included; before and after, other rules or none hold."""
    first = PageRule(headline="h1", valid_until=date(2026, 3, 11))
    second = PageRule(
        headline="h2.real", valid_from=date(2026, 3, 12), valid_until=date(2026, 3, 12)
    )
    told = [understood(first, second, day=day).article.headline for day in (11, 12)]
    assert told == ["Wrong headline of the box", "The quay grows"]
    assert understood(first, second, day=13).ruled == ()


@pytest.mark.parametrize("everything", ["*", "html", ":root", "body"])
def test_a_rule_that_drops_everything_ends(everything: str) -> None:
    """An analyst's slip gives an empty article, not a stuck worker."""
    assert understood(PageRule(drop=(everything,))).article.extraction in ("full", "empty")


def test_try_tells_that_a_rule_was_used(newspaper: Newspaper, tmp_path: Path) -> None:
    """The analyst sees which keys found something."""
    config = desk.write(tmp_path, newspaper)
    seed = next((tmp_path / "seeds" / "sources").rglob("*.yml"))
    with seed.open("a", encoding="utf-8") as file:
        file.write("\npages:\n  - {body: div.words, drop: p.legal, headline: h2.real}\n")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    told = json.loads(
        rasd(config, "try", str(tmp_path / "a.html"), "--source", seed.stem, "--json")
    )
    assert (told["reader"], told["headline"], set(told["ruled"])) == (
        "template",
        "The quay grows",
        {"body", "headline", "drop"},
    )
    shown = rasd(config, "try", str(tmp_path / "a.html"), "--source", seed.stem)
    assert "where its source's rule says" in shown and "gave body, headline, drop" in shown
