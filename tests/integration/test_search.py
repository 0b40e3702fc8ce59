"""Search: the same words give the same answer as a topic would, newest first, and never an error."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from crawler import app, languages, matching
from crawler.errors import NotFoundError
from crawler.languages.index_text import index_tokens
from crawler.matching.topics import Concept
from crawler.model import SearchFilters, SearchOrder
from crawler.query import parse
from crawler.seeds import Seeds, folder
from storage.archive import SqlArchive
from storage.search import SqlSearch
from tests.builders import NOW, a_date
from tests.integration.test_archive import keep


@pytest.fixture
def search(archive: SqlArchive, seeds: Seeds) -> SqlSearch:
    """A search over five articles."""
    keep(
        archive,
        "/old",
        "وصل الوفد إلى بغداد صباحا.",
        headline="زيارة",
        language="ar",
        published=a_date(NOW - timedelta(days=3)),
    )
    keep(
        archive,
        "/new",
        "وقّع الوزيران ببغداد اتفاقية أمنية.",
        "general",
        headline="اتفاقية",
        language="ar",
        published=a_date(NOW),
    )
    keep(
        archive,
        "/obstacles",
        "العراقيل كثيرة.",
        headline="إدارة",
        language="ar",
        published=a_date(NOW - timedelta(days=1)),
    )
    keep(
        archive,
        "/fr",
        "L'Irak et le Maroc signent. La coopération avance.",
        headline="Accord",
        language="fr",
        published=a_date(NOW - timedelta(days=2)),
    )
    keep(archive, "/en", "The dam was opened.", headline="Dam", language="en", source="other")
    countries = {"news": "MA", "other": "IQ"}
    evaluate = matching.Evaluator(seeds.concepts, countries)
    terms = {name: matching.index_words(c) for name, c in seeds.concepts.items()}
    saved = {"dams": parse("dam OR سد"), "irak": parse("title:accord @dams OR irak")}
    return SqlSearch(
        archive.engine, evaluate, lambda name: terms.get(name, ()), saved=saved, countries=countries
    )


def found(search: SqlSearch, asked: str, limit: int = 20, **filters: Any) -> list[str]:
    """The last part of each found address, in order."""
    query = parse(asked) if asked else None
    answers = search.find(query, SearchFilters(**filters), limit=limit)
    return [kept.article.url.rsplit("/", 1)[-1] for kept, _ in answers]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("بغداد", ["new", "old"]),
        ("العراق", []),
        ("اتفاقيه امنيه", ["new"]),
        ('"اتفاقية أمنية"', ["new"]),
        ("l'irak", ["fr"]),
        ("irak NOT maroc", []),
        ("irak NEAR/3 maroc", ["fr"]),
        ("irak NEAR/1 signent", []),
        ("irak SAME SENTENCE coopération", []),
        ("irak NOT SAME SENTENCE coopération", ["fr"]),
        ("coopération NOT SAME SENTENCE irak", ["fr"]),
        ("irak NOT SAME SENTENCE maroc", []),
        ("NOT (irak NOT SAME SENTENCE coopération) lang:fr", []),
        ("بغداد NOT SAME SENTENCE اتفاقية", ["old"]),
        ("concept:iraq NOT SAME SENTENCE (maroc OR اتفاقية)", ["old"]),
        ("(irak SAME SENTENCE maroc) NOT SAME SENTENCE (coopération OR dam)", ["fr"]),
        ("title:accord", ["fr"]),
        ("body:accord", []),
        ("concept:iraq", ["new", "fr", "old"]),
        ("dam OR بغداد", ["new", "en", "old"]),
        ("NOT بغداد", ["en", "obstacles", "fr"]),
        ("country:IQ", ["en"]),
        ("dam OR lang:fr", ["fr", "en"]),
        ("after:2026-11-23 -x OR source:other", ["en"]),
        ("before:2026-11-21 بغداد", ["old"]),
        ("label:water/general", ["new"]),
        ("NOT label:general NOT country:IQ", ["old", "obstacles", "fr"]),
        ("@dams", ["en"]),
        ("@irak", ["fr"]),
        ("irak >= 1", ["fr"]),
        ("عراق*", ["obstacles"]),
        ("العراق*", ["obstacles"]),
        ("بغد*", ["new", "old"]),
        ("الوز*", ["new"]),
        ("coop*", ["fr"]),
        ("COOPÉ*", ["fr"]),
        ("mar* NEAR/2 ira*", ["fr"]),
        ("title:acc*", ["fr"]),
        ("dam* OR signen*", ["fr", "en"]),
        ("NOT coop* lang:fr", []),
        ("open* lang:en", ["en"]),
        ("بغداد < 1", ["en", "obstacles", "fr"]),
        ("irak SAME PARAGRAPH coopération", ["fr"]),
        ("l'irak", ["fr"]),
    ],
)
def test_words_are_found_in_all_their_spellings(
    search: SqlSearch, asked: str, answer: list[str]
) -> None:
    """العراق is not in العراقيل, بغداد is in ببغداد, and accents and hamzas make no difference."""
    assert sorted(found(search, asked)) == sorted(answer)


@pytest.mark.parametrize(
    "asked",
    [
        "{a} NOT SAME SENTENCE {b}",
        "({a} NOT SAME SENTENCE {b}) >= 1",
        "title:({a} NOT SAME SENTENCE {b})",
        "NOT ({a} NOT SAME SENTENCE {b})",
        "{a} NOT SAME SENTENCE (dam* OR اتف* OR coo*)",
        "({a} OR {b}) NOT SAME SENTENCE ({a} NEAR/3 {b})",
    ],
)
def test_the_index_loses_nothing_that_the_evaluator_finds(
    search: SqlSearch, seeds: Seeds, asked: str
) -> None:
    """Of each pair of words, what the database answers is what holds in the articles."""
    evaluate = matching.Evaluator(seeds.concepts, {"news": "MA", "other": "IQ"})
    kept = [article for article, _ in search.find(None)]
    assert len(kept) == 5
    for a, b in permutations(("irak", "coopération", "بغداد", "اتفاقية", "dam", "concept:iraq"), 2):
        text = asked.format(a=a, b=b)
        holding = [k for k in kept if evaluate(parse(text), k) is not None]
        assert sorted(found(search, text)) == sorted(
            k.article.url.rsplit("/", 1)[-1] for k in holding
        ), text


def test_the_newest_comes_first_whatever_the_order_of_arrival(search: SqlSearch) -> None:
    """By date of publication, or first sight where there is none; pages go on where the last
    ended.
    """
    assert found(search, "بغداد") == ["new", "old"]
    assert found(search, "بغداد", limit=1) == ["new"]
    assert found(search, "")[-1] == "old"


@pytest.mark.parametrize("number", [2**63, 10**30, -(10**30)])
def test_a_number_that_can_be_no_id_is_not_there(
    archive: SqlArchive, search: SqlSearch, number: int
) -> None:
    """Databases raise at more than 64 bits; whoever types such an id reads that there is none."""
    with pytest.raises(NotFoundError, match=f"no article {number}"):
        archive.article(number)
    with pytest.raises(NotFoundError, match=f"no article {number}"):
        search.page(None, after=number)
    assert archive.queue_again([number], NOW) == []
    assert archive.drop([number], NOW) == ([], 0)


@pytest.mark.parametrize("asked", [None, "NOT زيارة"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_lose_and_repeat_nothing_while_articles_arrive(
    archive: SqlArchive, search: SqlSearch, order: SearchOrder, asked: str | None
) -> None:
    """Each begins behind an article, and says whether there are more and how many in all."""
    query = parse(asked) if asked else None
    whole = [kept.id for kept, _ in search.every(query, order=order)]
    newest = [kept.id for kept, _ in search.every(query)]
    assert whole == (newest if order == "newest" else newest[::-1])
    seen: list[int] = []
    goes_on = True
    while goes_on:
        behind = seen[-1] if seen else None
        page = search.page(query, limit=2, order=order, after=behind, counting_seconds=60)
        goes_on = page.goes_on
        seen += [kept.id for kept, _ in page.articles]
        arrived = (len(seen) + 1) // 2 - 1  # one behind each page but the first
        assert (page.count, page.is_exact) == (len(whole) + arrived, True)
        far = NOW + timedelta(days=len(seen) * (1 if order == "newest" else -100))
        keep(archive, f"/arrived{len(seen)}", "Words.", published=a_date(far))
    assert [n for n in seen if n in whole] == whole
    assert len(seen) == len(set(seen))
    with pytest.raises(NotFoundError, match="no article 99 to go on after"):
        search.page(query, after=99)


def test_a_number_is_exact_or_a_least(search: SqlSearch) -> None:
    """Counting that has to stop says so; without a query the database counts."""
    asked = parse("NOT title:اتفاقية")  # judged
    assert search.count(asked) == 4 and search.count(None) == 5
    assert search.count(None, SearchFilters(languages=("fr",))) == 1
    stopped = search.page(asked, limit=1, counting_seconds=0)
    assert (stopped.is_exact, stopped.goes_on) == (False, True) and 1 <= stopped.count < 4
    counted = search.page(asked, limit=1, counting_seconds=60)
    assert (counted.count, counted.is_exact, counted.goes_on) == (4, True, True)
    behind = search.page(asked, limit=9, after=counted.articles[0][0].id, counting_seconds=60)
    assert (len(behind.articles), behind.count, behind.goes_on) == (3, 4, False)
    filtered = search.page(None, limit=1, counting_seconds=0)
    assert (filtered.count, filtered.is_exact, filtered.goes_on) == (5, True, True)
    empty = search.page(parse("zebra"))
    assert (empty.articles, empty.count, empty.is_exact, empty.goes_on) == ((), 0, True, False)


def test_filters_all_have_to_hold(search: SqlSearch) -> None:
    """Source, language, time and label narrow an answer."""
    assert found(search, "", sources=("other",)) == ["en"]
    assert found(search, "", languages=("fr",)) == ["fr"]
    assert found(search, "", label="general", topic="water") == ["new"]
    assert found(search, "", since=NOW - timedelta(days=2), until=NOW - timedelta(hours=1)) == [
        "obstacles",
        "fr",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "maroc-irak",
        "l'irak*",
        '"a" b',
        "؟ب",
        "a\\b",
        "x'; DROP TABLE articles",
        "a_b",
        '"a_b c-d"',
        "№1 ½",
    ],
)
def test_no_query_that_parses_raises(search: SqlSearch, asked: str) -> None:
    """Ordinary French queries would break FTS5's own syntax (M30)."""
    assert isinstance(found(search, asked), list)


