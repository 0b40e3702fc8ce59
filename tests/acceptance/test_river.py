"""The whole river with the installed command, against a real newspaper on loopback."""

from __future__ import annotations

import json
import mailbox
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler import app, failpoints, urls
from crawler.config import load
from tests import forks
from tests.engine import poll
from tests.site import desk, press
from tests.site.server import Newspaper

RASD = [sys.executable, "-m", "crawler"]
OF_MAIL = ("queue_issue", "claim_message", "close_message")
IN_A_POLL = [n for n in failpoints.all_failpoints() if not n.startswith(OF_MAIL)]


def rasd(config: Path, *words: str, code: int | None = 0, env: dict[str, str] | None = None) -> str:
    """Run a verb; its output and log together."""
    done = forks.run(["--config", str(config), *words], cwd=config.parent, env=env)
    assert code is None or done.returncode == code, done.stderr
    return done.stdout + done.stderr


def kept(config: Path) -> list[str]:
    """The keys of the archive's articles."""
    with app.open_app(load(config)) as opened:
        found = opened.search.find(None, limit=1000)
        assert opened.archive.counts()["queued"] == 0
        return sorted(a.article.url_key for a, _ in found)


def printed(paper: Newspaper) -> list[str]:
    """The keys of all articles the papers have."""
    return sorted(urls.key(paper.base(s.paper) + s.path) for s in paper.stories)


def sent(paper: Newspaper) -> list[str]:
    """The keys of those that the papers' own log says were sent, however often."""
    whole = [s for s in paper.stories if any(hit.status == 200 for hit in paper.hits(s.path))]
    return sorted(urls.key(paper.base(s.paper) + s.path) for s in whole)


def test_a_second_round_fetches_nothing(newspaper: Newspaper, tmp_path: Path) -> None:
    """Each page once, each feed conditional: 304; flags are the ones the papers' editor expects."""
    config = desk.write(tmp_path, newspaper)
    poll(config)
    assert len(newspaper.article_hits()) == len(newspaper.stories)
    newspaper.log.clear()
    poll(config)
    assert newspaper.article_hits() == []
    assert [h.status for p in press.PAPERS.values() for h in newspaper.hits(p.feed)] == [
        304,
        304,
        304,
    ]
    said = rasd(config, "search", "", "--label", "security", "--json", "--limit", "99")
    found = json.loads(said.split("\n]")[0] + "]")
    flagged = {row["headline"] for row in found}
    assert flagged == {s.headline for s in newspaper.stories if "security" in s.labels}


def test_a_new_story_is_found_by_the_next_poll(newspaper: Newspaper, tmp_path: Path) -> None:
    """Novelty is an unseen address, whatever date it carries."""
    config = desk.write(tmp_path, newspaper)
    poll(config)
    newspaper.publish(replace(newspaper.stories[0], slug="late", minutes_ago=60 * 24 * 90))
    newspaper.log.clear()
    poll(config)
    assert len(newspaper.article_hits()) == 1
    assert kept(config) == printed(newspaper)


def test_without_permission_nothing_is_connected_to(newspaper: Newspaper, tmp_path: Path) -> None:
    """The guard refuses loopback unless network.allow opens it; the run says calmly that nothing
    answered.
    """
    config = desk.write(tmp_path, newspaper, allow=False)
    # of one host: asked one after the other
    second = f'  - {{url: "{newspaper.feed_url("fr")}?page=2", every: 15m}}\n'
    with (tmp_path / "seeds/sources/zz/le-sillon.yml").open("a", encoding="utf-8") as file:
        file.write(second)
    said = rasd(config, "poll", "--all", code=1)
    assert newspaper.log == []
    assert said.count("no network: every source is out of reach") == 1
    assert "polled source" not in said
    assert "Traceback" not in said


def test_robots_are_obeyed_and_the_agent_is_honest(newspaper: Newspaper, tmp_path: Path) -> None:
    """A disallowed page is not requested, rules may change; each request names us and our contact."""
    config = desk.write(tmp_path, newspaper)
    path = "/robots.txt"
    newspaper.answer(path, lambda r: _text(r, b"User-agent: rasd\nDisallow: /article/\n"))
    rasd(config, "poll", "le-sillon")
    assert newspaper.article_hits() == []
    assert all("rasd/" in h.agent and "desk@example.org" in h.agent for h in newspaper.log)
    assert "0 rejected, 4 failed" in rasd(config, "status")


