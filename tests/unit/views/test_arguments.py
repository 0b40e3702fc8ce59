"""What a user names: a thing of the seeds, a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import NotFoundError, UsageError
from crawler.seeds import Seeds
from crawler.views import arguments
from tests.builders import NOW


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (None, None),
        ("7d", NOW - timedelta(days=7)),
        ("12h", NOW - timedelta(hours=12)),
        ("30m", NOW - timedelta(minutes=30)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T08:00+01:00", datetime(2026, 11, 23, 7, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_day_a_time_or_an_age(written: str | None, at: datetime | None) -> None:
    """Always aware and UTC."""
    assert arguments.moment(written, NOW) == at


@pytest.mark.parametrize("written", ["", "soon", "7w", "-1d", "99999999d", "2026-13-01"])
def test_any_other_moment_is_refused(written: str) -> None:
    """Also an age before the first year."""
    with pytest.raises(UsageError, match="is no day"):
        arguments.moment(written, NOW)


def test_the_only_one_needs_no_name() -> None:
    """Of several, one must be named, and the message lists them."""
    assert arguments.one({"a": 1}, None, "topic", "--topic") == 1
    assert arguments.one({"a": 1, "b": 2}, "b", "topic", "--topic") == 2
    with pytest.raises(UsageError, match=r"which topic\? give --topic: a, b"):
        arguments.one({"a": 1, "b": 2}, None, "topic", "--topic")
    with pytest.raises(UsageError, match="the seeds hold none"):
        arguments.one({}, None, "topic", "--topic")
    with pytest.raises(NotFoundError, match="no topic 'c' in the seeds; known: a, b"):
        arguments.one({"a": 1, "b": 2}, "c", "topic", "--topic")


def test_the_main_topic_is_a_digests(seeds: Seeds) -> None:
    """Seeds without a digest have none."""
    assert arguments.main_topic(seeds) == next(iter(seeds.digests.values())).topics[0]
    assert (
        arguments.main_topic(Seeds(sources={}, concepts={}, topics={}, queries={}, digests={}))
        is None
    )


def test_an_unknown_source_is_told_with_the_near_one() -> None:
    """Else with the verb that lists them: there are too many for a line."""
    known = {"al-masar", "hespress-fr"}
    assert arguments.no_source("al-massar", known) == (
        "no source 'al-massar' in the seeds; did you mean 'al-masar'?"
    )
    assert arguments.no_source("x", known).endswith("; rasd sources list shows them")
