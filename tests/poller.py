"""A process that polls when told to: many installations, one set of warm workers.

``rasd poll --all`` starts a process and its workers anew each time; a test that polls thrice would
wait for imports, not for rasd. This runs the same round of the same daemon, over and over.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Self


class Poller:
    """A context manager; ``poll`` returns once the round is over and written."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.poller"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def poll(self, config: Path) -> None:
        """Every feed of this installation, once."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{config}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "polled\n"


async def _main(stop: asyncio.Event) -> int:
    from crawler import app, config, daemon, logs
    from crawler.engine import embedded

    logs.to_stderr()
    pool = None
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        with app.open_app(config.load(Path(line.strip())), locked=True) as opened:
            own = opened.reader
            pool = pool or own
            opened.reader = pool
            await daemon.Daemon(opened, embedded.Engine(opened)).once(stop, set(), True)
            await opened.writer.drain()
            opened.reader = own if own is not pool else type(own)(())
        print("polled", flush=True)
    if pool is not None:
        pool.stop()
    return 0


if __name__ == "__main__":
    from crawler.engine import embedded

    sys.exit(embedded.run(_main))
