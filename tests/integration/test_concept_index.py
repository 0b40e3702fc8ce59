"""The index of concepts: what it promises holds after every write, whoever wrote what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import matching, reading
from crawler.matching.concepts import Lexicon, find_concepts
from crawler.matching.topics import Concept, Term
from crawler.model import Article, ConceptPlaces, FoundConcepts
from storage import tables as t
from storage.archive import SqlArchive
from storage.canaries import SqlCanaries
from storage.concept_index import IndexBatch, SqlConceptIndex
from storage.reprocessing import SqlReprocessing
from tests.builders import NOW, a_date, a_page, a_reading, to_keep
from tests.emptied import empty
from tests.examples import examples
from tests.integration.test_archive import keep, sight
from tests.lexicons import COUNTRIES, articles, lexicons

SOURCES = ("news", "gazette")


def concept(name: str, *words: str, **more: object) -> Concept:
    """A concept of these French words."""
    terms = tuple(Term(text=word, language="fr") for word in words)
    return replace(Concept(name=name, title={"en": name}, terms=terms), **more)


class Desk:
    """An archive whose articles come with the concepts of a lexicon, which may change."""

    def __init__(self, archive: SqlArchive, concepts: Mapping[str, Concept]) -> None:
        self.archive, self.index = archive, SqlConceptIndex(archive.engine)
        self.countries: dict[str, str] = {"news": "MA", "gazette": ""}
        self.pages = 0
        self.use(concepts)

    def use(self, concepts: Mapping[str, Concept]) -> None:
        """Plan the index for this lexicon."""
        self.lexicon = Lexicon(concepts)
        versions = self.lexicon.versions()
        homes = {name: self.lexicon.homes(name) for name in versions}
        self.index.plan(versions, homes, self.countries)

    def keep(self, article: Article, lexicon: Lexicon | None, country: str) -> None:
        """Keep an article as a worker with this lexicon prepares it."""
        self.pages += 1
        (sighting,) = sight(self.archive, f"/{self.pages}")
        found = a_reading()
        url, body = sighting.url, article.body
        found = replace(found, article=replace(article, url=url, canonical_url=url, url_key=url))
        made = to_keep(sighting, a_page(body), found)
        concepts = lexicon and reading.find_concepts(found.article, country, lexicon)
        self.archive.save_articles(
            [replace(made, prepared=replace(made.prepared, concepts=concepts or None))]
        )

    def reread(self, number: int, article: Article, lexicon: Lexicon | None) -> None:
        """Read the page of an article again, and find this in it."""
        kept = self.archive.article(number)
        same = ("source", "url", "canonical_url", "url_key", "first_seen_at")
        new = replace(article, **{name: getattr(kept.article, name) for name in same})
        made = reading.prepare(
            a_page("x"),
            replace(a_reading(), article=new),
            lexicon=lexicon,
            country=self.countries[new.source],
        )
        SqlReprocessing(self.archive.engine, lambda name: None).replace(kept, made)

    def step(self) -> bool:
        """Look through the next two articles; False if nothing is left."""
        batch = self.index.next_batch(2)
        return batch is not None and self.index.write(batch, self.find(batch), NOW)

    def find(self, batch: IndexBatch) -> dict[int, FoundConcepts]:
        """What a worker finds in a batch."""
        asked = [(a.id, a.article, self.countries[a.article.source]) for a in batch.articles]
        names = [one.name for one in batch.concepts]
        return reading.find_concepts_of_many(asked, self.lexicon, names)

    def finish(self) -> None:
        """Look through all articles, and purge what is gone."""
        while self.step():
            pass
        while self.index.purge():
            pass

    def ids(self) -> list[int]:
        """The ids of all articles."""
        with self.archive.engine.connect() as c:
            return list(c.execute(sa.select(t.articles.c.id).order_by(t.articles.c.id)).scalars())

    def rows(self) -> dict[tuple[str, int], ConceptPlaces]:
        """The places in the index by concept and article; there are none of another article."""
        p, c_, a = t.concept_places.c, t.indexed_concepts.c, t.articles.c
        with self.archive.engine.connect() as c:
            assert not c.execute(sa.select(p.rank).where(p.rank.not_in(sa.select(a.rank)))).first()
            found = c.execute(
                sa.select(c_.name, a.id, p.sentences, p.places)
                .join(t.concept_places, p.concept == c_.id)
                .join(t.articles, a.rank == p.rank)
            )
            return {
                (row.name, row.id): ConceptPlaces(sentences=row.sentences, places=row.places)
                for row in found
            }

    def promised(self) -> dict[str, int | None]:
        """The concepts whose rows are of the lexicon's versions, and the id up to which articles
        have their places; None: all have."""
        with self.archive.engine.connect() as c:
            return {
                row.name: None if row.ended_at else row.after_id
                for row in c.execute(sa.select(t.indexed_concepts))
                if row.name in self.lexicon.concepts
                and row.version == self.lexicon.version(row.name)
            }

    def require(self) -> None:
        """What is promised is there, and nothing else in these articles."""
        rows, promised = self.rows(), self.promised()
        for number in self.ids():
            kept = self.archive.article(number).article
            country = self.countries[kept.source]
            truth = find_concepts(matching.article_fields(kept, country=country), self.lexicon)
            for name, until in promised.items():
                if until is None or number <= until:
                    assert rows.get((name, number)) == truth.get(name), (name, number)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_kept_is_indexed_is_evaluated(archive: SqlArchive, data: st.DataObject) -> None:
    """Articles kept, read again and deleted, by workers of this lexicon, of another or of none;
    a lexicon that changes, a source that moves: what the rows promise is what is found (C1)."""
    empty(archive)
    desk, other = Desk(archive, data.draw(lexicons())), Lexicon(data.draw(lexicons()))
    doings = ("keep", "keep", "keep", "reread", "step", "step", "lexicon", "country", "delete")
    for doing in data.draw(st.lists(st.sampled_from(doings), min_size=3, max_size=12)):
        worker = data.draw(st.sampled_from([desk.lexicon, desk.lexicon, other, None]))
        ids = desk.ids()
        if doing == "keep":
            source = data.draw(st.sampled_from(SOURCES))
            article = replace(data.draw(articles()), source=source)
            country = data.draw(st.sampled_from([desk.countries[source], *COUNTRIES]))
            desk.keep(article, worker, country)
        elif doing == "reread" and ids:
            article = data.draw(articles())
            published = data.draw(st.sampled_from([None, a_date(NOW - timedelta(days=300))]))
            number = ids[data.draw(st.integers(0, 9)) % len(ids)]
            desk.reread(number, replace(article, published=published), worker)
        elif doing == "step":
            desk.step()
        elif doing == "lexicon":
            desk.use(data.draw(lexicons()))
        elif doing == "country":
            desk.countries = {source: data.draw(st.sampled_from(COUNTRIES)) for source in SOURCES}
            desk.use(desk.lexicon.concepts)
        elif doing == "delete":
            SqlCanaries(archive.engine).forget("news", "none", "none")
        desk.require()
    desk.finish()
    desk.require()
    assert desk.promised() == dict.fromkeys(desk.lexicon.concepts)
    with archive.engine.connect() as c:
        names = set(c.execute(sa.select(t.indexed_concepts.c.name)).scalars())
    assert names == desk.lexicon.concepts.keys()


@pytest.fixture
def desk(archive: SqlArchive) -> Desk:
    """Two concepts, planned before any article."""
    return Desk(archive, {"iraq": concept("iraq", "Irak"), "sea": concept("sea", "mer", "Irak")})


def test_what_is_kept_is_indexed_at_once(desk: Desk) -> None:
    """Nothing is left to look through."""
    desk.finish()
    desk.keep(a_reading("La mer. L'Irak.").article, desk.lexicon, "MA")
    assert desk.promised() == {"iraq": None, "sea": None}
    assert {name for name, _ in desk.rows()} == {"iraq", "sea"}
    assert desk.index.progress() is None


def test_an_article_without_concepts_is_looked_through_later(desk: Desk) -> None:
    """And those after it, but none before."""
    desk.keep(a_reading("La mer.").article, desk.lexicon, "MA")
    desk.finish()
    last = keep(desk.archive, "/old", "L'Irak et la mer.")
    assert desk.promised() == {"iraq": last - 1, "sea": last - 1}
    progress = desk.index.progress()
    assert progress is not None
    assert (progress.concepts, progress.done, progress.of) == (2, 1, 2)
    desk.finish()
    desk.require()
    assert desk.promised() == {"iraq": None, "sea": None}


def test_only_what_changed_is_looked_for_again(desk: Desk) -> None:
    """One concept of two; the other stays ready meanwhile."""
    desk.keep(a_reading("La mer. L'océan.").article, desk.lexicon, "MA")
    desk.finish()
    changed = concept("sea", "océan")
    desk.use({"iraq": desk.lexicon.concepts["iraq"], "sea": changed})
    assert desk.promised() == {"iraq": None, "sea": 0}
    batch = desk.index.next_batch(10)
    assert batch is not None
    assert [one.name for one in batch.concepts] == ["sea"]
    desk.finish()
    desk.require()


def test_an_article_that_changed_since_it_was_read_is_read_once_more(desk: Desk) -> None:
    """What a batch found in its old text is not written over what the new one has."""
    desk.keep(a_reading("La mer.").article, None, "MA")
    desk.keep(a_reading("L'Irak.").article, None, "MA")
    batch = desk.index.next_batch(10)
    assert batch is not None
    desk.reread(desk.ids()[1], a_reading("La mer.").article, desk.lexicon)
    assert desk.index.write(batch, desk.find(batch), NOW)
    desk.require()
    desk.finish()
    desk.require()


def test_what_was_found_by_another_lexicon_goes_no_further(desk: Desk) -> None:
    """A batch that was in hand when the lexicon changed is not written."""
    desk.keep(a_reading("La mer.").article, None, "MA")
    batch = desk.index.next_batch(10)
    assert batch is not None
    found = desk.find(batch)
    desk.use({"iraq": concept("iraq", "Iraq"), "sea": concept("sea", "océan")})
    assert not desk.index.write(batch, found, NOW)
    assert desk.promised() == {"iraq": 0, "sea": 0}


def test_a_source_that_moves_is_looked_through_for_terms_of_its_press(archive: SqlArchive) -> None:
    """Those of concepts that count where it was, or where it is now; a new source moves nothing."""
    home = Term(text="ministère", language="fr", domestic=True)
    land = concept("land", country="MA", terms=(home,))
    desk = Desk(archive, {"land": land, "sea": concept("sea", "mer")})
    desk.keep(a_reading("Le ministère et la mer.").article, desk.lexicon, "MA")
    desk.finish()
    desk.countries = {"news": "MA", "gazette": "", "new": "MA"}
    desk.use(desk.lexicon.concepts)
    assert desk.promised() == {"land": None, "sea": None}
    desk.countries = {"news": "IQ", "gazette": "", "new": "MA"}
    desk.use(desk.lexicon.concepts)
    assert desk.promised() == {"land": 0, "sea": None}
    assert ("land", desk.ids()[0]) in desk.rows()
    desk.finish()
    assert ("land", desk.ids()[0]) not in desk.rows()
