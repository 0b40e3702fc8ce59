"""A page becomes an article: text without its surroundings, metadata with its witness."""

from __future__ import annotations

import pytest

from crawler.extraction.article import extract
from crawler.model import Article, Rejection
from tests.builders import NOW, a_page, a_source, an_entry
from tests.site import press

STORIES = press.load()


def read(story: press.Story) -> Article:
    """The story's page, read as its paper's."""
    base = "http://news.test"
    page = a_page(
        press.page(story, base, NOW, [s for s in STORIES if s.paper == story.paper and s != story]),
        url=base + story.path,
        requested_url=base + story.path,
    )
    source = a_source(
        names={"ar": "المسار", "fr": "Le Sillon", "en": "The Ledger"}, languages=(story.paper,)
    )
    found = extract(page, source)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda s: f"{s.paper}/{s.slug}")
def test_each_house_is_read_rightly(story: press.Story) -> None:
    """Headline without the outlet's name, every paragraph, the date to the minute, the language."""
    article = read(story)
    assert article.headline == story.headline
    assert all(" ".join(p.split()) in article.body for p in story.paragraphs)
    assert article.language == story.paper
    assert article.published is not None
    assert article.published.at == story.published_at(NOW)
    assert article.body.startswith(article.lead)


@pytest.mark.parametrize("story", [s for s in STORIES if s.paper == "ar"], ids=lambda s: s.slug)
def test_read_also_boxes_are_not_the_article(story: press.Story) -> None:
    """Another story's headline in the middle of the text is the commonest cause of a false
    alarm.
    """
    body = read(story).body
    assert not any(other.headline in body for other in STORIES if other != story)


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "application/octet-stream"])
def test_a_page_of_a_vague_type_is_known_by_how_it_begins(kind: str) -> None:
    """Servers that don't know the name's ending; a text that is none stays one."""
    title = "Le port de pêche rouvre ses quais"
    body = f"\n<!DOCTYPE html><title>{title}</title><h1>{title}</h1><p>{'Il rouvre. ' * 20}</p>"
    found = extract(a_page(body, headers=(("content-type", kind),)), a_source())
    assert isinstance(found, Article) and found.headline == title
    plain = extract(a_page(title, headers=(("content-type", kind),)), a_source())
    assert isinstance(plain, Rejection)


@pytest.mark.parametrize(
    ("body", "kind"), [(b"%PDF-1.7", "application/pdf"), (b"\x89PNG\r\n", "text/html")]
)
def test_what_is_no_page_is_rejected_with_its_reason(body: bytes, kind: str) -> None:
    """R24: by its type, or by its first bytes where the type lies."""
    found = extract(a_page(body, headers=(("content-type", kind),)), a_source())
    assert isinstance(found, Rejection)
    assert found.reason == "not_html"


def test_an_empty_page_is_an_article_made_of_its_feed_entry() -> None:
    """Nothing readable is not nothing: title and summary are matched, and the state is recorded."""
    entry = an_entry(title="Le titre", summary="Le résumé.", published="2026-11-23T08:00Z")
    found = extract(a_page("<html></html>", entry=entry), a_source())
    assert isinstance(found, Article)
    assert (found.headline, found.lead, found.body, found.extraction) == (
        "Le titre",
        "Le résumé.",
        "",
        "empty",
    )
    assert found.published is not None and found.published.source == "feed"


def test_a_lying_charset_is_found_out() -> None:
    """P1: windows-1256 bytes declared as utf-8 are Arabic all the same."""
    text = "وقع الوزيران اليوم اتفاقية جديدة تخص النقل البري بين المدينتين. " * 8
    page = (
        f"<html><head><title>اتفاقية جديدة</title></head><body><article><h1>اتفاقية جديدة</h1>"
        f"<p>{text}</p></article></body></html>"
    )
    found = extract(a_page(page.encode("cp1256")), a_source())
    assert isinstance(found, Article)
    assert "الوزيران" in found.body
    assert found.headline == "اتفاقية جديدة"


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("http://news.test/real", "http://news.test/real"),
        ("http://other.example/x", "http://news.test/a"),
        ("http://news.test/", "http://news.test/a"),
    ],
)
def test_a_canonical_address_holds_within_its_own_site(said: str, believed: str) -> None:
    """A page cannot say that it is another outlet's article, nor that it is its site's front
    page.
    """
    found = extract(
        a_page(f"<html><head><link rel=canonical href='{said}'></head><body>x</body></html>"),
        a_source(),
    )
    assert isinstance(found, Article)
    assert found.canonical_url == believed


@pytest.mark.parametrize(
    ("head", "shown", "headline"),
    [
        (
            "<title>The quay grows by a third | The Quay</title>",
            "<h1>Harbour</h1>",
            "The quay grows by a third",
        ),
        (
            "<title>The quay grows by a third - thequay</title>",
            "<h1>The Quay of the South</h1><h1>The quay grows by a third</h1>",
            "The quay grows by a third",
        ),
        (
            "<title>Quay</title>",
            "<h1>The mill is sold to its bakers</h1>",
            "The mill is sold to its bakers",
        ),
        ("<title>الرصيف يكبر - جريدة الرصيف</title>", "<h1>الرصيف يكبر</h1>", "الرصيف يكبر"),
        (
            "<meta property='og:title' content='The quay is to grow by a third'><title>x</title>",
            "<h1>Quay grows by a third</h1>",
            "Quay grows by a third",
        ),
    ],
)
def test_the_headline_is_neither_the_section_nor_the_outlet(
    head: str, shown: str, headline: str
) -> None:
    """An h1 that shares nothing with the title is the section's; a domain's own name is cut off
    like the outlet's.
    """
    found = extract(
        a_page(
            f"<html><head>{head}</head><body>{shown}<p>Text.</p></body></html>",
            url="https://www.the-quay.example/a",
            entry=None,
        ),
        a_source(),
    )
    assert isinstance(found, Article)
    assert found.headline == headline


