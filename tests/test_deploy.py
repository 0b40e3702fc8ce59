"""What ``deploy/`` says is true: paths, commands, extras, exit codes; and how shut in the service is."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from crawler.config import Config
from storage.engine import BUSY_SECONDS
from tests.conftest import absent
from tests.test_docs import PROJECT, expect_a_command

DEPLOY = PROJECT / "deploy"
CONTAINER = DEPLOY / "Containerfile"
UNITS = sorted(DEPLOY.glob("*.service"))
FILES = sorted(DEPLOY.iterdir())
MAX_EXPOSURE = 2.0  # of 10, as systemd-analyze scores it
INSTALLED_IN = "/opt/rasd"
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
PLACES = {"/etc/rasd": "ConfigurationDirectory", "/var/lib/rasd": "StateDirectory"}
"""Folders of an installation, and what makes systemd care for them."""

_INSTALLED = re.compile(rf"{INSTALLED_IN}/([\w./-]*\w)")
_NAMED = re.compile(r"(?<![\w/.-])((?:deploy|docs|seeds|storage|crawler)/[\w./-]*\w)")


def name(path: Path) -> str:
    """A file as people call it."""
    return path.name


class _Unit(ConfigParser):
    """A unit's keys; one that is there twice has its values one to a line."""

    def __init__(self, path: Path) -> None:
        super().__init__(interpolation=None, strict=False, delimiters=("=",))
        self.optionxform = str  # type: ignore[assignment, method-assign]
        keys: dict[str, dict[str, list[str]]] = {}
        section = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line.strip() and not line.startswith("#"):
                key, _, value = line.partition("=")
                keys.setdefault(section, {}).setdefault(key, []).append(value)
        self.read_dict({s: {k: "\n".join(v) for k, v in of.items()} for s, of in keys.items()})


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_path_of_the_project_that_is_named_exists(path: Path) -> None:
    """In comments as well; what is made by an installation is none of them."""
    text = path.read_text(encoding="utf-8")
    named = {*_NAMED.findall(text), *_INSTALLED.findall(text)} - {".venv/bin/rasd"}
    assert not (missing := {one for one in named if not (PROJECT / one).exists()}), missing


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_a_unit_starts_a_command_that_exists(path: Path) -> None:
    """The script that an installation makes, a verb, its options, a configuration where it is."""
    service = _Unit(path)["Service"]
    command, *words = shlex.split(service["ExecStart"])
    assert command == f"{INSTALLED_IN}/.venv/bin/rasd" and "rasd" in PYPROJECT["project"]["scripts"]
    expect_a_command(["rasd", *words], path.name)
    for folder, key in PLACES.items():
        if folder in service["ExecStart"] or folder in service.get("WorkingDirectory", ""):
            assert service[key] == "rasd"


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_a_unit_gives_up_on_what_trying_again_cannot_mend(path: Path) -> None:
    """The exit codes of wrong usage, seeds and configuration, as the page on exit codes has them."""
    codes = (PROJECT / "docs/reference/exit-codes.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| (\d+) \|", codes, re.MULTILINE))
    service = _Unit(path)["Service"]
    assert service["Type"] == "oneshot" or service["RestartPreventExitStatus"] == "2 65 78"
    assert set(service.get("RestartPreventExitStatus", "").split()) <= described


@pytest.mark.parametrize("path", [DEPLOY / "rasd.service"], ids=name)
def test_the_watchdog_waits_longer_than_a_locked_archive_delays_a_tick(path: Path) -> None:
    """Twice the time that a write waits for another process's transaction, and more."""
    service = _Unit(path)["Service"]
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    minutes = int(service["WatchdogSec"].removesuffix("min"))
    assert 60 * minutes > 2 * (BUSY_SECONDS + Config.model_fields["tick_seconds"].default)


def _with_render(folder: Path) -> Path:
    """The unit with what it gets for Chromium, as systemd would join them."""
    whole = (DEPLOY / "rasd.service").read_text(encoding="utf-8")
    more = (DEPLOY / "rasd-render.conf").read_text(encoding="utf-8")
    joined = folder / "rasd-render.service"
    joined.write_text(whole.replace("[Install]", f"{more}\n[Install]"), encoding="utf-8")
    return joined


@pytest.mark.parametrize("which", [*map(name, UNITS), "rasd-render.conf"])
def test_the_service_is_shut_in(which: str, tmp_path: Path) -> None:
    """systemd's own score of what a process of the unit could still do; no key is unknown to it."""
    if shutil.which("systemd-analyze") is None:
        absent("systemd", "systemd-analyze is not installed")
    path = _with_render(tmp_path) if which == "rasd-render.conf" else DEPLOY / which
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)],
        capture_output=True,
        text=True,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", scored.stdout)
    assert found, scored.stderr
    assert float(found[1]) <= MAX_EXPOSURE
    assert "Unknown" not in scored.stderr and "Failed to parse" not in scored.stderr, scored.stderr
    if path.parent == DEPLOY and (said := re.search(r"scores it ([\d.]+\d)", path.read_text())):
        assert said[1] == found[1]


def test_the_container_is_made_of_what_exists() -> None:
    """What is copied, the extras that are installed, the command that is started, the interpreter."""
    text = CONTAINER.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line[:1].isupper()]
    copied = [word for key, rest in lines if key == "COPY" for word in rest.split()[:-1]]
    assert copied and not [one for one in copied if not (PROJECT / one).exists()]
    needed = {
        "README.md",
        "LICENSE",
        *PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"],
    }
    assert needed | {"pyproject.toml", "seeds"} <= set(copied)
    (extras,) = re.findall(r"rasd\[([\w,]+)\]", text)
    assert set(extras.split(",")) <= PYPROJECT["project"]["optional-dependencies"].keys()
    said = {key: shlex.split(rest.strip("[]").replace(",", " ")) for key, rest in lines}
    assert said["ENTRYPOINT"] == ["rasd"]
    expect_a_command(["rasd", *said["CMD"]], CONTAINER.name)
    for version in re.findall(r"python:(\d+\.\d+)", text):
        assert tuple(map(int, version.split("."))) >= (3, 11)
    for key in re.findall(r"^ENV RASD_(\w+)=", text, re.MULTILINE):
        assert key.lower() in Config.model_fields
