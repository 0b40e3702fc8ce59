"""Adding a channel is one module and its name in the package's door."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import structlog.testing
from click.testing import Result
from typer.testing import CliRunner

from crawler import app, channels
from crawler.channels.kind import ChannelKind
from crawler.cli.main import commands
from crawler.config import Config, Subscriber
from crawler.digest.wording import WORDINGS
from crawler.errors import ConfigError
from tests import howto, places
from tests.site.mail_server import MailServer
from tests.unit.digest.scenes import proven, worded


def desk(folder: Path) -> Path:
    """The configuration of an archive of its own in this folder."""
    config = folder / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{folder}/x.sqlite"\nseeds = "{places.SEEDS}"\n', encoding="utf-8"
    )
    return config


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
    config = desk(tmp_path)
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


def test_the_tests_of_the_how_to_page_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that it shows for its channel."""
    module = ModuleType("crawler.channels.file")
    blocks = howto.python_blocks("add-a-channel")
    exec(blocks[0], vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    shown: dict[str, Any] = {}
    exec(blocks[-1], shown)
    tests = [shown[name] for name in shown if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test(tmp_path)


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


def test_a_folder_subscribed_to_from_elsewhere_is_the_one_that_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The daemon, in a folder of its own, delivers there; the same words end the subscription."""
    (here := tmp_path / "here").mkdir()
    (daemon := tmp_path / "daemon").mkdir()
    words = ["--config", str(desk(tmp_path))]
    monkeypatch.chdir(here)
    assert CliRunner().invoke(commands, [*words, "subscribe", "daily", "box"]).exit_code == 0
    monkeypatch.chdir(daemon)
    sent = CliRunner().invoke(commands, [*words, "digest", "send", "daily"])
    assert "1 sent" in sent.output, sent.output
    assert (here / "box" / "new").is_dir() and list(daemon.iterdir()) == []
    monkeypatch.chdir(here)
    assert CliRunner().invoke(commands, [*words, "unsubscribe", "daily", "box"]).exit_code == 0


def test_a_digest_sent_by_hand_says_why_one_is_not_delivered(tmp_path: Path) -> None:
    """Beside the count, on stderr."""
    (tmp_path / "box").write_text("no folder", encoding="utf-8")
    words = ["--config", str(desk(tmp_path))]
    address = str(tmp_path / "box")
    CliRunner().invoke(commands, [*words, "subscribe", "daily", address])
    sent = CliRunner().invoke(commands, [*words, "digest", "send", "daily"])
    assert "1 deferred" in sent.stdout
    assert f"deferred: {address}: Not a directory" in sent.stderr.replace("\n", ""), sent.stderr


def test_a_configured_subscriber_needs_no_channel(tmp_path: Path) -> None:
    """It is inferred from the address, as ``rasd subscribe`` does."""
    folder = str(tmp_path / "box")
    listed = tuple(Subscriber(digest="daily", address=one) for one in ("a@b.test", folder))
    settings = Config(archive=f"sqlite:///{tmp_path}/x.sqlite", subscribers=listed)
    with app.open_app(settings) as opened:
        found = {one.address: one.channel for one in opened.outbox.recipients("daily")}
    assert found == {"a@b.test": "smtp", folder: "maildir"}


def test_an_address_is_checked_when_it_is_subscribed(tmp_path: Path) -> None:
    """Refused in words, or stored as mail servers take it; it is ended as it was typed."""
    words = ["--config", str(desk(tmp_path))]
    for wrong in ("a@desk.test, b@desk.test", "a@b@desk.test", "a@", "Desk <a@desk.test>"):
        refused = CliRunner().invoke(commands, [*words, "subscribe", "daily", wrong])
        assert refused.exit_code == 2 and repr(wrong) in " ".join(refused.output.split())
    refused = CliRunner().invoke(commands, [*words, "subscribe", "daily", "a", "--channel", "smtp"])
    assert refused.exit_code == 2 and "has no @" in refused.output
    typed = "desk@médias.example"
    assert CliRunner().invoke(commands, [*words, "subscribe", "daily", typed]).exit_code == 0
    shown = CliRunner().invoke(commands, [*words, "subscriptions", "--json"])
    assert [one["address"] for one in json.loads(shown.output)] == ["desk@xn--mdias-bsa.example"]
    assert CliRunner().invoke(commands, [*words, "unsubscribe", "daily", typed]).exit_code == 0
    assert "no one gets a digest" in CliRunner().invoke(commands, [*words, "subscriptions"]).output


def test_a_configured_address_that_is_none_is_an_error(tmp_path: Path) -> None:
    """At the start, with the reason."""
    listed = (Subscriber(digest="daily", address="a@b.test, c@d.test"),)
    settings = Config(archive=f"sqlite:///{tmp_path}/x.sqlite", subscribers=listed)
    with pytest.raises(ConfigError, match="is a list"), app.open_app(settings):
        pass


def test_the_outbox_is_listed_retried_and_dropped(tmp_path: Path) -> None:
    """What the server refuses is shown with its reason; mended, it is delivered at once; what was
    given up is listed no more, and its stories come in the next digest."""
    config = desk(tmp_path)
    faults: dict[Any, Any] = {"sender": "550 5.7.1 not you"}
    with MailServer(faults) as server:
        config.write_text(
            config.read_text("utf-8")
            + f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            + 'sender = "Desk, News <rasd@desk.test>"\n',
            encoding="utf-8",
        )
        config.chmod(0o600)

        def rasd(*verb: str) -> Result:
            return CliRunner().invoke(commands, ["--config", str(config), *verb])

        for address in ("a@desk.test", "b@desk.test"):
            assert rasd("subscribe", "daily", address).exit_code == 0
        assert "2 deferred" in rasd("digest", "send", "daily").stdout
        rows = json.loads(rasd("outbox", "--json").output)
        assert [(row["fault"], row["detail"]) for row in rows] == [
            ("setup", "550 5.7.1 not you")
        ] * 2
        assert "kept by our own setup" in rasd("status").output
        preview = rasd("digest", "preview", "daily").output
        assert WORDINGS["ar"].findings["mail_held"] in preview and "desk.test" not in preview
        page = config.parent / "page.html"
        named = rasd("digest", "preview", "daily", "--html", str(page)).output
        assert named.startswith(f"{page}: ") and named.count("\n") == 2  # not the text once more
        assert WORDINGS["ar"].findings["mail_held"] in page.read_text(encoding="utf-8")
        held = rasd("outbox", "retry", "--all")
        assert held.exit_code == 1 and "550 5.7.1 not you" in held.stderr
        del server.faults["sender"]
        first, second = (str(row["id"]) for row in rows)
        retried = rasd("outbox", "retry", first)
        assert (retried.exit_code, retried.output) == (0, "queued again: 1; 1 sent\n")
        assert [mail.recipient for mail in server.mails] == ["a@desk.test"]
        dropped = rasd("outbox", "drop", second)
        assert (dropped.exit_code, dropped.output) == (
            0,
            "dropped: 1; articles for the next digests: 0\n",
        )
        assert rasd("outbox", "drop", second).exit_code == 1
        assert "every mail was delivered" in rasd("outbox", "list").output
        states = [row["state"] for row in json.loads(rasd("outbox", "--all", "--json").output)]
        assert states == ["sent", "dropped"]


def test_a_digest_sent_by_hand_and_killed_is_taken_over_by_the_next(tmp_path: Path) -> None:
    """``kill -9`` between claim and delivery: the next process, whichever it is, finds the claim of
    one that has ended, says so, and sends the mail once more."""
    config = ["--config", str(desk(tmp_path))]
    box = tmp_path / "box"
    assert CliRunner().invoke(commands, [*config, "subscribe", "daily", str(box)]).exit_code == 0
    killed = subprocess.run(
        [sys.executable, "-m", "crawler", *config, "digest", "send", "daily"],
        env=os.environ | {"RASD_CRASH_AT": "claim_message.after_commit"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (claimed,) = json.loads(CliRunner().invoke(commands, [*config, "outbox", "--json"]).output)
    assert claimed["state"] == "sending" and claimed["claimed_by"]
    settings = Config(archive=f"sqlite:///{tmp_path}/x.sqlite")
    with app.open_app(settings) as opened, structlog.testing.capture_logs() as lines:
        assert asyncio.run(opened.outbox.deliver()) == []
        assert [line["count"] for line in lines if "after a crash" in line["event"]] == [1]
        (left,) = opened.archive.mails(("unknown",))
        assert left.next_try_at is not None
        later = replace(opened.outbox, clock=lambda: left.next_try_at)
        assert [one.outcome for _, one in asyncio.run(later.deliver())] == ["sent"]
    assert len(list((box / "new").iterdir())) == 1
