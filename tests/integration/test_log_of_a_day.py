"""A demo from the first poll to the last, its log in JSON: every line is one by the schema."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from html import escape
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

from tests import forks, naughty
from tests.acceptance.test_river import RASD
from tests.docs_reference import log_schema
from tests.integration.test_outages import make_due
from tests.integration.test_ways import FEED
from tests.integration.test_ways import desk as wire_desk
from tests.site import desk
from tests.site.server import Newspaper
from tests.site.wire import Wire

JSON = {"RASD_LOG__FORMAT": "json"}
WAIT_SECONDS = 240.0  # for what a process does, on a machine that others use


def lines_of(text: str) -> list[dict[str, Any]]:
    """The lines of a log, each held against the schema."""
    validator = jsonschema.Draft202012Validator(log_schema())
    found = []
    for line in text.split("\n")[:-1]:
        assert len(line.splitlines()) == 1, ascii(line)
        document = json.loads(line)
        validator.validate(document)
        assert list(document)[:3] == ["timestamp", "level", "event"]
        found.append(document)
    return found


def rasd(config: Path, *words: str, code: int = 0) -> list[dict[str, Any]]:
    """Run a command; the lines of its log."""
    done = forks.run(["--config", str(config), *words], cwd=config.parent, env=JSON)
    assert done.returncode == code, done.stderr
    return lines_of(done.stderr)


def watch(config: Path, steps: Callable[[Callable[[str, int], None]], None]) -> str:
    """The log of ``rasd run`` over these steps, which may wait for an event; ended by SIGTERM."""
    command = [*RASD, "--config", str(config), "run"]
    said: list[str] = []
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=os.environ | JSON
    ) as process:
        assert process.stderr is not None
        listener = threading.Thread(target=lambda: said.extend(iter(process.stderr.readline, "")))  # type: ignore[union-attr]
        listener.start()

        def wait_for(event: str, times: int) -> None:
            ends_at = time.monotonic() + WAIT_SECONDS
            while sum(f'"event": "{event}"' in line for line in said) < times:
                assert process.poll() is None and time.monotonic() < ends_at, "".join(said)
                time.sleep(0.05)

        try:
            steps(wait_for)
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT_SECONDS) == 0
        finally:
            process.kill()
            listener.join()
    return "".join(said)


def test_the_log_of_a_whole_demo_is_by_its_schema(newspaper: Newspaper, tmp_path: Path) -> None:
    """Polls, a digest, changed and broken seeds, an outage, a broken configuration: each line is one
    object with the event's own keys, in their order."""
    config = desk.write(tmp_path, newspaper, more="tick_seconds = 0.5\n")
    archive, seed = tmp_path / "var" / "rasd.sqlite", tmp_path / "seeds/sources/zz/le-sillon.yml"
    whole = seed.read_text(encoding="utf-8")
    rasd(config, "subscribe", "daily", str(tmp_path / "inbox"))

    def steps(wait_for: Callable[[str, int], None]) -> None:
        wait_for("polled", 3)
        wait_for("mail", 1)
        for polls in (6, 9):
            make_due(archive)
            wait_for("polled", polls)
        seed.write_text(f"{whole}unknown: 1\n", encoding="utf-8")
        wait_for("seeds are broken; the last good ones stay in use", 1)
        seed.write_text(whole.replace("15m", "30m"), encoding="utf-8")
        wait_for("seeds are whole again", 1)

    lines = lines_of(watch(config, steps))
    events = [line["event"] for line in lines]
    assert events[0] == "started" and events.index("stopping") < events.index("stopped")
    outcomes = [line["outcome"] for line in lines if line["event"] == "polled"]
    assert outcomes.count("new") == 3 and len(outcomes) >= 9
    assert rasd(config, "poll")[-1]["event"] == "nothing is due"
    config.write_text(
        config.read_text(encoding="utf-8").replace(f'"{newspaper.address}/32:{newspaper.port}"', "")
    )
    away = rasd(config, "poll", "--all", code=1)
    assert next(line["event"] for line in away).startswith("no network")
    config.write_text("nonsense = 1\n", encoding="utf-8")
    (line,) = rasd(config, "run", code=78)
    assert line["event"] == "rasd can't go on" and line["exit_code"] == 78
    assert "nonsense" in line["error"]


def header(text: str) -> bytes:
    """The string as a header's value: any bytes but those that end it."""
    raw = text[:2_000].encode("utf-8", "surrogatepass")
    return bytes(byte for byte in raw if byte not in b"\r\n\0")


