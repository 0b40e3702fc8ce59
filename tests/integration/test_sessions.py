"""Session ids and cache busters in links: each story is kept once, and soon asked for once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.site.gazettes import (
    ACCORD,
    EMBASSY,
    LOCAL,
    TRANSFER,
    Gazettes,
    Outlet,
    Piece,
    flagged,
    poll,
    rows,
)  # fmt: skip

EVERY = [set[str]()]
STORIES = (ACCORD, TRANSFER, EMBASSY, LOCAL)


def show(outlet: Outlet, form: str, value: str, *pieces: Piece) -> None:
    """Have the feed list these pieces, and nothing else, under addresses of this form."""
    outlet.shown.clear()
    outlet.publish(*(replace(p, path=form.format(path=p.path, value=value)) for p in pieces))


@pytest.mark.parametrize(
    "form", ["{path}?sid={value}", "/index.php?doc={path}&t={value}&u=x{value}"]
)
def test_stories_under_new_addresses_at_each_poll_are_kept_once(tmp_path: Path, form: str) -> None:
    """No id in the feed says that they are the same: the text does. Once that was seen of three
    stories, no page is asked for under another value, and a new story is still found."""
    outlet = Outlet(slug="rivage", host="rivage.test", language="fr")
    with Gazettes(outlet) as site:
        config = site.install(tmp_path)
        for value, pieces in (("a1", STORIES[1:]), ("b2", STORIES[1:])):
            show(outlet, form, value, *pieces)
            poll(config, EVERY)
        asked = len(site.asked("rivage.test"))
        assert asked == 6
        show(outlet, form, "c3", *STORIES[1:])
        poll(config, EVERY)
        assert len(site.asked("rivage.test")) == asked
        show(outlet, form, "d4", *STORIES)
        poll(config, EVERY)
        assert len(site.asked("rivage.test")) == asked + 1
    assert flagged(config) == {p.headline for p in STORIES[:3]}
    assert rows(config, "SELECT count(*) FROM articles") == [(len(STORIES),)]
    assert rows(config, "SELECT count(*) FROM gaps WHERE closed_at IS NULL") == [(0,)]
    assert rows(config, "SELECT count(*) FROM sightings WHERE fate <> 'kept'") == [(0,)]


def test_a_number_that_names_the_story_is_never_taken_for_a_session(tmp_path: Path) -> None:
    """A site whose articles differ by their number alone, and that prints each story twice: every
    later story is found."""
    outlet = Outlet(slug="rivage", host="rivage.test", language="fr")
    with Gazettes(outlet) as site:
        config = site.install(tmp_path)
        for number in range(1, 3):
            outlet.publish(
                *(
                    replace(p, path=f"/article.php?id={number}{place}")
                    for place, p in enumerate(STORIES[1:])
                )
            )
            poll(config, EVERY)
        outlet.publish(replace(ACCORD, path="/article.php?id=99"))
        poll(config, EVERY)
    assert flagged(config) == {p.headline for p in STORIES[:3]}
    assert rows(config, "SELECT count(*) FROM parameters") == [(0,)]
