"""What an answer means: outcomes of a poll, and when a page is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.model import Cause, Fate, FeedWindow, PollOutcome, Reason
from crawler.polling import outcomes
from tests.builders import NOW
from tests.unit.polling.driver import a_sighting, a_window, an_answer


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(304, "not_modified"), (403, "blocked"), (429, "blocked"), (404, "failed"), (503, "failed")],
)
def test_a_status_other_than_200_says_what_it_means(status: int, outcome: PollOutcome) -> None:
    """Blocked: the site does not want us; failed: it could not; both with the status as cause."""
    found = outcomes.of_status(status, conditional=True)
    assert found is not None and found[0] == outcome
    assert (found[1] is None) == (status == 304)
    assert outcomes.of_status(200, conditional=True) is None


@pytest.mark.parametrize(
    ("window", "new", "outcome"),
    [
        (a_window("/a"), True, "new"),
        (a_window("/a"), False, "nothing_new"),
        (FeedWindow(kind="rss20", more=("http://news.test/2",)), False, "nothing_new"),
        (FeedWindow(kind="rss20", partial=True), False, "failed"),
        (FeedWindow(kind="rss20", unusable=3), False, "empty"),
    ],
)
def test_a_feed_that_was_read_is_more_than_empty_if_it_shows_anything(
    window: FeedWindow, new: bool, outcome: PollOutcome
) -> None:
    """Empty: entries without links are no entries; a part of a feed without any is a failure."""
    assert outcomes.of_window(window, new)[0] == outcome


@pytest.mark.parametrize(
    ("window", "wall", "expected"),
    [
        (FeedWindow(kind=""), "challenge", ("blocked", "challenge")),
        (FeedWindow(kind=""), None, ("not_a_feed", "not_a_feed")),
        (FeedWindow(kind="", refused=Cause(reason="too_big")), None, ("failed", "too_big")),
    ],
)
def test_what_is_no_feed_is_told_from_a_wall(
    window: FeedWindow, wall: Reason | None, expected: tuple[str, str]
) -> None:
    """A challenge in the place of a feed is a block; other bytes are named by their media type."""
    answer = an_answer(content_type="Text/HTML; charset=utf-8")
    outcome, cause = outcomes.of_no_feed(window, answer, wall)
    assert (outcome, cause.reason) == expected
    assert expected[1] != "not_a_feed" or cause.detail == "text/html"


def test_a_failed_page_is_tried_again_later_each_time() -> None:
    """At once after a fault of a minute, and still after a weekend; then never again."""
    last = outcomes.MAX_PAGE_ATTEMPTS - 1
    tries = [outcomes.next_try_at(a_sighting(1, attempts=n), NOW) for n in range(last + 2)]
    waits = [at - NOW for at in tries if at is not None]
    assert tries[last:] == [None, None]
    assert waits[0] == timedelta(minutes=15)
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(days=2)


@pytest.mark.parametrize(
    ("reason", "last"),
    [
        ("not_found", "gone"),
        ("robots", "rejected"),
        ("redirect_limit", "rejected"),
        ("offsite_redirect", "rejected"),
        ("bad_content_type", "rejected"),
        ("server_error", "failed"),
        ("challenge", "failed"),
    ],
)
def test_nothing_that_may_pass_is_final(reason: Reason, last: Fate) -> None:
    """A page that will be requested again has only failed, whatever the answer was."""
    cause = Cause(reason=reason)
    assert outcomes.failed_fate(cause, again=True) == "failed"
    assert outcomes.failed_fate(cause, again=False) == last
