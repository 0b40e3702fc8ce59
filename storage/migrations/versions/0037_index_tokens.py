"""The full-text index holds exact tokens with their places, and the texts beside it compressed.

Words and phrases are decided by such an index, and queries judged by the texts, without reading or
folding an article. The texts of the index before can't be made into these: what they leave out is
what decides. So the index begins empty, and is made of the articles: at once in a small archive,
else beside the daemon's work.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Another index, still empty, and two tables."""
    op.execute("DROP TABLE IF EXISTS article_text")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_text USING fts5"
            "(headline, body, tokenize='ascii', content='')"
        )
        op.execute("INSERT INTO article_text (article_text, rank) VALUES ('automerge', 8)")
    else:
        op.execute("CREATE TABLE article_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_article_text_words ON article_text USING GIN (words)")
    op.create_table(
        "article_shadows",
        sa.Column("rank", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shadow", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("rank", name=op.f("pk_article_shadows")),
    )
    op.create_table(
        "index_states",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("below", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_index_states")),
    )
