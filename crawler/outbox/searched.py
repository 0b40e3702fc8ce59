"""What the saved searches of a digest have found among the articles of a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.digest.searches import found_by
from crawler.matching.topics import SavedQuery
from crawler.model import Match, SearchFilters
from crawler.ports import ArticleSearch


class Searched:
    """The answers of some saved searches about what was kept until a moment; each time is searched
    once, whoever asks."""

    def __init__(self, search: ArticleSearch, saved: Iterable[SavedQuery], until: datetime) -> None:
        self._search, self._saved, self._until = search, list(saved), until
        self._found: dict[datetime, Mapping[int, tuple[Match, ...]]] = {}

    def since(self, moment: datetime) -> Mapping[int, tuple[Match, ...]]:
        """By the id of each article that was kept since then and is found: a match of each search
        that finds it, in the recipe's order."""
        if moment not in self._found:
            self._found[moment] = self._look(moment)
        return self._found[moment]

    def _look(self, moment: datetime) -> Mapping[int, tuple[Match, ...]]:
        found: dict[int, tuple[Match, ...]] = {}
        lately = SearchFilters(kept_since=moment, kept_until=self._until)
        for saved in self._saved:
            for kept, answer in self._search.every(saved.query, lately):
                if answer is not None:
                    found[kept.id] = (*found.get(kept.id, ()), found_by(saved.slug, answer))
        return found