def test_mentions_prove_the_answer(search: SqlSearch) -> None:
    """Each result says which words of the original answered."""
    ((kept, match),) = search.find(parse("اتفاقيه"))
    assert match is not None
    assert {kept.article.body[m.start : m.end] for m in match.mentions if m.field == "body"} == {
        "اتفاقية"
    }


def test_the_app_gives_every_concept_of_the_seeds(seeds: Seeds) -> None:
    """Whatever the lexicon names can be searched for, by words that the index holds as one."""
    words = [matching.index_words(c) for c in seeds.concepts.values()]
    assert all(words)
    keys = {key for forms in words for form in forms for key in index_tokens(form)}
    assert [key for key in keys if any(c.isascii() and not c.isalnum() for c in key)] == []
    assert folder.find_seeds_folder(None).is_dir()


def test_words_are_spelled_out_when_a_query_names_their_concept(
    archive: SqlArchive, seeds: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon opens a search and never uses it: it must not hold the words of all concepts."""
    spelled: list[str] = []

    def index_words(concept: Concept) -> frozenset[str]:
        spelled.append(concept.name)
        return real(concept)

    real = matching.index_words
    monkeypatch.setattr(matching, "index_words", index_words)
    opened = app.open_search(archive, seeds, seeds.concepts)
    assert spelled == []
    for _ in range(2):
        list(opened.find(parse("concept:iraq nosuchword"), limit=1))
    assert spelled == ["iraq"]


def test_the_archive_knows_which_words_occur(search: SqlSearch) -> None:
    """As texts have them: with article and proclitics, accents or none."""
    asked = ["بغداد", "اتفاقية", "اتفاقيات", "irak", "coopération", "الوفد", "zebra", "عراق"]
    plain = [word for text in asked for word in languages.plain_words(text)]
    assert sorted(search.occurring(plain)) == sorted(
        ["بغداد", "اتفاقية", "irak", "cooperation", "الوفد"]
    )
    assert search.occurring([]) == frozenset()
