"""The archive, on SQLite and on PostgreSQL: doing anything twice changes nothing the second time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from crawler import matching, snapshots, urls
from crawler.errors import ArchiveError, LockHeldError, NotFoundError
from crawler.model import Cause, FeedEntry, FeedState, Gap, Poll, Sighting
from crawler.polling.entries import told_apart
from crawler.stories import fingerprint
from storage import lock, migrations, statements, tables
from storage.archive import SqlArchive, open_archive
from storage.coverage import SqlCoverage
from storage.engine import connect, read_connection
from storage.hosts import SqlHosts
from storage.search import SqlSearch
from tests.builders import NOW, a_date, a_page, a_reading, an_entry, save_article, to_keep

FEED = "http://news.test/feed"


def sight(archive: SqlArchive, *paths: str) -> list[Sighting]:
    """Sight these paths; what was new."""
    entries: list[tuple[str, FeedEntry]] = [(urls.key(e.url), e) for e in map(an_entry, paths)]
    return list(archive.record_entries("news", FEED, entries, NOW))


def keep(archive: SqlArchive, path: str, body: str = "Words.", *labels: str, **changes: Any) -> int:
    """Sight and keep one article; its id."""
    (sighting,) = sight(archive, path)
    reading = a_reading(body, *labels, url=sighting.url, **changes)
    return save_article(archive, sighting, a_page("<p>Words.</p>"), reading, NOW)


def a_poll(**changes: Any) -> Poll:
    """A poll of nothing."""
    plain = Poll(source="news", feed=FEED, started_at=NOW, ended_at=NOW, outcome="nothing_new")
    return replace(plain, **changes)


def test_pages_written_together_share_their_statements(archive: SqlArchive) -> None:
    """Ten articles take as many statements as one: what is stored already is asked for once."""

    def statements_of(*paths: str) -> int:
        written = []
        sightings = sight(archive, *paths)
        pages = [to_keep(s, a_page(s.url), a_reading("Words.", url=s.url)) for s in sightings]
        sa.event.listen(archive.engine, "before_cursor_execute", lambda *said: written.append(said))
        archive.save_articles(pages)
        return len([said for said in written if "articles" in said[2]])

    assert statements_of("/one") == 3  # those stored, the new one, and its number
    assert statements_of(*(f"/n{n}" for n in range(10))) == 3


def test_a_list_of_keys_has_one_of_few_lengths() -> None:
    """A database prepares a statement for each length of an IN list."""
    assert statements.padded({"b", "a"}) == ["a", "b"]
    assert statements.padded([3, 1, 2, 0, 4]) == [0, 1, 2, 3, 4, 4, 4, 4]
    assert statements.padded(set[str]()) == []


def test_a_url_is_new_once(archive: SqlArchive) -> None:
    """Novelty is an unseen identity, in whatever shape the address comes."""
    assert len(sight(archive, "/a", "/b")) == 2
    assert [s.url for s in sight(archive, "/a?utm_source=x", "/b/", "/c")] == ["http://news.test/c"]


def test_a_window_that_is_known_costs_one_look(archive: SqlArchive) -> None:
    """Most polls show nothing new: its addresses, and those that are shared, are looked up at
    once."""
    sight(archive, "/a", "/b")
    asked = []
    sa.event.listen(archive.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert sight(archive, "/b", "/a") == []
    assert len([said for said in asked if "SELECT" in said]) == 1


def test_a_guid_is_not_an_identity(archive: SqlArchive) -> None:
    """P14, P10: a guid used again at a new address is a new story; another guid, or a date years
    back, makes none of a known one, and hides none that is new."""

    def seen(path: str, **changes: Any) -> int:
        entry = an_entry(path, **changes)
        return len(archive.record_entries("news", FEED, [(urls.key(entry.url), entry)], NOW))

    assert seen("/a", guid="1") == 1
    assert seen("/b", guid="1", title="Another story") == 1
    assert seen("/a", guid="2") == seen("/a", guid="3", published="2026-11-23") == 0
    assert seen("/old", guid="4", published="Mon, 23 Nov 2015 10:00:00 GMT") == 1


def test_an_entry_with_a_new_session_id_is_known_by_its_guid(archive: SqlArchive) -> None:
    """Guid, title and date are what the same feed showed; a gap is opened for none of them."""
    gap = Gap(source="news", feed=FEED, from_at=NOW, to_at=NOW, reason="overlap", opened_at=NOW)

    def seen(path: str, feed: str = FEED, **changes: Any) -> list[bool]:
        entry = an_entry(path, **({"title": "Title", "guid": "g7", "published": "Mon"} | changes))
        new = archive.record_entries("news", feed, [(urls.key(entry.url), entry)], NOW, gap=gap)
        return [sighting.moved_from is not None for sighting in new]

    coverage = SqlCoverage(archive.engine)
    assert seen("/a?sid=1") == [False]
    (opened,) = coverage.gaps()
    coverage.write_gap(replace(opened, closed_at=NOW, closed_by=FEED))
    gap = replace(gap, from_at=NOW + timedelta(hours=1))
    assert seen("/a?sid=2") == []
    assert seen("/a-corrected", title="Another title") == [True]
    assert coverage.gaps() == []
    assert seen("/b", title="Another title", published="Tue", guid="g7") == [True]
    assert seen("/c", title="A third story", published="Wed") == [False]
    assert seen("/a?sid=3", feed="http://news.test/other") == [False]


def test_an_article_moves_to_its_corrected_address(archive: SqlArchive) -> None:
    """One article, at the new address; the old one is known still, and another story that has the
    guid is an article of its own."""
    text = " ".join(f"Dispatch {n} of the harbour board, read to the end." for n in range(30))

    def keep_as(path: str, title: str, body: str = text) -> int:
        entry = an_entry(path, title=title, guid="g7", published="Mon")
        (found,) = archive.record_entries("news", FEED, [(urls.key(entry.url), entry)], NOW)
        reading = a_reading(body, "general", url=found.url, headline=title)
        reading = replace(reading, fingerprint=fingerprint.compute(body))
        return save_article(archive, found, a_page("<p>Words.</p>"), reading, NOW)

    first = keep_as("/7-old-slug", "The board sat")
    assert keep_as("/7-new-slug", "The board sat and voted") == first
    assert archive.article(first).article.url == "http://news.test/7-new-slug"
    assert sight(archive, "/7-old-slug", "/7-new-slug") == []
    other = " ".join(f"Ferry {n} left the pier before the storm came in." for n in range(30))
    assert keep_as("/8", "Ferries leave", other) != first


def test_an_address_that_was_shared_is_shared_when_one_entry_is_left_there(
    archive: SqlArchive,
) -> None:
    """The next flash comes alone, and is no article of what its page shows; what was taken for the
    page's article before is judged by its own words."""

    def seen(*numbers: int) -> list[tuple[str, str]]:
        rows = [
            an_entry("/flash", title=f"Flash {n}", guid=f"f{n}", published="Mon") for n in numbers
        ]
        keyed = told_apart([(urls.key(row.url), row) for row in rows])
        new = archive.record_entries("news", FEED, keyed, NOW)
        return [(s.entry.title, s.entry.identity) for s in new]

    assert seen(1) == [("Flash 1", "")]
    (one, two) = seen(1, 2)
    assert (one[0], two[0]) == ("Flash 1", "Flash 2") and one[1] and two[1]
    ((title, identity),) = seen(3)
    assert title == "Flash 3" and identity
    assert seen(3) == seen(2, 3) == []
    assert archive.counts()["rejected"] == 1


