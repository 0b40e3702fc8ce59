"""Articles read again: new facts under the old identity, and twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crawler.errors import DamagedError
from crawler.model import Reading
from storage.archive import SqlArchive
from storage.reprocessing import SqlReprocessing
from tests.builders import (
    NOW,
    a_date,
    a_match,
    a_page,
    a_reading,
    a_source,
    prepared,
    save_article,
)
from tests.integration.test_archive import damage, keep, sight


def again(archive: SqlArchive) -> SqlReprocessing:
    """The archive as reprocessing sees it."""
    return SqlReprocessing(archive.engine, lambda name: None)


def found(archive: SqlArchive, word: str) -> list[int]:
    """Ids of the articles that the full-text index has the word for."""
    sql = "SELECT id FROM articles WHERE rank IN (SELECT rowid FROM article_text WHERE {})".format(
        "article_text MATCH :w"
        if archive.engine.dialect.name == "sqlite"
        else "words @@ to_tsquery('simple', :w)"
    )
    with archive.engine.begin() as c:
        return [row.id for row in c.execute(sa.text(sql), {"w": word})]


def test_a_new_reading_takes_the_old_one_s_place(archive: SqlArchive) -> None:
    """Body, date and matches change, the id and the times do not; the index row moves with the
    date.
    """
    one = keep(archive, "/a", "Water rises.")
    keep(archive, "/b", "Water falls.")
    kept = archive.article(one)
    new = a_reading(
        "Rivers fall.",
        "bilateral",
        url="http://news.test/a",
        published=a_date(NOW - timedelta(days=3)),
    )
    changed = again(archive).replace(kept, prepared(new))
    assert {"body", "published_at", "matches"} <= set(changed)
    after = archive.article(one)
    assert (after.article.body, after.article.first_seen_at, after.kept_at) == (
        "Rivers fall.",
        kept.article.first_seen_at,
        kept.kept_at,
    )
    assert after.matches[0].labels == ("bilateral",)
    assert found(archive, "rivers") == [one]
    assert one not in found(archive, "water")


def test_twice_is_once(archive: SqlArchive) -> None:
    """The second time nothing has changed, and the index holds one row an article."""
    one = keep(archive, "/a", "Water rises.")
    new = a_reading("Rivers fall.", "security", url="http://news.test/a", published=a_date())
    assert again(archive).replace(archive.article(one), prepared(new))
    assert again(archive).replace(archive.article(one), prepared(new)) == []
    with archive.engine.begin() as c:
        assert c.execute(sa.text("SELECT count(*) FROM article_text")).scalar() == 1


def test_a_damaged_page_holds_up_no_other(archive: SqlArchive) -> None:
    """All others come; then an error names the page that cannot be read."""
    keep(archive, "/a", "Water rises.")
    whole = keep(archive, "/b", "Water falls.")
    damage(archive, 1)
    came: list[int] = []
    with pytest.raises(DamagedError, match=r"^http://news\.test/a: "):
        came.extend(kept.id for kept, _ in again(archive).pages())
    assert came == [whole]


def test_an_article_s_identity_is_not_up_for_reading(archive: SqlArchive) -> None:
    """A page that now claims another address or moment keeps its own."""
    one = keep(archive, "/a", "Words.")
    reading = a_reading("Words.", url="http://news.test/z")
    late = replace(reading.article, first_seen_at=NOW + timedelta(days=9))
    new = Reading(article=late, fingerprint=b"", matches=(a_match("x"),))
    again(archive).replace(archive.article(one), prepared(new))
    kept = archive.article(one).article
    assert (kept.url, kept.url_key, kept.first_seen_at) == (
        "http://news.test/a",
        "news.test/a",
        NOW,
    )


def test_pages_come_back_with_their_articles(archive: SqlArchive) -> None:
    """Each article once, by id, with the page it was made of; sources and age choose."""
    one, two = keep(archive, "/a", "One."), keep(archive, "/b", "Two.")
    (other,) = sight(archive, "/short")
    save_article(
        archive, other, a_page("<p>other</p>"), a_reading("One.", url="http://news.test/a"), NOW
    )
    reread = again(archive)
    assert [kept.id for kept, _ in reread.pages()] == [one, two]
    assert {page.body for _, page in reread.pages()} == {b"<p>Words.</p>"}
    assert list(reread.pages(sources=["others"])) == []
    assert list(reread.pages(since=NOW + timedelta(days=1))) == []


def test_a_rereading_finds_them_in_what_was_kept_before(archive: SqlArchive) -> None:
    """An archive of an older version knows none; reading its pages again tells, and the second
    time changes nothing.
    """
    (sighting,) = sight(archive, "/a")
    save_article(
        archive, sighting, a_page("x"), a_reading("Le conseil a examiné le projet. " * 12), NOW
    )
    again = SqlReprocessing(archive.engine, lambda name: None)
    ((kept, _),) = again.pages()
    odd = Reading(
        article=replace(kept.article, oddities=("garbled",)), fingerprint=kept.fingerprint
    )
    assert again.replace(kept, prepared(odd)) == ["oddities"]
    ((kept, _),) = again.pages()
    assert kept.article.oddities == ("garbled",)
    assert again.replace(kept, prepared(odd)) == []
    assert a_source().slug == kept.article.source
