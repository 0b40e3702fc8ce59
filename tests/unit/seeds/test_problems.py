"""A typo in any key of any level is named with its file, its line and the near word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from crawler import seeds
from crawler.errors import SeedError

FULL = {
    "sources/ma/n.yml": """\
name: N
names: {ar: ن}
home: https://n.example/
country: MA
languages: [fr]
timezone: Africa/Casablanca
feeds:
  - {url: "https://n.example/a", kind: section, every: 15m, links: a, next: b, pages: 2, render: true}
pages:
  - body: article
    headline: h1
    date: time
    drop: [aside]
    valid_from: 2026-03
    valid_until: 2026-10-27
hosts: [cdn.example]
delay: 2s
expect:
  articles_per_day: 1
  stale_after: 1d
""",
    "lexicon/l.yml": """\
title: {en: L}
country: MA
supported_by: [l]
foreign: [l]
introduced_by: [l]
ambiguous: {en: [pond]}
domestic: {en: [the dam]}
terms:
  en:
    - term: water
      inflect: plural
      traps: [fire water]
      only_in: [en]
      namesakes: [wine]
actors:
  - name: Mr Pond
    role: minister
    side: l
    valid_from: 2020
    valid_until: 2021
    ambiguous: true
    abolished: false
    terms: {en: [Pond]}
traps: {en: [fire water]}
bridges: [[pond, water]]
""",
    "topics/t.yml": """\
title: {en: T}
enumerations:
  of: [l]
  at_least: 3
labels:
  b: {title: {en: b}, rule: concept:l}
  a:
    title: {en: a}
    rule: concept:l
    needs: b
    start: -5
    holds_from: 1
    doubtful_from: -10
    speaks_for:
      a fire: {rule: "@pond", points: 12}
    speaks_against:
      smoke: {rule: smoke, points: -3}
groups: {pond: concept:l}
themes: {wet: concept:l}
matches:
  - text: water
    labels: [a, b]
misses:
  - text: fire
""",
    "queries/q.yml": """\
title: {en: Q}
query: water
""",
    "digests/d.yml": """\
title: {en: D}
topics: [t]
queries: [q]
languages: [en]
hour: "07:30"
timezone: UTC
when_empty: line
max_events: 3
""",
}


def keys(shape: Any) -> set[str]:
    """Every key that a shape knows, at any level."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        inner = (keys(f.annotation) for f in shape.model_fields.values())
        return set(shape.model_fields).union(*inner)
    return set().union(*(keys(a) for a in getattr(shape, "__args__", ())))


def typos(word: str) -> Iterator[str]:
    """A letter left out, doubled, or changed with the next: at the start, in the middle, at the end."""
    for n in (0, len(word) // 2, len(word) - 1):
        letter = word[n]
        yield word[:n] + word[n + 1 :]
        yield word[:n] + letter + word[n:]
        yield word[:n] + word[n + 1 : n + 2] + letter + word[n + 2 :]


def said(files: dict[str, str]) -> list[str]:
    """What loading these files says, line by line."""
    with pytest.raises(SeedError) as error:
        seeds.load(files, kinds=["section"])
    return str(error.value).split("\n")


def test_the_full_files_are_valid() -> None:
    """Else their typos would prove nothing."""
    assert seeds.load(FULL, kinds=["section"]).sources["n"].feeds[0].pages == 2


@pytest.mark.parametrize("path", FULL)
def test_every_typo_in_every_key_is_named(path: str) -> None:
    """Each key of the shape, at each level, with nine of its typos."""
    known = keys(seeds.SHAPES[path.split("/", 1)[0]])
    places = [m for m in re.finditer(r"[a-z_]+(?=:(?:\s|$))", FULL[path]) if m[0] in known]
    assert {m[0] for m in places} == known
    for place in places:
        line = FULL[path][: place.start()].count("\n") + 1
        for typo in set(typos(place[0])) - {place[0], "", "name", "term"}:  # a key of its own
            text = FULL[path][: place.start()] + typo + FULL[path][place.end() :]
            wanted = f"{path}:{line}: unknown key {typo!r}; did you mean {place[0]!r}?"
            assert wanted in said({**FULL, path: text})


def test_a_choice_complains_once() -> None:
    """A term is a word or a mapping: of a wrong mapping only the mapping's fault is reported."""
    text = FULL["lexicon/l.yml"].replace("inflect", "inflec")
    assert [s for s in said({"lexicon/l.yml": text}) if "lexicon" in s] == [
        "lexicon/l.yml:11: unknown key 'inflec'; did you mean 'inflect'?"
    ]


def test_a_strange_key_gets_the_known_ones_of_its_level() -> None:
    """Not those of the whole file."""
    text = FULL["sources/ma/n.yml"].replace("stale_after", "xyzzy")
    assert said({"sources/ma/n.yml": text}) == [
        "sources/ma/n.yml:20: unknown key 'xyzzy'; known: articles_per_day, stale_after"
    ]
