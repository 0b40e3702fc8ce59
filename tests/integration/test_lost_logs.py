"""A log that can't be written: the daemon goes on, and ends as it should."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.test_river import RASD, rasd
from tests.integration.test_ways import FEED, MINUTES, desk
from tests.site.wire import Wire

WAIT_SECONDS = 240.0


def full() -> int:
    """A log on a full disk."""
    return os.open("/dev/full", os.O_WRONLY)


def unread() -> int:
    """A pipe whose reader has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@contextmanager
def stuck() -> Iterator[int]:
    """A pipe whose reader stands still, full to the brim."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while os.write(writer, b"x" * 4096):
            pass
    except BlockingIOError:
        pass
    os.set_blocking(writer, True)
    try:
        yield writer
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("log", ["full", "unread", "closed", "stuck"])
def test_a_log_that_cannot_be_written_ends_nothing(log: str, tmp_path: Path) -> None:
    """Polls go on, SIGTERM ends the process with 0, and nothing of the log lands in a file that was
    opened in its place."""
    with Wire(["wire.test"]) as wire, stuck() as standing:
        wire.papers["wire.test"].publish(3, datetime.now(UTC) - 3 * MINUTES, MINUTES)
        config = desk(tmp_path, wire, FEED, more="[reading]\nworkers = 1\n")
        command = [*RASD, "--config", str(config), "run"]
        if log == "closed":
            command = ["sh", "-c", 'exec "$@" 2>&-', "sh", *command]
        stderr = {"full": full, "unread": unread, "closed": unread}.get(log, lambda: standing)()
        with subprocess.Popen(command, stderr=stderr) as daemon:
            try:
                _poll_and_stop(daemon, wire)
            finally:
                daemon.kill()
        if log != "stuck":
            os.close(stderr)
    assert "3 in all" in rasd(config, "status")
    assert (tmp_path / "var" / "rasd.sqlite.lock").read_text().count("\n") <= 2


def _poll_and_stop(daemon: subprocess.Popen[bytes], wire: Wire) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while len(wire.pages()) < 3:
        assert daemon.poll() is None, f"it ended with {daemon.returncode}"
        assert time.monotonic() < ends_at
        time.sleep(0.1)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(WAIT_SECONDS) == 0
