"""A configuration that cannot work says so: one line, exit code 78, for any verb; never silence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from crawler.__main__ import main
from crawler.cli.context import GlobalOptions
from crawler.config import load
from tests.unit.config.bad_configurations import CASES, NAMED

SECRET = "hunter"  # is in every password of the cases


def run(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int | str | None, str, str]:
    """The command's exit code and what it printed, in this process."""
    monkeypatch.setattr(sys, "argv", ["rasd", *words])
    monkeypatch.setattr(GlobalOptions, "config", None)
    monkeypatch.setattr(GlobalOptions, "seeds", None)
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, *capsys.readouterr()


def test_there_are_at_least_eighty() -> None:
    """As many as were tried by hand when this was written."""
    assert len(CASES) >= 80


@pytest.mark.parametrize("name", CASES)
def test_each_is_one_line_and_78(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It names the file or the variable and the key, quotes no password, and changes nothing."""
    given, expected = CASES[name]
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rasd.toml"
    if isinstance(given, dict):
        file.write_text("")
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
    else:
        file.write_bytes(given.encode() if isinstance(given, str) else given)
    file.chmod(0o600)
    code, out, err = run(["--config", str(file), "config", "--check"], monkeypatch, capsys)
    assert (code, out) == (78, "")
    assert err.startswith("rasd: ") and err.endswith("\n") and len(err.splitlines()) == 1, err
    assert len(err) < 600 and not set(err) & {"\x1b", "\x07"}
    for word in expected:
        assert word in err, err
    if not isinstance(given, dict) and name.split(": ")[1] not in NAMED:
        assert str(file) in err or "/" in err
    assert SECRET not in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rasd.toml"]


@pytest.mark.parametrize("name", [n for n in CASES if n.split(": ")[0] != "named"])
def test_every_verb_refuses_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong in itself is refused by whoever loads it, not only where it is used."""
    given, _ = CASES[name]
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rasd.toml"
    if isinstance(given, dict):
        file.write_text("")
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
    else:
        file.write_bytes(given.encode() if isinstance(given, str) else given)
    file.chmod(0o600)
    with pytest.raises(ValueError) as refused:
        load(file)
    assert type(refused.value).__name__ == "ConfigError"


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "endless", "dangling"])
def test_what_is_no_file_is_refused_at_once(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A pipe without a writer would be waited for, ``/dev/zero`` read without end."""
    path = tmp_path / "rasd.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "dangling":
        path.symlink_to("nowhere.toml")
    elif kind == "folder":
        path.mkdir()
    named = {"endless": "/dev/zero"}.get(kind, str(path))
    code, out, err = run(["--config", named, "config"], monkeypatch, capsys)
    assert (code, out) == (78, "") and len(err.splitlines()) == 1, err
    assert "cannot be read" in err


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            '[smtp]\nhost = "m.test"\nsender = "a@b.test"\nusername = "u"\npassword = "hunter22"\n',
            "smtp.password",
        ),
        ('archive = "postgresql://u:hunter22@h/rasd"\n', "the archive's password"),
    ],
    ids=["mail", "archive"],
)
@pytest.mark.parametrize(
    ("mode", "good"), [(0o644, False), (0o604, False), (0o640, True), (0o600, True)]
)
def test_a_secret_that_everybody_can_read_is_refused(
    text: str,
    key: str,
    mode: int,
    good: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the chmod that mends it; the group may read, as in /etc."""
    file = tmp_path / "my rasd.toml"
    file.write_text(text)
    file.chmod(mode)
    code, out, err = run(["--config", str(file), "config"], monkeypatch, capsys)
    assert code == (0 if good else 78)
    assert SECRET not in out + err
    if not good:
        assert f"holds {key}" in err and f"chmod o-rwx '{file}'" in err


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"", 0o600, "is empty"),
        (b"\n", 0o600, "is empty"),
        (b"hunter22\nhunter23\n", 0o600, "one line"),
        ("hünter".encode("latin-1"), 0o600, "not UTF-8"),
        (b"hunter22\n", 0o644, "chmod o-rwx"),
        (b"h" * 5_000, 0o600, "more than"),
    ],
)
def test_a_password_file_holds_one_password(
    content: bytes, mode: int, words: str, tmp_path: Path
) -> None:
    """And is not for everybody."""
    (tmp_path / "rasd.toml").write_text(
        '[smtp]\nhost = "m.test"\nsender = "a@b.test"\nusername = "u"\npassword_file = "secret"\n'
    )
    (tmp_path / "secret").write_bytes(content)
    (tmp_path / "secret").chmod(mode)
    with pytest.raises(ValueError, match=words) as refused:
        load(tmp_path / "rasd.toml")
    assert SECRET not in str(refused.value).replace("hhh", "")