def test_a_guid_of_several_entries_hides_none(archive: SqlArchive) -> None:
    """A feed that gives all its entries one guid, one title and one date."""
    entries = [an_entry(f"/{n}", title="Flash", guid="flash", published="Mon") for n in range(3)]
    pairs = [(urls.key(entry.url), entry) for entry in entries]
    assert len(archive.record_entries("news", FEED, pairs, NOW)) == 3
    more = [an_entry(f"/{n}", title="Flash", guid="flash", published="Mon") for n in (3, 4)]
    pairs = [(urls.key(entry.url), entry) for entry in more]
    assert len(archive.record_entries("news", FEED, pairs, NOW)) == 2


def test_many_are_rejected_at_once(archive: SqlArchive) -> None:
    """R25: each with its own reason, none waits any more, and no other sighting's fate changes."""
    first, second, third = sight(archive, "/a", "/b", "/c")
    archive.reject(
        [(first, Cause(reason="offsite", detail="x.test")), (second, Cause(reason="offsite"))], NOW
    )
    archive.reject([], NOW)
    assert archive.counts()["rejected"] == 2
    assert [s.id for s in archive.pending_sightings("news", FEED, NOW)] == [third.id]


def test_an_article_is_kept_once(archive: SqlArchive) -> None:
    """Two addresses with one canonical identity are one article, and both sightings have a fate."""
    first, second = sight(archive, "/a", "/short/1")
    reading = a_reading(url="http://news.test/a")
    one = save_article(archive, first, a_page("x"), reading, NOW)
    two = save_article(archive, second, a_page("x"), reading, NOW)
    assert one == two
    assert save_article(archive, first, a_page("x"), reading, NOW) == one
    assert archive.counts()["articles"] == 1
    assert archive.pending_sightings("news", FEED, NOW) == []


