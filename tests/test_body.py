"""The lines of an article among those of its page: headings, tables, galleries."""

from __future__ import annotations

import pytest

from crawler import blocks, body, markup

PROSE = "The council met on the first floor and voted for a longer quay along the northern basin of the port. "


def read(inside: str) -> list[str]:
    """The lines of the body of a page."""
    tree = markup.parse(f"<html><body><main>{inside}</main></body></html>".encode())
    markup.hide(tree)
    assert tree.body is not None
    return [line.text for line in body.find(blocks.walk(tree.body)).lines]


def test_the_first_heading_is_the_headline_and_later_ones_part_the_text() -> None:
    """An h1 above the text is not of it; one between its paragraphs is."""
    lines = read(f"<h1>The quay grows</h1><p>{PROSE}</p><h1>What it costs</h1><p>{PROSE}</p>")
    assert lines == [PROSE.strip(), "What it costs", PROSE.strip()]


def test_a_linked_heading_in_the_text_stays_and_a_pointer_goes() -> None:
    """Names that are linked keep their text; what says that it leads elsewhere does not."""
    lines = read(
        f"<p>{PROSE}</p><h3><a href='/g'>The mill of the old town</a></h3><p>{PROSE}</p>"
        f"<h3><a href='/r'>Read also: bread is dear</a></h3><p>{PROSE}</p><div><h3><a href='/t'>Elsewhere</a></h3></div>"
    )
    assert "The mill of the old town" in lines
    assert not any("bread" in line or "Elsewhere" in line for line in lines)


@pytest.mark.parametrize(("slides", "kept"), [("{n}/6", False), ("{n} / 6", False), ("{n}/6/2026", True), ("3/{n}", True)])
def test_a_gallery_counts_its_slides(slides: str, kept: bool) -> None:
    """What counts up to its last beside an article is no text of it; days and scores do not count."""
    gallery = "".join(f"<li><h2>{slides.format(n=n)} A picture of the harbour</h2><p>{PROSE}</p></li>" for n in range(1, 7))
    lines = read(f"<div>{f'<p>{PROSE}</p>' * 20}</div><ul>{gallery}</ul>")
    assert any("picture" in line for line in lines) is kept


def test_a_gallery_without_an_article_is_the_article() -> None:
    """Nothing is taken away where nothing else is there."""
    gallery = "".join(f"<li><h2>{n}/6 A picture of the harbour</h2><p>{PROSE}</p></li>" for n in range(1, 7))
    assert any("picture" in line for line in read(f"<ul>{gallery}</ul>"))


def test_the_linked_names_of_a_telling_table_stay() -> None:
    """A table of results keeps its players; a table of links is a menu."""
    rows = "".join(f"<tr><td><a href='/p{n}'>Player {n}</a></td><td>ran so many laps before noon: {n}</td></tr>" for n in range(8))
    links = "".join(f"<tr><td><a href='/m{n}'>Menu entry number {n}</a></td></tr>" for n in range(12))
    text = f"<p>{PROSE}</p>" * 3
    assert "Player 3" in read(f"<div>{text}<table>{rows}</table>{text}</div>")
    assert "Menu entry number 3" not in read(f"<div>{text}<table>{links}</table>{text}</div>")