def naughty_answer(text: str, body: bytes = b"") -> Callable[[BaseHTTPRequestHandler], int]:
    """Answers with this string as reason phrase, content type, address to go to and body."""

    def answer(request: BaseHTTPRequestHandler) -> int:
        status = b"200" if body or len(text) % 3 else b"302" if len(text) % 2 else b"503"
        content = body or text[:2_000].encode("utf-8", "surrogatepass")
        fields = {b"Content-Type": header(text), b"Location": header(f"http://{text}/{text}")}
        if body:
            fields = {b"Content-Type": b"application/rss+xml"}
        fields[b"Content-Length"] = str(len(content)).encode()
        head = b"".join(name + b": " + value + b"\r\n" for name, value in fields.items())
        request.wfile.write(
            b"HTTP/1.1 " + status + b" " + header(text) + b"\r\n" + head + b"\r\n" + content
        )
        request.close_connection = True
        return int(status)

    return answer


def naughty_feed(base: str) -> bytes:
    """A feed with the strings as titles and addresses."""
    items = "".join(
        f"<item><title>{escape(xml_text(text))}</title>"
        f"<link>{base}/{n}/{quote(xml_text(text)[:80])}</link></item>"
        for n, text in enumerate(naughty.STRINGS)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def xml_text(text: str) -> str:
    """The string without what no XML holds: parsers refuse it."""
    kept = (c for c in text[:500] if c in "\t\n\r" or ord(c) > 0x1F)
    return "".join(c for c in kept if c not in "\ufffe\uffff").encode("utf-8", "replace").decode()


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_paper_of_naughty_strings_makes_no_line_of_its_own(form: str, tmp_path: Path) -> None:
    """As titles, addresses, reason phrases, content types, redirections and bodies of what a poll
    requests: the log has the daemon's lines, and no other."""
    texts = naughty.STRINGS
    hosts = ["titles.test", *(f"p{n}.test" for n in range(24))]
    step = len(texts) // 24
    with Wire(hosts) as wire:
        config = wire_desk(tmp_path, wire, FEED, more="budget_requests = 40\n")
        wire.answers = {
            host: naughty_answer(texts[n * step]) for n, host in enumerate(hosts[1:])
        } | {"titles.test": page_answer(texts, naughty_feed(wire.base("titles.test")))}
        done = forks.run(
            ["--config", str(config), "poll", "--all"],
            cwd=tmp_path,
            env={"RASD_LOG__FORMAT": form},
        )
    assert done.returncode == 0 and done.stderr.count("polled") >= len(hosts), done.stderr
    if form == "json":
        polled = [line for line in lines_of(done.stderr) if line["event"] == "polled"]
        assert {line["source"] for line in polled} == {host.partition(".")[0] for host in hosts}
        return
    for line in done.stderr.split("\n")[:-1]:
        assert len(line.splitlines()) == 1 and not re.search(
            "[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line
        )
        assert re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[|    )", line), ascii(line)


def page_answer(texts: Sequence[str], feed: bytes) -> Callable[[BaseHTTPRequestHandler], int]:
    """The feed, and for each of its pages the next naughty answer."""
    following = cycle(texts)

    def answer(request: BaseHTTPRequestHandler) -> int:
        if request.path == "/feed":
            return naughty_answer("", feed)(request)
        return naughty_answer(next(following))(request)

    return answer


def test_a_source_that_fails_each_time_has_the_lines_of_its_polls_and_no_other(
    tmp_path: Path,
) -> None:
    """Scrapy would warn of each answer that is too big or cut short; the poll's outcome says so."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
    answers = {
        "huge.test": head + b"Content-Length: 99999999\r\n\r\n<rss>",
        "chunk.test": head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    }

    def raw(answer: bytes) -> Callable[[BaseHTTPRequestHandler], int]:
        def send(request: BaseHTTPRequestHandler) -> int:
            request.close_connection = True
            request.wfile.write(answer)
            return 200

        return send

    with Wire(list(answers)) as wire:
        config = wire_desk(tmp_path, wire, FEED)
        wire.answers = {host: raw(answer) for host, answer in answers.items()}
        lines = [line for _ in range(2) for line in rasd(config, "poll", "--all", code=1)]
    assert [line["event"] for line in lines if "logger" in line] == []
    assert [line["event"] for line in lines].count("polled") == 4
