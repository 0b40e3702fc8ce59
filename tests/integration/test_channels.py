"""Adding a channel is one module and its name in the package's door."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from crawler import app, channels
from crawler.channels.kind import ChannelKind
from crawler.cli.main import commands
from crawler.config import Config, Subscriber
from crawler.errors import ConfigError
from tests import howto, places
from tests.unit.digest.scenes import proven, worded


def file_channel() -> ChannelKind:
    """The channel that the how-to page shows."""
    module = ModuleType("crawler.channels.file")
    exec(howto.python_blocks("add-a-channel")[0], vars(module))
    kind = vars(module)["KIND"]
    assert isinstance(kind, ChannelKind)
    return kind


def test_the_channel_of_the_how_to_page_is_subscribed_to_and_delivers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named in the door alone, it is found by its address and opened with the others."""
    others = (kind for kind in channels.CHANNELS if kind.name != "file")
    monkeypatch.setattr(channels, "CHANNELS", (file_channel(), *others))
    config = tmp_path / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{tmp_path}/x.sqlite"\nseeds = "{places.SEEDS}"\n', encoding="utf-8"
    )
    file = tmp_path / "digest.txt"
    words = ["--config", str(config), "subscribe", "daily"]
    done = CliRunner().invoke(commands, [*words, str(file)])
    assert done.exit_code == 0 and "by file" in done.output, done.output
    refused = CliRunner().invoke(commands, [*words, "x", "--channel", "pigeon"])
    assert refused.exit_code == 2 and "file (a text file)" in " ".join(refused.output.split())
    opened = channels.open_channels(Config())
    message = replace(worded(proven()), channel="file", recipient=str(file))
    assert asyncio.run(opened["file"].deliver(message)).outcome == "sent"
    assert message.text in file.read_text(encoding="utf-8")
    lost = replace(message, recipient=str(tmp_path / "nowhere" / "digest.txt"))
    assert asyncio.run(opened["file"].deliver(lost)).outcome == "deferred"


def test_an_unknown_channel_in_the_configuration_is_an_error(tmp_path: Path) -> None:
    """With the names that are known."""
    wrong = Subscriber(digest="daily", address="a@b.test", channel="smpt")
    settings = Config(archive=f"sqlite:///{tmp_path}/x.sqlite", subscribers=(wrong,))
    with (
        pytest.raises(
            ConfigError, match=r"no channel 'smpt' for a@b\.test; known: .*maildir, .*smtp"
        ),
        app.open_app(settings),
    ):
        pass
