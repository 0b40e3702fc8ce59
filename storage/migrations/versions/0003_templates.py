"""Which reader found an article's body."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Articles kept before this were all read by trafilatura."""
    op.add_column(
        "articles",
        sa.Column("reader", sa.String(), nullable=False, server_default="trafilatura"),
    )
