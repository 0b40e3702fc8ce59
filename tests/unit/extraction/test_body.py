"""The lines of an article among those of its page: headings, tables, galleries."""

from __future__ import annotations

import pytest

from crawler.extraction import blocks, body, html

PROSE = (
    "The council met on the first floor and voted for a longer quay along the northern basin "
    "of the port. "
)


def read(inside: str) -> list[str]:
    """The lines of the body of a page."""
    tree = html.parse_html(f"<html><body><main>{inside}</main></body></html>".encode())
    html.remove_hidden(html.find_parts(tree))
    assert tree.body is not None
    return [line.text for line in body.find_body(blocks.collect_lines(tree.body)).lines]


def test_the_first_heading_is_the_headline_and_later_ones_part_the_text() -> None:
    """An h1 above the text is not of it; one between its paragraphs is."""
    lines = read(f"<h1>The quay grows</h1><p>{PROSE}</p><h1>What it costs</h1><p>{PROSE}</p>")
    assert lines == [PROSE.strip(), "What it costs", PROSE.strip()]


def test_a_linked_heading_in_the_text_stays_and_a_pointer_goes() -> None:
    """Names that are linked keep their text; what says that it leads elsewhere does not."""
    lines = read(
        f"<p>{PROSE}</p><h3><a href='/g'>The mill of the old town</a></h3><p>{PROSE}</p>"
        f"<h3><a href='/r'>Read also: bread is dear</a></h3><p>{PROSE}</p><div><h3>"
        f"<a href='/t'>Elsewhere</a></h3></div>"
    )
    assert "The mill of the old town" in lines
    assert not any("bread" in line or "Elsewhere" in line for line in lines)


@pytest.mark.parametrize(
    ("slides", "kept"),
    [("{n}/6", False), ("{n} / 6", False), ("{n}/6/2026", True), ("3/{n}", True)],
)
def test_a_gallery_counts_its_slides(slides: str, kept: bool) -> None:
    """What counts up to its last beside an article is no text of it; days and scores do not
    count.
    """
    gallery = "".join(
        f"<li><h2>{slides.format(n=n)} A picture of the harbour</h2><p>{PROSE}</p></li>"
        for n in range(1, 7)
    )
    lines = read(f"<div>{f'<p>{PROSE}</p>' * 20}</div><ul>{gallery}</ul>")
    assert any("picture" in line for line in lines) is kept


def test_a_gallery_without_an_article_is_the_article() -> None:
    """Nothing is taken away where nothing else is there."""
    gallery = "".join(
        f"<li><h2>{n}/6 A picture of the harbour</h2><p>{PROSE}</p></li>" for n in range(1, 7)
    )
    assert any("picture" in line for line in read(f"<ul>{gallery}</ul>"))


def test_the_linked_names_of_a_telling_table_stay() -> None:
    """A table of results keeps its players; a table of links is a menu."""
    rows = "".join(
        (
            f"<tr><td><a href='/p{n}'>Player {n}</a></td><td>ran so many laps before noon: {n}"
            f"</td></tr>"
        )
        for n in range(8)
    )
    links = "".join(
        f"<tr><td><a href='/m{n}'>Menu entry number {n}</a></td></tr>" for n in range(12)
    )
    text = f"<p>{PROSE}</p>" * 3
    assert "Player 3" in read(f"<div>{text}<table>{rows}</table>{text}</div>")
    assert "Menu entry number 3" not in read(f"<div>{text}<table>{links}</table>{text}</div>")


def test_a_list_that_tells_something_keeps_its_linked_items_and_a_menu_goes() -> None:
    """Links are text where what stands around them is; alone in a list they lead elsewhere."""
    items = "".join(
        f"<li>The {n}th mill was given to <a href='/f{n}'>family number {n}</a> in the spring</li>"
        for n in range(4)
    )
    told = f"<ul>{items}<li><a href='/m'>The mill of the widow</a></li></ul>"
    menu = "".join(f"<li><a href='/m{n}'>Entry number {n} of a menu</a></li>" for n in range(6))
    lines = read(f"<div><p>{PROSE}</p>{told}<p>{PROSE}</p><ul>{menu}</ul><p>{PROSE}</p></div>")
    assert "The mill of the widow" in lines
    assert not any("menu" in line for line in lines)


