"""The daemon as a service manager sees it, and what ``deploy/`` says of it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import engine
from tests.acceptance.test_river import RASD

STARTING_SECONDS = 120.0  # of a process, on a machine that others use
TICK_SECONDS = 0.2


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An installation that watches one source, which may not be asked, and ticks fast."""
    source = tmp_path / "seeds/sources/zz/nowhere.yml"
    source.parent.mkdir(parents=True)
    source.write_text(
        "name: Nowhere\nhome: http://127.0.0.1:9/\ncountry: ZZ\nlanguages: [en]\ntimezone: UTC\n"
        'feeds:\n  - {url: "http://127.0.0.1:9/feed", every: 6h}\n'
    )
    path = tmp_path / "rasd.toml"
    path.write_text(
        f'archive = "sqlite:///{tmp_path}/rasd.sqlite"\nseeds = "{tmp_path}/seeds"\n'
        f"tick_seconds = {TICK_SECONDS}\n[reading]\nworkers = 1\n"
    )
    return path


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket on which a service manager listens, in this folder as ``notify``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(STARTING_SECONDS)
        listening.bind(str(tmp_path / "notify"))
        yield listening


def told(manager: socket.socket) -> str:
    """The state in the next datagram."""
    return manager.recv(1000).decode().partition("\n")[0]


@contextmanager
def service(config: Path) -> Iterator[subprocess.Popen[str]]:
    """``rasd run``, as systemd starts it with ``Type=notify`` and ``WatchdogSec=``."""
    of_manager = {"NOTIFY_SOCKET": str(config.parent / "notify"), "WATCHDOG_USEC": "10000000"}
    command = [*RASD, "--config", str(config), "run"]
    with subprocess.Popen(
        command, env=os.environ | of_manager, stderr=subprocess.PIPE, text=True
    ) as daemon:
        try:
            yield daemon
        finally:
            daemon.kill()


def test_a_service_says_when_it_is_ready_alive_and_stopping(
    config: Path, manager: socket.socket
) -> None:
    """READY once, WATCHDOG after each tick, STOPPING at SIGTERM, and nothing more; then code 0."""
    with service(config) as daemon:
        assert told(manager) == "READY=1"
        assert [told(manager) for _ in range(3)] == ["WATCHDOG=1"] * 3
        daemon.send_signal(signal.SIGTERM)
        while (state := told(manager)) == "WATCHDOG=1":
            pass
        assert state == "STOPPING=1"
        _, log = daemon.communicate(timeout=STARTING_SECONDS)
        assert daemon.returncode == 0, log
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):
        told(manager)


def test_a_tick_that_hangs_is_no_sign_of_life(
    config: Path, manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watchdog hears of a tick when it is over; one that broke is over, too."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(config.parent / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "10000000")
    may_end = threading.Event()
    with engine.running(config) as daemon:
        daemon.app.reader = engine.shared_pool(daemon.app)
        read = daemon._read_due

        def stuck(now: object) -> object:
            may_end.wait(STARTING_SECONDS)
            raise OSError("the disk answered late, and badly")

        async def work() -> None:
            stop = asyncio.Event()
            running = asyncio.create_task(daemon.run(stop))
            assert await asyncio.to_thread(told, manager) == "READY=1"
            assert await asyncio.to_thread(told, manager) == "WATCHDOG=1"
            monkeypatch.setattr(daemon, "_read_due", stuck)
            await asyncio.sleep(3 * TICK_SECONDS)  # a tick that had begun before may end
            manager.setblocking(False)
            while _heard(manager):
                pass
            await asyncio.sleep(5 * TICK_SECONDS)
            assert not _heard(manager)
            monkeypatch.setattr(daemon, "_read_due", read)
            may_end.set()
            manager.settimeout(STARTING_SECONDS)
            assert await asyncio.to_thread(told, manager) == "WATCHDOG=1"
            stop.set()
            assert await running == 0

        engine.run(work())


def _heard(manager: socket.socket) -> bool:
    try:
        return bool(told(manager))
    except BlockingIOError:
        return False
