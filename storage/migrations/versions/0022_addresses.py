"""An address is sighted once for each source, and an article knows which address it claims.

Until now one source's feed made an address known to all. Articles keep the identity that they
have: of what was stored before, no claim is known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """One column and two indexes; SQLite copies the sightings: a second for 100,000."""
    op.add_column("articles", sa.Column("claimed_key", sa.Text(), nullable=True))
    op.create_index("ix_articles_claimed_key", "articles", ["claimed_key"])
    with op.batch_alter_table("sightings") as sightings:
        sightings.drop_constraint("uq_sightings_url_key", type_="unique")
        sightings.create_unique_constraint("uq_sightings_source_url_key", ["source", "url_key"])
