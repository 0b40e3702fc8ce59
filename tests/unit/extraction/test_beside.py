"""What stands beside the article's element: the standfirst above it, more of its text below."""

from __future__ import annotations

import pytest

from crawler.extraction.article import Extracted, extract_with_evidence
from crawler.extraction.templates import (
    MAX_TEXT_BESIDE,
    SAMPLES_NEEDED,
    TEXT_BESIDE,
    RetiredTemplate,
    TemplateLearner,
)
from crawler.model import FeedEntry, Page, Template
from tests.builders import a_page, a_source, an_entry

BODY = {
    "en": (
        "The ferry left the old quay at noon, an hour after the fog had lifted from the basin.",
        "Its captain, who has worked the line for twenty years, spoke of a calm crossing.",
        "On the other side, the traders opened their stalls again for the first time since May.",
        "The next boat is due on Thursday, if the repairs of the ramp are finished by then.",
    ),
    "fr": (
        "Le bac a quitté le vieux quai à midi, une heure après que la brume s'est levée.",
        "Son capitaine, qui tient la ligne depuis vingt ans, a parlé d'une traversée calme.",
        "Sur l'autre rive, les marchands ont rouvert leurs étals pour la première fois depuis mai.",
        "Le prochain bateau est attendu jeudi, si la réparation de la rampe est achevée d'ici là.",
    ),
    "ar": (
        "غادرت العبارة الرصيف القديم عند الظهر بعد ساعة من انقشاع الضباب عن حوض الميناء.",
        "وتحدث ربانها الذي يعمل على الخط منذ عشرين سنة عن رحلة هادئة بين الضفتين.",
        "وفتح التجار في الضفة الأخرى محلاتهم من جديد للمرة الأولى منذ شهر ماي الماضي.",
        "وينتظر أن تصل العبارة المقبلة يوم الخميس إذا انتهى إصلاح المنحدر قبل ذلك الموعد.",
    ),
}
STANDFIRST = {
    "en": "Two towns on the river are linked again after a winter without any boat",
    "fr": "Deux villes du fleuve sont de nouveau reliées après un hiver sans bateau",
    "ar": "مدينتان على ضفتي النهر ترتبطان من جديد بعد شتاء كامل بدون أي عبارة",
}
MORE = {
    "en": "The harbour office said in the evening that a second ferry had been ordered abroad.",
    "fr": "La capitainerie a annoncé dans la soirée qu'un second bac avait été commandé ailleurs.",
    "ar": "وأعلنت إدارة الميناء في المساء أن عبارة ثانية قد طلبت من أحواض بناء أجنبية.",
}
HEADLINE = {"en": "A ferry returns", "fr": "Un bac revient au port", "ar": "عودة عبارة النهر"}


def a_story(language: str, number: int = 0, *, header: str = "", after: str = "") -> Page:
    """A page whose text stands in an element of its own, with something above and after it."""
    said = "".join(f"<p>{number}. {line}</p>" for line in BODY[language] * 5)
    headline = f"{HEADLINE[language]} {number}"
    address = f"http://news.test/{language}/{number}"
    return a_page(
        f"<html lang={language}><head><title>{headline}</title></head><body><main>"
        f"<article><header><h1>{headline}</h1>{header}</header>"
        f"<div class=words>{said}</div>{after}</article>"
        "<ul class=others><li><a href=/1>Another story of the same day</a></li></ul></main>"
        "</body></html>",
        url=address,
        requested_url=address,
        entry=None,
    )


def read(page: Page, template: Template | None = None) -> Extracted:
    """The page as it is read."""
    found = extract_with_evidence(page, a_source(), template=template)
    assert isinstance(found, Extracted)
    return found


@pytest.mark.parametrize("language", BODY)
@pytest.mark.parametrize(
    "written",
    [
        "<p class=chapo>{0}</p>",
        "<h2 class=excerpt>{0}</h2>",
        "<h2>{0}</h2>",
        "<div class=ArticleHead_subTitle__x9>{0}</div>",
        "<p class=article__teaser>{0}.</p>",
        "<div class=summary-points><ul><li>{0}.</li></ul></div>",
    ],
)
def test_a_standfirst_between_headline_and_text_is_the_lead(language: str, written: str) -> None:
    """Its element's name says so, or it is a long heading right below the headline."""
    article = read(a_story(language, header=written.format(STANDFIRST[language]))).article
    assert article.lead.startswith(STANDFIRST[language])
    assert "0. " + BODY[language][0] in article.body


def test_the_words_of_the_summary_are_the_standfirst_whatever_their_element() -> None:
    """A description or the feed's summary repeats what the page shows, often cut."""
    said = STANDFIRST["fr"]
    page = a_story("fr", header=f"<span class=k7>{said}</span>")
    described = page.body.replace(
        b"</title>", f'</title><meta name=description content="{said[:60]} …">'.encode()
    )
    by_meta = read(a_page(described, entry=None)).article
    entry: FeedEntry = an_entry(summary=f"<p>{said}</p>")
    by_feed = read(a_page(page.body, entry=entry)).article
    assert by_meta.lead == by_feed.lead == said


