"""A page's own article is kept once and without those that follow it."""

from __future__ import annotations

import pytest

from crawler.extraction import article
from crawler.model import Article
from tests.builders import a_page, a_source

TEXT = [
    "أعلنت بلدية المدينة أن أشغال ترميم السور العتيق ستنتهي قبل بداية الصيف المقبل بتكلفة تفوق ما "
    "كان مقررا في البداية.",
    "وقال المهندس المشرف إن الحجارة القديمة أعيدت إلى أماكنها بعد ترقيمها واحدة واحدة في ورشة "
    "أقيمت قرب الباب الكبير.",
    "وينتظر أن يفتح الممر العلوي أمام الزوار في عطلة نهاية الأسبوع، على أن تنظم جولات مجانية "
    "للتلاميذ كل خميس.",
]
OTHER = [
    "Le tribunal de commerce a prononcé mercredi la mise en redressement de la conserverie, qui "
    "emploie cent vingt personnes.",
    "Le repreneur, une coopérative de la côte voisine, promet de garder les deux tiers des postes "
    "et de moderniser les chaînes.",
]
MORE = [
    "The observatory will stay open all night on Friday, and visitors may look at the comet through "
    "its oldest telescope.",
    "Clouds are not expected before the morning, the keeper of the hill told those who asked him on "
    "the telephone.",
]
HEAD = "<title>ترميم السور العتيق - السهل</title>"


def p(texts: list[str]) -> str:
    """Each text as a paragraph."""
    return "".join(f"<p>{text}</p>" for text in texts)


def read(inside: str, *, head: str = HEAD) -> list[str]:
    """The paragraphs of the article on a page."""
    page = f"<html><head>{head}</head><body>{inside}</body></html>"
    found = article.extract(a_page(page, entry=None), a_source())
    assert isinstance(found, Article)
    return found.body.split("\n\n")


# ── further articles ───────────────────────────────────────────────────────────────────────────

ENDLESS = {
    "article": "<article><h1>{h}</h1><div>{t}</div></article>",
    "numbered": "<div class='post post-{n}' id='p{n}'><header><h1>{h}</h1></header>{t}</div>",
    "linked": "<div class='unit'><h2><a href='/a/{n}'>{h}</a></h2><div class='text'>{t}</div></div>",
    "addressed": "<section data-url='/a/{n}'><h2>{h}</h2><div class='text'>{t}</div></section>",
}


@pytest.mark.parametrize("markup", ENDLESS)
def test_the_articles_that_follow_on_an_endless_page_are_others(markup: str) -> None:
    """Each has a headline and an address of its own; the page's title names the first."""
    parts = [("ترميم السور العتيق", TEXT), ("La conserverie reprise", OTHER), ("A comet", MORE)]
    page = "".join(
        ENDLESS[markup].format(n=n, h=headline, t=p(texts))
        for n, (headline, texts) in enumerate(parts)
    )
    assert read(f"<h1>السهل</h1><main>{page}</main>") == TEXT


@pytest.mark.parametrize("inside", ["{}", "<h2>الحجارة</h2>{}"])
def test_the_next_articles_may_be_headed_lower(inside: str) -> None:
    """The page's own has the only h1, and subheads like their headlines."""
    first = f"<div class='unit u0' data-url='/a/0'><h1>ترميم السور العتيق</h1>{inside}</div>"
    others = "".join(
        f"<div class='unit u{n}' data-url='/a/{n}'><h2>{headline}</h2><div>{p(texts)}</div></div>"
        for n, (headline, texts) in enumerate([("La conserverie", OTHER), ("A comet", MORE)], 1)
    )
    found = read(f"<main>{first.format(p(TEXT))}{others}</main>")
    assert [line for line in found if line != "الحجارة"] == TEXT


@pytest.mark.parametrize("address", ["#e{}", "/a/0#e{}", "https://plain.example/a/0?e={}"])
def test_entries_with_addresses_within_the_page_stay(address: str) -> None:
    """A live report's entries can be shared one by one, and are its text."""
    head = HEAD + "<link rel=canonical href='https://plain.example/a/0'>"
    entries = "".join(
        f"<section data-url='{address.format(n)}'><h2>{headline}</h2>{p(texts)}</section>"
        for n, (headline, texts) in enumerate([("La conserverie", OTHER), ("A comet", MORE)], 1)
    )
    first = f"<section><h1>ترميم السور العتيق</h1>{p(TEXT)}</section>"
    found = read(f"<main>{first}{entries}</main>", head=head)
    assert [line for line in found if len(line) > 60] == [*TEXT, *OTHER, *MORE]


def test_a_longer_article_below_is_not_the_pages_own() -> None:
    """The title decides, not the length."""
    page = ENDLESS["article"].format(n=0, h="ترميم السور العتيق", t=p(TEXT[:1]))
    page += ENDLESS["article"].format(n=1, h="La conserverie reprise", t=p(OTHER * 4))
    assert read(page) == TEXT[:1]


@pytest.mark.parametrize("tag", ["h1", "h2"])
def test_the_sections_of_one_article_stay(tag: str) -> None:
    """Sections have headings, and none is the page's own article beside the others."""
    sections = "".join(
        f"<section><{tag}>{heading}</{tag}>{p(texts)}</section>"
        for heading, texts in (("الحجارة", TEXT[1:]), ("La conserverie", OTHER), ("Sky", MORE))
    )
    found = read(f"<article><h1>ترميم السور العتيق</h1>{p(TEXT[:1])}{sections}</article>")
    assert [line for line in found if len(line) > 60] == [*TEXT, *OTHER, *MORE]


# ── copies ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "copies",
    [
        "<div class='d'>{t}</div><div class='m'>{t}</div>",
        "<div class='m'>{s}</div><div class='d'>{t}</div>",
        "<div class='d'>{t}</div><div class='m'>{s}</div><div class='imprimer'>{t}</div>",
        "<div><div><div>{t}</div></div></div><section><h1>ترميم السور العتيق</h1>{t}</section>",
        "<p class='chapo'>{f}</p><div class='texte'>{t}</div>",
    ],
    ids=["twice", "shorter first", "three times", "with its headline", "standfirst"],
)
def test_a_text_that_stands_there_twice_is_kept_once(copies: str) -> None:
    """For telephones and for printing pages hold their text again; the fullest copy is kept."""
    page = copies.format(t=p(TEXT), s=p(TEXT[:2]), f=TEXT[0])
    assert read(f"<h1>ترميم السور العتيق</h1><main>{page}</main>") == TEXT


def test_the_short_lines_of_a_copy_go_with_it() -> None:
    """Nothing of a copy is left over, and nothing of the text is lost."""
    talk = f"<p>{TEXT[0]}</p><h3>متى؟</h3><p>الخميس.</p>{p(TEXT[1:])}"
    page = f"<main><div>{talk}</div><div class='mobile'>{talk}</div></main>"
    assert read(page) == [TEXT[0], "متى؟", "الخميس.", *TEXT[1:]]


def test_a_sentence_that_is_written_again_stays() -> None:
    """A refrain among other paragraphs is what the author wrote."""
    refrain = [TEXT[0], OTHER[0], TEXT[0], OTHER[1], TEXT[0]]
    assert read(f"<article>{p(refrain)}</article>") == refrain
