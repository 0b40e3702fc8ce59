"""The lines of a label's scorecard that hold, with their points; none are known of older matches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """One column of ``matches``."""
    op.add_column("matches", sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))
