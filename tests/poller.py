"""A process that polls when told to: many installations, one set of warm workers.

``rasd poll --all`` starts a process and its workers anew each time; a test that polls thrice would
wait for imports, not for rasd. This runs the same round of the same daemon, over and over.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

POLL_SECONDS = 500.0  # of one poll, on a machine that others use; below pytest's own limit
ENDING_SECONDS = 60.0  # of the process, once it has nothing more to do


class Poller:
    """A context manager; ``poll`` returns once the round is over and written.

    ``names`` is what its name server says, {}: nothing: each look-up of a name takes the next of
    its lists of addresses, and then always the last one; nothing is cached. ``environment`` comes on
    top.
    """

    def __init__(self, names: dict[str, list[list[str]]] | None = None, **environment: str) -> None:
        self._names, self._environment = names, environment

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.poller", json.dumps(self._names)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
            env=os.environ | self._environment,
        )
        return self

    @property
    def pid(self) -> int:
        """The process that polls; its children read."""
        return self._process.pid

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its workers end with it
            self._process.wait()
        self._process.stdout.close()

    def poll(self, config: Path) -> float:
        """Every feed of this installation, once; for how many seconds at most its reactor was
        held up.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        limit = threading.Timer(POLL_SECONDS, self._process.kill)
        limit.start()
        try:
            self._process.stdin.write(f"{config}\n")
            self._process.stdin.flush()
            said, _, seconds = self._process.stdout.readline().partition(" ")
        finally:
            limit.cancel()
        assert said == "polled", f"the process that polls ended, or polled for {POLL_SECONDS} s"
        return float(seconds)


def _lie(names: dict[str, list[list[str]]]) -> None:
    """Have these names answered as the test says, and no other: no name server outside is asked. Twisted
    takes ``getaddrinfo`` when it is imported."""
    honest = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host if isinstance(host, str) else host.decode()
        said = names.get(name)
        if said is None:
            number = name == "localhost" or not name.strip("0123456789abcdefx.:")
            return honest(host, port, *rest, **more) if number else []
        addresses = said.pop(0) if len(said) > 1 else said[0]
        return [answer for address in addresses for answer in honest(address, port, *rest, **more)]

    socket.getaddrinfo = getaddrinfo
    from crawler.fetch import ssrf_guard

    ssrf_guard.CACHE_SECONDS = 0.0  # a name whose time is over at once


class Pulse:
    """Ticks on the running loop; ``held_up`` is the longest time, in seconds, that a tick came
    too late.

    Of a delay only so much counts as this process computed meanwhile, in any of its threads: on a
    machine that others use, a process that waits for its turn has not held itself up.
    """

    EVERY = 0.02  # seconds

    def __init__(self) -> None:
        self.held_up = 0.0
        self._tick()

    def _tick(self) -> None:
        self._at, self._spent = time.perf_counter(), time.process_time()
        self._next = asyncio.get_running_loop().call_later(self.EVERY, self._late)

    def _late(self) -> None:
        waited, computed = (
            time.perf_counter() - self._at - self.EVERY,
            time.process_time() - self._spent,
        )
        self.held_up = max(self.held_up, min(waited, computed))
        self._tick()

    def stop(self) -> None:
        """The last tick."""
        self._next.cancel()


async def _main(stop: asyncio.Event) -> int:
    from crawler import app, logs
    from crawler.config import load
    from crawler.daemon import loop
    from crawler.engine import embedded

    logs.set_up()
    pool = None
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        with app.open_app(load(Path(line.strip())), locked=True) as opened:
            own = opened.reader
            pool = pool or own
            opened.reader = pool
            pulse = Pulse()
            await loop.Daemon(opened, embedded.Engine(opened)).once(stop, set(), True)
            await opened.writer.drain()
            pulse.stop()
            opened.reader = own if own is not pool else type(own)(())
        gc.collect()  # no daemon opens a second installation: its memory is not to hold the first's
        print("polled", pulse.held_up, flush=True)
    if pool is not None:
        pool.stop()
    return 0


if __name__ == "__main__":
    if (told := json.loads(sys.argv[1])) is not None:
        _lie(told)
    from crawler.engine import embedded

    sys.exit(embedded.run(_main))
