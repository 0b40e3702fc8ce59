"""Whose fault a mail's delay is, who delivers it, since when; up to where a watch list looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Columns of the outbox; of mails that were queued before, no claim and no fault is known."""
    for column in (
        sa.Column("fault", sa.String(), nullable=False, server_default=""),
        sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("claimed_at", Moment(timezone=True), nullable=True),
        sa.Column("queued_at", Moment(timezone=True), nullable=True),
        sa.Column("unknowns", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("outbox", column)
    op.add_column("issues", sa.Column("newest_doubtful_id", sa.BigInteger(), nullable=True))
