"""What is strange about a page: noted with its article, said wherever the article is shown,
never a refusal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from rich.console import Console

from crawler.extraction import quality
from crawler.extraction.metadata import PageMetadata
from crawler.model import ArchivedArticle, Oddity, Reading
from crawler.monitoring import health
from crawler.views import archive as view_archive
from crawler.views import explanation as views_explanation
from crawler.views import page as view_page
from tests.builders import NOW, a_page, an_article, prepared
from tests.unit.monitoring.test_health import history, kinds

LONG = "Le conseil a examiné le projet et a entendu les représentants des armateurs. " * 5


def of(
    body: str = LONG, conflict: bool = False, longest: int = 1_000_000, **facts: Any
) -> tuple[str, ...]:
    """The oddities of an article with this body on a page with these facts."""
    return quality.find_quality_flags(
        an_article(body), a_page("x"), PageMetadata(**facts), conflict=conflict, longest=longest
    )


def test_an_ordinary_page_has_none() -> None:
    """A picture beside a text, its own address, one lost letter in a thousand."""
    assert (
        of(
            LONG * 3 + "\ufffd",
            pictures=True,
            canonical="http://news.test/a?utm_source=x",
            shared="/a",
        )
        == ()
    )


def test_each_is_named() -> None:
    """By name, in one order."""
    found = of("\ufffd" * 9 + "mot", True, 12, pictures=True, shared="https://other.example/x")
    assert found == ("canonical_foreign", "charset_conflict", "garbled", "low_text", "truncated")
    assert {
        *found,
        "canonical_disputed",
        "half_rendered",
        "suspicious",
        "unshown_body",
    } == set(get_args(Oddity))


@pytest.mark.parametrize(
    "said", ["", "javascript:alert(1)", "http://[::1", "http://news.test:80/", "//news.test/b"]
)
def test_an_address_that_is_none_claims_nothing(said: str) -> None:
    """Only another site's address is a claim."""
    assert of(canonical=said, shared=said) == ()


def shown(thing: Any) -> str:
    """What a terminal of 200 columns shows."""
    console = Console(width=200)
    with console.capture() as captured:
        console.print(thing)
    return captured.get()


def test_they_are_said_wherever_the_article_is_shown() -> None:
    """try, show, explain, each as text and as data."""
    article = an_article(LONG, oddities=("garbled", "truncated"))
    kept = ArchivedArticle(id=7, article=article, kept_at=NOW)
    found = prepared(Reading(article=article, fingerprint=b""))
    report = view_page.page_row(found, article.url, 0.1)
    assert (
        report["oddities"]
        == view_archive.article_row(kept)["oddities"]
        == views_explanation.explanation_row(kept, [])["oddities"]
        == ["garbled", "truncated"]
    )
    for text in (
        "\n".join(view_page.page_lines(report)),
        shown(view_archive.article_text(view_archive.article_row(kept))),
        shown(views_explanation.explanation_text(kept, [])),
    ):
        assert "garbled, truncated" in text
    plain = replace(kept, article=an_article(LONG))
    assert "odd" not in shown(view_archive.article_text(view_archive.article_row(plain))) + shown(
        views_explanation.explanation_text(plain, [])
    )


def a_text(number: int, *odd: str) -> health.TextHistory:
    """One of a source's newest articles."""
    return health.TextHistory(
        characters=900, language="ar", dated=True, full=True, article_id=number, oddities=odd
    )


@pytest.mark.parametrize(
    ("struck", "found"),
    [
        ({"garbled": 1}, ["garbled"]), ({"suspicious": 2}, ["suspicious"]),
        ({"stuck": 1}, ["stuck"]),
        ({"low_text": 2}, []), ({"low_text": 3}, ["low_text"]),
        ({"charset_conflict": 20, "canonical_foreign": 20, "truncated": 20}, []),
    ],
)  # fmt: skip
def test_what_somebody_has_to_look_at_is_a_finding(
    struck: dict[str, int], found: list[str]
) -> None:
    """With the articles' ids; what a source does by habit, and costs no word, is only noted."""
    texts = [
        a_text(n, *(name for name, count in struck.items() if n <= count)) for n in range(1, 21)
    ]
    assert kinds(history(texts=texts)) == [("news", kind) for kind in found]
    older = [*(a_text(n) for n in range(20)), a_text(99, "garbled", "stuck", "suspicious")]
    assert kinds(history(texts=older)) == []
