"""Themes and actors of matches in tables of their own, and an index of what is counted of articles.

All of it is made of what is stored: the JSON lists of ``matches``, and columns of ``articles``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Id

revision = "0033"
down_revision = "0032"

_THEMES = {
    "sqlite": "SELECT DISTINCT m.article_id, m.topic, e.value FROM matches AS m, "
    "json_each(m.themes) AS e",
    "postgresql": "SELECT DISTINCT m.article_id, m.topic, e.value #>> '{}' FROM matches AS m "
    "CROSS JOIN LATERAL json_array_elements(m.themes) AS e(value)",
}
_ACTORS = {
    "sqlite": "SELECT DISTINCT m.article_id, m.topic, json_extract(e.value, '$.name'), "
    "json_extract(e.value, '$.role'), json_extract(e.value, '$.side') FROM matches AS m, "
    "json_each(m.actors) AS e",
    "postgresql": "SELECT DISTINCT m.article_id, m.topic, e.value ->> 'name', e.value ->> 'role', "
    "e.value ->> 'side' FROM matches AS m "
    "CROSS JOIN LATERAL json_array_elements(m.actors) AS e(value)",
}
"""Database → what stored matches say, a row each."""


def upgrade() -> None:
    """Two tables, filled, and an index."""
    _create("match_themes", {"theme": sa.String()})
    op.create_index("ix_match_themes_theme", "match_themes", ["theme", "topic", "article_id"])
    _create("match_actors", {"name": sa.Text(), "role": sa.Text(), "side": sa.String()})
    for name in ("name", "side"):
        op.create_index(f"ix_match_actors_{name}", "match_actors", [name, "article_id"])
    database = op.get_bind().dialect.name
    op.execute(sa.text(f"INSERT INTO match_themes (article_id, topic, theme) {_THEMES[database]}"))
    op.execute(
        sa.text(
            f"INSERT INTO match_actors (article_id, topic, name, role, side) {_ACTORS[database]}"
        )
    )
    op.create_index(
        "ix_articles_rank_facets", "articles", ["rank", "source", "language", "id"], unique=False
    )


def _create(name: str, parts: dict[str, sa.types.TypeEngine[str]]) -> None:
    op.create_table(
        name,
        sa.Column("article_id", Id, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        *(sa.Column(column, kind, nullable=False) for column, kind in parts.items()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f(f"fk_{name}_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "topic", *parts, name=op.f(f"pk_{name}")),
    )
