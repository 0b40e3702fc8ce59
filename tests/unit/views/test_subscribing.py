"""When a subscriber's mails go out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from crawler.model import IssueHistory
from crawler.seeds.digests import DigestRecipe
from crawler.views.subscribing import NO_DAEMON, first_lines

NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # a Monday; 17:00 in Casablanca
DAY = timedelta(days=1)
DAILY = DigestRecipe(
    slug="daily",
    title={"en": "Daily"},
    topics=("water",),
    languages=("en",),
    hour=time(7, 30),
    timezone="Africa/Casablanca",
)


def lines(history: IssueHistory | None = None, **changes: object) -> list[str]:
    """What a subscriber reads, a daemon being at work unless changed."""
    watched = bool(changes.pop("is_watched", True))
    recipe = replace(DAILY, **changes)  # type: ignore[arg-type]
    return first_lines(recipe, history, NOW, looks_back=DAY, is_watched=watched)


def an_issue(until: datetime) -> IssueHistory:
    """Earlier issues to the address, the last one of this moment."""
    return IssueHistory(last_id=1, first_until=until, last_until=until, newest_doubtful_id=0)


def test_a_new_subscriber_gets_the_last_day_at_once() -> None:
    """Not at the recipe's hour: that is when the second mail goes."""
    assert lines() == [
        "the first mail: within a minute, with what was flagged since Sunday 2026-11-29 17:00",
        "then every day at 07:30 (Africa/Casablanca), next on Tuesday 2026-12-01 07:30",
    ]


def test_without_a_daemon_nothing_goes_and_that_is_said() -> None:
    """With the two ways out."""
    first, *_, last = lines(is_watched=False)
    assert first.startswith("the first mail: as soon as a daemon runs, with what")
    assert last == NO_DAEMON and "rasd run" in last and "rasd digest send" in last


def test_who_had_todays_issue_gets_the_next_one() -> None:
    """As after subscribing twice."""
    assert lines(an_issue(NOW - timedelta(hours=1))) == [
        "the next mail: on Tuesday 2026-12-01 07:30, with what is flagged until then"
    ]


def test_who_had_an_issue_long_ago_gets_what_came_since() -> None:
    """At once, as a new one does."""
    first, then = lines(an_issue(NOW - 5 * DAY))
    assert "within a minute" in first and first.endswith("since Wednesday 2026-11-25 17:00")
    assert then.startswith("then every day")


def test_a_recipe_that_is_silent_when_there_is_nothing_says_so() -> None:
    """Else an analyst would wait for a mail that never goes."""
    assert lines(when_empty="silence")[-1] == "if nothing was flagged, no mail goes out"
