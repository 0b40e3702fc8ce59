"""The first schema: everything from a feed's state to the outbox, and the full-text table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing to the first version."""
    op.create_table(
        "articles",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("published_at", Moment(timezone=True), nullable=True),
        sa.Column("published_source", sa.String(), nullable=True),
        sa.Column("published_confidence", sa.Float(), nullable=True),
        sa.Column("published_printed", sa.Text(), nullable=True),
        sa.Column("published_has_time", sa.Boolean(), nullable=True),
        sa.Column("modified_at", Moment(timezone=True), nullable=True),
        sa.Column("first_seen_at", Moment(timezone=True), nullable=False),
        sa.Column("kept_at", Moment(timezone=True), nullable=False),
        sa.Column("extraction", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("rank", name=op.f("uq_articles_rank")),
        sa.UniqueConstraint("url_key", name=op.f("uq_articles_url_key")),
    )
    op.create_index("ix_articles_kept_at", "articles", ["kept_at"], unique=False)
    op.create_index("ix_articles_source", "articles", ["source"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("last_poll_at", Moment(timezone=True), nullable=True),
        sa.Column("last_success_at", Moment(timezone=True), nullable=True),
        sa.Column("next_poll_at", Moment(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source", "feed", name=op.f("pk_feeds")),
    )
    op.create_table(
        "issues",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("until", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint(
            "recipe", "address", "slot", name=op.f("uq_issues_recipe_address_slot")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Moment(timezone=True), nullable=True),
        sa.Column("closed_at", Moment(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_state_next_try_at", "outbox", ["state", "next_try_at"], unique=False)
    op.create_table(
        "polls",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("retried", sa.Integer(), nullable=False),
        sa.Column("overflow", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_source_started_at", "polls", ["source", "started_at"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("recipe", "address", name=op.f("uq_subscriptions_recipe_address")),
    )
    op.create_table(
        "issue_articles",
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_issue_articles_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_articles_issue_id")
        ),
        sa.PrimaryKeyConstraint("issue_id", "article_id", name=op.f("pk_issue_articles")),
    )
    op.create_table(
        "match_labels",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_match_labels_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "topic", "label", name=op.f("pk_match_labels")),
    )
    op.create_index("ix_match_labels_topic_label", "match_labels", ["topic", "label"], unique=False)
    op.create_table(
        "matches",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("score", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("taken_away", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_matches_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "topic", name=op.f("pk_matches")),
    )
    op.create_table(
        "sightings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", Moment(timezone=True), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Moment(timezone=True), nullable=True),
        sa.Column("settled_at", Moment(timezone=True), nullable=True),
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_sightings_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.UniqueConstraint("url_key", name=op.f("uq_sightings_url_key")),
    )
    op.create_index(
        "ix_sightings_source_feed_fate", "sightings", ["source", "feed", "fate"], unique=False
    )
    op.create_table(
        "snapshots",
        sa.Column(
            "sighting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", Moment(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sighting_id"], ["sightings.id"], name=op.f("fk_snapshots_sighting_id")
        ),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_snapshots")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_text USING fts5(headline, body, tokenize='unicode61')"
        )
        return
    op.execute(
        "CREATE TABLE article_text (rowid BIGINT PRIMARY KEY, headline TEXT NOT NULL, body TEXT NOT NULL, "
        "words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', headline || ' ' || body)) STORED)"
    )
    op.execute("CREATE INDEX ix_article_text_words ON article_text USING GIN (words)")
