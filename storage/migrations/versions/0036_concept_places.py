"""The places of concepts in articles, and how far each concept is indexed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Three tables, empty: the daemon indexes what is stored, or ``rasd rematch`` does."""
    op.create_table(
        "indexed_concepts",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("after_id", Id, nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("seeds", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indexed_concepts")),
        sa.UniqueConstraint("name", name=op.f("uq_indexed_concepts_name")),
    )
    op.create_table(
        "indexed_sources",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_indexed_sources")),
    )
    op.create_table(
        "concept_places",
        sa.Column("concept", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sentences", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("concept", "rank", name=op.f("pk_concept_places")),
        sqlite_with_rowid=False,
    )
