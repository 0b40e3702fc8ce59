"""Where a value is from, and where a relative path begins."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler import channels
from crawler.cli.main import commands
from crawler.config import Config, load, load_with_origins

LOGIN = '[smtp]\nhost = "m.test"\nsender = "a@b.test"\nusername = "u"\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a configuration; the current folder is another one, home is a third."""
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (folder := tmp_path / "desk").mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder


def write(folder: Path, text: str) -> Path:
    """The configuration of this folder."""
    path = folder / "rasd.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_relative_paths_begin_beside_the_file(desk: Path) -> None:
    """Archive, seeds, browser, the password's file and Maildirs; ``~`` is the home everywhere."""
    (desk / "secret").write_text("hunter22\n")
    (desk / "secret").chmod(0o600)
    config = load(
        write(
            desk,
            'archive = "sqlite:///data/x.sqlite"\nseeds = "my-seeds"\n'
            '[crawl]\nbrowser = "./bin/chromium"\n'
            f'{LOGIN}password_file = "secret"\n'
            '[[subscribers]]\ndigest = "daily"\naddress = "./box"\n'
            '[[subscribers]]\ndigest = "daily"\naddress = "~/box"\n',
        )
    )
    assert config.archive == f"sqlite:///{desk}/data/x.sqlite"
    assert config.seeds == desk / "my-seeds"
    assert config.crawl.browser == f"{desk}/bin/chromium"
    assert config.smtp.password == "hunter22"
    addresses = [
        channels.full_address("maildir", s.address, config.folder) for s in config.subscribers
    ]
    assert addresses == [f"{desk}/box", str(Path.home() / "box")]


def test_a_name_on_the_path_and_an_absolute_path_stay(desk: Path) -> None:
    """Also an archive on PostgreSQL, with its password."""
    url = "postgresql://u:p%40ss@h.test/rasd"
    config = load(write(desk, f'archive = "{url}"\nseeds = "/s"\n[crawl]\nbrowser = "chromium"\n'))
    assert (config.archive, config.seeds) == (url, Path("/s"))
    assert config.crawl.browser == "chromium"


def test_without_an_archive_it_lies_beside_the_file(desk: Path) -> None:
    """In ``var``, which is made when it is needed."""
    assert load(write(desk, "")).archive == f"sqlite:///{desk}/var/rasd.sqlite"


