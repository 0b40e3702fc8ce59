"""Pages with status 200 that are no article: challenges, consent walls, soft 404s."""

from __future__ import annotations

import pytest

from crawler.fetch import block_pages

HOME, URL = "https://news.test/", "https://news.test/a/1"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>Just a moment...</title>", "challenge"),
        ("<title>لحظة من فضلك</title>", "challenge"),
        ("<script>window._cf_chl_opt = 1</script>", "challenge"),
        ("<form action='https://consent.google.com/save'>", "consent"),
        ("<title> 404 - Not here</title>", "soft404"),
        ("<title>الصفحة غير موجودة</title>", "soft404"),
        ("<title>Access to water, just a moment of hope</title>", None),
        ("<p>no title", None),
    ],
)
def test_a_page_is_known_by_its_title_or_its_software(body: str, kind: str | None) -> None:
    """Marks of the software that stands in the way, not words that an article could use."""
    assert block_pages.block_kind(body.encode(), URL, URL, HOME) == kind


def test_a_long_page_with_such_marks_is_an_article() -> None:
    """Walls are small; an article's page may hold the same scripts."""
    body = b"<title>A title</title>_cf_chl_opt" + b"x" * block_pages.MAX_SCANNED_BYTES
    assert block_pages.block_kind(body, URL, URL, HOME) is None


@pytest.mark.parametrize(
    ("url", "requested", "kind"),
    [
        (HOME, URL, "soft404"),
        ("https://news.test", URL, "soft404"),
        ("https://news.test/a/1?x=1", URL, None),
        (HOME, HOME, None),
    ],
)
def test_an_article_that_leads_home_is_gone(url: str, requested: str, kind: str | None) -> None:
    """A redirect to the home page stands for a 404; one to another page does not."""
    assert block_pages.block_kind(b"<title>News</title>", url, requested, HOME) == kind
