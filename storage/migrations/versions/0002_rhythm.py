"""A feed's rhythm, gaps, findings and the canary."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what the crawl must remember between two polls."""
    for column in (
        sa.Column("first_success_at", Moment(timezone=True)),
        sa.Column("full_at", Moment(timezone=True)),
        sa.Column("interval_seconds", sa.Integer()),
        sa.Column("window_seconds", sa.Integer()),
        sa.Column("per_hour", sa.Float()),
        sa.Column("quiet_polls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("weight", sa.Float(), nullable=False, server_default="0"),
        sa.Column("entries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("body_sha256", sa.String()),
        sa.Column("lied_at", Moment(timezone=True)),
    ):
        op.add_column("feeds", column)
    op.create_index("ix_feeds_next_poll_at", "feeds", ["next_poll_at"])
    op.create_index("ix_sightings_source_first_seen_at", "sightings", ["source", "first_seen_at"])
    op.create_index("ix_sightings_fate_next_try_at", "sightings", ["fate", "next_try_at"])
    _create_gaps()
    op.create_table(
        "findings",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.Column("closed_at", Moment(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_closed_at", "findings", ["closed_at"])
    op.create_table(
        "canaries",
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sent_at", Moment(timezone=True), nullable=False),
        sa.Column("heard_at", Moment(timezone=True)),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_canaries")),
    )


def _create_gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("from_at", Moment(timezone=True), nullable=False),
        sa.Column("to_at", Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.Column("closed_at", Moment(timezone=True)),
        sa.Column("closed_by", sa.String()),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("missing_at_least", sa.Integer(), nullable=False),
        sa.Column("missing_estimate", sa.Integer()),
        sa.Column("estimate_low", sa.Integer()),
        sa.Column("estimate_high", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint("source", "feed", "from_at", name=op.f("uq_gaps_source_feed_from_at")),
    )
