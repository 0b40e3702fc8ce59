"""What description and feed say of a story and its page does not show."""

from __future__ import annotations

import pytest

from crawler.extraction.article import Extracted, extract, extract_with_evidence
from crawler.extraction.metadata import find_unshown_summary
from crawler.extraction.templates import SAMPLES_NEEDED, TemplateLearner
from crawler.model import Article, Page
from tests.builders import a_page, a_source, an_entry

TEXT = (
    "The traders of the lower market opened their stalls an hour later than on other days.",
    "Most of them had spent the night in line for the new permits, which cost half as much.",
    "A baker counted forty customers before nine, and sent his nephew for more flour.",
)
SAID = {
    "en": "The two mayors signed a charter on shared fishing rights in the estuary.",
    "fr": "Les deux maires ont signé une charte sur les droits de pêche dans l'estuaire.",
    "ar": "وقع عمدتا المدينتين ميثاقا حول حقوق الصيد المشتركة في مصب النهر الكبير.",
}


def a_market(number: int = 0, *, head: str = "", summary: str = "") -> Page:
    """A page of which feed or metadata say more than it shows."""
    said = "".join(f"<p>{number}: {line}</p>" for line in TEXT * 4)
    address = f"http://news.test/market/{number}"
    return a_page(
        f"<html><head><title>A late morning {number}</title>{head}</head><body><main><article>"
        f"<h1>A late morning {number}</h1><div class=words>{said}</div></article></main>"
        "</body></html>",
        url=address,
        requested_url=address,
        entry=an_entry(summary=summary) if summary else None,
    )


def read(page: Page) -> Article:
    """The article of this page."""
    found = extract(page, a_source())
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_only_feed_or_description_say_is_the_summary(said: str) -> None:
    """The text and the lead stay as the page has them."""
    described = read(a_market(head=f'<meta name="description" content="{said}">'))
    listed = read(a_market(summary=f"<p>{said}</p>"))
    assert described.summary == listed.summary == said
    assert said not in described.body
    assert described.lead == listed.lead == read(a_market()).lead


@pytest.mark.parametrize(
    "said",
    [
        TEXT[0],
        f"{TEXT[0][:70]} […]",
        "A late morning: the traders of the lower market opened their stalls later.",
        "In short.",
        f"{TEXT[1]} The post A late morning 0 appeared first on The News.",
        "",
    ],
)
def test_what_the_page_shows_is_not_repeated(said: str) -> None:
    """Whole, cut, in other order; nor does a word or two make a summary."""
    assert read(a_market(summary=said)).summary == ""


@pytest.mark.parametrize("said", ["", "…", " ... ", "« »"])
def test_a_description_without_words_is_no_summary(said: str) -> None:
    """Marks alone say nothing."""
    assert find_unshown_summary([said], TEXT, ()) == ""


def test_a_description_of_the_outlet_is_no_summary() -> None:
    """It names the outlet and has no word of the headline."""
    tagline = "The News brings politics, sports and weather from every corner of the country."
    assert read(a_market(head=f'<meta name="description" content="{tagline}">')).summary == ""
    about = "The News has learned why the morning began late: charter, estuary and fishing rights."
    assert find_unshown_summary([about], ["A late morning"], ["The News"]) == about


def test_a_description_that_most_pages_repeat_is_no_summary() -> None:
    """The template knows it, as it knows other lines that all pages have."""
    tagline = "Politics, sports and weather from every corner of the country, day and night."
    head = f'<meta name="description" content="{tagline}">'
    taught = TemplateLearner()
    for number in range(SAMPLES_NEEDED):
        found = extract_with_evidence(a_market(number, head=head), a_source())
        assert isinstance(found, Extracted)
        taught.observe("news", read_by=None, sample=found.sample, doubt="")
    later = extract_with_evidence(
        a_market(70, head=head, summary=SAID["en"]), a_source(), template=taught.current("news")
    )
    assert isinstance(later, Extracted)
    assert later.article.summary == SAID["en"]


def test_two_summaries_are_both_kept_if_they_differ() -> None:
    """The feed's stands first."""
    head = f'<meta name="description" content="{SAID["fr"]}">'
    assert read(a_market(head=head, summary=SAID["en"])).summary.split("\n\n") == [
        SAID["en"],
        SAID["fr"],
    ]
