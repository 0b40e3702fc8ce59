"""The views of the archive, as those see them who open it with other tools: without rasd."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from crawler import urls
from crawler.errors import ArchiveError
from crawler.exports.record import article_record
from crawler.exports.rows import JsonRow
from crawler.model import FeedState, Gap, HeldEvidence, Match, Mention, Reading
from storage import migrations, self_check, tables, views
from storage.archive import SqlArchive, open_archive
from storage.backups import making, restoring
from tests import archives
from tests.archives import earlier
from tests.builders import NOW, a_date, a_page, a_reading, an_entry, save_article
from tests.howto import python_blocks
from tests.integration.test_archive import FEED, a_poll, sight
from tests.places import PROJECT

BODY = "Rain fell.\n\nThe river rose by a metre; 𝄞 نهر دجلة فاض. It fell again."
AT = BODY.index("نهر")
RIVER = Mention(field="body", start=AT, end=AT + 3, concept="water", term="نهر", text="نهر")
HEAD = Mention(field="headline", start=0, end=4, concept="dams", term="dam", text="Dams")
ROSE = HeldEvidence(label="floods", name="a river", points=12, field="body", start=AT, end=AT + 3)
ABSENT = HeldEvidence(label="floods", name="no drought", points=-3)
WATER = Match(
    topic="water",
    version="v1",
    labels=("general", "floods"),
    score={"general": 0.9, "floods": 0.75, 'odd "label"': 0.4},
    mentions=(HEAD, RIVER),
    doubtful=('odd "label"',),
    evidence=(ROSE, ABSENT),
)
POLICE = Match(
    topic="police", version="v2", labels=("floods",), score={"floods": 0.8}, mentions=(HEAD,)
)


def fill(archive: SqlArchive) -> None:
    """Three articles: two topics, one topic, none; a poll, a gap, a finding."""
    whole: dict[str, Any] = {
        "headline": "Dams are full", "authors": ("B", "سعاد"), "section": "Weather",
        "published": replace(a_date(), at=NOW.replace(second=59, microsecond=999_900)),
        "modified_at": NOW + timedelta(hours=1), "summary": "A summary.", "image": "http://i/",
        "oddities": ("truncated",), "language": "ar",
    }  # fmt: skip
    readings: list[Reading] = [
        replace(a_reading(BODY, url="http://news.test/a", **whole), matches=(POLICE, WATER)),
        replace(a_reading(BODY, url="http://news.test/b"), matches=(replace(WATER, doubtful=()),)),
        a_reading("Nothing.", url="http://news.test/c", source="other"),
    ]
    for path, reading in zip(("/a", "/b", "/c"), readings, strict=True):
        (sighting,) = sight(archive, path)
        save_article(archive, sighting, a_page("<p>Words.</p>"), reading)
    ended = NOW + timedelta(seconds=2, milliseconds=340)
    poll = a_poll(outcome="new", entries=3, seen=3, new=3, kept=3, ended_at=ended)
    state = FeedState(
        source="news", feed=FEED, last_poll_at=ended, last_success_at=ended, last_outcome="new"
    )
    archive.close_poll(poll, state)
    gap = Gap(source="news", feed=FEED, from_at=NOW, to_at=ended, reason="overlap", opened_at=ended)
    entry = an_entry("/d")
    archive.record_entries("news", FEED, [(urls.key(entry.url), entry)], NOW, gap=gap)


def select(url: str, query: str) -> list[JsonRow]:
    """The rows of a query by the database's own driver: ``sqlite3``, read-only, or psycopg."""
    if url.startswith("sqlite"):
        uri = f"file:{url.removeprefix('sqlite:///')}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as c:
            c.row_factory = sqlite3.Row
            return [dict(row) for row in c.execute(query)]
    import psycopg
    from psycopg.rows import dict_row

    with psycopg.connect(url, row_factory=dict_row) as server:
        return [_as_sqlite(row) for row in server.execute(query.encode()).fetchall()]


def _as_sqlite(row: JsonRow) -> JsonRow:
    """PostgreSQL has types for times and lists, where SQLite has texts."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="seconds")
        return json.dumps(value) if isinstance(value, list) else value

    return {name: plain(value) for name, value in row.items()}


@pytest.fixture
def url(archive_url: str) -> str:
    """A filled archive on each database, closed."""
    with closing(open_archive(archive_url)) as archive:
        fill(archive)
    return archive_url


def records(url: str) -> list[JsonRow]:
    """The archive's articles as JSON has them, by id."""
    with closing(open_archive(url)) as archive:
        return [article_record(archive.article(number)).row() for number in (1, 2, 3)]


def test_an_articles_row_is_its_record(url: str) -> None:
    """Every column has the name and the value that the record has; lists are JSON."""
    found = select(url, "SELECT * FROM v_articles ORDER BY id")
    for row, record in zip(found, records(url), strict=True):
        for name in ("authors", "oddities", "labels"):
            row[name] = json.loads(row[name])
        if row["published_has_time"] is not None:
            row["published_has_time"] = bool(row["published_has_time"])
        score = max((record["score"][label] for label in record["labels"]), default=None)
        assert row.pop("top_score") == score
        assert row == {name: record[name] for name in row}
        assert record.keys() - row.keys() == {
            "country", "doubtful", "score", "themes", "actors", "evidence", "sentence", "matches",
            "mentions",
        }  # fmt: skip