def test_a_batch_is_kept_as_its_pages_would_be_one_by_one(archive: SqlArchive) -> None:
    """Within one batch, too, an article is kept once; ids come in the order of the pages, and each
    sighting has its fate."""
    first, second, third, fourth = sight(archive, "/a", "/b", "/short/b", "/c")
    known = save_article(archive, first, a_page("x"), a_reading(url="http://news.test/a"), NOW)
    paths = [(fourth, "/c"), (second, "/b"), (third, "/b"), (first, "/a")]
    keepings = [
        to_keep(s, a_page(path), a_reading("Words.", "general", url=f"http://news.test{path}"))
        for s, path in paths
    ]
    ids = archive.save_articles(keepings)
    assert ids[1] == ids[2]
    assert ids[3] == known
    assert [archive.article(n).article.url for n in ids] == [
        f"http://news.test{path}" for _, path in paths
    ]
    assert [len(archive.article(n).matches) for n in ids] == [1, 1, 1, 0]
    assert archive.pending_sightings("news", FEED, NOW) == []
    assert archive.save_articles(keepings) == ids
    assert archive.counts()["articles"] == 3
    assert archive.save_articles([]) == []


def test_what_went_in_comes_out(archive: SqlArchive) -> None:
    """Every field of an article and its match survives, times aware."""
    number = keep(
        archive,
        "/a",
        "Text.\n\nMore.",
        "general",
        "special",
        authors=("A", "B"),
        published=a_date(),
    )
    kept = archive.article(number)
    assert kept.article.body == "Text.\n\nMore."
    assert kept.article.authors == ("A", "B")
    assert kept.article.published == a_date()
    assert kept.matches[0].labels == ("general", "special")
    assert kept.kept_at == NOW


def test_a_page_not_yet_read_waits_with_its_bytes(archive: SqlArchive) -> None:
    """A stop between fetching and reading loses nothing: the page is read from the archive."""
    (sighting,) = sight(archive, "/a")
    archive.save_page(sighting, snapshots.compress(a_page(b"\xd8\x00raw")))
    (waiting,) = archive.pending_sightings("news", FEED, NOW)
    assert waiting.has_page
    page = archive.unread_page(waiting)
    assert page is not None
    assert page.body == b"\xd8\x00raw"
    assert page.headers == (("content-type", "text/html; charset=utf-8"),)


def test_a_damaged_page_is_as_one_that_was_never_fetched(archive: SqlArchive) -> None:
    """What cannot be trusted is fetched again."""
    (sighting,) = sight(archive, "/a")
    archive.save_page(sighting, snapshots.compress(a_page("<p>Words.</p>" * 50)))
    damage(archive, sighting.id)
    assert archive.unread_page(sighting) is None


def damage(archive: SqlArchive, sighting_id: int) -> None:
    """Turn a byte of a kept page over."""
    where = tables.snapshots.c.sighting_id == sighting_id
    with archive.engine.begin() as c:
        body = bytearray(c.execute(sa.select(tables.snapshots.c.body).where(where)).scalar_one())
        body[-1] ^= 255
        c.execute(sa.update(tables.snapshots).where(where).values(body=bytes(body)))


def test_a_failed_page_waits_for_its_time(archive: SqlArchive) -> None:
    """It is offered again when its next try has come, not before."""
    (sighting,) = sight(archive, "/a")
    again = NOW + timedelta(minutes=5)
    archive.set_outcome(sighting, "failed", Cause(reason="timeout"), NOW, next_try_at=again)
    assert archive.pending_sightings("news", FEED, NOW) == []
    assert len(archive.pending_sightings("news", FEED, NOW + timedelta(minutes=5))) == 1


def test_a_poll_that_does_not_balance_is_refused(archive: SqlArchive) -> None:
    """seen = known + new, and new is the sum of its fates: else a URL got lost, and loudly."""
    state = FeedState(source="news", feed=FEED, etag='"x"', last_outcome="nothing_new")
    with pytest.raises(ValueError, match="does not balance"):
        archive.close_poll(a_poll(entries=3, seen=3, known=1, new=2, kept=1), state)
    archive.close_poll(
        a_poll(entries=3, seen=3, known=1, new=2, kept=1, rejected=1, outcome="new"), state
    )
    assert archive.feed_state("news", FEED).etag == '"x"'
    assert archive.counts()["polls"] == 1


def test_an_unknown_article_is_said_to_be(archive: SqlArchive) -> None:
    """NotFound names the id."""
    with pytest.raises(NotFoundError, match="no article 7"):
        archive.article(7)


