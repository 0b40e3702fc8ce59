"""Seeds that are parsed when they are asked for."""

from __future__ import annotations

import pytest

from crawler import seeds
from crawler.app import on_demand
from crawler.errors import SeedError
from tests.places import PROJECT

KINDS = ("feed", "section", "sitemap", "wordpress")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The seed files that come with rasd."""
    root = PROJECT / "seeds"
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*.yml")
    }


def test_the_seeds_are_the_same_when_they_are_asked_for(files: dict[str, str]) -> None:
    """The same slugs in the same order, and equal records; so have topics the same version."""
    wanted, found = seeds.load(files, kinds=KINDS), on_demand.load(files, kinds=KINDS)
    for name in ("sources", "concepts", "queries", "topics", "digests"):
        assert list(getattr(found, name).items()) == list(getattr(wanted, name).items())


def test_nothing_is_parsed_that_is_not_asked_for(files: dict[str, str]) -> None:
    """A broken file is an error when it is asked for, and not before."""
    found = on_demand.load({**files, "lexicon/zz.yml": "terms: 1"}, kinds=KINDS)
    assert "zz" in found.concepts
    assert found.concepts["police"].name == "police"
    assert found.concepts.get("no-such-concept") is None
    with pytest.raises(SeedError, match=r"lexicon/zz\.yml:1: "):
        found.concepts["zz"]
