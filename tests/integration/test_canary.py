"""The canary walks the whole river, leaves no trace, and says where the way is broken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.daemon import canary
from crawler.daemon.loop import Daemon
from tests import engine
from tests.acceptance.test_river import rasd


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An installation that watches nothing and may connect to no host."""
    (tmp_path / "seeds").mkdir()
    path = tmp_path / "rasd.toml"
    path.write_text(f'archive = "sqlite:///{tmp_path}/rasd.sqlite"\nseeds = "{tmp_path}/seeds"\n')
    return path


def heard(daemon: Daemon) -> dict[str, bool]:
    """The languages whose canary has ever arrived."""
    return {name: at is not None for name, at in daemon.app.canaries.heard().items()}


def _issued_already(issues: Sequence[object]) -> list[str]:
    return ["issued"] * len(issues)


def sent(daemon: Daemon) -> list[str]:
    """One descent: what its findings prove."""
    daemon.app.reader.start()
    found = engine.run(canary.run(daemon.app, daemon.engine, asyncio.Lock()))
    return [finding.proof for finding in found]


def test_it_is_heard_in_three_languages_and_leaves_nothing_behind(config: Path) -> None:
    """Fetch, read, match, keep, outbox, sink; then every count is what it was, and status shows
    its age.
    """
    with engine.running(config) as daemon:
        daemon.app.reader = engine.shared_pool(daemon.app)
        assert sent(daemon) == []
        assert heard(daemon) == {"ar": True, "fr": True, "en": True}
        assert set(daemon.app.archive.counts().values()) == {0}
    assert "heard: ar 0 min ago" in rasd(config, "status")


@pytest.mark.parametrize("how", ["deaf", "blind"])
def test_a_broken_way_is_a_finding(how: str, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that is dead or an outbox that takes nothing: the canary does not come through."""
    with engine.running(config) as daemon:
        if how == "deaf":
            monkeypatch.setattr(daemon.app.archive, "queue_issues", _issued_already)
            daemon.app.reader = engine.shared_pool(daemon.app)
        else:
            daemon.app.reader.stop()
        assert "not in the mail" in str(sent(daemon))
        assert heard(daemon) == {"ar": False, "fr": False, "en": False}


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
