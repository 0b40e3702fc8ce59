"""The archive's schema, version by version, by Alembic without an ini file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Engine

from crawler.errors import ArchiveError
from storage.engine import read_connection


def configuration() -> Config:
    """Alembic's configuration: the scripts stand beside this file, wherever that is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; at the newest, one read. ArchiveError if it is newer."""
    config = configuration()
    scripts = ScriptDirectory.from_config(config)
    with read_connection(engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ArchiveError(
                f"the archive is of version {current!r}, which this rasd does not know; upgrade rasd"
            ) from error
