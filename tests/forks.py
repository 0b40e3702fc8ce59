"""``rasd`` with its imports behind it: each command is a process of its own, forked when it is
asked for.

Two seconds of three that a short ``rasd`` takes go into imports; a suite that runs it two hundred
times would wait for nothing else. What is forked has one thread, no reactor and no archive yet;
from there on it is what ``python -m crawler`` is, and can be killed like any other process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

_NEEDED = (
    "crawler.cli.main", "crawler.daemon.loop", "crawler.views.archive", "crawler.fetch.http_handler", "crawler.pipelines", "crawler.fetch.middlewares.robots",
    "crawler.fetch.middlewares.retry_after", "crawler.spiders.feed", "scrapy.core.downloader.handlers.http11",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command under way, or over. What it says goes to files."""

    pid: int
    folder: Path

    @property
    def code(self) -> int | None:
        """As ``subprocess`` has it, negative for a signal; None while it runs."""
        over = self.folder / "code"
        return int(over.read_text()) if over.exists() else None

    def wait(self, seconds: float) -> int | None:
        """Its code, or None if it is still under way then."""
        ends_at = time.monotonic() + seconds
        while (code := self.code) is None and time.monotonic() < ends_at:
            time.sleep(0.005)
        return code

    def kill(self) -> None:
        """By -9, if it still runs."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)

    def said(self, stream: str) -> str:
        """What it wrote to ``out`` or ``err``."""
        return (self.folder / stream).read_text(encoding="utf-8")


@cache
def _nursery() -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.forks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )

    return started


def end() -> None:
    """End the process that forks, if it was started."""
    if _nursery.cache_info().currsize:
        nursery = _nursery()
        _nursery.cache_clear()
        try:
            nursery.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            nursery.kill()
            nursery.communicate()


def begin(words: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Command:
    """Start ``rasd`` with these words; one at a time, the next when this one is over."""
    folder = Path(tempfile.mkdtemp(prefix="rasd-fork-"))
    asked = {
        "words": list(words),
        "cwd": str(cwd),
        "env": dict(os.environ | (env or {})),
        "folder": str(folder),
    }
    nursery = _nursery()
    assert nursery.stdin is not None and nursery.stdout is not None
    nursery.stdin.write(json.dumps(asked) + "\n")
    nursery.stdin.flush()
    return Command(pid=int(nursery.stdout.readline()), folder=folder)


def run(
    words: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, seconds: float = 500
) -> subprocess.CompletedProcess[str]:
    """Run ``rasd`` with these words to its end."""
    command = begin(words, cwd=cwd, env=env)
    code = command.wait(seconds)
    if code is None:
        command.kill()
        raise subprocess.TimeoutExpired(["rasd", *words], seconds)
    return subprocess.CompletedProcess(
        ["rasd", *words], code, command.said("out"), command.said("err")
    )


def _become(asked: dict[str, object]) -> None:
    """In the child: from here on this is ``rasd`` with these words."""
    folder = Path(str(asked["folder"]))
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    os.chdir(str(asked["cwd"]))
    sys.argv = ["rasd", *asked["words"]]  # type: ignore[misc]


def main() -> None:
    """Fork a child for each request until the input ends; the child runs the command and ends as the interpreter
    does.
    """
    from crawler.__main__ import main as rasd

    for name in _NEEDED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules  # that is the command's to choose
    for line in sys.stdin:
        asked = json.loads(line)
        if not (pid := os.fork()):
            _become(asked)
            rasd()
            return
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        over = Path(asked["folder"]) / "code"
        over.with_suffix(".new").write_text(str(os.waitstatus_to_exitcode(status)))
        over.with_suffix(".new").rename(over)


if __name__ == "__main__":
    main()
