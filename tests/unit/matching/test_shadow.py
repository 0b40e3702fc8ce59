"""A query on the shadow text gives the answer that it gives on the article."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.languages import plain_words
from crawler.languages.index_text import MAX_INDEXED_CHARACTERS, write_index_text
from crawler.matching import Evaluator, shadow
from crawler.matching.mentions import Span
from crawler.matching.topics import Concept, Term
from crawler.model import ArchivedArticle, Article
from tests import builders, odd_texts
from tests.examples import examples

CONCEPTS = {
    "iraq": Concept(
        name="iraq",
        title={},
        terms=(Term(text="العراق", language="ar"), Term(text="Irak", language="fr")),
        traps=("IRAK été",),
    ),
    "treaty": Concept(
        name="treaty",
        title={},
        terms=(Term(text="traité", language="fr"), Term(text="café", language="fr")),
    ),
}
_EVERY = query.Or(tuple(map(query.ConceptRef, CONCEPTS)))
PLAIN = [word for raw in odd_texts.WORDS for word in plain_words(raw)]
_words = st.sampled_from(PLAIN)
_places = st.recursive(
    st.one_of(
        _words.map(query.Word),
        _words.filter(lambda word: len(word) > 2).map(lambda word: query.Prefix(word[:3])),
        st.lists(_words, min_size=2, max_size=3).map(lambda words: query.Phrase(tuple(words))),
        st.sampled_from(sorted(CONCEPTS)).map(query.ConceptRef),
    ),
    lambda inner: st.one_of(
        st.builds(query.Near, inner, inner, st.integers(0, 8)),
        st.builds(query.SameSentence, inner, inner),
        st.builds(query.SentenceWithout, inner, inner),
        st.builds(query.SameParagraph, inner, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.Or(tuple(parts))),
        st.builds(query.InField, st.sampled_from(sorted(set(query.FIELDS.values()))), inner),
    ),
    max_leaves=4,
)
queries = st.recursive(
    st.one_of(
        _places,
        st.builds(query.Count, _places, st.sampled_from((">=", "<=", "=")), st.integers(0, 3)),
    ),
    lambda inner: st.one_of(
        st.builds(query.Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.Or(tuple(parts))),
        st.builds(query.InField, st.sampled_from(sorted(set(query.FIELDS.values()))), inner),
    ),
    max_leaves=3,
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """With and without a body, whose lead is its beginning or a text of its own."""
    body = draw(st.one_of(odd_texts.texts(60), st.just("")))
    lead = draw(st.one_of(odd_texts.texts(10), st.just(body[: len(body) // 3])))
    return builders.an_article(
        body,
        lead=lead,
        headline=draw(odd_texts.texts(8)),
        summary=draw(st.one_of(st.just(""), odd_texts.texts(8))),
        url="http://n.test/2026/irak-traité.html",
    )


def _kept(article: Article) -> ArchivedArticle:
    return ArchivedArticle(id=1, article=article, kept_at=builders.NOW)


def _concepts(article: Article) -> dict[str, list[Span]]:
    """The places of all concepts in an article, as an index may keep them."""
    document = Evaluator(CONCEPTS, {}).document(_EVERY, _kept(article))
    return {
        name: [
            shadow.make_place(
                name, s.field, s.first, s.last, sentence=s.sentence, paragraph=s.paragraph
            )
            for s in document.evaluate(query.ConceptRef(name))[1]
        ]
        for name in CONCEPTS
    }


def _where(spans: list[Span]) -> list[tuple[object, ...]]:
    return [(s.field, s.first, s.last, s.sentence, s.paragraph) for s in spans]


@given(articles(), st.lists(queries, min_size=1, max_size=4))
@settings(max_examples=examples(400))
def test_the_shadow_answers_as_the_article_does(article: Article, asked: list[query.Query]) -> None:
    """For every node of the grammar, in all fields: the same answer with the same places."""
    document = Evaluator(CONCEPTS, {}).document(query.And((*asked, _EVERY)), _kept(article))
    found = shadow.document(*write_index_text(article), _concepts(article))
    assert found is not None
    for node in asked:
        holds, spans = document.evaluate(node)
        assert found.evaluate(node)[0] is holds, query.write(node)
        assert _where(found.evaluate(node)[1]) == _where(spans), query.write(node)


def test_a_text_too_long_for_the_index_is_not_judged_by_its_shadow() -> None:
    """What stands behind the cut would be missing."""
    article = builders.an_article("word " * MAX_INDEXED_CHARACTERS + "end")
    assert shadow.document(*write_index_text(article)) is None


def test_the_words_of_the_address_count_where_a_body_is_missing() -> None:
    """As the evaluator has it: a failed extraction must not hide a story."""
    article = builders.an_article("", lead="", headline="", url="http://n.test/new-river-dam")
    found = shadow.document(*write_index_text(article))
    assert found is not None and found.evaluate(query.Phrase(("river", "dam")))[0]
