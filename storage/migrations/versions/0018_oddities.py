"""What is strange about a page is remembered with its article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0005"


def upgrade() -> None:
    """One column; of what was kept before, nothing strange is known (``rasd reread`` finds it)."""
    op.add_column("articles", sa.Column("oddities", sa.JSON(), nullable=False, server_default="[]"))
