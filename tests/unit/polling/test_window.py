"""What a window does not hold has a reason; what it does not say has none."""

from __future__ import annotations

import pytest

from crawler.model import Cause, Extraction, FeedWindow
from crawler.polling.window import incomplete, reading_failed

BOMB = Cause(reason="parse_bomb", detail="a tag without an end")


@pytest.mark.parametrize(
    ("window", "cause"),
    [
        (FeedWindow(kind="rss20"), None),
        (FeedWindow(kind="rss20", partial=True), Cause(reason="partial", detail="it breaks off")),
        (
            FeedWindow(kind="rss20", left_out=3, partial=True),
            Cause(reason="partial", detail="3 entries more than are taken"),
        ),
        (
            FeedWindow(kind="sitemap", left_out=3),
            Cause(reason="sitemap_overflow", detail="3 addresses more than are taken"),
        ),
        (FeedWindow(kind="sitemap", left_out=3, partial=True, refused=BOMB), BOMB),
    ],
)
def test_an_incomplete_window_says_why(window: FeedWindow, cause: Cause | None) -> None:
    """Why its bytes were not read to the end comes before what was left out."""
    assert incomplete(window) == cause


@pytest.mark.parametrize(
    ("how", "reason"), [("timeout", "reading_timeout"), ("crashed", "reading_crashed")]
)
def test_bytes_that_broke_a_worker_have_a_reason(how: Extraction, reason: str) -> None:
    """Slow bytes differ from those that crash."""
    assert reading_failed(how) == Cause(reason=reason, detail=f"reading the feed: {how}")
