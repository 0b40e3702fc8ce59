"""Which reader found an article's body, and the templates learned of sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Articles kept before this were all read by trafilatura; no template was known."""
    op.add_column(
        "articles",
        sa.Column("reader", sa.String(), nullable=False, server_default="trafilatura"),
    )
    op.create_table(
        "templates",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("learned_at", Moment(timezone=True), nullable=False),
        sa.Column("retired_at", Moment(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source", "version", name=op.f("pk_templates")),
    )
