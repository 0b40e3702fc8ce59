"""No source, and no page, takes a story away from another one: addresses and canonical addresses.

Each scenario is tried with the one that does the harm polled first, last, and in the same round;
what becomes of the other's stories must be what becomes of them without it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.site.gazettes import (
    ACCORD,
    EMBASSY,
    LOCAL,
    TRANSFER,
    Gazettes,
    Outlet,
    Piece,
    an_outlet,
    flagged,
    poll,
    rows,
)  # fmt: skip
from tests.site.hostile import leads

STORIES = (ACCORD, TRANSFER, EMBASSY, LOCAL)
FLAGGED = (ACCORD, TRANSFER, EMBASSY)
ORDERS = [[{"revue"}, {"rivage"}], [{"rivage"}, {"revue"}], [set[str]()]]
"""Which sources are polled in which order; none named: all in one round."""


def of_source(config: Path, slug: str) -> list[tuple[Any, ...]]:
    """All that the archive holds of a source's addresses and articles, but for numbers and times."""
    return rows(
        config,
        "SELECT s.feed, s.url, s.url_key, s.fate, s.reason, s.attempts, a.source, a.url,"
        " a.canonical_url, a.url_key, a.claimed_key, a.headline, a.lead, a.body, a.oddities,"
        " (SELECT group_concat(label) FROM match_labels WHERE article_id = a.id)"
        " FROM sightings s LEFT JOIN articles a ON a.id = s.article_id"
        " WHERE s.source = ? ORDER BY s.url",
        slug,
    )


# ── C1: an address belongs to the site it is on ───────────────────────────────────────────────


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("host", "rivage"), [("revue.test", "rivage.test"), ("ar.le-rivage.ma", "le-rivage.ma")]
)
def test_what_another_source_lists_is_not_known(
    tmp_path: Path, order: list[set[str]], host: str, rivage: str
) -> None:
    """A press review, or another edition of the same outlet, lists all stories of a source, and
    addresses that it will have one day: each is read when its own source lists it."""
    victim = an_outlet("rivage", rivage, *STORIES[:2])
    review = an_outlet("revue", host, LOCAL)
    with Gazettes(victim, review) as site:
        claimed = [site.url(rivage, p.path) for p in STORIES]
        claimed += [site.url(rivage, f"/politique/accord-{n}") for n in range(4000, 4100)]
        review.shown += [
            Piece(path=url, headline="À lire ailleurs", paragraphs=()) for url in claimed
        ]
        alone = site.install(tmp_path / "alone", ["rivage"])
        config = site.install(tmp_path / "both")
        poll(alone, [set(), set()])
        poll(config, order)
        victim.publish(*STORIES[2:])
        poll(alone, [set()])
        poll(config, order)
    assert of_source(config, "rivage") == of_source(alone, "rivage")
    assert flagged(config) == {p.headline for p in FLAGGED}
    assert len(of_source(alone, "rivage")) == len(STORIES)
    offsite = "SELECT count(*) FROM sightings WHERE source = 'revue' AND reason = 'offsite'"
    assert rows(config, offsite) == [(len(claimed),)]
    polls = "SELECT count(*) FROM polls WHERE seen <> known + new"
    assert rows(config, polls) == [(0,)]


# ── C2: a canonical address is believed of a page that tells the same ─────────────────────────


def test_pages_that_name_their_section_are_articles_of_their_own(tmp_path: Path) -> None:
    """Stories whose pages all give one canonical address are as many articles, each flagged by
    itself, each found at its own address; the section itself, listed later, is one more."""
    outlet = Outlet(slug="rivage", host="rivage.test", language="fr")
    with Gazettes(outlet) as site:
        section = site.url("rivage.test", "/politique")
        outlet.publish(*(_claiming(piece, section) for piece in STORIES))
        config = site.install(tmp_path)
        poll(config, [set()])
        outlet.publish(_claiming(EMBASSY_2, section))
        poll(config, [set()])
        found = "SELECT url, canonical_url, oddities FROM articles ORDER BY id"
        for url, canonical, oddities in rows(config, found):
            assert (canonical, oddities) == (url, '["canonical_disputed"]')
        outlet.publish(Piece(path="/politique", headline="Politique", paragraphs=LOCAL.paragraphs))
        poll(config, [set()])
    assert flagged(config) == {p.headline for p in (*FLAGGED, EMBASSY_2)}
    ((count, own),) = rows(config, "SELECT count(*), count(DISTINCT url_key) FROM articles")
    assert count == own == len(STORIES) + 2


