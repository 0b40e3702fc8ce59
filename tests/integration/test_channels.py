"""Adding a channel is one module and its name in the package's door."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler import app, channels
from crawler.channels.kind import ChannelKind
from crawler.cli.main import commands
from crawler.config import Config, Subscriber
from crawler.errors import ConfigError
from crawler.model import Delivery, Message
from tests import places
from tests.unit.digest.scenes import proven, worded


class FileChannel:
    """A toy: appends the plain text to the file that its address names."""

    async def deliver(self, message: Message) -> Delivery:
        """Sent."""
        path = Path(message.recipient.removeprefix("file:"))
        with path.open("a", encoding="utf-8") as file:
            file.write(message.text)
        return Delivery(outcome="sent")


TOY = ChannelKind(
    name="file",
    address="file: and a path",
    takes=lambda address: address.startswith("file:"),
    build=lambda settings: FileChannel(),
)


def test_a_toy_channel_is_subscribed_to_and_delivers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named in the door alone, it is found by its address and opened with the others."""
    monkeypatch.setattr(channels, "CHANNELS", (TOY, *channels.CHANNELS))
    config = tmp_path / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{tmp_path}/x.sqlite"\nseeds = "{places.SEEDS}"\n', encoding="utf-8"
    )
    file = tmp_path / "digest.txt"
    words = ["--config", str(config), "subscribe", "daily"]
    done = CliRunner().invoke(commands, [*words, f"file:{file}"])
    assert done.exit_code == 0 and "by file" in done.output, done.output
    refused = CliRunner().invoke(commands, [*words, "x", "--channel", "pigeon"])
    assert refused.exit_code == 2 and "file (file: and a path)" in " ".join(refused.output.split())
    opened = channels.open_channels(Config())
    message = replace(worded(proven()), channel="file", recipient=f"file:{file}")
    assert asyncio.run(opened["file"].deliver(message)).outcome == "sent"
    assert file.read_text(encoding="utf-8") == message.text


def test_an_unknown_channel_in_the_configuration_is_an_error(tmp_path: Path) -> None:
    """With the names that are known."""
    wrong = Subscriber(digest="daily", address="a@b.test", channel="smpt")
    settings = Config(archive=f"sqlite:///{tmp_path}/x.sqlite", subscribers=(wrong,))
    with (
        pytest.raises(ConfigError, match=r"no channel 'smpt' for a@b\.test; known: maildir, smtp"),
        app.open_app(settings),
    ):
        pass