def test_the_window_of_a_digest_is_half_open(archive: SqlArchive) -> None:
    """An article on the edge is in one issue, not in two and not in none."""
    keep(archive, "/a", "Words.", "general")
    keep(archive, "/plain")
    assert len(archive.flagged(["water"], NOW, NOW + timedelta(hours=1))) == 1
    assert archive.flagged(["water"], NOW - timedelta(hours=1), NOW) == []
    assert archive.flagged(["other"], NOW, NOW + timedelta(hours=1)) == []


def test_who_looks_waits_for_nobody_who_writes(archive_url: str) -> None:
    """Nor does a look hold up what is written: the reactor asks while the writer is at work, and a
    search beside a running daemon is not to stop it (F-15)."""
    with closing(open_archive(archive_url)) as writer:
        keep(writer, "/a", "Water falls.")
        with writer.engine.begin() as c:
            c.execute(sa.text("UPDATE articles SET headline = 'not committed'"))
            with closing(open_archive(archive_url)) as reader:
                if reader.engine.dialect.name == "sqlite":  # whoever had to wait would fail at once
                    with read_connection(reader.engine) as look:
                        look.exec_driver_sql("PRAGMA busy_timeout=0")
                search = SqlSearch(reader.engine, matching.Evaluator({}, {}), lambda name: ())
                assert [kept.article.body for kept, _ in search.find(None)] == ["Water falls."]
                assert reader.counts()["articles"] == 1
                assert SqlCoverage(reader.engine).gaps() == []
                assert SqlHosts(reader.engine).robots("https://news.test") is None
            with read_connection(writer.engine) as look:
                assert look.execute(sa.text("SELECT count(*) FROM articles")).scalar() == 1
        with read_connection(writer.engine) as look:
            look.execute(sa.text("SELECT count(*) FROM articles")).scalar()
            assert writer.subscribe("daily", "smtp", "x@y.z", NOW)  # while somebody looks


def test_subscribing_twice_is_once(archive: SqlArchive) -> None:
    """And unsubscribing says whether there was anything to end."""
    first = archive.subscribe("daily", "smtp", "x@y.z", NOW)
    assert archive.subscribe("daily", "smtp", "x@y.z", NOW) == first
    assert [s.address for s in archive.subscriptions("daily")] == ["x@y.z"]
    assert archive.unsubscribe("daily", "x@y.z")
    assert not archive.unsubscribe("daily", "x@y.z")


def test_the_migration_makes_what_the_tables_say(archive: SqlArchive) -> None:
    """From empty to head is the metadata, on each database."""

    def ours(obj: Any, name: str | None, kind: str, *rest: Any) -> bool:
        return not (kind == "table" and str(name).startswith("article_text"))

    with archive.engine.connect() as c:
        context = MigrationContext.configure(c, opts={"include_object": ours})
        differences = [
            d for d in compare_metadata(context, tables.metadata) if "article_text" not in str(d)
        ]
    assert differences == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """It is never overwritten (F-17)."""
    path = tmp_path / "notes.sqlite"
    path.write_text("These are my notes, not a database. " * 50)
    with pytest.raises(ArchiveError, match=r"notes\.sqlite"):
        open_archive(f"sqlite:///{path}")
    assert path.read_text().startswith("These are my notes")


def test_a_newer_archive_is_refused(archive_url: str) -> None:
    """An older rasd does not guess at a schema it does not know (F-44)."""
    opened = open_archive(archive_url)
    with opened.engine.begin() as c:
        c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(ArchiveError, match="upgrade rasd"):
        open_archive(archive_url)


def test_one_rasd_at_a_time(archive_url: str) -> None:
    """The second learns the first's pid and host; once released, the archive is free (F-38)."""
    held = lock.hold(archive_url, pid=4711, host="desk-1")
    with pytest.raises(LockHeldError, match="pid 4711 on desk-1"):
        lock.hold(archive_url, pid=4712, host="desk-1")
    held.release()
    lock.hold(archive_url, pid=4712, host="desk-1").release()


def test_the_newest_version_is_the_one_that_alembic_migrates_to() -> None:
    """It is read from the scripts' text, since an archive that is up to date needs no Alembic."""
    scripts = ScriptDirectory.from_config(migrations.configuration())
    assert migrations.newest() == scripts.get_current_head()


def test_the_version_of_an_archive_is_known_without_a_migration(archive_url: str) -> None:
    """None of an empty database; then the newest."""
    engine = connect(archive_url)
    with engine.connect() as c:
        assert migrations.version(c) is None and not migrations.is_newest(c)
    open_archive(archive_url).close()
    with engine.connect() as c:
        assert migrations.version(c) == migrations.newest() and migrations.is_newest(c)
    engine.dispose()