EMBASSY_2 = Piece(
    path="/diplomatie/visas-4105",
    headline="Visas : le Maroc et l'Irak simplifient l'accueil des étudiants",
    paragraphs=(
        "Les étudiants irakiens inscrits dans une université du Maroc obtiendront leur visa en dix"
        " jours, ont annoncé les deux ministères après la réunion de la commission mixte à Rabat.",
    ),
)


@pytest.mark.parametrize("first", ["comment", "story", "together"])
@pytest.mark.parametrize("same_headline", [True, False])
def test_a_page_that_names_a_story_as_its_canonical_does_not_replace_it(
    tmp_path: Path, first: str, same_headline: bool
) -> None:
    """A user's page claims a story's address, before or after the story is read, or with it: the
    story's rows are those of a site without that page."""
    with Gazettes(Outlet(slug="rivage", host="rivage.test", language="fr")) as site:
        outlet = site.outlets["rivage.test"]
        user = Piece(
            path="/forum/sujet-77",
            headline=ACCORD.headline if same_headline else "Vos réactions de la semaine",
            paragraphs=LOCAL.paragraphs,
            canonical=site.url("rivage.test", ACCORD.path),
        )
        shown = {"comment": [[user], [ACCORD]], "story": [[ACCORD], [user]]}
        alone = site.install(tmp_path / "alone")
        outlet.publish(ACCORD)
        poll(alone, [set()])
        outlet.shown.clear()
        config = site.install(tmp_path / "both")
        for pieces in shown.get(first, [[user, ACCORD]]):
            outlet.publish(*pieces)
            poll(config, [set()])
    (expected,) = of_source(alone, "rivage")
    found = {row[1]: row for row in of_source(config, "rivage")}
    assert found[expected[1]] == expected
    (other,) = (row for url, row in found.items() if url != expected[1])
    assert (other[7], other[8], other[14]) == (other[1], other[1], '["canonical_disputed"]')


@pytest.mark.parametrize("mobile_first", [True, False])
def test_two_addresses_that_tell_the_same_are_one_article(
    tmp_path: Path, mobile_first: bool
) -> None:
    """The mobile page of a story names the story's address: one article, at that address."""
    with Gazettes(Outlet(slug="rivage", host="rivage.test", language="fr")) as site:
        outlet = site.outlets["rivage.test"]
        address = site.url("rivage.test", ACCORD.path)
        mobile = Piece(
            path="/lite/4101",
            headline=ACCORD.headline,
            paragraphs=ACCORD.paragraphs,
            canonical=address,
        )
        config = site.install(tmp_path)
        for piece in (mobile, ACCORD) if mobile_first else (ACCORD, mobile):
            outlet.publish(piece)
            poll(config, [set()])
    ((canonical, oddities),) = rows(config, "SELECT canonical_url, oddities FROM articles")
    assert (canonical, oddities) == (address, "[]")
    kept = "SELECT count(*), count(DISTINCT article_id) FROM sightings WHERE fate = 'kept'"
    assert rows(config, kept) == [(2, 1)]


def _claiming(piece: Piece, canonical: str) -> Piece:
    return Piece(
        path=piece.path,
        headline=piece.headline,
        paragraphs=piece.paragraphs,
        canonical=canonical,
    )


@pytest.mark.parametrize("order", ORDERS)
def test_a_redirect_to_another_editions_story_does_not_take_it(
    tmp_path: Path, order: list[set[str]]
) -> None:
    """Editions share a registrable domain: what one of them redirects to the other's host is the
    other's to read."""
    victim = an_outlet("rivage", "le-rivage.ma", ACCORD)
    review = an_outlet("revue", "ar.le-rivage.ma", LOCAL)
    with Gazettes(victim, review) as site:
        to = site.url("le-rivage.ma", ACCORD.path)
        site.answer("/vers/accord", leads(to))
        review.publish(replace(ACCORD, path="/vers/accord"))
        config = site.install(tmp_path)
        poll(config, order)
        poll(config, order)
    (kept,) = rows(config, "SELECT source, url FROM articles WHERE headline = ?", ACCORD.headline)
    assert kept == ("rivage", to)
    why = "SELECT fate, reason FROM sightings WHERE source = 'revue' AND url LIKE '%/vers/accord'"
    assert rows(config, why) == [("failed", "offsite_redirect")]
