"""When a daemon began, ticked last and ended: what tells one at work from one that vanished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """One table; of daemons before, nothing is known."""
    op.create_table(
        "daemon_runs",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("ticked_at", Moment(timezone=True), nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daemon_runs")),
    )
