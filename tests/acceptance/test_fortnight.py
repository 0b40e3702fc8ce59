"""A fortnight of a desk: each flagged story is in one digest, each fault is one finding.

``make test`` plays a few days. The whole fortnight: ``python -m tests.acceptance.test_fortnight``,
or RASD_FORTNIGHT=1 before pytest.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from crawler import logs
from tests import engine, forks
from tests.fortnight import account
from tests.fortnight.script import FORTNIGHT, SHORT, Plan, Script


@pytest.mark.timeout(
    3600
)  # the whole fortnight takes minutes, on a busy machine a quarter of an hour
def test_a_desk(tmp_path: Path) -> None:
    """Whatever happens to the desk, each reader gets each story once, and each fault is one finding."""
    play(FORTNIGHT if os.environ.get("RASD_FORTNIGHT") else SHORT, tmp_path)


def play(plan: Plan, folder: Path) -> None:
    """Play it, print its table, and check what is left of it."""
    script = Script(plan, folder)
    script.play()
    print(account.table(script.account.days))
    every_story_is_kept_once(script)
    every_flagged_story_is_mailed_once(script)
    every_fault_is_one_finding(script)


def every_story_is_kept_once(script: Script) -> None:
    """Whatever was down, full or killed when it was published."""
    published = Counter(story.headline for story in script.stories_to_keep())
    assert account.kept(script.machine) == published
    assert script.polls_of_the_removed() == 0


def every_flagged_story_is_mailed_once(script: Script) -> None:
    """In one digest of each reader whose mailbox exists, and none is left for a later one."""
    news = [story for story in script.stories_to_keep() if script.is_news(story)]
    assert account.flagged(script.machine) == {story.headline for story in news}
    arrived = account.mails(script.office, script.post)
    assert len({(m.recipient, m.message_id) for m in arrived}) == len(arrived)
    assert account.not_mailed_once(news, script.office.readers, arrived) == {}


def every_fault_is_one_finding(script: Script) -> None:
    """One finding each, which is logged once and closed; none of what is no fault."""
    found = account.findings(script.machine, script.start)
    assert Counter((f.source, f.kind) for f in found) == script.faults(), found
    assert [f for f in found if not f.is_closed] == []
    named = [(line["source"], line["kind"]) for line in script.machine.said("found")]
    assert Counter((s if s != "us" else "", kind) for s, kind in named) == script.faults()
    assert {event: len(script.machine.said(event)) for event in script.lines()} == script.lines()


if __name__ == "__main__":
    logs.set_up()
    try:
        play(FORTNIGHT, Path(tempfile.mkdtemp(prefix="rasd-fortnight-")))
    finally:
        engine.end()
        forks.end()
