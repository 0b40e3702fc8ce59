"""Which backups were made, whether they could be restored, and whether mail is on hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Two tables; of backups made before, nothing is known."""
    op.create_table(
        "backups",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("checked_at", Moment(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_table(
        "mail_holds",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("since_at", Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_holds")),
    )
