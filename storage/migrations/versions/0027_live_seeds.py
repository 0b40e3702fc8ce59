"""Seeds that change under a running daemon: the last good ones, rematches under way, polls asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Three tables, empty: the next start of the daemon fills the first two."""
    op.create_table(
        "seed_sets",
        sa.Column("id", Id, nullable=False, autoincrement=True),
        sa.Column("saved_at", Moment(timezone=True), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_sets")),
    )
    op.create_table(
        "rematches",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("after_id", Id, nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("began_at", Moment(timezone=True), nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_rematches")),
    )
    op.create_table(
        "poll_requests",
        sa.Column("id", Id, nullable=False, autoincrement=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("asked_at", Moment(timezone=True), nullable=False),
        sa.Column("taken_at", Moment(timezone=True), nullable=True),
        sa.Column("answered_at", Moment(timezone=True), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_requests")),
    )
