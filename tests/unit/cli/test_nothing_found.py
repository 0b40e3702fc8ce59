"""An empty answer says without which of its limits there would be one."""

from __future__ import annotations

from crawler.cli.articles import nothing_found
from crawler.model import SearchFilters
from crawler.query import Query, parse, write
from tests.builders import NOW


def lines(asked: str, filters: SearchFilters, found: dict[tuple[str, bool], int]) -> list[str]:
    """The lines if these are found: by the query that is left, and whether it is since NOW."""

    def count(query: Query | None, kept: SearchFilters) -> tuple[int, bool]:
        number = found.get((write(query) if query else "", kept.since is not None), 0)
        return number, number < 40

    return list(nothing_found.lines(parse(asked) if asked else None, filters, count))


def test_each_filter_and_each_part_is_left_out_in_turn() -> None:
    """Those without which there is still nothing have no line; a count that stopped says so."""
    filters = SearchFilters(since=NOW, languages=("fr",))
    found = {("dam AND river", False): 12, ("river", True): 0, ("dam", True): 40}
    assert lines("dam river", filters, found) == ["12 without --since", "at least 40 without river"]


def test_parts_are_named_as_they_are_typed() -> None:
    """A filter in the query, a phrase, a NOT."""
    found = {("lang:fr AND NOT river", False): 1, ('"high dam" AND lang:fr', False): 2}
    said = lines('"high dam" lang:fr NOT river', SearchFilters(), found)
    assert said == ['1 without "high dam"', "2 without NOT river"]


def test_a_word_alone_is_not_left_out() -> None:
    """That other articles exist is no help; and without any limit there is nothing to say."""
    assert lines("dam", SearchFilters(), {("", False): 9}) == []
    assert lines("dam", SearchFilters(since=NOW), {("dam", False): 9}) == ["9 without --since"]
    assert lines("", SearchFilters(since=NOW), {("", False): 9}) == ["9 without --since"]


def test_a_long_query_is_not_tried_for_ever() -> None:
    """Each part is a search of its own."""
    words = " ".join(f"w{n}" for n in range(30))
    asked: list[Query | None] = []

    def count(query: Query | None, kept: SearchFilters) -> tuple[int, bool]:
        asked.append(query)
        return 0, True

    assert list(nothing_found.lines(parse(words), SearchFilters(), count)) == []
    assert len(asked) == nothing_found.MAX_PARTS
