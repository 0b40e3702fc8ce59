"""What a feed shows later at a known address is a sighting of its own, which names the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """One column and two indexes; what was sighted before is the first of its address."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("sightings") as sightings:
        sightings.add_column(sa.Column("again_of", number, nullable=True))
        sightings.create_foreign_key("fk_sightings_again_of", "sightings", ["again_of"], ["id"])
    op.drop_index("ix_sightings_source_first_seen_at", "sightings")
    op.create_index(
        "ix_sightings_source_first_seen_at", "sightings", ["source", "first_seen_at", "again_of"]
    )
    op.create_index("ix_sightings_again_of", "sightings", ["again_of"])
