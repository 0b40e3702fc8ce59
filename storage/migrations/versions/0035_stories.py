"""Stories: which articles are copies of one text and tell one story, and the keys that find them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id, Moment

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Four tables; articles stored before are placed by the daemon or ``rasd rematch``."""
    op.create_table(
        "stories",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.Column("joined_to", Id, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.ForeignKeyConstraint(
            ["joined_to"], ["stories.id"], name=op.f("fk_stories_joined_to_stories")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_members",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("text_id", Id, nullable=False),
        sa.Column("story_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_members")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_story_members_{column}_{table}")
            )
            for column, table in (
                ("article_id", "articles"),
                ("text_id", "stories"),
                ("story_id", "stories"),
            )
        ),
    )
    op.create_index("ix_story_members_text_id", "story_members", ["text_id"])
    op.create_index("ix_story_members_story_id", "story_members", ["story_id"])
    op.create_table(
        "copy_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_copy_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_progress",
        sa.Column("until_id", Id, autoincrement=False, nullable=False),
        sa.Column("after_id", Id, nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("until_id", name=op.f("pk_story_progress")),
    )
    op.execute(
        "INSERT INTO story_progress (until_id, after_id) "
        "SELECT max(id), 0 FROM articles HAVING max(id) IS NOT NULL"
    )
