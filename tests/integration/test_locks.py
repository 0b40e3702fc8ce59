"""The archive's lock: lost while its holder lives, reached by another path, left with a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.errors import LockHeldError
from storage import lock
from storage.engine import connect


def test_a_lock_reached_by_a_link_is_the_same(tmp_path: Path) -> None:
    """Two paths to one archive are one archive."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "rasd.sqlite").touch()
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "real" / "rasd.sqlite")
    held = lock.hold(f"sqlite:///{tmp_path}/real/rasd.sqlite", pid=1, host="a")
    with pytest.raises(LockHeldError, match="pid 1 on a"):
        lock.hold(f"sqlite:///{tmp_path}/link.sqlite", pid=2, host="b")
    held.release()


def test_a_lock_whose_file_is_gone_is_taken_again_or_lost(tmp_path: Path) -> None:
    """If no one took it meanwhile, it is as if nothing was; else its holder must not write."""
    url = f"sqlite:///{tmp_path}/rasd.sqlite"
    first = lock.hold(url, pid=1, host="a")
    (tmp_path / "rasd.sqlite.lock").unlink()
    first.require()
    with pytest.raises(LockHeldError, match="pid 1 on a"):
        lock.hold(url, pid=2, host="b")
    (tmp_path / "rasd.sqlite.lock").unlink()
    second = lock.hold(url, pid=2, host="b")
    with pytest.raises(LockHeldError, match="pid 2 on b"):
        first.require()
    second.release()
    first.require()
    first.release()


def test_a_lock_whose_connection_ended_is_taken_again_or_lost(archive_url: str) -> None:
    """PostgreSQL frees it with its connection, which an administrator may end, or a failover."""
    if archive_url.startswith("sqlite"):
        pytest.skip("of PostgreSQL only")
    first = lock.hold(archive_url, pid=1, host="a")
    _end_sessions(archive_url)
    first.require()
    with pytest.raises(LockHeldError, match="pid 1 on a"):
        lock.hold(archive_url, pid=2, host="b")
    _end_sessions(archive_url)
    second = lock.hold(archive_url, pid=2, host="b")
    with pytest.raises(LockHeldError, match="pid 2 on b"):
        first.require()
    second.release()
    first.require()
    first.release()


def test_a_word_is_left_while_the_lock_is_held(tmp_path: Path) -> None:
    """For processes that can't ask the archive itself; it ends with its holder."""
    url = f"sqlite:///{tmp_path}/rasd.sqlite"
    assert lock.trouble_of(url) == ""
    held = lock.hold(url, pid=1, host="a")
    assert lock.trouble_of(url) == ""
    held.note("full since noon: no space left")
    assert lock.trouble_of(url) == "full since noon: no space left"
    with pytest.raises(LockHeldError, match="held by pid 1 on a; stop"):
        lock.hold(url, pid=2, host="b")
    (tmp_path / "rasd.sqlite.lock").unlink()
    held.require()
    assert lock.trouble_of(url) == "full since noon: no space left"
    held.note("")
    assert lock.trouble_of(url) == ""
    held.note("full")
    held.release()
    assert lock.trouble_of(url) == ""


def _end_sessions(url: str) -> None:
    engine = connect(url)
    with engine.connect() as c:
        c.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
