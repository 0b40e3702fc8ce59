"""What each saved search found when it was checked, and which articles were changed since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Two empty tables: of changes before, nothing is known, and nothing was checked."""
    op.create_table(
        "article_changes",
        sa.Column("article_id", Id, autoincrement=False, nullable=False),
        sa.Column("change", Id, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_changes")),
    )
    op.create_index(op.f("ix_article_changes_change"), "article_changes", ["change"])
    op.create_table(
        "saved_answers",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("concepts", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("last_article", Id, nullable=False),
        sa.Column("last_change", Id, nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("rasd", sa.Text(), nullable=False),
        sa.Column("checked_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_saved_answers")),
    )
