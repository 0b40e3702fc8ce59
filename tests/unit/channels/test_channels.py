"""The channels there are: found by name, by address, by configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import channels
from crawler.channels.kind import ChannelKind
from crawler.config import Config


@pytest.mark.parametrize(
    ("address", "name"),
    [("a@b.test", "smtp"), ("/var/mail/box", "maildir"), ("box", "maildir"), ("./a@b", "maildir"), ("", "")],
)  # fmt: skip
def test_an_address_tells_its_channel(address: str, name: str) -> None:
    """A folder may have an @ in its path."""
    assert channels.of_address(address) == name


def test_a_folder_is_stored_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was typed, and from home; a mail address stays as it is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/desk")
    assert channels.full_address("maildir", "box") == str(tmp_path / "box")
    assert channels.full_address("maildir", "~/box") == "/home/desk/box"
    assert channels.full_address("maildir", "../box/") == str(tmp_path.parent / "box")
    assert channels.full_address("smtp", "a@b.test") == "a@b.test"
    assert channels.full_addresses("box") == ("box", str(tmp_path / "box"))


def test_a_mail_server_is_there_if_its_host_is_configured() -> None:
    """A Maildir always is."""
    bare = set(channels.open_channels(Config()))
    assert "maildir" in bare and "smtp" not in bare
    configured = Config(smtp={"host": "mail.test", "sender": "a@b.test"})  # type: ignore[arg-type]
    assert set(channels.open_channels(configured)) == bare | {"smtp"}


@pytest.mark.parametrize("kind", channels.CHANNELS, ids=lambda kind: kind.name)
def test_every_channel_is_one_module_of_its_own_name(kind: ChannelKind) -> None:
    """A name in the configuration leads to its file; its kind describes its addresses."""
    module = __import__(f"crawler.channels.{kind.name}", fromlist=["KIND"])
    assert module.KIND is kind and kind.address