@pytest.mark.parametrize("failpoint", IN_A_POLL)
def test_killed_anywhere_in_a_poll_nothing_is_lost_or_doubled(
    failpoint: str, newspaper: Newspaper, tmp_path: Path
) -> None:
    """F-1, F-2: kill -9 at every named point, then poll again: every article exactly once."""
    config = desk.write(tmp_path, newspaper)
    if (
        failpoint == "settle.before_commit"
    ):  # reached by a page that fails: its server stumbles at first
        stumbling = next(s for s in newspaper.stories if s.paper == "en")
        newspaper.answer(stumbling.path, lambda r: _text(r, b"later", status=503))
    rasd(config, "poll", "--all", code=-signal.SIGKILL, env={failpoints.CRASH_AT: failpoint})
    newspaper._answers.clear()
    poll(config)
    assert kept(config) == sent(newspaper) == printed(newspaper)


@pytest.mark.parametrize(
    "failpoint",
    ["queue_issue.before_commit", "queue_issue.after_commit", "close_message.before_commit"],
)
def test_killed_in_a_digest_the_news_is_mailed_once(
    failpoint: str, newspaper: Newspaper, tmp_path: Path
) -> None:
    """F-3, F-5: the outbox holds all of an issue or none, and a Maildir holds no mail twice."""
    config = desk.write(tmp_path, newspaper)
    box = tmp_path / "inbox"
    rasd(config, "subscribe", "daily", str(box))
    poll(config)
    rasd(config, "digest", "send", code=-signal.SIGKILL, env={failpoints.CRASH_AT: failpoint})
    rasd(config, "digest", "send")
    (headline,) = (s.headline for s in newspaper.stories if s.slug == "formation-policiere")
    texts = [m.get_payload(0).get_payload(decode=True).decode() for m in mailbox.Maildir(box)]
    assert sum(headline in text for text in texts) == 1


