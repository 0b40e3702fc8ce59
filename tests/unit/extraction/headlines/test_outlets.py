"""An outlet's names, and titles without them."""

from __future__ import annotations

import pytest

from crawler.extraction.headlines.outlets import OutletNames, names_of, title_parts
from crawler.extraction.templates import checksum
from tests.builders import a_source


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Un quai neuf | Le Môle", "Un quai neuf"),
        ("Le Môle - Un quai neuf", "Un quai neuf"),
        ("Le Môle : Un quai neuf", "Un quai neuf"),
        ("Un quai neuf -Le Môle", "Un quai neuf"),
        ("Un quai neuf- Le Môle", "Un quai neuf"),
        ("Un quai neuf|Le Môle", "Un quai neuf"),
        ("Un quai neuf | Le Môle - Journal de la mer", "Un quai neuf"),
        ("Un quai neuf | Nador | Le Môle", "Un quai neuf"),
        ("Un quai neuf - Oujda | Le Môle", "Un quai neuf - Oujda"),
        ("رصيف جديد للميناء - المرسى", "رصيف جديد للميناء"),
        ("رصيف جديد للميناء | المرسى | le-mole.example", "رصيف جديد للميناء"),
        ("Il critique « Le Môle »", "Il critique « Le Môle »"),
        ("Le Môle fête ses dix ans", "Le Môle fête ses dix ans"),
        ("Maroc - Irak : le quai", "Maroc - Irak : le quai"),
        ("Le Môle", "Le Môle"),
    ],
)
def test_a_title_loses_the_names_at_its_ends(title: str, headline: str) -> None:
    """Names of the source in any language and of its domain, slogans behind them, the section
    beside them; a name within a sentence stays.
    """
    source = a_source(name="Le Môle", names={"ar": "المرسى"})
    names = names_of(source, "https://www.le-mole.example/a", sections=("Nador",))
    assert names.cut_from(title) == headline


def test_names_are_known_in_any_spelling_and_by_their_first_part() -> None:
    """Case, blanks and hyphens do not matter; a name with a slogan is also its first part."""
    names = OutletNames(["The Quay - News of the Ports"])
    assert all(name in names for name in ("THE QUAY", "the-quay", "The Quay: News of the Ports"))
    assert "The Quays" not in names and "" not in names and 3 not in names


def test_what_most_pages_repeat_is_a_name() -> None:
    """A part of the title that a template knows is cut off like the outlet's name."""
    names = OutletNames([], repeated={checksum("Gazette des ports")})
    assert "Gazette des ports" in names
    assert not names.is_name("Gazette des ports")
    assert names.cut_from("Un quai neuf – Gazette des ports") == "Un quai neuf"


def test_a_country_that_pages_repeat_is_cut_beside_a_name_alone() -> None:
    """A section of one word may be a country of the story: it goes with the name, once."""
    names = OutletNames(["Le Môle"], repeated={checksum("Maroc")})
    assert names.cut_from("Un quai neuf - Maroc - Le Môle") == "Un quai neuf"
    assert names.cut_from("Demi-finale : Irak - Maroc - Maroc - Le Môle") == (
        "Demi-finale : Irak - Maroc"
    )
    for headline in ("Maroc - Irak : un quai", "Maroc : un quai neuf", "Irak - Maroc"):
        assert names.cut_from(headline) == headline


def test_titles_and_names_without_end_cost_little() -> None:
    """A title of a thousand parts is left alone; of a thousand names the first are known."""
    title = "a | " * 125
    assert OutletNames([f"name {n}" for n in range(1000)]).cut_from(title) == title
    assert "name 999" not in OutletNames([f"name {n}" for n in range(1000)])


def test_the_parts_of_a_title_are_those_a_source_may_repeat() -> None:
    """Each part, and what stands behind each of them."""
    assert title_parts("Un quai | Nador | Le Môle") == {
        "Un quai", "Nador", "Le Môle", "Nador | Le Môle", "Un quai | Nador | Le Môle",
    }  # fmt: skip
    assert title_parts("") == set()
