"""The archive's tables, defined once for SQLite and PostgreSQL; ``migrations`` creates them.

Times are UTC; a naive datetime is refused. The full-text table is not defined here: it is FTS5 on
SQLite and a tsvector on PostgreSQL (see ``migrations.versions`` and ``text_index``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time: an aware UTC datetime, in whatever form the database stores it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value as the database stores it. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime has no place in the archive: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored value as an aware UTC datetime; None if it is NULL."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys by itself


def _id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


feeds = Table(
    "feeds",
    metadata,
    Column("source", String, primary_key=True),
    Column("feed", String, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_poll_at", Moment),
    Column("last_success_at", Moment),
    Column("next_poll_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("last_outcome", String),
    Column("reason", String, nullable=False, server_default=""),  # of the last poll, as in polls
    Column("detail", Text, nullable=False, server_default=""),
    Column("notes", JSON, nullable=False, server_default="[]"),
    Column("first_success_at", Moment),
    Column("full_at", Moment),
    Column("interval_seconds", Integer),
    Column("window_seconds", Integer),
    Column("per_hour", Float),
    Column("quiet_polls", Integer, nullable=False, server_default="0"),
    Column("weight", Float, nullable=False, server_default="0"),
    Column("entries", Integer, nullable=False, server_default="0"),
    Column("unusable", Integer, nullable=False, server_default="0"),
    Column("body_sha256", String),
    Column("lied_at", Moment),
    Index("ix_feeds_next_poll_at", "next_poll_at"),
)

gaps = Table(
    "gaps",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("from_at", Moment, nullable=False),
    Column("to_at", Moment, nullable=False),
    Column("reason", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String),
    Column("found", Integer, nullable=False),
    Column("missing_at_least", Integer, nullable=False),
    Column("missing_estimate", Integer),
    Column("estimate_low", Integer),
    Column("estimate_high", Integer),
    UniqueConstraint("source", "feed", "from_at"),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    Column("source", String, nullable=False),  # "" is ourselves
    Column("kind", String, nullable=False),
    Column("proof", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index("ix_findings_closed_at", "closed_at"),
)

canaries = Table(
    "canaries",
    metadata,
    Column("language", String, primary_key=True),
    Column("sent_at", Moment, nullable=False),
    Column("heard_at", Moment),  # the last that came the whole way
    Column("detail", Text, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", String, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in (
            "seen", "known", "new", "queued", "kept", "rejected", "failed", "quarantined", "gone",
            "flagged", "retried",
        )
    ),
    Column("entries", Integer, nullable=False, server_default="0"),
    Column("unusable", Integer, nullable=False, server_default="0"),
    Column("overflow", Boolean, nullable=False),
    Column("reason", String, nullable=False, server_default=""),  # model.Reason; "" if all is well
    Column("detail", Text, nullable=False),  # for people
    Column("notes", JSON, nullable=False, server_default="[]"),  # [[reason, detail], …]
    Index("ix_polls_source_started_at", "source", "started_at"),
)  # fmt: skip

articles = Table(
    "articles",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("url_key", Text, nullable=False, unique=True),
    Column("claimed_key", Text),  # of the canonical address, where that is another
    Column("headline_key", BigInteger),  # of source and headline; null: stored before 0024
    Column("headline", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("summary", Text, nullable=False, server_default=""),
    Column("language", String, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("section", Text),
    Column("image", Text),
    Column("published_at", Moment),
    Column("published_source", String),
    Column("published_confidence", Float),
    Column("published_printed", Text),
    Column("published_has_time", Boolean),
    Column("modified_at", Moment),
    Column("first_seen_at", Moment, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("extraction", String, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("rank", BigInteger, nullable=False, unique=True),
    Column("reader", String, nullable=False, server_default="trafilatura"),
    Column("oddities", JSON, nullable=False, server_default="[]"),
    Index("ix_articles_source", "source"),
    Index("ix_articles_kept_at", "kept_at"),
    Index("ix_articles_claimed_key", "claimed_key"),
    Index("ix_articles_headline_key", "headline_key"),
    # All that is counted of an article's row: facets of a month read no text.
    Index("ix_articles_rank_facets", "rank", "source", "language", "id"),
)

templates = Table(
    "templates",
    metadata,
    Column("source", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("places", JSON, nullable=False),  # the Template's fields
    Column("learned_at", Moment, nullable=False),
    Column("retired_at", Moment),  # when its source's pages had drifted away from it …
    Column("reason", Text, nullable=False, server_default=""),  # … and how that showed
)

sightings = Table(
    "sightings",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    Column("guid", Text),
    Column("entry", JSON, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("fate", String, nullable=False),
    Column("reason", Text, nullable=False),  # model.Reason; "" for what is kept or queued
    Column("detail", Text, nullable=False, server_default=""),  # for people
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("settled_at", Moment),
    Column("article_id", ForeignKey("articles.id")),
    Column("again_of", ForeignKey("sightings.id")),  # the address's first; null: this is the first
    UniqueConstraint("source", "url_key"),
    Index("ix_sightings_guid", "guid"),
    Index("ix_sightings_source_feed_fate", "source", "feed", "fate"),
    Index("ix_sightings_fate_next_try_at", "fate", "next_try_at"),
    Index("ix_sightings_source_first_seen_at", "source", "first_seen_at", "again_of"),
    Index("ix_sightings_again_of", "again_of"),
)

parameters = Table(
    "parameters",
    metadata,
    Column("source", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("learned_at", Moment, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("sighting_id", ForeignKey("sightings.id"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zstd, with its own checksum
    Column("size", Integer, nullable=False),  # bytes, before compression
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("score", JSON, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("taken_away", JSON, nullable=False),
    Column("themes", JSON, nullable=False, server_default="[]"),
    Column("actors", JSON, nullable=False, server_default="[]"),
    Column("doubtful", JSON, nullable=False, server_default="[]"),
    Column("evidence", JSON, nullable=False, server_default="[]"),
)

match_labels = Table(
    "match_labels",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("label", String, primary_key=True),
    Column("place", Integer, nullable=False),  # the label's order within its topic
    Column("score", Float, nullable=False),
    Index("ix_match_labels_topic_label", "topic", "label"),
)

match_themes = Table(
    "match_themes",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("theme", String, primary_key=True),
    Index("ix_match_themes_theme", "theme", "topic", "article_id"),
)

match_actors = Table(
    "match_actors",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("name", Text, primary_key=True),  # as the lexicon has it
    Column("role", Text, primary_key=True),
    Column("side", String, primary_key=True),
    Index("ix_match_actors_name", "name", "article_id"),
    Index("ix_match_actors_side", "side", "article_id"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("opened_at", Moment, nullable=False),
    Column("joined_to", ForeignKey("stories.id")),  # the story that it is part of; null: none
    sqlite_autoincrement=True,  # no number is given twice: people write them down
)

story_members = Table(
    "story_members",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("text_id", ForeignKey("stories.id"), nullable=False),  # copies of one wording have one
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Index("ix_story_members_text_id", "text_id"),
    Index("ix_story_members_story_id", "story_id"),
)

copy_keys = Table(
    "copy_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

story_progress = Table(
    "story_progress",
    metadata,
    Column("until_id", Id, primary_key=True, autoincrement=False),  # articles up to this one …
    Column("after_id", Id, nullable=False),  # … are placed up to this one
    Column("ended_at", Moment),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    Column("recipe", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("recipe", "address"),
)

issues = Table(
    "issues",
    metadata,
    _id(),
    Column("recipe", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("slot", String, nullable=False),
    Column("until", Moment, nullable=False),
    Column("newest_doubtful_id", BigInteger),  # of the articles on watch lists up to this issue
    UniqueConstraint("recipe", "address", "slot"),
)

issue_articles = Table(
    "issue_articles",
    metadata,
    Column("issue_id", ForeignKey("issues.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("closed_at", Moment),
    Column("detail", Text, nullable=False),
    Column("fault", String, nullable=False, server_default=""),  # of the last attempt
    Column("claimed_by", Text, nullable=False, server_default=""),  # who delivers it, or did last …
    Column("claimed_at", Moment),  # … since when
    Column("queued_at", Moment),  # when it was queued again by hand; null: when it was made
    Column("unknowns", Integer, nullable=False, server_default="0"),  # attempts of that outcome
    Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
)

probes = Table(
    "probes",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("feed", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("probed_at", Moment, nullable=False),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("format", String, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("dated", Integer, nullable=False),
    Column("newest_at", Moment),
    Column("window_seconds", Integer),
    Column("moved_to", Text),
    Column("reason", String, nullable=False, server_default=""),  # model.Reason
    Column("detail", Text, nullable=False),
    Column("suggestions", JSON, nullable=False),
    Index("ix_probes_source_feed", "source", "feed"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _id(),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("topic", String, nullable=False),
    Column("label", String, nullable=False),
    Column("verdict", String, nullable=False),  # relevant, not, missed
    Column("said_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("version", String, nullable=False),  # of the topic's match when it was judged; "": none
    Column("said_at", Moment, nullable=False),
    Index("ix_verdicts_article_id", "article_id"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String, primary_key=True),
    Column("not_before_at", Moment, nullable=False),  # Retry-After, clamped
    Column("reason", Text, nullable=False),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True),  # scheme://host[:port]
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # at most 500 KiB
)

seed_sets = Table(
    "seed_sets",
    metadata,
    _id(),
    Column("saved_at", Moment, nullable=False),
    Column("files", LargeBinary, nullable=False),  # zlib of JSON: path in the folder → text
)

rematches = Table(
    "rematches",
    metadata,
    Column("topic", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("after_id", Id, nullable=False),  # articles up to this one are judged by the version
    Column("changed", Integer, nullable=False),  # articles that got other labels
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

indexed_concepts = Table(
    "indexed_concepts",
    metadata,
    _id(),
    Column("name", String, nullable=False, unique=True),
    Column("version", String, nullable=False),  # "": no longer in the lexicon
    Column("after_id", Id, nullable=False),  # articles up to this one have their places …
    Column("ended_at", Moment),  # … and since then all have, also those kept later
    Column("seeds", String, nullable=False),  # digest of the files that it was planned for
)

indexed_sources = Table(
    "indexed_sources",
    metadata,
    Column("source", String, primary_key=True),
    Column("country", String, nullable=False),  # by which its articles' concepts were found
)

concept_places = Table(
    "concept_places",
    metadata,
    Column("concept", Integer, primary_key=True, autoincrement=False),  # of indexed_concepts
    Column("rank", BigInteger, primary_key=True, autoincrement=False),  # of the article
    Column("sentences", BigInteger, nullable=False),  # as bits, see ConceptPlaces
    Column("places", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

poll_requests = Table(
    "poll_requests",
    metadata,
    _id(),
    Column("sources", JSON, nullable=False),  # slugs; none: all
    Column("asked_at", Moment, nullable=False),
    Column("taken_at", Moment),  # by the daemon
    Column("answered_at", Moment),
    Column("answer", JSON, nullable=False),  # {"polls": [facts of a log line], "refusal": text}
)

backups = Table(
    "backups",
    metadata,
    _id(),
    Column("folder", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("articles", Integer, nullable=False),
    Column("checked_at", Moment),  # when it was last restored as a test
    Column("failure", Text, nullable=False, server_default=""),  # why that failed; "": it did not
)

mail_holds = Table(
    "mail_holds",
    metadata,
    _id(),
    Column("since_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)

daemon_runs = Table(
    "daemon_runs",
    metadata,
    _id(),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ticked_at", Moment, nullable=False),  # at most once a minute
    Column("ended_at", Moment),  # null: at work, or gone without a word
    Column("exit_code", Integer),
)

article_changes = Table(
    "article_changes",
    metadata,
    Column("article_id", Id, primary_key=True, autoincrement=False),
    Column("change", Id, nullable=False, index=True),  # the latest of this article; they ascend
)

saved_answers = Table(
    "saved_answers",
    metadata,
    Column("slug", String, primary_key=True),
    Column("query", Text, nullable=False),
    Column("concepts", JSON, nullable=False),  # name → hash
    Column("countries", JSON, nullable=False),  # source → country
    Column("last_article", Id, nullable=False),
    Column("last_change", Id, nullable=False),
    Column("ids", LargeBinary, nullable=False),  # of the articles found, packed
    Column("rasd", Text, nullable=False),  # the version that searched
    Column("checked_at", Moment, nullable=False),
)

article_shadows = Table(
    "article_shadows",
    metadata,
    Column("rank", BigInteger, primary_key=True, autoincrement=False),  # the article's
    Column("shadow", LargeBinary, nullable=False),  # its texts in the full-text index; zstd
)

index_states = Table(
    "index_states",
    metadata,
    Column("name", Text, primary_key=True),  # article_text
    Column("version", Integer, nullable=False),  # of the rules by which its words are written
    Column("is_whole", Boolean, nullable=False),
    Column("below", BigInteger),  # while it is made: articles from this rank on are in it
)
