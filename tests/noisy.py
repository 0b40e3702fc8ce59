"""A process in which everything speaks that can reach stderr: ``python -m tests.noisy json``."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable

from crawler import logs
from crawler.workers.pool import ReaderPool

ESCAPE = "\x1b[2J"


def speak() -> str:
    """In a worker: what C code, Python and a library would print there."""
    os.write(2, f"C code said {ESCAPE}\n".encode())
    print("Python said\nmore", file=sys.stderr)
    warnings.warn("a worker's warning", UserWarning, stacklevel=1)
    logging.getLogger("a.parser").error("a library's error")
    return "spoken"


def noise() -> dict[str, Callable[..., object]]:
    """What the worker can do."""
    return {"speak": speak}


class _Unwilling:
    def __del__(self) -> None:
        raise RuntimeError("not deleted")


async def _fail(text: str) -> None:
    raise ValueError(text)


async def main() -> None:
    """Every way but the last."""
    pool = ReaderPool((), workers=1, functions=noise)
    pool.start()
    assert await pool.ask("speak") == "spoken"
    pool.stop()
    print(f"printed {ESCAPE}", file=sys.stderr)
    warnings.warn(f"warned {ESCAPE}\nfrom a page", UserWarning, stacklevel=1)
    subprocess.run(["sh", "-c", "echo a child said >&2"], check=True, stderr=sys.stderr)
    thread = threading.Thread(target=lambda: 1 / 0, name="apart")
    thread.start()
    thread.join()
    task = asyncio.create_task(_fail("nobody asks"))
    await asyncio.wait([task])
    del task
    unwilling = _Unwilling()
    del unwilling
    gc.collect()


if __name__ == "__main__":
    logs.set_up("info", "json" if sys.argv[1] == "json" else "console")
    with logs.whole_stderr():
        asyncio.run(main())
        raise SystemExit(0)
