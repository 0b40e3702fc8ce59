"""Order by relevance: words of the headline and rare words first; pages and counts as by time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from crawler import languages, matching
from crawler.errors import NotFoundError
from crawler.languages import Folded
from crawler.query import parse
from storage.archive import SqlArchive
from storage.search import SqlSearch, judging
from tests.builders import NOW, a_date
from tests.integration.test_archive import keep

TEXTS = {  # headline, body; the first is the newest
    "passing": ("A long day", "Much was said of the weather, of bread, and of a dam, too. " * 3),
    "often": ("Works", "The dam is high. The dam is new. The dam was opened at the dam."),
    "title": ("The dam of the north", "It was opened by the minister after many years of work."),
    "other": ("Bread", "No word of it."),
    "oldest": ("The dam, the dam", "A dam: the dam."),
}


@pytest.fixture
def ids(archive: SqlArchive) -> dict[str, int]:
    """The articles, a day apart."""
    return {
        path: keep(
            archive, f"/{path}", body, headline=headline, published=a_date(NOW - timedelta(days=n))
        )
        for n, (path, (headline, body)) in enumerate(TEXTS.items())
    }


@pytest.fixture
def search(archive: SqlArchive, ids: dict[str, int]) -> SqlSearch:
    """A search of them."""
    return SqlSearch(archive.engine, matching.Evaluator({}, {}), lambda name: ())


def test_a_headline_weighs_more_than_a_word_in_passing(
    search: SqlSearch, ids: dict[str, int]
) -> None:
    """And a text that returns to the word more than a long one that has it once; a page goes on
    behind an article, and counts all."""
    found = [kept.id for kept, _ in search.every(parse("dam"), order="relevance")]
    assert found[0] == ids["oldest"] and found[-1] == ids["passing"]
    assert sorted(found) == sorted(set(ids.values()) - {ids["other"]})
    for n, one in enumerate(found):
        page = search.page(parse("dam"), order="relevance", after=one, limit=2, facets=True)
        assert [kept.id for kept, _ in page.articles] == found[n + 1 : n + 3]
        assert (page.count, page.is_exact, page.goes_on) == (4, True, n + 3 < len(found))
    with pytest.raises(NotFoundError, match="none of the answers"):
        search.page(parse("dam"), order="relevance", after=ids["other"])


@pytest.mark.parametrize("asked", ["lang:en", "NOT zebra", "zebra OR lang:en"])
def test_what_no_word_ranks_is_the_newest_first(search: SqlSearch, asked: str) -> None:
    """Filters have no more and no less of an answer."""
    query = parse(asked)
    newest = [kept.id for kept, _ in search.every(query)]
    assert newest == [kept.id for kept, _ in search.every(query, order="relevance")]
    page = search.page(query, order="relevance", after=newest[1], limit=9)
    assert [kept.id for kept, _ in page.articles] == newest[2:]


def test_only_the_newest_of_very_many_are_ranked(
    search: SqlSearch, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others follow by their time, and none is lost."""
    monkeypatch.setattr(judging, "RANKED_AT_MOST", 2)
    found = [kept.id for kept, _ in search.every(parse("dam"), order="relevance")]
    assert set(found[:2]) == {ids["passing"], ids["often"]}
    assert found[2:] == [ids["title"], ids["oldest"]]


class Elsewhere:
    """Words mean something else in the articles that have one of these headlines."""

    def __init__(self, *headlines: str) -> None:
        self._headlines = {languages.folded_text(one) for one in headlines}

    def share(self, fields: Iterable[Folded]) -> float:
        """All or none."""
        return float(languages.folded_text(next(iter(fields)).original) in self._headlines)


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_where_words_mean_something_else_comes_later(
    archive: SqlArchive, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Behind the others of its batch; every page goes on where the one before ended, and nothing
    is lost or counted twice."""
    monkeypatch.setattr(judging, "CANDIDATES_AT_ONCE", at_once)
    homographs = Elsewhere("The dam, the dam", "Works")
    search = SqlSearch(
        archive.engine, matching.Evaluator({}, {}), lambda name: (), homographs=lambda _: homographs
    )
    ranked = [kept.id for kept, _ in search.every(parse("dam"), order="relevance")]
    assert sorted(ranked) == sorted(set(ids.values()) - {ids["other"]})
    if at_once == 100:
        assert set(ranked[2:]) == {ids["oldest"], ids["often"]}
    for n, one in enumerate(ranked):
        page = search.page(parse("dam"), order="relevance", after=one, limit=2)
        assert [kept.id for kept, _ in page.articles] == ranked[n + 1 : n + 3]
        assert (page.count, page.goes_on) == (4, n + 3 < len(ranked))