def test_without_a_file_it_lies_in_var_or_with_the_users_data(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``./var`` only if it is there: no folder appears where somebody happened to stand."""
    assert load().archive == f"sqlite:///{tmp_path}/data/rasd/rasd.sqlite"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert load().archive == f"sqlite:///{Path.home()}/.local/share/rasd/rasd.sqlite"
    Path("var").mkdir()
    assert load().archive == f"sqlite:///{Path.cwd()}/var/rasd.sqlite"


def test_paths_of_the_environment_begin_in_the_current_folder(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a shell completes them."""
    monkeypatch.setenv("RASD_ARCHIVE", "sqlite:///x.sqlite")
    monkeypatch.setenv("RASD_SEEDS", "s")
    config = load(write(desk, 'archive = "sqlite:///y.sqlite"\nseeds = "t"\n'))
    assert config.archive == f"sqlite:///{Path.cwd()}/x.sqlite"
    assert config.seeds == Path.cwd() / "s"


def test_the_environment_wins_over_credentials_and_they_over_the_file(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd's ``LoadCredential=smtp.password:…`` needs no key in the file."""
    path = write(desk, LOGIN + 'password = "of the file"\n')
    assert load_with_origins(path).origin("smtp.password") == str(path)
    (folder := desk / "credentials").mkdir()
    (folder / "smtp.password").write_text("of systemd\n")
    (folder / "smtp.password").chmod(0o400)
    (folder / "archive").write_text("postgresql://u:hunter22@h.test/rasd")
    (folder / "archive").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    loaded = load_with_origins(path)
    assert loaded.config.smtp.password == "of systemd"
    assert loaded.config.archive == "postgresql://u:hunter22@h.test/rasd"
    assert loaded.origin("smtp.password") == f"credential {folder}/smtp.password"
    monkeypatch.setenv("RASD_SMTP__PASSWORD", "of the environment")
    loaded = load_with_origins(path)
    assert loaded.config.smtp.password == "of the environment"
    assert loaded.origin("smtp.password") == "RASD_SMTP__PASSWORD"


def test_a_table_of_the_environment_changes_its_own_keys_only(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``RASD_SMTP`` as JSON, and one key of it by its own name, which wins."""
    path = write(desk, LOGIN)
    monkeypatch.setenv("RASD_SMTP", '{"port": 25, "security": "none"}')
    monkeypatch.setenv("RASD_SMTP__PORT", "2525")
    loaded = load_with_origins(path)
    smtp = loaded.config.smtp
    assert (smtp.host, smtp.port, smtp.security) == ("m.test", 2525, "none")
    origins = [loaded.origin(f"smtp.{key}") for key in ("host", "port", "security", "sender")]
    assert origins == [str(path), "RASD_SMTP__PORT", "RASD_SMTP", str(path)]


def test_arabic_in_the_environment_is_read_whatever_the_locale(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Latin-1 locale takes each byte for a letter."""
    monkeypatch.setattr(os, "fsencode", lambda text: text.encode("latin-1"))
    misread = "رصد <a@b.test>".encode().decode("latin-1")
    monkeypatch.setenv("RASD_SMTP__SENDER", misread)
    assert load(write(desk, "")).smtp.sender == "رصد <a@b.test>"


def test_a_byte_order_mark_is_no_mistake(desk: Path) -> None:
    """Some editors write one before UTF-8."""
    path = write(desk, "")
    path.write_bytes(b"\xef\xbb\xbftick_seconds = 7\n")
    assert load(path).tick_seconds == 7


def test_no_secret_is_in_what_is_shown_of_a_configuration() -> None:
    """Neither in its repr, which an error or a debugger prints."""
    config = Config.model_validate(
        {
            "archive": "postgresql://u:hunter22@h/rasd",
            "smtp": {"username": "u", "password": "hunter22"},
        }
    )
    assert "hunter22" not in repr(config)
    assert "hunter22" not in repr(channels.open_channels(config))


# ── rasd config ───────────────────────────────────────────────────────────────────────────────


def shown(*words: str) -> Any:
    """What ``rasd config --json`` prints, by key."""
    ran = CliRunner().invoke(commands, [*words, "config", "--json"])
    assert ran.exit_code == 0, ran.output
    assert "hunter22" not in ran.output
    return {row["key"]: (row["value"], row["origin"]) for row in json.loads(ran.stdout)}


def test_rasd_config_shows_every_key_with_its_origin(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Effective values: paths absolute, secrets hidden, defaults named as such."""
    path = write(
        desk,
        f'archive = "postgresql://u:hunter22@h.test/rasd"\n{LOGIN}password = "hunter22"\n',
    )
    monkeypatch.setenv("RASD_TICK_SECONDS", "7")
    rows = shown("--config", str(path), "--seeds", "s")
    assert rows["archive"] == ("postgresql://u:***@h.test/rasd", str(path))
    assert rows["smtp.password"] == ("(hidden)", str(path))
    assert rows["tick_seconds"] == (7.0, "RASD_TICK_SECONDS")
    assert rows["seeds"] == (str(Path.cwd() / "s"), "--seeds")
    assert rows["log.level"] == ("info", "default")
    keys = {
        f"{name}.{key}" if key else name
        for name, field in Config.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {"": None})
    }
    assert rows.keys() == keys


def _unfolded(table: str) -> str:
    """The cells of the first row whose text the table has broken into lines."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return "".join(row[0] if n else row[1] for n, row in enumerate(rows) if n == 0 or len(row) == 1)


def test_rasd_config_writes_nothing(desk: Path) -> None:
    """``--check`` neither: the archive that could be made is not."""
    path = write(desk, "")
    ran = CliRunner().invoke(commands, ["--config", str(path), "config"])
    assert ran.exit_code == 0 and f"{desk}/var/rasd.sqlite" in _unfolded(ran.stdout)
    ran = CliRunner().invoke(commands, ["--config", str(path), "config", "--check"])
    assert (ran.exit_code, ran.stdout) == (0, f"{path}: good\n")
    assert [p.name for p in desk.iterdir()] == ["rasd.toml"]


def test_an_empty_password_is_no_secret(desk: Path) -> None:
    """Some servers on a socket are written ``user:@``; everybody may read that."""
    path = write(desk, 'archive = "postgresql://u:@/rasd?host=/run/postgresql"\n')
    path.chmod(0o644)
    assert load(path).archive == "postgresql://u:@/rasd?host=/run/postgresql"
