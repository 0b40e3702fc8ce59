"""What the lexicon knows of names and meanings is read for searches, and no more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.app import knowledge, on_demand
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.languages import fold
from crawler.query import parse
from crawler.seeds import folder
from tests.unit.small_seeds import FILES

PERSONS = """\
title: {en: ministers}
actors:
  - name: Nasser Bourita, at home
    role: minister
    side: MA
    terms:
      ar: [ناصر بوريطة, الوزير بوريطة]
      fr: [Nasser Bourita, ministre Bourrita]
bridges: [[dam, barrage]]
"""


def test_surnames_are_those_words_of_an_actor_that_spell_it() -> None:
    """Not the given name, nor the office."""
    files = {**FILES, "lexicon/persons.yml": PERSONS}
    found = on_demand.load(files, kinds=("feed",))
    loaded = LoadedSeeds(found, files, ())
    assert list(knowledge.surnames([found.concepts["persons"]])) == [
        ("bourita", "بوريطة", "bourrita")
    ]
    known = knowledge.of(loaded, lambda words: words)
    assert list(known.persons()) == [("bourita", "بوريطة", "bourrita")]
    assert list(known.bridges()) == [("dam", "barrage")]


def test_the_shipped_lexicon_spells_its_persons() -> None:
    """Nearly every one in both scripts."""
    files = folder.read_seed_files(folder.find_seeds_folder(Path("seeds")))
    actors = {path: text for path, text in files.items() if "\nactors:" in text}
    found = on_demand.load(actors, kinds=())
    known = list(knowledge.surnames(found.concepts.values()))
    both = [
        one for one in known if any(w.isascii() for w in one) and not all(map(str.isascii, one))
    ]
    assert len(known) > 100
    assert len(both) > 0.9 * len(known)


@pytest.mark.parametrize(
    ("asked", "text", "share"),
    [
        ("المغرب", "رفع أذان المغرب", 1.0),
        ("المغرب", "دول المغرب العربي", 1.0),
        ("المغرب", "زار المغرب", 0.0),
        ("مغرب OR irak", "قبيل صلاة المغرب", 1.0),
        ("Ouahbi", "le coach Ouahbi", 1.0),
        ("Ouahbi", "le ministre Ouahbi", 0.0),
        ("irak", "M. Laraki", 0.0),
        ('"المغرب العربي"', "دول المغرب العربي", 0.0),
    ],
)
def test_the_shipped_lexicon_tells_homographs(asked: str, text: str, share: float) -> None:
    """The prayer, the region and the coach from the country and the minister; a phrase in quotes
    means what it says."""
    files = folder.read_seed_files(folder.find_seeds_folder(Path("seeds")))
    loaded = LoadedSeeds(on_demand.load(files, kinds=("feed",)), files, ())
    assert knowledge.homographs(parse(asked), loaded).share([fold(text)]) == share
