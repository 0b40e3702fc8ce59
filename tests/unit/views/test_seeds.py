"""What ``rasd seeds check`` prints."""

from __future__ import annotations

from dataclasses import replace

from crawler.seeds import Seeds, folder
from crawler.views.seeds import check_lines, failed_examples


def test_every_kind_of_file_has_a_line(seeds: Seeds) -> None:
    """It begins with the path and says what the file holds; the shipped examples all hold."""
    paths = list(folder.read_seed_files(folder.find_seeds_folder(None)))
    failed = failed_examples(paths, seeds)
    lines = check_lines(paths, seeds, failed)
    assert failed == {} and len(lines) == len(paths)
    for kind, words in {
        "sources/": " every ", "lexicon/": "concept of ", "topics/": " examples hold · version ",
        "queries/": "", "digests/": " · daily at ",
    }.items():  # fmt: skip
        mine = [line for path, line in zip(paths, lines, strict=True) if path.startswith(kind)]
        assert mine and all(words in line for line in mine)


def test_a_wrong_example_is_named_with_its_line(seeds: Seeds) -> None:
    """The topic's line counts it."""
    slug, topic = next((slug, t) for slug, t in seeds.topics.items() if t.examples)
    wrong = replace(topic.examples[0], text="Nothing of the kind.", labels=tuple(topic.labels))
    broken = replace(topic, examples=(wrong, *topic.examples[1:]))
    changed = replace(seeds, topics=seeds.topics | {slug: broken})
    path, number = f"topics/{slug}.yml", len(topic.examples)
    failed = failed_examples([path], changed)
    assert [problem.startswith(f"{path}:{wrong.line}: ") for problem in failed[path]] == [True]
    (line,) = check_lines([path], changed, failed)
    assert f"{number - 1} of {number} examples hold" in line
