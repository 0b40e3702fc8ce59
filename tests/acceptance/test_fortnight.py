"""A fortnight of a desk: what is flagged is told once, what breaks is told once and closed once.

``make test`` plays a few days. The whole fortnight: ``python -m tests.acceptance.test_fortnight``,
or RASD_FORTNIGHT=1 before pytest.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.fortnight import account
from tests.fortnight.script import FORTNIGHT, SHORT, Plan, Script


def play(plan: Plan, folder: Path) -> Script:
    """Play it, print its table, and return what is left of it."""
    script = Script(plan, folder)
    script.play()
    print(account.table(script.account.days))
    return script


def test_a_desk(tmp_path: Path) -> None:
    """Whatever happens to the desk, each reader is told each story once, and of each fault once."""
    script = play(FORTNIGHT if os.environ.get("RASD_FORTNIGHT") else SHORT, tmp_path)
    check(script)


def check(script: Script) -> None:
    """All that must hold at the end."""
    expected = [s for s in script.watched_stories()]
    kept = account.kept(script.machine)
    assert kept == {s.headline: 1 for s in expected}
    news = [s for s in expected if s.kind]
    print(account.findings(script.machine))
    arrived = account.mails(script.office, script.post)
    print(account.tellings(news, script.office.readers, arrived))


if __name__ == "__main__":
    check(play(FORTNIGHT, Path(tempfile.mkdtemp(prefix="rasd-fortnight-"))))
    sys.exit(0)
