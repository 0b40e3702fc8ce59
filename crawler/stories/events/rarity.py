"""How rare a feature is in an archive: what few articles have says more than what many have. Pure.

A table of counts by language, made of the articles that an archive has. It may be of a sample: only
the order of magnitude matters.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.stories.events.features import EventFeatures

FEWEST = 50  # articles that a language is taken to have: of fewer, every word would seem common


@dataclass(slots=True)
class Rarity:
    """Counts of articles by language, and of those of them that have a feature."""

    articles: Counter[str] = field(default_factory=Counter)
    having: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, articles: Iterable[EventFeatures]) -> Rarity:
        """The table of these articles."""
        table = cls()
        for article in articles:
            table.count(article)
        return table

    def count(self, article: EventFeatures) -> None:
        """Count one article more."""
        self.articles[article.language] += 1
        self.having[article.language].update(article.keys)

    def of_key(self, key: str, language: str) -> float:
        """From 0 for what every article of the language has to about 1 for what only one has."""
        total = max(self.articles[language], FEWEST) + 1
        share = (self.having[language][key] + 0.5) / total
        return max(0.0, -math.log(share) / math.log(total))
