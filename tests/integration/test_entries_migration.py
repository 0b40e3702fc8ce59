"""Schema 0021: keys are made anew where today's differ, what older polls counted still adds up."""

from __future__ import annotations

from contextlib import closing

import sqlalchemy as sa

from crawler import urls
from storage.archive import open_archive
from storage.engine import connect
from tests import archives

ADDRESSES = {
    "http://papers.test/x/../news/1": "papers.test/x/../news/1",
    "http://papers.test/%25D8%25B9%25D8%25B1": "papers.test/%25D8%25B9%25D8%25B1",
    "http://stra\u00dfe.test/1": "strasse.test/1",
    "http://papers.test/x/../news/2": "papers.test/x/../news/2",
    "http://papers.test/news/2": "papers.test/news/2",
    "http://papers.test/2026/\u0639\u0631\u0627\u0642": "papers.test/2026/%D8%B9%D8%B1%D8%A7%D9%82",
}
"""Addresses as an archive of 0020 may hold them, and the keys that they had."""


def test_what_was_known_is_known_under_todays_keys(archive_url: str) -> None:
    """Sightings and articles; of two addresses that are one the row that has the key keeps it."""
    archives.restore("0020", archive_url)
    old = connect(archive_url)
    with old.begin() as c:
        for table, address in (("sightings", "url"), ("articles", "canonical_url")):
            ids = c.execute(sa.text(f"SELECT id FROM {table} ORDER BY id")).scalars().all()
            for number, (url, key) in zip(ids, ADDRESSES.items(), strict=False):
                values = {"url": url, "key": key, "id": number}
                statement = f"UPDATE {table} SET {address} = :url, url_key = :key WHERE id = :id"
                c.execute(sa.text(statement), values)
    old.dispose()
    with closing(open_archive(archive_url)) as opened, opened.engine.connect() as c:
        for table, address in (("sightings", "url"), ("articles", "canonical_url")):
            rows = c.execute(sa.text(f"SELECT {address}, url_key FROM {table} ORDER BY id"))
            keys = {url: key for url, key in rows if url in ADDRESSES}
            expected = {url: urls.key(url) for url in ADDRESSES}
            twin = "http://papers.test/x/../news/2"
            assert keys == expected | {twin: ADDRESSES[twin]}
            assert keys["http://papers.test/x/../news/1"] == "papers.test/news/1"


def test_older_polls_counted_what_they_saw(archive_url: str) -> None:
    """They balance as polls of today do."""
    archives.restore("0020", archive_url)
    with closing(open_archive(archive_url)) as opened, opened.engine.connect() as c:
        odd = sa.text("SELECT count(*) FROM polls WHERE entries <> seen OR unusable <> 0")
        assert c.execute(odd).scalar_one() == 0
        assert c.execute(sa.text("SELECT max(entries) FROM polls")).scalar_one() > 0