def test_labels_and_doubts_are_rows(url: str) -> None:
    """One for each label of each topic, with the article's heading and date."""
    labels = select(url, "SELECT * FROM v_labels ORDER BY article_id, topic, label")
    expected = [
        (record["id"], match["topic"], label, match["score"][label], match["version"])
        for record in records(url)
        for match in record["matches"]
        for label in sorted(match["labels"])
    ]
    columns = ("article_id", "topic", "label", "score", "version")
    assert [tuple(row[name] for name in columns) for row in labels] == expected
    (doubt,) = select(url, "SELECT * FROM v_doubtful")
    assert (doubt["label"], doubt["score"]) == ('odd "label"', 0.4)
    record = records(url)[0]
    for row in (doubt, labels[0]):
        assert {k: row[k] for k in ("headline", "url", "source", "published_at")} == {
            k: record[k] for k in ("headline", "url", "source", "published_at")
        }


def test_proof_is_shown_in_its_place(url: str) -> None:
    """Mentions and evidence with their words and what stands around, in characters of the text."""
    mentions = select(url, "SELECT * FROM v_mentions WHERE article_id = 1 ORDER BY topic, starts")
    assert [(m["topic"], m["field"], m["starts"], m["ends"], m["words"]) for m in mentions] == [
        ("police", "headline", 0, 4, "Dams"),
        ("water", "headline", 0, 4, "Dams"),
        ("water", "body", AT, AT + 3, "نهر"),
    ]
    assert [m["excerpt"] for m in mentions] == ["Dams are full", "Dams are full", BODY]
    held, absent = select(url, "SELECT * FROM v_evidence WHERE article_id = 1 ORDER BY points DESC")
    assert (held["label"], held["name"], held["points"]) == ("floods", "a river", 12)
    assert BODY[held["starts"] : held["ends"]] == "نهر" and held["excerpt"] == BODY
    assert (absent["points"], absent["field"], absent["starts"], absent["excerpt"]) == (
        -3, None, None, None,
    )  # fmt: skip


def test_polls_gaps_and_sources_are_counted(url: str) -> None:
    """Also a source that has articles and no feed any more."""
    (poll,) = select(url, "SELECT * FROM v_polls")
    assert (poll["outcome"], poll["new"], poll["seconds"]) == ("new", 3, 2.3)
    assert poll["started_at"] == "2026-11-23T10:00:00+00:00"
    (gap,) = select(url, "SELECT * FROM v_gaps")
    assert (gap["to_at"], gap["closed_at"]) == ("2026-11-23T10:00:02+00:00", None)
    news, other = select(url, "SELECT * FROM v_sources ORDER BY source")
    assert (news["feeds"], news["articles"], news["flagged"], news["open_gaps"]) == (1, 2, 2, 1)
    assert news["newest_article_at"] == "2026-11-23T10:00:00+00:00"
    assert news["last_poll_at"] == news["last_success_at"] == "2026-11-23T10:00:02+00:00"
    assert (other["feeds"], other["articles"], other["last_poll_at"]) == (0, 1, None)


@pytest.mark.parametrize("schema", sorted(path.stem for path in archives.FOLDER.glob("*.json")))
def test_an_old_archive_gets_them(schema: str, archive_url: str) -> None:
    """With all of its articles, labels and polls."""
    archives.restore(schema, archive_url)
    open_archive(archive_url).close()
    facts = archives.facts(schema)
    for name, table in (("articles",) * 2, ("polls",) * 2, ("labels", "match_labels")):
        (counted,) = select(archive_url, f"SELECT count(*) AS n FROM v_{name}")
        assert counted["n"] == facts["rows"][table]
    (row,) = select(archive_url, "SELECT * FROM v_articles ORDER BY id LIMIT 1")
    with closing(open_archive(archive_url)) as archive:
        record = article_record(archive.article(row["id"])).row()
    assert (row["headline"], row["published_at"]) == (record["headline"], record["published_at"])


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_a_backup_has_them_and_is_no_worse_for_it(url: str, tmp_path: Path) -> None:
    """It is proved, restored as a test, restored, and passes the self-check."""
    made = making.make(url, tmp_path / "backups", keep=1, rasd="0", now=NOW)
    folder = Path(made.backup.folder)
    assert not any(name.startswith("v_") for name in made.manifest.rows)
    assert restoring.rehearse(folder, None) == ""
    again = f"sqlite:///{tmp_path}/again.sqlite"
    restoring.restore(folder, again, replace=False, now=NOW)
    assert select(again, "SELECT * FROM v_labels") == select(url, "SELECT * FROM v_labels")
    with closing(open_archive(again)) as archive:
        assert self_check.damage(archive.engine) == ""


