"""Which parameters of a source's addresses never tell one article from another. Pure.

Some sites put the number of a session, or the hour, into every link: each poll shows all stories
under new addresses. What such a parameter is called is learned from stories that were found under
several addresses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import parse_qsl

from crawler import urls

MIN_ARTICLES = 3  # articles whose addresses differ in a parameter before it is believed of others


def find_meaningless(addresses: Iterable[tuple[str, int]]) -> frozenset[str]:
    """The names of the parameters without meaning, given (url key, article id) of one source.

    A name is meaningless if ``MIN_ARTICLES`` articles were each found under several values of it,
    and without it no two articles would have one address.
    """
    rows = list(addresses)
    names = {name for name, n in _differing(rows).items() if n >= MIN_ARTICLES}
    if not names:
        return frozenset()
    articles: dict[str, set[int]] = defaultdict(set)
    needed: dict[str, set[str]] = defaultdict(set)
    for key, article in rows:
        shorter = urls.key_without(key, names)
        articles[shorter].add(article)
        needed[shorter] |= names & _parameters(key).keys()
    for shorter, found in articles.items():
        if len(found) > 1:
            names -= needed[shorter]
    return frozenset(names)


def shortened(addresses: Iterable[tuple[int, str]], names: Collection[str]) -> dict[str, int]:
    """The url keys without these parameters, each with the number of the first (number, url key)
    that it comes from."""
    first: dict[str, int] = {}
    for number, key in addresses:
        first.setdefault(urls.key_without(key, names), number)
    return first


def _differing(rows: Sequence[tuple[str, int]]) -> Counter[str]:
    """For how many articles each parameter differs among addresses of one path."""
    groups: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for key, article in rows:
        groups[key.partition("?")[0], article].append(_parameters(key))
    return Counter(
        name
        for found in groups.values()
        for name in {name for one in found for name in one}
        if len({one.get(name) for one in found}) > 1
    )


def _parameters(key: str) -> dict[str, str]:
    return dict(parse_qsl(key.partition("#")[0].partition("?")[2], keep_blank_values=True))
