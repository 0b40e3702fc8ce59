"""What a concept's mentions depend on, and the version that says whether it changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.matching import Evaluator, article_fields
from crawler.matching.concepts import Lexicon
from crawler.matching.document import Document
from crawler.matching.term_index import Vocabulary
from crawler.matching.topics import Concept, Term
from crawler.model import Actor, Article
from tests.builders import kept
from tests.examples import examples
from tests.lexicons import COUNTRIES, NAMES, articles, lexicons

PREMIER = Actor(name="Mohammed al-Sudani", role="prime minister", side="iraq")
IRAQ = Concept(
    name="iraq",
    title={"en": "Iraq"},
    terms=(Term(text="محمد شياع السوداني", language="ar", actor=PREMIER),),
)
SUDAN = Concept(
    name="sudan",
    title={"en": "Sudan"},
    terms=(Term(text="سوداني", language="ar", inflect=("nisba",)),),
)
WATER = Concept(name="water", title={"en": "Water"}, terms=(Term(text="eau", language="fr"),))


@settings(max_examples=examples(400))
@given(lexicons(), articles(), st.sampled_from(COUNTRIES), st.sets(st.sampled_from(NAMES)))
def test_a_concept_has_the_same_mentions_whatever_else_is_looked_for(
    concepts: dict[str, Concept], article: Article, country: str, others: set[str]
) -> None:
    """With those that decide about it, with any others, or with the whole lexicon."""
    fields, lexicon = article_fields(article, country=country), Lexicon(concepts)
    for name in concepts:
        found = [
            Document.from_fields(fields, Vocabulary({n: concepts[n] for n in sorted(looked_for)}))
            for looked_for in (
                lexicon.deciding([name]),
                lexicon.deciding([name, *others]),
                concepts.keys(),
            )
        ]
        mentions = [document.evaluate(query.ConceptRef(name))[1] for document in found]
        assert mentions[0] == mentions[1] == mentions[2], name


def test_a_surname_that_is_a_demonym_decides_in_a_search_too() -> None:
    """السوداني is the prime minister whose full name the text has, and no Sudanese."""
    text = "بحث محمد شياع السوداني الملف. وقال السوداني إن الاتفاق قريب."
    article = kept(1, text)
    evaluate = Evaluator({"iraq": IRAQ, "sudan": SUDAN}, {})
    assert evaluate(query.ConceptRef("sudan"), article) is None
    assert evaluate(query.ConceptRef("iraq"), article) is not None


def test_a_version_changes_with_all_that_decides_about_the_concept() -> None:
    """Not with a concept that decides nothing about it."""
    before = Lexicon({"iraq": IRAQ, "sudan": SUDAN, "water": WATER}).versions()
    left = replace(IRAQ.terms[0], valid_until=date(2026, 1, 1))
    changed = replace(IRAQ, terms=(left,))
    after = Lexicon({"iraq": changed, "sudan": SUDAN, "water": WATER}).versions()
    assert {name for name in before if before[name] != after[name]} == {"iraq", "sudan"}
    assert Lexicon({"water": WATER}).versions()["water"] == before["water"]


def test_a_country_counts_where_a_concept_has_terms_of_its_own_press() -> None:
    """Or one that decides about it has."""
    home = Term(text="ministère", language="fr", domestic=True)
    land = replace(IRAQ, country="IQ", terms=(*IRAQ.terms, home))
    lexicon = Lexicon({"iraq": land, "sudan": SUDAN, "water": WATER})
    assert lexicon.homes("iraq") == lexicon.homes("sudan") == {"IQ"}
    assert lexicon.homes("water") == frozenset()