def test_killed_at_random_moments_nothing_is_lost_or_doubled(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """F-8: 20 times news and a kill -9 at a random moment of its poll, into one archive; then a
    poll: everything once. The moments are counted from the first request, for before it nothing
    is at stake."""
    config = desk.write(tmp_path, newspaper)
    moments, at_work = random.Random(8), 0
    for n in range(20):
        newspaper.publish(replace(newspaper.stories[n % 3], slug=f"news-{n}"))
        asked = len(newspaper.log)
        run = forks.begin(["--config", str(config), "poll", "--all"], cwd=tmp_path)
        while len(newspaper.log) == asked and run.code is None:
            time.sleep(0.005)
        at_work += run.wait(moments.uniform(0, 0.7)) is None
        run.kill()
        run.wait(20)
    poll(config)
    assert at_work >= 10
    assert kept(config) == sent(newspaper) == printed(newspaper)


def test_a_stop_waits_for_nobody(newspaper: Newspaper, tmp_path: Path) -> None:
    """SIGTERM with a server that never answers and a page that never ends reading: exit 0 within
    10 s more than this machine takes to start, and the next run reads everything."""
    config = desk.write(tmp_path, newspaper, more="[reading]\nworkers = 2")
    silent, bomb = (next(s for s in newspaper.stories if s.paper == p) for p in ("fr", "en"))
    asked, served, finished = threading.Event(), threading.Event(), threading.Event()

    def never(request: BaseHTTPRequestHandler) -> int:
        asked.set()
        finished.wait()
        return 200

    def endless(request: BaseHTTPRequestHandler) -> int:
        served.set()
        attributes = " ".join(f"a{n}=1" for n in range(120_000))
        page = f"<html><body><p {attributes}>x</p></body></html>".encode()
        return _text(request, page, "text/html")

    newspaper.answer(silent.path, never)
    newspaper.answer(bomb.path, endless)
    began = time.monotonic()
    with _running(config) as run:
        try:
            assert asked.wait(300) and served.wait(300)
            starting, began = time.monotonic() - began, time.monotonic()
            run.send_signal(signal.SIGTERM)
            assert run.wait(300) == 0
            assert time.monotonic() - began < 10 + starting
        finally:
            finished.set()
    newspaper._answers.clear()
    desk.write(
        tmp_path, newspaper, more="[reading]\ntimeout_seconds = 3"
    )  # the endless page is in the archive now
    rasd(config, "poll", "--all")
    assert kept(config) == sent(newspaper) == printed(newspaper)


def test_a_second_rasd_is_told_who_was_first(newspaper: Newspaper, tmp_path: Path) -> None:
    """F-38: exit 75 with the first's pid and host; after kill -9 the archive is free at once."""
    config = desk.write(tmp_path, newspaper)
    with _running(config) as first:
        assert first.stderr is not None
        assert "started" in first.stderr.readline()
        said = rasd(config, "poll", code=75)
        assert f"pid {first.pid} on {socket.gethostname()}" in said
    rasd(config, "poll", "--all")


def test_a_digest_is_mailed_once_and_says_what_the_archive_says(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """Subscribe, poll, send twice: one mail with text and HTML parts of the same facts."""
    config = desk.write(tmp_path, newspaper)
    box = tmp_path / "inbox"
    rasd(config, "subscribe", "daily", str(box))
    poll(config)
    rasd(config, "digest", "send")
    rasd(config, "digest", "send")
    # A Maildir has no order, and the second command may fall into another minute: then it says
    # "nothing new".
    mails = sorted(mailbox.Maildir(box), key=lambda mail: -len(mail.as_string()))
    full = mails[0]
    parts = {
        p.get_content_type(): p.get_payload(decode=True).decode()
        for p in full.walk()
        if not p.is_multipart()
    }
    flagged = [s for s in newspaper.stories if s.labels]
    assert set(parts) == {"text/plain", "text/html"}
    for story in flagged:
        assert story.headline in parts["text/plain"]
        assert (
            story.headline.replace("'", "&#39;") in parts["text/html"].replace("&#x27;", "&#39;")
            or "'" in story.headline
        )
    assert (
        sum(
            "لا خبر جديد" in str(m.get_payload(0).get_payload(decode=True).decode())
            for m in mails[1:]
        )
        == len(mails) - 1
    )


def test_scrapy_users_find_what_they_expect(newspaper: Newspaper, tmp_path: Path) -> None:
    """``scrapy list`` and ``scrapy crawl feed -a source=…`` work from a checkout."""
    config = desk.write(tmp_path, newspaper)
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run(
        [*scrapy, "list"], cwd=desk.PROJECT, capture_output=True, text=True, timeout=300
    )
    assert listed.stdout.split() == ["feed", "section", "sitemap", "wordpress"], listed.stderr
    crawled = subprocess.run(
        [*scrapy, "crawl", "feed", "-a", "source=the-ledger"],
        cwd=desk.PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"RASD_CONFIG": str(config)},
    )
    assert crawled.returncode == 0, crawled.stderr
    assert len(kept(config)) == sum(s.paper == "en" for s in newspaper.stories)


def test_bad_words_get_clear_answers(tmp_path: Path) -> None:
    """Usage is 2, seeds 65, configuration 78; each names what is wrong, without a traceback."""
    config = tmp_path / "rasd.toml"
    config.write_text(f'archive = "sqlite:///{tmp_path}/x.sqlite"\n')
    assert "no source 'nowhere'" in rasd(config, "poll", "nowhere", code=2)
    assert "closing parenthesis" in rasd(config, "search", "(a", code=2)
    lost = tmp_path / "lost.toml"
    lost.write_text(
        f'{config.read_text()}\n[[subscribers]]\ndigest = "weekly"\naddress = "a@b.c"\n'
    )
    assert "no digest 'weekly' in the seeds for a@b.c" in rasd(lost, "status", code=78)
    bad = tmp_path / "bad.toml"
    bad.write_text("archiv = 1\n")
    assert "archiv: unknown key" in rasd(bad, "status", code=78)
    seeds = tmp_path / "seeds" / "sources" / "ma"
    seeds.mkdir(parents=True)
    (seeds / "x.yml").write_text("nam: X\n")
    assert "x.yml:1: unknown key 'nam'" in rasd(
        config, "seeds", "check", str(tmp_path / "seeds"), code=65
    )


def test_match_judges_lines_from_outside(tmp_path: Path) -> None:
    """A line in, a line out, in order, with proof."""
    lines = tmp_path / "in.jsonl"
    story = next(s for s in press.load() if s.slug == "interpol-marrakesh")
    rows = [
        {"id": 1, "title": story.headline, "text": story.summary},
        {"id": "b", "title": "", "text": "rien"},
    ]
    lines.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    done = subprocess.run(
        [*RASD, "match", "--jsonl", str(lines)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=tmp_path,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["labels"]) == (1, ["bilateral", "security"])
    assert {"التعاون", "الأمني"} <= {m["text"] for m in first["mentions"]}
    assert (second["id"], second["labels"], second["mentions"]) == ("b", [], [])


@contextmanager
def _running(config: Path) -> Iterator[subprocess.Popen[str]]:
    """``rasd run``, killed at the end if it still runs."""
    command = [*RASD, "--config", str(config), "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as daemon:
        try:
            yield daemon
        finally:
            daemon.kill()


def _text(
    request: BaseHTTPRequestHandler, body: bytes, kind: str = "text/plain", status: int = 200
) -> int:
    from tests.site.server import send

    return send(request, status, kind, body)