@pytest.mark.parametrize(
    "line",
    [
        "May 20, 2019",
        "Jeudi 14 mai 2020 à 17h55",
        "٢٠ ماي 2026 - 12:40",
        "Nora Quill",
        "Oct 18, 2019 · 8 min read",
    ],
)
def test_a_text_begins_after_its_date_and_its_author(line: str) -> None:
    """The lead is the first of the text, not the line that says when and by whom it was written."""
    prose = (
        "The council met on the first floor and voted for a longer quay along the northern "
        "basin of the port."
    )
    head = (
        "<title>The quay grows</title><meta name=author content='By Nora Quill, Quay "
        "Correspondent'>"
    )
    found = extract(
        a_page(
            (
                f"<html><head>{head}</head><body><div><p>{line}</p>{f'<p>{prose}</p>' * 8}"
                f"</div></body></html>"
            ),
            entry=None,
        ),
        a_source(),
    )
    assert isinstance(found, Article)
    assert found.lead.startswith("The council met")
    assert found.authors == ("Nora Quill",)


@pytest.mark.parametrize("told", ["The Quay", "the-quay.com", "thequay"])
def test_the_outlet_is_nobody(told: str) -> None:
    """A page signed by its own site has no author."""
    url = "https://www.the-quay.com/a"
    found = extract(
        a_page(
            f"<title>A</title><meta name=author content='{told}'><p>Text.</p>", url=url, entry=None
        ),
        a_source(),
    )
    assert isinstance(found, Article)
    assert found.authors == ()


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        (
            "<div class='authors'><a href='/a'>Nora Quill</a> <a href='/b'>Omar Said</a></div>",
            ("Nora Quill", "Omar Said"),
        ),
        (
            "<p><a rel=author href='/a'>Nora Quill</a> et <a rel=author href='/b'>Omar Said</a></p>",
            ("Nora Quill", "Omar Said"),
        ),
        (
            "<div class='byline'><span>Nora</span> <span>Quill</span></div>"
            "<div class='x'><a rel=author>Another Writer</a></div>",
            ("Nora Quill",),
        ),
        (
            "<meta name=author content='4711'><div class='author'>By Nora Quill</div>",
            ("Nora Quill",),
        ),
        (
            "<meta name=author content='Nora Quill'><meta name=author content='Omar Said'>",
            ("Nora Quill", "Omar Said"),
        ),
        ("<div class='author-box'><a href='/sport'>Water Sports</a> to mail</div>", ()),
    ],
)
def test_two_elements_are_two_authors(markup: str, authors: tuple[str, ...]) -> None:
    """Names that stand in links or elements of their own are people of their own."""
    found = extract(a_page(f"<title>A</title>{markup}<p>Text.</p>", entry=None), a_source())
    assert isinstance(found, Article)
    assert found.authors == authors


def test_the_date_is_looked_for_by_the_headline_and_not_by_the_masthead() -> None:
    """A masthead that is an h1 far above, and a ticker that runs the headline, are not where the
    date stands.
    """
    menu = "".join(f"<li>قسم {n}</li>" for n in range(14))
    text = "".join(
        (
            f"<p>{n}. اجتمع مجلس الميناء مساء اليوم وصوت على توسيع الرصيف الشمالي قبل حلول "
            f"الشتاء المقبل.</p>"
        )
        for n in range(12)
    )
    page = (
        f"<title>الرصيف يكبر</title><h1>جريدة الميناء اليومية</h1><div>الرصيف يكبر</div>"
        f"<ul>{menu}</ul><div><h2>الرصيف يكبر</h2><div>الأربعاء، 28 آب/أغسطس 2013، آخر تحديث "
        f"14:00</div>{text}</div>"
    )
    found = extract(a_page(page, entry=None), a_source(languages=("ar",)))
    assert isinstance(found, Article)
    assert found.published is not None
    assert (found.published.source, found.published.at.date().isoformat()) == ("text", "2013-08-28")


@pytest.mark.parametrize(
    ("above", "first"),
    [
        (("Coopération", "Mis à jour : 19/11/2026 à 18h20"), "Les deux délégations"),
        (("تعاون", "بقلم: هدى العامري"), "Les deux délégations"),
        (("de Nadia Bouhlal, La Vigie du Détroit",), "Les deux délégations"),
        (("Trois accords, deux dates",), "Trois accords"),
        (("Rabat attend.", "Le 19/11/2026"), "Rabat attend."),
    ],
)
def test_a_sections_name_above_date_or_byline_is_no_text(
    above: tuple[str, ...], first: str
) -> None:
    """A short line without a full stop goes with the byline or the date under it, never alone."""
    prose = "".join(
        f"<p>Les deux délégations ont étudié le point {n} de leur accord, et fixé une date.</p>"
        for n in range(6)
    )
    lead = "".join(f"<p>{line}</p>" for line in above)
    body = f"<h1>Une visite de travail à Tanger</h1><div class=texte>{lead}{prose}</div>"
    page = a_page(f"<html><body>{body}</body></html>".encode(), entry=None)
    found = extract(page, a_source(languages=("fr",)))
    assert isinstance(found, Article)
    assert found.body.startswith(first)
