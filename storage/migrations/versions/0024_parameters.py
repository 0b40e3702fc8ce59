"""Articles of one headline are found, and what was learned of a source's parameters is remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """A column, an index and a table; of articles stored before, none is compared."""
    op.add_column("articles", sa.Column("headline_key", sa.BigInteger(), nullable=True))
    op.create_index("ix_articles_headline_key", "articles", ["headline_key"])
    op.create_table(
        "parameters",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("learned_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", name=op.f("pk_parameters")),
    )
