"""Searches for concepts that the index has: it decides alone, and gives what judging gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.app.searching import LexiconInUse
from crawler.matching import Evaluator, index_words
from crawler.matching.concepts import Lexicon, share_a_sentence
from crawler.matching.topics import Concept
from crawler.model import ArchivedArticle, Mention
from storage.archive import SqlArchive
from storage.search import SqlSearch
from tests.builders import a_reading
from tests.emptied import empty
from tests.examples import examples
from tests.integration.test_concept_index import Desk, concept
from tests.lexicons import COUNTRIES, NAMES, articles, lexicons

IRAQ, SEA = concept("iraq", "Irak"), concept("sea", "mer")


def refuse(node: query.Query, kept: ArchivedArticle) -> tuple[Mention, ...] | None:
    """An evaluator that is not to be asked."""
    raise AssertionError(f"article {kept.id} was judged")


def search_of(desk: Desk, *, may_judge: bool = False, digest: str = "") -> SqlSearch:
    """A search with the desk's lexicon."""
    concepts = desk.lexicon.concepts
    evaluate = Evaluator(concepts, desk.countries)
    return SqlSearch(
        desk.archive.engine,
        evaluate if may_judge else refuse,
        lambda name: index_words(concepts[name]) if name in concepts else frozenset(),
        countries=desk.countries,
        locate=evaluate,
        lexicon=LexiconInUse(Lexicon(concepts), desk.countries, digest),
        share_a_sentence=share_a_sentence,
    )


def judged(desk: Desk, asked: query.Query) -> list[int]:
    """The ids of all articles for which the query holds, by judging each."""
    evaluate = Evaluator(desk.lexicon.concepts, desk.countries)
    kept = [desk.archive.article(number) for number in desk.ids()]
    return [one.id for one in kept if evaluate(asked, one) is not None]


def found(search: SqlSearch, asked: query.Query) -> list[int]:
    """The ids of the articles that a search finds."""
    answers = sorted(kept.id for kept, _ in search.find(asked, limit=1_000))
    assert len(answers) == search.count(asked) == search.page(asked, limit=1).count
    return answers


def both(one: str, other: str) -> query.Query:
    """Both concepts in one sentence."""
    return query.SameSentence(query.ConceptRef(one), query.ConceptRef(other))


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lexicons(),
    st.lists(st.tuples(articles(), st.sampled_from(["news", "gazette"])), max_size=6),
    st.sampled_from(COUNTRIES),
)
def test_the_index_finds_what_judging_finds(
    archive: SqlArchive, concepts: Mapping[str, Concept], texts: list[tuple[object, str]], home: str
) -> None:
    """Each concept, each two of them, and each two in one sentence; no article is judged."""
    empty(archive)
    desk = Desk(archive, concepts)
    desk.countries = {"news": home, "gazette": ""}
    desk.use(concepts)
    for article, source in texts:
        made = replace(article, source=source)  # type: ignore[type-var]
        desk.keep(made, desk.lexicon, desk.countries[source])  # type: ignore[arg-type]
    desk.finish()
    search = search_of(desk)
    known = [name for name in NAMES if name in concepts]
    for one in known:
        asked: query.Query = query.ConceptRef(one)
        assert found(search, asked) == judged(desk, asked)
        assert found(search, query.Not(asked)) == judged(desk, query.Not(asked))
        for other in known:
            together = query.And((asked, query.ConceptRef(other)))
            assert found(search, together) == judged(desk, together)
            either = query.Or((asked, query.Not(query.ConceptRef(other))))
            assert found(search, either) == judged(desk, either)
            if one != other:
                assert found(search, both(one, other)) == judged(desk, both(one, other))


@pytest.fixture
def desk(archive: SqlArchive) -> Desk:
    """Two articles; the second has both concepts in one sentence, beyond the last bit."""
    made = Desk(archive, {"iraq": IRAQ, "sea": SEA})
    long = "Rien ici. " * 70
    made.keep(a_reading(f"{long}L'Irak. Puis la mer.").article, made.lexicon, "MA")
    made.keep(a_reading(f"{long}L'Irak et la mer.").article, made.lexicon, "MA")
    made.finish()
    return made


def test_places_decide_about_sentences_beyond_the_last_bit(desk: Desk) -> None:
    """Without judging."""
    assert found(search_of(desk), both("iraq", "sea")) == judged(desk, both("iraq", "sea"))
    assert len(judged(desk, both("iraq", "sea"))) == 1


def test_a_concept_that_is_not_ready_is_looked_for_word_by_word(desk: Desk) -> None:
    """And the answer says so, until it is indexed."""
    desk.use({"iraq": IRAQ, "sea": concept("sea", "mer", "océan")})
    asked = both("iraq", "sea")
    page = search_of(desk, may_judge=True).page(asked)
    assert page.notes == ("not in the index yet, and so looked for word by word: sea",)
    assert page.count == 1
    desk.finish()
    page = search_of(desk).page(asked)
    assert (page.notes, page.count) == ((), 1)


def test_a_concept_of_other_seeds_is_not_taken_for_the_index_s(desk: Desk) -> None:
    """A search whose lexicon was edited and not yet planned; nor one whose source moved."""
    edited = search_of(desk, may_judge=True)
    edited._lexicon = LexiconInUse(
        Lexicon({"iraq": concept("iraq", "Bagdad"), "sea": SEA}), desk.countries
    )
    assert "iraq" in edited.page(query.ConceptRef("iraq")).notes[0]


def test_seeds_that_were_planned_need_no_version(desk: Desk) -> None:
    """A search with the files of the plan asks for no version, which takes all concepts."""
    versions = desk.lexicon.versions()
    desk.index.plan(versions, {}, desk.countries, "files of today")
    search = search_of(desk, digest="files of today")

    def version(name: str) -> str:
        raise AssertionError(name)

    object.__setattr__(search._lexicon, "lexicon", desk.lexicon)
    desk.lexicon.version = version  # type: ignore[method-assign]
    assert len(found(search, query.ConceptRef("sea"))) == 2
