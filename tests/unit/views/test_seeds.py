"""What ``rasd seeds check`` prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crawler.query import describe
from crawler.seeds import Seeds
from crawler.views.seeds import check_lines, failed_examples, mistakes, verdict
from tests.unit.small_seeds import FILES

TODAY = date(2026, 11, 30)


def test_every_kind_of_file_has_a_line(seeds: Seeds) -> None:
    """It begins with the path and says what the file holds."""
    failed = failed_examples(FILES, seeds)
    lines = dict(line.split(": ", 1) for line in check_lines(FILES, seeds, failed, TODAY))
    assert failed == {} and list(lines) == list(FILES)
    assert lines["sources/ma/une.yml"] == (
        "La Une · MA · fr · feed every 30 min, sitemap every 60 min"
    )
    assert lines["lexicon/river.yml"] == "concept of 2 terms (en ar), 1 traps"
    assert lines["lexicon/flood.yml"].endswith("traps without a term in them: deluge")
    assert lines["queries/high-water.yml"] == describe(seeds.queries["high-water"].query, "en")
    assert lines["topics/water.yml"].startswith(
        "labels rivers, floods over 2 concepts, 3 of 3 examples hold · version "
    )
    assert lines["digests/daily.yml"] == "water · daily at 07:30 UTC"


def test_a_wrong_example_is_named_with_its_line(seeds: Seeds) -> None:
    """The topic's line counts it."""
    slug, topic = next((slug, t) for slug, t in seeds.topics.items() if t.examples)
    wrong = replace(topic.examples[0], text="Nothing of the kind.", labels=tuple(topic.labels))
    broken = replace(topic, examples=(wrong, *topic.examples[1:]))
    changed = replace(seeds, topics={**seeds.topics, slug: broken})
    path, number = f"topics/{slug}.yml", len(topic.examples)
    failed = failed_examples([path], changed)
    assert [problem.startswith(f"{path}:{wrong.line}: ") for problem in failed[path]] == [True]
    (line,) = check_lines([path], changed, failed, TODAY)
    assert f"{number - 1} of {number} examples hold" in line


def test_the_verdict_is_one_line(seeds: Seeds) -> None:
    """How many of each, or how many mistakes in how many files."""
    few = replace(seeds, sources={}, queries=dict(list(seeds.queries.items())[:1]), digests={})
    topics, concepts = len(few.topics), len(few.concepts)
    assert verdict(few).startswith(f"0 sources, {concepts} concept")
    assert verdict(few).endswith(
        f", 1 search, {topics} topic{'s' * (topics > 1)}, 0 digests: no mistake"
    )
    assert mistakes(["topics/a.yml:1: x"]) == "1 mistake in 1 file"
    found = ["topics/a.yml:1: x", "topics/a.yml:2: y", "topics/b.yml:1: z"]
    assert mistakes(found) == "3 mistakes in 2 files"
