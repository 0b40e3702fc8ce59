"""Whoever writes a line, it has the same form: ours, Scrapy's, Twisted's, APScheduler's."""

from __future__ import annotations

import json
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
    assert written[-1] == "ValueError: not handled"


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
