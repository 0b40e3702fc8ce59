"""A demo from the first poll to the last, its log in JSON: every line is one by the schema."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from tests import forks
from tests.acceptance.test_river import RASD
from tests.docs_reference import log_schema
from tests.integration.test_outages import make_due
from tests.site import desk
from tests.site.server import Newspaper

JSON = {"RASD_LOG__FORMAT": "json"}
WAIT_SECONDS = 240.0  # for what a process does, on a machine that others use


def lines_of(text: str) -> list[dict[str, Any]]:
    """The lines of a log, each held against the schema."""
    validator = jsonschema.Draft202012Validator(log_schema())
    found = []
    for line in text.split("\n")[:-1]:
        assert len(line.splitlines()) == 1, ascii(line)
        document = json.loads(line)
        validator.validate(document)
        assert list(document)[:3] == ["timestamp", "level", "event"]
        found.append(document)
    return found


def rasd(config: Path, *words: str, code: int = 0) -> list[dict[str, Any]]:
    """Run a command; the lines of its log."""
    done = forks.run(["--config", str(config), *words], cwd=config.parent, env=JSON)
    assert done.returncode == code, done.stderr
    return lines_of(done.stderr)


def watch(config: Path, steps: Callable[[Callable[[str, int], None]], None]) -> str:
    """The log of ``rasd run`` over these steps, which may wait for an event; ended by SIGTERM."""
    command = [*RASD, "--config", str(config), "run"]
    said: list[str] = []
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=os.environ | JSON
    ) as process:
        assert process.stderr is not None
        listener = threading.Thread(target=lambda: said.extend(iter(process.stderr.readline, "")))  # type: ignore[union-attr]
        listener.start()

        def wait_for(event: str, times: int) -> None:
            ends_at = time.monotonic() + WAIT_SECONDS
            while sum(f'"event": "{event}"' in line for line in said) < times:
                assert process.poll() is None and time.monotonic() < ends_at, "".join(said)
                time.sleep(0.05)

        try:
            steps(wait_for)
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT_SECONDS) == 0
        finally:
            process.kill()
            listener.join()
    return "".join(said)


def test_the_log_of_a_whole_demo_is_by_its_schema(newspaper: Newspaper, tmp_path: Path) -> None:
    """Polls, a digest, changed and broken seeds, an outage, a broken configuration: each line is one
    object with the event's own keys, in their order."""
    config = desk.write(tmp_path, newspaper, more="tick_seconds = 0.5\n")
    archive, seed = tmp_path / "var" / "rasd.sqlite", tmp_path / "seeds/sources/zz/le-sillon.yml"
    whole = seed.read_text(encoding="utf-8")
    rasd(config, "subscribe", "daily", str(tmp_path / "inbox"))

    def steps(wait_for: Callable[[str, int], None]) -> None:
        wait_for("polled", 3)
        wait_for("mail", 1)
        for polls in (6, 9):
            make_due(archive)
            wait_for("polled", polls)
        seed.write_text(f"{whole}unknown: 1\n", encoding="utf-8")
        wait_for("seeds are broken; the last good ones stay in use", 1)
        seed.write_text(whole.replace("15m", "30m"), encoding="utf-8")
        wait_for("seeds are whole again", 1)

    lines = lines_of(watch(config, steps))
    events = [line["event"] for line in lines]
    assert events[0] == "started" and events[-2:] == ["stopping", "stopped"]
    outcomes = [line["outcome"] for line in lines if line["event"] == "polled"]
    assert outcomes.count("new") == 3 and len(outcomes) >= 9
    assert rasd(config, "poll")[-1]["event"] == "nothing is due"
    config.write_text(
        config.read_text(encoding="utf-8").replace(f'"{newspaper.address}/32:{newspaper.port}"', "")
    )
    away = rasd(config, "poll", "--all", code=1)
    assert next(line["event"] for line in away).startswith("no network")
    config.write_text("nonsense = 1\n", encoding="utf-8")
    (line,) = rasd(config, "run", code=78)
    assert line["event"] == "rasd can't go on" and line["exit_code"] == 78
    assert "nonsense" in line["error"]