def test_an_address_that_is_printed_is_text() -> None:
    """An address for letters from readers is no pointer elsewhere."""
    lines = read(
        f"<div><p>{PROSE}</p><p><a href='mailto:a'>desk@quay.example</a></p><p>"
        f"<a href='/x'>Elsewhere</a></p><p>{PROSE}</p></div>"
    )
    assert "desk@quay.example" in lines
    assert "Elsewhere" not in lines


def test_a_cloud_of_tags_counts_no_commas_as_prose() -> None:
    """What stands between two links and says nothing is of the links."""
    tags = " , ".join(f"<a href='/t{n}'>tag{n}</a>" for n in range(60))
    assert not any(
        "tag3" in line for line in read(f"<div><p>{PROSE}</p><p>{PROSE}</p><div>{tags}</div></div>")
    )


def test_prose_in_rows_is_read_with_what_stands_around_its_table() -> None:
    """Rows hold parts of a text and never all of it."""
    rows = "".join(f"<tr><td>{n}. {PROSE}</td><td>{n}</td></tr>" for n in range(12))
    lines = read(f"<div><p>Before the table. {PROSE}</p><table><tbody>{rows}</tbody></table></div>")
    assert lines[0].startswith("Before the table.")
    assert sum(PROSE.strip() in line for line in lines) == 13


@pytest.mark.parametrize("opens", ["Advertisement", "Publicité", "إعلان", "Related"])
def test_a_small_box_is_told_by_what_it_opens_with(opens: str) -> None:
    """An advert between paragraphs is no text, though no name says so; its place and text may
    change.
    """
    lines = read(
        f"<div><p>{PROSE}</p><div class='k7'><span>{opens}</span>"
        f"<p>Lamps of forty watts, this week only, in all our shops.</p></div><p>{PROSE}"
        f"</p></div>"
    )
    assert lines == [PROSE.strip()] * 2


def test_the_hour_of_a_liveblogs_entry_opens_no_box() -> None:
    """An entry begins with its time and is text all the same."""
    entries = "".join(
        f"<div class='e'><span>14:{n:02}</span><p>{n} {PROSE}</p></div>" for n in range(10, 16)
    )
    assert len(read(f"<div>{entries}</div>")) == 6


def test_teasers_in_a_row_are_not_the_article() -> None:
    """Elements alike that open with a link advertise other articles, however much they say."""
    teasers = "".join(
        (
            f"<div class='t'><h3><a href='/t{n}'>Another story, number {n}</a></h3>"
            f"<p>Elsewhere: {PROSE}</p></div>"
        )
        for n in range(3)
    )
    lines = read(f"<div><div>{f'<p>{PROSE}</p>' * 6}</div><div>{teasers}</div></div>")
    assert lines == [PROSE.strip()] * 6


def test_an_article_that_has_its_headline_is_whole() -> None:
    """What stands outside an article element with h1 and prose is another text."""
    lines = read(
        f"<article><h1>The quay grows</h1>{f'<p>{PROSE}</p>' * 7}</article>"
        f"<div>{f'<div><b>Reader</b><p>I say: {PROSE}</p></div>' * 4}</div>"
    )
    assert lines == [PROSE.strip()] * 7


@pytest.mark.parametrize(
    "sentence",
    [
        "Images of the flooded quay were shown in the council before the vote.",
        "Partager le pouvoir n'est pas dans les habitudes du conseil du port.",
        "اشترك في العملية عناصر من شرطة الميناء وحراس السد القديم.",
        "شاهد العالم كيف عبر الصيادون النهر في ليلة واحدة.",
        "تابعوا السير نحو الجسر الجديد رغم الأمطار التي هطلت ليلا.",
    ],
)
def test_a_sentence_that_begins_like_a_notice_is_none(sentence: str) -> None:
    """Words that notices begin with begin sentences as well."""
    assert sentence in read(f"<div><p>{PROSE}</p><p>{sentence}</p><p>{PROSE}</p></div>")


def test_a_heading_named_by_its_words_is_no_box() -> None:
    """Sections are often named after what they tell: sharing-with-a-single-developer is no share
    bar.
    """
    lines = read(
        f"<div>{f'<p>{PROSE}</p>' * 9}<div id='sharing-with-a-single-reader'>"
        f"<p>Of sharing. {PROSE}</p></div></div>"
    )
    assert any(line.startswith("Of sharing") for line in lines)
    boxed = read(
        f"<div>{f'<p>{PROSE}</p>' * 9}<div class='jp-relatedposts "
        f"duet--recirculation--related-list'><p>Elsewhere. {PROSE}</p></div></div>"
    )
    assert not any(line.startswith("Elsewhere") for line in boxed)
