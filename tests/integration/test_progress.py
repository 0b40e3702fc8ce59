"""Progress is shown on a terminal, late, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests import places

CODE = """
import sys
from threading import Event
from crawler.cli import output, progress
progress.LATE_SECONDS = float(sys.argv[1])
shown, start = Event(), progress._started
progress._started = lambda: (start(), shown.set())[0]
with progress.working("thinking hard"):
    if not progress.LATE_SECONDS and sys.stderr.isatty():
        assert shown.wait(60)
for number in progress.progress(range(3), "pages read", 3):
    output.say(f"answer {number}")
"""


def command(late: float) -> list[str]:
    """A verb of a kind: two long works and an answer of three lines."""
    return [sys.executable, "-c", CODE, str(late)]


def at_a_terminal(late: float) -> tuple[str, str]:
    """What a terminal shows as stderr, and what a file gets as stdout."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(late),
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=places.PROJECT,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4_096)
        except OSError:  # the other end is closed
            break
    assert process.stdout is not None
    answer = process.stdout.read().decode()
    process.stdout.close()
    assert process.wait() == 0
    os.close(ours)
    return shown.decode(), answer


def test_a_terminal_sees_how_far_a_verb_is() -> None:
    """The answer stands in its file as it is."""
    shown, answer = at_a_terminal(0)
    assert "thinking hard" in shown and "pages read" in shown and "0/3" in shown
    assert answer == "answer 0\nanswer 1\nanswer 2\n"


def test_what_takes_no_time_shows_nothing() -> None:
    """Not even on a terminal: no line flickers."""
    assert at_a_terminal(60) == ("", "answer 0\nanswer 1\nanswer 2\n")


def test_no_file_and_no_pipe_gets_a_bar(tmp_path: Path) -> None:
    """A log of a cron job has the answer alone."""
    done = subprocess.run(
        command(0), capture_output=True, text=True, cwd=places.PROJECT, check=True
    )
    assert (done.stderr, done.stdout) == ("", "answer 0\nanswer 1\nanswer 2\n")
