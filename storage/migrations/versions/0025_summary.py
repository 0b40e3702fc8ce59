"""What description and feed say of an article, where its page does not show it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """One column; of what was kept before, no such text is known (``rasd reread`` finds it)."""
    op.add_column("articles", sa.Column("summary", sa.Text(), nullable=False, server_default=""))
