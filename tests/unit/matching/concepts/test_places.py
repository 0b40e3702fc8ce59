"""The places of a lexicon's concepts in an article: what a Document finds, packed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.matching import article_fields, text_fields
from crawler.matching.concepts import (
    FIELDS,
    LAST_BIT,
    Lexicon,
    Place,
    find_concepts,
    share_a_sentence,
    unpack_places,
)
from crawler.matching.concepts.places import pack_places
from crawler.matching.document import Document
from crawler.matching.topics import Concept, Term
from crawler.model import Article
from tests.examples import examples
from tests.lexicons import COUNTRIES, articles, lexicons

_numbers = st.integers(0, 5) | st.integers(0, 300_000)


@st.composite
def _places(draw: st.DrawFn) -> list[Place]:
    found = []
    for name in FIELDS:
        first = sentence = paragraph = 0
        for _ in range(draw(st.integers(0, 4))):
            first, sentence = first + draw(_numbers), sentence + draw(_numbers)
            paragraph += draw(_numbers)
            found.append(Place(name, first, first + draw(_numbers), sentence, paragraph))
    return found


def lexicon(*words: str) -> Lexicon:
    """A concept for each word."""
    return Lexicon(
        {
            word: Concept(name=word, title={"en": word}, terms=(Term(text=word, language="fr"),))
            for word in words
        }
    )


@settings(max_examples=examples(200))
@given(_places())
def test_places_are_what_was_packed(places: list[Place]) -> None:
    """In order of fields and words."""
    assert unpack_places(pack_places(places)) == places


@settings(max_examples=examples(200))
@given(lexicons(), articles(), st.sampled_from(COUNTRIES))
def test_places_are_those_of_the_document(
    concepts: dict[str, Concept], article: Article, country: str
) -> None:
    """And the bits of sentences say of each pair of concepts what SAME SENTENCE says."""
    fields = article_fields(article, country=country)
    whole = Lexicon(concepts)
    found, document = find_concepts(fields, whole), Document.from_fields(fields, whole.vocabulary)
    for name in concepts:
        spans = document.evaluate(query.ConceptRef(name))[1]
        places = unpack_places(found[name].places) if name in found else []
        assert sorted(places) == sorted(Place(*span[:5]) for span in spans), name
        for other in concepts.keys() - {name}:
            node = query.SameSentence(query.ConceptRef(name), query.ConceptRef(other))
            together = bool(
                name in found and other in found and found[name].sentences & found[other].sentences
            )
            assert together == document.evaluate(node)[0], (name, other)


def test_sentences_beyond_the_last_bit_share_it() -> None:
    """Then the places decide."""
    text = "Une phrase. " * (LAST_BIT + 5) + "Ici rien. Irak. Maroc. L'Irak et la Chine."
    found = find_concepts(text_fields("Maroc", text), lexicon("Irak", "Maroc", "Chine"))
    last = 1 << LAST_BIT
    assert [found[name].sentences for name in ("Irak", "Chine")] == [last, last]
    assert found["Maroc"].sentences == last | 1
    assert not share_a_sentence(found["Irak"].places, found["Maroc"].places)
    assert share_a_sentence(found["Irak"].places, found["Chine"].places)


def test_a_mention_takes_few_bytes() -> None:
    """A dozen mentions of a concept in an article, three bytes each at most."""
    text = "L'Irak parle. Un mot de plus pour rien.\n\n" * 12
    packed = find_concepts(text_fields("", text), lexicon("Irak"))["Irak"].places
    assert len(unpack_places(packed)) == 12
    assert len(packed) <= 1 + 3 * 12
