"""The file of a saved search, written from what was typed, says what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.seeds import queries
from crawler.seeds.files import SeedDocument
from crawler.seeds.scaffold import clean
from tests.unit.small_seeds import FILES

LINES = st.text("aé سد\"'\\:#{}>|&*@!%-()\u200f", min_size=1, max_size=200).filter(
    lambda text: clean(text) != ""
)


@given(written=LINES, title=LINES, note=st.text("a #:\n{س", max_size=150))
def test_what_is_written_is_read_back(written: str, title: str, note: str) -> None:
    """Query and title are the same, whatever YAML means by their characters; so is the note."""
    written = clean(written)
    text = queries.file_text({"fr": title}, written, note)
    path = "queries/dams.yml"
    assert queries.written_query(path, text) == written
    read = SeedDocument.parse(path, text, queries.QueryFile).shape.title
    assert read == {"fr": clean(title)}
    assert queries.note_of(text).split() == clean(note).split()


@pytest.mark.parametrize(
    ("given_titles", "titles"),
    [
        ([], {"en": "high water"}),
        (["Dams"], {"en": "Dams"}),
        (["سدود"], {"ar": "سدود"}),
        (["fr: barrages", "Dams"], {"fr": "barrages", "en": "Dams"}),
    ],
)
def test_a_title_names_its_language_or_has_one(
    given_titles: list[str], titles: dict[str, str]
) -> None:
    """Arabic letters make it Arabic, all others English; without one, the slug's words do."""
    assert queries.titles_of(given_titles, "high-water") == titles


@pytest.mark.parametrize("slug", ["High", "a b", "", "../x", "a" * 101, "-a"])
def test_a_slug_that_is_none_is_refused(slug: str) -> None:
    """Before a file of that name is made."""
    with pytest.raises(UsageError):
        queries.require_slug(slug)


def test_a_saved_search_stays_in_its_folder() -> None:
    """A file may stand in a folder below; of a new one, the path is where it belongs."""
    assert queries.path_of("dams", {"queries/water/dams.yml": ""}) == "queries/water/dams.yml"
    assert queries.path_of("dams", FILES) == "queries/dams.yml"
