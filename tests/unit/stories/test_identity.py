"""Which pages are one article: a claimed address is believed of a page that tells the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from crawler.stories import fingerprint
from crawler.stories.identity import KnownPage, KnownPages, Placement, headline_key, tells_same

TEXT = " ".join(f"le conseil a voté la mesure numéro {n} après un long débat" for n in range(9))
OTHER = " ".join(f"la pluie a touché la commune {n} sans causer de dégâts" for n in range(9))


def a_page(number: int, text: str = TEXT, **changes: Any) -> KnownPage:
    """A page found at an address of its own."""
    plain: dict[str, Any] = {
        "url_key": f"rivage.test/{number}", "headline": "Le conseil a voté", "lead": text[:120],
        "fingerprint": fingerprint.compute(text),
    }  # fmt: skip
    return KnownPage(number=number, **(plain | changes))


def placed(*pages: KnownPage) -> list[Placement]:
    """Where these pages belong, one after the other."""
    known = KnownPages()
    return [known.place(page) for page in pages]


def articles(*pages: KnownPage) -> int:
    """How many articles these pages are."""
    return sum(found.same_as is None for found in placed(*pages))


def test_pages_of_one_address_are_one_article() -> None:
    """Whatever the second one shows: a redirect leads to it, or a shorter address."""
    assert placed(a_page(1), a_page(2, OTHER, url_key="rivage.test/1"))[1] == Placement(same_as=1)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_pages_that_tell_the_same_are_one_article(order: tuple[int, ...]) -> None:
    """In any order: the story, its printed page and its mobile page, which name the story."""
    copies = [
        a_page(1),
        a_page(2, claimed_key="rivage.test/1"),
        a_page(3, claimed_key="rivage.test/1"),
    ]
    found = placed(*(copies[n] for n in order))
    assert [f.same_as is None for f in found] == [True, False, False]
    assert not any(f.disputed for f in found)
    assert [n for n, f in zip(order, found, strict=True) if f.leads] == ([0] if order[0] else [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_pages_that_tell_other_things_are_articles_of_their_own(order: tuple[int, ...]) -> None:
    """In any order: each keeps its address, and every claim is disputed; the page whose address is
    claimed is not."""
    pages = [
        a_page(1),
        a_page(2, OTHER, claimed_key="rivage.test/1"),
        a_page(3, claimed_key="rivage.test/1", headline="Vos réactions"),
    ]
    found = placed(*(pages[n] for n in order))
    assert [f.same_as for f in found] == [None, None, None]
    assert frozenset[int]().union(*(f.disputed for f in found)) == {2, 3}


def test_a_claim_that_nothing_contradicts_is_believed() -> None:
    """One page that names another address, and pages that name none."""
    found = placed(a_page(1, claimed_key="rivage.test/old"), a_page(2, OTHER), a_page(3))
    assert found == [Placement()] * 3


def test_a_page_that_claims_elsewhere_keeps_its_claim_when_it_is_claimed() -> None:
    """What others say of its address is no word against what it says itself."""
    first = a_page(1, claimed_key="rivage.test/old")
    (_, second) = placed(first, a_page(2, OTHER, claimed_key="rivage.test/1"))
    assert second.disputed == {2}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"headline": "LE CONSEIL A VOTÉ !"}, True),
        ({"headline": "Le conseil a rejeté"}, False),
        ({"fingerprint": fingerprint.compute(OTHER)}, False),
        ({"fingerprint": b""}, False),
    ],
)
def test_a_page_tells_the_same_by_headline_and_text(changes: dict[str, Any], same: bool) -> None:
    """Letters and marks make no difference; another headline or another text does."""
    assert tells_same(a_page(1), a_page(2, **changes)) is same


def test_short_texts_are_compared_by_their_beginning() -> None:
    """A brief has no fingerprint: its words are compared."""
    short = a_page(1, "Le port a rouvert lundi.", fingerprint=b"")
    assert tells_same(short, a_page(2, "Le port a rouvert, lundi", fingerprint=b""))
    assert not tells_same(short, a_page(2, "Le port reste fermé.", fingerprint=b""))


def test_two_kinds_of_one_story_are_two_articles_where_only_one_has_a_text() -> None:
    """A page without text says nothing of what the other one tells."""
    bare = a_page(2, "", fingerprint=b"", lead="", claimed_key="rivage.test/1")
    assert articles(a_page(1), bare) == 2


def read_again(page: KnownPage, *earlier: KnownPage) -> int | None:
    """The number of the article that a page is, which was read again; None: a new one."""
    return KnownPages().place_again(page, earlier).same_as


SECURITY = frozenset({("accords", "security")})


@pytest.mark.parametrize(
    ("changes", "article"),
    [
        ({}, 1),
        ({"headline": "Le conseil a finalement voté"}, 1),
        ({"fingerprint": fingerprint.compute(OTHER)}, 1),
        ({"headline": "La pluie", "fingerprint": fingerprint.compute(OTHER)}, None),
        ({"headline": "La pluie", "labels": SECURITY}, None),
        ({"fingerprint": fingerprint.compute(OTHER), "labels": SECURITY}, None),
        ({"labels": SECURITY}, 1),
        ({"headline": "La pluie", "fingerprint": b""}, None),
    ],
)
def test_a_page_that_is_read_again_is_a_new_article_if_it_says_more(
    changes: dict[str, Any], article: int | None
) -> None:
    """Another story, or the same one with a label that it had not; the same words with other labels
    are judged by another topic, and are the same article."""
    assert read_again(a_page(2, **changes), a_page(1)) == article


def test_a_label_that_the_earlier_story_had_is_nothing_new() -> None:
    """The story went on."""
    told_on = a_page(2, headline="Le conseil vote encore", labels=SECURITY)
    assert read_again(told_on, a_page(1, labels=SECURITY)) == 1


def test_a_story_that_comes_back_is_the_one_it_was() -> None:
    """At an address that shows two stories in turn."""
    first, second = a_page(1), a_page(2, OTHER, headline="La pluie")
    assert read_again(replace(first, number=3), second, first) == 1


def test_one_text_at_addresses_that_differ_in_parameters_is_one_article() -> None:
    """A number of a session in each link; at another path it is an article of its own."""
    same = {"headline_key": 77}
    first = a_page(1, url_key="rivage.test/a.html?sid=1", **same)
    again = a_page(2, url_key="rivage.test/a.html?sid=2", **same)
    bare = a_page(3, url_key="rivage.test/a.html", **same)
    elsewhere = a_page(4, url_key="rivage.test/b.html?sid=1", **same)
    other = a_page(5, OTHER, url_key="rivage.test/a.html?sid=5", **same)
    found = placed(first, again, bare, elsewhere, other)
    assert [f.same_as for f in found] == [None, 1, 1, None, None]
    assert [f.by_parameters for f in found] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("path", "one"),
    [("/a/4101-le-conseil.html", True), ("/a/4101", True), ("/index.php", False), ("/", False)],
)
def test_a_text_that_changed_a_little_is_one_article_where_the_path_names_it(
    path: str, one: bool
) -> None:
    """The prices of two days under one headline, and numbers in the query, are two articles."""
    words = TEXT + " le prix est de douze dirhams"
    pages = [
        a_page(n, text, url_key=f"rivage.test{path}?n={n}", headline_key=77)
        for n, text in ((1, words + " aujourd'hui"), (2, words + " demain"))
    ]
    assert pages[0].fingerprint != pages[1].fingerprint
    assert articles(*pages) == (1 if one else 2)


def test_a_story_that_moves_from_one_address_to_the_next_is_one_article() -> None:
    """Addresses that show the first, second and third story of the hour."""
    known = KnownPages()
    known.place(a_page(1, headline_key=77))
    moved = a_page(2, url_key="rivage.test/place-2#0", headline_key=77)
    assert known.place_again(moved, [a_page(3, OTHER)]) == Placement(same_as=1)


def test_a_headline_has_a_key_for_its_source() -> None:
    """Capitals and marks make no difference; another source or other words do."""
    key = headline_key("rivage", "Le conseil a voté")
    assert key == headline_key("rivage", "LE CONSEIL A VOTÉ !")
    assert key != headline_key("autre", "Le conseil a voté")
    assert key != headline_key("rivage", "Le conseil a rejeté")
    assert headline_key("rivage", " ! ") is None


def test_a_page_with_a_corrected_address_is_the_article_that_it_was() -> None:
    """Under another headline too; the article stands at the new address from then on."""
    known, before = KnownPages(), a_page(1)
    known.add([before])
    found = known.place_moved(a_page(2, headline="La mesure est votée"), [before])
    assert found == Placement(same_as=1, leads=True)
    again = known.place(a_page(3, url_key="rivage.test/2"))
    assert again == Placement(same_as=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": OTHER, "headline": "Pluies"},
        {"headline": "Voté sous la pluie", "labels": frozenset({("topic", "rain")})},
    ],
)
def test_another_story_under_a_guid_that_is_used_again_is_its_own(changes: dict[str, Any]) -> None:
    """Another text, or one with a label that the earlier one had not."""
    known, before = KnownPages(), a_page(1)
    known.add([before])
    assert known.place_moved(a_page(2, **changes), [before]).same_as is None
    assert known.place_moved(a_page(3, url_key="rivage.test/1"), []) == Placement(same_as=1)
