"""What keeps unit tests pure: no process, no connection, no database."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

import pytest
import tldextract  # noqa: F401  imported later, it would bind a socket in a test

FORBIDDEN = {
    "subprocess.Popen": "starts a process",
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.exec": "starts a process",
    "os.system": "starts a process",
    "multiprocessing": "starts a process",
    "socket.bind": "serves on a socket",
    "socket.connect": "opens a connection",
    "socket.sendto": "opens a connection",
    "socket.getaddrinfo": "looks up a name",
    "sqlite3.connect": "opens a database",
}  # audit events of the interpreter, and what a test that raises one does

_watched: list[str] | None = None  # what the test under way did; None between tests


class NotPureError(AssertionError):
    """A test under tests/unit did what belongs into tests/integration."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watched is None or event not in FORBIDDEN:
        return
    _watched.append(f"{FORBIDDEN[event]} ({event} {arguments[:1]!r:.80})")
    raise NotPureError(_message(_watched))


def _message(done: list[str]) -> str:
    return f"a unit test {'; '.join(dict.fromkeys(done))}: move it to tests/integration"


@pytest.fixture(scope="session")
def watch() -> None:
    """Watch this process for its whole life: an audit hook cannot be removed."""
    sys.addaudithook(_watch)
    start = BaseProcess.start

    def start_or_refuse(process: BaseProcess) -> None:
        _watch("multiprocessing", (process.name,))  # multiprocessing raises no audit event
        start(process)

    BaseProcess.start = start_or_refuse  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def pure(watch: None) -> Iterator[None]:
    """Fail a test that starts a process, opens a connection or a database, even if it hid that."""
    global _watched
    _watched = done = []
    yield
    _watched = None
    if done:
        pytest.fail(_message(done))


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from what imports made, and from working every few tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
