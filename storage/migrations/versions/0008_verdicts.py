"""What analysts say of verdicts, one row each time they say it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Append-only: the newest row of an article, topic and label is what counts."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "verdicts",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("article_id", number, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("said_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_verdicts_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_article_id", "verdicts", ["article_id"], unique=False)
