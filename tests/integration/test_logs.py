"""Whoever writes a line, it has the same form: ours, Scrapy's, Twisted's, APScheduler's."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from crawler.config import Config, load
from tests.places import PROJECT

CHILD = """
import gc, logging, sys
import structlog
from crawler import logs
from crawler.engine import embedded

logs.set_up(*sys.argv[1:])
log = structlog.get_logger("rasd")

async def main(stop):
    from twisted.internet.defer import fail

    log.debug("detail")
    log.info("polled", source="news", title="الماء")
    logging.getLogger("scrapy.core.engine").info("opened")
    logging.getLogger("scrapy.core.scraper").warning("dropped %s", "x")
    logging.getLogger("apscheduler.executors.default").error("job %r raised", "tick")
    fail(ValueError("not handled"))
    gc.collect()
    return 0

sys.exit(embedded.run(main))
"""
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def lines(level: str, form: str) -> list[str]:
    """What a process that logs at this level and in this form writes to stderr."""
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, level, form],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout == ""
    return ran.stderr.splitlines()


def test_console_lines_begin_with_a_date_and_a_level() -> None:
    """ISO 8601 in UTC: a process that runs for months is read across days and time zones."""
    written = lines("info", "console")
    assert re.fullmatch(rf"{TIME} \[info     \] polled source=news title=الماء", written[0])
    assert re.fullmatch(rf"{TIME} \[warning  \] dropped x \[scrapy.core.scraper\]", written[1])
    assert re.fullmatch(rf"{TIME} \[error    \] job 'tick' raised \[apscheduler.*\]", written[2])
    assert re.fullmatch(rf"{TIME} \[critical \] Unhandled error in Deferred:.*", written[3])
    assert written[-1] == "    ValueError: not handled"


def test_json_lines_are_one_object_each() -> None:
    """For programs that collect logs: every line is one, also with an error's traceback."""
    written = [json.loads(line) for line in lines("info", "json")]
    assert all(re.fullmatch(TIME, line["timestamp"]) for line in written)
    assert [(line["level"], line.get("logger")) for line in written[:4]] == [
        ("info", None),
        ("warning", "scrapy.core.scraper"),
        ("error", "apscheduler.executors.default"),
        ("critical", "twisted"),
    ]
    assert written[0] | {"event": "polled", "source": "news", "title": "الماء"} == written[0]
    assert "ValueError: not handled" in written[-1]["exception"]


@pytest.mark.parametrize(
    ("level", "events"),
    [
        ("debug", {"detail", "polled", "opened", "dropped x", "job 'tick' raised"}),
        ("warning", {"dropped x", "job 'tick' raised"}),
        ("error", {"job 'tick' raised"}),
    ],
)
def test_the_level_holds_for_libraries_too(level: str, events: set[str]) -> None:
    """Libraries are heard from warnings on, and with ``debug`` from debug on."""
    ours = {"detail", "polled", "opened", "dropped x", "job 'tick' raised"}
    assert {json.loads(line)["event"] for line in lines(level, "json")} & ours == events


def test_the_configuration_chooses_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """``[log]`` in the file, ``RASD_LOG__…`` in the environment; info and console by default."""
    assert (Config().log.level, Config().log.format) == ("info", "console")
    monkeypatch.setenv("RASD_LOG__LEVEL", "warning")
    monkeypatch.setenv("RASD_LOG__FORMAT", "json")
    assert (load().log.level, load().log.format) == ("warning", "json")


@pytest.mark.parametrize("form", ["console", "json"])
def test_whatever_reaches_stderr_is_a_line_of_the_log(form: str) -> None:
    """Python's warnings, errors that nothing caught, what is printed by us, by C code in a worker
    and by a process that we start: each a line with time and level, no escape among them. What
    libraries say of a page in a worker stands in its reading."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.noisy", form],
        cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "\x1b" not in ran.stderr
    if form == "console":
        first = [line for line in ran.stderr.splitlines() if not line.startswith("    ")]
        assert all(re.match(rf"{TIME} \[\w+ *\] ", line) for line in first), ran.stderr
        said = "\n".join(first)
    else:
        lines = [json.loads(line) for line in ran.stderr.splitlines()]
        said = "\n".join(str(line["event"]) + str(line.get("where", "")) for line in lines)
        tracebacks = "".join(line.get("exception", "") for line in lines)
        for error in ("ZeroDivisionError", "ValueError: nobody asks", "RuntimeError: not deleted"):
            assert error in tracebacks
    for text in (
        "C code said ␛[2J", "Python said", "more", "UserWarning: a worker's warning (",
        "printed ␛[2J", "UserWarning: warned ␛[2J␊from a page (", "a child said",
        "thread apart", "Task exception was never retrieved",
    ):  # fmt: skip
        assert said.count(text) == 1, (text, ran.stderr)
    assert "a library's error" not in ran.stderr


def test_a_json_log_is_utf_8_whatever_the_locale() -> None:
    """What Latin-1 lacks would be written as ``\\U0001f642``, which no JSON has."""
    code = (
        "import structlog; from crawler import logs; logs.set_up('info', 'json');"
        "structlog.get_logger().info('polled', title='é الماء 🙂')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=True,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert json.loads(ran.stderr.decode("utf-8"))["title"] == "é الماء 🙂"


def test_the_journal_gets_levels_and_a_pipe_beside_it_does_not() -> None:
    """JOURNAL_STREAM names the journal's own file; a child's stderr may be another."""
    code = (
        "import structlog; from crawler import logs; logs.set_up();"
        "structlog.get_logger().warning('x')"
    )
    for is_it in (True, False):
        reader, writer = os.pipe()
        file = os.fstat(writer)
        named = f"{file.st_dev}:{file.st_ino + (not is_it)}"
        with os.fdopen(reader, "rb") as read:
            subprocess.run(
                [sys.executable, "-c", code], cwd=PROJECT, stderr=writer, check=True,
                env=os.environ | {"JOURNAL_STREAM": named},
            )  # fmt: skip
            os.close(writer)
            assert read.read().startswith(b"<4>20" if is_it else b"20")


def test_at_a_terminal_lines_are_coloured_and_no_color_is_respected() -> None:
    """In JSON never."""
    for form, environment, coloured in (
        ("console", {}, True),
        ("console", {"NO_COLOR": "1"}, False),
        ("json", {}, False),
    ):
        master, slave = pty.openpty()
        plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        with os.fdopen(master, "rb", buffering=0) as terminal:
            subprocess.run(
                [sys.executable, "-c", CHILD, "info", form], cwd=PROJECT, stderr=slave,
                stdin=subprocess.DEVNULL, check=True, env=plain | environment,
            )  # fmt: skip
            os.close(slave)
            assert (b"\x1b[" in terminal.read(65_536)) is coloured
