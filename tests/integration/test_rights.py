"""An archive that this user may not enter, read or write: one line says who may, and code 78."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.config import load
from crawler.doctor.installation import config_problems
from crawler.errors import ArchiveError
from storage import lock
from storage.archive import archive_exists, open_archive
from storage.archive_file import make_private
from storage.opening import require_usable
from storage.seed_sets import read_last

NOBODY = 65534

OPENINGS: dict[str, Callable[[str], object]] = {
    "archive_exists": archive_exists, "require_usable": require_usable, "read_last": read_last,
    "open_archive": open_archive, "hold": lambda url: lock.hold(url, pid=1, host="here"),
}  # fmt: skip


@pytest.fixture
def desk() -> Iterator[Path]:
    """A folder that everybody can enter, with an archive and its lock in ``var``."""
    folder = Path(tempfile.mkdtemp(prefix="rasd-rights-"))
    folder.chmod(0o755)
    url = f"sqlite:///{folder}/var/rasd.sqlite"
    open_archive(url).close()
    lock.hold(url, pid=1, host="here").release()
    (folder / "rasd.toml").write_text("")
    yield folder
    (folder / "var").chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root is another user for a while; whoever is not root needs no change."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def refused(name: str, desk: Path) -> str:
    """What this way to an archive says."""
    with without_privileges(), pytest.raises(ArchiveError) as caught:
        OPENINGS[name](f"sqlite:///{desk}/var/rasd.sqlite")
    assert caught.value.exit_code == 78
    return str(caught.value)


@pytest.mark.parametrize("name", OPENINGS)
def test_a_folder_that_may_not_be_entered(desk: Path, name: str) -> None:
    """The folder of the service, looked at by somebody else."""
    (desk / "var").chmod(0)
    said = refused(name, desk)
    assert said.startswith(f"{desk}/var can't be entered by ")
    assert os.getuid() != 0 or said.endswith("it belongs to root: run rasd as root")


@pytest.mark.parametrize("name", ["archive_exists", "require_usable", "read_last", "open_archive"])
def test_a_file_that_may_not_be_read(desk: Path, name: str) -> None:
    """The archive of another user in a folder that both can enter."""
    (desk / "var").chmod(0o755)
    (desk / "var/rasd.sqlite").chmod(0)
    assert refused(name, desk).startswith(f"{desk}/var/rasd.sqlite can't be read by ")


@pytest.mark.parametrize("name", ["require_usable", "read_last", "open_archive"])
def test_a_folder_that_may_not_be_written(desk: Path, name: str) -> None:
    """SQLite needs its log beside the archive, also to read."""
    (desk / "var/rasd.sqlite").chmod(0o666)
    (desk / "var").chmod(0o555)
    assert refused(name, desk).startswith(f"{desk}/var can't be written by ")


def test_the_configuration_is_read_and_judged(desk: Path) -> None:
    """``rasd config --check`` and ``rasd doctor`` name the folder and go on."""
    (desk / "var").chmod(0)
    with without_privileges():
        problems = list(config_problems(load(desk / "rasd.toml"), None))
    assert [problem.partition(" by ")[0] for problem in problems] == [
        f"archive: {desk}/var can't be entered"
    ]


def test_what_root_makes_belongs_to_the_owner_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that runs as that user could open neither archive nor lock otherwise."""
    given: list[tuple[Path, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, *who: given.append((path, *who)))
    url, owner = f"sqlite:///{tmp_path}/rasd.sqlite", tmp_path.stat()
    make_private(tmp_path / "rasd.sqlite")
    lock.hold(url, pid=1, host="here").release()
    lock.hold(url, pid=1, host="here").release()
    who = owner.st_uid, owner.st_gid
    assert given == [(tmp_path / name, *who) for name in ("rasd.sqlite", "rasd.sqlite.lock")]
