"""What a daemon costs that has nothing to do: CPU time an hour, memory of parent and workers.

::

    python -m benchmarks.idle                  # ten minutes each: no network, and all answer 304
    python -m benchmarks.idle --minutes 60     # with the hourly canary in it

It is ``rasd run`` itself, on the seeds that come with rasd. Every host stands on one loopback
address: ``refused`` has no server there, so each poll fails at once and waits longer before the
next; ``unchanged`` has a server that answers 304, and feeds that were polled before, due evenly
over their interval. Nothing leaves the machine, no name is looked up.

CPU is counted after WARM_SECONDS, in which workers start and the first canary is sent. Memory is the
proportional share (PSS), in MB of 2**20 bytes; what stands in brackets is private to the process. On
a machine that runs the same libraries for others the first is lower than it would be alone.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ADDRESS = "127.0.0.9"
WARM_SECONDS = 90.0
MAX_PARENT_MB, MAX_CORE = 110.0, 0.01  # what is aimed at
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
WAYS = ("refused", "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took."""

    cpu_seconds: float
    pss_mb: float
    private_mb: float


def main() -> None:
    """Measure, print, and say which aims are met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", choices=WAYS)
    chosen = parser.parse_args()
    for way in WAYS if chosen.only is None else (chosen.only,):
        with tempfile.TemporaryDirectory(prefix="rasd-idle-") as folder:
            _print(way, *_measured(way, Path(folder), 60 * chosen.minutes))


def _print(way: str, seconds: float, polls: int, costs: list[Cost]) -> None:
    parent, *workers = costs
    cpu = sum(cost.cpu_seconds for cost in costs)
    print(f"{way}: {seconds / 60:.1f} min, {polls} polls, {len(workers)} workers")
    for name, cost in (("parent", parent), *(("worker", worker) for worker in workers)):
        print(
            f"  {name}  {cost.cpu_seconds / seconds * 3600:6.1f} s CPU an hour  "
            f"{cost.pss_mb:6.1f} MB ({cost.private_mb:.1f})"
        )
    print(
        f"  whole   {cpu / seconds * 3600:6.1f} s CPU an hour, {cpu / seconds:.2%} of a core "
        f"(aim {MAX_CORE:.0%}: {_met(cpu / seconds <= MAX_CORE)}); parent at most "
        f"{MAX_PARENT_MB:.0f} MB: {_met(parent.pss_mb <= MAX_PARENT_MB)}",
        flush=True,
    )


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT met"


def _measured(way: str, folder: Path, seconds: float) -> tuple[float, int, list[Cost]]:
    """For how long it was measured, the polls meanwhile, and the costs, the parent's first."""
    with _unchanged() as port:
        config = _installation(way, folder, port)
        command = [sys.executable, "-m", "crawler", "--config", str(config), "run"]
        with (folder / "log").open("w") as log, subprocess.Popen(command, stderr=log) as daemon:
            try:
                time.sleep(WARM_SECONDS)
                pids = [daemon.pid, *_workers(daemon.pid)]
                began, polled = time.monotonic(), _polls(folder)
                before = [_cpu(pid) for pid in pids]
                time.sleep(seconds)
                took = time.monotonic() - began
                costs = [
                    Cost(cpu_seconds=_cpu(pid) - spent, pss_mb=pss, private_mb=private)
                    for pid, spent in zip(pids, before, strict=True)
                    for pss, private in [_memory(pid)]
                ]
                return took, _polls(folder) - polled, costs
            finally:
                daemon.send_signal(signal.SIGTERM)


def _installation(way: str, folder: Path, port: int) -> Path:
    """The seeds' sources, each on our address: their own ports without a server, or ours."""
    from crawler import spiders
    from crawler.seeds.folder import load_seeds

    seeds = folder / "seeds"
    for path in SEEDS.rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        if way == "unchanged" and "sources" in path.parts:
            text = re.sub(r"https?://([\w.-]+)", rf"http://\1:{port}", text)
        copy = seeds / path.relative_to(SEEDS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    sources = load_seeds(seeds, spiders.kinds()).sources.values()
    urls = [url for s in sources for url in (s.home, *(feed.url for feed in s.feeds))]
    hosts = sorted({urlsplit(url).hostname or "" for url in urls})
    ports = [port] if way == "unchanged" else [80, 443]
    allowed = ", ".join(f'"{ADDRESS}/32:{one}"' for one in ports)
    lines = [f'archive = "sqlite:///{folder}/rasd.sqlite"', f'seeds = "{seeds}"', "[network]"]
    lines += [f"allow = [{allowed}]", "[network.hosts]"]
    config = folder / "rasd.toml"
    config.write_text("\n".join([*lines, *(f'"{host}" = "{ADDRESS}"' for host in hosts)]) + "\n")
    _open_archive(folder, polled_before=way == "unchanged")
    return config


def _open_archive(folder: Path, *, polled_before: bool) -> None:
    """An archive that is up to date, with feeds in steady state if they were polled before: known,
    and due evenly over their interval."""
    from crawler import spiders
    from crawler.model import FeedState
    from crawler.seeds.folder import load_seeds
    from storage import tables
    from storage.archive import open_archive

    now = datetime.now(UTC)
    feeds = [
        (source.slug, feed)
        for source in load_seeds(folder / "seeds", spiders.kinds()).sources.values()
        for feed in source.feeds
    ]
    rows = []
    for number, (slug, feed) in enumerate(feeds):
        every = timedelta(seconds=feed.every_seconds)
        state = FeedState(
            source=slug, feed=feed.url, etag='"1"', last_poll_at=now, last_success_at=now,
            first_success_at=now, full_at=now, interval_seconds=feed.every_seconds,
            entries=40, last_outcome="not_modified",
            next_poll_at=now + every * (number + 1) / len(feeds),
        )  # fmt: skip
        rows.append(asdict(state) | {"reason": "", "detail": "", "notes": []})
    archive = open_archive(f"sqlite:///{folder}/rasd.sqlite")
    if polled_before:
        with archive.engine.begin() as c:
            c.execute(tables.feeds.insert(), rows)
    archive.close()


class _NotModified(BaseHTTPRequestHandler):
    """Nothing is new, and no rule for robots."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/robots.txt" else 304)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def _unchanged() -> Iterator[int]:
    """The server's port."""
    server = ThreadingHTTPServer((ADDRESS, 0), _NotModified)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _polls(folder: Path) -> int:
    """How many polls the log has."""
    return (folder / "log").read_text(encoding="utf-8").count(" polled ")


def _workers(parent: int) -> list[int]:
    """The reader processes; not Python's own helper, which is counted with no one."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [
        pid
        for pid in map(int, children)
        if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> tuple[float, float]:
    """(proportional share, private) in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {
        name: int(rest.split()[0]) for name, _, rest in (li.partition(":") for li in lines)
    }
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return kilobytes["Pss"] / 1024, private / 1024


if __name__ == "__main__":
    main()
