"""What a poll teaches about its feed: validators that can be believed, the span of a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.model import Feed, FeedState, Poll, PollOutcome
from crawler.polling import feed_state
from tests.builders import NOW

FEED = Feed(url="http://news.test/feed")
BEFORE = FeedState(
    source="news", feed=FEED.url, etag='"1"', last_success_at=NOW - timedelta(hours=1)
)


def after(outcome: PollOutcome = "new", before: FeedState = BEFORE, **learned: Any) -> FeedState:
    """The state after a poll that saw ten entries, one of them new if the outcome is ``new``."""
    plain = feed_state.Learned(
        feed=FEED, before=before, unconditional=False, unchanged=False, partial=False, dates=(),
        per_hour=2.0, etag='"2"', last_modified=None, body_sha256="b", jitter=0.5,
        min_wait=timedelta(0), not_before=None,
    )  # fmt: skip
    poll = Poll(
        source="news", feed=FEED.url, started_at=NOW, ended_at=NOW, outcome=outcome, seen=10,
        known=9, new=int(outcome == "new"), kept=int(outcome == "new"),
    )  # fmt: skip
    return feed_state.after(replace(plain, **learned), poll)


@pytest.mark.parametrize(
    ("outcome", "learned", "etag"),
    [
        ("new", {}, '"2"'),
        ("nothing_new", {}, '"2"'),
        ("new", {"partial": True}, None),  # what was not read is asked for again
        ("failed", {}, '"1"'),  # an answer that was not read teaches nothing
        ("not_modified", {}, '"1"'),
    ],
)
def test_validators_are_those_of_the_last_answer_that_was_read_whole(
    outcome: PollOutcome, learned: dict[str, Any], etag: str | None
) -> None:
    """They would keep from us what we have not read."""
    assert after(outcome, **learned).etag == etag


def test_a_304_that_lied_is_not_believed_for_a_week() -> None:
    """P16: asked without conditions, something new stands under the old validators."""
    lied = after(unconditional=True, etag='"1"')
    assert (lied.lied_at, lied.etag) == (NOW, None)
    honest = after(unconditional=True)
    assert (honest.lied_at, honest.etag) == (None, '"2"')
    long_ago = replace(BEFORE, lied_at=NOW - feed_state.DISTRUST_PERIOD - timedelta(seconds=1))
    assert after(before=long_ago).etag == '"2"'


def test_a_window_spans_the_time_of_its_dates_without_the_oldest_tenth() -> None:
    """A pinned story would make it look long; four dates tell nothing."""
    dates = [NOW - timedelta(hours=n) for n in range(10)]
    assert feed_state.window_seconds([*dates[:9], NOW - timedelta(days=900)]) == 8 * 3600
    assert feed_state.window_seconds(dates[:4]) is None
    assert feed_state.window_seconds([NOW] * 9) is None


def test_a_feed_that_is_unchanged_keeps_its_rhythm() -> None:
    """The same bytes, or a poll without entries, say nothing of how often something comes."""
    known = replace(BEFORE, entries=30, per_hour=9.0, window_seconds=60)
    same = after("nothing_new", before=known, unchanged=True)
    assert (same.entries, same.per_hour, same.window_seconds) == (30, 9.0, 60)
    assert (after(before=known).entries, after(before=known).per_hour) == (10, 2.0)
    assert after("nothing_new", before=known).per_hour == 9.0