@pytest.mark.parametrize("archive_url", ["postgres"], indirect=True)
def test_a_servers_backup_has_them(url: str, tmp_path: Path) -> None:
    """Carried over to a file, and read there."""
    made = making.make(url, tmp_path / "backups", keep=1, rasd="0", now=NOW)
    copy = f"sqlite:///{made.backup.folder}/archive.sqlite"
    query = "SELECT id, labels, published_at FROM v_articles ORDER BY id"
    copied, ours = select(copy, query), select(url, query)
    for row in (*copied, *ours):
        row["labels"] = json.loads(row["labels"])
    assert copied == ours and len(ours) == 3


def test_a_version_may_rebuild_a_table_that_they_read(archive: SqlArchive) -> None:
    """Not while they are there: that is why an upgrade drops and creates them."""

    def rebuild(c: sa.Connection) -> None:
        with Operations(MigrationContext.configure(c)).batch_alter_table("gaps") as batch:
            batch.alter_column("found", type_=sa.BigInteger())

    with (
        pytest.raises(sa.exc.DBAPIError, match=r"v_gaps|v_sources"),
        archive.engine.begin() as c,
    ):
        rebuild(c)
    with archive.engine.begin() as c:
        views.drop(c)
        rebuild(c)
        views.create(c)
        assert c.execute(sa.text("SELECT count(*) FROM v_gaps")).scalar() == 0


def test_an_upgrade_makes_them_anew(archive_url: str) -> None:
    """Whatever an earlier version, or somebody, has left under their names."""
    with closing(open_archive(archive_url)) as archive, archive.engine.begin() as c:
        c.execute(sa.text("DROP VIEW v_polls"))
        c.execute(sa.text("CREATE VIEW v_polls AS SELECT 1 AS one"))
        earlier.drop_later(c, "0029")
    with closing(open_archive(archive_url)) as archive:
        fill(archive)
    assert [row["outcome"] for row in select(archive_url, "SELECT * FROM v_polls")] == ["new"]


def test_views_of_ones_own_outlive_an_upgrade(archive_url: str) -> None:
    """Also those of a table that a version rebuilds: on SQLite a copy takes its name."""
    archives.restore("0019", archive_url)
    engine = sa.create_engine(_driven(archive_url))
    with engine.begin() as c:
        c.execute(sa.text("CREATE VIEW mine AS SELECT url FROM sightings"))
    engine.dispose()
    open_archive(archive_url).close()
    (counted,) = select(archive_url, "SELECT count(*) AS n FROM mine")
    assert counted["n"] == archives.facts("0019")["rows"]["sightings"]


def test_a_view_that_reads_one_of_ours_is_named(archive_url: str) -> None:
    """PostgreSQL drops none that another one reads: the upgrade stops before it changes anything.
    SQLite doesn't mind."""
    with closing(open_archive(archive_url)) as archive, archive.engine.begin() as c:
        c.execute(sa.text("CREATE VIEW mine AS SELECT outcome FROM v_polls"))
        earlier.drop_later(c, "0029")
    if archive_url.startswith("sqlite"):
        open_archive(archive_url).close()
        assert select(archive_url, "SELECT * FROM mine") == []
        return
    with pytest.raises(ArchiveError, match="view mine depends on view v_polls") as refused:
        open_archive(archive_url)
    assert "\n" not in str(refused.value)
    assert select(archive_url, "SELECT version_num FROM alembic_version")[0] == {
        "version_num": "0029"
    }


def _driven(url: str) -> sa.URL:
    parsed = sa.make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return parsed if is_sqlite else parsed.set(drivername="postgresql+psycopg")


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_the_page_can_be_typed(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its queries for ``sqlite3``, and the lines of Python that need nothing of rasd."""
    (tmp_path / "var").mkdir()
    made = making.make(url, tmp_path / "backups", keep=1, rasd="0", now=NOW)
    (tmp_path / "var" / "rasd.sqlite").write_bytes(
        Path(made.backup.folder, "archive.sqlite").read_bytes()
    )
    monkeypatch.chdir(tmp_path)
    page = (PROJECT / "docs" / "how-to" / "open-the-archive.md").read_text(encoding="utf-8")
    queries = re.findall(r"""["'](SELECT [^"]*?)["']$""", page, re.MULTILINE)
    found = [select("sqlite:///var/rasd.sqlite", query) for query in queries]
    assert [len(rows) for rows in found] == [1, 0] and found[0][0]["count(*)"] == 3
    (code,) = python_blocks("open-the-archive")
    known: dict[str, Any] = {}
    exec(code, known)
    assert list(known["polls"]["outcome"]) == ["new"]
    assert str(known["polls"]["started_at"].dtype).endswith(", UTC]")
    known["archive"].close()


def test_a_changed_view_comes_with_a_version() -> None:
    """Else archives that are there would keep the old one: add a version like 0031 to
    ``storage/migrations/versions``."""
    known = {}
    for path in earlier.VERSIONS.glob("*.py"):
        if found := re.search(r'^views = "(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE):
            known[path.stem] = found[1]
    assert known[max(known)] == views.digest()
    assert tables.metadata.tables.keys().isdisjoint(views.queries("sqlite"))
    assert migrations.newest() >= max(known)[:4]
