"""The canary walks the whole river, leaves no trace, and says where the way is broken."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import places
from tests.acceptance.test_river import rasd

SEND = """
import asyncio, json, sys
from pathlib import Path
from crawler import app, config
from crawler.daemon import canary
from crawler.engine import embedded

async def main(stop):
    opened.reader.start()
    if sys.argv[2] == "deaf":
        opened.archive.queue_issues = lambda issues: ["issued"] * len(issues)
    if sys.argv[2] == "blind":
        opened.reader.stop()
    found = await canary.run(opened, embedded.Engine(opened), asyncio.Lock())
    heard = {k: v is not None for k, v in opened.canaries.heard().items()}
    print(json.dumps({"heard": heard, "found": [f.proof for f in found], "counts": opened.archive.counts()}))
    return 0

with app.open_app(config.load(Path(sys.argv[1])), locked=True) as opened:
    embedded.run(main)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An installation that watches nothing and may connect to nobody."""
    (tmp_path / "seeds").mkdir()
    path = tmp_path / "rasd.toml"
    path.write_text(f'archive = "sqlite:///{tmp_path}/rasd.sqlite"\nseeds = "{tmp_path}/seeds"\n')
    return path


def sent(config: Path, how: str) -> dict[str, object]:
    """One descent in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SEND, str(config), how], capture_output=True, text=True, timeout=90,
        cwd=places.PROJECT, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_it_is_heard_in_three_languages_and_leaves_nothing_behind(config: Path) -> None:
    """Fetch, read, match, keep, outbox, sink; then every count is what it was, and status shows its age."""
    said = sent(config, "well")
    assert said["heard"] == {"ar": True, "fr": True, "en": True}
    assert said["found"] == []
    assert isinstance(said["counts"], dict)
    assert set(said["counts"].values()) == {0}
    assert "canary heard: ar 0 min ago" in rasd(config, "status")


@pytest.mark.parametrize("how", ["deaf", "blind"])
def test_a_broken_way_is_a_finding(config: Path, how: str) -> None:
    """A reader that is dead or an outbox that takes nothing: the canary does not come through."""
    said = sent(config, how)
    assert said["heard"] == {"ar": False, "fr": False, "en": False}
    assert "not in the mail" in str(said["found"])


def test_no_site_can_name_its_addresses() -> None:
    """The scheme passes only inside the canary's own feed."""
    from crawler import urls
    from crawler.feeds import syndication

    assert urls.clean("canary://canary.invalid/en/feed") is None
    rss = b"<rss version='2.0'><channel><item><link>canary://canary.invalid/en/1</link></item></channel></rss>"
    assert syndication.parse(rss, "https://news.test/feed", "text/xml").entries == ()
    assert len(syndication.parse(rss, "canary://canary.invalid/en/feed", "text/xml").entries) == 1
    assert asyncio.iscoroutinefunction(
        __import__(
            "crawler.fetch.canary_handler", fromlist=["CanaryHandler"]
        ).CanaryHandler.download_request
    )
