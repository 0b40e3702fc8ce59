"""Views are shown on small seeds."""

from __future__ import annotations

import pytest

from crawler import seeds as seed_files
from crawler import spiders
from crawler.matching.topics import Topic
from crawler.seeds import Seeds
from tests.unit.small_seeds import FILES


@pytest.fixture(scope="session")
def seeds() -> Seeds:
    """Two sources, two concepts, a query, a topic and a digest."""
    return seed_files.load(FILES, kinds=spiders.kinds())


@pytest.fixture(scope="session")
def topic(seeds: Seeds) -> Topic:
    """The topic of these seeds; every flood is in a river."""
    return seeds.topics["water"]
