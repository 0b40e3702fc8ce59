"""A name that is not in the seeds is named, before an empty answer is believed."""

from __future__ import annotations

import re
import shlex

import pytest
import typer

from crawler.cli.articles import search as articles
from crawler.errors import QueryError
from crawler.query import parse
from crawler.query.suggestions import refuse_concepts, slips
from crawler.seeds import Seeds
from crawler.views import arguments
from tests import places

SOURCES = ("hespress-ar", "hespress-fr", "ina")


@pytest.mark.parametrize("text", ["concept:irak", "سد AND NOT (concept:irak OR dam)", "مفهوم:irak"])
def test_an_unknown_concept_is_an_error_at_its_place(text: str) -> None:
    """No article can hold it, so nothing would ever be found."""
    with pytest.raises(QueryError, match="no concept 'irak'; did you mean 'iraq'") as caught:
        refuse_concepts(parse(text), text, ["iraq", "morocco"])
    assert text[caught.value.position :].startswith("irak")
    refuse_concepts(parse("concept:iraq"), "concept:iraq", ["iraq"])


def test_a_slip_in_a_source_topic_or_label_is_named_once() -> None:
    """Of the query's filters and of the options alike; names that the seeds have are not."""
    known = {"source": SOURCES, "topic": ("water",), "label": ("security",)}
    said = list(
        slips(
            parse("source:ina source:hespres-ar label:water/securty lang:ar"),
            {"source": ["hespres-ar"], "topic": ["watr"]},
            known,
        )
    )
    assert said == [
        "the seeds have no source 'hespres-ar'; did you mean 'hespress-ar'?",
        "the seeds have no label 'water/securty'; did you mean 'security'?",
        "the seeds have no topic 'watr'; did you mean 'water'?",
    ]
    assert list(slips(parse("source:ina label:water/security"), {}, known)) == []
    assert list(slips(None, {"label": ["nothing-like-it"]}, known)) == [
        "the seeds have no label 'nothing-like-it'; known: security"
    ]


def test_an_actor_is_known_by_any_spelling_and_a_side_in_any_case() -> None:
    """Only whom no name and no term of the lexicon means is named, with the nearest name."""
    known = {
        "actor": {"Hadi al-Amiri": ("هادي العامري",)},
        "side": ("IQ", "maghreb"),
        "theme": ("floods",),
    }
    good = parse('actor:العامري actor:"al-amiri hadi" side:iq side:Maghreb theme:water/floods')
    assert list(slips(good, {"side": ["IQ"]}, known)) == []
    assert list(slips(parse('actor:"Hady al-Amiri" theme:flods side:MA'), {}, known)) == [
        "the seeds have no actor 'Hady al-Amiri'; did you mean 'Hadi al-Amiri'?",
        "the seeds have no theme 'flods'; did you mean 'floods'?",
        "the seeds have no side 'MA'; known: IQ, maghreb",
    ]


def test_what_the_lexicon_says_of_actors_is_looked_for_when_asked(seeds: Seeds) -> None:
    """Names, spellings and sides; a hint about a source parses no lexicon."""
    known = arguments.names(seeds)
    assert "IQ" in known["side"] and len(known["side"]) > 1
    assert list(slips(parse("actor:الأعرجي"), {}, known)) == []
    assert dict(arguments.actors(seeds)) == {name: known["actor"][name] for name in known["actor"]}


def test_a_language_that_is_no_code_is_named(seeds: Seeds) -> None:
    """``--lang french`` finds nothing, and the empty answer alone does not say why."""
    known = arguments.names(seeds)
    assert list(slips(None, {"lang": ["french", "ar"]}, known)) == [
        "the seeds have no language 'french'; did you mean 'fr'?"
    ]
    (unknown,) = slips(parse("lang:zz"), {}, known)
    assert "no language 'zz'; known: ar, " in unknown


def test_near_without_a_number_is_an_error() -> None:
    """``NEAR/`` is no word to look for."""
    with pytest.raises(QueryError, match="a number of words was expected") as caught:
        parse("dam NEAR/ water")
    assert caught.value.position == len("dam NEAR/")


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/ask-the-archive.md"])
def test_the_searches_in_the_pages_can_be_asked(seeds: Seeds, page: str) -> None:
    """What they show is understood, by the shell, by the verb and by the seeds that come with it."""
    text = (places.PROJECT / page).read_text(encoding="utf-8")
    shown = re.findall(r"^rasd search\b(.*)", text, re.MULTILINE)
    assert len(shown) >= 3
    search = typer.main.get_command(articles.commands)
    for line in shown:
        given = search.make_context("search", shlex.split(line, comments=True)).params
        if written := " ".join(given["query"] or ()):
            refuse_concepts(parse(written), written, seeds.concepts)
