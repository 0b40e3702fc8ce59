"""A match knows its themes, its actors, and which labels it only just missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"


def upgrade() -> None:
    """Matches made before have none of the three; a rematch fills them in."""
    for name in ("themes", "actors", "doubtful"):
        column = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column("matches", column)