@pytest.mark.parametrize(
    "written",
    [
        "<p class=byline>Par Nadia Berrada et Karim Alaoui, envoyés spéciaux au bord du fleuve.</p>",
        "<p class=legend>Le bac au départ du vieux quai, photographié le matin du 3 mai.</p>",
        "<p>Publié le 3 mai 2026 à 10h30, mis à jour le 4 mai 2026 à 08h15</p>",
        "<p class=chapo><a href=/2>Notre dossier complet sur les transports du fleuve</a></p>",
        "<p class=chapo>Lire aussi : les autres lignes du fleuve</p>",
    ],
)
def test_bylines_captions_dates_and_links_are_no_standfirst(written: str) -> None:
    """The lead is then the text's first paragraph."""
    article = read(a_story("fr", header=written)).article
    assert article.lead.startswith("0. " + BODY["fr"][0])
    assert article.body.startswith(article.lead)


def test_what_the_text_repeats_is_no_standfirst() -> None:
    """A pulled quote above the text stands in the text as well, and once is enough."""
    article = read(a_story("en", header=f"<p class=excerpt>{BODY['en'][1]}</p>")).article
    assert article.body.startswith(article.lead)


CONTINUATIONS = {
    "lines in a div": "<div>{0}<br><br>{1}</div>",
    "paragraphs": "<p>{0}</p><p>{1}</p>",
    "a list": "<ul><li>{0}</li><li>{1}</li></ul>",
    "a quotation": "<blockquote><p>{0}</p></blockquote>",
    "a table": "<table><tr><td>12:30</td><td>{0}</td></tr><tr><td>13:00</td><td>{1}</td></tr>"
    "</table>",
    "a live report": "<section class=live><h3>12:30</h3><p>{0}</p><h3>13:00</h3><p>{1}</p>"
    "</section>",
    "after a bar": "<div class=bar>Print · Send</div><div>{0}<br>{1}</div>",
}


@pytest.mark.parametrize("language", BODY)
@pytest.mark.parametrize("written", CONTINUATIONS.values(), ids=CONTINUATIONS)
def test_text_right_after_its_element_is_kept(language: str, written: str) -> None:
    """By the slow reading and by a template that has never seen it, without a doubt."""
    taught = TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        taught.observe(
            "news", read_by=None, sample=read(a_story(language, number)).sample, doubt=""
        )
    template = taught.current("news")
    assert template is not None
    page = a_story(language, 77, after=written.format(MORE[language], BODY[language][0]))
    slowly, by_place = read(page), read(page, template)
    assert by_place.article.reader == "template"
    for found in (slowly, by_place):
        assert found.article.body.count(MORE[language]) == 1


@pytest.mark.parametrize(
    "written",
    [
        "<div class=author-bio><p>{0}</p></div>",
        "<div><a href=/3>A story of another day, with its own title</a><p>{0}</p></div>",
        "<p>© 2026 The News. {0}</p>",
        "<article><h1>Another story altogether</h1><p>{0}</p></article>",
        "<h2>Reactions</h2><p>{0}</p>",
        "<div class=kiosk><p>{0}</p></div>",
    ],
)
def test_what_is_not_the_storys_is_left_out(written: str) -> None:
    """Notes on authors, teasers, rights, further stories, and named boxes without a body's name."""
    assert MORE["en"] not in read(a_story("en", after=written.format(MORE["en"]))).article.body


def test_a_template_leaves_out_what_its_pages_always_show() -> None:
    """What stood beside the text on the pages it was learned from is no part of a story."""
    box = "<div class=kiosk><p>{0} {1}</p></div>"
    taught = TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        page = a_story("en", number, after=box.format(MORE["en"], number))
        taught.observe("news", read_by=None, sample=read(page).sample, doubt="")
    found = read(a_story("en", 78, after=box.format(MORE["en"], 78)), taught.current("news"))
    assert found.article.reader == "template" and found.doubt == ""
    assert MORE["en"] not in found.article.body


def test_prose_that_no_page_had_sends_a_page_the_slow_way() -> None:
    """The second such page of which the slow reading finds more retires the template."""
    taught = TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        taught.observe("news", read_by=None, sample=read(a_story("en", number)).sample, doubt="")
    more = " ".join(BODY["en"])
    after = "<h2>The other bank</h2>" + "".join(
        f"<div class=part><p>{n}: {more}</p></div>" for n in range(8)
    )
    changes = []
    for number in (80, 82):
        template = taught.current("news")
        found = read(a_story("en", number, after=after), template)
        assert "5: " + more in found.article.body
        assert found.doubt == TEXT_BESIDE
        changes.append(
            taught.observe("news", read_by=template, sample=found.sample, doubt=found.doubt)
        )
    assert len(changes) == MAX_TEXT_BESIDE
    assert changes[0] is None
    assert isinstance(changes[1], RetiredTemplate) and changes[1].reason == TEXT_BESIDE


def test_a_template_stored_without_kinds_is_not_doubted_for_them() -> None:
    """One that an older version learned knows nothing of what its pages show beside the text."""
    template = Template(source="news", version=1, body="div.words", headline="h1", length=100)
    found = read(
        a_story("en", 83, after="<div class=kiosk><p>" + MORE["en"] + "</p></div>"), template
    )
    assert (found.article.reader, found.doubt) == ("template", "")
