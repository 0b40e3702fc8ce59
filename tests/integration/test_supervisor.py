"""What the service manager hears, and that nothing depends on its being there."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.daemon.supervisor import Supervisor

PID = 4711


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """A manager's socket of each kind that Linux has, with the address that it hands on."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@rasd-{uuid.uuid4().hex}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        listening.bind(name.replace("@", "\0", 1))
        yield name, listening


def supervisor(address: str, **more: str) -> Supervisor:
    """The manager that this environment names."""
    return Supervisor.of({"NOTIFY_SOCKET": address} | more, PID)


def test_each_state_is_one_datagram(manager: tuple[str, socket.socket]) -> None:
    """On a socket in a folder and on one in the abstract namespace."""
    address, listening = manager
    told = supervisor(address, WATCHDOG_USEC="300000000")
    told.ready("watching 3 feeds")
    assert listening.recv(1000) == b"READY=1\nSTATUS=watching 3 feeds"
    told.ticked("one\nWATCHDOG=trigger")
    assert listening.recv(1000) == b"WATCHDOG=1\nSTATUS=one WATCHDOG=trigger"
    told.stopping()
    assert listening.recv(1000) == b"STOPPING=1\nSTATUS=stopping"


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, 0.0),
        ({"WATCHDOG_USEC": "300000000"}, 300.0),
        ({"WATCHDOG_USEC": "300000000", "WATCHDOG_PID": "4711"}, 300.0),
        ({"WATCHDOG_USEC": "300000000", "WATCHDOG_PID": "4712"}, 0.0),  # another process is meant
        ({"WATCHDOG_USEC": "soon"}, 0.0),
    ],
)
def test_the_watchdog_is_fed_only_if_it_waits_for_this_process(
    environment: dict[str, str], seconds: float, tmp_path: Path
) -> None:
    """sd_watchdog_enabled(3)."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.setblocking(False)
        told = supervisor(address, **environment)
        assert told.watchdog_seconds == seconds
        told.ticked("")
        if seconds:
            assert listening.recv(1000).startswith(b"WATCHDOG=1")
        else:
            with pytest.raises(BlockingIOError):
                listening.recv(1000)


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_a_manager_that_is_away_ends_nothing(kind: str, tmp_path: Path) -> None:
    """What it misses is not raised, and once it is there it hears the next tick."""
    named = f"@rasd-{uuid.uuid4().hex}" if kind == "abstract" else str(tmp_path / "notify")
    told = supervisor(named, WATCHDOG_USEC="1000000")
    told.ready("")
    told.ticked("missed")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(named.replace("@", "\0"))
        told.ticked("heard")
        assert listening.recv(1000) == b"WATCHDOG=1\nSTATUS=heard"


def test_an_address_of_another_kind_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux has paths and abstract names; ``vsock:…`` is no file of this folder."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("vsock:2:1")
        listening.setblocking(False)
        supervisor("vsock:2:1").ready("")
        with pytest.raises(BlockingIOError):
            listening.recv(1000)


def test_a_manager_that_reads_nothing_holds_nothing_up(tmp_path: Path) -> None:
    """Its queue fills; what does not fit is not sent."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        told = supervisor(address, WATCHDOG_USEC="1000000")
        for _ in range(2000):
            told.ticked("x" * 200)
        assert listening.recv(1000).startswith(b"WATCHDOG=1")
